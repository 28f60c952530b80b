"""Hard places, drawn: corners, hairs, parcels of parts, with holes, across borders, beside lines; and travel in time.

A . B . C . . . . D     two former provinces: 70 with communes 70001 (A B F E) and 70002 (B C G F), 71 with 71001 (C D H G); since
. . . . . . . . . .     2025-07-01 province 72 with one commune, 72001 (A D H E). E is at (0, 0), B at (250, 400), C at (500, 400), D at
E . F . G . . . . H     (1000, 400), metres
"""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
import shapely.affinity
from starlette.testclient import TestClient

from api import schemas
from api.app import create_app
from api.routes.answering import in_degrees
from planning.geometry import LONLAT, operation
from planning.settings import Settings
from tests.conftest import name_of, publish_unchecked, quyhoach
from tests.proof.differing import differences
from tests.proof.saying import said
from tests.town import write

WEST, SOUTH = 500_000.0, 2_300_000.0
MERGED, BEFORE = "2025-07-01", "2025-06-30"


def box(west, south, east, north):
    """Metres from the south-western corner."""
    return shapely.box(WEST + west, SOUTH + south, WEST + east, SOUTH + north)


def line(*places):
    return shapely.LineString([(WEST + east, SOUTH + north) for east, north in places])


def point(east, north, **more):
    return {"x": WEST + east, "y": SOUTH + north, "crs": "EPSG:9214", "on": MERGED, **more}


PARCELS = {
    1: box(110, 110, 190, 190),
    2: shapely.union_all([box(10, 10, 30, 30), box(60, 10, 80, 30)]),
    3: box(200, 200, 300, 300).difference(box(240, 240, 260, 260)),
    4: box(240, 50, 260, 70),
    5: box(480, 50, 530, 90),
    6: box(0, 300, 100, 350),
}
"""1 inside one zone; 2 of two parts; 3 with a hole that a zone fills; 4 across two communes; 5 across two provinces; 6 beside lines."""

LINES = [
    {"code": "INSIDE", "kind": "corridor", "subject": "power", "half_width_m": 60.0, "geometry": line((-50, 325), (150, 325))},
    {"code": "CROSSING", "kind": "corridor", "subject": "dyke", "half_width_m": 5.0, "geometry": line((50, 280), (50, 380))},
    {"code": "ALONG", "kind": "red_line", "geometry": line((0, 350), (100, 350))},
    {"code": "HAIR", "kind": "building_line", "geometry": line((0, 299.9999), (100, 299.9999))},
    {"code": "THROUGH", "kind": "red_line", "geometry": line((20, 290), (80, 360))},
    {"code": "NE", "kind": "red_line",
        "geometry": line((100 + 12.3 * 0.5**0.5 + 5, 350 + 12.3 * 0.5**0.5 - 5), (100 + 12.3 * 0.5**0.5 - 5, 350 + 12.3 * 0.5**0.5 + 5))},
]  # fmt: skip


def zones():
    """Four zones meet at (100, 100); one fills the hole of parcel 3; two leave 0.1 mm to the edge of parcel 1."""
    quarters = {"SW": box(0, 0, 100, 100), "SE": box(100, 0, 200, 100), "NW": box(0, 100, 100, 200)}
    rest = box(0, 0, 1000, 400).difference(
        shapely.union_all([*quarters.values(), box(240, 240, 260, 260), box(190.0001, 110, 200, 190)])
    )
    return {**quarters, "REST": rest, "HOLE": box(240, 240, 260, 260), "HAIR": box(190.0001, 110, 200, 190)}


@pytest.fixture(scope="module")
def settings(template, make_database, tmp_path_factory) -> Settings:
    made, folder = make_database(name_of(template)), tmp_path_factory.mktemp("cases")
    build(made, folder)
    return made


