"""From a department's file to the draft: coordinates, letters and fields that the file does not explain, and trials that store nothing.

A commune 90010 in wiggles, some 6 km wide, and a plan that fills it with two zones, west and east.
"""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import psycopg
import pytest
import shapely

from layers.encodings.conversion import Encoding
from layers.sources.facts import ROWS
from planning.geometry import operation
from planning.settings import Settings
from tests.conftest import quyhoach
from tests.layers.profiles.test_mapping import geodatabase  # noqa: F401 - a fixture
from tests.layers.test_encodings import written

CENTRE = (416_000.0, 2_353_000.0)
SINCE = ("--valid-from", "2026-01-01")
PLAN = ("--code", "QHPK-1", "--name", "Phân khu 1", "--level", "subdivision", *SINCE)
SCHEME = ("--scheme", "land_use")
BY_MA = ("--map", "function_code=ma")


def commune():
    around = np.linspace(0, 2 * np.pi, 361)[:-1]
    reach = 3_000 + 250 * np.sin(5 * around) + 120 * np.cos(13 * around)
    return shapely.Polygon(np.column_stack([CENTRE[0] + reach * np.cos(around), CENTRE[1] + reach * np.sin(around)]))


def zones():
    west = shapely.box(CENTRE[0] - 9_000, CENTRE[1] - 9_000, CENTRE[0], CENTRE[1] + 9_000)
    return list(shapely.segmentize([commune().intersection(west), commune().difference(west)], 200))


def drawn_in(crs: int, shapes, *, swapped: bool = False):
    """The shapes as a file in another CRS has them: vertex by vertex."""
    moved = [shapely.transform(shape, operation(9214, crs).coordinates) for shape in shapes]
    return [shapely.transform(shape, lambda xy: xy[:, ::-1]) for shape in moved] if swapped else moved


def untold(frame: gpd.GeoDataFrame, path: Path, layer: str | None = None) -> Path:
    """A file that does not name its CRS, of which the writer warns."""
    with pytest.warns(UserWarning, match="'crs' was not provided"):
        frame.to_file(path, layer=layer) if layer else frame.to_file(path)
    return path


def plan_file(path: Path, crs: int, *, told: bool = True, swapped: bool = False, **fields) -> Path:
    columns = {"lot_symbol": ["T-1", "Đ-1"], "function_code": ["ODT", "TMD"], **fields}
    shapes = drawn_in(crs, zones(), swapped=swapped)
    if not told:
        return untold(gpd.GeoDataFrame(columns, geometry=shapes), path)
    gpd.GeoDataFrame(columns, geometry=shapes, crs=f"EPSG:{crs}").to_file(path)
    return path


def rows(settings: Settings, question: str):
    with psycopg.connect(settings.database_url) as connection:
        return connection.execute(question).fetchall()


def done(settings: Settings, *words: str, code: int = 0):
    result = quyhoach(settings, *words)
    assert result.returncode == code, (words, result.stderr, result.stdout)
    return result


@pytest.fixture
def province(empty: Settings, tmp_path: Path) -> Settings:
    unit = {"code": "90010", "name": "Phường Hòa Đông", "geometry": commune()}
    gpd.GeoDataFrame([unit], crs="EPSG:9214").to_file(tmp_path / "unit.gpkg")
    done(empty, "import", "units", str(tmp_path / "unit.gpkg"), "--valid-from", "2020-01-01")
    return empty


def stored_zones(settings: Settings):
    found = rows(settings, "SELECT lot_symbol, ST_AsBinary(geom) FROM zone ORDER BY id")
    return {symbol: shapely.from_wkb(bytes(shape)) for symbol, shape in found}


@pytest.mark.parametrize("crs", [9209, 9214, 3405, 4326, 4756, 32648])
@pytest.mark.parametrize("swapped", [False, True])
def test_the_same_zones_from_every_crs_and_with_exchanged_axes_land_within_a_millimetre(
    province, tmp_path, crs, swapped
):
    file = plan_file(tmp_path / "zones.gpkg", crs, swapped=swapped)
    more = ("--northing-first",) if swapped else ()
    done(province, "import", "plan", str(file), *PLAN, *SCHEME, *more)
    stored = stored_zones(province)
    for symbol, shape in zip(("T-1", "Đ-1"), zones(), strict=True):
        assert stored[symbol].hausdorff_distance(shape) < 0.001


