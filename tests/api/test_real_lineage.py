"""The real units of Hải Phòng: 114 new communes, their former ones by name alone, and the clauses of resolution 1669."""

import csv
from datetime import date, timedelta

import pytest
import shapely

from api import schemas
from planning.store.session import WriteSession, engine
from tests.api.conftest import serving
from tests.conftest import REAL, name_of, quyhoach
from tests.shire import add_units
from tests.town import DESPITE_ERRORS

pytestmark = pytest.mark.real_data

NOW = date(2025, 7, 1)
BEFORE = NOW - timedelta(days=1)


@pytest.fixture(scope="module")
def former():
    with (REAL / "vn" / "former_communes_2025-03_24_27_30_31.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["province_code"] in {"30", "31"}]


@pytest.fixture(scope="module")
def api(template, make_database, former):
    settings = make_database(name_of(template))
    units = [(row["code"], row["name"], row["district"], date(2025, 3, 1), NOW, None) for row in former]
    with engine(settings).begin() as connection:
        add_units(WriteSession(connection, settings.storage_crs), units)
    for command in (
        ("import", "units", str(REAL / "vn" / "new_communes_31_hai_phong.gpkg"), "--valid-from", "2025-07-01"),
        ("import", "mergers", str(REAL / "vn" / "mergers_31.csv"), "--effective", "2025-07-01"),
        ("publish", *DESPITE_ERRORS),
    ):
        done = quyhoach(settings, *command)
        assert done.returncode == 0, done.stderr
    with serving(settings) as client:
        yield client


def test_10816_is_hong_lac_before_and_ha_bac_after(api):
    before, after = (api.get("/v1/units/10816", params={"on": day.isoformat()}).json() for day in (BEFORE, NOW))
    assert (before["unit"]["name"], [one["code"] for one in before["successors"]]) == (
        "Xã Hồng Lạc",
        ["10660", "10816"],
    )
    assert (after["unit"]["name"], [one["name"] for one in after["earlier"]]) == ("Xã Hà Bắc", ["Xã Hồng Lạc"])
    assert [(one["code"], one["extent"], one["event"]) for one in after["predecessors"]] == [
        ("10816", "rest", "code_reuse"),
        ("10825", "whole", "code_reuse"),
        ("10828", "part", "code_reuse"),
    ]
    assert after["unit"]["area_km2"] == pytest.approx(26.27, abs=0.01)


def test_every_former_commune_answers_with_who_holds_its_land(api, former):
    """None vanishes: 200 where its code is used again, 301 where it went whole, 410 where it was divided."""
    seen = {200: 0, 301: 0, 410: 0}
    for row in former:
        answer = api.get(f"/v1/units/{row['code']}", params={"on": NOW.isoformat()})
        body = answer.json()
        schemas.UnitAnswer.model_validate(body)
        seen[answer.status_code] += 1
        if answer.status_code == 301:
            assert [one["share_pct"] for one in body["now"]] == [100.0]
            assert api.get(answer.headers["location"]).json()["status"] == "in_force"
        elif answer.status_code == 410:
            assert {one["code"] for one in body["now"]} == {one["code"] for one in body["successors"]}
        else:
            assert [one["name"] for one in body["earlier"]] == [row["name"]]
    assert min(seen.values()) > 0
    assert sum(seen.values()) == len(former)


def test_on_the_day_before_a_place_in_ha_bac_has_three_candidates(api):
    drawn = api.get("/v1/units/10816", params={"format": "geojson", "on": NOW.isoformat()}).json()
    point = shapely.geometry.shape(drawn["geometry"]).representative_point()
    question = {"lon": point.x, "lat": point.y, "on": BEFORE.isoformat()}
    [unknown] = api.get("/v1/units/at", params=question).json()["unknown"]
    assert [one["name"] for one in unknown["candidates"]] == ["Xã Hồng Lạc", "Xã Tân Việt", "Xã Cẩm Việt"]
    assert api.get("/v1/lookup", params=question).json()["code"] == "unknown-part"
    assert [
        one["code"] for one in api.get("/v1/units/at", params=question | {"on": NOW.isoformat()}).json()["units"]
    ] == ["10816"]


def test_a_name_with_its_district_finds_one_of_many(api):
    asked = {"on": NOW.isoformat(), "former": True}
    homonyms = api.get("/v1/units", params={"q": "xã tân việt", **asked}).json()["units"]
    assert len({one["district"] for one in homonyms}) == len(homonyms) > 1
    assert {one["homonyms"] for one in homonyms if one["name"] == "Xã Tân Việt"} == {len(homonyms)}
    [one] = api.get("/v1/units", params={"q": "x. tan viet, h. thanh ha", **asked}).json()["units"]
    assert (one["code"], one["successors"]) == ("10825", [{"code": "10816", "name": "Xã Hà Bắc"}])
