"""An amendment cuts what it amends, in a drawn town: by area and at points, in chains, on edges, on the days it is in force.

. . . . . . . . . .   QHPK, 0–300 m: zone W 0–100, zone M 100–200, zone E 200–300
. . . . . . . . . .   DC1 amends it, 50–250 m from 2023 to 2030: zone N 120–180, and nothing else in its boundary
. . . . . . . . . .   DC2 amends DC1, 150–220 m from 2024: zone Q 160–210
"""

from collections.abc import Callable
from pathlib import Path

import pytest
import shapely
from starlette.testclient import TestClient

from api import schemas
from api.app import create_app
from api.routes.answering import in_degrees
from planning.settings import Settings
from tests.conftest import name_of, publish_unchecked, quyhoach
from tests.town import at, strip, write

PLAIN, FIRST, BOTH, LATER = "2022-06-01", "2023-06-01", "2026-01-15", "2031-01-01"
"""Days: before any amendment, with DC1 alone, with DC1 and DC2, and when DC1 has ended."""


def plan(code: str, shape: object, **more: object) -> dict[str, object]:
    facts = {
        "name": f"Đồ án {code}",
        "kind": "urban",
        "level": "urban_design",
        "valid_from": "2020-01-01",
        "valid_to": None,
    }
    decided = {"decision_number": f"{code}/QĐ", "decision_date": "2019-12-01", "amends": None}
    return {"code": code, **facts, **decided, **more, "geometry": shape}


def zone(plan_code: str, lot: str, shape: object, function: str = "Honhop") -> dict[str, object]:
    kind = {"function_code": function, "function_scheme": "planning"}
    return {"plan_code": plan_code, "lot_symbol": lot, **kind, "geometry": shape}


PLANS = [
    plan("QHPK", strip(0, 300)),
    plan("DC1", strip(50, 250), amends="QHPK", valid_from="2023-01-01", valid_to="2030-01-01"),
    plan("DC2", strip(150, 220), amends="DC1", valid_from="2024-01-01"),
    plan("P", strip(300, 400), level="site_layout"),
    plan("A", strip(340, 360), level="site_layout", amends="P"),
    plan("EXPIRED", strip(310, 330), level="site_layout", amends="P"),
    plan("WAITING", strip(370, 390), level="site_layout", amends="P"),
    plan("ONE", strip(400, 500), level="site_layout", amends="OTHER"),
    plan("OTHER", strip(400, 500), level="site_layout", amends="ONE"),
]
ZONES = [
    zone("QHPK", "W", strip(0, 100)),
    zone("QHPK", "M", strip(100, 200)),
    zone("QHPK", "E", strip(200, 300)),
    zone("DC1", "N", strip(120, 180)),
    zone("DC2", "Q", strip(160, 210)),
    zone("P", "Z", strip(300, 400)),
    zone("A", "Y", strip(340, 350.01)),
    zone("ONE", "1", strip(400, 500)),
    zone("OTHER", "2", strip(400, 500)),
    zone("EXPIRED", "3", strip(310, 330)),
    zone("WAITING", "4", strip(370, 390)),
]
PARCELS = {1: strip(80, 140), 2: strip(155, 205), 3: strip(119.5, 120.000001), 4: strip(0, 60), 5: strip(199, 260)}
"""1 half under DC1; 2 under both; 3 reaches DC1 by a micrometre; 4 where DC1 has no zone; 5 across E and its edge."""


@pytest.fixture(scope="module")
def town(town: Settings, make_database: Callable[[str | None], Settings], tmp_path_factory) -> Settings:
    return amended(make_database(name_of(town)), tmp_path_factory.mktemp("amended"), PLANS, ZONES)


def amended(
    settings: Settings, folder: Path, plans: list[dict[str, object]], zones: list[dict[str, object]]
) -> Settings:
    write(folder / "plans.gpkg", plans, "plan")
    write(folder / "plans.gpkg", zones, "zone")
    parcels = [
        {"former_code": "90001", "sheet": 7, "number": number, "geometry": shape} for number, shape in PARCELS.items()
    ]
    parcels.append({"former_code": "90001", "sheet": 8, "number": 1, "geometry": strip(350, 360)})
    write(folder / "parcels.gpkg", parcels)
    rows = "plan_code,resolution,effective,decision,basis\nEXPIRED,1/NQ,2025-07-01,expired,x\nWAITING,1/NQ,2025-07-01,undecided,x\n"
    (folder / "carry.csv").write_text(rows, encoding="utf-8")
    files = ("plan {}/plans.gpkg", "parcels {}/parcels.gpkg --valid-from 2020-01-01", "carry-over {}/carry.csv")
    for command in (file.format(folder) for file in files):
        done = quyhoach(settings, "import", *command.split())
        assert done.returncode == 0, (done.stderr, done.stdout)
    publish_unchecked(settings)
    return settings


@pytest.fixture(scope="module")
def api(town: Settings):
    with TestClient(create_app(town)) as client:
        yield client


