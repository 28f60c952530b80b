"""The map of an impact report: outlines before and after, small enough to lie in the document and to be drawn from it alone."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

from planning.mergers.impact import Impact

Record = dict[str, Any]

MAP_UNITS = 1500
"""The drawing is this wide or high; its outlines are simplified to half of one of its units."""


def drawing(impact: Impact) -> Record:
    """Outlines before and after in one small plane of whole numbers, y downwards, and how many metres one of its units is."""
    before = {
        code: unit.shape for code, unit in impact.situation.former.items() if unit.shape is not None and len(code) == 5
    }
    after = {code: shape for code, shape in impact.boundaries.items() if len(code) == 5}
    every = [*before.values(), *after.values()]
    if not every:
        return {"width": 0, "height": 0, "metres": None, "before": [], "after": [], "plans": []}
    west, south, east, north = shapely.total_bounds(np.array(every, dtype=object))
    metres = max(east - west, north - south) / MAP_UNITS
    scale = (west, north, metres)
    names = {event.code: event.name for event in impact.situation.events}
    plans = {entry.plan.code: entry.plan.shape for entry in impact.ledger}
    return {
        "width": round((east - west) / metres), "height": round((north - south) / metres), "metres": round(metres, 3),
        "before": _outlines(before, {code: unit.name for code, unit in impact.situation.former.items()}, scale),
        "after": _outlines(after, names, scale),
        "plans": _outlines(plans, {entry.plan.code: entry.plan.level for entry in impact.ledger}, scale),
    }  # fmt: skip


def _outlines(shapes: Mapping[str, Any], names: Mapping[str, str], scale: tuple[float, float, float]) -> list[Record]:
    west, north, metres = scale
    rows = []
    for code, shape in sorted(shapes.items()):
        small = shapely.simplify(shape, metres / 2)
        rings = [ring for part in shapely.get_parts(small) for ring in (part.exterior, *part.interiors)]
        lines = [
            np.round((shapely.get_coordinates(ring) - (west, north)) / (metres, -metres)).astype(int) for ring in rings
        ]
        label = (shapely.get_coordinates(shapely.point_on_surface(shape))[0] - (west, north)) / (metres, -metres)
        rows.append({
            "code": code, "name": names.get(code, ""), "label": [round(float(one)) for one in label],
            "wide": round(float(np.sqrt(shape.area)) / metres), "rings": [line.tolist() for line in lines if len(line) > 3],
        })  # fmt: skip
    return rows
