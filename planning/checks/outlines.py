"""Faults of outlines as they come from files or the store: rings that cross, wrong nesting, spikes, repeated vertices, slivers.

Shapes may be invalid, empty or three-dimensional. Everything is measured in the plane, metres of the storage CRS.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from planning.checks.records import PlanRecord, UnitRecord, ZoneRecord
from planning.checks.rule import Rule
from planning.coverage.widths import NOISE_M, wider
from planning.findings import Finding
from planning.geometry import Coordinates, Shapes, mean_width_m

RULES: tuple[Rule, ...] = (
    Rule("geometry.self-intersection", "error", "planner",
        "Ranh giới tự cắt hoặc tự chạm", "The boundary crosses or touches itself",
        "Sửa các đỉnh tại vị trí được đánh dấu để đường ranh giới không cắt, không chạm lại chính nó, rồi nộp lại tệp.",
        "Move or delete the vertices at the marked place so that the ring meets itself nowhere, and send the file again.",
        "OGC 06-103r4 (ISO 19125-1), 6.1.11: a ring is simple and closed"),
    Rule("geometry.ring-nesting", "error", "planner",
        "Các vòng của một vùng lồng nhau sai: lỗ nằm ngoài vùng, các phần chồng lên nhau hoặc chung cạnh",
        "Rings of one area lie wrongly to each other: a hole outside its shell, parts that overlap or share an edge",
        "Kiểm tra vòng nào là ranh giới ngoài, vòng nào là lỗ; gộp các phần chồng lên nhau hoặc chung cạnh thành một phần.",
        "Check which ring is the boundary and which is a hole; merge parts that overlap or share an edge into one.",
        "OGC 06-103r4 (ISO 19125-1), 6.1.11 and 6.1.14: holes lie in their shell, parts meet in points only"),
    Rule("geometry.unclosed", "error", "planner",
        "Đường ranh giới không khép kín", "The boundary is not closed",
        "Nối điểm cuối với điểm đầu (trong CAD: lệnh PEDIT, chọn Close) rồi xuất lại tệp.",
        "Join the last point to the first (in CAD: PEDIT, Close) and export the file again.",
        "OGC 06-103r4 (ISO 19125-1), 6.1.11: a ring is simple and closed"),
    Rule("geometry.empty", "error", "planner",
        "Đối tượng không có vùng: hình rỗng, không phải đa giác, hoặc tọa độ không phải là số",
        "There is no area: the geometry is empty, not a polygon, or has coordinates that are not numbers",
        "Vẽ lại ranh giới của đối tượng dưới dạng đa giác, hoặc xóa dòng thừa khỏi bảng thuộc tính.",
        "Draw the boundary as a polygon, or delete the spare row from the attribute table.",
        "Circular 16/2025/TT-BXD, annex II: classes named _A hold areas"),
    Rule("geometry.spike", "warning", "planner",
        "Ranh giới có gai nhọn: đi ra rồi quay lại gần như trên chính đường cũ", "The boundary has a spike: it turns back almost on itself",
        "Xóa đỉnh được đánh dấu nếu ngoài thực địa không có góc nhọn như vậy.",
        "Delete the marked vertex unless there is such a corner on the ground.",
        "Measured: an angle under 1° with sides no more than 1 m apart"),
    Rule("geometry.too-small", "warning", "planner",
        "Vùng quá nhỏ hoặc quá hẹp để là một khu đất: dưới 1 m² hoặc hẹp hơn 2 cm",
        "The area is too small or too narrow to be a piece of land: under 1 m² or narrower than 2 cm",
        "Gộp mảnh này vào khu đất liền kề, hoặc xóa nếu đó là vụn còn lại sau khi cắt, ghép bản vẽ.",
        "Merge the piece into its neighbour, or delete it if cutting and joining drawings left it behind.",
        "At 1/500, the largest scale of plans, 2 cm is 0.04 mm on paper"),
    Rule("geometry.duplicate-point", "info", "planner",
        "Đỉnh ranh giới lặp lại tại cùng một vị trí", "A vertex of the boundary is repeated in one place",
        "Xóa đỉnh trùng, giữ lại một (QGIS: công cụ “Remove duplicate vertices”).",
        "Keep one of the vertices and delete the others (QGIS: “Remove duplicate vertices”).",
        "Vertices up to 1 mm apart differ by rounding"),
    Rule("geometry.ring-orientation", "info", "planner",
        "Chiều vẽ ngược quy ước: ranh giới ngoài không ngược chiều kim đồng hồ, hoặc lỗ không cùng chiều kim đồng hồ",
        "Rings run against the convention: a boundary not counter-clockwise, or a hole not clockwise",
        "Hình dạng và diện tích vẫn đúng; nếu phần mềm khác yêu cầu đúng chiều, chạy ST_ForcePolygonCCW của PostGIS rồi xuất lại.",
        "Shape and area are right; if another program asks for the direction, run ST_ForcePolygonCCW of PostGIS and export again.",
        "OGC 06-103r4 (ISO 19125-1), 6.1.11; RFC 7946, 3.1.6; Shapefiles keep the opposite"),
    Rule("geometry.three-d", "info", "planner",
        "Ranh giới có cao độ (tọa độ Z)", "The boundary carries heights (Z coordinates)",
        "Hệ thống chỉ xét mặt bằng. Nếu cao độ có ý nghĩa, lưu thành trường thuộc tính hoặc lớp riêng; nếu không, xuất lại tệp 2D.",
        "Only the plan view is used. Keep heights that mean something in a field or a layer of their own; else export in 2D.",
        "Boundaries of plans and units are kept as two-dimensional polygons"),
)  # fmt: skip

_RULES = {rule.code: rule for rule in RULES}

MARK_M = 0.5
"""Radius of the disc that shows a fault at a point."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a fault is one: degrees, metres, square metres. `mouth_m`: how far apart the sides of a spike may be."""

    spike_deg: float = 1.0
    mouth_m: float = 1.0
    repeated_m: float = NOISE_M
    least_area_m2: float = 1.0
    least_width_m: float = 0.02


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Owner:
    """What an outline belongs to, as a finding names it."""

    level: str
    unit_codes: tuple[str, ...] = ()
    plan_codes: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()

    def finding(self, code: str, shape: Any, facts: Mapping[str, Any]) -> Finding:
        """A finding of a rule of this module, of the rule's severity."""
        severity = _RULES[code].severity
        return Finding(code, severity, self.level, self.unit_codes, self.plan_codes, shape, self.subjects, facts)