def told(api: TestClient, path: str, theme: str = "urban_design", **question: object):
    answer = api.get(path, params=question)
    assert answer.status_code == 200, answer.text
    schemas.Answer.model_validate(answer.json())
    [found] = [one for one in answer.json()["themes"] if one["theme"] == theme]
    return found


def at_place(api: TestClient, east: float, on: str = BOTH, **more: object):
    x, y = at("D", east, 70)
    return told(api, "/v1/lookup", x=x, y=y, crs="EPSG:9214", on=on, **more)


def on_parcel(api: TestClient, number: int, on: str = BOTH, **more: object):
    return told(api, f"/v1/parcels/90001/7/{number}", by="former", on=on, **more)


def lots(entries):
    return {(one["plan"]["code"], one["zone"] and one["zone"]["lot_symbol"]) for one in entries}


def widths(entries):
    """Lot → metres of the strip, for all is 200 m high."""
    return {one["zone"]["lot_symbol"]: round(one["area_m2"] / 200, 4) for one in entries if one["zone"]}


def by(found):
    return {one["zone"]["lot_symbol"]: [two["code"] for two in one["amended_by"]] for one in found["amended"]}


@pytest.mark.parametrize(
    ("east", "on", "applies", "replaced"),
    [
        (130, BOTH, {("DC1", "N")}, {"M": ["DC1"]}),
        (170, BOTH, {("DC2", "Q")}, {"M": ["DC1", "DC2"], "N": ["DC2"]}),
        (205, BOTH, {("DC1", None), ("DC2", "Q")}, {"E": ["DC2"]}),
        (110, BOTH, {("QHPK", "M"), ("DC1", None)}, {}),
        (215, BOTH, {("QHPK", "E"), ("DC1", None), ("DC2", None)}, {}),
        (130, PLAIN, {("QHPK", "M")}, {}),
        (170, FIRST, {("DC1", "N")}, {"M": ["DC1"]}),
        (130, LATER, {("QHPK", "M")}, {}),
    ],
)
def test_at_a_point_the_zone_of_the_newest_amendment_applies_and_what_it_replaced_is_told_apart(
    api, east, on, applies, replaced
):
    found = at_place(api, east, on)
    assert (found["state"], lots(found["restrictions"]), by(found)) == ("applies", applies, replaced)
    assert found["conflict"] is (on == LATER and 150 < east < 220)
    assert all(one["area_m2"] is None for one in found["amended"])


def test_what_replaced_a_zone_is_named_with_its_decision(api):
    [one] = at_place(api, 130)["amended"]
    assert one["amended_by"] == [
        {
            "code": "DC1",
            "name": "Đồ án DC1",
            "level": "urban_design",
            "decision_number": "DC1/QĐ",
            "decision_date": "2019-12-01",
        }
    ]
    assert one["plan"]["decision_number"] == "QHPK/QĐ", "the plan stays listed"


@pytest.mark.parametrize(
    ("east", "applies"),
    [
        (120, {("QHPK", "M"), ("DC1", "N")}),
        (120.0009, {("QHPK", "M"), ("DC1", "N")}),
        (120.0011, {("DC1", "N")}),
        (119.9991, {("QHPK", "M"), ("DC1", "N")}),
        (180, {("DC2", "Q")}),
        (160, {("DC1", "N"), ("DC2", "Q")}),
        (200, {("DC2", "Q"), ("DC1", None)}),
    ],
)
def test_on_the_edge_of_an_amending_zone_both_sides_answer_and_between_two_of_them_there_is_no_edge(api, east, applies):
    """At 180 the zone of DC1 ends within that of DC2; at 160 that of DC2 begins within DC1; at 200 two replaced zones meet."""
    found = at_place(api, east)
    assert {one for one in lots(found["restrictions"]) if one != ("DC1", None)} == applies - {("DC1", None)}


def test_a_parcel_half_under_an_amendment_keeps_the_other_half(api):
    found = on_parcel(api, 1)
    assert widths(found["restrictions"]) == {"W": 20.0, "M": 20.0, "N": 20.0}
    assert (widths(found["amended"]), by(found)) == ({"M": 20.0}, {"M": ["DC1"]})
    assert [one["share_pct"] for one in found["amended"]] == [33.333]
    assert widths(on_parcel(api, 1, PLAIN)["restrictions"]) == {"W": 20.0, "M": 40.0}


def test_an_amendment_of_an_amendment_cuts_both(api):
    found = on_parcel(api, 2)
    assert widths(found["restrictions"]) == {"N": 5.0, "Q": 45.0}
    assert widths(found["amended"]) == {"M": 45.0, "E": 5.0, "N": 20.0}
    assert by(found) == {"M": ["DC1", "DC2"], "E": ["DC2"], "N": ["DC2"]}


def test_where_the_amended_plan_itself_has_ended_nothing_hangs_on_it(api):
    """DC2 amends DC1; when DC1 is no more in force DC2 and QHPK lie on each other, and both are shown."""
    found = on_parcel(api, 2, LATER)
    assert widths(found["restrictions"]) == {"M": 45.0, "E": 5.0, "Q": 45.0}
    assert found["amended"] == []
    assert found["conflicts"] == [{"plans": ["DC2", "QHPK"]}]


