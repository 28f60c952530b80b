"""What applies at a point and on a parcel, in the drawn town: four states, two time axes, both sides of a border."""

import hashlib
import json
from collections.abc import Callable, Iterator

import asyncpg
import pytest
import shapely
from pydantic import BaseModel
from starlette.testclient import TestClient

from api import schemas
from api.app import create_app
from planning.geometry import LONLAT, operation
from planning.settings import Settings
from tests.conftest import name_of, quyhoach
from tests.town import DESPITE_ERRORS, at, strip, write


def ask(api, place, model: type[BaseModel] = schemas.Answer, **more):
    """Look a place of EPSG:9214 up; the answer fits its declared document."""
    answer = api.get("/v1/lookup", params={"x": place[0], "y": place[1], "crs": "EPSG:9214", **more})
    assert answer.status_code == 200, answer.text
    model.model_validate(answer.json())
    return answer.json()


def theme(answer, name):
    [found] = [one for one in answer["themes"] if one["theme"] == name]
    return found


def lots(found):
    return [(one["plan"]["code"], one["zone"]["lot_symbol"]) for one in found["restrictions"]]


def test_a_zone_applies_with_its_plan_and_indicators(api):
    found = theme(ask(api, at("G")), "general")
    assert found["state"] == "applies"
    [one] = found["restrictions"]
    assert one["plan"]["decision_number"] == "12/QĐ-UBND"
    assert one["plan"]["decision_date"] == "2021-03-01"
    assert one["plan"]["standing"] == "in_force"
    assert (one["zone"]["lot_symbol"], one["zone"]["function_name"], one["zone"]["fill"]) == (
        "O-1",
        "nhóm nhà ở",
        "#cc9900",
    )
    assert (one["zone"]["density_pct"], one["zone"]["floors_max"], one["zone"]["far_max"]) == (60.0, 5, 3.0)


def test_none_is_said_only_on_an_offices_word(api):
    answer = ask(api, at("G"))
    assert theme(answer, "detailed")["state"] == "none"
    assert theme(answer, "detailed")["on_whose_word"] == "Sở Xây dựng"
    assert theme(answer, "urban_design")["state"] == "no_data"
    assert theme(answer, "site_layout")["state"] == "no_data"
    assert theme(answer, "land_use")["on_whose_word"] is None


def test_a_plan_awaiting_a_decision_is_not_carried_over(api):
    found = theme(ask(api, at("H")), "general")
    assert found["state"] == "not_carried_over"
    assert found["restrictions"][0]["plan"]["standing"] == "not_carried_over"


def test_before_the_merger_the_same_plan_applied_in_former_units(api):
    answer = ask(api, at("H"), on="2025-06-30")
    assert [unit["name"] for unit in answer["units"]] == ["Xã Đông Đô"]
    assert answer["former_units"] == []
    assert theme(answer, "general")["state"] == "applies"
    assert theme(answer, "detailed")["state"] == "no_data"


def test_units_now_and_then(api):
    answer = ask(api, at("G"))
    assert [unit["name"] for unit in answer["units"]] == ["Phường Hòa Đông"]
    assert [(unit["code"], unit["valid_to"]) for unit in answer["former_units"]] == [("90001", "2025-07-01")]
    [parcel] = answer["parcels"]
    assert (parcel["key"], parcel["former_name"]) == ("90001/1/1", "Xã Hòa Bình")


def test_an_expired_plan_applied_until_its_last_day(api):
    assert lots(theme(ask(api, at("D", 50, 50), on="2024-12-31"), "detailed")) == [("QHCT-CU", "C1")]
    assert theme(ask(api, at("D", 50, 50), on="2025-01-01"), "detailed")["restrictions"] == []


def test_two_plans_of_one_level_are_both_shown_and_flagged(api):
    found = theme(ask(api, at("D", 175, 50)), "subdivision")
    assert lots(found) == [("QHPK-1", "P1"), ("QHPK-2", "P2")]
    assert found["conflict"] is True
    assert theme(ask(api, at("D", 100, 50)), "subdivision")["conflict"] is False


def test_on_a_border_every_side_answers_and_nothing_conflicts(api):
    answer = ask(api, at("B", 0, -50), on="2025-06-30")
    assert [unit["code"] for unit in answer["units"]] == ["90001", "90002"]
    found = theme(answer, "general")
    assert sorted(lots(found)) == [("QHC-DONG", "CN-1"), ("QHC-TAY", "CX-1")]
    assert found["conflict"] is False
    assert [parcel["key"] for parcel in answer["parcels"]] == ["90001/1/2", "90002/1/1"]


