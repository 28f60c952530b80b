"""An import of zones beside a bare pyogrio read and COPY of the same file: the rate of both, their ratio, and the memory.

The bare way reads the file whole and copies every field and the shape as it is into one table without an index or a constraint. The
import does all of that and more: it proves the shapes, reprojects, reads each value, and keeps the provenance. Both run in a process
of their own, in turns.

script/bench ingest --features 1000000 --memory    one import alone: the largest memory it takes, and its rate
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benches.setting import database, quyhoach, setting

MOST_MIB = 1024
"""What an import may take, whatever the length of the file."""

PACKAGES = ("pyogrio", "shapely", "psycopg", "pandas")


def options(parser: argparse.ArgumentParser) -> None:
    """How much is brought in."""
    parser.add_argument("--polygons", "--features", type=int, default=100_000, help="zones of 20 vertices each")
    parser.add_argument("--crs", type=int, default=9214, help="EPSG code of the file; the store is in 9214")
    parser.add_argument("--times", type=int, default=3, help="pairs of runs")
    parser.add_argument("--memory", action="store_true", help=f"one import, which must stay under {MOST_MIB} MiB")


def run(asked: argparse.Namespace) -> dict[str, object]:
    """Make the file, bring it in both ways in turns, print and tell the rates."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "zones.gpkg"
        program = str(Path(__file__).with_name("ingest_file.py"))
        making = [sys.executable, program, str(path), str(asked.polygons), str(asked.crs)]
        number = int(subprocess.run(making, check=True, stdout=subprocess.PIPE).stdout)
        told = _memory(path, number) if asked.memory else _pairs(path, number, asked.times)
    url = database("bench_ingest")
    return {**setting(url, PACKAGES), "polygons": number, "crs": asked.crs, **told}


def _pairs(path: Path, number: int, times: int) -> dict[str, object]:
    pairs = [_pair(path, number) for _ in range(times)]
    ratio = statistics.median(pair["import_per_s"] / pair["bare_per_s"] for pair in pairs)
    rate = {name: statistics.median(pair[name] for pair in pairs) for name in pairs[0]}
    print(
        f"{number:,} polygons of 20 vertices: bare {rate['bare_per_s']:,.0f}/s, import {rate['import_per_s']:,.0f}/s, "
        f"{rate['import_mib']:,.0f} MiB; import / bare = {ratio:.2f}"
    )
    return {"pairs": pairs, "ratio": ratio}


def _memory(path: Path, number: int) -> dict[str, object]:
    url = database("bench_ingest", afresh=True)
    told: dict[str, object] = {**_imported(path, number, url), "most_mib": MOST_MIB}
    print(f"{number:,} polygons of 20 vertices: import {told['import_per_s']:,.0f}/s, {told['import_mib']:,.0f} MiB")
    return told


def _pair(path: Path, number: int) -> dict[str, float]:
    url = database("bench_ingest", afresh=True)
    began = time.perf_counter()
    subprocess.run([sys.executable, Path(__file__).with_name("bare_ingest.py"), path, url], check=True)
    return {"bare_per_s": number / (time.perf_counter() - began), **_imported(path, number, url)}


def _imported(path: Path, number: int, url: str) -> dict[str, float]:
    words = ("--code", "BENCH", "--name", "Bench", "--level", "land_use", "--kind", "land_use", "--scheme", "land_use")
    began = time.perf_counter()
    peak = quyhoach(url, "import", "plan", str(path), "--layer", "zone", "--boundary", str(path.with_name("boundary.gpkg")),
        *words, "--valid-from", "2026-01-01")  # fmt: skip
    return {"import_per_s": number / (time.perf_counter() - began), "import_mib": peak}
