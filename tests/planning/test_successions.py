"""New units against the former ones they were made of: on the drawn shire (tests/shire.py), and on plain strips of land."""

import json
from datetime import date
from pathlib import Path

import psycopg
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from planning.checks.records import MergerRecord
from planning.checks.successions import former_findings
from planning.mergers.clauses import Event, Part
from planning.settings import Settings
from tests.conftest import quyhoach
from tests.shire import THIRD, build_shire, land

WHOLE = (Part("80001", "Xã Một", "whole"), Part("80002", "Xã Hai", "whole"))
FORMER = {"80001": land(0, 200), "80002": land(200, 400), "80005": land(400, 600)}


def merger(new, former=FORMER, events=None, standing=("80010", "80020")):
    """80010 is made of 80001 and 80002; 80020 is 80005 as it was."""
    made = events or (
        Event("3/NQ", "1", THIRD, "80010", "Phường Mười", WHOLE),
        Event("3/NQ", "2", THIRD, "80020", "Phường Hai Mươi", (Part("80005", "Xã Năm", "whole"),)),
    )
    return MergerRecord(THIRD, made, former, new, frozenset(standing))


def told(*mergers):
    return [
        (one.severity, one.unit_codes, one.facts["kind"], one.facts["former"], round(one.area_m2), one.facts["width_m"])
        for one in former_findings(mergers)
    ]


def test_a_unit_that_is_the_union_of_its_parts_is_left_alone():
    assert told(merger({"80010": land(0, 400), "80020": land(400, 600)})) == []


@pytest.mark.parametrize(("metres", "found"), [(11, 0), (13, 1)])
def test_what_vanishes_under_an_opening_by_twelve_metres_is_noise(metres, found):
    assert len(told(merger({"80010": land(0, 400 + metres), "80020": land(400 + metres, 600)}))) == found


def test_land_of_a_neighbour_is_excess_here_and_missing_there():
    [one] = former_findings([merger({"80010": land(0, 430), "80020": land(430, 600)})])
    assert (one.check, one.severity, one.level) == ("unit.former-differs", "error", "unit")
    assert one.unit_codes == ("80010", "80020")
    assert one.shape.equals(land(400, 430))
    assert one.facts == {
        "kind": "transfer", "excess_of": "80010", "missing_in": ["80020"], "former": "80005", "former_name": "Xã Năm", "width_m": 30,
        "clauses": ["3/NQ khoản 1", "3/NQ khoản 2"], "divided_by": [], "effective": "2025-07-01",
    }  # fmt: skip


def test_former_land_in_no_unit_is_a_gap_and_land_of_nobody_is_excess():
    assert told(merger({"80010": land(20, 400), "80020": land(400, 650)})) == [
        ("error", ("80010",), "gap", "80001", 4000, pytest.approx(20, abs=0.6)),
        ("error", ("80020",), "excess", None, 10_000, pytest.approx(50, abs=0.6)),
    ]


def test_what_is_not_known_whole_is_not_judged():
    """Nobody knows where 80002 lay: land beyond 80001 may be its. A new unit without a boundary may hold what no other does."""
    without = {code: shape for code, shape in FORMER.items() if code != "80002"}
    assert told(merger({"80010": land(0, 390), "80020": land(400, 600)}, without)) == []
    assert told(merger({"80010": land(0, 400)})) == []


def test_a_clause_that_divides_the_former_unit_makes_it_a_warning():
    """80005 is divided between 80020 and 80030; 80010 holds a piece of it that no clause gives it."""
    events = (
        Event("3/NQ", "1", THIRD, "80010", "Phường Mười", WHOLE),
        Event("3/NQ", "2", THIRD, "80020", "Phường Hai Mươi", (Part("80005", "Xã Năm", "part"),)),
        Event("3/NQ", "3", THIRD, "80030", "Phường Ba Mươi", (Part("80005", "Xã Năm", "rest", after_clauses=("2",)),)),
    )
    new = {"80010": land(0, 420), "80020": land(420, 520), "80030": land(520, 600)}
    assert told(merger(new, events=events)) == [
        ("warning", ("80010", "80020", "80030"), "transfer", "80005", 4000, pytest.approx(20, abs=0.6)),
    ]
    assert (
        told(merger({**new, "80010": land(0, 400), "80020": land(400, 540), "80030": land(540, 600)}, events=events))
        == []
    )


