"""Half-edges: the boundary of a set of polygons, freed of everything on which neighbours agree.

Every ring is read as directed segments with the polygon on one known side. Where two polygons share a boundary vertex for vertex, each
segment stands there twice, once in each direction: the depth (how many polygons lie over a place) is the same on both sides, and the two
cancel. What is left, the residual, is exactly where the depth changes. A clean coverage leaves its outer boundary and nothing else.

Segments are grouped by a 64-bit hash of their ends, and every group is compared by its coordinates: a hash is never believed. Coordinates
are compared as they are, to the last bit; nothing is rounded or snapped. Memory: 24 bytes per vertex of one block beside its coordinates.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import shapely

from planning.geometry import Shapes

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.uint64]

_FACTORS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9))


@dataclass(frozen=True, slots=True)
class Edges:
    """Directed segments. `ends` (n, 4): x, y of start and end; `inward`: +1 where the polygon lies on the left, else −1; `owner`: place."""

    ends: npt.NDArray[np.float64]
    inward: npt.NDArray[np.int8]
    owner: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, which: Any) -> Self:
        return type(self)(self.ends[which], self.inward[which], self.owner[which])

    @classmethod
    def joined(cls, pieces: Iterable[Self]) -> Self:
        """Several lots of segments as one, in their order."""
        lots = list(pieces)
        if not lots:
            return cls(np.empty((0, 4)), np.empty(0, np.int8), np.empty(0, np.int32))
        return cls(
            np.concatenate([lot.ends for lot in lots]),
            np.concatenate([lot.inward for lot in lots]),
            np.concatenate([lot.owner for lot in lots]),
        )


@dataclass(frozen=True, slots=True)
class Block:
    """What one block of polygons leaves: segments that nothing in the block cancelled, the sum of the polygons' areas in m², and for each
    polygon whether some segment of it was cancelled.
    """

    left: Edges
    area_m2: float
    matched: Flags


def block(shapes: Shapes, first: int = 0) -> Block:
    """Cancel what the polygons of one block share. `first` is the place of its first polygon in the whole."""
    kind, xy, offsets = shapely.to_ragged_array(shapes, include_z=False)
    if kind == shapely.GeometryType.POLYGON:
        rings, parts = offsets
        wholes = np.arange(len(shapes) + 1)
    else:
        rings, parts, wholes = offsets
    if not len(xy):
        return Block(Edges.joined([]), 0.0, np.zeros(len(shapes), bool))
    xy += 0.0  # minus zero becomes zero: the two are equal, and must look equal
    signed = _signed_areas(xy, rings)
    shell = np.zeros(len(rings) - 1, bool)
    shell[parts[:-1][parts[:-1] < parts[1:]]] = True
    inward = np.where((signed > 0) == shell, 1, -1).astype(np.int8)
    owner = np.repeat(np.arange(len(shapes)), np.diff(rings[parts[wholes]]))
    ring_of = np.repeat(inward, np.diff(rings))
    kept, matched_at = _uncancelled(xy, rings, ring_of)
    left = Edges(np.hstack([xy[kept], xy[kept + 1]]), ring_of[kept], (owner[kept] + first).astype(np.int32))
    matched = np.zeros(len(shapes), bool)
    matched[owner[matched_at]] = True
    return Block(left, float(np.abs(signed) @ np.where(shell, 1.0, -1.0)), matched)


def residual(blocks: Sequence[Block]) -> tuple[Edges, Flags]:
    """The segments across which the depth changes, once each, in the order of the polygons; and which polygons had a segment cancelled."""
    left = Edges.joined(one.left for one in blocks)
    matched = np.concatenate([one.matched for one in blocks]) if blocks else np.zeros(0, bool)
    alone, groups = equal_segments(left.ends)
    jump = _jumps(left)
    total = np.zeros(len(left), np.int64)
    total[alone] = jump[alone]
    if len(groups):
        starts = np.flatnonzero(np.r_[True, groups[1:, 1] != groups[:-1, 1]])
        sums = np.add.reduceat(jump[groups[:, 0]], starts)
        total[groups[starts, 0]] = sums
        gone = np.repeat(sums == 0, np.diff(np.r_[starts, len(groups)]))
        matched[left.owner[groups[gone, 0]]] = True
        stacked = np.repeat(np.diff(np.r_[starts, len(groups)]) > 1, np.diff(np.r_[starts, len(groups)]))
        matched[left.owner[groups[stacked, 0]]] = True
    return left[total != 0], matched


def _signed_areas(xy: npt.NDArray[np.float64], rings: Numbers) -> npt.NDArray[np.float64]:
    """Areas of rings, positive where they run counter-clockwise; each reckoned from its own first vertex, so that small ones stay exact."""
    local = xy - np.repeat(xy[rings[:-1]], np.diff(rings), axis=0)
    cross = np.empty(len(xy))
    cross[:-1] = local[:-1, 0] * local[1:, 1]
    cross[:-1] -= local[1:, 0] * local[:-1, 1]
    cross[rings[1:] - 1] = 0.0
    return np.asarray(np.add.reduceat(cross, rings[:-1]) / 2)


def _vertex_hashes(xy: npt.NDArray[np.float64]) -> Hashes:
    bits = np.ascontiguousarray(xy).view(np.uint64)
    one = bits[:, 0] * _FACTORS[0]
    one ^= one >> np.uint64(29)
    other = bits[:, 1] * _FACTORS[1]
    other ^= other >> np.uint64(31)
    one += other
    one *= _FACTORS[2]
    one ^= one >> np.uint64(32)
    return np.asarray(one * _FACTORS[0])


def _uncancelled(xy: npt.NDArray[np.float64], rings: Numbers, inward: npt.NDArray[np.int8]) -> tuple[Numbers, Numbers]:
    """Starts of the segments that have no counterpart in the block, in order; and starts of some that have one."""
    hashes = _vertex_hashes(xy)
    key = hashes[:-1] + hashes[1:]
    ends_ring = np.zeros(len(xy), bool)
    ends_ring[rings[1:] - 1] = True
    real = ~ends_ring[:-1]
    real &= (xy[:-1] != xy[1:]).any(axis=1)
    bits = np.uint64(max(1, int(len(xy) - 1).bit_length()))
    places = np.flatnonzero(real)
    packed = np.sort((key[places] >> bits << bits) | places.astype(np.uint64))
    group, at = packed >> bits, (packed & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
    same = np.r_[False, group[1:] == group[:-1], False]
    two = np.flatnonzero(~same[:-2] & same[1:-1] & ~same[2:]) if len(at) > 1 else np.empty(0, np.int64)
    a, b = at[two], at[two + 1]
    against = (xy[a] == xy[b + 1]).all(axis=1) & (xy[a + 1] == xy[b]).all(axis=1) & (inward[a] == inward[b])
    along = (xy[a] == xy[b]).all(axis=1) & (xy[a + 1] == xy[b + 1]).all(axis=1) & (inward[a] != inward[b])
    gone = against | along
    real_left = np.zeros(len(xy), bool)
    real_left[places] = True
    real_left[a[gone]] = False
    real_left[b[gone]] = False
    return np.flatnonzero(real_left), np.concatenate([a[gone], b[gone]])


def _jumps(edges: Edges) -> Numbers:
    """How much deeper it is on the left of a segment than on its right, the segment read from its lesser end to its greater."""
    x0, y0, x1, y1 = edges.ends.T
    forward = (x0 < x1) | ((x0 == x1) & (y0 < y1))
    return np.where(forward, edges.inward, -edges.inward).astype(np.int64)


def equal_segments(ends: npt.NDArray[np.float64]) -> tuple[Numbers, Numbers]:
    """Places of segments that stand alone; and (place, group) of the others, equal segments adjacent, the first of a group first."""
    if not len(ends):
        return np.empty(0, np.int64), np.empty((0, 2), np.int64)
    key = _vertex_hashes(ends[:, :2]) + _vertex_hashes(ends[:, 2:])
    order = np.argsort(key, kind="stable")
    same = key[order][1:] == key[order][:-1]
    with_others = np.r_[same, False] | np.r_[False, same]
    several = order[with_others]
    swapped = (ends[several, 0] > ends[several, 2]) | (
        (ends[several, 0] == ends[several, 2]) & (ends[several, 1] > ends[several, 3])
    )
    canonical = np.where(swapped[:, None], ends[several][:, [2, 3, 0, 1]], ends[several])
    by_ends = np.lexsort((several, *canonical.T[::-1]))
    canonical = canonical[by_ends]
    new = np.r_[True, (canonical[1:] != canonical[:-1]).any(axis=1)][: len(several)]
    return np.sort(order[~with_others]), np.column_stack([several[by_ends], np.cumsum(new)])
