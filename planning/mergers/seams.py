"""Seams: where what the plans of two former units say meets along their former border, and why it does not fit.

Causes are told by width and form: a straight edge bends when its zone changes, and a side without vertices there leaves a lens of
millimetres; another set of datum parameters shifts everything by the same metre; what is irregular and narrow is digitising; what
is wide is a real conflict. A zone or datum taken wrongly throws a plan much farther: `planning.mergers.misplaced`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely

from planning.geometry import LONGEST_STRAIGHT_EDGE_M, is_vn2000, mean_width_m
from planning.mergers.boundaries import NOISE_WIDTH_M, surviving
from planning.mergers.shifts import Shift, shift
from planning.mergers.situation import PlanFacts, UnitFacts
from planning.plans import related

Cause = Literal["densification", "datum", "digitising", "conflict"]

CAUSES: dict[Cause, tuple[str, str]] = {
    "densification": ("cạnh thẳng dài thiếu điểm ở một bên", "a long straight edge without vertices on one side"),
    "datum": ("lệch đều: khác bộ tham số hệ quy chiếu", "a constant shift: another set of datum parameters"),
    "digitising": ("sai số số hóa", "digitising"),
    "conflict": ("mâu thuẫn thật giữa hai đồ án", "a real conflict of the two plans"),
}

REACH_M = 50.0
"""A gap is a seam only where plans of both sides reach within this distance of the former border."""

DATUM_M = 3.0
"""Two sets of VN-2000 parameters differ by 0.7 to 1.4 m; a constant shift beyond this has another origin."""

DENSIFICATION_M = 0.2
"""A straight edge of 10 km bends by 186 mm at most."""

LEGACY_CRS: dict[str, int] = {"07": 9214, "09": 9209}
"""First digits of a former commune's code → the zone its maps were drawn in. Source: the codes of Bắc Giang and Bắc Ninh."""

LEAST_AREA_M2 = 1e-4


@dataclass(frozen=True, slots=True)
class Seam:
    """One connected gap or overlap along the border of two former units, between one plan of each side at one level."""

    kind: Literal["gap", "overlap"]
    level: str
    units: tuple[str, str]
    plans: tuple[str, str]
    crs: tuple[int | None, int | None]
    shape: Any
    cause: Cause
    shift: Shift | None = None

    @property
    def area_m2(self) -> float:
        """Plane area."""
        return float(self.shape.area)

    @property
    def width_m(self) -> float:
        """2 · area / perimeter."""
        return mean_width_m(self.shape)

    @property
    def length_m(self) -> float:
        """Half the perimeter: how far the seam runs."""
        return float(self.shape.length) / 2


@dataclass(frozen=True, slots=True)
class _Border:
    """The common border of two former units and the land within reach of it."""

    units: tuple[str, str]
    line: Any
    reach: Any


def legacy_crs(unit: UnitFacts) -> int | None:
    """The EPSG code a former unit's maps were drawn in: the VN-2000 zone its boundary came in, else the one its code tells, else unknown.

    A boundary that came in longitude and latitude, or in a web map's plane, was converted by somebody: it tells no zone.
    """
    if unit.source_crs is not None and is_vn2000(unit.source_crs):
        return unit.source_crs
    return LEGACY_CRS.get(unit.code[:2])


def seams(former: Mapping[str, UnitFacts], plans: Sequence[PlanFacts]) -> list[Seam]:
    """Gaps and overlaps of plans of one level along every border of two former communes, with their cause.

    A plan and one that it amends have no seam: they are meant to lie on each other, and the one goes on where the other says nothing.
    """
    units = {code: unit for code, unit in former.items() if unit.shape is not None and unit.level == "commune"}
    sides = _plans_of_units(units, plans)
    amended = {plan.code: plan.amends for plan in plans}
    found: dict[tuple[str, tuple[str, str], bytes], Seam] = {}
    for border in _borders(units, {code for code in sides if sides[code]}):
        for one, other in _facing(*(sides[code] for code in border.units)):
            if related(one.code, other.code, amended):
                continue
            for seam in _between(border, units, one, other):
                found.setdefault((seam.kind, seam.plans, seam.shape.wkb), seam)
    return list(found.values())


def _facing(ours: list[PlanFacts], theirs: list[PlanFacts]) -> list[tuple[PlanFacts, PlanFacts]]:
    """Pairs of one level, one plan from each side; a plan that lies on both sides has no seam there."""
    both = {plan.code for plan in ours} & {plan.code for plan in theirs}
    return [
        (one, other)
        for one in ours
        for other in theirs
        if one.level == other.level and not {one.code, other.code} & both
    ]


