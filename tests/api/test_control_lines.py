"""Control lines: brought in with their plan or alone, kept when the plan is issued anew, respected by the check, drawn on the map."""

import json
from datetime import date
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from starlette.testclient import TestClient

from api.app import create_app
from planning.settings import Settings
from tests.api.test_tiles import features, get, tile_at
from tests.conftest import quyhoach
from tests.town import at, strip, write
from tests.village import DAY, done, plan, rows


def line(east: float):
    """A line from south to north, metres east of the village's western edge."""
    (x, south), (_, north) = at("D"), at("A")
    return shapely.LineString([(x + east, south), (x + east, north)])


POWER = {
    "kind": "corridor",
    "code": "DZ-110",
    "name": "ĐZ 110 kV",
    "subject": "power",
    "half_width_m": 15.0,
    "geometry": line(50),
}
RED = {"kind": "red_line", "code": "D1", "setback_m": 3.0, "BE_RONG": "12 m", "geometry": line(10)}
MARKER = {"kind": "boundary_marker", "code": "M1", "geometry": shapely.Point(at("D"))}
DYKE = {"kind": "corridor", "code": "DE", "subject": "dyke", "geometry": strip(180, 200)}


def bring_in(
    settings: Settings,
    folder: Path,
    *lines: dict[str, object],
    name: str = "lines.gpkg",
    more: tuple[str, ...] = (),
    code: int = 0,
):
    (folder / name).unlink(missing_ok=True)
    file = write(folder / name, [*lines])
    result = quyhoach(settings, "import", "control-lines", str(file), *more)
    assert result.returncode == code, (result.stderr, result.stdout)
    return result


def crossed(settings: Settings, folder: Path, *words: str) -> dict[str, float]:
    """Corridor → m² of the village's zones inside it."""
    out = folder / "found.geojson"
    quyhoach(settings, "check", "all", *(words or DAY), "--out", str(out))
    found = [one["properties"] for one in json.loads(out.read_text(encoding="utf-8"))["features"]]
    shares: dict[str, float] = {}
    for one in found:
        if one["check"] == "zone.corridor-crossed":
            shares[one["zones"][0]] = round(shares.get(one["zones"][0], 0) + one["area_m2"], 3)
    return shares


def test_the_lines_of_a_plan_come_in_with_everything_the_file_says(village: Settings, tmp_path: Path):
    told = bring_in(village, tmp_path, RED, POWER, MARKER, DYKE, more=("--plan", "QH")).stdout
    assert "control_line" in told
    names = "kind, code, subject, half_width_m, setback_m, plan_code, valid_from, valid_to"
    assert rows(village, f"SELECT {names} FROM control_line ORDER BY id") == [
        ("red_line", "D1", None, None, 3.0, "QH", date(2021, 1, 1), None),
        ("corridor", "DZ-110", "power", 15.0, None, "QH", date(2021, 1, 1), None),
        ("boundary_marker", "M1", None, None, None, "QH", date(2021, 1, 1), None),
        ("corridor", "DE", "dyke", None, None, "QH", date(2021, 1, 1), None),
    ]  # fmt: skip
    assert (
        rows(village, "SELECT attributes ->> 'BE_RONG', ST_AsText(geom, 0) FROM control_line WHERE code = 'D1'")[0][0]
        == "12 m"
    )
    assert (
        "skipped" in quyhoach(village, "import", "control-lines", str(tmp_path / "lines.gpkg"), "--plan", "QH").stdout
    )


def test_a_file_of_another_crs_is_stored_in_the_storage_crs(village: Settings, tmp_path: Path):
    write(tmp_path / "a.gpkg", [POWER])

    gpd.read_file(tmp_path / "a.gpkg").to_crs("EPSG:9209").to_file(tmp_path / "b.gpkg")
    done(village, "import", "control-lines", str(tmp_path / "b.gpkg"), "--plan", "QH")
    [(kept, source)] = rows(village, "SELECT ST_AsText(geom), ST_SRID(geom_source) FROM control_line")
    assert source == 9209
    assert shapely.hausdorff_distance(shapely.from_wkt(kept), line(50)) < 1e-3