@pytest.mark.parametrize(("crs", "swapped"), [(9209, False), (9214, True), (4326, False)])
def test_a_crs_that_nobody_says_is_proposed_with_evidence_and_taken_once_accepted(province, tmp_path, crs, swapped):
    file = plan_file(tmp_path / "zones.gpkg", crs, told=False, swapped=swapped)
    refused = done(province, "import", "plan", str(file), *PLAN, *SCHEME, code=1)
    assert f"EPSG:{crs}" in refused.stderr
    assert "run it again with --accept-crs" in refused.stderr
    assert rows(province, "SELECT count(*) FROM plan") == [(0,)]
    report = tmp_path / "report.json"
    done(province, "import", "plan", str(file), *PLAN, *SCHEME, "--accept-crs", "--report", str(report))
    told = json.loads(report.read_text(encoding="utf-8"))
    assert (told["source_crs"], told["crs_said_by"]) == (f"EPSG:{crs}", "evidence, accepted by a person")
    assert "outline along their borders" in told["evidence"][0]
    for symbol, shape in zip(("T-1", "Đ-1"), zones(), strict=True):
        assert stored_zones(province)[symbol].hausdorff_distance(shape) < 0.001


def test_a_small_plan_that_fits_under_several_crs_is_refused_with_all_of_them(province, tmp_path):
    lot = shapely.box(CENTRE[0], CENTRE[1], CENTRE[0] + 200, CENTRE[1] + 200)
    columns = {"lot_symbol": ["T-1"], "function_code": ["ODT"]}
    untold(gpd.GeoDataFrame(columns, geometry=drawn_in(4326, [lot])), tmp_path / "lot.gpkg")
    refused = done(province, "import", "plan", str(tmp_path / "lot.gpkg"), *PLAN, *SCHEME, "--accept-crs", code=1)
    assert "several fit equally" in refused.stderr
    assert "EPSG:4326 (WGS 84, lon/lat)" in refused.stderr
    assert "EPSG:4756 (VN-2000, lon/lat)" in refused.stderr


def test_a_file_that_states_the_wrong_zone_is_warned_of_by_name(province, tmp_path):
    moved = drawn_in(9214, zones())
    columns = {"lot_symbol": ["T-1", "Đ-1"], "function_code": ["ODT", "TMD"]}
    gpd.GeoDataFrame(columns, geometry=moved, crs="EPSG:9213").to_file(tmp_path / "zones.gpkg")
    told = done(province, "import", "plan", str(tmp_path / "zones.gpkg"), *PLAN, *SCHEME)
    assert "EPSG:9213 có vẻ sai / seems wrong: sai kinh tuyến trục / the wrong central meridian" in told.stdout
    assert "EPSG:9214" in told.stdout


NAMES = ["Khu nhà ở xã hội phía Đông", "Trường tiểu học Lương Sơn", "Đất cây xanh công viên", "Khu dịch vụ thương mại Chợ Mới",
    "Trạm y tế phường Hòa Đông", "Hạ tầng kỹ thuật", "Khu dân cư Ngã tư", "Đất giáo dục"]  # fmt: skip


def shapefile_in(path: Path, encoding: Encoding) -> Path:
    """A Shapefile without .cpg whose letters are written in an encoding of the 1990s."""
    count = len(NAMES)
    squares = [
        shapely.box(CENTRE[0] + 10 * at, CENTRE[1], CENTRE[0] + 10 * at + 10, CENTRE[1] + 10) for at in range(count)
    ]
    texts = [written(name, encoding) for name in NAMES]
    frame = gpd.GeoDataFrame({"lot_symbol": [f"L{at}" for at in range(count)], "ma": ["ODT"] * count, "ten": texts},
        geometry=squares, crs="EPSG:9214")  # fmt: skip
    frame.to_file(path, encoding="ISO-8859-1")
    path.with_suffix(".cpg").unlink(missing_ok=True)
    return path