def build(settings: Settings, folder: Path) -> None:
    former = [
        ("70001", "70", box(0, 0, 250, 400)),
        ("70002", "70", box(250, 0, 500, 400)),
        ("71001", "71", box(500, 0, 1000, 400)),
    ]
    write(folder / "former.gpkg", [{"code": code, "name": f"Xã {code}", "province_code": province, "geometry": shape}
        for code, province, shape in former])  # fmt: skip
    write(
        folder / "new.gpkg",
        [{"code": "72001", "name": "Xã Mới", "province_code": "72", "geometry": box(0, 0, 1000, 400)}],
    )
    plan = {
        "code": "QHC",
        "name": "Chung",
        "kind": "urban",
        "level": "general",
        "geometry": box(0, 0, 1000, 400),
        "valid_from": "2020-01-01",
    }
    write(folder / "plan.gpkg", [plan], "plan")
    write(folder / "plan.gpkg", [{"plan_code": "QHC", "lot_symbol": name, "function_code": "Nhomnhao", "function_scheme": "planning",
        "geometry": shape} for name, shape in zones().items()], "zone")  # fmt: skip
    write(folder / "parcels.gpkg", [{"former_code": "70001", "sheet": 1, "number": number, "geometry": shape}
        for number, shape in PARCELS.items()])  # fmt: skip
    write(folder / "lines.gpkg", LINES)
    bring_in(
        settings,
        f"units {folder}/former.gpkg --valid-from 2020-01-01 --valid-to {MERGED}",
        f"units {folder}/new.gpkg --valid-from {MERGED}",
        f"plan {folder}/plan.gpkg",
        f"parcels {folder}/parcels.gpkg --valid-from 2020-01-01",
        f"control-lines {folder}/lines.gpkg --valid-from 2020-01-01",
    )
    publish_unchecked(settings)


def bring_in(settings: Settings, *commands: str) -> None:
    for command in commands:
        done = quyhoach(settings, "import", *command.split())
        assert done.returncode == 0, (command, done.stderr, done.stdout)


@pytest.fixture(scope="module")
def api(settings: Settings):
    with TestClient(create_app(settings)) as client:
        yield client


def get(api: TestClient, path: str, **question):
    answer = api.get(path, params=question)
    assert answer.status_code == 200, answer.text
    return answer.json()


def parcel(api, number, **question):
    return get(api, f"/v1/parcels/70001/1/{number}", **{"by": "former", "on": MERGED, **question})


def general(answer):
    return next(one for one in answer["themes"] if one["theme"] == "general")


def lots(answer, listed="restrictions"):
    return {one["zone"]["lot_symbol"]: one["area_m2"] for one in general(answer)[listed]}


def test_at_a_corner_all_four_zones_answer(api):
    assert set(lots(get(api, "/v1/lookup", **point(100, 100)))) == {"SW", "SE", "NW", "REST"}


@pytest.mark.parametrize(("north", "told"), [(0.0009, {"NW", "SW"}), (0.0011, {"NW"})])
def test_a_point_within_a_millimetre_of_an_edge_has_both_sides_and_beyond_only_its_own(api, north, told):
    assert set(lots(get(api, "/v1/lookup", **point(50, 100 + north)))) == told


def test_on_the_edge_of_the_province_the_inside_answers(api):
    assert [one["code"] for one in get(api, "/v1/lookup", **point(1000, 400))["units"]] == ["72001"]


def test_a_zone_a_tenth_of_a_millimetre_off_an_edge_neither_vanishes_nor_bites(api):
    """The sliver between parcel 1 and the zone HAIR is of the zone REST, which holds all of the parcel."""
    answer = parcel(api, 1)
    assert lots(answer) == {"REST": 6400.0}
    assert lots(answer, "noise") == {}
    assert set(lots(get(api, "/v1/lookup", **point(190.00005, 150)))) == {"REST", "HAIR"}


def test_a_parcel_of_two_parts_has_the_area_of_both(api):
    answer = parcel(api, 2, geometry="true")
    assert answer["subject"]["area_m2"] == 800.0
    assert lots(answer) == {"SW": 800.0}
    assert len(answer["subject"]["corners"]) == 2
    assert shapely.from_geojson(json.dumps(answer["subject"]["geometry"])).geom_type == "MultiPolygon"


def test_a_zone_in_the_hole_of_a_parcel_has_no_say(api):
    answer = parcel(api, 3)
    assert answer["subject"]["area_m2"] == 9600.0
    assert lots(answer) == {"REST": 9600.0}
    assert general(answer)["noise"] == []
    assert [one["key"] for one in get(api, "/v1/lookup", **point(250, 250))["parcels"]] == []


@pytest.mark.parametrize(
    ("number", "then", "province"),
    [(4, {"70001": 200.0, "70002": 200.0}, {"70"}), (5, {"70002": 800.0, "71001": 1200.0}, {"70", "71"})],
)
def test_a_parcel_across_communes_and_across_former_provinces_names_each_with_its_share(api, number, then, province):
    now = parcel(api, number)
    assert {one["code"]: one["area_m2"] for one in now["former_units"]} == then
    assert {one["code"]: one["area_m2"] for one in now["units"]} == {"72001": sum(then.values())}
    before = parcel(api, number, on=BEFORE)
    assert {one["code"]: one["area_m2"] for one in before["units"]} == then
    assert {one["province_code"] for one in before["units"]} == province
    assert before["former_units"] == []


