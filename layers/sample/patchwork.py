"""A patchwork of any size with planted defects and the complete truth about them: what the coverage engine is measured and tested on.

Cells of a shaken grid with wiggling edges, about fifty vertices each, every edge shared vertex for vertex. Defects stand apart from one
another, so that each is found alone or not at all. Plane metres.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import shapely

from planning.geometry import Shapes

Kind = Literal["gap", "overlap", "overhang"]
Points = npt.NDArray[np.float64]
Cell = tuple[int, int]

SIDE_M = 100.0
WITHIN_EDGE = 11
APART = 4
SMALLEST_M = 0.0022
ORIGIN = (400_000.0, 2_340_000.0)


@dataclass(frozen=True, slots=True)
class Planted:
    """One defect and the place it makes, exactly."""

    kind: Kind
    how: str
    shape: Any


@dataclass(slots=True)
class Patchwork:
    """Polygons, the extent they are to fill, and what is wrong with them."""

    shapes: Shapes
    extent: Any
    truth: list[Planted] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Grid:
    corners: Points
    across: Points
    up: Points

    @property
    def size(self) -> tuple[int, int]:
        return self.corners.shape[0] - 1, self.corners.shape[1] - 1

    def rings(self) -> Points:
        """Closed rings of all cells, counter-clockwise: (rows, columns, vertices, 2)."""
        below = np.concatenate([self.corners[:-1, :-1, None], self.across[:-1]], 2)
        right = np.concatenate([self.corners[:-1, 1:, None], self.up[:, 1:]], 2)
        above = np.concatenate([self.corners[1:, 1:, None], self.across[1:, :, ::-1]], 2)
        left = np.concatenate([self.corners[1:, :-1, None], self.up[:, :-1, ::-1]], 2)
        return np.concatenate([below, right, above, left, self.corners[:-1, :-1, None]], 2)

    def outline(self) -> Any:
        """The boundary of the whole."""
        rows, columns = self.size
        below = np.concatenate([self.corners[0, :-1, None], self.across[0]], 1).reshape(-1, 2)
        right = np.concatenate([self.corners[:-1, columns, None], self.up[:, columns]], 1).reshape(-1, 2)
        above = np.concatenate([self.corners[rows, 1:, None], self.across[rows, :, ::-1]], 1)[::-1].reshape(-1, 2)
        left = np.concatenate([self.corners[1:, 0, None], self.up[:, 0, ::-1]], 1)[::-1].reshape(-1, 2)
        return shapely.Polygon(np.concatenate([below, right, above, left]))


def patchwork(number: int, *, defects: int = 0, jitter_m: float = 0.0, seed: int = 7) -> Patchwork:
    """About `number` polygons with `defects` planted ones. `jitter_m`: every vertex of every polygon is shaken on its own."""
    rng = np.random.default_rng(seed)
    rows = max(1, int(np.sqrt(number)))
    grid = _grid(rows, max(1, number // rows), rng)
    rings = grid.rings()
    extent = grid.outline()
    if jitter_m:
        shaken = rings + rng.normal(0, jitter_m, rings.shape)
        shaken[:, :, -1] = shaken[:, :, 0]
        return Patchwork(_polygons(shaken), extent)
    planting = _Planting(rings, rng)
    planting.plant(defects)
    shapes = np.delete(_polygons(rings), planting.dropped)
    return Patchwork(np.concatenate([shapes, np.array(planting.extra, dtype=object)]), extent, planting.truth)


def _polygons(rings: Points) -> Shapes:
    return np.asarray(shapely.polygons(rings.reshape(-1, rings.shape[2], 2)), dtype=object)


def _grid(rows: int, columns: int, rng: np.random.Generator) -> _Grid:
    y, x = np.mgrid[0 : rows + 1, 0 : columns + 1].astype(float) * SIDE_M
    corners = np.stack([x, y], 2) + rng.uniform(-0.15, 0.15, (rows + 1, columns + 1, 2)) * SIDE_M + ORIGIN
    return _Grid(corners, _edges(corners[:, :-1], corners[:, 1:], rng), _edges(corners[:-1], corners[1:], rng))


def _edges(start: Points, end: Points, rng: np.random.Generator) -> Points:
    """Points between two corners, each pushed aside a little."""
    at = np.arange(1, WITHIN_EDGE + 1)[:, None] / (WITHIN_EDGE + 1)
    along = (end - start)[:, :, None]
    aside = along[..., ::-1] * (-1, 1) / SIDE_M
    return start[:, :, None] + along * at + aside * rng.uniform(-1.5, 1.5, (*start.shape[:2], WITHIN_EDGE, 1))


class _Planting:
    """Defects put into the rings of a grid, one cell at a time."""

    def __init__(self, rings: Points, rng: np.random.Generator) -> None:
        self.rings, self.rng = rings, rng
        self.extra: list[Any] = []
        self.dropped: list[int] = []
        self.truth: list[Planted] = []
        self.ways = (
            self.sliver_gap,
            self.sliver_overlap,
            self.hole,
            self.missing,
            self.twice,
            self.inside,
            self.across,
        )

    def plant(self, number: int) -> None:
        """So many defects, one in ten at the edge of the extent, no two in neighbouring cells."""
        rows, columns = self.rings.shape[:2]
        inner = [(row, column) for row in range(2, rows - 2, APART) for column in range(2, columns - 2, APART)]
        outer = [(0, column) for column in range(2, columns - 2, APART)]
        at_edge = min(len(outer), number // 10)
        if number - at_edge > len(inner):
            raise ValueError(f"{number} defects do not fit apart into {rows} × {columns} cells")
        for turn, place in enumerate(self.rng.permutation(len(inner))[: number - at_edge]):
            self.ways[turn % len(self.ways)](inner[place])
        for turn, place in enumerate(self.rng.permutation(len(outer))[:at_edge]):
            self.side(outer[place], self.width() * (1 if turn % 2 else -1), "overhang")

    def width(self) -> float:
        """From 2.2 mm to 10 m, every order of magnitude as often."""
        return float(10 ** self.rng.uniform(np.log10(SMALLEST_M), 1))

    def side(self, cell: Cell, width_m: float, beyond: Kind) -> None:
        """The lower side of a cell alone moves up, which makes a gap, or down, which makes what lies beyond it."""
        lower = self.rings[cell][: WITHIN_EDGE + 2]
        before = lower.copy()
        lower[1:-1, 1] += width_m
        between = shapely.Polygon(np.concatenate([before, lower[-2:0:-1]]))
        self.found("gap" if width_m > 0 else beyond, f"side moved by {width_m:.4f} m", between)

    def sliver_gap(self, cell: Cell) -> None:
        self.side(cell, self.width(), "overlap")

    def sliver_overlap(self, cell: Cell) -> None:
        self.side(cell, -self.width(), "overlap")

    def hole(self, cell: Cell) -> None:
        """A square cut out of a cell."""
        missing = self.square(cell)
        self.drop(cell)
        self.extra.append(shapely.Polygon(self.rings[cell], [missing.exterior.coords]))
        self.found("gap", "hole", missing)

    def missing(self, cell: Cell) -> None:
        self.drop(cell)
        self.found("gap", "missing", shapely.Polygon(self.rings[cell]))

    def twice(self, cell: Cell) -> None:
        self.extra.append(shapely.Polygon(self.rings[cell]))
        self.found("overlap", "twice", self.extra[-1])

    def inside(self, cell: Cell) -> None:
        """A polygon more, wholly within the cell."""
        self.extra.append(self.square(cell))
        self.found("overlap", "inside", self.extra[-1])

    def across(self, cell: Cell) -> None:
        """A polygon more, over the cell and the eight around it."""
        middle = self.rings[cell][:-1].mean(axis=0)
        over = shapely.box(*(middle - 0.8 * SIDE_M), *(middle + 0.8 * SIDE_M))
        self.extra.append(over)
        row, column = cell
        for near in shapely.polygons(self.rings[row - 1 : row + 2, column - 1 : column + 2].reshape(9, -1, 2)):
            self.found("overlap", "across", shapely.intersection(over, near))

    def square(self, cell: Cell) -> Any:
        middle, half = self.rings[cell][:-1].mean(axis=0), self.width()
        return shapely.box(*(middle - half), *(middle + half))

    def drop(self, cell: Cell) -> None:
        self.dropped.append(cell[0] * self.rings.shape[1] + cell[1])

    def found(self, kind: Kind, how: str, shape: Any) -> None:
        self.truth.append(Planted(kind, how, shape))
