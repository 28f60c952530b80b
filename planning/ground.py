"""The communes as the ground of evidence: whether a shape lies in them, and whether it is drawn along their borders."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from planning.geometry import Coordinates, Shapes

INSIDE = 0.9
OUTSIDE = 0.1
"""A reading puts a plan into the communes from this share of its area on; it is outside them below that one."""

NEAR_M = 30.0
"""So near a border of a commune a plan follows it: the drawing error of old boundaries, an eighth of the smallest shift looked for."""

FOLLOWS = 0.6
FOLLOWS_MORE = 0.4
ALIKE = 0.1
"""Shares of a plan's boundary near borders: what it takes, how much more than at present, what two readings may differ by to be equal."""

LEAST_WIDTH_M = 10 * NEAR_M
"""A plan must be this wide: a small or thin one can lie along a border by chance."""

SAMPLES = 200
"""Points on a plan's boundary at which nearness to borders is judged."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The communes and the straight pieces of their borders, with an index of each."""

    communes: Shapes
    land: shapely.STRtree
    borders: shapely.STRtree

    def inside(self, shape: Any) -> float:
        """The share of the area of a shape that lies in communes."""
        near = self.communes[self.land.query(shape)]
        return min(1.0, float(shapely.union_all(shapely.intersection(near, shape)).area / shape.area))

    def holding(self, points: Coordinates) -> float:
        """The share of points that lie in communes."""
        within, _ = self.land.query(shapely.points(points), predicate="intersects")
        return len(np.unique(within)) / len(points)

    def along(self, points: Coordinates) -> float:
        """The share of points that lie near a border."""
        near, _ = self.borders.query(shapely.points(points), predicate="dwithin", distance=NEAR_M)
        return len(np.unique(near)) / len(points)


def ground_of(shapes: Sequence[Any]) -> Ground | None:
    """The communes that have a boundary, None where there are none."""
    outlines = np.array([shape for shape in shapes if drawn(shape)], dtype=object)
    if not len(outlines):
        return None
    communes = np.asarray(sound(outlines), dtype=object)
    xy, line = shapely.get_coordinates(shapely.get_parts(shapely.boundary(communes)), return_index=True)
    together = line[1:] == line[:-1]
    pieces = shapely.linestrings(np.stack([xy[:-1][together], xy[1:][together]], axis=1))
    return Ground(communes, shapely.STRtree(communes), shapely.STRtree(pieces))


def sound(shapes: Any) -> Any:
    """Valid polygons of a shape or an array of them."""
    return shapely.make_valid(shapes, method="structure", keep_collapsed=False)


def drawn(shape: Any) -> bool:
    """Whether a shape is there, has an area, and all its coordinates are numbers."""
    return shape is not None and bool(np.isfinite(shapely.get_coordinates(shape)).all()) and sound(shape).area > 0


def outline_points(shape: Any) -> Coordinates:
    """Points at even distances on the boundary."""
    at = (np.arange(SAMPLES) + 0.5) / SAMPLES
    points = shapely.line_interpolate_point(shape.boundary, at, normalized=True)
    return np.asarray(shapely.get_coordinates(points))
