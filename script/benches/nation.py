"""A whole country, one Dask task a commune: 3,321 communes, some two million zones of about fifty vertices, on one worker and on several.

The result is held together byte for byte: it may not depend on how many workers there were.
"""

import argparse
import hashlib
import time
from collections.abc import Sequence
from functools import partial

from distributed import LocalCluster

from benches.setting import setting
from layers.sample.nation import COMMUNES, ZONES, Survey, surveyed
from planning.coverage.scheduling import mapped


def options(parser: argparse.ArgumentParser) -> None:
    """How large the country is, and who works."""
    parser.add_argument("--communes", type=int, default=COMMUNES)
    parser.add_argument("--zones", type=int, default=ZONES, help="zones a commune, on average")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], help="numbers of workers to compare")


def run(asked: argparse.Namespace) -> dict[str, object]:
    """Survey the country with each number of workers."""
    rows = [_surveyed(asked, workers) for workers in asked.workers]
    if len({row["digest"] for row in rows}) > 1:
        raise SystemExit("the result depends on the number of workers")
    gain = float(str(rows[0]["seconds"])) / float(str(rows[-1]["seconds"]))
    print(f"{asked.workers[-1]} workers: {gain:.2f} × {asked.workers[0]}; the same to the byte")
    return {**setting(None, ("distributed", "shapely", "numpy")), "runs": rows, "gain": gain}


def _surveyed(asked: argparse.Namespace, workers: int) -> dict[str, object]:
    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster:
        mapped(surveyed, range(2 * workers), cluster.scheduler_address)  # the workers have read their modules
        began = time.perf_counter()
        found = mapped(partial(surveyed, zones=asked.zones), range(asked.communes), cluster.scheduler_address)
        seconds = time.perf_counter() - began
    zones, planted, misfits = (
        sum(of) for of in zip(*((one.zones, one.planted, len(one.misfits)) for one in found), strict=True)
    )
    print(
        f"{workers} worker(s): {len(found):,} communes, {zones:,} zones in {seconds:.1f} s; {misfits:,} of {planted:,} planted defects"
    )
    return {"workers": workers, "communes": len(found), "zones": zones, "planted": planted, "found": misfits, "seconds": seconds,
        "digest": digest(found)}  # fmt: skip


def digest(found: Sequence[Survey]) -> str:
    """A fingerprint of everything that was found."""
    whole = hashlib.sha256()
    for one in found:
        whole.update(repr(one).encode())
    return whole.hexdigest()
