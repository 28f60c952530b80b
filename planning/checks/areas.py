"""Declared areas held against drawn ones, in the zone of VN-2000 or UTM that the shape came in: there the area was reckoned.

Where that is not known, or was no plane zone, the drawn area is that of the storage CRS. The same ground has up to 623 ppm more area in
another zone (105°30′ against 107°00′, at the far east of Bắc Ninh), so no tolerance is below that; the facts say which zone was taken.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from planning.checks.records import PlanRecord, UnitRecord, ZoneRecord
from planning.checks.rule import Rule
from planning.findings import Finding
from planning.geometry import Shapes, areas_m2, reckons_areas
from planning.units import area_verdict

Numbers = npt.NDArray[np.float64]

TOLERANCE = 0.01
"""Share of the drawn area by which plans and zones may differ: practice."""

ZONE_ROUNDING_M2 = 1.0
PLAN_ROUNDING_HA = 0.01
"""The last digit zones (m²) and plans (ha) are declared with, which counts where it is more than the share."""

ZONE_PPM = 623
"""By how many parts in a million another zone of VN-2000 may change a plane area within the province: measured, zone 105°30′ at 107°02′."""

UNIT_TOLERANCE = 0.05
"""A wrong unit of measure is told within this share: few digits are left of 0.06 ha."""

M2_ERRORS = (
    (1e-4, "ghi ha thay cho m² / ha written for m²"),
    (1e-6, "ghi km² thay cho m² / km² written for m²"),
)
HA_ERRORS = (
    (1e4, "ghi m² thay cho ha / m² written for ha"),
    (1e-2, "ghi km² thay cho ha / km² written for ha"),
)
"""Factor between declared and drawn area, where m² or ha were asked for → the mistake behind it."""

PLAN_AREA = Rule(
    "plan.area-differs",
    "warning",
    "planner",
    "Diện tích quy hoạch ghi trong hồ sơ khác diện tích ranh giới đã vẽ",
    "The declared area of the plan is not that of its boundary",
    "Đối chiếu diện tích trong quyết định với ranh giới quy hoạch và múi chiếu của bản vẽ; sửa số ghi (đơn vị ha) hoặc sửa ranh giới.",
    "Compare the decision with the boundary and the zone of its coordinates; correct the number (in ha) or the boundary.",
    "practice: 1 % or 0.01 ha, in the zone the drawing came in; measured: another zone of VN-2000 changes an area by up to 623 ppm",
)
ZONE_AREA = Rule(
    "zone.area-differs",
    "warning",
    "planner",
    "Diện tích lô đất ghi trong hồ sơ khác diện tích đã vẽ",
    "The declared area of the zone is not the drawn one",
    "Đối chiếu bảng thống kê sử dụng đất với bản vẽ; sửa diện tích của lô (đơn vị m²) hoặc vẽ lại ranh giới lô.",
    "Compare the table of land use with the drawing; correct the lot's area (in m²) or its outline.",
    "practice: 1 % or 1 m², in the zone the drawing came in; measured: another zone of VN-2000 changes an area by up to 623 ppm",
)
UNIT_AREA = Rule(
    "unit.area-differs",
    "warning",
    "surveyor",
    "Diện tích tự nhiên theo nghị quyết khác diện tích ranh giới đã vẽ",
    "The declared area of the unit is not that of its boundary",
    "Đối chiếu nghị quyết sắp xếp đơn vị hành chính với ranh giới; xem cả các xã, phường liền kề, vì phần thiếu ở đây có thể nằm ở đó.",
    "Compare the resolution with the boundary, and look at the neighbours: what is short here may have been drawn there.",
    "measured: nine in ten of 3 321 communes agree within 5 %; units on the sea are not judged",
)
RULES: tuple[Rule, ...] = (PLAN_AREA, ZONE_AREA, UNIT_AREA)


def plan_area_findings(plans: Sequence[PlanRecord], srid: int) -> list[Finding]:
    """Plans whose declared area (ha) differs from the drawn one by more than 1 %, or 0.01 ha where that is more.

    `srid`, here and below, is the storage CRS.
    """
    declared = _column([plan.declared_area_ha for plan in plans])
    drawn = _drawn_m2(plans, declared, srid) / 1e4
    found = []
    for at in _differing(declared, drawn, PLAN_ROUNDING_HA):
        plan = plans[at]
        facts = {**_facts(declared[at], drawn[at], "ha", HA_ERRORS), **_reckoned(plan.source_crs, srid)}
        found.append(Finding(PLAN_AREA.code, PLAN_AREA.severity, plan.level, (), (plan.code,), plan.shape, facts=facts))
    return found


def zone_area_findings(zones: Sequence[ZoneRecord], level: str, srid: int) -> list[Finding]:
    """Zones of plans of a level whose declared area (m²) differs from the drawn one by more than 1 %, or 1 m² where that is more."""
    declared = _column([zone.declared_area_m2 for zone in zones])
    drawn = _drawn_m2(zones, declared, srid)
    found = []
    for at in _differing(declared, drawn, ZONE_ROUNDING_M2):
        zone = zones[at]
        facts = {**_facts(declared[at], drawn[at], "m2", M2_ERRORS), **_reckoned(zone.source_crs, srid)}
        found.append(
            Finding(ZONE_AREA.code, ZONE_AREA.severity, level, (), (zone.plan,), zone.shape, (zone.name,), facts)
        )
    return found


def unit_area_findings(units: Sequence[UnitRecord], srid: int) -> list[Finding]:
    """Units whose declared area (km²) is doubtful; of units on the sea only a wrong unit of measure is told.

    A unit without a declared area or without ground is not judged.
    """
    drawn = _drawn_m2(units, _column([unit.declared_area_km2 for unit in units]), srid) / 1e6
    found = []
    for unit, drawn_km2 in zip(units, drawn.tolist(), strict=True):
        if unit.declared_area_km2 is None or not drawn_km2 > 0:
            continue
        verdict = area_verdict(unit.declared_area_km2, drawn_km2, coastal=unit.coastal)
        if verdict.judgement == "doubtful":
            facts = {
                "declared_km2": unit.declared_area_km2,
                "drawn_km2": round(drawn_km2, 4),
                "ratio": verdict.ratio,
                "why": verdict.why,
                **_reckoned(unit.source_crs, srid),
            }
            found.append(Finding(UNIT_AREA.code, UNIT_AREA.severity, "unit", (unit.code,), (), unit.shape, facts=facts))
    return found


def _column(values: list[float | None]) -> Numbers:
    return np.array(values, dtype=np.float64)


def _drawn_m2(drawn: Sequence[PlanRecord | ZoneRecord | UnitRecord], declared: Numbers, srid: int) -> Numbers:
    """Drawn areas; of what has a declared one, in the zone it came in."""
    shapes: Shapes = np.array([one.shape for one in drawn], dtype=object)
    zones = np.array([_zone_of(one.source_crs, srid) for one in drawn], dtype=np.int64)
    areas: Numbers = np.asarray(shapely.area(shapes), dtype=np.float64)
    for zone in np.unique(zones[zones != srid]).tolist():
        own = (zones == zone) & ~np.isnan(declared)
        areas[own] = areas_m2(shapes[own], srid, zone)
    return areas


def _zone_of(source_crs: int | None, srid: int) -> int:
    return source_crs if source_crs is not None and reckons_areas(source_crs) else srid


def _reckoned(source_crs: int | None, srid: int) -> Mapping[str, Any]:
    """In which zone the drawn area was reckoned; where that is not the one it was declared in, how much the zone may change."""
    known = reckons_areas(source_crs)
    return {
        "drawn_in_crs": _zone_of(source_crs, srid),
        "source_crs": source_crs,
        "another_zone_changes_ppm": None if known else ZONE_PPM,
    }


def _differing(declared: Numbers, drawn: Numbers, rounding: float) -> list[int]:
    """Places; what is not declared (nan) never differs."""
    off = np.abs(declared - drawn) > np.maximum(TOLERANCE * drawn, rounding) * (1 + 1e-9)
    return [int(at) for at in np.flatnonzero(off)]


def _facts(declared: float, drawn: float, measure: str, errors: Sequence[tuple[float, str]]) -> Mapping[str, Any]:
    ratio = float(declared / drawn) if drawn else None
    factor, mistake = next((one for one in errors if ratio and abs(ratio / one[0] - 1) <= UNIT_TOLERANCE), (None, None))
    return {
        f"declared_{measure}": float(declared),
        f"drawn_{measure}": round(float(drawn), 4),
        "ratio": ratio,
        "factor": factor,
        "unit_error": mistake,
    }
