"""The coverage engine's oracle: the same questions answered by union, difference and the intersection of every two polygons."""

from itertools import combinations

import numpy as np
import shapely


def polygons(shape):
    """The polygons of any geometry."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    return parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]


def gaps(shapes, extent):
    """Extent minus union."""
    return shapely.difference(extent, shapely.union_all(shapes))


def overlaps(shapes):
    """(first, second) → what the two have in common, where that has an area."""
    common = {
        pair: shapely.intersection(shapes[pair[0]], shapes[pair[1]]) for pair in combinations(range(len(shapes)), 2)
    }
    return {pair: shape for pair, shape in common.items() if shape.area > 0}


def overhangs(shapes, extent):
    """Place → what of the polygon lies outside."""
    beyond = {place: shapely.difference(shape, extent) for place, shape in enumerate(shapes)}
    return {place: shape for place, shape in beyond.items() if shape.area > 0}


def same(found, expected, tolerance_m=1e-6):
    """Whether two lots of polygons cover the same ground, within a band of that width along their outlines."""
    one, other = (shapely.union_all(np.asarray(list(lot), dtype=object)) for lot in (found, expected))
    return one.symmetric_difference(other).area <= tolerance_m * (one.length + other.length) + 1e-9
