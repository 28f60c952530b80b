"""Every rule that looks at records one by one or side by side, applied to what is in force on a day."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import shapely

from planning.checks.amendments import as_amended
from planning.checks.areas import plan_area_findings, unit_area_findings, zone_area_findings
from planning.checks.borders import seam_findings
from planning.checks.decisions import decision_findings
from planning.checks.harmony import Corridor, corridor_findings, harmony_findings
from planning.checks.indicators import indicator_findings
from planning.checks.outlines import boundary_findings, geometry_findings
from planning.checks.papers import paper_findings
from planning.checks.placement import placement_findings
from planning.checks.records import MergerRecord, PlanRecord, UnitRecord, ZoneRecord
from planning.checks.succession import succession_findings
from planning.checks.successions import former_findings
from planning.findings import Finding

Step = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Ground:
    """Communes and provinces in force, and communes that have ended, all with their boundaries; safety corridors in force; the mergers
    that made the units of the day.
    """

    now: Sequence[UnitRecord]
    former: Sequence[UnitRecord] = ()
    corridors: Sequence[Corridor] = ()
    mergers: Sequence[MergerRecord] = ()

    @property
    def communes(self) -> list[UnitRecord]:
        """The communes in force."""
        return [unit for unit in self.now if unit.level == "commune"]


def record_findings(
    plans: Sequence[PlanRecord], units: Ground, on: date, srid: int, step: Step | None = None
) -> list[Finding]:
    """Findings of all rules but those of coverage, each with the communes its place touches. `srid`: the storage CRS."""
    found: list[Finding] = []
    groups = list(_groups(plans, units, on, srid))
    for place, (name, act) in enumerate(groups):
        found += act()
        if step:
            step(name, place + 1, len(groups))
    return _with_units(found, units.communes)


def _groups(
    plans: Sequence[PlanRecord], units: Ground, on: date, srid: int
) -> Iterator[tuple[str, Callable[[], list[Finding]]]]:
    level_of = {plan.code: plan.level for plan in plans}
    zones, standing = _zones_by_level(plans), _zones_by_level(as_amended(plans))
    yield "ranh giới / outlines", lambda: boundary_findings([*plans, *units.now])
    yield "hình học / geometry", lambda: geometry_findings([zone for plan in plans for zone in plan.zones], level_of)
    yield "vị trí / placement", lambda: placement_findings(plans, units.communes, srid)
    yield "quyết định / decisions", lambda: decision_findings(plans, on)
    yield "thay thế / succession", lambda: succession_findings(plans)
    yield "tài liệu / documents", lambda: paper_findings(plans)
    yield "diện tích / areas", lambda: plan_area_findings(plans, srid) + unit_area_findings(units.now, srid)
    for level, own in zones.items():
        yield (
            f"chỉ tiêu / indicators: {level}",
            lambda own=own, level=level: indicator_findings(own, level, standing[level]),  # type: ignore[misc]
        )
        yield f"diện tích khu / zone areas: {level}", lambda own=own, level=level: zone_area_findings(own, level, srid)  # type: ignore[misc]
    yield "đơn vị cũ / former units", lambda: former_findings(units.mergers)
    yield "đường ráp / seams", lambda: seam_findings(units.former, plans)
    for level, own in standing.items():
        yield (
            f"hành lang / corridors: {level}",
            lambda own=own, level=level: corridor_findings(units.corridors, own, level),  # type: ignore[misc]
        )
    land_use = standing.get("land_use", [])
    for level, own in standing.items():
        if level != "land_use" and land_use:
            yield f"hài hòa / harmony: {level}", lambda own=own, level=level: harmony_findings(own, land_use, level)  # type: ignore[misc]


def _zones_by_level(plans: Sequence[PlanRecord]) -> dict[str, list[ZoneRecord]]:
    zones: dict[str, list[ZoneRecord]] = {}
    for plan in plans:
        zones.setdefault(plan.level, []).extend(plan.zones)
    return zones


def _with_units(found: Sequence[Finding], communes: Sequence[UnitRecord]) -> list[Finding]:
    """Findings that name no unit get the communes that their place touches."""
    if not communes:
        return list(found)
    tree = shapely.STRtree([commune.shape for commune in communes])
    bare = [place for place, one in enumerate(found) if not one.unit_codes and not one.shape.is_empty]
    result = list(found)
    pairs = (
        tree.query(np.array([found[place].shape for place in bare], dtype=object), predicate="intersects").T
        if bare
        else []
    )
    codes: dict[int, list[str]] = {}
    for one, commune in pairs:
        codes.setdefault(bare[one], []).append(communes[commune].code)
    for place, own in codes.items():
        result[place] = replace(found[place], unit_codes=tuple(sorted(own)))
    return result
