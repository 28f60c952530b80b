"""Moving part of a border by an exact width: how slivers are planted whose area and place are known beforehand."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from layers.sample.noise import Numbers
from planning.geometry import Coordinates


@dataclass(frozen=True, slots=True)
class Pushed:
    """A polygon after part of its border was moved, and the strip it won or lost."""

    shape: shapely.Polygon
    strip: shapely.Polygon


def push(polygon: shapely.Polygon, chain: Coordinates, width_m: float) -> Pushed | None:
    """Move the vertices `chain`, a run of the border, outwards by `width_m`, or inwards where it is negative.

    The border keeps the first and last vertex of the run and steps out square there, so the neighbours need no change.
    None when the run is not part of the border or the move would make the border cross itself.
    """
    rings = [np.asarray(ring.coords)[:-1] for ring in (polygon.exterior, *polygon.interiors)]
    for number, ring in enumerate(rings):
        turned = _beginning_with(ring, chain)
        if turned is None:
            continue
        run, rest = turned[: len(chain)], turned[len(chain) :]
        moved = _offset(run, width_m)
        rings[number] = np.concatenate([run[:1], moved, run[-1:], rest])
        strip = shapely.Polygon(np.concatenate([run, moved[::-1]]))
        shape = shapely.Polygon(rings[0], rings[1:])
        change = np.sign(width_m) * strip.area
        if shape.is_valid and strip.is_valid and abs(shape.area - polygon.area - change) < 1e-6 * max(1.0, strip.area):
            return Pushed(shape, shapely.orient_polygons(strip))
    return None


def _beginning_with(ring: Coordinates, chain: Coordinates) -> Coordinates | None:
    """The ring turned so that it begins with the chain, followed in the ring's own direction."""
    for run in (chain, chain[::-1]):
        [places] = np.nonzero((ring == run[0]).all(axis=1))
        for place in places:
            turned = np.roll(ring, -place, axis=0)
            if len(run) < len(ring) and np.array_equal(turned[: len(run)], run):
                return turned
    return None


def _offset(run: Coordinates, width_m: float) -> Coordinates:
    """The run moved to its right, corners mitred: the strip between is `width_m` wide everywhere."""
    along = np.diff(run, axis=0)
    along /= np.sqrt((along**2).sum(axis=1))[:, None]
    normal = np.column_stack([along[:, 1], -along[:, 0]])
    before, after = np.vstack([normal[:1], normal]), np.vstack([normal, normal[-1:]])
    mitre: Numbers = (before + after) / (1 + (before * after).sum(axis=1))[:, None]
    return np.asarray(run + width_m * mitre)


def shared_runs(one: shapely.Polygon, other: shapely.Polygon) -> list[Coordinates]:
    """The runs of vertices that the borders of two polygons have in common, longest first."""
    theirs = {edge for ring in _rings(other) for edge in pairwise(ring)}
    theirs |= {(b, a) for a, b in theirs}
    runs: list[list[tuple[float, float]]] = []
    for ring in _rings(one):
        edges = list(pairwise(ring))
        common = [edge in theirs for edge in edges]
        begin = common.index(False) if False in common else 0
        open_run = False
        for place in range(len(edges)):
            index = (begin + place) % len(edges)
            if common[index] and open_run:
                runs[-1].append(edges[index][1])
            elif common[index]:
                runs.append(list(edges[index]))
            open_run = common[index]
    return sorted((np.array(run) for run in runs), key=len, reverse=True)


def _rings(polygon: shapely.Polygon) -> list[list[tuple[float, float]]]:
    return [list(ring.coords) for ring in (polygon.exterior, *polygon.interiors)]


def length_m(chain: Coordinates) -> float:
    """The length of a run of vertices."""
    return float(np.sqrt((np.diff(chain, axis=0) ** 2).sum(axis=1)).sum())


def middle_of(run: Coordinates, *, at_most_m: float) -> Coordinates:
    """The middle part of a run, without its ends, where other borders may meet it."""
    inner = run[1:-1]
    while len(inner) > 2 and length_m(inner) > at_most_m:
        inner = inner[1:] if len(inner) % 2 else inner[:-1]
    return inner
