"""Faces: the plane cut up along the lines where the depth changes, each with the polygons that lie over it.

The residual linework of `halfedges` and the outline of the extent are noded together and polygonised. Within a face the depth (how many
polygons lie over it) is one number; the sum of depth × area over all faces is the sum of the areas of the polygons, and is checked to be.
Where neighbours agree along an edge inside a face, the same depth can be made by different polygons: such a face is cut up once more along
the outlines of the polygons that meet it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from planning.coverage.halfedges import Edges, Flags, Numbers
from planning.geometry import Shapes

GRID_M = 1e-6
"""The grid on which lines are noded that lie nanometres apart: a micrometre moves no misfit that anybody measures."""

LINE_ERROR_M = 1e-8

TRIES = 8
"""Triangles of a face in which an inner point is sought."""

MANY_VERTICES = 500
"""Polygons of more vertices get an index of their own before points are sought in them."""


class DoesNotAddUp(ValueError):
    """Depth × area over all faces is not the sum of the polygons' areas: some polygon is not valid."""

    def __init__(self, found_m2: float, given_m2: float) -> None:
        super().__init__(
            f"the faces hold {found_m2:.6f} m² where the polygons have {given_m2:.6f} m²: is a polygon invalid?"
        )


@dataclass(frozen=True, slots=True)
class Faces:
    """Polygons without overlap; how many polygons of the input lie over each; whether it lies in the extent (always, where none is known).

    `over` (m, 2) pairs the place of a face with the place of a polygon that lies over it, sorted.
    """

    shapes: Shapes
    depth: Numbers
    inside: Flags
    over: Numbers

    def __getitem__(self, which: Numbers) -> "Faces":
        kept = np.isin(self.over[:, 0], which)
        over = np.column_stack([np.searchsorted(which, self.over[kept, 0]), self.over[kept, 1]])
        return Faces(self.shapes[which], self.depth[which], self.inside[which], over)


@dataclass(frozen=True, slots=True)
class Ground:
    """The polygons with an index over them, and the extent or None."""

    shapes: Shapes
    tree: shapely.STRtree
    extent: Any

    @classmethod
    def of(cls, shapes: Shapes, extent: Any) -> "Ground":
        """Index the polygons; those of many vertices and the extent get an index of their own edges."""
        shapely.prepare(shapes[shapely.get_num_coordinates(shapes) > MANY_VERTICES])
        if extent is not None:
            shapely.prepare(extent)
        return cls(shapes, shapely.STRtree(shapes), extent)


def faces(residual: Edges, ground: Ground, grid_m: float | None = None) -> Faces:
    """Cut the plane along the residual and the outline of the extent. `grid_m`: nodes on a grid so fine, where lines that all but
    coincide cannot be noded as they are.
    """
    return _faces(np.concatenate([chains(residual.ends), _outline(ground)]), ground, grid_m)


def split(several: Faces, ground: Ground, matched: Flags) -> Faces:
    """Faces so cut that the same polygons lie over the whole of each: `matched` tells whose outline was cancelled somewhere.

    A polygon that covers a part of a face has its outline run through it; were that a line where the depth changes it would bound the face,
    so it was cancelled. A face over which no polygon with cancelled edges lies is therefore of one piece already.
    """
    doubtful = np.zeros(len(several.shapes), bool)
    doubtful[several.over[matched[several.over[:, 1]], 0]] = True
    doubtful &= _met_by_others(several, ground)
    if not doubtful.any():
        return several
    whole, parts = np.flatnonzero(~doubtful), several.shapes[doubtful]
    rings = shapely.get_parts(shapely.boundary(ground.shapes[_met(parts, ground)]))
    lines = np.concatenate([rings, _outline(ground)])
    held, length = float(shapely.area(parts) @ several.depth[doubtful]), float(shapely.length(lines).sum())
    for grid_m, error_m in ((None, LINE_ERROR_M), (GRID_M, 4 * GRID_M)):
        finer = _finer(lines, parts, ground, grid_m)
        found = float(shapely.area(finer.shapes) @ finer.depth)
        if abs(found - held) <= error_m * length:
            return _joined(several[whole], finer)
    raise DoesNotAddUp(found, held)


def _met(parts: Shapes, ground: Ground) -> Numbers:
    """Polygons that meet a part, within the grid: a rounded corner may lie a hair off the polygon whose outline bounds the part. Asked
    of the polygons, which have an index of their edges, not of the parts: a giant one meets many.
    """
    west, south, east, north = shapely.bounds(parts).T
    part, near = ground.tree.query(shapely.box(west - GRID_M, south - GRID_M, east + GRID_M, north + GRID_M))
    return np.unique(near[shapely.dwithin(ground.shapes[near], parts[part], GRID_M)])