@pytest.mark.parametrize("encoding", [Encoding.TCVN3, Encoding.VNI, Encoding.VISCII, Encoding.UTF8])
def test_letters_of_the_1990s_are_recognised_and_stored_as_they_were_meant(empty: Settings, tmp_path: Path, encoding):
    file = shapefile_in(tmp_path / "khu.shp", encoding)
    report = tmp_path / "report.json"
    done(empty, "import", "plan", str(file), *PLAN, *SCHEME, *BY_MA, "--report", str(report))
    assert [row[0] for row in rows(empty, "SELECT attributes->>'ten' FROM zone ORDER BY id")] == NAMES
    told = json.loads(report.read_text(encoding="utf-8"))
    assert told["letters"][0]["after"] in NAMES
    assert "syllables" in told["evidence"][0]


def test_letters_can_be_said(empty: Settings, tmp_path: Path):
    file = shapefile_in(tmp_path / "khu.shp", Encoding.TCVN3)
    done(empty, "import", "plan", str(file), *PLAN, *SCHEME, *BY_MA, "--encoding", "TCVN3")
    assert [row[0] for row in rows(empty, "SELECT attributes->>'ten' FROM zone ORDER BY id")] == NAMES


def test_a_dry_run_gives_the_same_report_and_stores_nothing(empty: Settings, tmp_path: Path):
    file = plan_file(tmp_path / "zones.gpkg", 9214, function_code=["ODT", "???"])
    trial, real = tmp_path / "trial.json", tmp_path / "real.json"
    shown = done(empty, "import", "plan", str(file), *PLAN, *SCHEME, "--dry-run", "--report", str(trial))
    assert "chạy thử, chưa lưu gì / a dry run, nothing was stored" in shown.stdout
    for table in ("plan", "zone", "dataset", "release"):
        assert rows(empty, f"SELECT count(*) FROM {table}") == [(0,)]
    done(empty, "import", "plan", str(file), *PLAN, *SCHEME, "--report", str(real))
    before, after = (json.loads(path.read_text(encoding="utf-8")) for path in (trial, real))
    assert (before.pop("dry_run"), after.pop("dry_run")) == (True, False)
    assert before == after
    assert after["counts"]["refused"] == 1


def test_a_geodatabase_of_the_circular_comes_in_by_its_profiles(empty: Settings, geodatabase: Path, tmp_path: Path):  # noqa: F811
    report = tmp_path / "report.json"
    done(
        empty,
        "import",
        "plan",
        str(geodatabase),
        "--layer",
        "ChucNangSuDungDat_A",
        "--profile",
        "tt16-zones",
        *PLAN,
        "--report",
        str(report),
    )
    stored = rows(
        empty,
        "SELECT lot_symbol, function_code, density_pct, floors_min, floors_max, far_max FROM zone ORDER BY lot_symbol",
    )
    assert ("O-1", "Nhomnhao", 60.0, 3, 5, 2.5) in stored
    assert ("CN-1", "Congnghiep", 60.0, None, 4, 2.5) in stored
    told = json.loads(report.read_text(encoding="utf-8"))
    assert any("chưa đo" in warning for warning in told["warnings"])
    [refused] = told["refused"]
    assert (refused["layer"], refused["feature"], refused["geometry"]["type"]) == ("ChucNangSuDungDat_A", 4, "Polygon")
    [(attributes,)] = rows(empty, "SELECT attributes FROM zone WHERE lot_symbol = 'HH-1'")
    assert attributes["dienTich"] == "chưa đo"


@pytest.mark.parametrize("suffix", ["json", "html", "gpkg"])
def test_the_report_is_written_in_three_forms(empty: Settings, tmp_path: Path, suffix):
    crossing = shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(5, 5), (15, 5), (15, 6), (5, 6)]])
    shapes = [*zones(), shapely.transform(crossing, lambda xy: xy + np.array(CENTRE))]
    columns = {"lot_symbol": ["T-1", "Đ-1", "<b>"], "function_code": ["ODT", "TMD", "ODT"]}
    gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:9214").to_file(tmp_path / "zones.gpkg")
    report = tmp_path / f"report.{suffix}"
    done(empty, "import", "plan", str(tmp_path / "zones.gpkg"), *PLAN, *SCHEME, "--report", str(report))
    if suffix == "gpkg":
        refused = gpd.read_file(report, layer="refused")
        assert (refused.crs.to_epsg(), refused["feature"].tolist(), refused["reason"].tolist()) == (
            9214,
            [3],
            ["invalid"],
        )
        assert refused.geometry[0].equals_exact(shapes[2], 1e-9)
    else:
        text = report.read_text(encoding="utf-8")
        assert "Self-intersection" in text
        assert ('<path d="M' in text) == (suffix == "html")


