"""A real Dask cluster on this machine: a scheduler and workers as processes of their own, to be killed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.ports import free_port

ROOT = Path(__file__).parents[1]

Process = subprocess.Popen[bytes]


@dataclass(frozen=True)
class Cluster:
    """The address of a scheduler, its process and those of its workers."""

    address: str
    scheduler: Process
    workers: list[Process]


@contextmanager
def dask_cluster() -> Iterator[Cluster]:
    """A scheduler with two workers, gone in the end."""
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    scheduler = _started("dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
    words = (address, "--nworkers", "1", "--nthreads", "1", "--no-dashboard", "--no-nanny")
    workers = [_started("dask_worker", *words) for _ in range(2)]
    try:
        yield Cluster(address, scheduler, workers)
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def _started(*words: str) -> Process:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]], env=environment, stderr=subprocess.DEVNULL
    )
