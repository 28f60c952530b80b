"""The real communes of Bắc Ninh, brought in, published, checked and served by the commands of the guide."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import geopandas as gpd
import psycopg
import pytest
import shapely
from pyproj import Geod
from starlette.testclient import TestClient

from api.app import create_app
from planning.settings import Settings
from tests.conftest import REAL, name_of, quyhoach
from tests.guide import guide_commands

pytestmark = pytest.mark.real_data

NOW, BEFORE = "2025-07-01", "2025-06-30"


@pytest.fixture(scope="module")
def bac_ninh(template: Settings, make_database: Callable[[str | None], Settings]) -> Settings:
    """Bắc Ninh, by the sequence of docs/guide/real-province.md, word for word."""
    settings = make_database(name_of(template))
    for command in guide_commands("real-province.md"):
        done = quyhoach(settings, *[word.replace("$DATA", str(REAL / "vn")) for word in command])
        assert done.returncode == 0, (command, done.stderr)
    return settings


@pytest.fixture(scope="module")
def api(bac_ninh: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(bac_ninh)) as client:
        yield client


def rows(settings: Settings, question: str, *values: object):
    with psycopg.connect(settings.database_url) as connection:
        return connection.execute(question, values).fetchall()


def communes(settings: Settings, day: str) -> dict[str, shapely.Geometry]:
    question = "SELECT code, ST_AsBinary(geom) FROM unit WHERE level = 'commune' AND in_force(valid_from, valid_to, %s)"
    return {code: shapely.from_wkb(bytes(shape)) for code, shape in rows(settings, question, day)}


def test_ninety_nine_communes_make_one_piece_of_the_known_area(bac_ninh: Settings):
    shapes = communes(bac_ninh, NOW)
    assert len(shapes) == 99
    whole = shapely.union_all(list(shapes.values()))
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0
    assert whole.area / 1e6 == pytest.approx(4712.91, abs=0.01)
    assert sum(shape.area for shape in shapes.values()) - whole.area == pytest.approx(0, abs=1)


def test_the_geodesic_area_is_the_known_one(bac_ninh: Settings):
    geod, total = Geod(ellps="WGS84"), 0.0
    for (shape,) in rows(
        bac_ninh,
        "SELECT ST_AsBinary(ST_Transform(geom_web, 4326)) FROM unit WHERE level = 'commune' AND in_force(valid_from, valid_to, %s)",
        NOW,
    ):
        total += abs(geod.geometry_area_perimeter(shapely.from_wkb(bytes(shape)))[0])
    assert total / 1e6 == pytest.approx(4713.34, abs=0.01)


def test_the_check_finds_no_gap_and_no_overlap(bac_ninh: Settings):
    for day, number in ((NOW, 99), (BEFORE, 313)):
        done = quyhoach(bac_ninh, "check", "coverage", "--on", day)
        assert (done.returncode, "nothing found" in done.stdout) == (0, True), done.stdout
        assert len(communes(bac_ninh, day)) == number


def test_a_province_without_plans_was_checked_and_has_nothing_covered(api: TestClient):
    answer = api.get("/v1/coverage", params={"on": NOW})
    assert (answer.status_code, answer.json()["rows"], answer.json()["holds_from"]) == (200, [], NOW)
    findings = api.get("/v1/findings", params={"on": NOW}).json()["findings"]
    assert [one["check"] for one in findings if one["severity"] == "error"] == []
    assert not {"unit.gap", "unit.overlap"} & {one["check"] for one in findings}


def test_each_commune_is_the_union_of_its_former_units(bac_ninh: Settings):
    now, before = communes(bac_ninh, NOW), communes(bac_ninh, BEFORE)
    clauses = rows(
        bac_ninh,
        "SELECT e.to_code, array_agg(p.from_code) FROM unit_event e JOIN unit_event_part p ON p.event_id = e.id"
        " WHERE p.from_code IS NOT NULL GROUP BY e.to_code",
    )
    assert len(clauses) == 99
    assert sorted(code for _, codes in clauses for code in codes) == sorted(before)
    for code, former in clauses:
        union = shapely.union_all([before[one] for one in former])
        assert union.symmetric_difference(now[code]).area < 3, code


def test_every_row_of_the_resolution_is_stored_and_every_former_commune_is_accounted_for(bac_ninh: Settings):
    """314 rows: 313 former communes, and a military range that was no unit."""
    assert rows(bac_ninh, "SELECT count(*), count(from_code), count(DISTINCT from_code) FROM unit_event_part") == [
        (314, 313, 313)
    ]
    [(report,)] = rows(bac_ninh, "SELECT report FROM dataset WHERE kind = 'mergers'")
    assert (report["refused"], report["warnings"]) == ([], [])


def test_luc_ngan_comes_from_five_named_units(api: TestClient):
    answer = api.get("/v1/units/07582", params={"on": NOW}).json()
    assert answer["unit"]["name"] == "Xã Lục Ngạn"
    assert answer["unit"]["area_km2"] == pytest.approx(82.84, abs=0.01)
    names = {one["name"] for one in answer["predecessors"]}
    assert names == {"Thị trấn Phì Điền", "Xã Giáp Sơn", "Xã Tân Hoa", "Xã Tân Quang", "Xã Đồng Cốc"}


@pytest.mark.parametrize(
    "place",
    [
        {"lon": 106.1946, "lat": 21.2731},
        {"x": 416226.7716, "y": 2353402.4531, "crs": "EPSG:9214"},
        {"x": 571883.6736, "y": 2353345.9812, "crs": "EPSG:9209"},
    ],
)
def test_a_point_lies_in_bac_giang_today_and_in_tran_phu_before(api: TestClient, place):
    today = api.get("/v1/lookup", params=place).json()
    assert [(unit["code"], unit["name"]) for unit in today["units"]] == [("07210", "Phường Bắc Giang")]
    assert [unit["code"] for unit in today["former_units"]] == ["07213"]
    then = api.get("/v1/lookup", params={**place, "on": BEFORE}).json()
    assert [(unit["code"], unit["name"]) for unit in then["units"]] == [("07213", "Phường Trần Phú")]


def test_hectares_declared_for_a_ward_of_square_kilometres_are_flagged(bac_ninh: Settings, tmp_path: Path):
    """One report prints “23,23 ha” for phường Bắc Giang and its 123 000 people."""
    frame = gpd.read_file(REAL / "vn" / "new_communes_24_bac_ninh.gpkg")
    ward = frame[frame["code"] == "07210"].assign(declared_km2="23,23 ha")
    ward.to_file(tmp_path / "ward.gpkg")
    done = quyhoach(bac_ninh, "import", "units", str(tmp_path / "ward.gpkg"), "--valid-from", NOW)
    assert (
        "07210 Phường Bắc Giang: diện tích công bố “23,23 ha” đáng ngờ / the declared area is doubtful" in done.stdout
    )
    assert "ha written for km²" in done.stdout
    assert quyhoach(bac_ninh, "discard").returncode == 0


def test_search_finds_former_communes_without_diacritics(api: TestClient):
    found = api.get("/v1/units", params={"q": "tran phu", "former": True, "on": date(2026, 1, 1).isoformat()}).json()[
        "units"
    ]
    assert ("07213", "Phường Trần Phú", [{"code": "07210", "name": "Phường Bắc Giang"}]) in [
        (one["code"], one["name"], one["successors"]) for one in found
    ]


def test_tiles_of_the_province_are_drawn(api: TestClient):
    assert api.get("/tiles/units/8/203/112.mvt").status_code == 200
    assert api.get("/tiles/former-units/8/203/112.mvt").status_code == 200
