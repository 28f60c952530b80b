"""Regions of pixels as polygons that share their edges: a coverage, however it is simplified.

The borders between pixels of different classes are cut into straight runs at every corner and at every place where more than two meet; the
runs are the lines of the coverage, each of them once, and every polygon is made of the same runs as its neighbour. (Polygons traced one by
one do not have the corners of their neighbours.)
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from planning.geometry import Coordinates, Shapes

Lines = npt.NDArray[np.int64]
"""(n, 4): column and row of both ends, in corners of pixels."""


@dataclass(frozen=True, slots=True)
class Faces:
    """Connected regions: their class, and their outline in corners of pixels, column to the right and row down."""

    classes: npt.NDArray[np.uint8]
    shapes: Shapes


def faces(classes: npt.NDArray[np.uint8], ground: int) -> Faces:
    """Every connected region except those of class `ground`, which is also what lies around the picture."""
    padded = np.pad(classes, 1, constant_values=ground)
    runs = borders(padded)
    ends = np.asarray(runs.reshape(-1, 2, 2), dtype=float)
    lines = shapely.linestrings(ends)
    parts = shapely.get_parts(shapely.polygonize(lines)) if len(lines) else np.array([], dtype=object)
    inside = shapely.get_coordinates(shapely.point_on_surface(parts)) if len(parts) else np.empty((0, 2))
    found = padded[np.floor(inside[:, 1]).astype(int), np.floor(inside[:, 0]).astype(int)]
    kept = found != ground
    shapes = np.asarray(shapely.transform(parts[kept], lambda corners: corners - 1), dtype=object)
    return Faces(found[kept], shapes)


def borders(padded: npt.NDArray[np.uint8]) -> Lines:
    """The straight runs between pixels of different classes, noded: they meet at their ends only."""
    across = padded[:-1, :] != padded[1:, :]  # between a row and the next: a horizontal edge
    down = padded[:, :-1] != padded[:, 1:]
    corner_with_down = np.zeros((padded.shape[0] + 1, padded.shape[1] + 1), dtype=bool)
    corner_with_down[:-1, 1:-1] |= down
    corner_with_down[1:, 1:-1] |= down
    corner_with_across = np.zeros_like(corner_with_down)
    corner_with_across[1:-1, :-1] |= across
    corner_with_across[1:-1, 1:] |= across
    horizontal = _runs(across, corner_with_down[1:-1])
    vertical = _runs(down.T, corner_with_across[:, 1:-1].T)
    return np.vstack([horizontal[:, [1, 0, 2, 0]], vertical[:, [0, 1, 0, 2]]])


def _runs(edges: npt.NDArray[np.bool_], breaks: npt.NDArray[np.bool_]) -> Lines:
    """(line, first corner, last corner) of runs of edges; corner n of a line is at the beginning of its edge n. Lines count from 1."""
    begins = edges.copy()
    begins[:, 1:] &= breaks[:, 1:-1] | ~edges[:, :-1]
    ends = edges.copy()
    ends[:, :-1] &= breaks[:, 1:-1] | ~edges[:, 1:]
    line, first = np.nonzero(begins)
    _, last = np.nonzero(ends)
    return np.column_stack([line + 1, first, last + 1])


def on_the_ground(shapes: Shapes, transform: Any) -> Shapes:
    """Shapes in corners of pixels at their place: equal corners stay equal to the last bit."""

    def places(corners: Coordinates) -> Coordinates:
        return np.column_stack([transform.c + transform.a * corners[:, 0], transform.f + transform.e * corners[:, 1]])

    return np.asarray(shapely.transform(shapes, places), dtype=object)