Places = npt.NDArray[np.intp]
_Fault = tuple[int, str, Any, Mapping[str, Any]]
"""The place of a shape among those looked at, the rule, where the fault lies, what was measured."""


def geometry_findings(
    zones: Sequence[ZoneRecord], level_of: Mapping[str, str], limits: Limits = LIMITS
) -> list[Finding]:
    """Faults of zones. `level_of`: plan code → level of the plan."""
    owners = [Owner(level_of[zone.plan], (), (zone.plan,), (zone.name,)) for zone in zones]
    return outline_findings(owners, [zone.shape for zone in zones], limits)


def boundary_findings(records: Sequence[PlanRecord | UnitRecord], limits: Limits = LIMITS) -> list[Finding]:
    """Faults of the boundaries of plans and units."""
    owners = [
        Owner("unit", (one.code,)) if isinstance(one, UnitRecord) else Owner(one.level, (), (one.code,))
        for one in records
    ]
    return outline_findings(owners, [one.shape for one in records], limits)


def outline_findings(owners: Sequence[Owner], shapes: Sequence[Any], limits: Limits = LIMITS) -> list[Finding]:
    """Faults of shapes of any origin, in the order of the shapes. A fault without a place has an empty polygon."""
    given = np.empty(len(shapes), dtype=object)
    given[:] = shapes
    polygons = np.isin(shapely.get_type_id(given), (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    usable = polygons & ~shapely.is_empty(given) & _finite(given)
    faults: list[_Fault] = [
        (place, "geometry.empty", shapely.Polygon(), {"type": getattr(given[place], "geom_type", None)})
        for place in _where(~usable)
    ]
    faults += _at(_where(usable), _faults(given[usable], limits)) if usable.any() else []
    return [owners[place].finding(*fault) for place, *fault in sorted(faults, key=lambda it: it[0])]


def ring_findings(owner: Owner, rings: Sequence[Coordinates]) -> list[Finding]:
    """Rings as coordinates, (n, 2) or (n, 3), whose ends lie more than a millimetre apart; the place is the way between the ends."""
    found = []
    for xy in (ring[:, :2] for ring in rings):
        if not len(xy) or not np.isfinite(xy).all():
            found.append(owner.finding("geometry.empty", shapely.Polygon(), {"type": "ring", "vertices": len(xy)}))
        elif (gap_m := float(np.hypot(*(xy[-1] - xy[0])))) > NOISE_M:
            mark = shapely.LineString([xy[0], xy[-1]]).buffer(MARK_M)
            found.append(owner.finding("geometry.unclosed", mark, {"gap_m": gap_m, "vertices": len(xy)}))
    return found


def _finite(shapes: Shapes) -> npt.NDArray[np.bool_]:
    xy, place = shapely.get_coordinates(shapes, return_index=True)
    finite = np.ones(len(shapes), dtype=bool)
    finite[place[~np.isfinite(xy).all(axis=1)]] = False
    return finite


def _where(condition: npt.NDArray[np.bool_]) -> list[int]:
    return list(map(int, np.flatnonzero(condition)))


def _at(places: Sequence[int], faults: Iterable[_Fault]) -> list[_Fault]:
    """Faults of some of the shapes, placed among all."""
    return [(places[place], *rest) for place, *rest in faults]


def _faults(given: Shapes, limits: Limits) -> list[_Fault]:
    flat = shapely.force_2d(given)
    valid = shapely.is_valid(flat)
    sound, high = _where(valid), _where(shapely.has_z(given))
    found: list[_Fault] = [(place, *fault) for place in _where(~valid) for fault in _invalid(flat[place])]
    found += _repeated_and_spikes(flat, limits)
    found += _at(sound, [*_small(flat[sound], limits), *_turned(flat[sound])])
    return found + [(place, "geometry.three-d", *_heights(given[place])) for place in high]


def _invalid(shape: Any) -> list[tuple[str, Any, dict[str, Any]]]:
    """Every place where a ring crosses itself or two rings lie wrongly to each other; else the one place that GEOS names."""
    reason, x, y = re.fullmatch(r"(.*)\[(\S+) (\S+)\]", shapely.is_valid_reason(shape)).groups()  # type: ignore[union-attr]
    facts = {"reason": reason}
    crossed = [mark for ring in shapely.get_rings(shapely.get_parts(shape)) for mark in _crossings(ring)]
    nested = _misnested(shape)
    if crossed or nested:
        found = [("geometry.self-intersection", mark, facts) for mark in crossed]
        return found + [("geometry.ring-nesting", area, facts | {"area_m2": float(area.area)}) for area in nested]
    code = "geometry.self-intersection" if reason.startswith("Too few points") else "geometry.ring-nesting"
    return [(code, shapely.Point(float(x), float(y)).buffer(MARK_M), facts)]


def _crossings(ring: Any) -> Shapes:
    """Discs or bands around the places where a ring meets itself."""
    xy = shapely.get_coordinates(ring)
    xy = xy[np.append(True, (np.diff(xy, axis=0) != 0).any(axis=1))]
    segments = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1))
    one, other = _pairs(segments)
    met = shapely.intersection(segments[one], segments[other])
    joined = np.isin(other - one, (1, len(segments) - 1))
    met = met[~joined | (shapely.length(met) > 0)]
    return np.asarray(shapely.get_parts(shapely.union_all(shapely.buffer(met, MARK_M))), dtype=object)


