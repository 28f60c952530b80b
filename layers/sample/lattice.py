"""The warped lattice that everything in the sample province is cut from.

Units, plans, zones and parcels are unions of lattice cells, so their shared borders have the same vertices. A slow warp bends
the lattice until no straight line is left, and a small jitter roughens it as digitising does.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from layers.sample.noise import Numbers, Whole, field, stream
from planning.geometry import Coordinates

WIDTH_M, HEIGHT_M = 25_000.0, 15_500.0
CENTRE = (415_000.0, 2_352_500.0)
"""Easting and northing in EPSG:9214."""

TURN = (0.96, 0.28)
"""Cosine and sine of the angle by which the province is turned; a Pythagorean pair, hence exact."""

ROUNDING = 0.34
"""How far the corners are drawn in: 0 leaves a rectangle, 0.5 makes an ellipse."""

BENDS = ((1_700.0, 330.0), (800.0, 150.0), (380.0, 60.0))
"""Spacing and reach in metres of what bends lines within a commune."""

SWEEPS = ((8_000.0, 1_500.0), (3_600.0, 620.0))
"""Spacing and reach in metres of what gives the province and the communes their shape; laid over the bends."""

SWEEP_GRID_M, MARGIN_M = 100.0, 600.0

WAVES = (3.5, 0.8)
"""Spacing and reach, in cells, of what makes the sides of parcels uneven; the jitter of single nodes comes on top."""

JITTER = 0.12
"""Of a cell."""

LEAST_CELL = 0.02
"""Of the mean cell: cells smaller than that count as folded."""

CELLS_PER_PARCEL = 12
CELLS_ACROSS_ZONE = 6
WIDEST_CELL_M = 190.0
MOST_ZONE_CELLS = 3_500_000


@dataclass(frozen=True, slots=True)
class Size:
    """How fine the lattice is. `stride` cells side by side make one cell of the zone lattice."""

    columns: int
    rows: int
    stride: int

    @property
    def cell_m(self) -> float:
        """Side of a cell before the warp."""
        return WIDTH_M / self.columns

    def column(self, share: float) -> int:
        """The zone-lattice line nearest to a share of the width, counted in cells."""
        return round(share * self.columns / self.stride) * self.stride

    def row(self, share: float) -> int:
        """The zone-lattice line nearest to a share of the height, counted in cells."""
        return round(share * self.rows / self.stride) * self.stride


def size_for(parcels: int, zones: int) -> Size:
    """A lattice fine enough for that many parcels of about fourteen vertices and for zones of some cells across."""
    area = WIDTH_M * HEIGHT_M
    cell_m = min(
        (area / (parcels * CELLS_PER_PARCEL)) ** 0.5, (2 * area / zones) ** 0.5 / CELLS_ACROSS_ZONE, WIDEST_CELL_M
    )
    stride = int(np.ceil((area / cell_m**2 / MOST_ZONE_CELLS) ** 0.5))
    columns = round(WIDTH_M / cell_m / stride) * stride
    return Size(columns, round(columns * HEIGHT_M / WIDTH_M / stride) * stride, stride)


def nodes_of(size: Size, seed: int) -> Coordinates:
    """The nodes of the lattice in EPSG:9214, an array of shape (columns + 1, rows + 1, 2), in whole millimetres."""
    u, v = np.linspace(0, WIDTH_M, size.columns + 1), np.linspace(0, HEIGHT_M, size.rows + 1)
    calm = _swept(_bent(u, v, _bearable(seed, _bent_roughly), seed), _bearable(seed, _sweep_grid), seed)
    rough = calm + stream(seed, "jitter").uniform(-JITTER * size.cell_m, JITTER * size.cell_m, calm.shape)
    for axis, name in enumerate(("wave x", "wave y")):
        rough[..., axis] += (
            WAVES[1] * size.cell_m * field(u, v, spacing_m=WAVES[0] * size.cell_m, source=stream(seed, name))
        )
    return np.round(untangled(rough, calm), 3)


def _bent(u: Numbers, v: Numbers, strength: float, seed: int) -> Coordinates:
    """Places before the sweeps, in metres from the south-west corner."""
    nodes = np.empty((len(u), len(v), 2))
    nodes[..., 0], nodes[..., 1] = u[:, None], v[None, :]
    for spacing_m, reach_m in BENDS:
        for axis, name in enumerate(("bend x", "bend y")):
            nodes[..., axis] += (
                strength * reach_m * field(u, v, spacing_m=spacing_m, source=stream(seed, name, str(spacing_m)))
            )
    return nodes


def _swept(places: Coordinates, strength: float, seed: int) -> Coordinates:
    """Places on the map. The sweeps are computed on a coarse grid and taken in between in proportion."""
    grid = _sweep_grid(strength, seed)
    column, row = ((places[..., axis] + MARGIN_M) / SWEEP_GRID_M for axis in (0, 1))
    i = np.clip(column.astype(np.int64), 0, grid.shape[0] - 2)
    j = np.clip(row.astype(np.int64), 0, grid.shape[1] - 2)
    f, g = (column - i)[..., None], (row - j)[..., None]
    nodes = grid[i, j] * ((1 - f) * (1 - g))
    nodes += grid[i + 1, j] * (f * (1 - g))
    nodes += grid[i, j + 1] * ((1 - f) * g)
    nodes += grid[i + 1, j + 1] * (f * g)
    return np.asarray(nodes)


def _sweep_grid(strength: float, seed: int) -> Coordinates:
    u = np.arange(-MARGIN_M, WIDTH_M + MARGIN_M + 1, SWEEP_GRID_M)
    v = np.arange(-MARGIN_M, HEIGHT_M + MARGIN_M + 1, SWEEP_GRID_M)
    p, q = 2 * u / WIDTH_M - 1, 2 * v / HEIGHT_M - 1
    x = p[:, None] * np.sqrt(1 - ROUNDING * q * q)[None, :] * (WIDTH_M / 2)
    y = np.sqrt(1 - ROUNDING * p * p)[:, None] * q[None, :] * (HEIGHT_M / 2)
    for spacing_m, reach_m in SWEEPS:
        reach, grid = strength * reach_m, (u + MARGIN_M, v + MARGIN_M)
        x += reach * field(*grid, spacing_m=spacing_m, source=stream(seed, "sweep x", str(spacing_m)))
        y += reach * field(*grid, spacing_m=spacing_m, source=stream(seed, "sweep y", str(spacing_m)))
    turned = (TURN[0] * x - TURN[1] * y, TURN[1] * x + TURN[0] * y)
    return np.stack([CENTRE[0] + turned[0], CENTRE[1] + turned[1]], axis=-1)


def _bearable(seed: int, warp: Callable[[float, int], Coordinates]) -> float:
    """How much of a warp the seed can bear: no cell may shrink to less than a sixth, lest the lattice fold."""
    for strength in (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2):
        nodes = warp(strength, seed)
        area = _turn(nodes[:-1, :-1], nodes[1:, :-1], nodes[1:, 1:])
        if area.min() > area.mean() / 6:
            return strength
    raise ValueError(f"seed {seed} folds the lattice; take another")


def _bent_roughly(strength: float, seed: int) -> Coordinates:
    return _bent(np.linspace(0, WIDTH_M, 501), np.linspace(0, HEIGHT_M, 311), strength, seed)


def untangled(nodes: Coordinates, calm: Coordinates) -> Coordinates:
    """The nodes, those of folded cells put back to where they lie in `calm`: a lattice without a fold tiles the plane."""
    nodes = nodes.copy()
    least = LEAST_CELL * float(np.mean(np.abs(_turn(calm[:-1:16, :-1], calm[1::16, :-1], calm[1::16, 1:]))))
    folded = _folded_cells(nodes, least)
    while len(folded):
        corners = (folded[:, None, :] + _CORNERS).reshape(-1, 2)
        at = corners[:, 0], corners[:, 1]
        if np.array_equal(nodes[at], calm[at]):
            break
        nodes[at] = calm[at]
        around = _cells_at(corners, nodes.shape[0] - 1, nodes.shape[1] - 1)
        folded = around[_spread_of(nodes, around) <= least]
    if len(folded) and _spread_of(nodes, folded).min() <= 0:
        raise ValueError("the warp itself folds the lattice")
    return nodes


def _cells_at(corners: Whole, columns: int, rows: int) -> Whole:
    """The cells that meet in some corners, each once."""
    cells = (corners[:, None, :] - _CORNERS).reshape(-1, 2)
    cells = cells[((cells >= 0) & (cells < np.array([columns, rows]))).all(axis=1)]
    return np.stack(np.divmod(np.unique(cells[:, 0] * rows + cells[:, 1]), rows), axis=1)


def _spread_of(nodes: Coordinates, cells: Whole) -> Numbers:
    a, b, c, d = (nodes[cells[:, 0] + i, cells[:, 1] + j] for i, j in _CORNERS)
    return _spread(a, b, c, d)


_CORNERS = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])


def _folded_cells(nodes: Coordinates, least: float) -> Whole:
    """Column and row of the cells that are not simple and counter-clockwise, looked for in slabs to spare memory."""
    found = []
    for start in range(0, len(nodes) - 1, 128):
        slab = nodes[start : start + 129]
        spread = _spread(slab[:-1, :-1], slab[1:, :-1], slab[1:, 1:], slab[:-1, 1:])
        found.append(np.argwhere(spread <= least) + np.array([start, 0]))
    return np.concatenate(found)


def _spread(a: Coordinates, b: Coordinates, c: Coordinates, d: Coordinates) -> Numbers:
    """Twice the area of the smaller triangle where the quadrangle is cut in two the better way; not positive where it is folded."""
    one = np.minimum(_turn(a, b, c), _turn(a, c, d))
    return np.asarray(np.maximum(one, np.minimum(_turn(a, b, d), _turn(b, c, d))))


def _turn(a: Coordinates, b: Coordinates, c: Coordinates) -> Numbers:
    return np.asarray(
        (b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1]) - (b[..., 1] - a[..., 1]) * (c[..., 0] - a[..., 0])
    )
