"""Proposals of repair as a page that prints: figures, and a picture of each cluster before and after. One file, no script."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely

from api.documents.impact_page import environment
from planning.coverage.dossier import Chapter
from planning.coverage.misfits import REASONS
from planning.coverage.sharing import Action, Proposal
from planning.geometry import Shapes, mean_width_m

Record = dict[str, Any]

ACTIONS: dict[Action, tuple[str, str]] = {
    "close": ("khép khoảng hở", "close a gap"),
    "cut": ("cắt phần chồng", "cut an overlap"),
    "trim": ("cắt theo ranh giới", "trim at the boundary"),
    "drop": ("bỏ vùng không còn đất", "drop what has no land left"),
}

WIDTH, HEIGHT = 320, 240
"""Size of a picture in its own units."""

AROUND = 1.5
"""How much more than the cluster is shown."""

FINE = 1 / 60
"""Where the widest proposal is narrower than this share of the picture, a second one is drawn close to it."""

PICTURES = 60
"""Clusters drawn in a chapter, those that move most land first; the GeoPackage holds the rest."""

NAMED = 12
"""Polygons of a picture up to which their names are written."""


def as_page(title: str, chapters: Sequence[Chapter]) -> str:
    """HTML in Vietnamese and English."""
    return (
        environment()
        .get_template("repair.html")
        .render(title=title, chapters=[_chapter(one) for one in chapters], PICTURES=PICTURES)
    )


def _chapter(chapter: Chapter) -> Record:
    repair, proof = chapter.repair, chapter.repair.proof
    after = repair.applied(chapter.shapes)
    largest = sorted(repair.clusters, key=lambda cluster: -sum(one.area_m2 for one in cluster))
    tree = shapely.STRtree(chapter.shapes)
    drawings = [_drawing(chapter, cluster, after, tree) for cluster in largest[:PICTURES]]
    return {
        "subject": chapter.subject, "proof": proof, "holds": proof.holds, "changed": len(repair.changed), "drawings": drawings,
        "proposals": len(repair.proposals), "clusters": len(repair.clusters),
        "lost": chapter.named([place for place, shape in sorted(repair.changed.items()) if shape.is_empty]),
        "left": [
            {"kind": one.misfit.kind, "names": chapter.named(one.misfit.places), "area_m2": one.misfit.shape.area,
             "reason": REASONS[one.reason]}
            for one in sorted(proof.left, key=lambda one: -one.misfit.shape.area)
        ],
    }  # fmt: skip


def _drawing(chapter: Chapter, cluster: Sequence[Proposal], after: Shapes, tree: Any) -> Record:
    largest = max(cluster, key=lambda one: one.area_m2)
    width_m = mean_width_m(largest.shape)
    west, south, east, north = shapely.total_bounds([one.shape for one in cluster])
    whole = _window(
        (west + east) / 2, (south + north) / 2, max(east - west, (north - south) * WIDTH / HEIGHT, 8 * width_m) * AROUND
    )
    windows = [whole]
    if width_m < FINE * (whole[2] - whole[0]):
        middle = shapely.point_on_surface(largest.shape)
        windows.append(_window(middle.x, middle.y, width_m * 12))
    rows = [
        {"action": ACTIONS[one.action], "to": "–" if one.to is None else chapter.names[one.to], "from": chapter.named(one.cut_from),
         "area_m2": one.area_m2}
        for one in sorted(cluster, key=lambda one: -one.area_m2)
    ]  # fmt: skip
    return {"rows": rows, "pictures": [_picture(chapter, cluster, after, tree, window) for window in windows]}


def _window(x: float, y: float, span_m: float) -> tuple[float, float, float, float]:
    half, tall = span_m / 2, span_m * HEIGHT / WIDTH / 2
    return x - half, y - tall, x + half, y + tall


def _picture(
    chapter: Chapter, cluster: Sequence[Proposal], after: Shapes, tree: Any, window: tuple[float, ...]
) -> Record:
    box = shapely.box(*window)
    shown = np.sort(tree.query(box)).tolist()
    marks = [{"action": one.action, "path": _path(one.shape, window)} for one in cluster]
    views = []
    for shapes in (chapter.shapes, after):
        areas = [{"path": _path(shapes[place], window), "hue": place * 67 % 360} for place in shown]
        names = (
            _names(((chapter.names[place], shapes[place]) for place in shown), window) if len(shown) <= NAMED else []
        )
        views.append({"areas": areas, "names": names})
    return {"views": views, "marks": marks, "span_m": window[2] - window[0], "width": WIDTH, "height": HEIGHT}


def _names(named: Iterable[tuple[str, Any]], window: tuple[float, ...]) -> list[Record]:
    """Names where their polygons are seen."""
    names = []
    for name, shape in named:
        seen = shapely.intersection(shape, shapely.box(*window))
        if not seen.is_empty:
            x, y = _on_paper(shapely.get_coordinates(shapely.point_on_surface(seen)), window)[0]
            names.append({"name": name, "x": x, "y": y})
    return names


def _path(shape: Any, window: tuple[float, ...]) -> str:
    """The outline within the window and a little around it, as the path of an SVG."""
    west, south, east, north = window
    margin = (east - west) / 20
    seen = shapely.intersection(shape, shapely.box(west - margin, south - margin, east + margin, north + margin))
    parts = shapely.get_parts(shapely.get_parts(seen))
    rings = shapely.get_rings(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])
    return "".join(
        "M" + "L".join(f"{x:g} {y:g}" for x, y in _on_paper(shapely.get_coordinates(ring)[:-1], window)) + "Z"
        for ring in rings
    )


def _on_paper(xy: Any, window: tuple[float, ...]) -> list[list[float]]:
    west, _, east, north = window
    scale = WIDTH / (east - west)
    return np.round(np.column_stack([(xy[:, 0] - west) * scale, (north - xy[:, 1]) * scale]), 2).tolist()  # type: ignore[no-any-return]
