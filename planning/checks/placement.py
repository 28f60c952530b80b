"""Whether a plan lies where its coordinates say: read once more as each of the usual mistakes would have it, against the communes.

A plan is accused only where another reading fits clearly better than the present one; where several fit equally, somebody must be
asked. Two sorts of evidence count. By land: the plan lies in no commune, read otherwise it lies in them. By border: the plan is
drawn along borders of communes, read otherwise it follows them and at present it does not; this tells shifts of 200 m inside the
province. A small plan within a commune follows no border and gives no evidence of the second sort.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely

from planning.checks.records import PlanRecord, UnitRecord
from planning.checks.rule import Rule
from planning.coverage.widths import wider
from planning.findings import Finding
from planning.geometry import (
    LONGEST_STRAIGHT_EDGE_M,
    LONLAT,
    VIETNAM_LONLAT,
    VN2000_LONLAT,
    VN2000_WIDE_ZONES,
    VN2000_ZONES,
    Coordinates,
    operation,
)
from planning.ground import (
    ALIKE,
    FOLLOWS,
    FOLLOWS_MORE,
    INSIDE,
    LEAST_WIDTH_M,
    OUTSIDE,
    Ground,
    drawn,
    ground_of,
    outline_points,
    sound,
)

RULES: tuple[Rule, ...] = (
    Rule("crs.outside-zone", "error", "planner",
        "Tọa độ nằm ngoài phạm vi của múi chiếu lưu trữ", "Coordinates lie outside the zone they are kept in",
        "Kiểm tra hệ tọa độ, kinh tuyến trục và đơn vị (m) của tệp gốc, khai báo lại rồi nộp lại tệp.",
        "Check CRS, central meridian and unit (m) of the source file, declare them again and send the file again.",
        "VN-2000 projected zones (EPSG:5896-9218, 3405, 3406): a zone is used within 2° of its meridian, 6° zones within 3.5°"),
    Rule("crs.swapped-axes", "error", "planner",
        "Hai trục tọa độ bị đổi chỗ: X (bắc) được đọc thành Y (đông)", "Axes are exchanged: northing was read as easting",
        "Đổi chỗ hai cột tọa độ khi nhập: cột X của bản vẽ là tọa độ bắc, cột Y là tọa độ đông.",
        "Exchange the two columns when importing: X of the drawing is the northing, Y the easting.",
        "Vietnamese drawings write X for the northing, GIS files for the easting"),
    Rule("crs.wrong-zone", "error", "planner",
        "Đồ án được đọc sai múi chiếu (kinh tuyến trục) VN-2000", "The plan was read in the wrong VN-2000 zone (central meridian)",
        "Hỏi đơn vị lập bản vẽ về kinh tuyến trục, khai báo múi chiếu nêu trong kết quả kiểm tra rồi nộp lại tệp.",
        "Ask who drew the plan for its central meridian, declare the zone the finding names and send the file again.",
        "105°30′ read as 107°00′ moves a plan by 156 km; former provinces used different meridians"),
    Rule("crs.datum-shift", "warning", "planner",
        "Đồ án lệch khoảng 224 m do thiếu hoặc thừa bước chuyển giữa WGS 84 và VN-2000",
        "The plan is off by some 224 m: the step between WGS 84 and VN-2000 was left out or done twice",
        "Xác định tệp gốc thuộc hệ WGS 84 hay VN-2000, khai báo đúng và chuyển đổi bằng EPSG:6960 rồi nộp lại tệp.",
        "Find out whether the source file is in WGS 84 or VN-2000, declare it, transform by EPSG:6960 and send the file again.",
        "EPSG:6960; its vector is about (-195 m, +110 m) in Bắc Ninh"),
    Rule("crs.scale-factor", "warning", "planner",
        "Đồ án lệch khoảng 700 m do nhầm hệ số tỷ lệ 0,9996 (múi 6°) với 0,9999 (múi 3°)",
        "The plan is off by some 700 m: scale factors 0.9996 (6° zones) and 0.9999 (3° zones) were mistaken for each other",
        "Kiểm tra hệ số tỷ lệ k0 trong khai báo hệ tọa độ của tệp gốc (UTM 48N, 49N dùng 0,9996), sửa rồi nộp lại tệp.",
        "Check k0 in the CRS declared for the source file (UTM 48N and 49N have 0.9996), mend it and send the file again.",
        "Northings near 2 350 km differ by 0.03 %, 706 m"),
    Rule("crs.ambiguous", "warning", "planner",
        "Đồ án không khớp với các xã, phường; có nhiều cách đọc tọa độ khớp như nhau",
        "The plan does not fit the communes, and several readings of its coordinates fit equally well",
        "Hỏi đơn vị lập bản vẽ về hệ tọa độ và kinh tuyến trục; không tự chọn trong các khả năng được liệt kê.",
        "Ask who drew the plan for CRS and central meridian; do not choose among the candidates yourself.",
        "Zones 15′ apart move a plan by 26 km, less than a province is wide"),
)  # fmt: skip

_RULES = {rule.code: rule for rule in RULES}

ZONE_HALF_WIDTH_DEG = 2.0
WIDE_ZONE_HALF_WIDTH_DEG = 3.5
"""Degrees from the meridian: half a zone of 3° or 6°, and what it may overlap the next."""

_MERIDIANS = VN2000_ZONES | VN2000_WIDE_ZONES
_SCALES = dict.fromkeys(VN2000_ZONES, 0.9999) | dict.fromkeys(VN2000_WIDE_ZONES, 0.9996)
_FALSE_EASTING = (500_000.0, 0.0)

Step = Callable[[Coordinates], Coordinates]


@dataclass(frozen=True, slots=True)
class Reading:
    """Another way to read a plan: from where it is kept to where it would be. `facts` names what the source is then taken for."""

    code: str
    steps: tuple[Step, ...]
    facts: Mapping[str, Any]

    def coordinates(self, xy: Coordinates) -> Coordinates:
        """Transform an (n, 2) array within the storage CRS; non-finite where the reading makes no sense."""
        for step in self.steps:
            xy = step(xy)
        return xy

    def shape(self, shape: Any) -> Any:
        """Transform a polygon; long edges get vertices first."""
        dense = shapely.segmentize(shape, LONGEST_STRAIGHT_EDGE_M)
        return sound(shapely.transform(dense, self.coordinates))


@dataclass(frozen=True, slots=True)
class _Fit:
    """How a plan fits the communes: the share of its area within them, and of its boundary along their borders."""

    inside: float
    along: float


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A reading that fits clearly better than the present one, and how far it moves the plan."""

    reading: Reading
    fit: _Fit
    distance_m: float

    def facts(self) -> dict[str, Any]:
        """What is assumed and what it explains."""
        return {
            **self.reading.facts,
            "distance_m": self.distance_m,
            "inside_then_pct": 100 * self.fit.inside,
            "along_borders_then_pct": 100 * self.fit.along,
        }


