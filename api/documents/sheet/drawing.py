"""The map of a sheet as an SVG in millimetres: zones in their standard fills, neighbours, control lines, the subject and its corners.

Hatched is what awaits a decision after a merger. A map shows one theme: plans of several levels on one map would say
that one lies over the other, and the law knows no such order (Law 47/2024/QH15, article 8.2).
"""

from dataclasses import dataclass, field
from typing import Any

import shapely

from api.documents.impact_page import environment
from api.documents.sheet.frame import Frame, scale_bar, ticks

Record = dict[str, Any]

UNKNOWN_FILL = "#ffffff"
SMALLEST_NAMED_MM2 = 60
"""A zone or parcel that takes less paper bears no name."""

MOST_CORNERS = 40
"""Corners numbered on the map; with more, every so many-th bears its number."""


@dataclass(frozen=True, slots=True)
class Area:
    """A zone on the map; `hatched`: its plan is not carried over."""

    shape: Any
    fill: str | None
    name: str
    meaning: str
    hatched: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A control line or marker, or the band a corridor takes on both sides."""

    shape: Any
    kind: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Scene:
    """What lies in the window, in the storage CRS. `subject`: a polygon, or a point."""

    subject: Any
    corners: list[tuple[float, float]] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    parcels: list[tuple[Any, str]] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)


def as_svg(scene: Scene, frame: Frame, words: Record) -> str:
    """The map; `words` are its title and the letter of the north, read to those who do not see it."""
    areas = [area for area in (_area(area, frame) for area in scene.areas) if area["path"]]
    return (
        environment()
        .get_template("map.svg")
        .render(
            frame=frame, paper=frame.paper, words=words, areas=areas,
            parcels=[_parcel(shape, name, frame) for shape, name in scene.parcels],
            strokes=[{"kind": one.kind, "path": frame.path(one.shape)} for one in scene.strokes],
            subject=_subject(scene, frame), corners=_corners(scene, frame), ticks=ticks(frame), bar=scale_bar(frame),
        )
    )  # fmt: skip


def legend(scene: Scene, frame: Frame) -> list[Record]:
    """Each fill and each line seen, once, in the order of their first appearance; what takes most paper comes first."""
    found: dict[str, Record] = {}
    for area in sorted(scene.areas, key=lambda area: (-round(frame.area_mm2(area.shape), 1), area.meaning)):
        if frame.sees(area.shape):
            row = {"fill": area.fill or UNKNOWN_FILL, "hatched": area.hatched, "kind": "area", "text": area.meaning}
            found.setdefault(f"{area.meaning} {area.hatched}", row)
    for stroke in scene.strokes:
        if frame.sees(stroke.shape):
            found.setdefault(
                stroke.meaning, {"fill": None, "hatched": False, "kind": stroke.kind, "text": stroke.meaning}
            )
    return list(found.values())


def _area(area: Area, frame: Frame) -> Record:
    named = frame.area_mm2(area.shape) >= SMALLEST_NAMED_MM2
    return {
        "path": frame.path(area.shape), "fill": area.fill or UNKNOWN_FILL, "hatched": area.hatched,
        "name": area.name if named else "", "at": frame.middle(area.shape) if named else None,
    }  # fmt: skip


def _parcel(shape: Any, name: str, frame: Frame) -> Record:
    named = frame.area_mm2(shape) >= SMALLEST_NAMED_MM2
    return {"path": frame.path(shape), "name": name if named else "", "at": frame.middle(shape) if named else None}


def _subject(scene: Scene, frame: Frame) -> Record:
    if scene.subject.geom_type == "Point":
        return {"path": "", "at": frame.at(scene.subject.x, scene.subject.y)}
    return {"path": frame.path(scene.subject), "at": None}


def _corners(scene: Scene, frame: Frame) -> list[Record]:
    """Dots at the corners; their numbers stand outside, away from the middle."""
    every = -(-len(scene.corners) // MOST_CORNERS) or 1
    middle = shapely.centroid(scene.subject)
    across, down = frame.at(middle.x, middle.y)
    found = []
    for place, (x, y) in enumerate(scene.corners):
        left, top = frame.at(x, y)
        away = ((left - across) ** 2 + (top - down) ** 2) ** 0.5 or 1.0
        number = str(place + 1) if place % every == 0 else ""
        spot = (round(left + 2.6 * (left - across) / away, 2), round(top + 2.6 * (top - down) / away + 0.8, 2))
        found.append({"at": (left, top), "number": number, "spot": spot})
    return found
