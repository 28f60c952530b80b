"""What is kept of a parcel says, for every day and release, what measuring it then would say; a publication lets go what it touches.

a . b . c . d . e      sixteen parcels of 100 m, four by four; plans are boxes of whole half-steps over them, some amending others,
. . . . . . . . .      superseding, ending; units are halves of the square, drawn anew at will
"""

import os
import signal
import subprocess
import time
from datetime import date
from typing import Any

import numpy as np
import orjson
import psycopg
import pytest
import shapely
from hypothesis import HealthCheck, given
from hypothesis import settings as drawn
from hypothesis import strategies as st
from sqlalchemy import text

from planning.geometry import WEB, for_tiles, multipolygons, operation
from planning.settings import Settings
from planning.store import releases
from planning.store.incoming import Dataset, Rows, add, record
from planning.store.kept_shares import keep_shares, measure
from planning.store.migrate import downgrade
from planning.store.redrawing import redrawn
from planning.store.session import WriteSession, writing
from planning.store.tables import parcel, plan, unit, zone
from planning.store.texts import QUESTIONS
from planning.units import folded, sought
from tests.conftest import QUYHOACH, _environment, quyhoach

WEST, SOUTH, STEP = 416_000.0, 2_353_000.0, 100.0
DAYS = (date(2024, 6, 1), date(2026, 1, 15))
FIRST = date(2020, 1, 1)
KEPT = QUESTIONS["parcel"]
MEASURED = KEPT.replace("NOT k.amended", "false")


def box(west: float, south: float, east: float, north: float):
    """In steps from the corner of the square."""
    return shapely.box(WEST + west * STEP, SOUTH + south * STEP, WEST + east * STEP, SOUTH + north * STEP)


halves = st.integers(0, 7)
plans = st.fixed_dictionaries({
    "code": st.sampled_from(["P1", "P2", "P3"]),
    "amends": st.sampled_from([None, None, "P1", "P2"]),
    "level": st.sampled_from(["general", "land_use"]),
    "until": st.sampled_from([None, date(2025, 1, 1)]),
    "at": st.tuples(halves, halves, st.integers(1, 8), st.integers(1, 8)),
    "zones": st.lists(st.tuples(halves, halves, st.integers(1, 8), st.integers(1, 8)), max_size=3),
})  # fmt: skip
steps = st.one_of(
    st.tuples(st.just("plan"), plans),
    st.tuples(st.just("unit"), st.integers(1, 3)),
    st.tuples(st.just("keep"), st.integers(1, 16)),
)


def _box_of(at: tuple[int, int, int, int]):
    west, south, width, height = (one / 2 for one in at)
    return box(west, south, west + width, south + height)


def _add(session: WriteSession, table: Any, rows: list[dict[str, Any]], shapes: list[Any]) -> None:
    geom = multipolygons(np.array(shapes, dtype=object))
    drawn_ones = {"geom": geom, "geom_web": for_tiles(operation(9214, WEB).shapes(geom))}
    add(session, Rows(table, {name: [row[name] for row in rows] for name in rows[0]}, drawn_ones))


