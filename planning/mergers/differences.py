"""Official boundaries against what the clauses make of the former ones: noise, constant shifts, transfers; by width, never by area."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import shapely

from planning.geometry import mean_width_m
from planning.mergers.boundaries import NOISE_WIDTH_M, opened
from planning.mergers.clauses import Event
from planning.mergers.overlay import Piece
from planning.mergers.shifts import Shift, shift

Verdict = Literal["transfer", "outside", "unclaimed"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A connected piece, wider than noise, that does not lie where the clauses say.

    `former` is None for new land outside all former units (“unclaimed”), `new` for former land in no new unit (“outside”).
    `width_m` is the diameter of the greatest circle in it. `explained_by`: clauses that divide the former unit; empty: unexplained.
    """

    verdict: Verdict
    former: str | None
    new: str | None
    expected: tuple[str, ...]
    explained_by: tuple[str, ...]
    shape: Any
    width_m: float

    @property
    def area_m2(self) -> float:
        """Plane area."""
        return float(self.shape.area)


@dataclass(frozen=True, slots=True)
class Noise:
    """All narrow pieces together: how many, how much, and the widest by its mean width."""

    pieces: int
    area_m2: float
    widest_m: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison of boundaries found, and by which vector each new unit's border is off where that is constant."""

    differences: tuple[Difference, ...]
    noise: Noise
    shifts: Mapping[str, Shift]


def compared(
    events: Sequence[Event],
    pieces: Sequence[Piece],
    outlines: tuple[Mapping[str, Any], Mapping[str, Any]],
    noise_m: float = NOISE_WIDTH_M,
) -> Comparison:
    """Judge every piece of an overlay. `outlines`: the boundaries of the new units as derived from their parts, and the official ones.

    Land beyond the units of one side is judged only where all units of the other side are known to it.
    """
    goes, divides = _by_clauses(events)
    found: list[Difference] = []
    narrow: list[Any] = []
    for piece in pieces:
        expected = tuple(sorted(goes.get(piece.former or "", ())))
        if piece.new in expected:
            continue
        wide = opened(piece.shape, noise_m)
        narrow += _rest_of(piece.shape, wide)
        clauses = tuple(sorted(divides.get(piece.former or "", ())))
        found += [_difference(piece, expected, clauses, shape) for shape in wide]
    noise = Noise(len(narrow), float(sum(shape.area for shape in narrow)), max(map(mean_width_m, narrow), default=0.0))
    return Comparison(tuple(found), noise, _shifts(*outlines))


def judgeable(
    events: Sequence[Event], former: Mapping[str, Any], new: Mapping[str, Any], pieces: Sequence[Piece]
) -> list[Piece]:
    """Pieces that can be held against the clauses: what lies beyond one side counts only where that side is known to it.

    `former` and `new` are the boundaries on record, by code.
    """
    takes = {event.code: [part.code for part in event.parts] for event in events}
    goes: dict[str, list[str]] = {}
    for event in events:
        for part in event.parts:
            goes.setdefault(part.code or "", []).append(event.code)

    def judged(piece: Piece) -> bool:
        if piece.former is None:
            return all(code in former for code in takes.get(piece.new or "", [None]))
        return piece.new is not None or all(code in new for code in goes.get(piece.former, []))

    return [piece for piece in pieces if judged(piece)]


def outline_differences(
    communes: Sequence[Any], province: Any, noise_m: float = NOISE_WIDTH_M
) -> tuple[list[Difference], Noise]:
    """The outline of a province against the union of its communes: communes may reach beyond it, or leave land of it unclaimed."""
    union = shapely.union_all(list(communes))
    found: list[Difference] = []
    narrow: list[Any] = []
    for verdict, shape in (("outside", union.difference(province)), ("unclaimed", province.difference(union))):
        wide = opened(shape, noise_m)
        narrow += _rest_of(shape, wide)
        found += [Difference(verdict, None, None, (), (), one, width_m(one)) for one in wide]  # type: ignore[arg-type]
    return found, Noise(
        len(narrow), float(sum(one.area for one in narrow)), max(map(mean_width_m, narrow), default=0.0)
    )


def width_m(shape: Any) -> float:
    """The diameter of the greatest circle that fits, to half a metre or a hundredth of the shape's extent, whichever is finer."""
    west, south, east, north = shape.bounds
    radius = shapely.maximum_inscribed_circle(shape, tolerance=min(0.25, max(east - west, north - south) / 100))
    return float(2 * radius.length)


def _by_clauses(events: Sequence[Event]) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Former code → codes of the new units that take of it; former code → labels of the clauses that divide it."""
    goes: dict[str, set[str]] = {}
    divides: dict[str, set[str]] = {}
    for event in events:
        for part in event.parts:
            if part.code:
                goes.setdefault(part.code, set()).add(event.code)
                if part.extent != "whole":
                    divides.setdefault(part.code, set()).add(event.label)
    return goes, divides


def _difference(piece: Piece, expected: tuple[str, ...], clauses: tuple[str, ...], shape: Any) -> Difference:
    verdict: Verdict = "unclaimed" if piece.former is None else "outside" if piece.new is None else "transfer"
    return Difference(verdict, piece.former, piece.new, expected, clauses, shape, width_m(shape))


def _rest_of(shape: Any, wide: Sequence[Any]) -> list[Any]:
    """What is left beside the wide parts."""
    rest = shapely.difference(shape, shapely.union_all(list(wide))) if wide else shape
    return [part for part in shapely.get_parts(rest) if part.area > 0]


def _shifts(ours: Mapping[str, Any], official: Mapping[str, Any]) -> dict[str, Shift]:
    found = {}
    for code in sorted(set(ours) & set(official)):
        one = shift(shapely.boundary(official[code]), shapely.boundary(ours[code]))
        if one is not None and one.constant:
            found[code] = one
    return found
