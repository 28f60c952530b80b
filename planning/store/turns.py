"""Turns at what is dear: few at once, some waiting, the rest told to come again, so that dear questions leave the cheap ones room."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from planning.errors import Busy


class Turns:
    """`at_once` may go, `waiting` more may wait `seconds` each."""

    def __init__(self, *, at_once: int, waiting: int, seconds: float) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._room = at_once + waiting
        self._seconds = seconds

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """One turn. Raises `Busy` where nobody more may wait, or the wait was too long."""
        if self._room <= 0:
            raise Busy
        self._room -= 1
        try:
            try:
                await asyncio.wait_for(self._free.acquire(), self._seconds)
            except TimeoutError:
                raise Busy from None
            try:
                yield
            finally:
                self._free.release()
        finally:
            self._room += 1
