"""Parting the draft against a plain model: what each release holds is what a list of dictionaries says, whatever is done in which order."""

from datetime import date

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from planning.errors import NotAllowed
from planning.geometry import WEB, for_tiles, multipolygons, operation
from planning.store import releases
from planning.store.incoming import Dataset, Rows, add, ids_of, make_room, record
from planning.store.parting import let_go, part, selected
from planning.store.session import WriteSession
from planning.store.succession import end_superseded
from planning.store.tables import plan, unit, zone
from tests.drawing import ring

CODES = "ABCD"
SINCE = date(2020, 1, 1)
SQUARE = ring("A B\nD C", "ABCD")


def bring_in(
    session: WriteSession,
    code: str,
    name: str,
    *,
    since: date = SINCE,
    until: date | None = None,
    supersedes: str | None = None,
) -> None:
    """One plan with one zone, as an import stores it."""
    draft = releases.open_draft(session)
    kept = record(session, Dataset("plan", f"{code}.gpkg", "3" * 64, {}), draft)
    columns = {"code": code, "name": name, "kind": "rural", "level": "general", "valid_from": since, "valid_to": until,
        "supersedes": supersedes, "release_from": draft, "dataset_id": kept}  # fmt: skip
    rows = Rows(plan, {key: [value] for key, value in columns.items()}, shapes())
    make_room(session, rows, ["code"], draft)
    add(session, rows)
    [number] = ids_of(session, plan, ("code",), kept).values()
    lot = {
        "plan_id": number,
        "lot_symbol": name,
        "function_code": "Nhomnhao",
        "function_scheme": "planning",
        "attributes": "{}",
    }
    add(session, Rows(zone, {key: [value] for key, value in lot.items()}, shapes()))
    end_superseded(session, draft)


def shapes():
    geom = multipolygons(np.array([SQUARE], dtype=object))
    return {"geom": geom, "geom_web": for_tiles(operation(9214, WEB).shapes(geom))}


def held(session: WriteSession, release: int) -> dict[str, str]:
    """Plan → name, with its zone, as a release holds it."""
    question = text(
        "SELECT p.code, p.name, (SELECT string_agg(z.lot_symbol, ',') FROM zone z WHERE z.plan_id = p.id) AS lots FROM plan p"
        " WHERE known(p.release_from, p.release_to, :n)"
    )
    rows = session.connection.execute(question, {"n": release}).all()
    assert len({row.code for row in rows}) == len(rows)
    assert all(row.name == row.lots for row in rows), "a zone goes with its plan"
    return {row.code: row.name for row in rows}


class Model:
    """Releases as dictionaries, and over the last of them what waits."""

    def __init__(self) -> None:
        self.releases: list[dict[str, str]] = [{}]
        self.waiting: dict[str, str] = {}

    def publish(self, codes: set[str]) -> None:
        taken = {code: name for code, name in self.waiting.items() if code in codes}
        self.releases.append({**self.releases[-1], **taken})
        self.discard(codes)

    def discard(self, codes: set[str]) -> None:
        self.waiting = {code: name for code, name in self.waiting.items() if code not in codes}


actions = st.lists(
    st.tuples(
        st.sampled_from(["import", "import", "import", "publish", "part", "part", "discard", "let go"]),
        st.sets(st.sampled_from(CODES), min_size=1),
    ),
    min_size=4,
    max_size=14,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions)
def test_every_release_and_the_draft_hold_what_a_plain_model_says(session: WriteSession, course):
    attempt = session.connection.begin_nested()
    try:
        follow(session, course)
    finally:
        attempt.rollback()


def follow(session: WriteSession, course) -> None:
    model = Model()
    for step, (action, codes) in enumerate(course):
        act(session, model, action, codes, step)
        for number, wanted in enumerate(model.releases[1:], start=1):
            assert held(session, number) == wanted
        waiting = releases.draft(session)
        assert (waiting is not None) == bool(model.waiting)
        if waiting:
            assert waiting.number == len(model.releases)
            assert held(session, waiting.number) == {**model.releases[-1], **model.waiting}


def act(session: WriteSession, model: Model, action: str, codes: set[str], step: int) -> None:
    there = codes & set(model.waiting)
    if action == "import":
        for code in sorted(codes):
            model.waiting[code] = f"{code}{step}"
            bring_in(session, code, f"{code}{step}")
    elif not model.waiting:
        for refused in (releases.publish, releases.discard, lambda one: selected(one, codes)):
            with pytest.raises(NotAllowed):
                refused(session)
    elif action == "publish":
        releases.publish(session)
        model.publish(set(CODES))
    elif action == "discard":
        releases.discard(session)
        model.discard(set(CODES))
    elif not there:
        with pytest.raises(NotAllowed, match="waits in the draft"):
            selected(session, codes)
    elif action == "part" and there != set(model.waiting):
        part(session, selected(session, there).codes)
        model.publish(there)
    elif action == "let go":
        let_go(session, selected(session, there).codes)
        model.discard(there)


