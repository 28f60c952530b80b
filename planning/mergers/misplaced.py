"""Plans that lie where they cannot belong: the signatures of a wrong zone, an ignored datum, a wrong scale factor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from planning.mergers.situation import PlanFacts, UnitFacts

SIGNATURES: tuple[tuple[float, float, str, str], ...] = (
    (224.0, 15.0, "bỏ qua chuyển hệ quy chiếu VN-2000 – WGS 84", "the datum operation VN-2000 to WGS 84 was left out"),
    (706.0, 40.0, "hệ số tỷ lệ 0,9996 thay cho 0,9999", "scale factor 0.9996 in the place of 0.9999"),
    (156_000.0, 6_000.0, "kinh tuyến trục 105°30′ đọc thành 107°00′", "central meridian 105°30′ read as 107°00′"),
)
"""Distance, tolerance, and the mistake that makes it. Source: measured between VN-2000 zones in the province of Bắc Ninh."""

SAME_LAND = 0.6
SAME_AREA = 0.1


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A plan off its place by `distance_m`; `sign` names the mistake in both languages, None where the distance tells none."""

    plan: str
    unit: str | None
    distance_m: float
    crs: int | None
    sign: tuple[str, str] | None


def misplaced(
    units: Mapping[str, UnitFacts], plans: Sequence[PlanFacts], strays: Sequence[PlanFacts]
) -> list[Misplaced]:
    """Plans off the one unit they are drawn for, by a distance that names a mistake; and plans that lie in no unit at all."""
    known = {code: unit.shape for code, unit in sorted(units.items()) if unit.shape is not None}
    if not known:
        return []
    codes, shapes = list(known), np.array(list(known.values()), dtype=object)
    tree = shapely.STRtree(shapes)
    found = []
    for plan in plans:
        near = tree.query(plan.shape, predicate="intersects")
        off = [one for place in near if (one := _off(plan, codes[place], shapes[place])) is not None]
        found += off
    for plan in strays:
        _, distance = tree.query_nearest(plan.shape, return_distance=True, all_matches=False)
        found.append(Misplaced(plan.code, None, float(distance[0]), plan.source_crs, _signature(float(distance[0]))))
    return found


def _off(plan: PlanFacts, code: str, shape: shapely.Geometry) -> Misplaced | None:
    """A plan of the size of a unit and mostly on it was drawn for it: then its centre should be the unit's."""
    if (
        abs(plan.shape.area / shape.area - 1) > SAME_AREA
        or plan.shape.intersection(shape).area < SAME_LAND * shape.area
    ):
        return None
    distance = float(shapely.distance(shapely.centroid(plan.shape), shapely.centroid(shape)))
    sign = _signature(distance)
    return Misplaced(plan.code, code, distance, plan.source_crs, sign) if sign else None


def _signature(distance_m: float) -> tuple[str, str] | None:
    return next(((vi, en) for metres, within, vi, en in SIGNATURES if abs(distance_m - metres) <= within), None)
