"""The coverage of a province on one day: communes against each other, zones within plans, plans within communes.

Only what is in force on that day is given in; what was never in force together is never compared.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import shapely

from planning.checks.records import PlanRecord, UnitRecord
from planning.coverage.examination import Examination, Overlap, examined
from planning.coverage.scheduling import mapped
from planning.coverage.targets import Target, target_of
from planning.coverage.widths import NOISE_M, Verdict, verdict, wider
from planning.findings import Finding, Severity
from planning.geometry import Shapes
from planning.plans import THEMES, related

Step = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Covered:
    """How much of a commune the plans of a level cover: within plan boundaries, and within zones. Areas in m².

    `target_pct`: how much they are to cover, where that is set.
    """

    unit_code: str
    unit_name: str
    level: str
    area_m2: float
    planned_m2: float
    zoned_m2: float
    plan_codes: tuple[str, ...]
    target_pct: float | None = None

    @property
    def ratio(self) -> float:
        """Tỷ lệ phủ kín: the share of the commune inside a plan boundary of the level."""
        return self.planned_m2 / self.area_m2


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a check of plans is to look at: the levels, one commune or all, the width that is passed over, the targets in force; and on
    which Dask scheduler.

    `ground_known`: that every commune in force has a boundary, so that land outside all of them is outside.
    """

    levels: tuple[str, ...]
    unit: str | None = None
    tolerance_m: float = NOISE_M
    scheduler: str | None = None
    targets: tuple[Target, ...] = ()
    ground_known: bool = True


@dataclass(slots=True)
class Audit:
    """What a check says: ratios and findings; the communes nothing can be said of, for want of a boundary; once it is stored, the number of
    the run, the case of each finding and how many cases are mended.
    """

    covered: list[Covered] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    undrawn: list[tuple[str, str]] = field(default_factory=list)
    cases: list[int] = field(default_factory=list)
    mended: int = 0
    run: int | None = None


def audit_units(communes: list[UnitRecord], provinces: list[UnitRecord], tolerance_m: float = NOISE_M) -> list[Finding]:
    """Gaps and overlaps of communes, and what reaches beyond the provinces; where there are no provinces only holes are gaps."""
    shapes = _shapes(communes)
    if not len(shapes):
        return []
    seen = examined(shapes, shapely.union_all(_shapes(provinces)) if provinces else None)
    tree = shapely.STRtree(shapes)
    codes = [commune.code for commune in communes]
    places = [_Place("unit.gap", "unit", gap, _touched(gap, communes, tree)) for gap in seen.gaps]
    places += [
        _Place("unit.overlap", "unit", one.shape, _sorted(codes[one.first], codes[one.second])) for one in seen.overlaps
    ]
    places += [_Place("unit.overhang", "unit", one.shape, (codes[one.place],)) for one in seen.overhangs]
    return _findings(places, tolerance_m)


def audit_plans(communes: list[UnitRecord], plans: list[PlanRecord], wanted: Wanted, step: Step | None = None) -> Audit:
    """Zones within each plan, plans of a level against each other, communes against the plans of each level."""
    result = Audit()
    tree = shapely.STRtree(_shapes(communes))
    asked = [commune for commune in communes if wanted.unit in {None, commune.code}]
    zoned: dict[str, Any] = {}
    work = [(np.array([zone.shape for zone in plan.zones], dtype=object), plan.shape) for plan in plans]
    surveys = mapped(_examined, work, wanted.scheduler, step, "zones")
    for place, plan in enumerate(plans):
        seen = surveys[place]
        zoned[plan.code] = shapely.union_all(seen.covered)
        result.findings += _within(plan, seen, communes, tree, wanted.tolerance_m)
    for theme in THEMES:
        if theme.level not in wanted.levels:
            continue
        of_level = [plan for plan in plans if plan.level == theme.level]
        result.findings += _against_each_other(of_level, communes, tree, wanted.tolerance_m)
        result.findings += _beyond(of_level, communes, wanted.tolerance_m) if wanted.ground_known else []
        for place, commune in enumerate(asked):
            covered, uncovered = _covered(commune, theme.level, of_level, zoned, wanted.tolerance_m)
            target = target_of(wanted.targets, theme.level, commune.code)
            result.covered.append(replace(covered, target_pct=target.target_pct) if target else covered)
            severity: Severity = "error" if theme.covers and not target else "info"
            result.findings += [_uncovered(covered, shape, severity, wanted.tolerance_m) for shape in uncovered]
            result.findings += _below_target(covered, uncovered, target, wanted.tolerance_m) if target else []
            if step:
                step(theme.level, place + 1, len(asked))
    return result


def _within(
    plan: PlanRecord, seen: Examination, communes: list[UnitRecord], tree: Any, tolerance_m: float
) -> list[Finding]:
    """A plan's zones against its boundary. An amendment need not fill its own: where it says nothing, what it amends goes on."""
    names = [zone.name for zone in plan.zones]
    found: list[tuple[str, Any, tuple[str, ...]]] = (
        [] if plan.amends else [("plan.zone-gap", gap, ()) for gap in seen.gaps]
    )
    found += [("plan.zone-overlap", one.shape, _sorted(names[one.first], names[one.second])) for one in seen.overlaps]
    found += [("plan.zone-overhang", one.shape, (names[one.place],)) for one in seen.overhangs]
    return _findings(
        [
            _Place(check, plan.level, shape, _touched(shape, communes, tree), (plan.code,), zones)
            for check, shape, zones in found
        ],
        tolerance_m,
    )


