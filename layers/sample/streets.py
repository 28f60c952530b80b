"""One giant polygon, the roads of a town, with as many neighbours as asked for, and planted defects: the coverage engine's hardest shape.

Blocks of a hundred lots, two rows back to back, each lot with its front on the road, which is one polygon with a hole for each block.
Every edge is shared vertex for vertex. A lot that is off has the middle of its front alone moved: into the road, or back from it.
"""

from typing import Any

import numpy as np
import shapely

from layers.sample.patchwork import ORIGIN, SMALLEST_M, Patchwork, Planted, Points

A_ROW = 50
"""Lots of one row; a block has two."""

FRONT_M, DEPTH_M, ROAD_M = 10.0, 20.0, 12.0
WIDEST_M = 4.0
SHAKEN_M = 0.5


def streets(lots: int, *, off: int = 0, width_m: float | None = None, seed: int = 7) -> Patchwork:
    """About `lots` lots, by the hundred, and last the road between them all. `off` of them, at most all, do not meet the road: by
    `width_m`, or by 2.2 mm to 4 m, every order of magnitude as often; by turns a gap and an overlap.
    """
    rng = np.random.default_rng(seed)
    south, middle, north = _lines(max(1, lots // (2 * A_ROW)), rng)
    rim = np.concatenate([south, middle[:, -1:], north[:, ::-1], middle[:, :1], south[:, :1]], 1)
    extent = shapely.box(*(rim.min(axis=(0, 1)) - ROAD_M), *(rim.max(axis=(0, 1)) + ROAD_M))
    road = shapely.polygons(shapely.get_exterior_ring(extent), shapely.linearrings(rim))
    rings = _rings(south, middle, north)
    truth = _moved(rings, min(off, len(rings)), width_m, rng)
    return Patchwork(np.append(shapely.polygons(rings), road), extent, truth)


def _lines(blocks: int, rng: np.random.Generator) -> tuple[Points, Points, Points]:
    """Of each block the southern fronts, the line between its rows and the northern fronts, from west to east: (blocks, points, 2)."""
    columns = max(1, round(np.sqrt(blocks / 10)))
    row, column = np.divmod(np.arange(blocks), columns)
    corner = np.stack([column * (A_ROW * FRONT_M + ROAD_M), row * (2 * DEPTH_M + ROAD_M)], 1) + ORIGIN

    def line(north_m: float, points: int) -> Points:
        straight = np.stack([np.linspace(0, A_ROW * FRONT_M, points), np.full(points, north_m)], 1)
        return np.asarray(corner[:, None] + straight + rng.uniform(-SHAKEN_M, SHAKEN_M, (blocks, points, 2)))

    return line(0, 2 * A_ROW + 1), line(DEPTH_M, A_ROW + 1), line(2 * DEPTH_M, 2 * A_ROW + 1)


def _rings(south: Points, middle: Points, north: Points) -> Points:
    """Rings of all lots, each beginning with its front, whose second vertex is the middle: (lots, 6, 2)."""
    lower = [south[:, :-1:2], south[:, 1::2], south[:, 2::2], middle[:, 1:], middle[:, :-1], south[:, :-1:2]]
    upper = [north[:, 2::2], north[:, 1::2], north[:, :-1:2], middle[:, :-1], middle[:, 1:], north[:, 2::2]]
    return np.concatenate([np.stack(ring, 2).reshape(-1, 6, 2) for ring in (lower, upper)])


def _moved(rings: Points, off: int, width_m: float | None, rng: np.random.Generator) -> list[Planted]:
    """Move the middle of so many fronts; what lies between it as it was and as it is."""
    at = rng.permutation(len(rings))[:off]
    widths = np.full(off, width_m) if width_m else 10 ** rng.uniform(np.log10(SMALLEST_M), np.log10(WIDEST_M), off)
    back = np.arange(off) % 2 == 0
    inward = np.where(at < len(rings) // 2, 1, -1)
    before = rings[at, :3].copy()
    rings[at, 1, 1] += widths * np.where(back, inward, -inward)
    places: Any = shapely.polygons(np.stack([before[:, 0], before[:, 1], before[:, 2], rings[at, 1]], 1))
    return [
        Planted("gap" if gap else "overlap", f"front moved by {width:.4f} m", place)
        for gap, width, place in zip(back, widths, places, strict=True)
    ]
