"""The coverage of a province on one day: communes against each other, zones within plans, plans within communes.

Only what is in force on that day is given in; what was never in force together is never compared.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from planning.coverage.examination import Examination, Overlap, examined
from planning.coverage.widths import NOISE_M, Verdict, verdict, wider
from planning.findings import Finding, Severity
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
    tolerance_m: float = NOISE_M


@dataclass(slots=True)
class Audit:
    """What a check of coverage says: ratios and findings; and the communes nothing can be said of, for want of a boundary."""

    covered: list[Covered] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    undrawn: list[tuple[str, str]] = field(default_factory=list)


def audit_units(communes: list[Area], provinces: list[Area], tolerance_m: float = NOISE_M) -> list[Finding]:
    """Gaps and overlaps of communes, and what reaches beyond the provinces; where there are no provinces only holes are gaps."""
    shapes = _shapes(communes)
    if not len(shapes):
        return []
    seen = examined(shapes, shapely.union_all(_shapes(provinces)) if provinces else None)
    tree = shapely.STRtree(shapes)
    codes = [commune.code for commune in communes]
    parts = [("unit.gap", _touched(gap, communes, tree), gap) for gap in seen.gaps]
    parts += [("unit.overlap", _sorted(codes[one.first], codes[one.second]), one.shape) for one in seen.overlaps]
    parts += [("unit.overhang", (codes[one.place],), one.shape) for one in seen.overhangs]
    return _findings([(check, "unit", units, (), shape) for check, units, shape in parts], tolerance_m)


def audit_plans(communes: list[Area], plans: list[PlanArea], wanted: Wanted, step: Step | None = None) -> Audit:
    """Zones within each plan, plans of a level against each other, communes against the plans of each level."""
    result = Audit()
    tree = shapely.STRtree(_shapes(communes))
    asked = [commune for commune in communes if wanted.unit in {None, commune.code}]
    zoned: dict[str, Any] = {}
    for place, plan in enumerate(plans):
        seen = examined(plan.zones, plan.shape)
        zoned[plan.code] = shapely.union_all(seen.covered)
        result.findings += _within(plan, seen, communes, tree, wanted.tolerance_m)
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


def _within(plan: PlanArea, seen: Examination, communes: list[Area], tree: Any, tolerance_m: float) -> list[Finding]:
    """A plan's zones against its boundary. An amendment need not fill its own: where it says nothing, what it amends goes on."""
    parts = [] if plan.amends else [("plan.zone-gap", shape) for shape in seen.gaps]
    parts += [("plan.zone-overlap", overlap.shape) for overlap in seen.overlaps]
    parts += [("plan.zone-overhang", beyond.shape) for beyond in seen.overhangs]
    return _findings(
        [(check, plan.level, _touched(shape, communes, tree), (plan.code,), shape) for check, shape in parts],
        tolerance_m,
    )


def _against_each_other(plans: list[PlanArea], communes: list[Area], tree: Any, tolerance_m: float) -> list[Finding]:
    """Overlaps of boundaries of one level; a plan and the one it amends are meant to lie on each other."""
    amended = {(plan.code, plan.amends) for plan in plans}

    def meant(overlap: Overlap) -> bool:
        pair = plans[overlap.first].code, plans[overlap.second].code
        return pair in amended or pair[::-1] in amended

    found = [one for one in examined(_shapes(plans)).overlaps if not meant(one)] if plans else []
    return _findings(
        [
            ("plan.overlap", plans[one.first].level, _touched(one.shape, communes, tree), _pair(plans, one), one.shape)
            for one in found
        ],
        tolerance_m,
    )


def _findings(found: list[tuple[str, str, tuple[str, ...], tuple[str, ...], Any]], tolerance_m: float) -> list[Finding]:
    """What is wider than noise, as findings; a sliver is a warning, whatever wider misfits of its check are."""
    if not found:
        return []
    wide = wider(np.array([shape for *_, shape in found], dtype=object), tolerance_m)
    return [
        Finding(check, _severity(check, verdict(shape, level, tolerance_m)), level, units, plans, shape)
        for (check, level, units, plans, shape), kept in zip(found, wide, strict=True)
        if kept
    ]


def _severity(check: str, judged: Verdict) -> Severity:
    return "warning" if judged == "sliver" or check == "plan.overlap" else "error"


def _pair(plans: list[PlanArea], overlap: Overlap) -> tuple[str, ...]:
    return _sorted(plans[overlap.first].code, plans[overlap.second].code)


def _sorted(one: str, other: str) -> tuple[str, ...]:
    return (one, other) if one <= other else (other, one)


def _covered(
    commune: Area, level: str, plans: list[PlanArea], zoned: dict[str, Any], tolerance_m: float
) -> tuple[Covered, list[Any]]:
    near = [plan for plan in plans if plan.shape.intersects(commune.shape)]
    planned = shapely.intersection(shapely.union_all([plan.shape for plan in near]), commune.shape)
    in_zones = shapely.union_all([shapely.intersection(zoned[plan.code], commune.shape) for plan in near])
    uncovered = _wide_parts(shapely.difference(commune.shape, planned), tolerance_m)
    touching = tuple(plan.code for plan in near if _wide_parts(plan.shape.intersection(commune.shape), tolerance_m))
    areas = (float(commune.shape.area), float(planned.area), float(in_zones.area))
    return Covered(commune.code, commune.name, level, *areas, touching), uncovered


def _wide_parts(shape: Any, tolerance_m: float) -> list[Any]:
    """The polygons of any geometry, each wider than the tolerance; lines and points have no width."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    polygons = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return list(polygons[wider(polygons, tolerance_m)])


def _touched(shape: Any, communes: list[Area], tree: Any) -> tuple[str, ...]:
    return tuple(sorted(communes[place].code for place in tree.query(shape, predicate="intersects")))


def _shapes(areas: Sequence[Area | PlanArea]) -> Shapes:
    return np.array([area.shape for area in areas], dtype=object)
