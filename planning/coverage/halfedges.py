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
    """Directed segments. `ends` (n, 4): x, y of start and end; `inward`: by how much it is deeper on the left than on the right, +1 or −1
    of one polygon; `owner`: the place of the polygon.
    """

    ends: npt.NDArray[np.float64]
    inward: npt.NDArray[np.int32]
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
            return cls(np.empty((0, 4)), np.empty(0, np.int32), np.empty(0, np.int32))
        return cls(
            np.concatenate([lot.ends for lot in lots]),
            np.concatenate([lot.inward for lot in lots]),
            np.concatenate([lot.owner for lot in lots]),
        )


@dataclass(frozen=True, slots=True)
class Block:
    """What one block of polygons leaves: segments that nothing in the block cancelled, the sum of the polygons' areas in m², and for each
    polygon whether some segment of it was cancelled. `first`: the place of the first polygon in the whole.
    """

    left: Edges
    area_m2: float
    matched: Flags
    first: int = 0


def block(shapes: Shapes, first: int = 0) -> Block:
    """Cancel what the polygons of one block share. `first` is the place of its first polygon in the whole."""
    kind, xy, offsets = shapely.to_ragged_array(shapes, include_z=False)
    if kind == shapely.GeometryType.POLYGON:
        rings, parts = offsets
        wholes = np.arange(len(shapes) + 1)
    else:
        rings, parts, wholes = offsets
    if not len(xy):
        return Block(Edges.joined([]), 0.0, np.zeros(len(shapes), bool), first)
    xy += 0.0  # minus zero becomes zero: the two are equal, and must look equal
    signed = _signed_areas(xy, rings)
    shell = np.zeros(len(rings) - 1, bool)
    shell[parts[:-1][parts[:-1] < parts[1:]]] = True
    inward = np.where((signed > 0) == shell, 1, -1).astype(np.int32)
    owner = np.repeat(np.arange(len(shapes)), np.diff(rings[parts[wholes]]))
    ring_of = np.repeat(inward, np.diff(rings))
    kept, matched_at = _uncancelled(xy, rings, ring_of)
    left = Edges(np.hstack([xy[kept], xy[kept + 1]]), ring_of[kept], (owner[kept] + first).astype(np.int32))
    matched = np.zeros(len(shapes), bool)
    matched[owner[matched_at]] = True
    return Block(left, float(np.abs(signed) @ np.where(shell, 1.0, -1.0)), matched, first)


def residual(blocks: Sequence[Block]) -> Block:
    """Several blocks as one: what they leave is cancelled against each other. Each segment across which the depth changes stands there
    once, in the order of the polygons, and `inward` is by how much the depth changes.
    """
    left = Edges.joined(one.left for one in blocks)
    matched = np.concatenate([one.matched for one in blocks]) if blocks else np.zeros(0, bool)
    first = blocks[0].first if blocks else 0
    alone, groups = equal_segments(left.ends)
    jump = _jumps(left)
    total = np.zeros(len(left), np.int32)
    total[alone] = jump[alone]
    if len(groups):
        starts = np.flatnonzero(np.r_[True, groups[1:, 1] != groups[:-1, 1]])
        total[groups[starts, 0]] = np.add.reduceat(jump[groups[:, 0]], starts)
        matched[left.owner[groups[:, 0]] - first] = True
    kept = np.flatnonzero(total)
    turned = np.where(_forward(left.ends[kept]), total[kept], -total[kept]).astype(np.int32)
    return Block(Edges(left.ends[kept], turned, left.owner[kept]), sum(one.area_m2 for one in blocks), matched, first)


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


def _uncancelled(xy: npt.NDArray[np.float64], rings: Numbers, inward: npt.NDArray[np.int32]) -> tuple[Numbers, Numbers]:
    """Starts of the segments that have no counterpart in the block, in order; and starts of some that have one."""
    x, y = np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1])
    real = (x[:-1] != x[1:]) | (y[:-1] != y[1:])
    real[rings[1:-1] - 1] = False
    hashes = _vertex_hashes(xy)
    bits = np.uint64(max(1, int(len(xy) - 1).bit_length()))
    places = np.flatnonzero(real)
    key = (hashes[:-1] + hashes[1:])[places]
    packed = np.sort((key >> bits << bits) | places.astype(np.uint64))
    group, at = packed >> bits, (packed & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
    same = np.zeros(len(at) + 1, bool)
    same[1:-1] = group[1:] == group[:-1]
    two = np.flatnonzero(~same[:-2] & same[1:-1] & ~same[2:]) if len(at) > 1 else np.empty(0, np.int64)
    a, b = at[two], at[two + 1]
    gone = _each_other(x, y, a, b, inward)
    kept = np.zeros(len(xy), bool)
    kept[places] = True
    kept[a[gone]] = False
    kept[b[gone]] = False
    return np.flatnonzero(kept), np.concatenate([a[gone], b[gone]])


def _each_other(x: Any, y: Any, a: Numbers, b: Numbers, inward: npt.NDArray[np.int32]) -> Flags:
    """Whether the segments that start at `a` and at `b` are one, coordinate for coordinate, with their polygons on either side of it."""
    gone = (x[a] == x[b + 1]) & (y[a] == y[b + 1]) & (x[a + 1] == x[b]) & (y[a + 1] == y[b]) & (inward[a] == inward[b])
    rest = np.flatnonzero(~gone)
    a, b = a[rest], b[rest]
    along = (x[a] == x[b]) & (y[a] == y[b]) & (x[a + 1] == x[b + 1]) & (y[a + 1] == y[b + 1]) & (inward[a] != inward[b])
    gone[rest[along]] = True
    return np.asarray(gone)


def _forward(ends: npt.NDArray[np.float64]) -> Flags:
    """Whether a segment runs from its lesser end to its greater."""
    x0, y0, x1, y1 = ends.T
    return np.asarray((x0 < x1) | ((x0 == x1) & (y0 < y1)))


def _jumps(edges: Edges) -> npt.NDArray[np.int32]:
    """How much deeper it is on the left of a segment than on its right, the segment read from its lesser end to its greater."""
    return np.where(_forward(edges.ends), edges.inward, -edges.inward).astype(np.int32)


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
