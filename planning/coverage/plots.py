"""Plots: the land of misfits cut along every outline, so that the same polygons lie over the whole of each plot."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from planning.coverage.faces import Faces, Ground, faces
from planning.coverage.halfedges import Edges, Numbers
from planning.coverage.misfits import Left, Misfit, shapes_of
from planning.coverage.outlines import NEAR_M, Side, lines, net, noded, outlines
from planning.geometry import Shapes


@dataclass(frozen=True, slots=True)
class Plot:
    """A polygon over the whole of which the polygons at `over` lie. `misfits` are the places, in their list, of those it is a part of."""

    shape: Any
    over: tuple[int, ...]
    misfits: tuple[int, ...]
    entangled: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """What is needed to mend: all polygons, the misfits, for each the polygons that touch it, the plots, and the outlines of these polygons
    by owner (`near` tells which sides touch a misfit).
    """

    shapes: Shapes
    misfits: list[Misfit]
    touched: list[tuple[int, ...]]
    plots: list[Plot]
    edges: Edges
    near: Any

    def sides_near(self, places: Sequence[int]) -> Edges:
        """The sides of some polygons that touch a misfit."""
        at = np.concatenate([self._sides_of(place) for place in places])
        return self.edges[at[self.near[at]]]

    def sides_far(self, place: int) -> Edges:
        """The sides of a polygon that touch none."""
        at = self._sides_of(place)
        return self.edges[at[~self.near[at]]]

    def _sides_of(self, place: int) -> Numbers:
        first, last = np.searchsorted(self.edges.owner, (place, place + 1))
        return np.arange(first, last)


def scene(shapes: Shapes, extent: Any, misfits: list[Misfit], left: list[Left]) -> Scene:
    """Everything about misfits that may be mended; `left` are those that may not."""
    where = shapes_of(misfits)
    at, place = shapely.STRtree(shapes).query(where, predicate="dwithin", distance=NEAR_M)
    touched: list[list[int]] = [[] for _ in misfits]
    for one, polygon in zip(at.tolist(), place.tolist(), strict=True):
        touched[one].append(polygon)
    places = np.unique(place)
    edges = outlines(shapes[places], places)
    near = _near(edges, where)
    rim = _rim(extent, [one for one in misfits if one.kind != "overlap"])
    ground = Ground.of(shapes[places], None)
    found = faces(Edges.joined([edges[near], rim]), ground)
    plots = _plots(found, places, misfits, left)
    return Scene(shapes, misfits, [tuple(sorted(one)) for one in touched], plots, edges, near)


def _near(edges: Edges, where: Shapes) -> Any:
    near = np.zeros(len(edges), bool)
    near[shapely.STRtree(where).query(lines(edges.ends), predicate="dwithin", distance=NEAR_M)[0]] = True
    return near


def _rim(extent: Any, misfits: list[Misfit]) -> Edges:
    """The outline of the extent where it bounds a misfit."""
    if extent is None or not misfits:
        return Edges.joined([])
    rim = outlines(np.array([extent], dtype=object), np.zeros(1, np.int64))
    return rim[_near(rim, shapes_of(misfits))]


def _plots(found: Faces, places: Numbers, misfits: list[Misfit], left: list[Left]) -> list[Plot]:
    """The faces that lie in misfits."""
    points = shapely.point_on_surface(found.shapes)
    over: list[list[int]] = [[] for _ in points]
    for face, polygon in zip(found.over[:, 0].tolist(), places[found.over[:, 1]].tolist(), strict=True):
        over[face].append(polygon)
    within: dict[int, list[int]] = {}
    for face, one in _pairs(points, shapes_of(misfits)):
        if _fits(misfits[one], over[face]):
            within.setdefault(face, []).append(one)
    others = [one.misfit for one in left if one.misfit.kind == "overlap"]
    entangled = {face for face, one in _pairs(points, shapes_of(others)) if _fits(others[one], over[face])}
    return [
        Plot(found.shapes[face], tuple(sorted(over[face])), tuple(sorted(within[face])), face in entangled)
        for face in sorted(within)
    ]


def _pairs(points: Shapes, where: Shapes) -> list[tuple[int, int]]:
    face, one = shapely.STRtree(where).query(points, predicate="intersects")
    return list(zip(face.tolist(), one.tolist(), strict=True))


def _fits(misfit: Misfit, over: list[int]) -> bool:
    return not over if misfit.kind == "gap" else set(misfit.places) <= set(over)


def with_common_nodes(edges: Edges, plots: Sequence[Plot]) -> tuple[Edges, list[list[Side]]]:
    """The sides of polygons, and those of each plot, all cut at the nodes of all the plots."""
    own = outlines(shapes_of(plots), np.arange(len(plots)))
    nodes = np.unique(own.ends[:, :2], axis=0)
    cut = noded(own, nodes)
    sides: list[list[Side]] = [[] for _ in plots]
    for plot, side in zip(cut.owner.tolist(), map(tuple, cut.ends.tolist()), strict=True):
        sides[plot].append(side)
    return noded(edges, nodes), [net(one) for one in sides]
