"""The borders of a coverage as a net: every corner once, however many faces share it, and the lines from node to node.

What moves the corners of the net moves them for all who share them: the faces stay a coverage as long as no border crosses another.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import shapely

from planning.geometry import Coordinates, Shapes

Whole = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

ROUNDS = 10
FARTHEST_MOVE = 0.45
"""Rounds of smoothing; and how far a corner may go in column and row. Two borders are a pixel apart at least: below half a pixel each they
cannot meet.
"""


@dataclass(frozen=True)
class Net:
    """Faces in corners of pixels with a corner at every pixel; where the corners are (column, row); the edges, (n, 2) places in `at`."""

    faces: Shapes
    at: Coordinates
    edges: Whole

    @cached_property
    def simple(self) -> Mask:
        """Corners where only two edges meet; all others are nodes."""
        return np.asarray(np.bincount(self.edges.ravel(), minlength=len(self.at)) == 2)

    def around(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """For each corner the sum of its neighbours' values."""
        one, other = self.edges.T
        number = len(self.at)
        return np.asarray(np.bincount(one, values[other], number) + np.bincount(other, values[one], number))

    def lines(self) -> list[Whole]:
        """The borders from node to node, as places in `at`; one without a node is a ring, and its first corner is its last."""
        if not len(self.edges):
            return []
        pieces = shapely.linestrings(self.at[self.edges])
        merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(pieces)))
        corners, line = shapely.get_coordinates(merged, return_index=True)
        return np.split(_placed(corners, _keys(self.at)), np.flatnonzero(np.diff(line)) + 1)

    def corners_of(self, faces: Shapes) -> Whole:
        """The places in `at` of the corners of some of the faces."""
        return _placed(shapely.get_coordinates(faces), _keys(self.at))

    def faces_with(self, corners: Mask) -> Mask:
        """The faces that have one of some corners."""
        places, face = shapely.get_coordinates(self.faces, return_index=True)
        return np.bincount(face, corners[_placed(places, _keys(self.at))], len(self.faces)) > 0

    def crossed(self, now: Coordinates) -> Mask:
        """Which corners belong to edges that meet other edges elsewhere than at their ends."""
        edges = shapely.linestrings(now[self.edges])
        one, other = shapely.STRtree(edges).query(edges, predicate="intersects")
        ends, others = now[self.edges[one]], now[self.edges[other]]
        joined = (ends[:, :, None] == others[:, None]).all(axis=3).any(axis=(1, 2))
        corners = np.zeros(len(self.at), dtype=bool)
        corners[self.edges[one[~joined]]] = True
        return corners

    def faces_at(self, now: Coordinates) -> Shapes:
        """The faces with the corners where they are now."""
        keys = _keys(self.at)
        return np.asarray(shapely.transform(self.faces, lambda corners: now[_placed(corners, keys)]), dtype=object)


def net_of(faces: Shapes) -> Net:
    """The net of faces whose corners are corners of pixels."""
    fine = np.asarray(shapely.transform(shapely.segmentize(faces, 1.0), np.round), dtype=object)
    corners, ring = shapely.get_coordinates(shapely.get_rings(fine), return_index=True)
    keys, which = np.unique(_keys(corners), return_inverse=True)
    pairs = np.sort(np.column_stack([which[:-1], which[1:]])[ring[1:] == ring[:-1]], axis=1)
    once = np.unique(pairs[:, 0] * len(keys) + pairs[:, 1])
    edges = np.column_stack([once // len(keys), once % len(keys)])
    return Net(fine, np.column_stack([keys % (1 << 32), keys // (1 << 32)]), edges)


def _keys(corners: Coordinates) -> npt.NDArray[np.float64]:
    return np.asarray(corners[:, 1] * (1 << 32) + corners[:, 0])


def _placed(corners: Coordinates, keys: npt.NDArray[np.float64]) -> Whole:
    return np.asarray(np.searchsorted(keys, _keys(corners)), dtype=np.int64)


def smoothed(net: Net) -> Coordinates:
    """The corners without the stairs of their pixels: every corner where only two runs meet goes towards the middle of its neighbours
    along the border, so that a slanted line comes out within a pixel. Nodes stay.
    """
    now, simple = net.at.copy(), net.simple
    for _ in range(ROUNDS):
        for axis in (0, 1):
            now[simple, axis] = (now[simple, axis] + net.around(now[:, axis])[simple] / 2) / 2
    return np.clip(now, net.at - FARTHEST_MOVE, net.at + FARTHEST_MOVE)
