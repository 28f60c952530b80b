"""Commands that wait for a lock which a test holds, to be killed there."""

import subprocess
import time

import psycopg

from planning.settings import Settings
from tests.conftest import name_of

WAITING = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock')"


def kill_at_the_lock(process: subprocess.Popen[bytes], settings: Settings, server_url: str) -> None:
    """Wait until somebody in the database waits for a lock, then kill the process: it is the one."""
    deadline = time.monotonic() + 120
    with psycopg.connect(server_url, autocommit=True) as watcher:
        while watcher.execute(WAITING, [name_of(settings)]).fetchone() == (False,):
            assert process.poll() is None, "it ended before it could be killed"
            assert time.monotonic() < deadline, "it never came to the lock"
            time.sleep(0.02)
    assert process.poll() is None, "it ended before it could be killed"
    process.kill()
    process.wait()
