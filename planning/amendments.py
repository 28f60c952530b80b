"""Amendments cut what they amend: where their zones lie, those of the plan they amend apply no more. Of what lies at one place."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from planning.geometry import Shapes
from planning.plans import replaces
from planning.register import Record

TOUCHING_M = 0.001
"""A point this near to an edge touches it."""

SLIT_M = 1e-6
"""What is narrower between two zones of amendments is no ground between them."""

TOUCHED_M2 = 0.0001
"""Zones that share no more than a square centimetre only touch."""

Cuts = dict[int, Record]
"""Id of a zone → ids of the plans in its place, `by`; of an area what they leave of it, `kept`, and what they take, `cut`."""


def cuts(
    zones: Sequence[Record], codes: Mapping[int, str], amended: Mapping[str, str | None], *, of_point: bool
) -> Cuts:
    """What amendments replaced; nothing where no plan here amends another.

    `codes`: id of a plan in force → its code. A zone has its ground as hexadecimal WKB: at a point the ground around it, `near`, in metres
    from the point; of an area its share, `shape`.
    """
    held = [zone for zone in zones if zone["plan_id"] in codes]
    plans = {zone["plan_id"] for zone in held}
    found: Cuts = {}
    for plan in plans if any(amended.get(codes[one]) for one in plans) else ():
        over = [zone for zone in held if replaces(codes[zone["plan_id"]], codes[plan], amended)]
        if over:
            own = [zone for zone in held if zone["plan_id"] == plan]
            found |= _at_point(own, over) if of_point else _of_shares(own, over)
    return found


def _at_point(own: list[Record], over: list[Record]) -> Cuts:
    """All of a plan's zones, or none: the zones of its amendments hold the point farther than 1 mm from where none of them lies."""
    ground = shapely.union_all(_polygons(over, "near"), grid_size=SLIT_M)
    if not ground.covers(shapely.Point(0, 0).buffer(TOUCHING_M, quad_segs=64)):
        return {}
    return {zone["id"]: {"by": _plans(over)} for zone in own}


def _of_shares(own: list[Record], over: list[Record]) -> Cuts:
    own = [zone for zone in own if zone["area_m2"] > 0]
    shapes, others = _polygons(own, "shape"), _polygons(over, "shape")
    tree = shapely.STRtree(others)
    found: Cuts = {}
    for zone, shape in zip(own, shapes, strict=True):
        near = np.sort(tree.query(shape, predicate="intersects"))
        near = near[shapely.area(shapely.intersection(others[near], shape)) > TOUCHED_M2]
        if len(near):
            taken = shapely.union_all(others[near])
            parts = {"kept": shapely.difference(shape, taken), "cut": shapely.intersection(shape, taken)}
            found[zone["id"]] = {
                "by": _plans([over[at] for at in near]),
                **{name: _share(part) for name, part in parts.items()},
            }
    return found


def _plans(zones: list[Record]) -> list[int]:
    return sorted({zone["plan_id"] for zone in zones})


def _polygons(zones: list[Record], name: str) -> Shapes:
    """The ground of zones without the lines and points in which they touch the subject."""
    return np.array([_solid(shapely.from_wkb(zone[name])) for zone in zones], dtype=object)


def _solid(shape: Any) -> Any:
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.multipolygons(parts[shapely.get_dimensions(parts) == 2])


def _share(shape: Any) -> Record:
    """As the store tells a share: m², mean width in m, the shape."""
    width = 2 * shape.area / shape.length if shape.length else None
    return {"area_m2": shape.area, "width_m": width, "shape": shapely.to_wkb(shape, hex=True)}
