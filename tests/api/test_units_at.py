"""Units of the drawn shire at a point and under a polygon, on any day; and where nothing is known, who comes into question."""

from datetime import timedelta

import pytest

from api import schemas
from planning.geometry import LONLAT, operation
from tests.api.conftest import serving
from tests.conftest import name_of
from tests.shire import THIRD, build_shire, land, place

BEFORE_THIRD = THIRD - timedelta(days=1)


def units_at(api, **question):
    answer = api.get("/v1/units/at", params=question)
    assert answer.status_code == 200, answer.text
    schemas.UnitsAt.model_validate(answer.json())
    return answer.json()


def wkt(west: float, east: float) -> str:
    return operation(9214, LONLAT).shapes([land(west, east)])[0].wkt


def test_units_at_a_point_on_a_day(shire):
    for day, code in (("2021-01-01", "80001"), (BEFORE_THIRD, "80010"), (THIRD, "80020")):
        answer = units_at(shire, **place(50), on=day)
        assert [(one["code"], one["area_m2"], one["share_pct"]) for one in answer["units"]] == [(code, None, None)]
        assert answer["unknown"] == []
    border = units_at(shire, **place(500))
    assert [one["code"] for one in border["units"]] == ["80003", "80020"]


def test_units_under_a_polygon_with_shares(shire):
    answer = units_at(shire, shape=wkt(450, 600))
    assert [(one["code"], round(one["area_m2"]), round(one["share_pct"], 1)) for one in answer["units"]] == [
        ("80003", 20_000, 66.7),
        ("80020", 10_000, 33.3),
    ]
    touching = units_at(shire, shape=wkt(200, 400), on="2021-01-01")
    assert [one["code"] for one in touching["units"]] == ["80002"]


def test_where_the_former_unit_has_no_boundary_the_candidates_are_named(shire):
    """East of I–J nothing is on record before 2025: the later units came in part from Cẩm Việt, and nobody knows which land."""
    answer = units_at(shire, **place(650), on=BEFORE_THIRD)
    assert answer["units"] == []
    [unknown] = answer["unknown"]
    assert unknown["unit"] == {"code": "80003", "name": "Xã Hà Bắc", "effective": "2025-07-01"}
    assert [(one["code"], one["extent"], one["clause"]) for one in unknown["candidates"]] == [("80004", "part", "2")]
    east = units_at(shire, **place(750), on=BEFORE_THIRD)["unknown"]
    assert [(one["code"], one["name"]) for one in east[0]["candidates"]] == [
        ("80004", "Xã Cẩm Việt"),
        (None, "Thao trường"),
    ]
    under = units_at(shire, shape=wkt(550, 750), on=BEFORE_THIRD)
    assert [one["code"] for one in under["units"]] == ["80003"]
    assert [one["unit"]["code"] for one in under["unknown"]] == ["80003", "80021"]
    assert units_at(shire, **place(650))["unknown"] == []
    assert units_at(shire, **place(650), on="2019-12-31") == answer | {"on": "2019-12-31", "unknown": []}


def test_where_the_new_unit_has_no_boundary_it_is_a_candidate(template, make_database):
    """80005 ended with a boundary; 80021, which took it whole with the rest of 80004, was opened without one."""
    settings = make_database(name_of(template))
    build_shire(settings, without_boundary=("80004", "80021"))
    with serving(settings) as api:
        answer = units_at(api, **place(850), on=THIRD)
        assert answer["units"] == []
        told = [(one["side"], one["unit"]["code"], one["unit"]["effective"]) for one in answer["unknown"]]
        assert told == [("ended", "80005", "2025-07-01"), ("later", "80030", "2026-02-01")]
        candidates = [
            [(one["code"], one["extent"], one["resolution"]) for one in side["candidates"]]
            for side in answer["unknown"]
        ]
        assert candidates == [[("80021", "whole", "3/NQ")], [("80021", "whole", "4/NQ")]]
        problem = api.get("/v1/lookup", params={**place(850), "on": THIRD.isoformat(), "lang": "en"}).json()
        assert problem["code"] == "unknown-part"
        assert (
            "on the other side of 2025-07-01 it lies in Xã Tân Hoà (80005); on 2025-07-01, in one of Phường Đông (80021),"
            in problem["detail"]
        )
        assert [one["code"] for one in units_at(api, **place(850), on="2026-02-01")["units"]] == ["80030"]


def test_a_look_up_there_says_unknown_and_not_outside(shire):
    answer = shire.get("/v1/lookup", params={**place(650), "on": BEFORE_THIRD.isoformat(), "lang": "en"})
    body = answer.json()
    assert (answer.status_code, body["code"]) == (404, "unknown-part")
    assert body["candidates"] == [
        {"code": "80004", "name": "Xã Cẩm Việt", "extent": "part", "clause": "2", "resolution": "3/NQ"}
    ]
    assert (
        "on the other side of 2025-07-01 it lies in Xã Hà Bắc (80003); on 2025-06-30, in one of Xã Cẩm Việt (80004)"
        in body["detail"]
    )
    assert (
        shire.get("/v1/lookup", params={**place(-50), "on": BEFORE_THIRD.isoformat()}).json()["code"]
        == "outside-province"
    )
    assert shire.get("/v1/lookup", params=place(650)).status_code == 200


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({}, "give lon and lat, or x, y and crs, or shape"),
        ({"shape": "POINT (106 21)"}, "a polygon is wanted"),
        ({"shape": "POLYGON EMPTY"}, "a polygon is wanted"),
        ({"shape": "ring"}, "it cannot be read as WKT or GeoJSON"),
        ({"shape": '{"type": "Polygon"'}, "it cannot be read as WKT or GeoJSON"),
        ({"shape": '{"type": "Polygon", "coordinates": [[1]]}'}, "it cannot be read as WKT or GeoJSON"),
        ({"shape": "POLYGON ((106 21, 106.01 21.01, 106.01 21, 106 21.01, 106 21))"}, "the polygon is not valid"),
        ({"shape": "POLYGON ((21 106, 21 106.1, 21.1 106, 21 106))"}, "give longitude, then latitude"),
        ({"shape": "POLYGON ((nan 21, 106.2 21, 106.2 21.2, 106 21.2, nan 21))"}, "“shape”"),
        ({"shape": "POLYGON ((106 21, 106.01 21, 106 21.01, 106 21))", "lon": 106, "lat": 21}, "or shape"),
    ],
)
def test_a_shape_that_cannot_be_asked_about_is_refused(shire, question, said):
    answer = shire.get("/v1/units/at", params={**question, "lang": "en"})
    large = "larger" in said
    assert (answer.status_code, answer.json()["code"]) == ((413, "too-large") if large else (400, "bad-question")), (
        answer.text
    )
    assert said in answer.json()["detail"]


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ("POLYGON ((106 21, 106.2 21, 106.2 21.2, 106 21.2, 106 21))", "it is larger than 100 km²"),
        (
            f"POLYGON (({', '.join(f'106.{i:04d} {21 + i % 2 / 100}' for i in range(1002))}, 106.5 22, 106.0000 21.0))",
            "vertices",
        ),
        ("POLYGON ((" + "1" * 20_000, "“shape”"),
    ],
)
@pytest.mark.parametrize("address", ["/v1/units/at", "/v1/lookup"])
def test_a_shape_beyond_the_limits_is_413_with_the_reason(shire, address, shape, said):
    answer = shire.get(address, params={"shape": shape, "lang": "en"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large"), answer.text
    assert said in answer.json()["detail"]
