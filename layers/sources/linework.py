"""Polygons out of open lines: ends that stop short are led on within a tolerance, crossings noded, faces found, the rest told.

Measured on lots drawn with 5 mm gaps: faces of the lines as they stand found 1 of 4, noded 2, led on by 0.3 m all 4.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from planning.geometry import Shapes

SNAP_M = 0.3
"""How far an open end is led on, unless a person says otherwise: a third of a millimetre on a plan 1/1000."""

BEYOND_M = 1e-5
"""A closing reaches that far past the line it meets, so that the two cross whatever the rounding."""

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Faces:
    """What lines enclose. `sources`: for each face the places of the lines along its border; `open_ends`: lines that close nothing."""

    polygons: Shapes
    sources: list[list[int]]
    closings: Shapes
    open_ends: Shapes


def faces_of(lines: Shapes, rings: Shapes, snap_m: float = SNAP_M) -> Faces:
    """The faces along at least one of `lines`; `rings`, outlines that are polygons already, take part as walls only."""
    drawn = np.concatenate([lines, rings])
    closings = _closings(drawn, snap_m)
    noded = _noded(np.concatenate([drawn, closings]))
    faces, cuts, dangles, invalid = (shapely.get_parts(one) for one in shapely.polygonize_full(noded))
    sources = _sources(faces, noded, drawn)
    along = [n for n, places in enumerate(sources) if any(place < len(lines) for place in places)]
    loose = np.concatenate([cuts, dangles, invalid])
    open_ends = loose[shapely.length(loose) > snap_m]
    return Faces(faces[along], [[p for p in sources[n] if p < len(lines)] for n in along], closings, open_ends)


def _noded(lines: Shapes) -> Shapes:
    return np.asarray(shapely.get_parts(shapely.union_all(lines)), dtype=object)


def _closings(drawn: Shapes, snap_m: float) -> Shapes:
    """Short lines that lead open ends on to the nearest end or line within the tolerance."""
    walls = _noded(drawn)
    ends, onward = _open_ends(walls)
    if not len(ends) or snap_m <= 0:
        return np.array([], dtype=object)
    tree = shapely.STRtree(walls)
    others = shapely.STRtree(shapely.points(ends))
    made = [_closing(n, ends, onward, (walls, tree, others), snap_m) for n in range(len(ends))]
    return np.array([one for one in made if one is not None] + [None], dtype=object)[:-1]


def _open_ends(noded: Shapes) -> tuple[Any, Any]:
    """Ends where one line stops and no other goes on, and the direction in which each would go on."""
    xy, owner = shapely.get_coordinates(noded, return_index=True)
    starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
    stops = np.r_[starts[1:], len(owner)] - 1
    ends = np.concatenate([xy[starts], xy[stops]])
    before = np.concatenate([xy[np.minimum(starts + 1, stops)], xy[np.maximum(stops - 1, starts)]])
    _, place, times = np.unique(ends, axis=0, return_inverse=True, return_counts=True)
    single = times[place.reshape(-1)] == 1
    onward = ends[single] - before[single]
    length = np.maximum(np.hypot(onward[:, 0], onward[:, 1]), 1e-12)
    return ends[single], onward / length[:, None]


def _closing(n: int, ends: Any, onward: Any, around: Any, snap_m: float) -> Any:
    """From an open end straight on to what it meets, or to the nearest open end or line where that is nearer or nothing is met."""
    walls, tree, others = around
    end = shapely.Point(ends[n])
    near = walls[tree.query(end, predicate="dwithin", distance=snap_m)]
    near = near[shapely.distance(near, end) > 0]
    ray = shapely.LineString([ends[n], ends[n] + onward[n] * snap_m])
    met = shapely.get_coordinates(shapely.intersection(near, ray))
    if not len(met):
        met = shapely.get_coordinates(shapely.line_interpolate_point(near, shapely.line_locate_point(near, end)))
    fellows = [m for m in others.query(end, predicate="dwithin", distance=snap_m).tolist() if m != n]
    goals = [tuple(one) for one in met] + [tuple(ends[m]) for m in fellows]
    distances = [float(np.hypot(x - ends[n][0], y - ends[n][1])) for x, y in goals]
    if not goals or not 0 < min(distances) <= snap_m:
        return None
    goal = np.array(goals[int(np.argmin(distances))])
    exact = tuple(goal) in {tuple(ends[m]) for m in fellows}
    beyond = goal if exact else goal + (goal - ends[n]) / min(distances) * BEYOND_M
    return shapely.LineString([ends[n], beyond])


def _sources(faces: Shapes, noded: Shapes, drawn: Shapes) -> list[list[int]]:
    """For each face the places of the drawn lines that run along its border."""
    middles = shapely.line_interpolate_point(noded, 0.5, normalized=True)
    edge, line = shapely.STRtree(drawn).query(middles, predicate="dwithin", distance=BEYOND_M)
    pairs = shapely.STRtree(shapely.boundary(faces)).query(middles, predicate="dwithin", distance=BEYOND_M)
    lines_of: dict[int, list[int]] = {}
    for one, place in zip(edge.tolist(), line.tolist(), strict=True):
        lines_of.setdefault(one, []).append(place)
    found: list[set[int]] = [set() for _ in faces]
    for one, face in zip(*(part.tolist() for part in pairs), strict=True):
        found[face].update(lines_of.get(one, []))
    return [sorted(places) for places in found]
