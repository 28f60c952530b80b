"""Units, their search and their descent."""

from api import schemas


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


def test_a_dissolved_unit_still_answers(api):
    answer = api.get("/v1/units/90001").json()
    assert answer["unit"]["in_force"] is False
    assert [one["code"] for one in answer["successors"]] == ["90010"]
    assert answer["unit"]["declared_area_km2"] == 0.06


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
