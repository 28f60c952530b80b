"""Connections kept at hand for hot questions: never one that is closed, left in the middle of a question, or that others wait for."""

import asyncio
import socket
from pathlib import Path
from time import monotonic

import httpx2 as httpx
import psycopg
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from planning.errors import DatabaseMissing, Unavailable
from planning.settings import Settings
from planning.store.connections import CLOSING_SECONDS, HOT_AT_ONCE, Connections, connect
from tests.conftest import name_of

LOOKUP = "/v1/lookup?lon=106.17&lat=21.25&on=2026-01-15"


def _cut_off(settings: Settings) -> None:
    """Close every connection of the service from the server's side."""
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND application_name = 'quyhoach'",
            (name_of(settings),),
        )


def test_a_connection_that_was_closed_is_not_asked_again(empty: Settings):
    async def course() -> None:
        connections, _ = await connect(empty)
        for number in range(3):
            assert (await connections.fetch_hot("SELECT $1::int AS n", number))[0]["n"] == number
        _cut_off(empty)
        await asyncio.sleep(0.2)
        assert (await connections.fetch_hot("SELECT 4 AS n"))[0]["n"] == 4
        await connections.close()

    asyncio.run(course())


def test_a_question_that_nobody_waits_for_any_more_leaves_nothing_to_the_next(empty: Settings):
    async def course() -> None:
        connections, _ = await connect(empty)
        for number in range(20):
            asking = asyncio.create_task(connections.fetch_hot("SELECT pg_sleep(10)::text AS n"))
            await asyncio.sleep(0.02)
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            assert (await connections.fetch_hot("SELECT $1::int AS n", number))[0]["n"] == number
        await connections.close()

    asyncio.run(course())


def test_a_question_that_fails_leaves_its_connection_to_the_next(empty: Settings):
    async def course() -> None:
        connections, _ = await connect(empty)
        for _ in range(20):
            with pytest.raises(Exception, match="division by zero"):
                await connections.fetch_hot("SELECT 1 / 0")
        assert (await connections.fetch_hot("SELECT 5 AS n"))[0]["n"] == 5
        await connections.close()

    asyncio.run(course())


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_however_few_there_are_every_question_gets_one(empty: Settings, size: int):
    async def asked(connections: Connections, number: int) -> int:
        fetch = connections.fetch_hot if number % 2 else connections.fetch
        rows = await fetch("SELECT $1::int AS n, pg_sleep(0.005)::text", number)
        return int(rows[0]["n"])

    async def course() -> None:
        connections, _ = await connect(empty.model_copy(update={"pool_size": size}))
        found = await asyncio.wait_for(asyncio.gather(*(asked(connections, n) for n in range(60))), 30)
        assert found == list(range(60))
        await connections.close()

    asyncio.run(course())


def test_a_server_that_hangs_up_in_the_middle_is_away(empty: Settings):
    async def course() -> None:
        connections, _ = await connect(empty)
        asking = asyncio.create_task(connections.fetch_hot("SELECT pg_sleep(10)::text"))
        await asyncio.sleep(0.1)
        _cut_off(empty)
        with pytest.raises(Unavailable):
            await asking
        assert (await connections.fetch_hot("SELECT 6 AS n"))[0]["n"] == 6
        await connections.close()

    asyncio.run(course())


def test_the_service_answers_on_one_connection(sample: tuple[Settings, Path]):
    with TestClient(create_app(sample[0].model_copy(update={"pool_size": 1}))) as client:
        answers: list[httpx.Response] = [client.get(LOOKUP) for _ in range(5)]
        answers.append(client.get("/v1/health"))
    assert {one.status_code for one in answers} == {200}


def test_a_connection_that_sat_idle_too_long_is_not_asked_again(empty: Settings, monkeypatch: pytest.MonkeyPatch):
    async def course() -> None:
        connections, _ = await connect(empty)
        asked = "SELECT pg_backend_pid() AS n"
        [first], [second] = await connections.fetch_hot(asked), await connections.fetch_hot(asked)
        assert first == second
        monkeypatch.setattr("planning.store.connections.IDLE_SECONDS", 0.0)
        [third] = await connections.fetch_hot(asked)
        assert third != second
        await connections.close()

    asyncio.run(course())


def test_closing_waits_for_the_questions_under_way_and_no_longer(empty: Settings):
    async def course() -> None:
        connections, _ = await connect(empty)
        hot = asyncio.create_task(connections.fetch_hot("SELECT 7 AS n, pg_sleep(0.4)::text"))
        other = asyncio.create_task(connections.fetch("SELECT 8 AS n, pg_sleep(0.8)::text"))
        await asyncio.sleep(0.3)
        began = monotonic()
        await connections.close()
        assert monotonic() - began < CLOSING_SECONDS / 2
        assert [(await one)[0]["n"] for one in (hot, other)] == [7, 8]

    asyncio.run(course())


def test_a_database_that_says_nothing_is_away(empty: Settings, monkeypatch: pytest.MonkeyPatch):
    """It takes the connection and never greets, as one does that stops at that moment."""
    monkeypatch.setattr("planning.store.connections.CONNECTING_SECONDS", 0.3)

    async def course() -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            address = f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/quyhoach?sslmode=disable"
            with pytest.raises(DatabaseMissing):
                await asyncio.wait_for(connect(empty.model_copy(update={"database_url": address})), 5)

    asyncio.run(course())


def test_who_waits_too_long_for_a_connection_hears_that_the_database_is_away(
    empty: Settings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("planning.store.connections.WAITING_SECONDS", 0.0)

    async def course() -> None:
        connections, _ = await connect(empty.model_copy(update={"statement_seconds": 1.0}))
        slow = [connections.fetch_hot("SELECT pg_sleep(0.7)::text AS n") for _ in range(2 * HOT_AT_ONCE)]
        ended = await asyncio.gather(*slow, return_exceptions=True)
        assert [isinstance(one, Unavailable) for one in ended] == [False] * HOT_AT_ONCE + [True] * HOT_AT_ONCE
        assert (await connections.fetch_hot("SELECT 4 AS n"))[0]["n"] == 4
        await connections.close()

    asyncio.run(course())
