"""Units, their search and their descent."""

import unicodedata
from datetime import date

import pytest

from api import schemas
from planning.store.session import WriteSession, engine
from tests.api.conftest import serving
from tests.conftest import name_of
from tests.shire import add_units


@pytest.fixture(scope="module")
def spellings(template, make_database):
    """Communes whose names differ in their diacritics, without boundaries."""
    settings = make_database(name_of(template))
    called = ("Xã Bính An", "Xã Bình Ân", "Xã Binh An", "Xã Bình An", "Xã Hòa Lợi", "Xã Họa", "Xã Đông Hòa", "Xã Hòa")
    with engine(settings).begin() as connection:
        units = [(f"810{number:02}", name, None, date(2025, 7, 1), None, None) for number, name in enumerate(called)]
        add_units(WriteSession(connection, settings.storage_crs), units)
    with serving(settings) as client:
        yield client


def names(api, **question):
    answer = api.get("/v1/units", params=question).json()
    schemas.UnitList.model_validate(answer)
    return [unit["name"] for unit in answer["units"]]


def test_units_of_a_day(api):
    assert names(api) == ["Phường Hòa Đông"]
    assert names(api, on="2025-06-30") == ["Xã Đông Đô", "Xã Hòa Bình"]
    assert names(api, former=True) == ["Phường Hòa Đông", "Xã Đông Đô", "Xã Hòa Bình"]


def test_a_name_is_found_in_any_spelling(api):
    for spelling in ("hoa binh", "Hoà Bình", "HÒA BÌNH", "Xã Hòa Bình", "90001"):
        assert names(api, q=spelling, former=True) == ["Xã Hòa Bình"], spelling
    assert names(api, q="dong do", former=True) == ["Xã Đông Đô"]
    assert names(api, q="hoa", former=True) == ["Phường Hòa Đông", "Xã Hòa Bình"]
    assert names(api, q="nowhere", former=True) == []


def test_kind_and_former_district_may_be_typed_with_the_name_abbreviated_or_not(api):
    for asked in ("X. Hòa Bình", "x.hoa binh", "xa hoa binh huyen tay", "Hoà Bình, H. Tây", "binh tay", "hoa b"):
        assert names(api, q=asked, former=True) == ["Xã Hòa Bình"], asked
    assert names(api, q="P. Hòa Đông") == ["Phường Hòa Đông"]
    assert names(api, q="oa binh", former=True) == []
    assert names(api, q="hoa binh dong", former=True) == []


def test_homonyms_are_all_listed_with_their_district(shire):
    found = shire.get("/v1/units", params={"q": "tân hòa", "on": "2021-01-01"}).json()["units"]
    assert [(one["name"], one["district"], one["homonyms"]) for one in found] == [
        ("Xã Tân Hòa", "Huyện Tây", 2),
        ("Xã Tân Hoà", "Huyện Đông", 2),
    ]
    assert names(shire, q="xa tan hoa huyen dong", on="2021-01-01") == ["Xã Tân Hoà"]


def test_units_in_force_come_first_then_the_name_itself_then_names_that_begin_so(shire):
    assert names(shire, q="tan") == []
    assert names(shire, q="tan", former=True) == ["Xã Tân Bình", "Xã Tân Hòa", "Xã Tân Hoà", "Xã Tân Thịnh"]
    assert names(shire, q="phuong dong", former=True) == ["Phường Đông Mới", "Phường Đông"]
    assert names(shire, q="dong", on="2025-12-01", former=True)[0] == "Phường Đông"
    assert names(shire, q="hồng lạc", former=True) == ["Xã Hồng Lạc"]


def test_the_spelling_with_diacritics_comes_before_one_without(spellings):
    assert names(spellings, q="bình an") == ["Xã Bình An", "Xã Bính An", "Xã Bình Ân", "Xã Binh An"]
    assert names(spellings, q="bình ân")[0] == "Xã Bình Ân"
    assert names(spellings, q="hoà") == ["Xã Hòa", "Xã Họa", "Xã Hòa Lợi", "Xã Đông Hòa"]
    assert names(spellings, q=unicodedata.normalize("NFD", "họa"))[0] == "Xã Họa"
    assert names(spellings, q="đ")[0] == "Xã Đông Hòa"


def test_a_former_unit_names_what_followed_it(api):
    [unit] = api.get("/v1/units", params={"q": "dong do", "former": True}).json()["units"]
    assert unit["in_force"] is False
    assert unit["district"] == "Huyện Đông"
    assert unit["successors"] == [{"code": "90010", "name": "Phường Hòa Đông"}]


def test_one_unit_with_its_predecessors(api):
    answer = api.get("/v1/units/90010").json()
    schemas.UnitAnswer.model_validate(answer)
    assert [(one["code"], one["extent"], one["clause"]) for one in answer["predecessors"]] == [
        ("90001", "whole", "1"),
        ("90002", "whole", "1"),
    ]
    assert answer["successors"] == []
    assert answer["unit"]["area_km2"] == 0.12


def test_a_merged_unit_leads_to_its_successor_and_still_answers(api):
    answer = api.get("/v1/units/90001", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (301, "/v1/units/90010")
    assert answer.headers["cache-control"] == "public, max-age=60"
    body = answer.json()
    schemas.UnitAnswer.model_validate(body)
    assert (body["status"], body["unit"]["in_force"]) == ("merged", False)
    assert [one["code"] for one in body["successors"]] == ["90010"]
    assert body["now"] == [{"code": "90010", "name": "Phường Hòa Đông", "share_pct": 100.0}]
    assert body["unit"]["declared_area_km2"] == 0.06


def test_units_as_geojson(api):
    drawn = api.get("/v1/units", params={"format": "geojson", "former": True})
    assert drawn.headers["content-type"] == "application/geo+json"
    features = drawn.json()["features"]
    assert [feature["geometry"]["type"] for feature in features] == ["MultiPolygon"] * 3
    assert drawn.json()["release"]["number"] == 1
    one = api.get("/v1/units/90010", params={"format": "geojson"}).json()
    assert one["properties"]["unit"]["code"] == "90010"


def test_health_and_releases_and_legend(api):
    health = schemas.Health.model_validate(api.get("/v1/health").json())
    assert health.bounds is not None
    assert health.example is not None
    lookup = api.get("/v1/lookup", params={"lon": health.example.lon, "lat": health.example.lat})
    assert lookup.status_code == 200
    releases = schemas.ReleaseList.model_validate(api.get("/v1/releases").json())
    assert [(one.number, one.note, one.illustration) for one in releases.releases] == [(1, "thị trấn vẽ tay", False)]
    legend = schemas.Legend.model_validate(api.get("/v1/legend").json())
    assert {one.code: one.fill for one in legend.land_use}["LUC"] == "#fffc8c"
