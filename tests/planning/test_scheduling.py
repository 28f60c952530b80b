"""Tasks on a real scheduler with two worker processes: a worker that is killed changes nothing, a scheduler that is killed is told."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial

import pytest

from layers.sample.nation import surveyed
from planning.coverage.scheduling import NoScheduler, mapped
from tests.cluster import ROOT, Cluster, dask_cluster

COMMUNES = range(80)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with dask_cluster() as own:
        yield own


def test_a_worker_killed_in_the_middle_changes_nothing(cluster):
    address, workers = cluster.address, cluster.workers
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


def test_a_scheduler_killed_in_the_middle_is_a_clear_refusal(cluster, capfd):
    """Ten of eighty tasks are done when it dies; the command does not wait for it to come back."""

    def step(_what: str, done: int, total: int) -> None:
        if done == 10:
            cluster.scheduler.send_signal(signal.SIGKILL)

    began = time.monotonic()
    with pytest.raises(NoScheduler, match="it was lost while work was under way") as lost:
        mapped(partial(surveyed, zones=300), COMMUNES, cluster.address, step)
    assert "mất kết nối khi đang làm việc. Không lưu gì." in lost.value.said("vi")
    assert time.monotonic() - began < 60
    assert capfd.readouterr().err == ""


def test_an_address_where_nobody_schedules_is_a_clear_refusal(monkeypatch):
    monkeypatch.setattr("planning.coverage.scheduling.CONNECT_SECONDS", 1)
    began = time.monotonic()
    with pytest.raises(NoScheduler, match=r"tcp://127\.0\.0\.1:9"):
        mapped(surveyed, [1], "tcp://127.0.0.1:9")
    assert time.monotonic() - began < 30


def test_a_scheduler_without_workers_is_not_waited_for_for_ever(cluster, monkeypatch):
    monkeypatch.setattr("planning.coverage.scheduling.CONNECT_SECONDS", 3)
    for worker in cluster.workers:
        worker.kill()
        worker.wait()
    with pytest.raises(NoScheduler, match="no worker came within 3 s"):
        mapped(surveyed, [1], cluster.address)


@pytest.mark.parametrize("address", ["nonsense", "tcp://", "http://127.0.0.1:9", "tcp://127.0.0.1:port"])
def test_what_is_no_address_is_one_sentence_without_a_stack_trace(address):
    words = f"from planning.coverage.scheduling import NoScheduler, mapped\ntry: mapped(print, [1], {address!r})\nexcept NoScheduler: pass"
    done = subprocess.run(
        [sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
