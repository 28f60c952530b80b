"""The store's own truths: constraints of rows, releases, superseding, undoing."""

from datetime import date

import numpy as np
import pytest
import shapely
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

from planning.errors import NotAllowed
from planning.geometry import WEB, multipolygons, operation
from planning.store import releases
from planning.store.incoming import Dataset, Rows, add, make_room, record
from planning.store.session import WriteSession
from planning.store.tables import release, unit
from tests.drawing import rings

SQUARE = "A B\nD C"
SHA = "0" * 64


def one_unit(session: WriteSession, code="07582", since=date(2025, 7, 1), until=None, name="Xã Lục Ngạn"):
    draft = releases.open_draft(session)
    dataset = record(session, Dataset("units", "x.gpkg", SHA, {}), draft)
    geom = multipolygons(rings(SQUARE, "ABCD"))
    columns = {
        "code": [code], "level": ["commune"], "kind": ["xa"], "name": [name], "name_folded": ["luc ngan"],
        "sought": ["xa luc ngan"], "boundary_how": ["official"],
        "valid_from": [since], "valid_to": [until], "release_from": [draft], "dataset_id": [dataset],
    }  # fmt: skip
    rows = Rows(unit, columns, {"geom": geom, "geom_web": operation(9214, WEB).shapes(geom)})
    make_room(session, rows, ["code"], draft)
    add(session, rows)
    return draft


def in_release(session: WriteSession, number: int) -> list[str]:
    question = text("SELECT name FROM unit WHERE known(release_from, release_to, :n) ORDER BY valid_from")
    return list(session.connection.execute(question, {"n": number}).scalars())


def test_a_new_version_supersedes_and_the_old_release_stays_as_it_was(session):
    first = one_unit(session, name="Xã Một")
    releases.publish(session)
    second = one_unit(session, name="Xã Hai")
    assert in_release(session, first) == ["Xã Một"]
    releases.publish(session)
    assert (first, second) == (1, 2)
    assert in_release(session, first) == ["Xã Một"]
    assert in_release(session, second) == ["Xã Hai"]


def test_discarding_the_draft_undoes_everything_since_the_last_release(session):
    one_unit(session, name="Xã Một")
    releases.publish(session)
    one_unit(session, name="Xã Hai")
    one_unit(session, code="07570", name="Xã Ba")
    assert releases.discard(session) == 2
    assert releases.draft(session) is None
    rows = session.connection.execute(select(unit.c.name, unit.c.release_to)).all()
    assert rows == [("Xã Một", None)]


def test_a_draft_replaces_itself(session):
    number = one_unit(session, name="Xã Một")
    one_unit(session, name="Xã Hai")
    assert in_release(session, number) == ["Xã Hai"]


def test_one_code_has_one_version_at_a_time(session):
    one_unit(session, since=date(2020, 1, 1), until=date(2025, 7, 1))
    one_unit(session, since=date(2025, 7, 1))
    with pytest.raises(NotAllowed, match=r"unit 07582 is already in force 2025-07-01 …, which meets 2025-08-01 …"):
        one_unit(session, since=date(2025, 8, 1))


def test_nothing_to_publish_or_discard_is_said(session):
    with pytest.raises(NotAllowed, match="nothing to publish"):
        releases.publish(session)
    with pytest.raises(NotAllowed, match="there is no draft"):
        releases.discard(session)


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("code", "7582", "unit_code_is_digits"),
        ("level", "ward", "unit_level_known"),
        ("valid_to", date(2025, 7, 1), "unit_valid_in_order"),
        ("geom", "SRID=9214;MULTIPOLYGON(((0 0, 2 2, 2 0, 0 2, 0 0)))", "unit_geom_valid"),
        ("geom", "SRID=9214;MULTIPOLYGON EMPTY", "unit_geom_not_empty"),
        ("geom", "SRID=4326;MULTIPOLYGON(((0 0, 0 2, 2 2, 0 0)))", "SRID"),
        ("geom", "SRID=9214;POLYGON((0 0, 0 2, 2 2, 0 0))", "Geometry type"),
        ("name", None, "name"),
    ],
)
def test_a_row_that_is_not_true_is_refused(session, column, value, rule):
    one_unit(session)
    names = [one.name for one in unit.c if one.name != "id"]
    copy = ", ".join(
        "CAST(:value AS geometry)" if n == column == "geom" else ":value" if n == column else n for n in names
    )
    changed = f"INSERT INTO unit ({', '.join(names)}) SELECT {copy} FROM unit"
    with pytest.raises(Exception, match=rule):
        session.connection.execute(text(changed), {"value": value})


def test_overlapping_validity_is_refused_by_the_database_itself(session):
    one_unit(session)
    names = ", ".join(one.name for one in unit.c if one.name not in {"id", "valid_from"})
    with pytest.raises(IntegrityError, match="unit_one_version_at_a_time"):
        session.connection.execute(
            text(f"INSERT INTO unit (valid_from, {names}) SELECT '2025-09-01', {names} FROM unit")
        )


def test_there_is_one_draft_at_most(session):
    releases.open_draft(session)
    with pytest.raises(IntegrityError, match="release_one_draft"):
        session.connection.execute(insert(release).values(number=99))


def test_a_release_resting_on_an_illustration_says_so_until_it_is_superseded(session):
    draft = releases.open_draft(session)
    record(session, Dataset("units", "x", SHA, {}, illustration=True), draft)
    one_unit(session)
    assert releases.publish(session).illustration is False
    session.connection.execute(text("UPDATE dataset SET illustration = true WHERE id = (SELECT max(id) FROM dataset)"))
    one_unit(session, code="07570")
    assert releases.publish(session).illustration is True


def test_both_geometries_say_the_same_place(session):
    one_unit(session)
    stored, web = session.connection.execute(text("SELECT ST_AsBinary(geom), ST_AsBinary(geom_web) FROM unit")).one()
    again = operation(WEB, 9214).shapes(np.array([shapely.from_wkb(bytes(web))], dtype=object))[0]
    assert again.hausdorff_distance(shapely.from_wkb(bytes(stored))) < 1e-3
