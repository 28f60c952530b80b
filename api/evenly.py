"""Connections shared evenly among the worker processes.

They listen on one socket, and the kernel wakes whoever is quick: of eight connections that stay open one process may hold seven, and the
others sit idle. Here a process that holds more than another leaves the next connection to that one for a few milliseconds; it takes it
itself where nobody does, so that no connection waits for a process that hangs.
"""

import asyncio
import mmap
import os
import socket
import struct
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, lockf
from pathlib import Path
from typing import Any

import uvloop

BOARD = "QUYHOACH_WORKERS_BOARD"
"""Variable that names the file on which the processes of one service write how many connections they hold."""

SLOT = struct.Struct("ii")
MOST_WORKERS = 128
"""Twice as many as may be started: one that is replaced may not yet have ended."""

LEFT_SECONDS = 0.002
LEFT_TIMES = 3
"""How long, and how often, a connection is left to another process."""

FULL_SECONDS = 0.5
"""After so long a process with as many open files as it may have tries to take a connection again."""


@contextmanager
def board() -> Iterator[None]:
    """The file on which the processes that are started inside write, while the block lasts; without room for it they share as it comes."""
    with suppress(OSError):
        os.environ[BOARD] = _empty_board()
    try:
        yield
    finally:
        if path := os.environ.pop(BOARD, None):
            Path(path).unlink(missing_ok=True)


def _empty_board() -> str:
    """Written in whole: who writes on a page of a mapped file for which the disk has no room is killed."""
    file, path = tempfile.mkstemp(prefix="quyhoach-workers-")
    try:
        os.write(file, bytes(MOST_WORKERS * SLOT.size))
    except OSError:
        Path(path).unlink()
        raise
    finally:
        os.close(file)
    return path


class Board:
    """How many connections this process holds, and whether another holds fewer. A slot is a process's by its lock, which ends with it."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("r+b")
        self._slots = mmap.mmap(self._file.fileno(), MOST_WORKERS * SLOT.size)
        self._own = next(slot for slot in range(MOST_WORKERS) if self._claimed(slot))
        self.holds(0)

    def _claimed(self, slot: int) -> bool:
        with suppress(OSError):
            lockf(self._file, LOCK_EX | LOCK_NB, SLOT.size, slot * SLOT.size)
            return True
        return False

    def holds(self, connections: int) -> None:
        """Write down how many connections this process holds."""
        self.held = connections
        SLOT.pack_into(self._slots, self._own * SLOT.size, os.getpid(), connections)

    def another_has_fewer(self) -> bool:
        """Whether a process that lives holds fewer."""
        return any(
            pid and held < self.held and _lives(pid)
            for slot, (pid, held) in enumerate(SLOT.iter_unpack(self._slots[:]))
            if slot != self._own
        )


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


class Taking:
    """What `create_server` gives: it takes connections from a listening socket, one at a time."""

    def __init__(self, loop: "Loop", listening: socket.socket, protocol: Callable[[], Any], own: Board) -> None:
        self._loop, self._listening, self._protocol, self._board = loop, listening, protocol, own
        self._left = 0
        self._again: asyncio.TimerHandle | None = None
        self._begun: set[asyncio.Task[Any]] = set()
        self._closed = False
        self._listen()

    def close(self) -> None:
        """Take no more."""
        self._closed = True
        self._loop.remove_reader(self._listening)
        if self._again:
            self._again.cancel()

    async def wait_closed(self) -> None:
        """Connections that were taken are the server's."""

    def _listen(self) -> None:
        if not self._closed:
            self._loop.add_reader(self._listening, self._ready)

    def _pause(self, seconds: float) -> None:
        self._loop.remove_reader(self._listening)
        self._again = self._loop.call_later(seconds, self._listen)

    def _ready(self) -> None:
        if self._left < LEFT_TIMES and self._board.another_has_fewer():
            self._left += 1
            self._pause(LEFT_SECONDS)
            return
        self._left = 0
        try:
            taken, _ = self._listening.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):  # another was quicker, or it is gone again
            return
        except OSError:
            self._pause(FULL_SECONDS)
            return
        self._board.holds(self._board.held + 1)
        task = self._loop.create_task(self._begin(taken))
        self._begun.add(task)
        task.add_done_callback(self._begun.discard)

    async def _begin(self, taken: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(self._counted, taken)
        except OSError:  # it ended before it began
            taken.close()
            self._board.holds(self._board.held - 1)

    def _counted(self) -> Any:
        protocol = self._protocol()
        lost = protocol.connection_lost

        def connection_lost(error: Exception | None) -> None:
            self._board.holds(self._board.held - 1)
            lost(error)

        protocol.connection_lost = connection_lost
        return protocol


class Loop(uvloop.Loop):
    """uvloop, in which the processes of one service share a listening socket evenly."""

    async def create_server(self, protocol_factory: Any, *arguments: Any, **more: Any) -> Any:
        """As in every loop; a socket that processes share is taken from evenly."""
        path, listening = os.environ.get(BOARD), more.get("sock")
        if not path or listening is None or more.get("ssl") is not None:
            return await super().create_server(protocol_factory, *arguments, **more)
        try:
            own = Board(Path(path))
        except OSError:  # somebody tidied it away: a process that takes what comes is better than none
            return await super().create_server(protocol_factory, *arguments, **more)
        listening.setblocking(False)
        listening.listen(more.get("backlog", 100))
        return Taking(self, listening, protocol_factory, own)