def test_an_amendment_that_only_touches_takes_nothing(api):
    found = on_parcel(api, 3)
    assert widths(found["restrictions"]) == {"M": 0.5}
    assert found["amended"] == []


def test_where_an_amendment_has_no_zone_the_plan_goes_on(api):
    found = on_parcel(api, 4)
    assert widths(found["restrictions"]) == {"W": 60.0}
    assert found["amended"] == []


@pytest.mark.parametrize("number", PARCELS)
@pytest.mark.parametrize("on", [PLAIN, FIRST, BOTH, LATER])
def test_what_applies_of_a_plan_and_what_was_replaced_of_it_sum_to_the_parcel(api, number, on):
    found = on_parcel(api, number, on)
    told = [
        one for listed in ("restrictions", "amended", "noise") for one in found[listed] if one["plan"]["code"] == "QHPK"
    ]
    assert sum(one["area_m2"] for one in told) == pytest.approx(PARCELS[number].area, abs=0.01)


@pytest.mark.parametrize("number", PARCELS)
def test_what_applies_sums_to_the_parcel_where_amendments_say_something_or_nothing(api, number):
    found = on_parcel(api, number)
    told = [one for one in found["restrictions"] + found["noise"] if one["zone"] and "amended_by" not in one]
    assert sum(one["area_m2"] for one in told) == pytest.approx(PARCELS[number].area, abs=0.01)


def test_an_area_and_its_shapes_are_cut_alike(api):
    shape = in_degrees(PARCELS[2], 9214)
    answer = api.get("/v1/lookup", params={"shape": shape, "on": BOTH, "format": "geojson"}).json()
    drawn = {
        (one["properties"]["lot_symbol"], one["properties"]["amended_by"]): shapely.from_geojson(
            str(one["geometry"]).replace("'", '"')
        )
        for one in answer["features"]
        if one["properties"].get("theme") == "urban_design" and one["properties"].get("lot_symbol")
    }
    assert set(drawn) == {("N", None), ("Q", None), ("M", "DC1, DC2"), ("E", "DC2"), ("N", "DC2")}
    assert drawn["N", None].intersection(drawn["Q", None]).area < 1e-12


def test_a_sliver_that_an_amendment_takes_is_noise_and_is_told(api):
    """A reaches 1 cm into the parcel from 350 m on: nothing is a restriction for it, and nothing is lost."""
    found = told(api, "/v1/parcels/90001/8/1", "site_layout", by="former", on=BOTH)
    assert [(one["zone"] and one["zone"]["lot_symbol"], round(one["area_m2"], 2)) for one in found["restrictions"]] == [
        ("Z", 1998.0),
        (None, 1998.0),
    ]
    assert found["amended"] == []
    assert {(one["zone"]["lot_symbol"], round(one["area_m2"], 2), "amended_by" in one) for one in found["noise"]} == {
        ("Z", 2.0, True),
        ("Y", 2.0, False),
    }


def test_of_two_plans_that_amend_each_other_neither_is_cut(api):
    x, y = at("D", 450, 70)
    found = told(api, "/v1/lookup", "site_layout", x=x, y=y, crs="EPSG:9214", on=BOTH)
    assert (lots(found["restrictions"]), found["amended"]) == ({("ONE", "1"), ("OTHER", "2")}, [])


@pytest.mark.parametrize(
    ("east", "on", "applies", "replaced"),
    [
        (320, "2025-06-30", {("EXPIRED", "3")}, {"Z": ["EXPIRED"]}),
        (320, BOTH, {("P", "Z")}, {}),
        (380, BOTH, {("WAITING", "4")}, {"Z": ["WAITING"]}),
    ],
)
def test_an_amendment_that_a_merger_ended_cuts_nothing_and_one_that_awaits_a_decision_still_does(
    api, east, on, applies, replaced
):
    x, y = at("D", east, 70)
    found = told(api, "/v1/lookup", "site_layout", x=x, y=y, crs="EPSG:9214", on=on)
    assert (found["state"], lots(found["restrictions"]), by(found)) == ("applies", applies, replaced)


@pytest.mark.parametrize(
    ("lang", "words"), [("vi", "Đã được điều chỉnh, không còn áp dụng"), ("en", "Amended, applies no more")]
)
def test_a_sheet_lists_what_was_amended_with_the_decision(api, lang, words):
    page = api.get("/v1/parcels/90001/7/1", params={"by": "former", "on": BOTH, "format": "html", "lang": lang}).text
    assert words in page
    assert "DC1 · DC1/QĐ" in page


def test_a_batch_lists_the_amended_plan_too(api):
    x, y = at("D", 130, 70)
    body = f"x,y,crs\n{x},{y},EPSG:9214\n"
    answer = api.post(
        f"/v1/lookup/batch?format=csv&on={BOTH}", content=body.encode(), headers={"content-type": "text/csv"}
    )
    assert "DC1; QHPK" in answer.text or "QHPK; DC1" in answer.text, answer.text
