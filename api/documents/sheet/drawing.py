"""The map of a sheet as an SVG in millimetres: zones in their standard fills, neighbours, control lines, the subject and its corners.

Hatched is what awaits a decision after a merger. A map shows one theme: plans of several levels on one map would say
that one lies over the other, and the law knows no such order (Law 47/2024/QH15, article 8.2).
"""

from dataclasses import dataclass, field
from math import ceil
from typing import Any

import shapely

from api.documents.impact_page import environment
from api.documents.sheet.frame import Frame, scale_bar, ticks

Record = dict[str, Any]

UNKNOWN_FILL = "#ffffff"
SMALLEST_NAMED_MM2 = 60
"""A zone or parcel that takes less paper bears no name."""

MOST_CORNERS = 40
"""Corners marked on the map; with more, every so many-th is, so that numbers do not run into each other, and the legend says so."""
ROOM_MM = 5
"""Width of a map's paper for each corner that is marked of more than those."""


@dataclass(frozen=True, slots=True)
class Area:
    """What is seen of a zone, and how much paper it takes; `hatched`: its plan is not carried over."""

    shape: Any
    mm2: float
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
    """What is seen in the window, in the storage CRS. `subject`: a polygon, or a point; `dots`: zones smaller than one, not drawn."""

    subject: Any
    corners: list[tuple[float, float]] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    parcels: list[tuple[Any, str]] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    dots: int = 0

    def corners_apart(self, frame: Frame) -> int:
        """Every so many-th corner is marked."""
        count = len(self.corners)
        return 1 if count <= MOST_CORNERS else ceil(count / min(MOST_CORNERS, frame.paper.width_mm / ROOM_MM))


def as_svg(scene: Scene, frame: Frame, words: Record) -> str:
    """The map; `words` are its title and the letter of the north, read to those who do not see it."""
    return (
        environment()
        .get_template("map.svg")
        .render(
            frame=frame, paper=frame.paper, words=words, areas=_areas(scene, frame), parcels=_parcels(scene, frame),
            strokes=_strokes(scene, frame),
            subject=_subject(scene, frame), corners=_corners(scene, frame), ticks=ticks(frame), bar=scale_bar(frame),
        )
    )  # fmt: skip


def legend(scene: Scene) -> list[Record]:
    """Each fill and each line seen, once, in the order of their first appearance; what takes most paper comes first."""
    found: dict[str, Record] = {}
    for area in sorted(scene.areas, key=lambda area: (-round(area.mm2, 1), area.meaning)):
        row = {"fill": area.fill or UNKNOWN_FILL, "hatched": area.hatched, "kind": "area", "text": area.meaning}
        found.setdefault(f"{area.meaning} {area.hatched}", row)
    for stroke in scene.strokes:
        row = {"fill": None, "hatched": False, "kind": stroke.kind, "text": stroke.meaning}
        found.setdefault(stroke.meaning, row)
    return list(found.values())


def _areas(scene: Scene, frame: Frame) -> list[Record]:
    paths = frame.paths([area.shape for area in scene.areas])
    return [
        {"path": path, "fill": area.fill or UNKNOWN_FILL, "hatched": area.hatched, **_named(area.name, area.shape, area.mm2, frame)}
        for path, area in zip(paths, scene.areas, strict=True)
        if path
    ]  # fmt: skip


def _parcels(scene: Scene, frame: Frame) -> list[Record]:
    shapes = [shape for shape, _ in scene.parcels]
    drawn = zip(frame.paths(shapes), frame.areas_mm2(shapes), scene.parcels, strict=True)
    return [{"path": path, **_named(name, shape, mm2, frame)} for path, mm2, (shape, name) in drawn]


def _named(name: str, seen: Any, mm2: float, frame: Frame) -> Record:
    """A name and its place, where there is room for it."""
    fits = mm2 >= SMALLEST_NAMED_MM2
    return {"name": name if fits else "", "at": frame.middle(seen) if fits else None}


def _strokes(scene: Scene, frame: Frame) -> list[Record]:
    paths = frame.paths([stroke.shape for stroke in scene.strokes])
    return [{"kind": stroke.kind, "path": path} for stroke, path in zip(scene.strokes, paths, strict=True)]


def _subject(scene: Scene, frame: Frame) -> Record:
    if scene.subject.geom_type == "Point":
        return {"path": "", "at": frame.at(scene.subject.x, scene.subject.y)}
    return {"path": frame.paths(frame.seen([scene.subject]))[0], "at": None}


def _corners(scene: Scene, frame: Frame) -> list[Record]:
    """Dots at the corners; their numbers stand outside, away from the middle."""
    middle = shapely.centroid(scene.subject)
    across, down = frame.at(middle.x, middle.y)
    found = []
    for place in range(0, len(scene.corners), scene.corners_apart(frame)):
        x, y = scene.corners[place]
        left, top = frame.at(x, y)
        away = ((left - across) ** 2 + (top - down) ** 2) ** 0.5 or 1.0
        spot = (round(left + 2.6 * (left - across) / away, 2), round(top + 2.6 * (top - down) / away + 0.8, 2))
        found.append({"at": (left, top), "number": str(place + 1), "spot": spot})
    return found