def placement_findings(plans: Sequence[PlanRecord], units: Sequence[UnitRecord], srid: int) -> list[Finding]:
    """Plans that cannot lie where they are kept. `units`: the communes on record; `srid`: the storage CRS, a VN-2000 plane zone.

    Plans without an area or with coordinates that are not numbers are left to the rules on geometry.
    """
    ground = ground_of([unit.shape for unit in units])
    found: list[Finding] = []
    for plan in plans:
        if drawn(plan.shape):
            found += _outside_zone(plan, srid)
            found += _misread(plan, ground, srid) if ground else []
    return found


@lru_cache(maxsize=64)
def readings(srid: int, declared: int) -> tuple[tuple[Reading, ...], tuple[Reading, ...]]:
    """What may have gone wrong with a plan declared in one zone and kept in another: one mistake; two mistakes at once."""
    as_declared, stored = operation(srid, declared).coordinates, operation(declared, srid).coordinates
    zones = [zone for zone, meridian in _MERIDIANS.items() if meridian != _MERIDIANS[declared]]
    from_zone = {zone: operation(zone, srid).coordinates for zone in zones}
    single = [
        Reading("crs.swapped-axes", (as_declared, _swapped, stored), _zone_facts(declared)),
        _rescaled(srid, declared),
        _without_datum(srid, LONLAT, VN2000_LONLAT, "VN-2000"),
        _without_datum(srid, VN2000_LONLAT, LONLAT, "WGS 84"),
        *(Reading("crs.wrong-zone", (as_declared, from_zone[zone]), _zone_facts(zone)) for zone in zones),
    ]
    double = [
        Reading("crs.swapped-axes", (as_declared, _swapped, from_zone[zone]), _zone_facts(zone)) for zone in zones
    ]
    return tuple(single), tuple(double)


def _swapped(xy: Coordinates) -> Coordinates:
    return xy[:, ::-1]