def test_what_is_out_stays_known_while_its_new_version_waits(session: WriteSession):
    for name in ("1", "2"):
        for code in "AB":
            bring_in(session, code, code + name)
        if name == "1":
            releases.publish(session)
    part(session, ["A"])
    assert [held(session, number) for number in (1, 2, 3)] == [
        {"A": "A1", "B": "B1"}, {"A": "A2", "B": "B1"}, {"A": "A2", "B": "B2"},
    ]  # fmt: skip


def test_what_is_no_plan_waits_on(session: WriteSession):
    bring_in(session, "A", "A1")
    draft = releases.open_draft(session)
    kept = record(session, Dataset("units", "u.gpkg", "4" * 64, {}), draft)
    names = {"code": "90001", "level": "commune", "kind": "xa", "name": "Xã Một", "name_folded": "mot", "sought": "xa mot",
        "valid_from": SINCE, "release_from": draft, "dataset_id": kept}  # fmt: skip
    session.connection.execute(unit.insert().values(**names))
    part(session, ["A"])
    known = text("SELECT count(*) FROM unit WHERE known(release_from, release_to, :n)")
    assert [session.connection.execute(known, {"n": n}).scalar_one() for n in (1, 2)] == [0, 1]
    assert session.connection.execute(text("SELECT kind, release_from FROM dataset ORDER BY id")).all() == [
        ("plan", 1),
        ("units", 2),
    ]
    releases.discard(session)
    assert session.connection.execute(text("SELECT kind FROM dataset")).all() == [("plan",)]


def days(session: WriteSession, release: int) -> list[tuple[object, ...]]:
    question = text(
        "SELECT code, valid_from, valid_to, ended_by FROM plan WHERE known(release_from, release_to, :n) ORDER BY 1, 2"
    )
    return [tuple(row) for row in session.connection.execute(question, {"n": release})]


NEW = date(2026, 1, 1)
OPEN, ENDED = ("A", SINCE, None, None), ("A", SINCE, NEW, "B")


def test_a_plan_that_supersedes_another_ends_it_and_letting_it_go_undoes_that(session: WriteSession):
    bring_in(session, "A", "A1")
    releases.publish(session)
    bring_in(session, "B", "B1", since=NEW, supersedes="A")
    assert days(session, 2) == [ENDED, ("B", NEW, None, None)]
    assert days(session, 1) == [OPEN]
    assert held(session, 2) == {"A": "A1", "B": "B1"}, "the ended plan keeps its zones"
    assert selected(session, ["B"]).along == ("A",)
    let_go(session, selected(session, ["B"]).codes)
    assert (releases.draft(session), days(session, 1)) == (None, [OPEN])
    rows = "SELECT count(*), count(release_to) FROM plan"
    assert session.connection.execute(text(rows)).one() == (1, 0), "as if nothing had been brought in"


def test_an_ended_plan_and_what_ends_it_are_published_together(session: WriteSession):
    bring_in(session, "A", "A1")
    releases.publish(session)
    bring_in(session, "B", "B1", since=NEW, supersedes="A")
    bring_in(session, "C", "C1")
    part(session, selected(session, ["A"]).codes)
    assert days(session, 2) == [ENDED, ("B", NEW, None, None)]
    assert days(session, 3) == [ENDED, ("B", NEW, None, None), ("C", SINCE, None, None)]


def test_a_plan_brought_in_again_after_it_was_ended_ends_all_the_same(session: WriteSession):
    bring_in(session, "A", "A1")
    bring_in(session, "B", "B1", since=NEW, supersedes="A")
    bring_in(session, "A", "A2", until=date(2040, 1, 1))
    assert days(session, 1)[0] == ENDED
    bring_in(session, "B", "B2", since=NEW)
    assert days(session, 1)[0] == ("A", SINCE, date(2040, 1, 1), None), "B no longer supersedes it"


def test_a_plan_that_begins_no_later_than_what_it_supersedes_ends_nothing(session: WriteSession):
    bring_in(session, "A", "A1")
    bring_in(session, "B", "B1", since=SINCE, supersedes="A")
    assert days(session, 1) == [OPEN, ("B", SINCE, None, None)]


def test_the_land_of_a_plan_is_kept_to_the_byte_when_it_is_ended(session: WriteSession):
    bring_in(session, "A", "A1")
    releases.publish(session)
    bring_in(session, "B", "B1", since=NEW, supersedes="A")
    drawn = session.connection.execute(
        text("SELECT ST_AsBinary(geom) FROM plan WHERE code = 'A' ORDER BY id")
    ).scalars()
    one, other = (bytes(shape) for shape in drawn)
    assert one == other
    assert shapely.from_wkb(one).area == SQUARE.area