def test_the_same_place_in_every_crs_gives_the_same_answer(api):
    x, y = at("G")
    wanted = ask(api, (x, y))
    for epsg in (9209, 9213, 3405, 3857):
        east, north = operation(9214, epsg).point(x, y)
        answer = api.get("/v1/lookup", params={"x": east, "y": north, "crs": f"EPSG:{epsg}"}).json()
        assert answer["themes"] == wanted["themes"]
        assert answer["subject"]["x"] == pytest.approx(x, abs=2e-3)
    lon, lat = operation(9214, LONLAT).point(x, y)
    answer = api.get("/v1/lookup", params={"lon": lon, "lat": lat}).json()
    assert answer["themes"] == wanted["themes"]
    assert (answer["subject"]["lon"], answer["subject"]["operation"]) == (pytest.approx(lon, abs=1e-9), "EPSG:6960")


@pytest.mark.parametrize(
    "way", ["lonlat", "plane", "northing first", "text", "corners", "shape", "sent", "parcel", "parcel with shapes"]
)
def test_an_answer_is_one_round_trip_to_the_database(api, monkeypatch, way):
    """Counted where the driver asks, once what no place changes is read and the question is prepared."""
    x, y = at("G")
    lon, lat = operation(9214, LONLAT).point(x, y)
    ring = [[lon, lat], [lon + 3e-4, lat], [lon + 3e-4, lat + 3e-4], [lon, lat]]
    polygon = {"type": "Polygon", "coordinates": [ring]}
    plane = {"x": x, "y": y, "crs": "EPSG:9214"}
    ways = {
        "lonlat": ("/v1/lookup", {"lon": lon, "lat": lat}),
        "plane": ("/v1/lookup", plane),
        "northing first": ("/v1/lookup", {**plane, "x": y, "y": x}),
        "text": ("/v1/lookup", {"q": f"{lat:.7f}; {lon:.7f}"}),
        "corners": ("/v1/lookup", {"corners": f"{x} {y}; {x + 20} {y}; {x + 20} {y + 20}", "crs": "EPSG:9214"}),
        "shape": ("/v1/lookup", {"shape": json.dumps(polygon)}),
        "parcel": ("/v1/parcels/90001/1/1", {}),
        "parcel with shapes": ("/v1/parcels/90001/1/1", {"geometry": "true"}),
    }

    def told():
        return api.post("/v1/lookup", json=polygon) if way == "sent" else api.get(ways[way][0], params=ways[way][1])

    trips = []
    for name in ("_execute", "execute"):
        monkeypatch.setattr(asyncpg.Connection, name, noted(getattr(asyncpg.Connection, name), trips))
    assert told().status_code == 200
    trips.clear()
    assert told().status_code == 200
    assert len(trips) == 1, trips


def noted(ask, trips):
    """The driver's own way to ask, with a note of each time."""

    async def asked(connection, query, *args, **more):
        trips.append(query)
        return await ask(connection, query, *args, **more)

    return asked


def parcel(api, key, **more):
    answer = api.get(f"/v1/parcels/{key}", params=more)
    assert answer.status_code == 200, answer.text
    if "format" not in more:
        schemas.Answer.model_validate(answer.json())
    return answer.json()


def test_a_parcel_lists_its_zones_with_square_metres_and_per_cent(api):
    answer = parcel(api, "90001/1/1")
    assert answer["subject"]["area_m2"] == pytest.approx(20_000)
    shares = [
        (one["zone"]["lot_symbol"], one["area_m2"], one["share_pct"])
        for one in theme(answer, "general")["restrictions"]
    ]
    assert sorted(shares) == [("CX-1", 10_000.0, 50.0), ("O-1", 10_000.0, 50.0)]
    found = theme(answer, "subdivision")
    assert found["conflict"] is True
    assert {one["zone"]["lot_symbol"]: one["share_pct"] for one in found["restrictions"]} == {"P1": 100.0, "P2": 50.0}


def test_a_neighbour_that_only_touches_is_neither_restriction_nor_noise(api):
    found = theme(parcel(api, "90001/1/2"), "general")
    assert [one["zone"]["lot_symbol"] for one in found["restrictions"]] == ["CX-1"]
    assert found["noise"] == []


def test_the_same_sheet_and_number_in_two_former_communes(api):
    west, east = parcel(api, "90001/1/1"), parcel(api, "90002/1/1")
    assert west["subject"]["former_name"] == "Xã Hòa Bình"
    assert east["subject"]["former_name"] == "Xã Đông Đô"
    assert theme(east, "general")["state"] == "not_carried_over"


