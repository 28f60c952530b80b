"""What became of every unit of the drawn shire: chains, divided units, reused codes, a merger taken back."""

from datetime import timedelta

import psycopg
import pytest
from psycopg.rows import dict_row

from api import schemas
from planning.store.events import current_view, events_on_record
from planning.store.merging import carry_out
from planning.store.releases import publish
from planning.store.repealing import Repeal, repeal
from planning.store.session import WriteSession, engine
from planning.store.situations import situation_of
from planning.store.texts import QUESTIONS
from tests.api.conftest import serving
from tests.conftest import name_of
from tests.planning.test_query_plans import bound_by_name
from tests.planning.worlds import MERGED, REPEALED, RESOLUTION, World, settle
from tests.shire import FOURTH, SECOND, THIRD, build_shire

BEFORE_THIRD = THIRD - timedelta(days=1)


def unit(api, code, status=200, **question):
    answer = api.get(f"/v1/units/{code}", params=question)
    assert answer.status_code == status, answer.text
    schemas.UnitAnswer.model_validate(answer.json())
    return answer.json()


def lineage(api, code, **question):
    answer = api.get(f"/v1/units/{code}/lineage", params=question)
    assert answer.status_code == 200, answer.text
    schemas.Lineage.model_validate(answer.json())
    return answer.json()


def arrows(answer):
    return {(edge["from"] or edge["from_name"], edge["to"], edge["extent"]) for edge in answer["edges"]}


# ---- one unit


def test_a_unit_in_force_names_what_it_came_from_with_shares(shire):
    answer = unit(shire, "80020", on="2025-12-01")
    assert (answer["status"], answer["successors"], "now" in answer) == ("in_force", [], False)
    told = [
        (one["code"], one["extent"], one["share_of_from_pct"], one["share_of_to_pct"]) for one in answer["predecessors"]
    ]
    assert told == [("80003", "part", 50.0, 20.0), ("80010", "whole", 100.0, None)]
    assert [(one["event"], one["how"]) for one in answer["predecessors"]] == [("merge", "derived"), ("merge", None)]


def test_a_code_stands_for_another_unit_before_and_after(shire):
    before, after = unit(shire, "80003", on=BEFORE_THIRD), unit(shire, "80003", on=THIRD)
    assert (before["unit"]["name"], before["earlier"]) == ("Xã Hồng Lạc", [])
    assert [(one["code"], one["extent"]) for one in before["successors"]] == [("80003", "rest"), ("80020", "part")]
    assert after["unit"]["name"] == "Xã Hà Bắc"
    assert [(one["name"], one["valid_to"]) for one in after["earlier"]] == [("Xã Hồng Lạc", "2025-07-01")]
    assert [(one["name"], one["share_of_to_pct"]) for one in after["predecessors"]] == [
        ("Xã Hồng Lạc", 50.0),
        ("Xã Cẩm Việt", None),
    ]


@pytest.mark.parametrize(
    ("day", "taker"), [(SECOND, "80010"), (BEFORE_THIRD, "80010"), (THIRD, "80020"), (FOURTH, "80020")]
)
def test_a_unit_merged_whole_leads_to_the_one_in_force_on_the_day(shire, day, taker):
    """80001 → 80010 → 80020: through as many events as there were by the day."""
    answer = shire.get("/v1/units/80001", params={"on": day.isoformat(), "lang": "en"})
    assert (answer.status_code, answer.headers["location"]) == (301, f"/v1/units/{taker}?on={day}&lang=en")
    body = answer.json()
    assert (body["status"], [one["code"] for one in body["successors"]]) == ("merged", ["80010"])
    assert [(one["code"], one["share_pct"]) for one in body["now"]] == [(taker, 100.0)]
    followed = shire.get(answer.headers["location"]).json()
    assert (followed["unit"]["code"], followed["status"]) == (taker, "in_force")


def test_a_divided_unit_is_gone_and_says_who_holds_its_land(shire):
    answer = unit(shire, "80004", 410)
    assert answer["status"] == "dissolved"
    assert answer["unit"]["area_km2"] is None
    assert answer["unit"]["bbox"] is None
    assert answer["now"] == [
        {"code": "80003", "name": "Xã Hà Bắc", "share_pct": None},
        {"code": "80030", "name": "Phường Đông Mới", "share_pct": None},
    ]
    drawn = shire.get("/v1/units/80004", params={"format": "geojson"})
    assert (drawn.status_code, drawn.json()["geometry"], drawn.json()["properties"]["status"]) == (
        410,
        None,
        "dissolved",
    )


def test_a_unit_that_has_not_begun_says_when_it_does(shire):
    answer = shire.get("/v1/units/80020", params={"on": "2021-01-01", "lang": "en"})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-unit")
    assert answer.json()["detail"].endswith("on 2021-01-01. The code is known from 2025-07-01.")
    assert shire.get("/v1/units/80020/lineage", params={"on": "2021-01-01"}).status_code == 404


# ---- lineage


