"""Outlines as directed sides with the land on their left: land is given and taken by adding sides and cancelling opposite ones.

Where two outlines have the same nodes, giving one the land of the other is exact: no coordinate is reckoned anew, so that what two
neighbours share stays the same to the last bit. The nodes are put in first, by `noded`, in everybody's outline alike.
"""

from collections.abc import Iterable
from math import fsum, hypot
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from planning.coverage.halfedges import Edges, Numbers
from planning.geometry import Shapes

NEAR_M = 1e-8
"""A node so near a side lies on it: crossings are misplaced by a few last bits of coordinates of millions of metres, no further."""

Side = tuple[float, float, float, float]


class Tangled(ValueError):
    """A polygon would hold one side twice: its outline is not what its land was reckoned from."""


def outlines(shapes: Shapes, places: Numbers) -> Edges:
    """The sides of polygons in their order, land on the left; `places` are their owners. Heights are not kept."""
    turned = shapely.orient_polygons(shapely.force_2d(shapes), exterior_cw=False)
    parts, of_part = shapely.get_parts(turned, return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    real = np.flatnonzero((ring[1:] == ring[:-1]) & (xy[1:] != xy[:-1]).any(axis=1))
    owner = places[of_part[of_ring[ring[real]]]].astype(np.int32)
    return Edges(np.hstack([xy[real], xy[real + 1]]), np.ones(len(real), np.int8), owner)


def lines(ends: npt.NDArray[np.float64]) -> Shapes:
    """Each side as a line of its own."""
    return np.asarray(shapely.linestrings(ends.reshape(-1, 2, 2)), dtype=object)


def noded(edges: Edges, nodes: npt.NDArray[np.float64]) -> Edges:
    """Sides cut at the nodes (n, 2) that lie on them. A side and its opposite are cut alike."""
    back = (edges.ends[:, 0] > edges.ends[:, 2]) | (
        (edges.ends[:, 0] == edges.ends[:, 2]) & (edges.ends[:, 1] > edges.ends[:, 3])
    )
    ends = np.where(back[:, None], edges.ends[:, [2, 3, 0, 1]], edges.ends)
    on, at, xy = _on_sides(ends, nodes)
    every = np.arange(len(ends))
    side = np.concatenate([every, on, every])
    points = np.concatenate([ends[:, :2], xy, ends[:, 2:]])
    way = np.concatenate([np.zeros(len(ends)), at, np.ones(len(ends))])
    order = np.lexsort((points[:, 1], points[:, 0], way, side))
    side, points = side[order], points[order]
    first = np.flatnonzero(side[1:] == side[:-1])
    cut, origin = np.hstack([points[first], points[first + 1]]), side[first]
    cut = np.where(back[origin, None], cut[:, [2, 3, 0, 1]], cut)
    return Edges(cut, edges.inward[origin], edges.owner[origin])


def _on_sides(ends: npt.NDArray[np.float64], nodes: npt.NDArray[np.float64]) -> tuple[Numbers, Any, Any]:
    """Sides, how far along each (0 … 1, both excluded) a node lies on it, and the node."""
    side, node = shapely.STRtree(shapely.points(nodes)).query(lines(ends), predicate="dwithin", distance=NEAR_M)
    start, step, xy = ends[side, :2], ends[side, 2:] - ends[side, :2], nodes[node]
    at = ((xy - start) * step).sum(axis=1) / (step**2).sum(axis=1)
    is_end = (xy == start).all(axis=1) | (xy == ends[side, 2:]).all(axis=1)
    kept = (at > 0) & (at < 1) & ~is_end
    return side[kept], at[kept], xy[kept]


def opposite(side: Side) -> Side:
    """The same side with the land on its other hand."""
    return side[2:] + side[:2]


def net(sides: Iterable[Side]) -> list[Side]:
    """Sides without those whose opposite is among them: a tail of no width has none left."""
    every = list(dict.fromkeys(sides))
    known = set(every)
    return [side for side in every if opposite(side) not in known]


class Holdings:
    """Which sides each polygon holds; they change as land is given and taken."""

    def __init__(self, edges: Edges, places: Iterable[int]) -> None:
        self.held: dict[int, set[Side]] = {place: set() for place in places}
        for place, side in zip(edges.owner.tolist(), map(tuple, edges.ends.tolist()), strict=True):
            self.held[place].add(side)

    def give(self, place: int, land: Iterable[Side]) -> None:
        """Add land that the polygon does not hold. Raises `Tangled` where it holds some of it."""
        held = self.held[place]
        for side in land:
            if opposite(side) in held:
                held.remove(opposite(side))
            elif side in held:
                raise Tangled
            else:
                held.add(side)

    def take(self, place: int, land: Iterable[Side]) -> None:
        """Cut off land that the polygon holds. Raises `Tangled` where it does not hold all of it."""
        self.give(place, map(opposite, land))

    def shared_m(self, place: int, land: Iterable[Side]) -> float:
        """How long the polygon runs along the land, in whole micrometres: lengths that differ by less are equal."""
        held = self.held[place]
        return round(fsum(hypot(one[2] - one[0], one[3] - one[1]) for one in land if opposite(one) in held), 6)


def built(ends: npt.NDArray[np.float64], *, several: bool) -> Any:
    """The land on the left of the sides; a multipolygon where there is more than one part, or where `several` asks for one."""
    if not len(ends):
        return shapely.MultiPolygon() if several else shapely.Polygon()
    faces = shapely.get_parts(shapely.polygonize(lines(ends[np.lexsort(ends.T[::-1])])))
    known = set(map(tuple, ends.tolist()))
    inner = [face for face in shapely.orient_polygons(faces, exterior_cw=False) if _first_side(face) in known]
    return inner[0] if len(inner) == 1 and not several else shapely.MultiPolygon(inner)


def _first_side(face: Any) -> Side:
    (x0, y0), (x1, y1) = face.exterior.coords[:2]
    return x0, y0, x1, y1
