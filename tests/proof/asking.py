"""Asking a running service as a client that keeps its connection: GET, the whole answer, its status and headers."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

LONGEST_SECONDS = 30.0
"""An answer that takes longer counts as none."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Connection:
    """One keep-alive connection; it is made again where the service closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> Answer:
        """Ask. Raises `ConnectionError` where the service hangs up before its answer."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        try:
            writer.write(f"GET {path} HTTP/1.1\r\nHost: proof\r\n\r\n".encode())
            head = (
                (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), LONGEST_SECONDS)).decode("latin-1").split("\r\n")
            )
            headers = {
                name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])
            }
            body = await reader.readexactly(int(headers.get("content-length", 0)))
        except (OSError, asyncio.IncompleteReadError) as error:  # a TimeoutError is an OSError
            await self.close()
            raise ConnectionError(f"hung up on {path[:100]}") from error
        if headers.get("connection") == "close":
            await self.close()
        return Answer(int(head[0].split(" ")[1]), headers, body)

    async def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            _, writer = self._streams
            self._streams = None
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


async def ask_all(port: int, paths: Sequence[str], heard: Callable[[int, Answer], None], connections: int = 8) -> None:
    """Ask every path once, over some connections at a time; `heard` gets the number of the path and its answer."""
    turns = iter(range(len(paths)))

    async def one() -> None:
        connection = Connection(port)
        try:
            for turn in turns:
                heard(turn, await connection.get(paths[turn]))
        finally:
            await connection.close()

    await together([one] * connections)


async def together(tasks: Sequence[Callable[[], Awaitable[None]]]) -> None:
    """Run all at once; the first error ends them."""
    async with asyncio.TaskGroup() as group:
        for task in tasks:
            group.create_task(task())  # type: ignore[arg-type]
