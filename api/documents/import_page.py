"""The report of an import as a page that prints: one file, no script, the refused shapes drawn in it."""

from typing import Any

import numpy as np
import shapely

from api.documents.impact_page import environment
from api.documents.words import COUNTED, left_off
from layers.ingest.repairs import REPAIRS
from layers.ingest.report import Report

Record = dict[str, Any]

SIDE = 640
"""Width and height of the picture, in its own units."""

MOST_DRAWN = 400
"""Refused shapes that are drawn, the largest first; those kept are in the GeoPackage."""


def as_page(report: Report) -> str:
    """HTML in Vietnamese and English."""
    drawn = _drawn(report)
    return (
        environment()
        .get_template("import.html")
        .render(
            report=report, counts=_counts(report), REPAIRS=REPAIRS, drawn=drawn, SIDE=SIDE, left_off=left_off(report)
        )
    )


def _counts(report: Report) -> list[tuple[str, int]]:
    rows = []
    for name, number in report.counts.items():
        stem, _, what = name.partition("_") if name.startswith("stored_") else (name, "", "")
        rows.append((COUNTED[stem] + (f": {what}" if what else ""), number))
    return rows


def _drawn(report: Report) -> list[Record]:
    """SVG paths of the refused shapes, fitted into the picture; shapes whose coordinates are no numbers cannot be drawn."""
    known = [(one, shapely.geometry.shape(one.geometry)) for one in report.refused if one.geometry]
    known = [(one, shape) for one, shape in known if np.isfinite(shape.bounds).all()]
    known = sorted(known, key=lambda pair: -pair[1].area)[:MOST_DRAWN]
    if not known:
        return []
    west, south, east, north = shapely.total_bounds([shape for _, shape in known])
    scale = (SIDE - 20) / max(east - west, north - south, 1e-9)

    def fitted(xy: Any) -> Any:
        return np.column_stack([10 + (xy[:, 0] - west) * scale, 10 + (north - xy[:, 1]) * scale])

    return [
        {"feature": one.feature, "why": one.sentence, "path": _path(shapely.transform(shape, fitted))}
        for one, shape in known
    ]


def _path(shape: Any) -> str:
    """Polygons and lines as one path; a point as a small cross."""
    if shape.geom_type in {"Point", "MultiPoint"}:
        return "".join(f"M{x - 4:.1f} {y:.1f}h8M{x:.1f} {y - 4:.1f}v8" for x, y in shapely.get_coordinates(shape))
    parts = shapely.get_parts(shape)
    lines = shapely.get_parts(shapely.boundary(parts)) if shapely.get_dimensions(shape) == 2 else parts
    return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in shapely.get_coordinates(line)) for line in lines)
