"""Misfits of a coverage and what may be done about them: which a program may mend as it was told, and which go to a person, and why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely

from planning.coverage.examination import Examination
from planning.coverage.outlines import NEAR_M, lines, outlines
from planning.coverage.widths import NOISE_M, wider
from planning.geometry import Shapes

Kind = Literal["gap", "overlap", "overhang"]
Reason = Literal["wide", "duplicate", "contained", "undecided", "extent", "alone", "entangled", "vanishing", "unbuilt"]

Precedence = Sequence[int] | Callable[[tuple[int, ...]], int | None]
"""A decision about overlaps. A sequence has a number for each polygon, and the greatest keeps the land, none where it is not the only one;
a function is given the places of the polygons that lie over each other and says which keeps the land, or None.
"""

REASONS: dict[Reason, tuple[str, str]] = {
    "wide": ("Rộng hơn mức được tự động sửa", "Wider than what may be mended unasked"),
    "duplicate": ("Hai vùng trùng nhau hoàn toàn", "Two polygons are the same"),
    "contained": ("Một vùng nằm trọn trong vùng khác", "One polygon lies within another"),
    "undecided": ("Chưa có quyết định vùng nào được giữ đất", "Nobody has decided which polygon keeps the land"),
    "extent": ("Nằm ở ranh giới ngoài, chưa được phép bắt vào ranh", "At the edge of the extent, which is not to be snapped to"),
    "alone": ("Không giáp vùng nào", "No polygon shares an edge with it"),
    "entangled": ("Nằm chồng với sai sót khác phải do người xử lý", "Lies over another misfit that goes to a person"),
    "vanishing": ("Nếu sửa, một vùng sẽ biến mất", "Mended, a polygon would vanish"),
    "unbuilt": ("Không dựng lại được vùng hợp lệ, đúng diện tích", "No valid polygon of the right area can be built"),
}  # fmt: skip
"""Why something is left to a person, in both languages."""

OUTER = 0.25
"""A gap that has more than this share of its outline along the extent lies between polygons and extent, not between polygons."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What may be mended. `width_m`: up to there misfits are mended unasked. `snapped`: polygons go exactly up to the extent, which itself
    stays as it is. `duplicates` and `contained` ask for what is left to a person otherwise; `contained` needs a decision too.
    `by_decision`: overlaps are split where a decision settles them, then at any width, and nowhere else.
    """

    width_m: float
    snapped: bool = False
    duplicates: bool = False
    contained: bool = False
    by_decision: bool = False
    precedence: Precedence | None = None
    noise_m: float = NOISE_M

    def keeper(self, places: tuple[int, ...]) -> int | None:
        """Who keeps land that lies under several polygons, None where that is not decided."""
        if self.precedence is None:
            return None
        if callable(self.precedence):
            chosen = self.precedence(places)
            if chosen is not None and chosen not in places:
                raise ValueError(f"the decision names {chosen}, which is none of {places}")
            return chosen
        best = max(self.precedence[place] for place in places)
        first = [place for place in places if self.precedence[place] == best]
        return first[0] if len(first) == 1 else None


@dataclass(frozen=True, slots=True)
class Misfit:
    """One connected place that is wrong; `places` are the polygons over it. `whole`: one of them has no other land than this."""

    kind: Kind
    places: tuple[int, ...]
    shape: Any
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """What is left for a person, and why."""

    misfit: Misfit
    reason: Reason


def misfits(seen: Examination, noise_m: float = NOISE_M) -> list[Misfit]:
    """Everything seen that is wider than noise."""
    found = [Misfit("gap", (), shape) for shape in seen.gaps]
    found += [Misfit("overlap", (one.first, one.second), one.shape) for one in seen.overlaps]
    found += [Misfit("overhang", (one.place,), one.shape) for one in seen.overhangs]
    return [found[at] for at in np.flatnonzero(wider(shapes_of(found), noise_m))]


def shapes_of(found: Sequence[Any]) -> Shapes:
    """The shapes of misfits, of plots or of proposals."""
    shapes = np.empty(len(found), dtype=object)
    shapes[:] = [one.shape for one in found]
    return shapes


def judged(shapes: Shapes, extent: Any, seen: Examination, wishes: Wishes) -> tuple[list[Misfit], list[Left]]:
    """The misfits that may be mended as wished, and those that are left."""
    found = misfits(seen, wishes.noise_m)
    within = _within(shapes, seen)
    wide = wider(shapes_of(found), wishes.width_m)
    outer = _outer(found, extent)
    to_mend, left = [], []
    for at, one in enumerate(found):
        held = within.get(one.places, set())
        if wishes.by_decision and one.kind == "overlap":
            held, reason = set(), _settled(one, wishes)
        else:
            reason = _whole(one, held, wishes) if held else _narrow(one, bool(wide[at]), at in outer, wishes)
        if reason:
            left.append(Left(one, reason))
        else:
            to_mend.append(Misfit(one.kind, one.places, one.shape, whole=bool(held)))
    return to_mend, left


def _settled(one: Misfit, wishes: Wishes) -> Reason | None:
    return "undecided" if wishes.keeper(one.places) is None else None


def _whole(one: Misfit, held: set[int], wishes: Wishes) -> Reason | None:
    if held == set(one.places):
        return None if wishes.duplicates else "duplicate"
    if not wishes.contained:
        return "contained"
    return "undecided" if wishes.keeper(one.places) is None else None


def _narrow(one: Misfit, wide: bool, outer: bool, wishes: Wishes) -> Reason | None:
    if wide:
        return "wide"
    return "extent" if not wishes.snapped and (outer or one.kind == "overhang") else None


def _within(shapes: Shapes, seen: Examination) -> dict[tuple[int, ...], set[int]]:
    """Pairs that overlap → which of the two lies within the other."""
    shared: dict[tuple[int, ...], float] = {}
    for one in seen.overlaps:
        pair = (one.first, one.second)
        shared[pair] = shared.get(pair, 0.0) + one.shape.area
    held = {
        pair: {at for at in pair if shapes[at].area - area_m2 <= shapes[at].length * NEAR_M}
        for pair, area_m2 in shared.items()
    }
    return {pair: inner for pair, inner in held.items() if inner}


def _outer(found: list[Misfit], extent: Any) -> set[int]:
    """Which gaps lie between the polygons and the extent."""
    gaps = np.array([at for at, one in enumerate(found) if one.kind == "gap"], dtype=np.int64)
    if extent is None or not len(gaps):
        return set()
    rim = shapely.STRtree(lines(outlines(np.array([extent], dtype=object), np.zeros(1, np.int64)).ends))
    edges = outlines(shapes_of(found)[gaps], gaps)
    middles = shapely.points((edges.ends[:, :2] + edges.ends[:, 2:]) / 2)
    along = np.zeros(len(edges), bool)
    along[rim.query(middles, predicate="dwithin", distance=NEAR_M)[0]] = True
    lengths = np.hypot(*(edges.ends[:, 2:] - edges.ends[:, :2]).T)
    total = np.bincount(edges.owner, lengths)
    shared = np.bincount(edges.owner, lengths * along)
    return set(gaps[shared[gaps] > OUTER * total[gaps]].tolist())
