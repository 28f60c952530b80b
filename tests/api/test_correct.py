"""Answers drawn at random agree with an oracle that reads whole geometries and knows no question of the service (tests/proof).

`script/bench correct` asks 100,000 points and 5,000 parcels, of real communes too; here is the same in small.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Thread

import numpy as np
import psycopg
import pytest
import shapely
import uvicorn
from starlette.testclient import TestClient

from api.app import create_app
from layers.sample.load import load
from planning.geometry import LONLAT, operation
from planning.outlines import outline
from planning.settings import Settings
from tests.conftest import REAL, name_of, quyhoach, serving
from tests.ports import free_port
from tests.proof import worlds
from tests.proof.comparing import compared
from tests.proof.differing import differences
from tests.proof.draws import draw
from tests.proof.saying import said
from tests.proof.shares import Undecided, on_area
from tests.proof.tables import Tables

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
DAYS = (date(2021, 7, 20), BEFORE, AFTER, date(2026, 1, 15))


def brought_in(settings: Settings, commands: list[worlds.Command]) -> None:
    for words in commands:
        done = quyhoach(settings, *words)
        assert done.returncode == 0, (words, done.stderr, done.stdout)


@pytest.fixture(scope="module")
def lined(template, make_database, tmp_path_factory) -> Settings:
    """A small sample; release 2 draws control lines over it."""
    folder = tmp_path_factory.mktemp("lined")
    settings = make_database(name_of(template)).model_copy(update={"file_store": str(folder / "store")})
    load(settings, folder, parcels=3_000, zones=500, seed=11, progress=lambda *_: None)
    commands = worlds.lines(Tables(settings).on(AFTER), folder, number=120, seed=5, since=date(2020, 1, 1))
    brought_in(settings, [*commands, worlds.PUBLISHED])
    for day in (BEFORE, AFTER):
        assert quyhoach(settings, "check", "coverage", "--on", str(day)).returncode == 1
    return settings


@pytest.fixture(scope="module")
def untouched(lined: Settings, make_database) -> Settings:
    """A copy nobody is connected to, to be copied and spoilt."""
    return make_database(name_of(lined))


@pytest.fixture(scope="module")
def port(lined: Settings, untouched: Settings):
    service = serving(lined)
    with service:
        yield service.port


@pytest.mark.parametrize(("release", "points", "parcels"), [(1, 300, 30), (2, 1_200, 120)])
def test_points_and_parcels_drawn_at_random_agree_with_the_oracle(lined: Settings, port: int, release, points, parcels):
    tables = Tables(lined, release)
    found = compared(tables, draw(tables, DAYS, points=points, parcels=parcels, seed=release), port)
    assert found.mismatches == []
    assert found.counts["points"] > points / 2
    assert found.counts["parcels"] > parcels * 0.9
    assert found.counts["points undecided"] < points / 50


def test_polygons_drawn_at_random_agree_with_the_oracle(lined: Settings):
    """The polygon is turned into the storage CRS by the service's own rule for outlines; what lies under it is the oracle's word."""
    tables, dice = Tables(lined), np.random.default_rng(3)
    ground, way = tables.on(AFTER), operation(lined.storage_crs, LONLAT)
    compared_ones = 0
    with TestClient(create_app(lined)) as api:
        for _ in range(25):
            centre = shapely.get_coordinates(ground.parcels.shapes[dice.integers(len(ground.parcels.rows))])[0]
            drawn = shapely.convex_hull(shapely.MultiPoint(centre + dice.uniform(-400, 400, size=(9, 2))))
            asked = shapely.to_wkt(shapely.transform(drawn, way.coordinates), rounding_precision=12)
            answer = api.get("/v1/lookup", params={"shape": asked, "on": str(AFTER)})
            try:
                truth = on_area(tables, outline(asked, lined.storage_crs), AFTER, parcels=True)
            except Undecided:
                continue
            if not truth.saying.units:
                assert answer.status_code == 404
                continue
            assert differences(said(answer.json()), truth.saying, truth.slack_m2) == []
            compared_ones += 1
    assert compared_ones > 15


DEFECTS = {
    "a zone moved by a metre": "UPDATE zone SET geom = ST_Translate(geom, 1, 0)",
    "a commune's pieces of another": "UPDATE unit_piece SET unit_id = (SELECT max(id) FROM unit WHERE level = 'commune')",
    "a plan's pieces lost": "DELETE FROM plan_piece",
    "parcels that end a day early": "UPDATE parcel SET valid_to = '2025-07-01' WHERE valid_to IS NULL",
    "a word that is not complete": "UPDATE availability SET state = 'partial'",
    "lines 2 mm off": "UPDATE control_line SET geom = ST_Translate(geom, 0.0, 0.002)",
    "findings lost": "DELETE FROM finding_piece",
}


@pytest.fixture(scope="module")
def read_before(lined: Settings) -> Tables:
    """What the oracle has read before anything is spoilt."""
    return Tables(lined)


@contextmanager
def served(settings: Settings) -> Iterator[int]:
    """The port of the service in a thread of this process: it is up at once, and here no process of its own matters."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(create_app(settings), port=port, log_level="warning"))
    thread = Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the service did not come up"
            time.sleep(0.01)
        yield port
    finally:
        server.should_exit = True
        thread.join(20)


