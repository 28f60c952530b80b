"""Connections are shared evenly among the processes of the service, and none waits for a process that is dead or hangs."""

import os
import signal
import socket
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path

import psutil
import pytest

from api.evenly import BOARD, SLOT, board
from planning.settings import Settings
from tests.conftest import serving

ASKED = b"GET /v1/health HTTP/1.1\r\nHost: evenly\r\n\r\n"
UPGRADING = (
    b"GET /v1/health HTTP/1.1\r\nHost: evenly\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


@contextmanager
def connected(port: int, number: int) -> Iterator[list[socket.socket]]:
    """So many connections, on each of which one question was answered."""
    lines = [socket.create_connection(("127.0.0.1", port), timeout=4) for _ in range(number)]
    try:
        for line in lines:
            line.sendall(ASKED)
        for line in lines:
            assert line.recv(64).startswith(b"HTTP/1.1 200")
        yield lines
    finally:
        for line in lines:
            line.close()


def held(service: serving) -> Counter[int]:
    """How many connections each process of the service holds."""
    workers = psutil.Process(service.process.pid).children(recursive=True)
    return Counter(
        {
            worker.pid: number
            for worker in workers
            if (number := sum(one.status == psutil.CONN_ESTABLISHED and one.laddr.port == service.port
                for one in worker.net_connections("tcp")))
        }
    )  # fmt: skip


@pytest.fixture
def own_tmp(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder for files of the moment, of the test's own."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def shared_evenly(service: serving, number: int) -> bool:
    """Whether so many connections are shared evenly at last: a process that the machine gives no time in 6 ms gets fewer, rightly."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with connected(service.port, number):
            if sorted(held(service).values()) == [number // 2, number // 2]:
                return True
        time.sleep(0.2)
    return False


def test_two_processes_hold_the_same_number_of_connections(town: Settings):
    service = serving(town, workers=2)
    with service:
        for number in (2, 8, 30):
            assert shared_evenly(service, number)


def test_a_process_that_is_killed_or_hangs_keeps_nobody_waiting(town: Settings):
    service = serving(town, workers=2)
    with service:
        assert shared_evenly(service, 8)
        with connected(service.port, 8):
            one, *_ = before = held(service)
            os.kill(one, signal.SIGSTOP)
            began = time.monotonic()
            try:
                with connected(service.port, 6):
                    assert time.monotonic() - began < 2
                    assert held(service).total() == 14
                    assert held(service)[one] == before[one]
            finally:
                os.kill(one, signal.SIGKILL)
        assert shared_evenly(service, 8)
        assert one not in held(service)


def test_who_asks_for_another_protocol_is_counted_like_everybody(town: Settings):
    """With its first question. A connection that became a WebSocket would never be seen to end."""
    service = serving(town, workers=2)
    with service:
        assert shared_evenly(service, 4)
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", service.port), timeout=4) as line:
                line.sendall(UPGRADING)
                assert line.recv(64).startswith(b"HTTP/1.1 200")
        assert shared_evenly(service, 8)
        assert service.said() == ""


def test_what_is_no_http_does_not_fill_the_log(town: Settings):
    service = serving(town, workers=2)
    with service:
        for _ in range(200):
            with socket.create_connection(("127.0.0.1", service.port), timeout=4) as line:
                line.sendall(b"\x16\x03\x01 hello\r\n\r\n")
                assert line.recv(64).startswith(b"HTTP/1.1 400")
        assert 1 <= service.said().count("Invalid HTTP") <= 8


def test_the_board_of_a_service_ends_with_it(town: Settings, own_tmp: Path):
    service = serving(town, workers=2)
    with service:
        assert len(list(own_tmp.glob("quyhoach-workers-*"))) == 1
    assert not list(own_tmp.glob("quyhoach-workers-*"))


def test_a_process_is_replaced_also_where_the_board_was_tidied_away(town: Settings, own_tmp: Path):
    service = serving(town, workers=2)
    with service:
        assert shared_evenly(service, 4)
        next(own_tmp.glob("quyhoach-workers-*")).unlink()
        with connected(service.port, 2):
            killed = list(held(service))
        for one in killed:
            os.kill(one, signal.SIGKILL)
        deadline = time.monotonic() + 30
        while True:
            try:
                with connected(service.port, 4):
                    assert not set(held(service)) & set(killed)
                break
            except (OSError, AssertionError):  # fewer than two are up
                assert time.monotonic() < deadline
                time.sleep(0.2)
        assert "Traceback" not in service.said()
    assert service.process.returncode == 0


@pytest.mark.parametrize("failing", ["mkstemp", "write"])
def test_without_a_place_for_the_board_the_service_comes_up(
    failing: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """No folder for files of the moment, as in a container that only reads, or a full disk."""

    def full(*_: object, **__: object) -> None:
        raise OSError(ENOSPC, "full")

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(tempfile if failing == "mkstemp" else os, failing, full)
    with board():
        assert BOARD not in os.environ
    assert not list(tmp_path.iterdir())


def test_who_asks_for_another_protocol_is_answered_in_this_one_and_counted_till_it_goes(town: Settings, own_tmp: Path):
    service = serving(town, workers=2)
    with service:
        assert shared_evenly(service, 4)
        with connected(service.port, 4) as lines:
            time.sleep(0.2)
            for line in lines:
                line.recv(65_536)  # the rest of the first answer
                line.sendall(UPGRADING)
                assert line.recv(64).startswith(b"HTTP/1.1 200")
        time.sleep(0.5)
        slots = next(own_tmp.glob("quyhoach-workers-*")).read_bytes()
        assert {connections for _, connections in SLOT.iter_unpack(slots)} == {0}
        assert service.said() == ""