def _against_each_other(
    plans: list[PlanRecord], communes: list[UnitRecord], tree: Any, tolerance_m: float
) -> list[Finding]:
    """Overlaps of boundaries of one level; a plan and the one it amends are meant to lie on each other."""
    amended = {plan.code: plan.amends for plan in plans}

    def pair(overlap: Overlap) -> tuple[str, str]:
        return _sorted(plans[overlap.first].code, plans[overlap.second].code)

    found = [
        one for one in examined(_shapes(plans)).overlaps if not related(*pair(one), amended)
    ] if plans else []  # fmt: skip
    return _findings(
        [
            _Place("plan.overlap", plans[one.first].level, one.shape, _touched(one.shape, communes, tree), pair(one))
            for one in found
        ],
        tolerance_m,
    )


def _beyond(plans: list[PlanRecord], communes: list[UnitRecord], tolerance_m: float) -> list[Finding]:
    """Parts of plan boundaries outside all communes; a gap between communes is another rule's."""
    if not plans or not communes:
        return []
    united = shapely.get_parts(shapely.union_all(_shapes(communes)))
    ground = shapely.union_all(shapely.polygons(shapely.get_exterior_ring(united)))
    outside = zip(plans, shapely.difference(_shapes(plans), ground), strict=True)
    return _findings(
        [
            _Place("plan.overhang", plan.level, part, (), (plan.code,))
            for plan, shape in outside
            for part in _wide_parts(shape, tolerance_m)
        ],
        tolerance_m,
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """A misfit of any width, not yet judged."""

    check: str
    level: str
    shape: Any
    units: tuple[str, ...]
    plans: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()


def _findings(places: list[_Place], tolerance_m: float) -> list[Finding]:
    """What is wider than noise, as findings; a sliver is a warning, whatever wider misfits of its check are."""
    if not places:
        return []
    wide = wider(np.array([one.shape for one in places], dtype=object), tolerance_m)
    judged = [(one, verdict(one.shape, one.level, tolerance_m)) for one, kept in zip(places, wide, strict=True) if kept]
    return [
        Finding(
            one.check,
            _severity(one.check, seen),
            one.level,
            one.units,
            one.plans,
            one.shape,
            one.zones,
            {"verdict": seen},
        )
        for one, seen in judged
    ]


def _severity(check: str, judged: Verdict) -> Severity:
    return "warning" if judged == "sliver" or check in {"plan.overlap", "plan.overhang"} else "error"


def _sorted(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one <= other else (other, one)


def _examined(work: tuple[Shapes, Any]) -> Examination:
    """One plan: its zones against its boundary. A task of its own."""
    return examined(*work)


def _covered(
    commune: UnitRecord, level: str, plans: list[PlanRecord], zoned: dict[str, Any], tolerance_m: float
) -> tuple[Covered, list[Any]]:
    near = [plan for plan in plans if plan.shape.intersects(commune.shape)]
    planned = shapely.intersection(shapely.union_all([plan.shape for plan in near]), commune.shape)
    in_zones = shapely.union_all([shapely.intersection(zoned[plan.code], commune.shape) for plan in near])
    uncovered = _wide_parts(shapely.difference(commune.shape, planned), tolerance_m)
    touching = tuple(plan.code for plan in near if _wide_parts(plan.shape.intersection(commune.shape), tolerance_m))
    areas = (float(commune.shape.area), float(planned.area), float(in_zones.area))
    return Covered(commune.code, commune.name, level, *areas, touching), uncovered


def _uncovered(covered: Covered, shape: Any, severity: Severity, tolerance_m: float) -> Finding:
    """A part of a commune without a plan; what drawing explains is a warning where a wider part is an error."""
    seen = verdict(shape, covered.level, tolerance_m)
    judged: Severity = "warning" if (severity, seen) == ("error", "sliver") else severity
    return Finding("level.uncovered", judged, covered.level, (covered.unit_code,), (), shape, facts={"verdict": seen})


def _below_target(covered: Covered, uncovered: list[Any], target: Target, tolerance_m: float) -> list[Finding]:
    """A finding over all that is uncovered, where the rest of the commune is less than the target asks.

    It is what its widest part is: where all that is lacking are slivers, drawing explains them, and the commune is not without a plan.
    """
    lacking_m2 = sum(shape.area for shape in uncovered)
    if 100 * (1 - lacking_m2 / covered.area_m2) >= target.target_pct - 1e-9:
        return []
    facts: dict[str, Any] = {
        "commune": covered.unit_name,
        "ratio_pct": round(100 * covered.ratio, 4),
        "target_pct": target.target_pct,
        "lacking_m2": round(target.target_pct / 100 * covered.area_m2 - covered.planned_m2, 3),
        "on_whose_word": target.on_whose_word,
    }
    whole = shapely.multipolygons(uncovered)
    facts["verdict"] = verdict(whole, covered.level, tolerance_m)
    severity = _severity("level.below-target", facts["verdict"])
    return [Finding("level.below-target", severity, covered.level, (covered.unit_code,), (), whole, facts=facts)]


def _wide_parts(shape: Any, tolerance_m: float) -> list[Any]:
    """The polygons of any geometry, each wider than the tolerance; lines and points have no width."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    polygons = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return list(polygons[wider(polygons, tolerance_m)])


def _touched(shape: Any, communes: list[UnitRecord], tree: Any) -> tuple[str, ...]:
    return tuple(sorted(communes[place].code for place in tree.query(shape, predicate="intersects")))


def _shapes(areas: Sequence[UnitRecord | PlanRecord]) -> Shapes:
    return np.array([area.shape for area in areas], dtype=object)