def _misnested(shape: Any) -> list[Any]:
    """What holes have outside their shell, what holes share with each other, what parts share with each other."""
    parts, found = [], []
    for part in shapely.get_parts(shape):
        rings = shapely.make_valid(shapely.polygons(shapely.get_rings(part)), method="structure", keep_collapsed=False)
        holes = shapely.union_all(rings[1:])
        found += [shapely.difference(holes, rings[0]), *_common(rings[1:])]
        parts.append(shapely.difference(rings[0], holes))
    pieces = shapely.get_parts(shapely.get_parts([*found, *_common(np.array(parts, dtype=object))]))
    return [piece for piece in pieces if piece.area > 0]


def _common(polygons: Shapes) -> Shapes:
    one, other = _pairs(polygons)
    return np.asarray(shapely.intersection(polygons[one], polygons[other]), dtype=object)


def _pairs(shapes: Shapes) -> tuple[Places, Places]:
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    return one[one < other], other[one < other]


def _repeated_and_spikes(flat: Shapes, limits: Limits) -> Iterator[_Fault]:
    """Repeated vertices, then the spikes of what is left without them."""
    parts, place = shapely.get_parts(flat, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    open_end = np.append(ring[1:] == ring[:-1], False)
    xy, ring = xy[open_end], ring[open_end]
    before, _ = _neighbours(ring)
    apart = np.hypot(*(xy - xy[before]).T)
    repeated = apart <= limits.repeated_m
    again = repeated & ~repeated[before]
    steps = [{"apart_m": step} for step in apart[again].tolist()]
    yield from _marked("geometry.duplicate-point", place[part[ring[again]]], xy[again], steps)
    xy, ring = xy[~repeated], ring[~repeated]
    tips, measured = _tips(xy, ring, limits)
    yield from _marked("geometry.spike", place[part[ring[tips]]], xy[tips], measured)


def _neighbours(ring: Places) -> tuple[Places, Places]:
    """The places of the vertex before and after each within its ring; rings lie one after the other."""
    before, after = np.arange(len(ring)) - 1, np.arange(len(ring)) + 1
    firsts = np.flatnonzero(np.diff(ring, prepend=-1))
    lasts = np.append(firsts[1:], len(ring))[: len(firsts)] - 1
    before[firsts], after[lasts] = lasts, firsts
    return before, after


def _tips(xy: Coordinates, ring: Places, limits: Limits) -> tuple[Places, list[dict[str, float]]]:
    """Vertices with a sharp angle between sides that are close, the angle, the length of the shorter side, how far the sides open."""
    before, after = _neighbours(ring)
    back, ahead = xy[before] - xy, xy[after] - xy
    cross, dot = back[:, 0] * ahead[:, 1] - back[:, 1] * ahead[:, 0], (back * ahead).sum(axis=1)
    angle = np.arctan2(np.abs(cross), dot)
    length_m = np.minimum(np.hypot(*back.T), np.hypot(*ahead.T))
    mouth_m = 2 * length_m * np.sin(angle / 2)
    tips = np.flatnonzero((np.degrees(angle) < limits.spike_deg) & (mouth_m <= limits.mouth_m) & (length_m > 0))
    measured = np.column_stack([np.degrees(angle), length_m, mouth_m])[tips].tolist()
    return tips, [dict(zip(("angle_deg", "length_m", "mouth_m"), row, strict=True)) for row in measured]


def _marked(code: str, places: Places, xy: Coordinates, measured: Iterable[Mapping[str, float]]) -> list[_Fault]:
    marks = shapely.buffer(shapely.points(xy), MARK_M)
    return [(place, code, mark, facts) for place, mark, facts in zip(places.tolist(), marks, measured, strict=True)]


def _small(flat: Shapes, limits: Limits) -> list[_Fault]:
    parts, place = shapely.get_parts(flat, return_index=True)
    small = (shapely.area(parts) < limits.least_area_m2) | ~wider(parts, limits.least_width_m)
    sizes = [{"area_m2": part.area, "width_m": mean_width_m(part)} for part in parts[small]]
    return [(int(at), "geometry.too-small", *one) for at, *one in zip(place[small], parts[small], sizes, strict=True)]


def _turned(flat: Shapes) -> list[_Fault]:
    """One fault for each shape, with the numbers of boundaries and holes that run the wrong way round."""
    parts, place = shapely.get_parts(flat, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    outer = np.diff(part, prepend=-1) != 0
    wrong = shapely.is_ccw(rings) != outer
    shells, holes = (np.bincount(place[part[wrong & of]], minlength=len(flat)) for of in (outer, ~outer))
    return [
        (at, "geometry.ring-orientation", flat[at], {"boundaries": int(shells[at]), "holes": int(holes[at])})
        for at in _where(shells + holes > 0)
    ]


def _heights(shape: Any) -> tuple[Any, dict[str, float]]:
    """The ground under a shape, and from where to where its heights go."""
    heights = shapely.get_coordinates(shape, include_z=True)[:, 2]
    known = heights[np.isfinite(heights)]
    facts = {"lowest_m": float(known.min()), "highest_m": float(known.max())} if len(known) else {}
    return shapely.make_valid(shapely.force_2d(shape), method="structure", keep_collapsed=False), facts
