"""The database goes away and comes back: 503 with Retry-After, never an empty or a wrong answer, then service again."""

import asyncio
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import psycopg
import pytest
import shapely
from psycopg import sql
from starlette.testclient import TestClient

from api.app import create_app
from planning.errors import Busy
from planning.settings import Settings
from planning.store.reading import AREAS_AT_ONCE, AREAS_WAITING, open_readings
from tests.conftest import QUYHOACH, _environment, name_of, quyhoach
from tests.locks import kill_at_the_lock
from tests.town import at

X, Y = at("G")
QUESTION = {"x": X, "y": Y, "crs": "EPSG:9214", "on": "2026-01-01"}


@pytest.fixture
def own_town(town: Settings, copy_of: Callable[[Settings], Settings]) -> Settings:
    return copy_of(town)


def closed(settings: Settings, server_url: str, *, to: bool) -> None:
    """Close a database to everyone and cut its connections, or open it again."""
    name = sql.Identifier(name_of(settings))
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS ").format(name) + sql.SQL("false" if to else "true")
        )
        if to:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name_of(settings)]
            )


def test_away_is_503_and_back_is_the_same_answer(own_town: Settings, server_url: str):
    with TestClient(create_app(own_town), raise_server_exceptions=False) as api:
        before = api.get("/v1/lookup", params=QUESTION).content
        closed(own_town, server_url, to=True)
        for address in ("/v1/lookup", "/v1/health", "/v1/units", "/tiles/units/12/3255/1801.mvt"):
            away = api.get(address, params={**QUESTION, "lang": "en"} if address == "/v1/lookup" else {"lang": "en"})
            assert (away.status_code, away.json()["code"]) == (503, "unavailable"), address
            assert away.headers["retry-after"] == "5"
            assert "try again in a few seconds" in away.json()["detail"]
            assert "database" not in away.text
        closed(own_town, server_url, to=False)
        assert api.get("/v1/lookup", params=QUESTION).content == before


def test_areas_wait_for_each_other_and_never_for_long(own_town: Settings):
    """A few at a time, so that points keep connections; more than can be answered soon are asked to come again."""
    shape = bytes(shapely.to_wkb(shapely.set_srid(shapely.box(X, Y, X + 50, Y + 50), 9214), include_srid=True))

    async def many() -> tuple[list[object], object]:
        readings = await open_readings(own_town)
        try:
            asked = (readings.area(shape, date(2026, 1, 1), None) for _ in range(40))
            return await asyncio.gather(*asked, return_exceptions=True), await readings.area(
                shape, date(2026, 1, 1), None
            )
        finally:
            await readings.close()

    found, afterwards = asyncio.run(many())
    refused = [one for one in found if isinstance(one, Busy)]
    assert len(refused) == 40 - AREAS_AT_ONCE - AREAS_WAITING
    assert all(one == afterwards for one in found if one not in refused)


def test_killed_before_its_commit_a_publication_has_not_happened(own_town: Settings, server_url: str, tmp_path: Path):
    """The publication waits at its one update, held by another session, and is killed there."""
    quyhoach(own_town, "import", "availability", str(statement(tmp_path)))
    with psycopg.connect(own_town.database_url) as other:
        other.execute("SELECT FROM release WHERE number = 2 FOR UPDATE")
        process = subprocess.Popen([*QUYHOACH, "publish"], env=_environment(own_town), stderr=subprocess.DEVNULL)
        kill_at_the_lock(process, own_town, server_url)
    with TestClient(create_app(own_town)) as api:
        assert [one["number"] for one in api.get("/v1/releases").json()["releases"]] == [1]
        assert quyhoach(own_town, "publish").returncode == 0
        assert [one["number"] for one in api.get("/v1/releases").json()["releases"]] == [2, 1]


def statement(folder: Path) -> Path:
    file = folder / "availability.csv"
    file.write_text(
        "theme,unit_code,state,on_whose_word,valid_from,valid_to\nsubdivision,90010,complete,Sở Xây dựng,2025-07-01,\n",
        encoding="utf-8",
    )
    return file