@pytest.mark.parametrize("number", PARCELS)
@pytest.mark.parametrize("day", [MERGED, BEFORE])
def test_areas_sum_to_the_parcel_within_a_hundredth_of_a_square_metre(api, number, day):
    answer = parcel(api, number, on=day)
    area = answer["subject"]["area_m2"]
    assert area == pytest.approx(PARCELS[number].area, abs=0.01)
    assert sum(one["area_m2"] for one in answer["units"]) == pytest.approx(area, abs=0.01)
    assert sum(lots(answer).values()) + sum(lots(answer, "noise").values()) == pytest.approx(area, abs=0.01)


def test_lines_beside_a_parcel_say_on_which_side_and_how_far(api):
    answer = parcel(api, 6)
    told = {one["code"]: (one["side"], one["distance_m"], one["direction"], one["area_m2"]) for one in answer["lines"]}
    assert told.pop("CROSSING")[0:3] == ("crosses", 0.0, None)
    assert told == {
        "INSIDE": ("inside", 0.0, None, 5000.0),
        "ALONG": ("touches", 0.0, None, None),
        "HAIR": ("touches", 0.0, None, None),
        "THROUGH": ("crosses", 0.0, None, None),
        "NE": ("outside", 12.3, "NE", None),
    }
    [taken] = [one["area_m2"] for one in answer["lines"] if one["code"] == "CROSSING"]
    assert taken == pytest.approx(500, abs=0.01)


def test_lines_beside_a_parcel_are_drawn_where_shapes_are_wanted(api):
    """Cut to 60 m around the parcel and a corridor's half width; as far from the parcel as the answer says."""
    assert not any("geometry" in one for one in parcel(api, 6)["lines"])
    answer = parcel(api, 6, geometry="true")
    schemas.Answer.model_validate(answer)
    back = operation(LONLAT, 9214).coordinates
    for one in answer["lines"]:
        shape = shapely.transform(shapely.geometry.shape(one["geometry"]), back)
        half_m = one["half_width_m"] or 0.0
        assert max(0.0, shape.distance(PARCELS[6]) - half_m) == pytest.approx(one["distance_m"], abs=0.01), one["code"]
        west, south, east, north = PARCELS[6].bounds
        far_m = 60 + half_m + 0.01
        assert shapely.box(west - far_m, south - far_m, east + far_m, north + far_m).covers(shape), one["code"]
    collection = parcel(api, 6, format="geojson")
    drawn = {
        one["properties"]["code"]: one["geometry"] for one in collection["features"] if "side" in one["properties"]
    }
    assert drawn == {one["code"]: one["geometry"] for one in answer["lines"]}


def drawn_as(number):
    """As a question; the service's reverse of the datum operation brings it back to the parcel."""
    wkt = in_degrees(PARCELS[number], 9214)
    back = shapely.transform(shapely.from_wkt(wkt), operation(LONLAT, 9214).coordinates)
    assert shapely.hausdorff_distance(back, PARCELS[number]) < 1e-6
    return wkt


@pytest.mark.parametrize("number", PARCELS)
def test_asking_about_an_area_that_is_a_parcel_gives_the_answer_of_the_parcel(api, number):
    """In all but what only an area has; areas to 10 cm², for the way into degrees and back moves corners by some nanometres."""
    asked = get(api, "/v1/lookup", shape=drawn_as(number), on=MERGED)
    held = parcel(api, number)
    assert [one["key"] for one in asked["parcels"] if one["within_m2"] > 1] == [held["subject"]["key"]]
    assert asked["subject"]["area_m2"] == pytest.approx(held["subject"]["area_m2"], abs=0.001)
    told, known = said(asked), said(held)
    told.parcels.clear()
    assert differences(told, known) == []