@pytest.mark.parametrize(
    ("feature", "said"),
    [
        ({**POWER, "half_width_m": None}, "half_width_m, the metres it reaches"),
        ({**POWER, "half_width_m": 0.0}, "half_width_m is 0"),
        ({**POWER, "half_width_m": -1.0}, "half_width_m"),
        ({**POWER, "half_width_m": 15_000.0}, "more than 5000 m"),
        ({**POWER, "subject": "điện"}, "is none of power"),
        ({**POWER, "kind": "hành lang"}, "is none of red_line"),
        ({**MARKER, "geometry": line(3)}, "a boundary marker is a point"),
        ({**RED, "geometry": shapely.Point(at("D"))}, "is a line, not a point"),
        ({**RED, "geometry": shapely.GeometryCollection([line(1), shapely.Point(at("D"))])}, "not a point, a line or a polygon"),
        ({**RED, "geometry": shapely.LineString([at("D"), at("D")])}, "the shape is not valid"),
        ({**RED, "valid_from": "2020-01-01"}, "is not a day on which this version of plan QH is in force"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_line_is_refused_with_its_geometry(village: Settings, tmp_path: Path, feature, said):
    report = tmp_path / "report.json"
    bring_in(village, tmp_path, MARKER, feature, more=("--plan", "QH", "--report", str(report)))
    [refused] = json.loads(report.read_text(encoding="utf-8"))["refused"]
    assert said in refused["message"]
    assert refused["feature"] == 2
    assert refused["geometry"] is not None
    assert rows(village, "SELECT code FROM control_line") == [("M1",)]


@pytest.mark.parametrize(
    ("lines", "more", "said"),
    [
        ((POWER,), ("--plan", "XX"), "there is no plan XX"),
        ((POWER,), ("--plan", "QH", "--valid-from", "2020-06-01"), "2021-01-01 …"),
        ((POWER,), (), "valid_from"),
        (({**POWER, "code": None},), ("--valid-from", "2021-01-01"), "code is empty"),
        (({"code": "x", "geometry": line(1)},), ("--valid-from", "2021-01-01"), "has no field “kind”"),
        (({"kind": "red_line", "geometry": line(1)},), ("--valid-from", "2021-01-01"), "has no field “code”"),
    ],
)
def test_a_mistake_is_one_clear_line(village: Settings, tmp_path: Path, lines, more, said):
    told = bring_in(village, tmp_path, *lines, more=more, code=1).stderr
    assert said in told
    assert len(told.strip().splitlines()) == 1
    assert rows(village, "SELECT count(*) FROM control_line") == [(0,)]


def test_houses_in_a_corridor_of_the_day_are_found_and_clear_ones_are_not(village: Settings, tmp_path: Path):
    """The line runs through zone A (0 to 100 m), the dyke through zone B; a red line and a corridor in the gap of zones take nothing."""
    gap = {**POWER, "code": "GAP", "name": "trong khe", "half_width_m": 4.9, "geometry": line(105)}
    bring_in(village, tmp_path, RED, POWER, DYKE, gap, more=("--plan", "QH"))
    assert crossed(village, tmp_path) == {}, "nothing is in force before it is published"
    done(village, "publish")
    assert crossed(village, tmp_path) == {"ĐZ 110 kV": 30 * 200.0, "DE": 20 * 200.0}
    assert rows(village, "SELECT DISTINCT plan_codes FROM finding WHERE check_code = 'zone.corridor-crossed'") == [
        (["QH"],)
    ]


def test_corridors_that_differ_only_by_their_days_in_force_differ_in_verdict(village: Settings, tmp_path: Path):
    """Two lines of no plan: one ends as the other begins; the result holds up to that day only."""
    old = {**POWER, "code": "CU", "name": "đường dây cũ", "valid_from": "2021-01-01", "valid_to": "2026-01-01"}
    new = {**POWER, "code": "MOI", "name": "đường dây mới", "valid_from": "2026-01-01", "valid_to": None}
    bring_in(village, tmp_path, old, new)
    done(village, "publish")
    assert crossed(village, tmp_path, "--on", "2025-12-31") == {"đường dây cũ": 6000.0}
    assert rows(village, "SELECT DISTINCT holds_to FROM finding") == [(date(2026, 1, 1),)]
    assert crossed(village, tmp_path) == {"đường dây mới": 6000.0}
    assert crossed(village, tmp_path, "--on", "2020-06-01") == {}


def test_a_line_of_no_plan_is_superseded_by_its_code_and_earlier_releases_keep_it(village: Settings, tmp_path: Path):
    since = ("--valid-from", "2021-01-01")
    bring_in(village, tmp_path, {**POWER, "name": "hẹp", "half_width_m": 5.0}, more=since)
    bring_in(village, tmp_path, {**POWER, "name": "của đồ án"}, more=("--plan", "QH"))
    done(village, "publish")
    bring_in(village, tmp_path, {**POWER, "name": "rộng"}, more=since)
    done(village, "publish")
    assert crossed(village, tmp_path) == {"rộng": 6000.0, "của đồ án": 6000.0}
    assert rows(village, "SELECT name, release_from, release_to FROM control_line ORDER BY id") == [
        ("hẹp", 2, 3), ("của đồ án", 2, None), ("rộng", 3, None),
    ]  # fmt: skip


def test_the_lines_of_the_kinds_that_a_file_holds_are_replaced_whole(village: Settings, tmp_path: Path):
    bring_in(village, tmp_path, POWER, DYKE, RED, more=("--plan", "QH"))
    bring_in(
        village, tmp_path, POWER, {**RED, "geometry": line(11)}, {**RED, "geometry": line(12)}, more=("--plan", "QH")
    )
    codes = "SELECT code FROM control_line WHERE release_to IS NULL ORDER BY id"
    assert rows(village, codes) == [("DZ-110",), ("D1",), ("D1",)], "one line in two pieces is no contradiction"
    done(village, "publish")
    bring_in(village, tmp_path, DYKE, more=("--plan", "QH"))
    assert rows(village, codes) == [("D1",), ("D1",), ("DE",)], (
        "the red lines stay, the corridors are those of the file"
    )
    done(village, "discard")
    assert rows(village, codes) == [("DZ-110",), ("D1",), ("D1",)]


def test_a_plan_brought_in_again_or_repaired_keeps_its_lines(village: Settings, tmp_path: Path):
    bring_in(village, tmp_path, POWER, more=("--plan", "QH"))
    done(village, "publish")
    kept = rows(village, "SELECT md5(string_agg(c::text, chr(10) ORDER BY c.id)) FROM control_line c")
    done(village, "import", "plan", plan(tmp_path, ("A", 0, 100), ("B", 100.05, 200)))
    assert crossed(village, tmp_path, "--draft", *DAY) == {"ĐZ 110 kV": 6000.0}
    done(village, "publish")
    done(village, "check", "repair", "zones", "QH", "--apply")
    assert crossed(village, tmp_path, "--draft", *DAY) == {"ĐZ 110 kV": 6000.0}
    assert rows(village, "SELECT md5(string_agg(c::text, chr(10) ORDER BY c.id)) FROM control_line c") == kept


def test_a_plan_that_ended_takes_its_lines_along_and_a_later_version_has_its_own(village: Settings, tmp_path: Path):
    """The line belongs to the version of 2021; the version of 2025 with the same code has another corridor."""
    bring_in(village, tmp_path, POWER, more=("--plan", "QH"))
    done(village, "import", "plan", plan(tmp_path, ("A", 0, 100), ("B", 100, 200), valid_to="2025-01-01"))
    done(village, "import", "plan", plan(tmp_path, ("A", 0, 100), ("B", 100, 200), valid_from="2025-01-01"))
    assert crossed(village, tmp_path, "--draft", "--on", "2024-12-31") == {"ĐZ 110 kV": 6000.0}
    assert crossed(village, tmp_path, "--draft", *DAY) == {}
    asked = bring_in(village, tmp_path, DYKE, more=("--plan", "QH"), code=1).stderr
    assert "2021-01-01 … 2025-01-01, 2025-01-01 …" in asked
    bring_in(village, tmp_path, DYKE, more=("--plan", "QH", "--valid-from", "2025-01-01"))
    assert crossed(village, tmp_path, "--draft", *DAY) == {"DE": 4000.0}
    assert crossed(village, tmp_path, "--draft", "--on", "2024-12-31") == {"ĐZ 110 kV": 6000.0}


def test_lines_are_drawn_as_tiles_while_their_plan_is_in_force(village: Settings, tmp_path: Path):
    bring_in(village, tmp_path, RED, POWER, MARKER, DYKE, more=("--plan", "QH"))
    done(village, "publish")
    address = tile_at(at("D", 50, 50), 12)
    with TestClient(create_app(village)) as api:
        drawn = features(get(api, "control-lines", address, on="2026-01-01"), address, tmp_path)
        assert set(drawn["kind"]) == {"red_line", "corridor", "boundary_marker"}
        assert {"Point", "LineString", "Polygon"} <= {kind.removeprefix("Multi") for kind in drawn.geom_type}
        assert set(drawn.loc[drawn["kind"] == "corridor", "subject"]) == {"power", "dyke"}
        assert get(api, "control-lines", address, on="2020-06-01").status_code == 204
        assert "half_width_m" in api.get("/tiles/control-lines.json").json()["vector_layers"][0]["fields"]


def test_the_lines_of_a_plan_are_published_and_let_go_with_it(village: Settings, tmp_path: Path):
    bring_in(village, tmp_path, POWER, more=("--plan", "QH"))
    bring_in(village, tmp_path, {**DYKE, "code": "ALONE"}, more=("--valid-from", "2021-01-01"))
    done(village, "draft", "publish", "QH")
    waiting = "SELECT code FROM control_line c JOIN release r ON r.number = c.release_from WHERE r.published_at IS NULL"
    assert rows(village, waiting) == [("ALONE",)]
    bring_in(village, tmp_path, {**POWER, "geometry": line(9)}, more=("--plan", "QH"))
    done(village, "draft", "discard", "QH")
    assert rows(village, waiting) == [("ALONE",)]
    assert rows(village, "SELECT count(*) FROM control_line WHERE code = 'DZ-110' AND release_to IS NULL") == [(1,)]
