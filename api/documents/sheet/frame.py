"""The window of ground a map shows, at a round scale: metres of the storage CRS on the ground, millimetres on paper, y downwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

import numpy as np
import shapely

Record = dict[str, Any]

SCALES = (200, 500, 1_000, 2_000, 5_000, 10_000, 25_000, 50_000, 100_000, 200_000, 500_000, 1_000_000)
"""Scales of plans and cadastral maps; a subject too large for one goes to the next."""

POINT_SCALE = 1_000
FILLED = 0.8
"""Share of the window that the subject may fill, so that its surroundings are seen."""

CLOSEST_TICKS_MM = 28
LONGEST_BAR_MM = 50

FINEST_MM = 0.03
"""Bends smaller than this on paper are not drawn."""
DOT_MM2 = 0.1
"""A polygon that takes less paper is smaller than a dot: it is not drawn, and the legend says so."""


@dataclass(frozen=True, slots=True)
class Paper:
    """Size of a map on paper, mm."""

    width_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True)
class Frame:
    """A window: its south-western corner in metres, its scale and its paper."""

    west: float
    south: float
    scale: int
    paper: Paper

    @property
    def finest_m(self) -> float:
        """Bends smaller than this on the ground are not drawn."""
        return FINEST_MM * self.scale / 1000

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north, m."""
        metres = self.scale / 1000
        return (
            self.west,
            self.south,
            self.west + self.paper.width_mm * metres,
            self.south + self.paper.height_mm * metres,
        )

    def at(self, x: float, y: float) -> tuple[float, float]:
        """A place on paper, to a hundredth of a millimetre."""
        return round((x - self.west) * 1000 / self.scale, 2), round(
            self.paper.height_mm - (y - self.south) * 1000 / self.scale, 2
        )

    def seen(self, shapes: Sequence[Any]) -> Any:
        """What lies in the window of each of many shapes, as an array; empty where nothing does."""
        return shapely.clip_by_rect(np.array(shapes, dtype=object), *self.box)

    def paths(self, seen: Sequence[Any]) -> list[str]:
        """Shapes in the window, each as the path of an SVG, points as small squares; empty where nothing is.

        Lines go through two places at least, and a ring that a bend of `FINEST_MM` holds is nothing on paper.
        """
        drawn = shapely.simplify(list(seen), self.finest_m, preserve_topology=False)
        return ["".join(self._drawn(part) for part in _parts(one)) for one in drawn]

    def _drawn(self, part: Any) -> str:
        if part.geom_type == "Polygon":
            return self._rings(part)
        if part.geom_type == "Point":
            across, down = self.at(part.x, part.y)
            return f"M{across - 0.8:g} {down - 0.8:g}h1.6v1.6h-1.6Z"
        return self._run(part, "")

    def _rings(self, polygon: Any) -> str:
        return "".join(self._run(ring, "Z") for ring in shapely.get_rings(polygon))

    def _run(self, line: Any, end: str) -> str:
        xy = shapely.get_coordinates(line)[: -1 if end else None]
        paper = np.column_stack([xy[:, 0] - self.west, self.south - xy[:, 1]]) * 1000 / self.scale + (
            0,
            self.paper.height_mm,
        )
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in np.round(paper, 2).tolist()) + end

    def middle(self, seen: Any) -> tuple[float, float]:
        """A place on paper inside a polygon."""
        inside = shapely.point_on_surface(seen)
        return self.at(inside.x, inside.y)

    def areas_mm2(self, shapes: Sequence[Any]) -> list[float]:
        """How much paper each of many polygons takes."""
        found: list[float] = (shapely.area(list(shapes)) * 1e6 / self.scale**2).tolist()
        return found


def _parts(shape: Any) -> Any:
    """The polygons, lines and points of a shape; a collection may hold what has parts itself."""
    if not shape.geom_type.startswith(("Multi", "Geometry")):
        return [] if shape.is_empty else [shape]
    return shapely.get_parts(shapely.get_parts(shape))


def frame_around(bounds: Sequence[float], paper: Paper) -> Frame:
    """The window around a subject, at the largest round scale at which it fits; `bounds`: west, south, east, north."""
    west, south, east, north = bounds
    needed = max((east - west) / paper.width_mm, (north - south) / paper.height_mm) * 1000 / FILLED
    scale = next((scale for scale in SCALES if scale >= needed), None) or ceil(needed / 1e6) * 1_000_000
    scale = POINT_SCALE if needed == 0 else scale
    metres = scale / 2000
    return Frame(
        (west + east) / 2 - paper.width_mm * metres, (south + north) / 2 - paper.height_mm * metres, scale, paper
    )


def ticks(frame: Frame) -> Record:
    """Round eastings and northings within the window, each with its place on paper."""
    step = _round_up(CLOSEST_TICKS_MM * frame.scale / 1000)
    west, south, east, north = frame.box
    return {
        "east": [(x, frame.at(x, south)[0]) for x in _multiples(west, east, step)],
        "north": [(y, frame.at(west, y)[1]) for y in _multiples(south, north, step)],
    }


def scale_bar(frame: Frame) -> Record:
    """A bar of a round length in four parts: its metres and its millimetres."""
    metres = _round_down(LONGEST_BAR_MM * frame.scale / 1000)
    return {"metres": metres, "mm": round(metres * 1000 / frame.scale, 2)}


def _multiples(first: float, last: float, step: int) -> list[int]:
    return [step * times for times in range(ceil(first / step), floor(last / step) + 1)]


def _round_up(value: float) -> int:
    return next(size for size in _round_sizes() if size >= value)


def _round_down(value: float) -> int:
    return next(size for size in reversed(_round_sizes()) if size <= value)


def _round_sizes() -> list[int]:
    return [times * 10**power for power in range(7) for times in (1, 2, 5)]
