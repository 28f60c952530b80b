"""Sheets are printed beside the event loop: few at a time, a short queue, a limit of time; who comes later is asked to come again."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from planning.errors import Busy

T = TypeVar("T")

AT_ONCE = 2
WAITING = 16
"""Sheets that wait or are being printed in one process; a sheet takes a tenth of a second, so the last one waits less than two."""

LONGEST_SECONDS = 10.0


class Press:
    """Threads that print. Typst lets go of the interpreter's lock while it sets a page."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="press")
        self._pending = 0

    async def printed(self, work: Callable[[], T]) -> T:
        """What `work` returns; `Busy` where too many wait already or it takes too long."""
        if self._pending >= WAITING:
            raise Busy
        self._pending += 1
        task = self._threads.submit(work)
        task.add_done_callback(self._done)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(task), LONGEST_SECONDS)
        except TimeoutError as error:
            raise Busy from error

    def close(self) -> None:
        """Let the threads go; what is being printed is finished by nobody."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _done(self, _: Future[Any]) -> None:
        self._pending -= 1