def test_a_parcel_as_geojson(api):
    collection = parcel(api, "90001/1/1", format="geojson")
    assert collection["type"] == "FeatureCollection"
    drawn, *restrictions = collection["features"]
    assert [(one["properties"]["plan_code"], one["geometry"]["type"]) for one in restrictions][:2] == [
        ("QHC-TAY", "Polygon"),
        ("QHC-TAY", "Polygon"),
    ]
    assert drawn["geometry"]["type"] == "MultiPolygon"
    assert drawn["properties"]["subject"]["key"] == "90001/1/1"
    lon, lat = operation(9214, LONLAT).point(*at("D", 100, 0))
    corners = drawn["geometry"]["coordinates"][0][0]
    assert min(abs(x - lon) + abs(y - lat) for x, y in corners) < 2e-8


def test_the_same_question_gives_the_same_bytes(api):
    question = {"x": at("G")[0], "y": at("G")[1], "crs": "EPSG:9214", "on": "2026-01-01", "release": 1}
    assert api.get("/v1/lookup", params=question).content == api.get("/v1/lookup", params=question).content


@pytest.fixture(scope="module")
def edges(
    town: Settings, make_database: Callable[[str | None], Settings], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """The town with a plan whose zone covers half of it, parcels that touch borders, and two offices' words."""
    settings, folder = make_database(name_of(town)), tmp_path_factory.mktemp("edges")
    plan = {
        "code": "QHCT-9",
        "name": "Chi tiết 9",
        "kind": "urban",
        "level": "site_layout",
        "geometry": strip(300, 600),
    }
    zone = {
        "plan_code": "QHCT-9",
        "function_code": "Honhop",
        "function_scheme": "planning",
        "geometry": strip(300, 400),
    }
    write(folder / "plan.gpkg", [plan], "plan")
    write(folder / "plan.gpkg", [zone], "zone")
    sheet = {"former_code": "90002", "sheet": 2}
    parcels = [
        {**sheet, "number": 1, "geometry": strip(350, 450)},
        {**sheet, "number": 2, "geometry": strip(399.999, 500)},
        {**sheet, "number": 3, "geometry": strip(200, 300.000001)},
        {**sheet, "number": 4, "geometry": strip(250, 350)},
    ]
    write(folder / "parcels.gpkg", parcels)
    words = "theme,unit_code,state,on_whose_word,valid_from,valid_to\n"
    words += (
        "urban_design,90001,complete,Xã,2020-01-01,2025-07-01\nurban_design,90002,partial,Xã,2020-01-01,2025-07-01\n"
    )
    (folder / "words.csv").write_text(words, encoding="utf-8")
    for command in (("plan", "plan.gpkg"), ("parcels", "parcels.gpkg"), ("availability", "words.csv")):
        dated = () if command[0] == "availability" else ("--valid-from", "2020-01-01")
        assert quyhoach(settings, "import", command[0], str(folder / command[1]), *dated).returncode == 0
    assert quyhoach(settings, "publish", *DESPITE_ERRORS).returncode == 0
    with TestClient(create_app(settings)) as client:
        yield client


def test_a_parcel_half_in_a_zone_says_what_the_plan_leaves_open(edges):
    found = theme(parcel(edges, "90002/2/1"), "site_layout")
    assert found["state"] == "applies"
    told = [(one["zone"] and one["zone"]["function_code"], one["share_pct"]) for one in found["restrictions"]]
    assert told == [("Honhop", 50.0), (None, 50.0)]


def test_a_zone_that_only_grazes_a_parcel_does_not_hide_its_plan(edges):
    found = theme(parcel(edges, "90002/2/2"), "site_layout")
    assert found["state"] == "applies"
    assert [(one["zone"], round(one["share_pct"])) for one in found["restrictions"]] == [(None, 100)]
    assert [one["zone"]["function_code"] for one in found["noise"]] == ["Honhop"]


def test_a_commune_that_a_parcel_only_touches_has_no_say(edges):
    """On the border of 90001 (complete) and 90002 (partial): reaching over by a micrometre takes nothing away."""
    answer = parcel(edges, "90002/2/3", on="2025-01-01")
    assert [unit["code"] for unit in answer["units"]] == ["90001"]
    assert theme(answer, "urban_design")["state"] == "none"
    assert theme(parcel(edges, "90002/2/4", on="2025-01-01"), "urban_design")["state"] == "no_data"


def test_nobody_speaks_of_land_beyond_the_communes(edges):
    """90001 is complete; an area that reaches over the western edge of the town is not, for what lies there is not on record."""
    x, y = at("D")
    to_lonlat = operation(9214, 4326)
    for west, state in ((x + 20, "none"), (x - 20, "no_data")):
        ring = [to_lonlat.point(*corner) for corner in shapely.box(west, y + 20, x + 60, y + 60).exterior.coords]
        shape = shapely.to_wkt(shapely.Polygon(ring), rounding_precision=-1)
        answer = edges.get("/v1/lookup", params={"shape": shape, "on": "2025-01-01"}).json()
        assert theme(answer, "urban_design")["state"] == state


def test_areas_of_an_answer_sum_to_the_parcel(edges):
    for number in (1, 2, 3, 4):
        answer = parcel(edges, f"90002/2/{number}", on="2025-01-01")
        assert sum(unit["area_m2"] for unit in answer["units"]) == pytest.approx(answer["subject"]["area_m2"], abs=0.01)
        found = theme(answer, "general")
        told = sum(one["area_m2"] for one in found["restrictions"] + found["noise"])
        assert told == pytest.approx(answer["subject"]["area_m2"], abs=0.02)


@pytest.fixture(scope="module")
def succeeded(
    town: Settings, make_database: Callable[[str | None], Settings], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """The town, where the province's committee gave its plans over to another office with the merger."""
    settings, folder = make_database(name_of(town)), tmp_path_factory.mktemp("succeeded")
    rows = "name,name_now,basis,valid_from,valid_to\n"
    rows += "UBND tỉnh,UBND tỉnh mới,12/NQ-HĐND,2025-07-01,\n,Sở,x,2025-07-01,\n"
    (folder / "offices.csv").write_text(rows, encoding="utf-8")
    words = (
        "theme,unit_code,state,on_whose_word,valid_from,valid_to\ncorridors,90010,complete,Sở Công Thương,2025-07-01,\n"
    )
    (folder / "words.csv").write_text(words, encoding="utf-8")
    done = quyhoach(settings, "import", "offices", str(folder / "offices.csv"))
    assert done.returncode == 0, done.stderr
    assert "name is empty" in done.stdout + done.stderr
    assert quyhoach(settings, "import", "availability", str(folder / "words.csv")).returncode == 0
    assert quyhoach(settings, "publish", *DESPITE_ERRORS).returncode == 0
    with TestClient(create_app(settings)) as client:
        yield client


def test_the_office_then_and_now(succeeded):
    [one, *_] = theme(ask(succeeded, at("G")), "general")["restrictions"]
    assert (one["plan"]["approver"], one["plan"]["office_now"]) == (
        "UBND tỉnh",
        {"name": "UBND tỉnh mới", "basis": "12/NQ-HĐND"},
    )
    [then, *_] = theme(ask(succeeded, at("G"), on="2025-06-30"), "general")["restrictions"]
    assert then["plan"]["office_now"] is None
    assert theme(ask(succeeded, at("G"), release=1), "general")["restrictions"][0]["plan"]["office_now"] is None


def test_a_theme_of_lines_has_a_state_of_its_own(succeeded):
    answer = ask(succeeded, at("G"))
    assert (theme(answer, "corridors")["state"], theme(answer, "corridors")["on_whose_word"]) == (
        "none",
        "Sở Công Thương",
    )
    assert theme(answer, "building_lines")["state"] == "no_data"
    assert "corridors" in answer["unaffected"]
    assert "building_lines" in answer["without_data"]


def test_the_hash_is_that_of_the_document_without_what_may_be_checked_anew(api):
    answer = ask(api, at("G"))
    rest = {name: value for name, value in answer.items() if name not in {"hash", "verify", "checks"}}
    written = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(written.encode()).hexdigest() == answer["hash"]
    assert ask(api, at("H"))["hash"] != answer["hash"]


def test_an_area_is_answered_as_the_parcel_that_fills_it(api):
    whole = parcel(api, "90001/1/1", geometry="true")
    drawn = api.get("/v1/lookup", params={"shape": json.dumps(whole["subject"]["geometry"])}).json()
    schemas.Answer.model_validate(drawn)
    assert drawn["subject"]["area_m2"] == pytest.approx(whole["subject"]["area_m2"], abs=0.02)
    for one, other in zip(drawn["themes"], whole["themes"], strict=True):
        assert one["state"] == other["state"]
        assert [share["share_pct"] for share in one["restrictions"]] == pytest.approx(
            [share["share_pct"] for share in other["restrictions"]], abs=0.01
        )
    assert "90001/1/1" in [one["key"] for one in drawn["parcels"]]