@pytest.mark.parametrize("defect", DEFECTS)
def test_the_oracle_sees_what_is_wrong(read_before: Tables, untouched: Settings, copy_of, defect):
    """The comparison can fail: the tables are spoilt after the oracle has read them."""
    spoilt = copy_of(untouched)
    with psycopg.connect(spoilt.database_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(DEFECTS[defect])
    with served(spoilt) as port:
        drawn = draw(read_before, (AFTER,), points=300, parcels=30, seed=1)
        assert compared(read_before, drawn, port).mismatches


@pytest.fixture(scope="module")
def heap(template, make_database, tmp_path_factory) -> Settings:
    """Plans on one heap, most of them amendments of one another."""
    settings = make_database(name_of(template))
    brought_in(settings, worlds.amendments(tmp_path_factory.mktemp("heap"), plans=24, parcels=300, seed=7))
    return settings


IN_FORCE = (date(2025, 6, 1), date(2025, 9, 1), date(2026, 1, 15))


def test_plans_that_amend_one_another_agree_with_the_oracle_on_every_day(heap: Settings):
    tables, service = Tables(heap), serving(heap)
    with service:
        found = compared(tables, draw(tables, IN_FORCE, points=1_500, parcels=250, seed=9), service.port)
    assert found.mismatches[:5] == []
    assert found.counts["points"] > 1_000
    assert found.counts["parcels"] > 200
    assert found.counts["points undecided"] < 15


SPOILT = {
    "an amendment of nothing": "UPDATE plan SET amends = NULL WHERE code = 'DC-7'",
    "zones of an amendment lost": "DELETE FROM zone WHERE plan_id = (SELECT id FROM plan WHERE code = 'DC-7')",
    "an amendment that has ended": "UPDATE plan SET valid_to = '2025-04-01' WHERE code = 'DC-7'",
}


@pytest.mark.parametrize("defect", SPOILT)
def test_the_oracle_sees_what_is_wrong_with_an_amendment(heap: Settings, make_database, tmp_path: Path, defect):
    """The tables are spoilt after the oracle has read them."""
    tables = Tables(heap)
    spoilt = make_database(name_of(heap))
    with psycopg.connect(spoilt.database_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(SPOILT[defect])
    service = serving(spoilt)
    with service:
        assert compared(tables, draw(tables, IN_FORCE, points=900, parcels=60, seed=4), service.port).mismatches


@pytest.mark.real_data
def test_real_communes_with_planning_over_them_agree_with_the_oracle(template, make_database, tmp_path: Path):
    settings = make_database(name_of(template))
    file = str(REAL / "vn" / "new_communes_31_hai_phong.gpkg")
    brought_in(settings, [["import", "units", file, "--valid-from", str(AFTER)], worlds.PUBLISHED])
    planned = worlds.planning(Tables(settings).on(AFTER), tmp_path, zones_each=4, parcels=400, seed=2)
    brought_in(settings, [*planned, worlds.PUBLISHED])
    tables, service = Tables(settings), serving(settings)
    with service:
        found = compared(tables, draw(tables, (AFTER,), points=400, parcels=60, seed=6), service.port)
    assert found.mismatches == []
    assert found.counts["points"] > 200
    assert found.counts["parcels"] > 50
