"""Connections that only ask: a pool of them, and a few kept at hand for what is asked most."""

import asyncio
import os
from collections.abc import Awaitable
from time import monotonic
from typing import Any

import asyncpg

from planning.errors import DatabaseMissing, Unavailable, WrongDeployment
from planning.settings import Settings
from planning.store.session import shown

CLOSING_SECONDS = 3.0

CONNECTING_SECONDS = 3.0
"""A database that stops in the middle of a greeting leaves the one who greets without a word, for ever."""

WAITING_SECONDS = 5.0
"""How much longer than a question may take it may wait for a connection: then the asker hears that the database is away."""

HOT_AT_ONCE = max(2, os.cpu_count() or 2)
"""Hot questions that one process asks at a time. Each takes less than a millisecond of a processor: more at a time than there are
processors only stand in each other's way.
"""

LEFT_TO_OTHERS = 2
"""Connections that hot questions never take. With no more than these there are none at hand: all questions share them."""

IDLE_SECONDS = 240.0
"""Who sat idle longer is not asked: something on the way may have forgotten the connection without a word."""

_UNREACHABLE = (OSError, TimeoutError, asyncpg.InterfaceError, asyncpg.InternalClientError)
_AWAY = ("08", "28", "3D", "53", "55", "57")
"""Classes of SQLSTATE by which a server says that it is away, full, stopping or too slow: not that a question is wrong."""


class Connections:
    """Questions to the database; one that is away or too slow is `Unavailable`, never an empty answer."""

    def __init__(self, pool: asyncpg.Pool, hot: asyncpg.Pool, longest_seconds: float) -> None:
        self._pool, self._hot_pool = pool, hot
        self.longest_seconds = longest_seconds + WAITING_SECONDS
        """After so many seconds whoever asks hears that the database is away."""
        self._hot = asyncio.Semaphore(hot.get_max_size())
        self._keeps = hot is not pool
        self._at_hand: list[tuple[Any, float]] = []

    async def close(self) -> None:
        """Let every connection go; one that is still asked something after some seconds is cut."""
        self._keeps = False
        while self._at_hand:
            await self._hot_pool.release(self._at_hand.pop()[0])
        for pool in {self._pool, self._hot_pool}:
            try:
                await asyncio.wait_for(pool.close(), CLOSING_SECONDS)
            except TimeoutError:
                pool.terminate()

    async def fetch(self, question: str, *values: Any) -> list[asyncpg.Record]:
        """Ask."""
        return await _told(self._pool.fetch(question, *values), self.longest_seconds)

    async def fetch_hot(self, question: str, *values: Any) -> list[asyncpg.Record]:
        """Ask what is asked most, on a connection kept at hand: to take one from the pool and give it back costs a fifth of an answer."""
        return await _told(self._fetched_hot(question, *values), self.longest_seconds)

    async def _fetched_hot(self, question: str, *values: Any) -> list[asyncpg.Record]:
        async with self._hot:
            return await self._fetched(question, *values)

    async def _fetched(self, question: str, *values: Any) -> list[asyncpg.Record]:
        connection = await self._taken()
        try:
            rows: list[asyncpg.Record] = await connection.fetch(question, *values)
        except BaseException:  # also where the asker is gone: the pool knows what to do with a question half asked
            await asyncio.shield(self._hot_pool.release(connection))
            raise
        if self._keeps:
            self._at_hand.append((connection, monotonic()))
        else:
            await self._hot_pool.release(connection)
        return rows

    async def _taken(self) -> Any:
        while self._at_hand:
            connection, since = self._at_hand.pop()
            if _open(connection) and monotonic() - since < IDLE_SECONDS:
                return connection
            await self._let_go(connection)
        return await self._hot_pool.acquire()

    async def _let_go(self, connection: Any) -> None:
        if _open(connection):
            connection.terminate()
        await self._hot_pool.release(connection)


def _open(connection: Any) -> bool:
    try:
        return not connection.is_closed()
    except asyncpg.InterfaceError:  # it was closed from the other side, and the pool took it back
        return False


async def _told(asking: Awaitable[list[asyncpg.Record]], longest_seconds: float) -> list[asyncpg.Record]:
    try:
        async with asyncio.timeout(longest_seconds):
            return list(await asking)
    except _UNREACHABLE as error:
        raise Unavailable from error
    except asyncpg.PostgresError as error:
        if str(error.sqlstate)[:2] in _AWAY:
            raise Unavailable from error
        raise


class _Reading(asyncpg.Connection):  # type: ignore[misc] # asyncpg carries no types
    """A connection that goes back into the pool as it is: questions leave nothing behind, so nothing is reset in a second round trip."""

    def get_reset_query(self) -> str:
        """None."""
        return ""


async def connect(settings: Settings) -> tuple[Connections, int]:
    """Connect, check that the database is the deployment the settings speak of; the connections and the storage SRID."""
    size = settings.pool_size
    hot_size = min(HOT_AT_ONCE, size - LEFT_TO_OTHERS)
    pool = _pool(settings, size - max(hot_size, 0))
    hot = _pool(settings, hot_size, plan_cache_mode="force_generic_plan") if hot_size > 0 else pool
    try:
        await pool
        await hot
        stored = await pool.fetchval("SELECT storage_srid FROM deployment")
    except (*_UNREACHABLE, asyncpg.PostgresError) as error:
        pool.terminate()
        hot.terminate()
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DatabaseMissing(url=shown(settings), vi=reason, en=reason) from error
    if stored != settings.storage_crs:
        await pool.close()
        await hot.close()
        raise WrongDeployment(stored=stored, asked=settings.storage_crs)
    return Connections(pool, hot, settings.statement_seconds), int(stored)


def _pool(settings: Settings, size: int, **more: str) -> asyncpg.Pool:
    """A pool that connects when it is asked."""
    return asyncpg.create_pool(
        settings.database_url,
        min_size=0,
        max_size=size,
        connection_class=_Reading,
        timeout=CONNECTING_SECONDS,
        command_timeout=settings.statement_seconds + 1,
        server_settings={
            "default_transaction_read_only": "on",
            "statement_timeout": str(int(settings.statement_seconds * 1000)),
            "jit": "off",
            "application_name": "quyhoach",
            **more,
        },
    )