class Square:
    """The square in the store; every step but `keep` is a publication."""

    def __init__(self, session: WriteSession) -> None:
        self.session = session
        draft = self._opened()
        rows = [{"former_code": "07001", "sheet": 1, "number": n, "valid_from": FIRST, **draft} for n in range(1, 17)]
        _add(session, parcel, rows, [box(n % 4, n // 4, n % 4 + 1, n // 4 + 1) for n in range(16)])
        releases.publish(session)
        self.first = session.connection.execute(text("SELECT min(id) FROM parcel")).scalar_one()

    def _opened(self) -> dict[str, int]:
        draft = releases.open_draft(self.session)
        return {
            "release_from": draft,
            "dataset_id": record(self.session, Dataset("units", "square", "3" * 64, {}), draft),
        }

    def plan(self, asked: dict[str, Any]) -> None:
        draft = self._opened()
        self._supersede("plan", asked["code"], draft)
        amends = asked["amends"] if asked["amends"] != asked["code"] else None
        own = {"code": asked["code"], "name": "Quy hoạch", "kind": "rural", "level": asked["level"], "amends": amends,
            "valid_from": FIRST, "valid_to": asked["until"], **draft}  # fmt: skip
        _add(self.session, plan, [own], [_box_of(asked["at"])])
        number = self.session.connection.execute(text("SELECT max(id) FROM plan")).scalar_one()
        zones = [{"plan_id": number, "function_code": "DGT", "function_scheme": "planning"} for _ in asked["zones"]]
        if zones:
            _add(self.session, zone, zones, [_box_of(at) for at in asked["zones"]])
        releases.publish(self.session)

    def unit(self, east: int) -> None:
        self.unit_of_the_draft(east)
        releases.publish(self.session)

    def unit_of_the_draft(self, east: int) -> int:
        draft = self._opened()
        self._supersede("unit", "07001", draft)
        own = {"code": "07001", "name": "Xã Vuông", "kind": "xa", "level": "commune", "province_code": "07",
            "name_folded": folded("Xã Vuông"), "sought": sought("Xã Vuông", None), "boundary_how": "official",
            "valid_from": FIRST, **draft}  # fmt: skip
        _add(self.session, unit, [own], [box(0, 0, east, 4)])
        return int(self.session.connection.execute(text("SELECT max(id) FROM unit")).scalar_one())

    def keep(self, many: int) -> None:
        measure(self.session.connection, self.first, self.first + many - 1)

    def _supersede(self, table: str, code: str, draft: dict[str, int]) -> None:
        self.session.connection.execute(
            text(f"UPDATE {table} SET release_to = :draft WHERE code = :code AND release_to IS NULL"),
            {"draft": draft["release_from"], "code": code},
        )

    def answers(self, question: str, release: int, day: date) -> list[dict[str, Any]]:
        raw = psycopg.RawCursor(self.session.connection.connection.driver_connection)
        found = []
        for number in range(1, 17):
            raw.execute(question, ("07001", 1, number, day, release, False))
            names = [column.name for column in raw.description or ()]
            found.append(_shown(dict(zip(names, raw.fetchone() or (), strict=True)), self._shown_plans(release, day)))
        return found

    def _shown_plans(self, release: int, day: date) -> set[int]:
        rows = self.session.connection.execute(
            text(
                "SELECT id FROM plan WHERE known(release_from, release_to, :r) AND in_force(valid_from, valid_to, :d)"
            ),
            {"r": release, "d": day},
        )
        return {number for (number,) in rows}


def _shown(row: dict[str, Any], shown: set[int]) -> dict[str, Any]:
    """As the rules read a row: plans that are in force, zones that have a share; the register tells which units are."""
    zones = [
        {name: value for name, value in one.items() if name != "shape"}
        for one in row["zones"] or []
        if one["area_m2"] > 0 and one["plan_id"] in shown
    ]
    plans = [one for one in row["plans"] or [] if one["id"] in shown]
    conflicts = [pair for pair in row["conflicts"] or [] if set(pair) <= shown]
    return {"units": row["units"] or [], "plans": plans, "zones": zones, "conflicts": sorted(conflicts)}


@drawn(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(steps, min_size=1, max_size=6))
def test_what_is_kept_is_what_would_be_measured(session: WriteSession, course: list[tuple[str, Any]]):
    attempt = session.connection.begin_nested()
    square = Square(session)
    for what, asked in course:
        getattr(square, what)(asked)
    square.keep(10)
    newest = releases.published(session).number
    for release in range(1, newest + 1):
        for day in DAYS:
            assert square.answers(KEPT, release, day) == square.answers(MEASURED, release, day), (release, day)
    attempt.rollback()


def test_a_publication_lets_go_the_parcels_it_touches_and_no_other(session: WriteSession):
    square = Square(session)
    square.keep(16)
    square.plan({"code": "P1", "amends": None, "level": "general", "until": None, "at": (0, 0, 1, 1), "zones": []})
    rows = session.connection.execute(text("SELECT parcel_id FROM parcel_share ORDER BY 1")).scalars().all()
    assert rows == [square.first + n for n in range(16) if n != 0]


def test_where_a_plan_amends_another_the_parcel_is_measured(session: WriteSession):
    square = Square(session)
    whole = {"level": "general", "until": None, "at": (0, 0, 8, 8), "zones": [(0, 0, 8, 8)]}
    square.plan({"code": "P1", "amends": None, **whole})
    square.plan({"code": "P2", "amends": "P1", **whole, "at": (0, 0, 1, 1), "zones": [(0, 0, 1, 1)]})
    square.keep(16)
    rows = session.connection.execute(text("SELECT parcel_id FROM parcel_share WHERE amended")).scalars().all()
    assert rows == [square.first]


def test_a_unit_of_the_draft_is_not_kept_before_it_is_published(session: WriteSession):
    """In the draft it may yet be drawn otherwise, as a repair does: parcels that it has left know nothing of it."""
    square = Square(session)
    number = square.unit_of_the_draft(4)
    square.keep(16)
    redrawn(session, "unit", {number: box(0, 0, 1.5, 4)})
    release = releases.publish(session).number
    square.keep(16)
    assert square.answers(KEPT, release, DAYS[1]) == square.answers(MEASURED, release, DAYS[1])
    assert [len(one["units"]) for one in square.answers(KEPT, release, DAYS[1])[:4]] == [1, 1, 0, 0]


@pytest.fixture
def square_of_many(empty: Settings) -> Settings:
    """9,000 parcels on a plan, published and not yet measured."""
    with writing(empty) as session:
        draft = releases.open_draft(session)
        known = {"release_from": draft, "dataset_id": record(session, Dataset("units", "many", "4" * 64, {}), draft)}
        rows = [
            {"former_code": "07001", "sheet": 1, "number": n, "valid_from": FIRST, **known} for n in range(1, 9_001)
        ]
        shapes = [box(n % 100 / 10, n // 100 / 10, n % 100 / 10 + 0.1, n // 100 / 10 + 0.1) for n in range(9_000)]
        _add(session, parcel, rows, shapes)
        own = {"code": "P1", "name": "Quy hoạch", "kind": "rural", "level": "general", "valid_from": FIRST, **known}
        _add(session, plan, [own], [box(0, 0, 5, 5)])
        releases.publish(session)
    return empty


def _rows(settings: Settings) -> list[tuple[Any, ...]]:
    with psycopg.connect(settings.database_url) as connection:
        return connection.execute("SELECT parcel_id, plans::text FROM parcel_share ORDER BY 1").fetchall()


def test_killed_while_it_measures_it_goes_on_where_it_was(square_of_many: Settings):
    process = subprocess.Popen([*QUYHOACH, "shares"], env=_environment(square_of_many), stdout=subprocess.DEVNULL)
    for _ in range(600):
        if len(_rows(square_of_many)) > 0:
            break
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    kept = len(_rows(square_of_many))
    assert kept > 0
    keep_shares(square_of_many)
    rows = _rows(square_of_many)
    assert len(rows) == 9_000
    assert sum(any(one["area_m2"] > 1 for one in orjson.loads(plans or "[]")) for _, plans in rows) == 2_500
    again = quyhoach(square_of_many, "shares")
    assert "shares kept of 0 more parcels" in again.stdout
    anew = quyhoach(square_of_many, "shares", "--anew")
    assert "let go the shares of 9000 parcels" in anew.stdout
    assert _rows(square_of_many) == rows


def test_two_who_measure_at_once_share_the_work(square_of_many: Settings):
    asked = [*QUYHOACH, "shares"]
    both = [subprocess.Popen(asked, env=_environment(square_of_many), stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [one.wait(60) for one in both] == [0, 0]
    assert len(_rows(square_of_many)) == 9_000


def test_tables_older_than_the_program_are_told(square_of_many: Settings):
    downgrade(square_of_many, "0013")
    refused = quyhoach(square_of_many, "shares")
    assert refused.returncode == 1
    assert "Run: quyhoach migrate" in refused.stderr


def test_while_something_is_brought_in_nothing_is_measured(square_of_many: Settings):
    with writing(square_of_many) as session:
        releases.open_draft(session)
        refused = quyhoach(square_of_many, "shares")
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "when it is done run: quyhoach shares" in refused.stderr


def test_a_database_without_parcels_has_nothing_to_measure(empty: Settings):
    assert keep_shares(empty) == 0


def test_the_columns_of_json_hold_what_the_question_gives(session: WriteSession):
    square = Square(session)
    square.plan(
        {"code": "P1", "amends": None, "level": "general", "until": None, "at": (0, 0, 3, 3), "zones": [(0, 0, 1, 2)]}
    )
    square.keep(16)
    row = session.connection.execute(
        text("SELECT plans::text, zone_m2 FROM parcel_share WHERE parcel_id = :id"), {"id": square.first}
    ).one()
    assert orjson.loads(row[0])[0]["area_m2"] == pytest.approx(10_000)
    assert orjson.loads(row[0])[0]["bare_m2"] == pytest.approx(5_000)
    assert row[1] == pytest.approx([5_000])
