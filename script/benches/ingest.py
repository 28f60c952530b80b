"""An import of zones beside a bare pyogrio read and COPY of the same file: the rate of both, their ratio, and the memory.

The bare way reads the file whole and copies every field and the shape as it is into one table without an index or a constraint. The
import does all of that and more: it proves the shapes, reprojects, reads each value, and keeps the provenance. Both run in a process
of their own, in turns.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from benches.setting import database, quyhoach, setting

CELL_M = 50.0
CORNER = (400_000.0, 2_350_000.0)
ON_A_SIDE = 5
CODES = ("ODT", "ONT", "TMD", "DGT", "LUC", "CLN", "DGD", "DKV")


def options(parser: argparse.ArgumentParser) -> None:
    """How much is brought in."""
    parser.add_argument("--polygons", type=int, default=100_000, help="zones of 20 vertices each")
    parser.add_argument("--crs", type=int, default=9214, help="EPSG code of the file; the store is in 9214")
    parser.add_argument("--times", type=int, default=3, help="pairs of runs")


def run(asked: argparse.Namespace) -> dict[str, object]:
    """Make the file, bring it in both ways in turns, print and tell the rates."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "zones.gpkg"
        number = make(path, asked.polygons, asked.crs)
        pairs = [_pair(path, number) for _ in range(asked.times)]
    ratio = statistics.median(pair["import_per_s"] / pair["bare_per_s"] for pair in pairs)
    rate = {name: statistics.median(pair[name] for pair in pairs) for name in pairs[0]}
    print(
        f"{number:,} polygons of 20 vertices: bare {rate['bare_per_s']:,.0f}/s, import {rate['import_per_s']:,.0f}/s, "
        f"{rate['import_mib']:,.0f} MiB; import / bare = {ratio:.2f}"
    )
    url = database("bench_ingest")
    return {**setting(url, ("pyogrio", "shapely", "psycopg", "pandas")), "polygons": number, "crs": asked.crs,
        "pairs": pairs, "ratio": ratio}  # fmt: skip


def _pair(path: Path, number: int) -> dict[str, float]:
    url = database("bench_ingest", afresh=True)
    began = time.perf_counter()
    subprocess.run([sys.executable, Path(__file__).with_name("bare_ingest.py"), path, url], check=True)
    bare = time.perf_counter() - began
    words = ("--code", "BENCH", "--name", "Bench", "--level", "land_use", "--kind", "land_use", "--scheme", "land_use")
    began = time.perf_counter()
    peak = quyhoach(url, "import", "plan", str(path), "--layer", "zone", "--boundary", str(path.with_name("boundary.gpkg")),
        *words, "--valid-from", "2026-01-01")  # fmt: skip
    return {"bare_per_s": number / bare, "import_per_s": number / (time.perf_counter() - began), "import_mib": peak}


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