def test_only_units_that_still_stand_are_told():
    new = {"80010": land(20, 400), "80020": land(400, 650)}
    assert [one[1] for one in told(merger(new, standing=("80020",)))] == [("80020",)]


@given(first=st.integers(150, 250), second=st.integers(350, 450))
def test_each_moved_border_is_one_difference_as_wide_as_it_moved(first, second):
    """Three former communes, each whole in a new one; the two borders between the new ones are drawn anywhere near the old."""
    former = {"80001": land(0, 200), "80002": land(200, 400), "80005": land(400, 600)}
    parts = {"80010": "80001", "80020": "80002", "80030": "80005"}
    events = tuple(
        Event("3/NQ", str(n), THIRD, new, f"Phường {n}", (Part(old, f"Xã {n}", "whole"),))
        for n, (new, old) in enumerate(parts.items())
    )
    new = {"80010": land(0, first), "80020": land(first, second), "80030": land(second, 600)}
    expected = []
    for old, now, west, east in ((200, first, "80001", "80002"), (400, second, "80002", "80005")):
        if abs(now - old) > 12:
            expected.append((east if now > old else west, abs(now - old) * 200))
    assume(12 not in {abs(first - 200), abs(second - 400)})
    seen = former_findings([merger(new, former, events, tuple(parts))])
    assert sorted((one.facts["former"], round(one.area_m2)) for one in seen) == sorted(expected)


def found(settings: Settings, folder: Path, day: str) -> list[tuple[str, str | None, str | None, int]]:
    out = folder / "found.geojson"
    quyhoach(settings, "check", "all", "--on", day, "--out", str(out))
    properties = [one["properties"] for one in json.loads(out.read_text(encoding="utf-8"))["features"]]
    return sorted(
        (one["facts"]["kind"], one["facts"]["excess_of"], one["facts"]["former"], round(one["area_m2"]))
        for one in properties
        if one["check"] == "unit.former-differs"
    )


def redrawn(settings: Settings, code: str, since: date, shape) -> None:
    """Give a unit of the shire another boundary, as if it had been brought in so."""
    with psycopg.connect(settings.database_url) as connection:
        connection.execute(
            "UPDATE unit SET geom = ST_Multi(ST_GeomFromText(%s, 9214)) WHERE code = %s AND valid_from = %s",
            (shapely.to_wkt(shape, rounding_precision=-1), code, since),
        )


def test_the_shire_as_drawn_has_no_difference_and_a_moved_border_is_found_while_its_unit_stands(
    empty: Settings, tmp_path: Path
):
    """80010 is drawn 20 m short of 80002 in 2022: a gap of its own days; from 2025, when 80020 took it, that much is excess of 80020."""
    build_shire(empty)
    for day in ("2021-06-01", "2023-06-01", "2025-08-01", "2026-03-01"):
        assert found(empty, tmp_path, day) == [], day
    redrawn(empty, "80010", date(2022, 3, 1), land(0, 380))
    assert found(empty, tmp_path, "2022-02-28") == []
    assert found(empty, tmp_path, "2022-03-01") == [("gap", None, "80002", 4000)]
    assert found(empty, tmp_path, "2025-06-30") == [("gap", None, "80002", 4000)]
    assert found(empty, tmp_path, "2025-07-01") == [("excess", "80020", None, 4000)]


def test_a_merger_that_is_repealed_is_not_held_against_its_units(empty: Settings, tmp_path: Path):
    """Phường Đông Mới of 2026 is drawn 20 m short; once 4/NQ is repealed on a later day, nothing is asked of it any more."""
    build_shire(empty)
    redrawn(empty, "80030", date(2026, 2, 1), land(720, 1000))
    assert found(empty, tmp_path, "2026-03-01") == [("gap", None, "80021", 4000)]
    with psycopg.connect(empty.database_url) as connection:
        connection.execute(
            "INSERT INTO unit_event (resolution, clause, effective, kind, to_code, to_name, repeals, release_from, dataset_id)"
            " SELECT '5/NQ', clause, '2026-04-01', 'repeal', to_code, to_name, resolution, release_from, dataset_id"
            " FROM unit_event WHERE resolution = '4/NQ'"
        )
    assert found(empty, tmp_path, "2026-03-01") == [("gap", None, "80021", 4000)]
    assert found(empty, tmp_path, "2026-04-01") == []