def test_an_answer_of_an_old_release_and_day_stays_the_same_bytes(empty: Settings, tmp_path: Path):
    """Release 2 moves a zone, adds a parcel and a line; release 1 knows nothing of it on any day."""
    build(empty, tmp_path)
    questions = [("/v1/lookup", point(50, 50, on=day, release=1)) for day in (BEFORE, MERGED, "2030-01-01")]
    questions += [("/v1/parcels/70001/1/2", {"by": "former", "on": day, "release": 1}) for day in (BEFORE, MERGED)]
    questions += [("/v1/lookup", {"shape": drawn_as(2), "on": MERGED, "release": 1})]
    with TestClient(create_app(empty)) as api:
        first = [api.get(path, params=question).content for path, question in questions]
        plan = {"code": "QHC", "name": "Chung, sửa", "kind": "urban", "level": "general", "geometry": box(0, 0, 1000, 400),
            "valid_from": "2020-01-01"}  # fmt: skip
        write(tmp_path / "again.gpkg", [plan], "plan")
        write(tmp_path / "again.gpkg", [{"plan_code": "QHC", "lot_symbol": "ALL", "function_code": "Honhop", "function_scheme": "planning",
            "geometry": box(0, 0, 1000, 400)}], "zone")  # fmt: skip
        write(
            tmp_path / "more.gpkg", [{"former_code": "70001", "sheet": 9, "number": 9, "geometry": box(40, 40, 60, 60)}]
        )
        write(tmp_path / "line.gpkg", [{"code": "LATE", "kind": "red_line", "geometry": line((40, 50), (60, 50))}])
        bring_in(
            empty,
            f"plan {tmp_path}/again.gpkg",
            f"parcels {tmp_path}/more.gpkg --valid-from 2020-01-01",
            f"control-lines {tmp_path}/line.gpkg --valid-from 2020-01-01",
        )
        assert [api.get(path, params=question).content for path, question in questions] == first
        publish_unchecked(empty)
        assert [api.get(path, params=question).content for path, question in questions] == first
        path, question = questions[1]
        for day in (BEFORE, MERGED):
            now = api.get(path, params={**question, "release": 2, "on": day}).json()
            assert (set(lots(now)), [one["key"] for one in now["parcels"]]) == ({"ALL"}, ["70001/9/9"])
            assert "LATE" in {one["code"] for one in now["lines"]}
            assert api.get(path, params={**question, "release": 3, "on": day}).status_code == 404
    with TestClient(create_app(empty)) as afresh:
        assert [afresh.get(path, params=question).content for path, question in questions] == first


def test_a_zone_of_many_vertices_is_asked_in_pieces_and_answers_as_a_whole(empty: Settings, tmp_path: Path):
    """A saw of 2,000 teeth beside its negative: points between the teeth and on them, parcels across them, as shapely says."""
    build(empty, tmp_path)
    x = np.linspace(0, 240, 2_001)
    y = np.where(np.arange(2_001) % 2, 120.0, 80.0)
    teeth = [(float(east), float(north)) for east, north in zip(x, y, strict=True)]
    lower = shapely.Polygon([*teeth, (240, 0), (0, 0)])
    upper = shapely.Polygon([*teeth, (240, 200), (0, 200)])
    drawn = {"lower": lower, "upper": upper}
    corner = (WEST, SOUTH)
    moved = {name: shapely.affinity.translate(shape, *corner) for name, shape in drawn.items()}
    plan = {"code": "SAW", "name": "Răng cưa", "kind": "urban", "level": "site_layout", "valid_from": "2020-01-01",
        "geometry": shapely.affinity.translate(shapely.box(0, 0, 240, 200), *corner)}  # fmt: skip
    zones = [
        {
            "plan_code": "SAW",
            "lot_symbol": name,
            "function_code": "Nhomnhao",
            "function_scheme": "planning",
            "geometry": shape,
        }
        for name, shape in moved.items()
    ]
    write(tmp_path / "saw.gpkg", [plan], "plan")
    write(tmp_path / "saw.gpkg", zones, "zone")
    assert quyhoach(empty, "import", "plan", str(tmp_path / "saw.gpkg")).returncode == 0
    publish_unchecked(empty)
    dice = np.random.default_rng(5)
    with TestClient(create_app(empty)) as client:
        for east, north in dice.uniform((1, 75), (239, 125), (60, 2)):
            place = shapely.Point(corner[0] + east, corner[1] + north)
            answer = client.get(
                "/v1/lookup", params={"x": place.x, "y": place.y, "crs": "EPSG:9214", "on": MERGED}
            ).json()
            [theme] = [one for one in answer["themes"] if one["theme"] == "site_layout"]
            near = {name for name, shape in moved.items() if shape.distance(place) < 0.001}
            assert {one["zone"]["lot_symbol"] for one in theme["restrictions"]} == near
        for west, south in dice.uniform((1, 60), (180, 100), (15, 2)):
            square = shapely.affinity.translate(shapely.box(west, south, west + 50, south + 40), *corner)
            answer = client.get("/v1/lookup", params={"shape": in_degrees(square, 9214), "on": MERGED}).json()
            [theme] = [one for one in answer["themes"] if one["theme"] == "site_layout"]
            told = {
                one["zone"]["lot_symbol"]: one["area_m2"]
                for one in theme["restrictions"] + theme["noise"]
                if one["zone"]
            }
            for name, shape in moved.items():
                assert told.get(name, 0.0) == pytest.approx(square.intersection(shape).area, abs=0.01), name