def test_units_that_name_no_crs_are_held_against_the_communes_on_record(province, tmp_path):
    file = untold(
        gpd.GeoDataFrame(
            {"code": ["90011", "90012"], "name": ["Xã Tây", "Xã Đông"]}, geometry=drawn_in(9209, zones(), swapped=True)
        ),
        tmp_path / "new.gpkg",
    )
    command = ("import", "units", str(file), "--valid-from", "2026-07-01")
    refused = done(province, *command, code=1)
    assert "its coordinates tell EPSG:9209" in refused.stderr
    assert "run it again with --accept-crs" in refused.stderr
    told = done(province, *command, "--accept-crs")
    assert "EPSG:9209 (evidence, accepted by a person)" in told.stdout
    assert "outline along their borders" in told.stdout
    stored = dict(rows(province, "SELECT code, ST_AsBinary(geom) FROM unit WHERE code > '90010'"))
    for code, shape in zip(("90011", "90012"), zones(), strict=True):
        assert shapely.from_wkb(bytes(stored[code])).hausdorff_distance(shape) < 0.001


def test_units_in_a_wrong_crs_are_warned_of_as_zones_are(province, tmp_path):
    file = tmp_path / "new.gpkg"
    frame = gpd.GeoDataFrame(
        {"code": ["90011", "90012"], "name": ["Xã Tây", "Xã Đông"]}, geometry=drawn_in(9209, zones())
    )
    frame.set_crs("EPSG:9208").to_file(file)
    assert (
        "EPSG:9208 có vẻ sai / seems wrong"
        in done(province, "import", "units", str(file), "--valid-from", "2026-07-01").stdout
    )


def test_the_first_units_of_a_province_have_nothing_to_be_held_against(empty, tmp_path):
    file = untold(gpd.GeoDataFrame({"code": ["90011"], "name": ["Xã Tây"]}, geometry=[commune()]), tmp_path / "u.gpkg")
    refused = done(empty, "import", "units", str(file), "--valid-from", "2026-07-01", "--accept-crs", code=1)
    assert "The CRS of u.gpkg cannot be told" in refused.stderr


def test_plans_and_zones_of_one_file_take_the_crs_accepted_for_both(province, tmp_path):
    plan = {"code": ["QHPK-1"], "name": ["Phân khu 1"], "kind": ["urban"], "level": ["subdivision"]}
    columns = {
        "plan_code": "QHPK-1",
        "lot_symbol": ["T-1", "Đ-1"],
        "function_code": ["ODT", "TMD"],
        "function_scheme": "land_use",
    }
    file = tmp_path / "plans.gpkg"
    untold(gpd.GeoDataFrame(plan, geometry=drawn_in(9209, [commune()])), file, layer="plan")
    untold(gpd.GeoDataFrame(columns, geometry=drawn_in(9209, zones()), index=[0, 1]), file, layer="zone")
    assert "run it again with --accept-crs" in done(province, "import", "plan", str(file), *SINCE, code=1).stderr
    done(province, "import", "plan", str(file), *SINCE, "--accept-crs")
    [(outline,)] = rows(province, "SELECT ST_AsBinary(geom) FROM plan")
    assert shapely.from_wkb(bytes(outline)).hausdorff_distance(commune()) < 0.001
    assert stored_zones(province)["T-1"].hausdorff_distance(zones()[0]) < 0.001