def test_a_lineage_goes_through_every_event_and_one_step_aside(shire):
    answer = lineage(shire, "80020")
    assert answer["truncated"] is False
    assert arrows(answer) == {
        ("80001@2020-01-01", "80010@2022-03-01", "whole"),
        ("80002@2020-01-01", "80010@2022-03-01", "whole"),
        ("80010@2022-03-01", "80020@2025-07-01", "whole"),
        ("80003@2020-01-01", "80020@2025-07-01", "part"),
        ("80003@2020-01-01", "80003@2025-07-01", "rest"),
    }
    assert {node["id"] for node in answer["nodes"] if node["in_force"]} == {"80020@2025-07-01", "80003@2025-07-01"}
    [rest] = [edge for edge in answer["edges"] if edge["extent"] == "rest"]
    assert (rest["after_clauses"], rest["area_m2"], rest["how"]) == (["1"], 20_000.0, "derived")


def test_a_lineage_follows_descendants_and_names_land_that_was_no_unit(shire):
    down = lineage(shire, "80004")
    assert arrows(down) == {
        ("80004@2020-01-01", "80003@2025-07-01", "part"),
        ("80004@2020-01-01", "80021@2025-07-01", "rest"),
        ("80021@2025-07-01", "80030@2026-02-01", "whole"),
    }
    up = lineage(shire, "80030")
    assert ("Thao trường", "80021@2025-07-01", "whole") in arrows(up)


def test_a_lineage_of_a_span_stops_at_its_days(shire):
    assert {edge["resolution"] for edge in lineage(shire, "80030", since=FOURTH)["edges"]} == {"4/NQ"}
    assert lineage(shire, "80030", until=BEFORE_THIRD)["edges"] == []
    assert {edge["resolution"] for edge in lineage(shire, "80001", since=SECOND, until=SECOND)["edges"]} == {"2/NQ"}
    wrong = shire.get("/v1/units/80030/lineage", params={"since": "2026-01-01", "until": "2025-01-01", "lang": "en"})
    assert (wrong.status_code, wrong.json()["detail"]) == (
        400,
        "Parameter “until” is not acceptable: it is before since.",
    )


def test_a_lineage_of_too_many_units_says_that_it_is_cut(template, make_database):
    settings = make_database(name_of(template))
    build_shire(settings)
    question, bound = bound_by_name(QUESTIONS["lineage"], "80020", FOURTH, None, None, None, False, 3)
    with psycopg.connect(settings.database_url, row_factory=dict_row) as connection:
        [row] = connection.execute(question, bound).fetchall()
    assert (row["truncated"], len(row["nodes"])) == (True, 3)
    kept = {node["id"] for node in row["nodes"]}
    assert "80020@2025-07-01" in kept
    assert [(edge["from"], edge["to"]) for edge in row["edges"]] == [
        ("80001@2020-01-01", "80010@2022-03-01"),
        ("80010@2022-03-01", "80020@2025-07-01"),
    ]


def test_a_lineage_as_geojson_draws_units_and_located_parts(shire):
    drawn = shire.get("/v1/units/80003/lineage", params={"format": "geojson"})
    assert drawn.headers["content-type"] == "application/geo+json"
    features = [
        (one["properties"]["role"], one["geometry"] and one["geometry"]["type"]) for one in drawn.json()["features"]
    ]
    assert sorted(features, key=str) == [
        ("part", "MultiPolygon"),
        ("part", "MultiPolygon"),
        ("unit", "MultiPolygon"),
        ("unit", "MultiPolygon"),
        ("unit", "MultiPolygon"),
        ("unit", "MultiPolygon"),
        ("unit", None),
    ]


# ---- taken back


def test_a_repeal_reopens_former_units_and_closes_the_new_ones(template, make_database):
    settings = make_database(name_of(template))
    world = World((("07050", "07050"), ("07050", "07050"), ("07002", "07051"), ("07051", "07051"), ("07060", "07060")))
    with engine(settings).begin() as connection:
        session = WriteSession(connection, settings.storage_crs)
        settle(session, world, published=True)
        view = current_view(session)
        carry_out(session, situation_of(session, world.events, view, world.official), view)
        publish(session, "sắp xếp")
        events = events_on_record(session, current_view(session), RESOLUTION)
        repeal(session, events, Repeal(RESOLUTION, MERGED, "9/NQ", REPEALED), current_view(session))
        publish(session, "bãi bỏ")
    with serving(settings) as api:
        assert unit(api, "07001", 301, on=MERGED)["now"] == [
            {"code": "07050", "name": "Xã Mới 07050", "share_pct": 100.0}
        ]
        again = unit(api, "07001", on=REPEALED)
        assert [(one["event"], one["code"], one["resolution"]) for one in again["predecessors"]] == [
            ("repeal", "07050", "9/NQ")
        ]
        gone = unit(api, "07050", 410, on=REPEALED)
        assert [(one["code"], one["share_pct"]) for one in gone["now"]] == [("07001", 50.0), ("07002", 50.0)]
        assert unit(api, "07060", 301, on=REPEALED)["now"][0]["code"] == "07005"
        assert unit(api, "07050", on=REPEALED, release=2)["status"] == "in_force"
        edges = [(edge["from"], edge["to"], edge["event"]) for edge in lineage(api, "07060")["edges"]]
        assert edges == [
            ("07005@2020-01-01", "07060@2025-07-01", "merge"),
            ("07060@2025-07-01", "07005@2026-03-01", "repeal"),
        ]
