"""Tasks on a real scheduler with two worker processes, one of which is killed in the middle: the result is the same to the byte."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from layers.sample.nation import surveyed
from planning.coverage.scheduling import NoScheduler, mapped

ROOT = Path(__file__).parents[2]
COMMUNES = range(80)


def started(*words: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]], env=environment, stderr=subprocess.DEVNULL
    )


@pytest.fixture
def cluster() -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler, and its two workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    scheduler = started("dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
    words = (address, "--nworkers", "1", "--nthreads", "1", "--no-dashboard", "--no-nanny")
    workers = [started("dask_worker", *words) for _ in range(2)]
    yield address, workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait()


def test_a_worker_killed_in_the_middle_changes_nothing(cluster):
    address, workers = cluster
    work = partial(surveyed, zones=300)
    expected = mapped(work, COMMUNES)
    seen: list[int] = []

    def step(_what: str, done: int, total: int) -> None:
        seen.append(done)
        if done == 10:
            workers[0].send_signal(signal.SIGKILL)

    assert mapped(work, COMMUNES, address, step, "xã / communes") == expected
    assert workers[0].wait(5) == -signal.SIGKILL
    assert workers[1].poll() is None
    assert seen == [*range(1, len(COMMUNES) + 1)]
    assert all(len(one.misfits) == one.planted for one in expected)
    assert sum(one.planted for one in expected) > 0


def test_an_address_where_nobody_schedules_is_a_clear_refusal(monkeypatch):
    monkeypatch.setattr("planning.coverage.scheduling.CONNECT_SECONDS", 1)
    began = time.monotonic()
    with pytest.raises(NoScheduler, match=r"tcp://127\.0\.0\.1:9"):
        mapped(surveyed, [1], "tcp://127.0.0.1:9")
    assert time.monotonic() - began < 30


def test_a_scheduler_without_workers_is_not_waited_for_for_ever(cluster, monkeypatch):
    monkeypatch.setattr("planning.coverage.scheduling.CONNECT_SECONDS", 3)
    address, workers = cluster
    for worker in workers:
        worker.kill()
        worker.wait()
    with pytest.raises(NoScheduler, match="no worker came within 3 s"):
        mapped(surveyed, [1], address)


@pytest.mark.parametrize("address", ["nonsense", "tcp://", "http://127.0.0.1:9", "tcp://127.0.0.1:port"])
def test_what_is_no_address_is_one_sentence_without_a_stack_trace(address):
    words = f"from planning.coverage.scheduling import NoScheduler, mapped\ntry: mapped(print, [1], {address!r})\nexcept NoScheduler: pass"
    done = subprocess.run(
        [sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