def _plans_of_units(units: Mapping[str, UnitFacts], plans: Sequence[PlanFacts]) -> dict[str, list[PlanFacts]]:
    """The plans of each unit: those with at least half of their land, or half of the unit's, in it."""
    sides: dict[str, list[PlanFacts]] = {code: [] for code in units}
    codes = sorted(units)
    shapes = np.array([units[code].shape for code in codes], dtype=object)
    if not len(shapes):
        return sides
    tree = shapely.STRtree(shapes)
    for plan in plans:
        near = np.sort(tree.query(plan.shape, predicate="intersects"))
        common = shapely.area(shapely.intersection(shapes[near], plan.shape))
        for place, area in zip(near, common, strict=True):
            if area >= 0.5 * min(plan.shape.area, shapes[place].area):
                sides[codes[place]].append(plan)
    return sides


def _borders(units: Mapping[str, UnitFacts], planned: set[str]) -> list[_Border]:
    codes = sorted(planned)
    if not codes:
        return []
    shapes = np.array([units[code].shape for code in codes], dtype=object)
    tree = shapely.STRtree(shapes)
    first, second = tree.query(shapes, predicate="dwithin", distance=NOISE_WIDTH_M)
    borders = []
    for one, other in zip(first, second, strict=True):
        if one >= other:
            continue
        line = shapely.intersection(shapely.boundary(shapes[one]), shapely.buffer(shapes[other], NOISE_WIDTH_M))
        if line.length > NOISE_WIDTH_M:
            borders.append(_Border((codes[one], codes[other]), line, shapely.buffer(line, REACH_M, cap_style="flat")))
    return borders


def _between(border: _Border, units: Mapping[str, UnitFacts], one: PlanFacts, other: PlanFacts) -> list[Seam]:
    """What lies twice, or between two plans that both reach the border."""
    ours, theirs = (shapely.intersection(plan.shape, border.reach) for plan in (one, other))
    if ours.is_empty or theirs.is_empty:
        return []
    both = shapely.union(ours, theirs)
    along = shapely.intersection(shapely.buffer(ours, REACH_M), shapely.buffer(theirs, REACH_M))
    inside = shapely.intersection(
        shapely.intersection(border.reach, along), shapely.union_all([units[code].shape for code in border.units])
    )
    gaps = shapely.difference(inside, both)
    shift_between = _shift(border, one, other)
    crs = tuple(
        plan.source_crs or legacy_crs(units[code]) for plan, code in zip((one, other), border.units, strict=True)
    )
    found = []
    twice = [
        part for part in _areas(shapely.intersection(one.shape, other.shape)) if part.dwithin(border.line, REACH_M)
    ]
    for kind, parts in (("overlap", twice), ("gap", _closed(gaps, ours, theirs))):
        for part in parts:
            cause = _cause(part, shift_between, (one, other), border)
            found.append(Seam(kind, one.level, border.units, (one.code, other.code), crs, part, cause, shift_between))  # type: ignore[arg-type]
    return found


def _closed(gaps: Any, ours: Any, theirs: Any) -> list[Any]:
    """Of the uncovered land only what lies between the two plans: it touches both."""
    return [part for part in _areas(gaps) if part.dwithin(ours, 1e-3) and part.dwithin(theirs, 1e-3)]


def _areas(shape: Any) -> list[Any]:
    parts = shapely.get_parts(shapely.get_parts(shape))
    return [part for part in parts if part.geom_type == "Polygon" and part.area > LEAST_AREA_M2]


def _shift(border: _Border, one: PlanFacts, other: PlanFacts) -> Shift | None:
    near = shapely.buffer(border.line, REACH_M)
    ours, theirs = (shapely.intersection(shapely.boundary(plan.shape), near) for plan in (one, other))
    found = shift(shapely.line_merge(ours), theirs) if not (ours.is_empty or theirs.is_empty) else None
    constant = found is not None and found.constant and found.after_m < found.before_m / 2
    return found if found is not None and constant and found.length_m <= DATUM_M else None


def _cause(part: Any, constant: Shift | None, plans: tuple[PlanFacts, PlanFacts], border: _Border) -> Cause:
    if _is_bent_edge(part, plans, border):
        return "densification"
    if constant is not None and mean_width_m(part) <= 2 * constant.length_m:
        return "datum"
    return "conflict" if surviving(part, NOISE_WIDTH_M) else "digitising"


def _is_bent_edge(part: Any, plans: tuple[PlanFacts, PlanFacts], border: _Border) -> bool:
    """A lens narrower than a bent edge may be, over an edge that one side draws straight and long and the other does not."""
    if mean_width_m(part) > DENSIFICATION_M or surviving(part, 2 * DENSIFICATION_M):
        return False
    near = shapely.buffer(part, 0.01)
    vertices = []
    for plan in plans:
        points = shapely.points(shapely.get_coordinates(plan.shape))
        vertices.append(int(shapely.intersects(near, points).sum()))
    long = part.length / 2 > LONGEST_STRAIGHT_EDGE_M or plans[0].source_crs != plans[1].source_crs
    return (
        long and (min(vertices) <= 2 < max(vertices) or min(vertices) * 3 <= max(vertices)) and border.line.length > 0
    )
