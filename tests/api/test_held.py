"""Held under load: no answer is another's, slow clients and giant polygons starve nobody, a restarted database is 503 and then service.

`script/bench held` runs the same for a minute with 200 clients; here it takes seconds.
"""

import asyncio
import json
import logging
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.testclient import TestClient

from api import patience
from api.app import create_app
from api.errors import Sparing
from planning.errors import Busy
from planning.settings import Settings
from planning.store.turns import Turns
from tests.api.test_failure import closed
from tests.conftest import serving
from tests.proof.asking import Connection
from tests.proof.giants import giant
from tests.proof.load import Question, asked_by_many, insisting, trickling, unread
from tests.town import at

DAY = "2026-01-01"
KEYS = ("90001/1/1", "90001/1/2", "90002/1/1")


def questions() -> list[Question]:
    (x, y), end = at("D"), f"crs=EPSG:9214&on={DAY}"
    places = [(x + east, y + north) for east in range(5, 600, 17) for north in range(5, 200, 31)]
    points = [Question(f"/v1/lookup?x={place[0]!r}&y={place[1]!r}&{end}", place=place) for place in places]
    return points + [Question(f"/v1/parcels/{key}?by=former&on={DAY}", key=key) for key in KEYS]


@pytest.fixture
def own_town(town: Settings, copy_of) -> Settings:
    return copy_of(town)


def test_two_hundred_clients_get_each_their_own_answer(own_town: Settings):
    service = serving(own_town, workers=2)
    with service:
        seen = asyncio.run(asked_by_many(service.port, questions(), clients=200, seconds=4))
    assert set(seen.statuses) == {200}
    assert (seen.mixed, seen.unlike, seen.hung_up) == (0, 0, 0)
    assert seen.statuses[200] > 200
    assert len(seen.first) > 100


def test_slow_and_deaf_clients_and_giant_polygons_starve_nobody(own_town: Settings):
    async def at_once(port: int):
        giants = [giant(at("G"), 9214)] * 8
        return await asyncio.gather(
            asked_by_many(port, questions(), clients=8, seconds=4),
            insisting(port, giants, 4),
            *(trickling(port, 4) for _ in range(20)),
            *(unread(port, giants[0], 3, 4) for _ in range(20)),
        )

    service = serving(own_town, workers=2)
    with service:
        plain, large, *_ = asyncio.run(at_once(service.port))
    assert set(plain.statuses) == {200}
    assert (plain.mixed, plain.unlike, plain.hung_up) == (0, 0, 0)
    assert plain.p95() < 2
    assert large[200] > 0
    assert set(large) <= {200, 429}


def test_the_database_restarted_under_many_clients_is_503_with_retry_after_then_service(
    own_town: Settings, server_url: str
):
    def interrupted() -> None:
        closed(own_town, server_url, to=True)
        time.sleep(0.5)
        closed(own_town, server_url, to=False)

    service = serving(own_town, workers=2)
    with service:
        timer = threading.Timer(1, interrupted)
        timer.start()
        seen = asyncio.run(asked_by_many(service.port, questions(), clients=100, seconds=4))
        timer.join()
        after = asyncio.run(asked_by_many(service.port, questions(), clients=8, seconds=1))
        said = service.said()
    assert set(seen.statuses) == {200, 503}
    assert (seen.mixed, seen.unlike, seen.hung_up, seen.without_retry) == (0, 0, 0, 0)
    assert set(after.statuses) == {200}
    before = {path: body for path, body in seen.first.items() if path in after.first}
    assert before
    assert {path: after.first[path] for path in before} == before
    assert 0 < said.count("unavailable") <= 8  # a line in five seconds from each process, not one for each question