def _finer(lines: Shapes, parts: Shapes, ground: Ground, grid_m: float | None) -> Faces:
    """The faces between the lines that lie in the parts."""
    found = _faces(lines, ground, grid_m)
    inner = shapely.point_on_surface(found.shapes)
    return found[np.unique(shapely.STRtree(parts).query(inner, predicate="within")[0])]


def _outline(ground: Ground) -> Shapes:
    rings = [] if ground.extent is None else shapely.get_parts(shapely.boundary(ground.extent))
    return np.asarray(rings, dtype=object)


def _met_by_others(several: Faces, ground: Ground) -> Flags:
    """Which faces meet more polygons, by their boxes, than lie over their inner point."""
    met = np.bincount(ground.tree.query(several.shapes)[0], minlength=len(several.shapes))
    return np.asarray(met > several.depth)


def chains(ends: Any) -> Shapes:
    """Segments as lines: where one ends as the next begins, they are one line. Few long lines are noded much faster than many short."""
    if not len(ends):
        return np.empty(0, dtype=object)
    starts = np.flatnonzero(np.r_[True, (ends[1:, :2] != ends[:-1, 2:]).any(axis=1)])
    lengths = np.diff(np.r_[starts, len(ends)])
    line = np.repeat(np.arange(len(starts)), lengths + 1)
    first = starts + np.arange(len(starts))
    xy = np.empty((len(ends) + len(starts), 2))
    rest = np.ones(len(xy), bool)
    rest[first] = False
    xy[first], xy[rest] = ends[starts, :2], ends[:, 2:]
    return np.asarray(shapely.linestrings(xy, indices=line), dtype=object)


def _faces(lines: Shapes, ground: Ground, grid_m: float | None) -> Faces:
    if not len(lines):
        return Faces(np.empty(0, dtype=object), np.empty(0, np.int64), np.empty(0, bool), np.empty((0, 2), np.int64))
    noded = shapely.get_parts(shapely.union_all(lines, grid_size=grid_m))
    found = np.asarray(shapely.get_parts(shapely.polygonize(noded)), dtype=object)
    points, over = _points_and_polygons(found, ground)
    inside = np.ones(len(found), bool) if ground.extent is None else shapely.contains(ground.extent, points)
    return Faces(found, np.bincount(over[:, 0], minlength=len(found)), np.asarray(inside), over)


def _points_and_polygons(found: Shapes, ground: Ground) -> tuple[Shapes, Numbers]:
    """A point inside each face, and the polygons that lie over it.

    A point on an edge that two neighbours share, which is no line of the residual, would count both; one that all but touches the edge of
    its own face might count what lies beyond. Such points are sought anew in the middle
    of the largest triangle of the face, then of the next.
    """
    points = np.asarray(shapely.point_on_surface(found), dtype=object)
    over, on_edge = _over(points, ground)
    doubtful = np.union1d(on_edge, np.flatnonzero(_too_near(points, found)))
    triangles = [_by_size(shape) for shape in found[doubtful]]
    for turn in range(TRIES):
        again = [place for place, own in enumerate(triangles) if turn < len(own)]
        if not again:
            break
        moved = doubtful[again]
        points[moved] = shapely.centroid([triangles[place][turn] for place in again])
        fresh, still = _over(points[moved], ground)
        kept = over[~np.isin(over[:, 0], moved)]
        over = np.concatenate([kept, np.column_stack([moved[fresh[:, 0]], fresh[:, 1]])])
        doubtful, triangles = moved[still], [triangles[again[place]] for place in still]
    return points, over[np.lexsort(over.T[::-1])]


def _too_near(points: Shapes, found: Shapes) -> Flags:
    """Whether a point is nearer to the edge of its polygon than a millionth of the polygon's mean width."""
    clearance = shapely.distance(points, shapely.boundary(found))
    return np.asarray(clearance * shapely.length(found) < 2e-6 * shapely.area(found))


def _by_size(shape: Any) -> Any:
    """The triangles of a polygon, the largest first."""
    triangles = shapely.get_parts(shapely.constrained_delaunay_triangles(shape))
    return triangles[np.argsort(-shapely.area(triangles), kind="stable")]


def _over(points: Shapes, ground: Ground) -> tuple[Numbers, Numbers]:
    """Pairs of point and polygon that meet; and the points that lie on an edge of one of these."""
    point, polygon = ground.tree.query(points)
    meets = shapely.intersects(ground.shapes[polygon], points[point])
    point, polygon = point[meets], polygon[meets]
    on_edge = ~shapely.contains(ground.shapes[polygon], points[point])
    return np.column_stack([point, polygon]), np.unique(point[on_edge])


def _joined(one: Faces, other: Faces) -> Faces:
    shifted = other.over + np.array([len(one.shapes), 0])
    return Faces(
        np.concatenate([one.shapes, other.shapes]),
        np.concatenate([one.depth, other.depth]),
        np.concatenate([one.inside, other.inside]),
        np.concatenate([one.over, shifted]),
    )