def _zone_facts(zone: int) -> dict[str, Any]:
    return {"epsg": zone, "central_meridian": _MERIDIANS[zone], "scale_factor": _SCALES[zone]}


def _rescaled(srid: int, declared: int) -> Reading:
    """The other of the two scale factors on the same meridian: plane coordinates are proportional to it."""
    meridian, scale = _MERIDIANS[declared], _SCALES[declared]
    other = 0.9996 if scale == 0.9999 else 0.9999
    zone = next((code for code in _MERIDIANS if (_MERIDIANS[code], _SCALES[code]) == (meridian, other)), None)

    def rescaled(xy: Coordinates) -> Coordinates:
        return (xy - _FALSE_EASTING) * (scale / other) + _FALSE_EASTING

    steps = (operation(srid, declared).coordinates, rescaled, operation(declared, srid).coordinates)
    return Reading("crs.scale-factor", steps, {"epsg": zone, "central_meridian": meridian, "scale_factor": other})


def _without_datum(srid: int, out: int, back: int, datum: str) -> Reading:
    """Longitude and latitude on one datum taken for those on the other: `datum` is that of the source."""
    steps = (operation(srid, out).coordinates, operation(back, srid).coordinates)
    return Reading("crs.datum-shift", steps, {"source_datum": datum})


def _finding(plan: PlanRecord, code: str, facts: Mapping[str, Any]) -> Finding:
    return Finding(code, _RULES[code].severity, plan.level, (), (plan.code,), plan.shape, (), facts)


def _outside_zone(plan: PlanRecord, srid: int) -> list[Finding]:
    west, south, east, north = plan.shape.bounds
    corners = np.array([(west, south), (east, south), (east, north), (west, north)])
    lon, lat = operation(srid, VN2000_LONLAT).coordinates(corners).T
    half_width_deg = WIDE_ZONE_HALF_WIDTH_DEG if srid in VN2000_WIDE_ZONES else ZONE_HALF_WIDTH_DEG
    in_zone = np.abs(lon - _MERIDIANS[srid]) <= half_width_deg
    in_country = (lat >= VIETNAM_LONLAT[1]) & (lat <= VIETNAM_LONLAT[3])
    if (in_zone & in_country).all():
        return []
    bounds = {"easting_m": [west, east], "northing_m": [south, north]}
    return [_finding(plan, "crs.outside-zone", _zone_facts(srid) | bounds)]


def _misread(plan: PlanRecord, ground: Ground, srid: int) -> list[Finding]:
    """The one reading that explains the place of a plan, or that several do. Two mistakes are supposed only where one explains nothing."""
    declared = plan.source_crs if plan.source_crs in _MERIDIANS else srid
    shape = sound(plan.shape)
    points = outline_points(shape)
    now = _Fit(ground.inside(shape), ground.along(points))
    present = {"declared_epsg": declared, "inside_now_pct": 100 * now.inside, "along_borders_now_pct": 100 * now.along}
    for possible in readings(srid, declared):
        fitting = _fitting(shape, points, now, ground, possible)
        if len(fitting) == 1:
            return [_finding(plan, fitting[0].reading.code, present | fitting[0].facts())]
        if fitting:
            candidates = [{"rule": one.reading.code, **one.facts()} for one in fitting]
            return [_finding(plan, "crs.ambiguous", present | {"candidates": candidates})]
    return []


def _fitting(
    shape: Any, points: Coordinates, now: _Fit, ground: Ground, possible: Sequence[Reading]
) -> list[_Candidate]:
    """Readings that fit clearly better: the best by borders, and what equals it; where none follows borders, all by land."""
    broad = bool(wider(np.array([shape], dtype=object), LEAST_WIDTH_M)[0])
    by_border: list[_Candidate] = []
    by_land: list[_Candidate] = []
    for reading in possible:
        moved = reading.coordinates(points)
        if not np.isfinite(moved).all():
            continue
        along = ground.along(moved)
        follows = broad and along >= max(FOLLOWS, now.along + FOLLOWS_MORE)
        if (follows or now.inside < OUTSIDE) and (inside := ground.inside(reading.shape(shape))) >= INSIDE:
            distance_m = float(np.hypot(*(moved - points).mean(axis=0)))
            (by_border if follows else by_land).append(_Candidate(reading, _Fit(inside, along), distance_m))
    best = max((one.fit.along for one in by_border), default=0.0)
    return [one for one in by_border if one.fit.along >= best - ALIKE] or by_land
