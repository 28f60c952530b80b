"""What each map of a sheet shows: the theme of the finest level large, every other theme with zones in a smaller map of its own."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape as read_shape

from api.documents.sheet.blocks import Pair, Record, Tongue
from api.documents.sheet.drawing import Area, Scene, Stroke, as_svg, legend
from api.documents.sheet.frame import DOT_MM2, Frame, Paper, frame_around
from api.documents.sheet.subject import numbered_corners
from planning.control_lines import KINDS
from planning.functions import function_of
from planning.geometry import LONLAT, from_hex, known_epsg, operation
from planning.plans import ENDS
from planning.store.reading import Window
from planning.themes import THEMES

LARGE = Paper(174, 104)
SMALL = Paper(79, 62)

FINEST_FIRST = ("detailed", "site_layout", "urban_design", "subdivision", "general", "land_use")
"""Levels of the theme that the large map shows: the one drawn at the largest scale, which says nothing of precedence."""

MOST_MAPS = 5
PARCEL_SCALE = 5_000
"""At smaller scales parcels are not drawn: they would be smaller than their numbers."""
BAND: Pair = ("hành lang bảo vệ (phạm vi hai bên)", "corridor, as far as it reaches")
LEFT_OFF: Pair = (
    "BẢN ĐỒ KHÔNG ĐẦY ĐỦ: chỉ vẽ các ô gần tâm nhất; phần trắng không có nghĩa là không có quy hoạch",
    "THE MAP IS NOT COMPLETE: only what is nearest its middle is drawn; white does not mean that no plan applies",
)
DOTS: Pair = (
    "{count} ô nhỏ hơn một chấm trên giấy không vẽ; bảng dưới và bản JSON vẫn tính cả",
    "{count} zones smaller than a dot on paper are not drawn; tables and JSON count them",
)
CORNERS: Pair = ("{count} góc ranh; cứ {apart} góc đánh dấu một", "{count} corners, one in {apart} is marked")
PARCELS: Pair = ("thửa đất lân cận", "neighbouring parcels")


def subject_shape(answer: Record) -> Any:
    """The subject in the storage CRS: its outline, or its point."""
    subject = answer["subject"]
    geometry = subject.get("geometry")
    if subject["kind"] == "point" or not geometry:
        return shapely.Point(subject["x"], subject["y"])
    srid = known_epsg(subject["crs"]) or LONLAT
    [outline] = operation(LONLAT, srid).shapes(np.array([read_shape(geometry)], dtype=object))
    return outline


def window(answer: Record) -> Window:
    """The window of the large map, which holds those of the small ones."""
    frame = frame_around(subject_shape(answer).bounds, LARGE)
    return Window(frame.box, frame.scale <= PARCEL_SCALE, frame.finest_m)


def maps(answer: Record, around: Record, tongue: Tongue) -> list[Record]:
    """The maps with their titles and legends; where no theme has a zone here, one map without fills."""
    ground = _ground(answer, around)
    large, small = frame_around(ground.subject.bounds, LARGE), frame_around(ground.subject.bounds, SMALL)
    themes = _drawn_themes(answer, around)
    first = [_map(answer, ground, themes[0] if themes else None, (large, 0), tongue)]
    return first + [
        _map(answer, ground, theme, (small, place), tongue) for place, theme in enumerate(themes[1:MOST_MAPS], start=1)
    ]


@dataclass(frozen=True, slots=True)
class Ground:
    """What every map of a sheet is cut from: the subject and what lies around it, shapes read once."""

    subject: Any
    corners: list[tuple[float, float]]
    around: Record


def _ground(answer: Record, around: Record) -> Ground:
    read = {name: _with_shapes(around[name]) for name in ("zones", "parcels", "lines")}
    corners = [(x, y) for x, y, _ in numbered_corners(answer["subject"])]
    return Ground(subject_shape(answer), corners, {**around, **read})


def _with_shapes(rows: list[Record]) -> list[Record]:
    shapes = from_hex(row["shape"] for row in rows)
    return [{**row, "shape": shape} for row, shape in zip(rows, shapes, strict=True)]


def _drawn_themes(answer: Record, around: Record) -> list[Record]:
    """Themes with a zone on the subject, the finest level first; else one with a zone nearby."""
    near = {theme_of(zone) for zone in around["zones"]}
    themes = [theme for theme in answer["themes"] if theme["theme"] in near]
    on_subject = [theme for theme in themes if any(one["zone"] for one in theme["restrictions"])]
    return sorted(on_subject or themes[:1], key=lambda theme: FINENESS[theme["theme"]])


FINENESS = {
    theme.key: min((FINEST_FIRST.index(level) for level in theme.levels), default=len(FINEST_FIRST)) for theme in THEMES
}


def theme_of(zone: Record) -> str | None:
    """The theme a zone of the window belongs to; None where its plan has ended or no theme tells of it."""
    if zone["carried"] in ENDS:
        return None
    return next((theme.key for theme in THEMES if theme.tells_of(zone["level"], zone["kind"])), None)


def _map(answer: Record, ground: Ground, theme: Record | None, at: tuple[Frame, int], tongue: Tongue) -> Record:
    frame, place = at
    scene = _scene(ground, theme, frame, tongue)
    name = tongue.of(theme["name"]) if theme else tongue.pair(("Vị trí", "Where it lies"))
    scale = tongue.one(("Tỷ lệ", "Scale")) + f" 1:{tongue.number(frame.scale)}"
    alt = tongue.one((
        f"Bản đồ {name['first']}, {scale}: ranh của đối tượng tra cứu viền đỏ; các chức năng có trong chú giải.",
        f"Map of {name['first']}, {scale}: the subject is outlined in red; functions are in the legend.",
    ))  # fmt: skip
    words = {
        "title": alt,
        "north": tongue.one(("B", "N")),
        "scale": scale,
        "crs": f"VN-2000, {answer['subject']['crs']}",
        "id": place,
    }
    keys = [*_legend(scene, tongue), *_left_off(ground.around, tongue), *_simplified(scene, frame, tongue)]
    return {
        "name": name, "alt": alt, "svg": as_svg(scene, frame, words), "legend": keys, "width_mm": frame.paper.width_mm + 8,
    }  # fmt: skip


def _legend(scene: Scene, tongue: Tongue) -> list[Record]:
    area = scene.subject.geom_type != "Point"
    subject = ("ranh đối tượng tra cứu", "the subject") if area else ("điểm tra cứu", "the point asked about")
    rows = [{"fill": None, "hatched": False, "kind": "subject", "text": tongue.one(subject)}, *legend(scene)]
    if any(row["hatched"] for row in rows):
        said = tongue.one(("gạch chéo: quy hoạch chưa được chuyển tiếp", "hatched: not carried over"))
        rows.append({"fill": "#ffffff", "hatched": True, "kind": "area", "text": said})
    if scene.parcels:
        rows.append({"fill": None, "hatched": False, "kind": "parcel", "text": tongue.one(PARCELS)})
    return rows


def _left_off(around: Record, tongue: Tongue) -> list[Record]:
    """That a map lacks what lies farther from its middle: white land would look like land without a plan."""
    most = around["cut"]
    if max(len(around["zones"]), len(around["lines"])) < most:
        return []
    said = tongue.one((f"{LEFT_OFF[0]} ({most})", f"{LEFT_OFF[1]} ({most})"))
    return [{"fill": None, "hatched": False, "kind": "note", "text": said}]


def _simplified(scene: Scene, frame: Frame, tongue: Tongue) -> list[Record]:
    """What the paper is too small for, in numbers."""
    said = []
    if scene.dots:
        said.append(tongue.one(DOTS).format(count=tongue.number(scene.dots)))
    if (apart := scene.corners_apart(frame)) > 1:
        said.append(tongue.one(CORNERS).format(count=tongue.number(len(scene.corners)), apart=apart))
    return [{"fill": None, "hatched": False, "kind": "remark", "text": text} for text in said]


def _scene(ground: Ground, theme: Record | None, frame: Frame, tongue: Tongue) -> Scene:
    zones = [zone for zone in ground.around["zones"] if theme and theme_of(zone) == theme["theme"]]
    areas, dots = _areas(zones, frame)
    parcels = ground.around["parcels"] if frame.scale <= PARCEL_SCALE else []
    numbered = zip(frame.seen([one["shape"] for one in parcels]), parcels, strict=True)
    return Scene(
        ground.subject, ground.corners, areas, [(seen, str(one["number"])) for seen, one in numbered if not seen.is_empty],
        _seen_strokes(ground.around["lines"], frame, tongue), dots,
    )  # fmt: skip


def _areas(zones: list[Record], frame: Frame) -> tuple[list[Area], int]:
    """Zones as they are seen, and how many of those in the window are too small to be drawn."""
    shapes = [zone["shape"] for zone in zones]
    seen, whole = frame.seen(shapes), frame.areas_mm2(shapes)
    found = [
        (_area(zone, shape, mm2), size >= DOT_MM2)
        for zone, shape, mm2, size in zip(zones, seen, frame.areas_mm2(seen), whole, strict=True)
        if not shape.is_empty
    ]
    drawn = [area for area, is_drawn in found if is_drawn]
    return drawn, len(found) - len(drawn)


def _area(zone: Record, seen: Any, mm2: float) -> Area:
    function = function_of(zone["function_code"], zone["function_scheme"])
    meaning = f"{zone['function_code']} – {function.vi}" if function else str(zone["function_code"])
    return Area(seen, mm2, function.fill if function else None, zone["lot_symbol"] or zone["function_code"], meaning,
        hatched=zone["carried"] == "undecided")  # fmt: skip


def _seen_strokes(lines: list[Record], frame: Frame, tongue: Tongue) -> list[Stroke]:
    strokes = [stroke for line in lines for stroke in _strokes(line, tongue)]
    seen = frame.seen([stroke.shape for stroke in strokes])
    return [replace(stroke, shape=shape) for stroke, shape in zip(strokes, seen, strict=True) if not shape.is_empty]


def _strokes(line: Record, tongue: Tongue) -> list[Stroke]:
    """A line as drawn; of a corridor also the land it takes."""
    shape, kind = line["shape"], line["kind"]
    drawn = Stroke(shape.boundary if shape.geom_type.endswith("Polygon") else shape, kind, tongue.one(KINDS[kind]))
    if kind != "corridor":
        return [drawn]
    band = shape if shape.geom_type.endswith("Polygon") else shapely.buffer(shape, line["half_width_m"] or 0.0)
    return [Stroke(band, "band", tongue.one(BAND)), drawn]
