"""`quyhoach check … --scheduler`: the same result on a cluster; a scheduler that is lost in the middle leaves nothing half stored."""

import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest
from distributed import Client

from planning.settings import Settings
from tests.cluster import Cluster, dask_cluster
from tests.conftest import QUYHOACH, _environment, quyhoach

KEPT = ("check_run", "coverage", "finding", "finding_case", "kept_run")
CHECKED = ("--on", "2026-01-01")


@pytest.fixture
def own_town(town: Settings, copy_of: Callable[[Settings], Settings]) -> Settings:
    return copy_of(town)


def kept(settings: Settings) -> dict[str, int]:
    """Rows of everything a check stores."""
    with psycopg.connect(settings.database_url) as connection:
        return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in KEPT}


def wait_for_tasks(address: str) -> None:
    """Until a worker has work in hand."""
    with Client(address, set_as_default=False) as client:
        for _ in range(300):
            if any(client.processing().values()):
                return
            time.sleep(0.1)
    raise AssertionError("no task came")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """For those who leave it whole."""
    with dask_cluster() as whole:
        yield whole


@pytest.mark.parametrize("rules", ["coverage", "all"])
def test_a_cluster_finds_what_this_machine_finds(own_town: Settings, cluster: Cluster, rules):
    def told(*more: str) -> str:
        done = quyhoach(own_town, "check", rules, *CHECKED, *more)
        assert (done.returncode, done.stderr) == (1, "")
        return re.sub(r"run [0-9]+|kiểm tra [0-9]+", "", done.stdout)

    assert told("--scheduler", cluster.address) == told()


def test_a_scheduler_killed_in_the_middle_is_one_sentence_and_stores_nothing(own_town: Settings):
    """Its workers are stopped, so that the work is surely under way when the scheduler dies."""
    before = kept(own_town)
    with dask_cluster() as cluster:
        process = _checking_with_stopped_workers(own_town, cluster)
        wait_for_tasks(cluster.address)
        cluster.scheduler.send_signal(signal.SIGKILL)
        out, err = process.communicate(timeout=90)
    assert (process.returncode, out, err.count("\n")) == (1, "", 1)
    assert "was lost while work was under way. Nothing is stored." in err
    assert cluster.address in err
    assert kept(own_town) == before
    assert quyhoach(own_town, "check", "all", *CHECKED).stderr == ""
    assert kept(own_town)["check_run"] == before["check_run"] + 1


def _checking_with_stopped_workers(settings: Settings, cluster: Cluster) -> subprocess.Popen[str]:
    with Client(cluster.address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    for worker in cluster.workers:
        worker.send_signal(signal.SIGSTOP)
    command = [*QUYHOACH, "check", "all", *CHECKED, "--scheduler", cluster.address]
    surroundings = {**_environment(settings), "QUYHOACH_LANG": "en"}
    return subprocess.Popen(command, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
