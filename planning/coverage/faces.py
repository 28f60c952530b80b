"""Gaps, overlaps and overhangs of polygons against an extent: exact, by union, difference and pairwise intersection.

A gap is extent minus union, so a hole inside one polygon, a missing polygon and a sliver between two are all found.
An overlap is the common area of two polygons, so duplicates and containment are found, which `overlaps` would not see.
Nothing is snapped: what is narrower than the tolerance is left out by its width, never by its area.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from planning.geometry import Shapes, is_wider_than

Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Overlap:
    """A connected common area of the polygons at two places of the input."""

    first: int
    second: int
    shape: Any


@dataclass(frozen=True, slots=True)
class Overhang:
    """A connected part of the polygon at one place of the input that lies outside the extent."""

    place: int
    shape: Any


def gaps(union: Any, extent: Any, tolerance_m: float) -> list[Any]:
    """Connected parts of the extent outside the union, wider than the tolerance."""
    return wide_parts(shapely.difference(extent, union), tolerance_m)


def holes(union: Any, tolerance_m: float) -> list[Any]:
    """Holes of the union: the gaps that can be told where no extent is known."""
    rings = [ring for part in shapely.get_parts(union) for ring in part.interiors]
    return [hole for hole in map(shapely.Polygon, rings) if is_wider_than(hole, tolerance_m)]


def overlaps(shapes: Shapes, tolerance_m: float) -> list[Overlap]:
    """Connected common areas of every two polygons, wider than the tolerance."""
    first, second = _candidates(shapes)
    common = shapely.intersection(shapes[first], shapes[second])
    return [
        Overlap(int(first[index]), int(second[index]), part)
        for index in np.flatnonzero(shapely.area(common) > 0)
        for part in wide_parts(common[index], tolerance_m)
    ]


def overhangs(shapes: Shapes, extent: Any, tolerance_m: float) -> list[Overhang]:
    """Connected parts of the polygons outside the extent, wider than the tolerance."""
    shapely.prepare(extent)
    outside = np.flatnonzero(~shapely.covers(extent, shapes))
    beyond = shapely.difference(shapes[outside], extent)
    return [
        Overhang(int(place), part)
        for place, shape in zip(outside, beyond, strict=True)
        for part in wide_parts(shape, tolerance_m)
    ]


def wide_parts(shape: Any, tolerance_m: float) -> list[Any]:
    """The polygons of any geometry, each wider than the tolerance; lines and points have no width."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    polygons = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return [part for part in polygons if is_wider_than(part, tolerance_m)]


def _candidates(shapes: Shapes) -> tuple[Places, Places]:
    """Pairs (first < second) whose interiors meet. Neighbours that only touch fall away by a prepared predicate."""
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    ordered = first < second
    first, second = first[ordered], second[ordered]
    shapely.prepare(shapes)
    meeting = ~shapely.touches(shapes[first], shapes[second])
    return first[meeting], second[meeting]
