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


ROUNDS = 10
FARTHEST_MOVE = 0.45
"""Rounds of smoothing; and how far a corner may go in column and row. Two borders are a pixel apart at least: below half a pixel each they
cannot meet.
"""


def smoothed(shapes: Shapes) -> Shapes:
    """Faces without the stairs of their pixels, still a coverage: every corner where only two runs meet goes towards the middle of its
    neighbours along the border, so that a slanted line comes out within a pixel. Places where more than two meet stay.
    """
    if not len(shapes):
        return shapes
    fine = np.asarray(shapely.transform(shapely.segmentize(shapes, 1.0), np.round), dtype=object)
    corners, ring = shapely.get_coordinates(shapely.get_rings(fine), return_index=True)
    places, which = np.unique(corners[:, 1] * (1 << 32) + corners[:, 0], return_inverse=True)
    at = np.column_stack([places % (1 << 32), places // (1 << 32)])
    moved = _moved(at, _edges(which, ring, len(at)))
    return np.asarray(shapely.transform(fine, lambda xy: moved[_placed(xy, places)]), dtype=object)


def _placed(corners: Coordinates, places: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    return np.asarray(np.searchsorted(places, corners[:, 1] * (1 << 32) + corners[:, 0]), dtype=np.int64)


def _edges(which: npt.NDArray[np.int64], ring: npt.NDArray[np.int64], number: int) -> npt.NDArray[np.int64]:
    """(n, 2): the corners at both ends of each edge, every edge once, whether one face has it or two."""
    pairs = np.sort(np.column_stack([which[:-1], which[1:]])[ring[1:] == ring[:-1]], axis=1)
    once = np.unique(pairs[:, 0] * number + pairs[:, 1])
    return np.column_stack([once // number, once % number])


def _moved(at: Coordinates, edges: npt.NDArray[np.int64]) -> Coordinates:
    one, other = edges.T
    simple = np.bincount(edges.ravel(), minlength=len(at)) == 2
    now = at.copy()
    for _ in range(ROUNDS):
        for axis in (0, 1):
            around = np.bincount(one, now[other, axis], len(at)) + np.bincount(other, now[one, axis], len(at))
            now[simple, axis] = (now[simple, axis] + around[simple] / 2) / 2
    return np.clip(now, at - FARTHEST_MOVE, at + FARTHEST_MOVE)


def on_the_ground(shapes: Shapes, transform: Any) -> Shapes:
    """Shapes in corners of pixels at their place: equal corners stay equal to the last bit."""

    def places(corners: Coordinates) -> Coordinates:
        return np.column_stack([transform.c + transform.a * corners[:, 0], transform.f + transform.e * corners[:, 1]])

    return np.asarray(shapely.transform(shapes, places), dtype=object)