def test_a_boundary_of_its_own_file_is_accepted_by_its_own_evidence_and_a_layer_by_the_crs_it_names(province, tmp_path):
    file = plan_file(tmp_path / "zones.gpkg", 9214)
    apart = untold(gpd.GeoDataFrame({"n": [1]}, geometry=drawn_in(9209, [commune()])), tmp_path / "boundary.gpkg")
    command = ("import", "plan", str(file), *PLAN, *SCHEME, "--boundary", str(apart))
    assert (
        "The CRS of boundary.gpkg cannot be told: the file does not name it; its coordinates tell EPSG:9209"
        in done(province, *command, code=1).stderr
    )
    assert "outline along their borders" in done(province, *command, "--accept-crs").stdout
    gpd.GeoDataFrame({"n": [1]}, geometry=drawn_in(9209, [commune()]), crs="EPSG:9209").to_file(file, layer="ranh")
    done(province, "import", "plan", str(file), *PLAN, *SCHEME, "--layer", "zones", "--boundary-layer", "ranh")
    [(outline,)] = rows(province, "SELECT ST_AsBinary(geom) FROM plan WHERE release_to IS NULL")
    assert shapely.from_wkb(bytes(outline)).hausdorff_distance(commune()) < 0.001


@pytest.fixture
def divided(province: Settings, tmp_path: Path) -> Settings:
    """The commune divided between two, west and east, by a resolution."""
    clauses = tmp_path / "clauses.csv"
    head = "resolution,clause,new_code,new_name,old_code,old_name,extent,scope,after_clause,old_district\n"
    row = "1/NQ,{},{},{},90010,Phường Hòa Đông,{},area,{},\n"
    both = row.format(1, 90011, "Xã Tây", "partial", ""), row.format(2, 90012, "Xã Đông", "rest", "khoản 1")
    clauses.write_text(head + "".join(both), encoding="utf-8")
    done(province, "import", "mergers", str(clauses), "--effective", "2026-07-01")
    return province


def test_the_land_of_parts_takes_the_crs_that_its_coordinates_tell_once_accepted(divided, tmp_path):
    keys = {"resolution": ["1/NQ", "1/NQ"], "clause": ["1", "2"], "old_code": ["90010", "90010"]}
    file = untold(gpd.GeoDataFrame(keys, geometry=drawn_in(9209, zones())), tmp_path / "parts.gpkg")
    command = ("import", "merger-parts", str(file), "--how", "official")
    assert "run it again with --accept-crs" in done(divided, *command, code=1).stderr
    assert "EPSG:9209 (evidence, accepted by a person)" in done(divided, *command, "--accept-crs").stdout
    found = rows(divided, "SELECT ST_AsBinary(geom) FROM unit_event_part WHERE geom IS NOT NULL ORDER BY id")
    areas = sorted(shapely.from_wkb(bytes(shape)).area for (shape,) in found)
    assert areas == pytest.approx(sorted(shape.area for shape in zones()), abs=1)


def test_official_boundaries_of_a_merger_take_the_crs_that_their_coordinates_tell_once_accepted(divided, tmp_path):
    file = untold(
        gpd.GeoDataFrame({"code": ["90011", "90012"]}, geometry=drawn_in(9209, zones())), tmp_path / "new.gpkg"
    )
    command = ("merge", "apply", "1/NQ", "--boundaries", str(file))
    assert "run it again with --accept-crs" in done(divided, *command, code=1).stderr
    assert "outline along their borders" in done(divided, *command, "--accept-crs").stdout
    assert rows(divided, "SELECT code, boundary_how FROM unit WHERE code > '90010' ORDER BY 1") == [
        ("90011", "official"), ("90012", "official"),
    ]  # fmt: skip