def test_a_warning_is_said_once_in_a_while_with_how_often_it_was_not(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    log = logging.getLogger("told")
    log.addFilter(Sparing())
    for _ in range(1_000):
        log.warning("away: %s", "gone")
    log.warning("another thing")
    log.error("fault %s", 7)
    log.error("fault %s", 8)
    assert [record.getMessage() for record in caplog.records] == ["away: gone", "another thing", "fault 7", "fault 8"]
    monkeypatch.setattr("api.errors.QUIET_SECONDS", 0.0)
    log.warning("away: %s", "still")
    assert caplog.records[-1].getMessage() == "away: still (and 999 times before)"


def test_a_clock_that_is_set_back_silences_no_warning():
    sparing, record = Sparing(), logging.makeLogRecord({"msg": "away", "levelno": logging.WARNING})
    said = []
    for moment in (5_000.0, 5_001.0, 1_400.0, 1_401.0):
        record.created = moment
        said.append(sparing.filter(record))
        record.msg = "away"
    assert said == [True, False, True, False]


def test_areas_wait_their_turn_and_too_many_are_told_to_come_again():
    async def tried() -> Counter[str]:
        turns, ends = Turns(at_once=1, waiting=2, seconds=0.2), Counter[str]()

        async def one(held: float) -> None:
            try:
                async with turns.one():
                    await asyncio.sleep(held)
                    ends["served"] += 1
            except Busy:
                ends["busy"] += 1

        await asyncio.gather(one(0.05), one(0.05), one(0.05), one(0.05))
        await asyncio.gather(one(0.5), one(0))
        await one(0)
        return ends

    assert asyncio.run(tried()) == {"served": 5, "busy": 2}


def test_busy_is_429_with_a_reason_and_when_to_come_again(own_town: Settings):
    with TestClient(create_app(own_town)) as api:
        api.app.state.readings._areas = Turns(at_once=0, waiting=0, seconds=0)
        answer = api.get(giant(at("G"), 9214) + "&lang=en")
        assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (429, "busy", "5")
        assert "try again in a few seconds" in answer.json()["detail"]
        assert api.get(questions()[0].path).status_code == 200


def test_a_question_that_does_not_end_is_hung_up_on(own_town: Settings):
    service = serving(own_town)
    with service:
        assert asyncio.run(trickling(service.port, 20)) == pytest.approx(patience.READ_SECONDS, abs=2.5)


def test_a_question_that_grows_without_end_is_413(own_town: Settings):
    async def asked(port: int):
        connection = Connection(port)
        return await connection.get("/v1/lookup?shape=" + "1" * patience.MOST_BYTES)

    service = serving(own_town)
    with service:
        answer = asyncio.run(asked(service.port))
    assert (answer.status, answer.headers["content-type"]) == (413, "application/problem+json")
    assert json.loads(answer.body)["code"] == "too-large"


MOST = 4


@pytest.fixture
def narrow(own_town: Settings) -> Iterator[int]:
    """The port of a service that holds four connections."""
    config = uvicorn.Config(
        create_app(own_town), port=0, http="api.patience:Patient", limit_concurrency=MOST, log_level="critical"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


def asked_raw(port: int, address: str, method: str = "GET") -> tuple[list[str], bytes]:
    """The lines of the head, in lower case, and the body."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(f"{method} {address} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        head, _, body = b"".join(iter(lambda: connection.recv(65536), b"")).partition(b"\r\n\r\n")
    return head.decode().lower().split("\r\n"), body


@pytest.mark.parametrize(("lang", "said"), [("vi", "quá nhiều kết nối"), ("en", "too many connections")])
def test_a_service_full_of_half_open_connections_says_so_with_a_reason_and_recovers(narrow: int, lang: str, said: str):
    address = f"/v1/health?lang={lang}"
    assert asked_raw(narrow, address)[0][0] == "http/1.1 200 ok"
    silent = [socket.create_connection(("127.0.0.1", narrow)) for _ in range(MOST)]
    for one in silent:
        one.sendall(b"GET /v1/health HTTP/1.1\r\nHost")
    time.sleep(0.2)
    head, body = asked_raw(narrow, address)
    assert head[0] == "http/1.1 503 service unavailable"
    assert {"content-type: application/problem+json", "retry-after: 5", "connection: close"} <= set(head)
    problem = json.loads(body)
    assert (problem["status"], problem["code"], said in problem["detail"]) == (503, "unavailable", True)
    assert asked_raw(narrow, address, "HEAD")[1] == b""
    for one in silent:
        one.close()
    time.sleep(0.2)
    assert asked_raw(narrow, address)[0][0] == "http/1.1 200 ok"
