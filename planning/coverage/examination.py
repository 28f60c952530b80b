"""The coverage of an extent by polygons: every gap, overlap, overhang and unmatched edge, exact.

    A gap is a place of the extent over which no polygon lies; an overlap one over which two lie; an overhang one outside the extent.

Nothing is snapped or rounded. The result is a function of the set of polygons: it depends neither on their order nor on how many workers
took part, because the polygons are first put into an order of their own and cut into blocks of a fixed size.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import shapely

from planning.coverage.faces import GRID_M, DoesNotAddUp, Faces, Ground, faces, split
from planning.coverage.halfedges import Block, Edges, Numbers, block, equal_segments, residual
from planning.geometry import Shapes

BLOCK = 4096
"""Polygons cancelled against each other at a time: what bounds the memory."""

BLOCKS_A_TASK = 32
"""Blocks that one worker cancels against each other before it hands over what is left. The same for any number of workers."""

COORDINATE_ERROR_M = 4e-9
"""How far a crossing may be misplaced by the last bits of coordinates of millions of metres."""

Task = tuple[Shapes, int]
"""Consecutive polygons, and the place of the first of them."""

Workers = Callable[[list[Task]], Iterable[Block]]


@dataclass(frozen=True, slots=True)
class Overlap:
    """A connected place that belongs to the polygons at two places of the input, first < second."""

    first: int
    second: int
    shape: Any


@dataclass(frozen=True, slots=True)
class Overhang:
    """A connected place outside the extent that belongs to the polygon at one place of the input."""

    place: int
    shape: Any


@dataclass(frozen=True, slots=True)
class Examination:
    """What there is, however narrow. `covered` are polygons without overlap that together are the union of the input; `unmatched` are edges
    (n, 4) along which no neighbour and no edge of the extent runs exactly.
    """

    gaps: list[Any]
    overlaps: list[Overlap]
    overhangs: list[Overhang]
    covered: Shapes
    unmatched: Any
    area_m2: float


def examined(shapes: Shapes, extent: Any = None, *, workers: Workers | None = None) -> Examination:
    """Examine valid polygons and multipolygons, in any order, against a valid extent; without an extent, holes are the gaps.

    `workers` says where tasks of blocks are done: here, one after the other, by default.
    Raises `DoesNotAddUp` where the faces found do not account for the areas given.
    """
    order = own_order(shapes)
    sorted_shapes = shapes[order]
    whole = residual(list((workers or one_by_one)(tasks_of(sorted_shapes))))
    edges, matched = whole.left, whole.matched
    ground = Ground.of(sorted_shapes, extent)
    found = faces(edges, ground)
    if not _accounted_for(found, whole.area_m2, edges, ground, COORDINATE_ERROR_M):
        found = faces(edges, ground, GRID_M)
        if not _accounted_for(found, whole.area_m2, edges, ground, 2 * GRID_M):
            raise DoesNotAddUp(_held(found), whole.area_m2)
    outside = found[np.flatnonzero(~found.inside & (found.depth > 0))]
    deep = found[np.flatnonzero(found.depth > 1)]
    return Examination(
        [*found.shapes[found.inside & (found.depth == 0)]],
        _overlaps(split(deep, ground, matched), order),
        _overhangs(split(outside, ground, matched), order),
        found.shapes[found.depth > 0],
        _unmatched(edges, extent),
        whole.area_m2,
    )


def own_order(shapes: Shapes) -> Numbers:
    """Places of the polygons that are not empty, in an order that their coordinates alone decide: strips of about a block's width."""
    solid = np.flatnonzero(~(shapely.is_empty(shapes) | shapely.is_missing(shapes)))
    if not len(solid):
        return solid
    bounds = shapely.bounds(shapes[solid])
    strips = max(1, round(np.sqrt(len(solid) / BLOCK)))
    west = np.sort(bounds[:, 0])
    strip = np.searchsorted(west[np.arange(1, strips) * len(solid) // strips], bounds[:, 0], side="right")
    order = np.lexsort((bounds[:, 1], strip))
    level = bounds[order, 1]
    tied = (level[1:] == level[:-1]) & (strip[order][1:] == strip[order][:-1])
    if tied.any():
        order = np.lexsort((*bounds.T[[2, 3, 0, 1]], strip))
        order = ties_broken(order, bounds, shapes[solid])
    return np.asarray(solid[order])


def ties_broken(order: Numbers, bounds: Any, shapes: Shapes) -> Numbers:
    """An order by boxes in which polygons of the very same box follow each other by their bytes."""
    same = np.r_[False, (bounds[order][1:] == bounds[order][:-1]).all(axis=1)]
    if not same.any():
        return order
    group = np.cumsum(~same)
    several = np.flatnonzero(same | np.r_[same[1:], False])
    by_bytes = sorted(several, key=lambda place: (group[place], shapely.to_wkb(shapes[order[place]])))
    out = order.copy()
    out[several] = order[by_bytes]
    return out


def tasks_of(shapes: Shapes) -> list[Task]:
    """Consecutive lots of blocks."""
    size = BLOCK * BLOCKS_A_TASK
    return [(shapes[first : first + size], first) for first in range(0, len(shapes), size)]


def done(task: Task) -> Block:
    """The blocks of one task, cancelled each by itself and then against each other."""
    shapes, first = task
    return residual([block(shapes[at : at + BLOCK], first + at) for at in range(0, len(shapes), BLOCK)])


def one_by_one(work: list[Task]) -> Iterator[Block]:
    """Tasks one after the other."""
    return map(done, work)


def _accounted_for(found: Faces, given_m2: float, edges: Edges, ground: Ground, error_m: float) -> bool:
    """Whether depth × area over the faces is the area given, when every line may be off by `error_m`."""
    length = float(np.hypot(*(edges.ends[:, 2:] - edges.ends[:, :2]).T).sum())
    length += 0.0 if ground.extent is None else float(ground.extent.length)
    return bool(abs(_held(found) - given_m2) <= length * error_m * (1 + found.depth.max(initial=0)) + given_m2 * 1e-12)


def _held(found: Faces) -> float:
    return float(shapely.area(found.shapes) @ found.depth) if len(found.shapes) else 0.0


def _overlaps(deep: Faces, order: Numbers) -> list[Overlap]:
    if not len(deep.over):
        return []
    starts = np.flatnonzero(np.diff(deep.over[:, 0], prepend=-1))
    pieces: dict[tuple[int, int], list[int]] = {}
    for face, polygons in zip(deep.over[starts, 0].tolist(), np.split(order[deep.over[:, 1]], starts[1:]), strict=True):
        for pair in combinations(sorted(polygons.tolist()), 2):
            pieces.setdefault(pair, []).append(face)
    return [Overlap(*pair, shape) for pair, at in sorted(pieces.items()) for shape in _whole(deep.shapes[at])]


def _overhangs(outside: Faces, order: Numbers) -> list[Overhang]:
    pieces: dict[int, list[int]] = {}
    for face, polygon in zip(outside.over[:, 0].tolist(), order[outside.over[:, 1]].tolist(), strict=True):
        pieces.setdefault(polygon, []).append(face)
    return [Overhang(place, shape) for place, at in sorted(pieces.items()) for shape in _whole(outside.shapes[at])]


def _whole(pieces: Shapes) -> Shapes:
    """Faces of one pair: those that share an edge are one place."""
    if len(pieces) == 1:
        return pieces
    united = shapely.get_parts(shapely.union_all(pieces))
    return np.asarray(united[np.lexsort(shapely.bounds(united).T)], dtype=object)


def _unmatched(edges: Edges, extent: Any) -> Any:
    """Edges that the extent does not run along either, vertex for vertex."""
    if extent is None:
        return edges.ends
    rim = block(np.array([extent], dtype=object)).left
    alone, _ = equal_segments(np.concatenate([edges.ends, rim.ends]))
    return edges.ends[alone[alone < len(edges)]]