def test_gaps_between_zones_are_not_silently_holes_of_a_boundary_derived_from_them(province, tmp_path):
    """Two zones side by side leave a slit of a centimetre, a court of 30 m, and a notch of 40 cm at the edge between them."""
    x, y = CENTRE
    slit, court = shapely.box(x - 0.005, y - 20, x + 0.005, y + 20), shapely.box(x - 15, y + 50, x + 15, y + 80)
    notch = shapely.box(x - 0.2, y - 100, x + 0.2, y - 60)
    west, east = shapely.box(x - 100, y - 100, x, y + 100), shapely.box(x, y - 100, x + 100, y + 100)
    shapes = [shapely.difference(side, shapely.union_all([slit, court, notch])) for side in (west, east)]
    file, out = tmp_path / "zones.gpkg", tmp_path / "report.gpkg"
    columns = {"lot_symbol": ["T-1", "Đ-1"], "function_code": ["ODT", "TMD"]}
    gpd.GeoDataFrame(columns, geometry=drawn_in(9209, shapes), crs="EPSG:9209").to_file(file)
    told = done(province, "import", "plan", str(file), *PLAN, *SCHEME, "--report", str(out)).stdout
    assert (
        "the boundary derived from the zones has 1 holes narrower than 1.5 m: gaps between zones, hardly real holes"
        in told
    )
    assert "0.40 m²" in told
    assert "the boundary derived from the zones has 1 holes wider than 1.5 m: are they outside the plan?" in told
    assert "the edge of the boundary derived from the zones has 1 notches narrower than 1.5 m" in told
    marks = gpd.read_file(out, layer="marks").set_index("reason").geometry
    for reason, hole in (("narrow-hole", slit), ("hole", court), ("notch", notch)):
        assert shapely.hausdorff_distance(marks[reason], drawn_in(9209, [hole])[0]) < 0.001
    gpd.GeoDataFrame(geometry=drawn_in(9209, [west.union(east)]), crs="EPSG:9209").to_file(tmp_path / "b.gpkg")
    given = done(province, "import", "plan", str(file), *PLAN, *SCHEME, "--boundary", str(tmp_path / "b.gpkg")).stdout
    assert "derived from the zones" not in given


@pytest.mark.parametrize(
    ("answer", "area"), [("12.345,5", 1234.0), ("0.25", 1.234)], ids=["a comma later", "a decimal point later"]
)
def test_a_number_that_can_be_read_in_two_ways_is_answered_by_a_lot_that_comes_later(province, tmp_path, answer, area):
    """“1.234” in the first lot of 20,000; one value after it tells which sign is the decimal sign, for the whole file."""
    count = ROWS + 10
    place = np.arange(count)
    x, y = CENTRE[0] - 1_000 + 10.0 * (place % 200), CENTRE[1] - 500 + 10.0 * (place // 200)
    columns = {"LoaiDat": "ODT", "DienTich": np.full(count, "1.234", dtype=object)}
    columns["DienTich"][-3] = answer
    file = tmp_path / "lots.gpkg"
    gpd.GeoDataFrame(columns, geometry=shapely.box(x, y, x + 10, y + 10), crs="EPSG:9214").to_file(file)
    (tmp_path / "p.yaml").write_text(
        "profile: lots\ntitle: {vi: Lô, en: Lots}\nmakes: zone\nlayers: [lots]\nasks: [plan_code]\n"
        "fields:\n  function: {from: LoaiDat, scheme: land_use}\n  declared_m2: {from: DienTich, unit: m2}\n",
        encoding="utf-8",
    )
    told = done(province, "import", "plan", str(file), *PLAN, "--profile", str(tmp_path / "p.yaml"))
    assert "đọc được hai cách" not in told.stdout
    stored = rows(province, "SELECT declared_area_m2, count(*) FROM zone GROUP BY 1 ORDER BY 2 DESC")
    assert stored[0] == (area, count - 1)
    assert len(stored) == 2


def test_a_number_that_no_lot_answers_is_left_empty_and_said_to_be_ambiguous(province, tmp_path):
    file = plan_file(tmp_path / "zones.gpkg", 9214, DienTich=["1.234", "2.345"])
    (tmp_path / "p.yaml").write_text(
        "profile: lots\ntitle: {vi: Lô, en: Lots}\nmakes: zone\nlayers: [zones]\nasks: [plan_code]\n"
        "fields:\n  function: {from: function_code, scheme: land_use}\n  declared_m2: {from: DienTich, unit: m2}\n",
        encoding="utf-8",
    )
    told = done(province, "import", "plan", str(file), *PLAN, "--profile", str(tmp_path / "p.yaml"))
    assert "say decimal:" in told.stdout
    assert rows(province, "SELECT DISTINCT declared_area_m2 FROM zone") == [(None,)]
