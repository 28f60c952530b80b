"""Proof of a repair: the mended neighbourhood is examined before and after, and every polygon's area is accounted for."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from planning.coverage.examination import Examination, Overhang, Overlap, examined
from planning.coverage.misfits import Kind, Left, Misfit, misfits, shapes_of
from planning.coverage.outlines import NEAR_M
from planning.coverage.sharing import Proposal
from planning.geometry import Shapes

BAND_M = 1e-6
"""Two examinations of one place agree within a band of this width along its outline."""


@dataclass(frozen=True, slots=True)
class Change:
    """A polygon's area before and after; what proposals give it and cut from it; and `strayed_m2`: by how much the land that
    differs between the two shapes misses the sum of both.
    """

    before_m2: float
    after_m2: float
    gained_m2: float
    lost_m2: float
    strayed_m2: float


@dataclass(frozen=True, slots=True)
class Proof:
    """What the repair does. `before` and `after` count misfits of the whole coverage that are wider than noise, by kind; `made` are those
    after that were not there before. `seen` is the examination after, within boxes around what changed; the polygons at `neighbourhood`
    lie there, and `union_m2` is the land they cover there, before and after. `bystanders` changed although no proposal touches them.
    """

    changes: dict[int, Change]
    moved_m2: float
    before: Mapping[Kind, int]
    after: Mapping[Kind, int]
    made: tuple[Misfit, ...]
    union_m2: tuple[float, float]
    bystanders: tuple[int, ...]
    neighbourhood: tuple[int, ...]
    seen: Examination
    left: tuple[Left, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing new is wrong, no bystander changed, and no square centimetre strayed."""
        return not self.made and not self.bystanders and all(one.strayed_m2 < 1e-4 for one in self.changes.values())


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be proved: the changed polygons by place, the proposals that account for them, and what is left for a person."""

    changed: dict[int, Any]
    proposals: Sequence[Proposal]
    left: Sequence[Left]
    noise_m: float


def proved(shapes: Shapes, extent: Any, seen: Examination, plan: Plan) -> Proof:
    """Hold a plan against examinations of its own, before and after."""
    after = shapes.copy()
    for place, shape in plan.changed.items():
        after[place] = shape
    windows = _windows(shapes, plan.changed)
    seen_before, _ = _seen_through(windows, shapes, extent)
    seen_after, near = _seen_through(windows, after, extent)
    was, now = misfits(seen_before, plan.noise_m), misfits(seen_after, plan.noise_m)
    before, less, more = _counted(misfits(seen, plan.noise_m)), _counted(was), _counted(now)
    return Proof(
        changes=_changes(shapes, plan),
        moved_m2=sum(one.area_m2 for one in plan.proposals),
        before=before,
        after={kind: before[kind] - less[kind] + more[kind] for kind in before},
        made=made(was, now),
        union_m2=(float(shapely.area(seen_before.covered).sum()), float(shapely.area(seen_after.covered).sum())),
        bystanders=_bystanders(shapes, plan),
        neighbourhood=near,
        seen=seen_after,
        left=tuple(plan.left),
    )


def _windows(shapes: Shapes, changed: dict[int, Any]) -> Shapes:
    """What is looked at again: boxes a metre wider than the changed polygons, united where they meet. Their edges run across all others."""
    was, now = (shapely.bounds(lot) for lot in (shapes[list(changed)], np.array(list(changed.values()), dtype=object)))
    low, high = np.fmin(was, now)[:, :2] - 1, np.fmax(was, now)[:, 2:] + 1
    return np.asarray(shapely.get_parts(shapely.union_all(shapely.box(*low.T, *high.T))), dtype=object)


def _seen_through(windows: Shapes, shapes: Shapes, extent: Any) -> tuple[Examination, tuple[int, ...]]:
    """What the windows show, by places in the whole, and the places of the polygons that they show."""
    shown, place = shapely.STRtree(windows).query(shapes)[::-1]
    parts = shapes[place].copy()
    cut = ~_boxed(parts, windows[shown])
    parts[cut] = [_polygonal(part) for part in shapely.intersection(parts[cut], windows[shown[cut]])]
    view = shapely.MultiPolygon(list(windows))
    found = examined(parts, view if extent is None else _polygonal(shapely.intersection(view, extent)))
    rim = view.boundary
    gaps = found.gaps if extent is not None else [gap for gap in found.gaps if not shapely.intersects(gap, rim)]
    overlaps = [Overlap(int(place[one.first]), int(place[one.second]), one.shape) for one in found.overlaps]
    overhangs = [Overhang(int(place[one.place]), one.shape) for one in found.overhangs]
    told = Examination(gaps, overlaps, overhangs, found.covered, found.unmatched, found.area_m2)
    return told, tuple(np.unique(place).tolist())


def _boxed(parts: Shapes, windows: Shapes) -> Any:
    """Whether a window holds the whole box of a polygon."""
    return shapely.contains_properly(windows, shapely.box(*shapely.bounds(parts).T))


def _polygonal(shape: Any) -> Any:
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.MultiPolygon(list(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]))


def _counted(found: list[Misfit]) -> dict[Kind, int]:
    number = Counter(one.kind for one in found)
    return {"gap": number["gap"], "overlap": number["overlap"], "overhang": number["overhang"]}


def made(was: list[Misfit], now: list[Misfit]) -> tuple[Misfit, ...]:
    """Misfits now that reach beyond all of the same kind and polygons that were."""
    known: dict[tuple[Kind, tuple[int, ...]], list[Misfit]] = {}
    for one in was:
        known.setdefault((one.kind, one.places), []).append(one)
    rest = []
    for one in now:
        same = shapes_of(known.get((one.kind, one.places), []))
        same = same[shapely.intersects(same, one.shape)]
        rest.append(shapely.difference(one.shape, shapely.union_all(same)))
    if not now:
        return ()
    beyond = shapely.area(rest) > BAND_M * shapely.length(shapes_of(now))
    return tuple(now[at] for at in np.flatnonzero(beyond))


def _changes(shapes: Shapes, plan: Plan) -> dict[int, Change]:
    gained, lost = dict.fromkeys(plan.changed, 0.0), dict.fromkeys(plan.changed, 0.0)
    for one in plan.proposals:
        if one.to is not None and one.action == "close":
            gained[one.to] += one.area_m2
        for place in one.cut_from:
            lost[place] += one.area_m2
    differs = {place: shapely.symmetric_difference(shapes[place], shape).area for place, shape in plan.changed.items()}
    return {
        place: Change(
            float(shapes[place].area),
            float(shape.area),
            gained[place],
            lost[place],
            abs(float(differs[place]) - gained[place] - lost[place]),
        )
        for place, shape in plan.changed.items()
    }


def _bystanders(shapes: Shapes, plan: Plan) -> tuple[int, ...]:
    """Changed polygons that touch no proposal."""
    places = np.array(sorted(plan.changed), dtype=np.int64)
    tree = shapely.STRtree(shapes_of(plan.proposals))
    touched = tree.query(shapes[places], predicate="dwithin", distance=NEAR_M)[0]
    return tuple(np.delete(places, np.unique(touched)).tolist())
