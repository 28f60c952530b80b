"""The coverage of a province on one day: communes against each other, zones within plans, plans within communes.

Only what is in force on that day is given in; what was never in force together is never compared.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
import shapely

from planning.coverage.faces import gaps, holes, overhangs, overlaps, wide_parts
from planning.findings import TOLERANCE_M, Finding, Severity
from planning.geometry import Shapes
from planning.plans import THEMES

Step = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Area:
    """A commune or a province in force, as a shape in the storage CRS."""

    code: str
    name: str
    shape: Any


@dataclass(frozen=True, slots=True)
class PlanArea:
    """A plan in force: its boundary and the shapes of its zones."""

    code: str
    level: str
    amends: str | None
    shape: Any
    zones: Shapes


@dataclass(frozen=True, slots=True)
class Covered:
    """How much of a commune the plans of a level cover: within plan boundaries, and within zones. Areas in m²."""

    unit_code: str
    unit_name: str
    level: str
    area_m2: float
    planned_m2: float
    zoned_m2: float
    plan_codes: tuple[str, ...]

    @property
    def ratio(self) -> float:
        """Tỷ lệ phủ kín: the share of the commune inside a plan boundary of the level."""
        return self.planned_m2 / self.area_m2


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a check of plans is to look at: the levels, one commune or all, and the width that is passed over."""

    levels: tuple[str, ...]
    unit: str | None = None
    tolerance_m: float = TOLERANCE_M


@dataclass(slots=True)
class Audit:
    """What a check of coverage says: ratios and findings; and the communes nothing can be said of, for want of a boundary."""

    covered: list[Covered] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    undrawn: list[tuple[str, str]] = field(default_factory=list)


def audit_units(communes: list[Area], provinces: list[Area], tolerance_m: float = TOLERANCE_M) -> list[Finding]:
    """Gaps and overlaps of communes; the extent is the provinces, or where there are none only holes are gaps."""
    shapes = _shapes(communes)
    if not len(shapes):
        return []
    union = shapely.union_all(shapes)
    extent = shapely.union_all(_shapes(provinces))
    missing = gaps(union, extent, tolerance_m) if provinces else holes(union, tolerance_m)
    tree = shapely.STRtree(shapes)
    found = []
    for shape in missing:
        near = tuple(sorted(communes[place].code for place in tree.query(shape, predicate="intersects")))
        found.append(Finding("unit.gap", "error", "unit", near, (), shape))
    for overlap in overlaps(shapes, tolerance_m):
        pair = tuple(sorted((communes[overlap.first].code, communes[overlap.second].code)))
        found.append(Finding("unit.overlap", "error", "unit", pair, (), overlap.shape))
    return found


def audit_plans(communes: list[Area], plans: list[PlanArea], wanted: Wanted, step: Step | None = None) -> Audit:
    """Zones within each plan, plans of a level against each other, communes against the plans of each level."""
    result = Audit()
    tree = shapely.STRtree(_shapes(communes))
    asked = [commune for commune in communes if wanted.unit in {None, commune.code}]
    zoned: dict[str, Any] = {}
    for place, plan in enumerate(plans):
        zoned[plan.code] = shapely.union_all(plan.zones)
        result.findings += _within(plan, zoned[plan.code], communes, tree, wanted.tolerance_m)
        if step:
            step("zones", place + 1, len(plans))
    for theme in THEMES:
        if theme.level not in wanted.levels:
            continue
        of_level = [plan for plan in plans if plan.level == theme.level]
        result.findings += _against_each_other(of_level, communes, tree, wanted.tolerance_m)
        for place, commune in enumerate(asked):
            covered, uncovered = _covered(commune, theme.level, of_level, zoned, wanted.tolerance_m)
            result.covered.append(covered)
            severity: Severity = "error" if theme.covers else "info"
            result.findings += [
                Finding("level.uncovered", severity, theme.level, (commune.code,), (), shape) for shape in uncovered
            ]
            if step:
                step(theme.level, place + 1, len(asked))
    return result


def _within(plan: PlanArea, union: Any, communes: list[Area], tree: Any, tolerance_m: float) -> list[Finding]:
    parts = [("plan.zone-gap", shape) for shape in gaps(union, plan.shape, tolerance_m)]
    parts += [("plan.zone-overlap", overlap.shape) for overlap in overlaps(plan.zones, tolerance_m)]
    parts += [("plan.zone-overhang", beyond.shape) for beyond in overhangs(plan.zones, plan.shape, tolerance_m)]
    return [
        Finding(check, "error", plan.level, _touched(shape, communes, tree), (plan.code,), shape)
        for check, shape in parts
    ]


def _against_each_other(plans: list[PlanArea], communes: list[Area], tree: Any, tolerance_m: float) -> list[Finding]:
    """Overlaps of boundaries of one level; a plan and the one it amends are meant to lie on each other."""
    amended = {(plan.code, plan.amends) for plan in plans}
    found = []
    for first, second in combinations(range(len(plans)), 2):
        one, other = plans[first], plans[second]
        if (one.code, other.code) in amended or (other.code, one.code) in amended:
            continue
        for shape in wide_parts(_common(one.shape, other.shape), tolerance_m):
            pair = tuple(sorted((one.code, other.code)))
            found.append(Finding("plan.overlap", "warning", one.level, _touched(shape, communes, tree), pair, shape))
    return found


def _common(one: Any, other: Any) -> Any:
    return (
        shapely.intersection(one, other)
        if shapely.box(*one.bounds).intersects(shapely.box(*other.bounds))
        else shapely.Polygon()
    )


def _covered(
    commune: Area, level: str, plans: list[PlanArea], zoned: dict[str, Any], tolerance_m: float
) -> tuple[Covered, list[Any]]:
    near = [plan for plan in plans if plan.shape.intersects(commune.shape)]
    planned = shapely.intersection(shapely.union_all([plan.shape for plan in near]), commune.shape)
    in_zones = shapely.union_all([shapely.intersection(zoned[plan.code], commune.shape) for plan in near])
    uncovered = wide_parts(shapely.difference(commune.shape, planned), tolerance_m)
    touching = tuple(plan.code for plan in near if wide_parts(plan.shape.intersection(commune.shape), tolerance_m))
    areas = (float(commune.shape.area), float(planned.area), float(in_zones.area))
    return Covered(commune.code, commune.name, level, *areas, touching), uncovered


def _touched(shape: Any, communes: list[Area], tree: Any) -> tuple[str, ...]:
    return tuple(sorted(communes[place].code for place in tree.query(shape, predicate="intersects")))


def _shapes(areas: list[Area]) -> Shapes:
    return np.array([area.shape for area in areas], dtype=object)
