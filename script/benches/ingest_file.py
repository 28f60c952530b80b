"""The file of `ingest`: zones as a square of wavy cells, and their boundary beside it. Run as a program: FILE POLYGONS CRS.

In a process of its own, because the kernel counts what a parent holds into the largest memory of the children it starts.
"""

import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

CELL_M = 50.0
CORNER = (400_000.0, 2_350_000.0)
ON_A_SIDE = 5
CODES = ("ODT", "ONT", "TMD", "DGT", "LUC", "CLN", "DGD", "DKV")


def make(path: Path, polygons: int, crs: int) -> int:
    """Write a square of wavy cells with the attributes of zones, and its boundary beside it; how many cells."""
    side = round(polygons**0.5)
    shapes = _cells(side)
    rng = np.random.default_rng(20)
    frame = gpd.GeoDataFrame(
        {
            "lot_symbol": [f"L-{place}" for place in range(len(shapes))],
            "function_code": rng.choice(CODES, len(shapes)),
            "declared_m2": shapely.area(shapes).round(1),
            "density_pct": rng.integers(20, 80, len(shapes)).astype(float),
            "floors_min": rng.integers(1, 3, len(shapes)),
            "floors_max": rng.integers(3, 9, len(shapes)),
            "note": "lô đất / lot",
        },
        geometry=shapes,
        crs="EPSG:9214",
    )
    frame.to_crs(crs).to_file(path, layer="zone", engine="pyogrio")
    whole = gpd.GeoDataFrame(geometry=[shapely.coverage_union_all(shapes)], crs="EPSG:9214").to_crs(crs)
    whole.to_file(path.with_name("boundary.gpkg"), layer="boundary", engine="pyogrio")
    return len(shapes)


def _cells(side: int) -> np.ndarray:
    """Cells whose edges wave, each edge the same for both its neighbours: 5 points a side, 20 vertices."""
    at = np.arange(side * ON_A_SIDE + 1) * (CELL_M / ON_A_SIDE)
    x, y = np.meshgrid(at, at, indexing="ij")
    wave = np.stack([x + 2 * np.sin(y / 7), y + 2 * np.sin(x / 11)], axis=-1) + np.array(CORNER)
    i, j = (np.repeat(np.arange(side), side) * ON_A_SIDE, np.tile(np.arange(side), side) * ON_A_SIDE)
    way = range(ON_A_SIDE)
    steps: list[tuple[int, int]] = [
        *((k, 0) for k in way),
        *((ON_A_SIDE, k) for k in way),
        *((ON_A_SIDE - k, ON_A_SIDE) for k in way),
        *((0, ON_A_SIDE - k) for k in way),
        (0, 0),
    ]
    rings = np.stack([wave[i + a, j + b] for a, b in steps], axis=1)
    return np.asarray(shapely.polygons(rings), dtype=object)


if __name__ == "__main__":
    print(make(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
