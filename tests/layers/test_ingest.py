"""Imports by the command line: what is told, what is refused and why, and that nothing is half done or lost."""

import json
import os
import subprocess
from pathlib import Path

import geopandas as gpd
import numpy as np
import psycopg
import pytest
import shapely

from planning.geometry import operation
from planning.settings import Settings
from tests.conftest import QUYHOACH, quyhoach
from tests.town import DESPITE_ERRORS, strip, town_ring, write

SINCE = ("--valid-from", "2025-07-01")


def rows(settings: Settings, question: str):
    with psycopg.connect(settings.database_url) as connection:
        return connection.execute(question).fetchall()


def unit(code="90010", name="Phường Hòa Đông", geometry=None, **more):
    return {"code": code, "name": name, "geometry": geometry or town_ring("ACFD"), **more}


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "shp"])
def test_the_same_unit_from_every_format(empty: Settings, tmp_path: Path, suffix):
    file = write(tmp_path / f"units.{suffix}", [unit()])
    report = tmp_path / "report.json"
    done = quyhoach(empty, "import", "units", str(file), *SINCE, "--report", str(report))
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(report.read_text(encoding="utf-8"))
    assert (told["source_crs"], told["crs_said_by"], told["counts"]["stored_unit"], told["refused"]) == (
        "EPSG:9214",
        "file",
        1,
        [],
    )
    [(name, area, srid, web, source)] = rows(
        empty, "SELECT name, ST_Area(geom), ST_SRID(geom), ST_SRID(geom_web), geom_source FROM unit"
    )
    assert (name, area, srid, web, source) == ("Phường Hòa Đông", 120_000, 9214, 3857, None)


def test_another_zone_is_reprojected_and_the_source_kept(empty: Settings, tmp_path: Path):
    shape = operation(9214, 9209).shapes(np.array([town_ring("ACFD")], dtype=object))[0]
    file = write(tmp_path / "units.gpkg", [unit(geometry=shape)], crs="EPSG:9209")
    assert quyhoach(empty, "import", "units", str(file), *SINCE).returncode == 0
    [(area, distance, source, how)] = rows(
        empty,
        f"SELECT ST_Area(u.geom), ST_HausdorffDistance(u.geom, ST_GeomFromText('{town_ring('ACFD').wkt}', 9214)),"
        " ST_SRID(u.geom_source), d.operation FROM unit u JOIN dataset d ON d.id = u.dataset_id",
    )
    assert area == pytest.approx(120_000, abs=1e-3)
    assert distance < 1e-6
    assert (source, how) == (9209, "conversion without change of datum")


def test_the_same_file_again_is_recognised_and_skipped(empty: Settings, tmp_path: Path):
    file = write(tmp_path / "units.gpkg", [unit()])
    quyhoach(empty, "import", "units", str(file), *SINCE)
    again = quyhoach(empty, "import", "units", str(file), *SINCE)
    assert again.returncode == 0
    assert "brought in before, skipped" in again.stdout
    assert len(rows(empty, "SELECT FROM dataset")) == 1
    quyhoach(empty, "discard")
    assert "stored: unit" in quyhoach(empty, "import", "units", str(file), *SINCE).stdout


def test_refused_features_are_told_with_reason_and_geometry(empty: Settings, tmp_path: Path):
    hole_across = shapely.Polygon(
        [(416000, 2353000), (416100, 2353000), (416100, 2353100), (416000, 2353100)],
        [[(416050, 2353050), (416150, 2353050), (416150, 2353060), (416050, 2353060)]],
    )
    far = shapely.box(0, 0, 10, 10)
    file = write(
        tmp_path / "units.geojson",
        [
            unit(),
            unit("90011", "Xã Lỗ", hole_across),
            unit("90012", "Xã Xa", far),
            unit("90013", "Không loại", strip(0, 10)),
            unit("9001", "Xã Thiếu", strip(0, 20)),
            unit("90014", "Xã Trùng", strip(0, 30)),
            unit("90014", "Xã Trùng", strip(0, 40)),
        ],
    )
    report = tmp_path / "report.json"
    done = quyhoach(empty, "import", "units", str(file), *SINCE, "--report", str(report))
    assert done.returncode == 0
    told = json.loads(report.read_text(encoding="utf-8"))
    assert told["counts"] == {"read": 7, "stored_unit": 1, "replaced_in_draft": 0, "superseded": 0, "refused": 6}
    assert {one["feature"]: one["reason"] for one in told["refused"]} == {
        2: "invalid", 3: "outside-vietnam", 4: "bad-value", 5: "bad-value", 6: "bad-value", 7: "bad-value",
    }  # fmt: skip
    assert all(one["geometry"]["type"] == "Polygon" for one in told["refused"])
    [(stored,)] = rows(empty, "SELECT report FROM dataset")
    assert stored["refused"] == told["refused"]
    assert "Self-intersection" in done.stdout


def test_hectares_entered_for_square_kilometres_are_warned_of(empty: Settings, tmp_path: Path):
    file = write(tmp_path / "units.gpkg", [unit(declared_km2="0,12 ha")])
    done = quyhoach(empty, "import", "units", str(file), *SINCE)
    assert "ha written for km²" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("units", "nothing.gpkg", *SINCE), "there is no such file"),
        (("units", "notes.txt", *SINCE), "layer notes has no geometry"),
        (("units", "broken.gpkg", *SINCE), "cannot be brought in"),
        (("units", "two.gpkg", *SINCE), "it has several layers (one, two); choose one with --layer"),
        (("units", "two.gpkg", "--layer", "three", *SINCE), "it has no layer “three”"),
        (("units", "two.gpkg", "--layer", "one"), "has no field “valid_from”"),
        (("units", "nocrs.shp", *SINCE), "Say it with --crs"),
        (("units", "ours.shp", *SINCE), "matches no EPSG code exactly"),
        (("units", "withdrawn.gpkg", "--crs", "EPSG:6956", *SINCE), "was withdrawn"),
        (("units", "withdrawn.gpkg", "--crs", "VN2000", *SINCE), "is no EPSG code"),
        (("units", "letters.shp", "--encoding", "ASCII", *SINCE), "its letters are not ASCII"),
        (("units", "withdrawn.gpkg", "--map", "code=ma", *SINCE), "has no field “ma”"),
        (("units", "withdrawn.gpkg", "--map", "code", *SINCE), "write it as field=NAME"),
        (
            ("units", "withdrawn.gpkg", "--valid-from", "2025-07-01", "--valid-to", "2025-07-01"),
            "it must be after --valid-from",
        ),
        (("parcels", "withdrawn.gpkg", *SINCE), "has no field “former_code”"),
        (("plan", "withdrawn.gpkg"), "it has no layer “plan”"),
        (("mergers", "notes.txt", "--effective", "2025-07-01"), "has no field “resolution”"),
        (("mergers", "latin.csv", "--effective", "2025-07-01"), "it is not UTF-8"),
        (("availability", "notes.txt"), "has no field “theme”"),
        (("availability", "nothing.csv"), "has no field “theme”"),
        (("carry-over", "commas.csv"), "line 2 has more cells than the header"),
        (("availability", "contradiction.csv"), "is already in force 2020-01-01"),
        (("units", "withdrawn.gpkg", "--crs", "EPSG:2045", *SINCE), "no published operation leads from EPSG:2045"),
        (("units", "withdrawn.gpkg", "--crs", "EPSG:5773", *SINCE), "is not a two-dimensional plane or geographic CRS"),
        (("units", "zeros.gpkg", *SINCE), "were leading zeros lost?"),
    ],
)
def test_a_file_that_cannot_be_brought_in_says_why_in_one_line(shared_settings: Settings, files: Path, arguments, said):
    command, file, *more = arguments
    done = quyhoach(shared_settings, "import", command, str(files / file), *more)
    assert done.returncode == 1
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files that each lack something."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "notes.txt").write_text("a,b\n1,2\n", encoding="utf-8")
    (folder / "latin.csv").write_bytes("resolution\nQuyết định\n".encode("utf-16"))
    (folder / "nothing.csv").write_bytes(b"")
    (folder / "commas.csv").write_text(
        "plan_code,resolution,effective,decision,basis\nP1,R1,2025-07-01,kept,Điều 59, khoản 1\n", encoding="utf-8"
    )
    (folder / "contradiction.csv").write_text(
        "theme,unit_code,state,on_whose_word,valid_from,valid_to\n"
        "general,10001,complete,Sở,2020-01-01,\ngeneral,10001,missing,Sở,2021-01-01,\n",
        encoding="utf-8",
    )
    write(folder / "zeros.gpkg", [{**unit(), "code": 10}])
    (folder / "broken.gpkg").write_bytes(b"SQLite format 3\x00" + os.urandom(2000))
    for layer in ("one", "two"):
        write(folder / "two.gpkg", [unit()], layer)
    write(folder / "withdrawn.gpkg", [unit()])
    for name in ("nocrs", "ours", "letters"):
        write(folder / f"{name}.shp", [unit()])
    (folder / "nocrs.prj").unlink()
    projection = (folder / "ours.prj").read_text(encoding="ascii")
    (folder / "ours.prj").write_text(projection.replace("0.9999", "0.99987"), encoding="ascii")
    (folder / "letters.cpg").unlink()
    table = bytearray((folder / "letters.dbf").read_bytes())
    table[29] = 0
    (folder / "letters.dbf").write_bytes(table)
    return folder


def test_an_import_of_which_nothing_can_be_stored_leaves_nothing(empty: Settings, tmp_path: Path):
    file = write(tmp_path / "units.gpkg", [unit("bad")])
    done = quyhoach(empty, "import", "units", str(file), *SINCE)
    assert done.returncode == 1
    assert "none of its features can be stored (1 refused)" in done.stderr
    assert rows(empty, "SELECT FROM release") == []


def test_a_plan_file_of_zones_only_is_described_by_a_person(empty: Settings, tmp_path: Path):
    zones = [
        {"ma": "Nhomnhao", "kyhieu": "O-1", "dientich": 1.0, "ghichu": "gần sông", "geometry": strip(0, 100)},
        {"ma": "CayxanhCC", "kyhieu": "CX-1", "dientich": 2.0, "ghichu": None, "geometry": strip(100, 200)},
        {"ma": "Khongco", "kyhieu": "?", "dientich": 3.0, "ghichu": None, "geometry": strip(200, 300)},
    ]
    file = write(tmp_path / "zones.shp", zones)
    described = ("--code", "QHPK-9", "--name", "Phân khu 9", "--level", "subdivision", "--scheme", "planning", *SINCE)
    mapped = ("--map", "function_code=ma", "--map", "lot_symbol=kyhieu", "--map", "declared_m2=dientich")
    done = quyhoach(empty, "import", "plan", str(file), *described, *mapped)
    assert done.returncode == 0, done.stderr
    assert "function code “Khongco” is not in the scheme planning" in done.stdout
    assert "the boundary is the union of the zones" in done.stdout
    [(area, zones_stored, notes)] = rows(
        empty,
        "SELECT ST_Area(p.geom), count(z.*), array_agg(z.attributes ->> 'ghichu' ORDER BY z.id) FROM plan p JOIN zone z ON z.plan_id = p.id"
        " GROUP BY p.id",
    )
    assert (area, zones_stored, notes) == (60_000, 2, ["gần sông", None])


def test_two_writers_do_not_mix(empty: Settings, tmp_path: Path):
    file = write(tmp_path / "units.gpkg", [unit()])
    with psycopg.connect(empty.database_url) as other:
        other.execute("SELECT pg_advisory_xact_lock(7241002)")
        done = quyhoach(empty, "import", "units", str(file), *SINCE)
    assert done.returncode == 1
    assert "another import or publication is running" in done.stderr


def test_every_command_teaches(shared_settings: Settings):
    for command in ((), ("import",), ("import", "units"), ("import", "plan"), ("import", "parcels"), ("import", "mergers"),
        ("check", "coverage"), ("publish",), ("sample",), ("serve",)):  # fmt: skip
        done = quyhoach(shared_settings, *command, "--help")
        assert done.returncode == 0
        assert "/" in done.stdout
        assert len(done.stdout) > 300


def test_a_missing_setting_is_one_line():
    environment = {name: value for name, value in os.environ.items() if not name.startswith("QUYHOACH_")}
    done = subprocess.run(
        [*QUYHOACH, "status"], env={**environment, "QUYHOACH_LANG": "en"}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "“QUYHOACH_DATABASE_URL” is not acceptable: it is not set" in done.stderr


def test_a_database_that_is_away_is_one_line():
    nowhere = Settings(database_url="postgresql://quyhoach:secret@127.0.0.1:1/quyhoach")
    done = quyhoach(nowhere, "status")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "secret" not in done.stderr


def test_reading_keeps_vietnamese_letters(empty: Settings, tmp_path: Path):
    file = write(tmp_path / "units.shp", [unit(name="Xã Nghĩa Thuỵ Đoàn Kết")])
    assert gpd.read_file(file).name[0] == "Xã Nghĩa Thuỵ Đoàn Kết"
    quyhoach(empty, "import", "units", str(file), *SINCE)
    assert rows(empty, "SELECT name, name_folded FROM unit") == [("Xã Nghĩa Thuỵ Đoàn Kết", "xa nghia thuy doan ket")]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import", "units"), "quyhoach import units: Missing argument 'FILE'. (see quyhoach import units --help)"),
        (("import", "units", "x.gpkg", "--valid-from", "1/7/2025"), "does not match the format"),
        (("sample", "--parcels", "5"), "greater than or equal to 1000"),
        (("nonsense",), "No such command 'nonsense'"),
        (("publish", "--nonsense"), "No such option"),
    ],
)
def test_a_misused_command_is_one_line_too(shared_settings: Settings, arguments, said):
    done = quyhoach(shared_settings, *arguments)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert said in done.stderr


def test_a_command_without_words_shows_its_help(shared_settings: Settings):
    done = quyhoach(shared_settings, "import")
    assert done.returncode == 0
    assert "parcels" in done.stdout + done.stderr


def test_an_address_that_is_none_is_one_line():
    done = quyhoach(Settings(database_url="nowhere"), "status")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "it is not a database address" in done.stderr


def test_the_same_file_read_in_another_way_is_another_import(empty: Settings, tmp_path: Path):
    file = write(tmp_path / "units.gpkg", [unit(ten="Phường Đúng")])
    assert quyhoach(empty, "import", "units", str(file), *SINCE).returncode == 0
    again = quyhoach(empty, "import", "units", str(file), *SINCE, "--map", "name=ten")
    assert "skipped" not in again.stdout
    assert rows(empty, "SELECT name FROM unit") == [("Phường Đúng",)]


def test_where_everything_is_refused_the_report_is_written_all_the_same(empty: Settings, tmp_path: Path):
    file = write(tmp_path / "units.gpkg", [unit("bad"), unit("worse")])
    report = tmp_path / "report.json"
    assert quyhoach(empty, "import", "units", str(file), *SINCE, "--report", str(report)).returncode == 1
    refused = json.loads(report.read_text(encoding="utf-8"))["refused"]
    assert [one["geometry"]["type"] for one in refused] == ["Polygon", "Polygon"]
    assert all(one["reason_vi"] == "giá trị không dùng được" for one in refused)


def test_a_bad_row_is_refused_by_itself_and_the_rest_comes_in(empty: Settings, tmp_path: Path):
    good = {"former_code": "90001", "sheet": 1, "number": 1, "declared_m2": "100", "geometry": strip(0, 10)}
    parcels = [
        good,
        {**good, "number": 2, "declared_m2": "about 5", "geometry": strip(10, 20)},
        {**good, "number": 3_000_000_000, "geometry": strip(20, 30)},
        {**good, "number": 4, "former_code": "9001", "geometry": strip(30, 40)},
    ]
    done = quyhoach(empty, "import", "parcels", str(write(tmp_path / "p.geojson", parcels)), *SINCE)
    assert done.returncode == 0, done.stderr
    assert rows(empty, "SELECT number, declared_area_m2 FROM parcel ORDER BY number") == [(1, 100.0), (2, None)]
    assert "“about 5”" in done.stdout
    plan = {"code": "P", "name": "P", "kind": "urban", "level": "general", "geometry": strip(0, 100)}
    plans = [plan, {**plan, "code": "Q", "scale": -5}, {**plan, "code": "R", "level": "x"}]
    zone = {"plan_code": "P", "function_code": "Honhop", "function_scheme": "planning", "geometry": strip(0, 50)}
    zones = [
        zone,
        {**zone, "far_max": -1.0},
        {**zone, "floors_max": 99_999},
        {**zone, "density_pct": 140.0},
        {**zone, "plan_code": "Q"},
    ]
    write(tmp_path / "plans.gpkg", plans, "plan")
    write(tmp_path / "plans.gpkg", zones, "zone")
    done = quyhoach(empty, "import", "plan", str(tmp_path / "plans.gpkg"), *SINCE)
    assert done.returncode == 0, done.stderr
    assert rows(empty, "SELECT (SELECT count(*) FROM plan), (SELECT count(*) FROM zone)") == [(1, 1)]
    assert "6 bị từ chối / refused" in done.stdout


def test_statements_and_clauses_that_contradict_themselves_are_refused_line_by_line(empty: Settings, tmp_path: Path):
    file = tmp_path / "a.csv"
    file.write_text(
        "theme,unit_code,state,on_whose_word,valid_from,valid_to\n"
        "general,90010,complete,Sở,2025-07-01,\n"
        "general,90010,partial,Sở,2025-07-01,\n"
        "detailed,90010,complete,Sở,2025-07-01,2025-01-01\n"
        "detailed,90010,complete,,2025-07-01,\n",
        encoding="utf-8",
    )
    done = quyhoach(empty, "import", "availability", str(file))
    assert done.returncode == 0, done.stderr
    assert rows(empty, "SELECT theme, state FROM availability") == [("general", "complete")]
    assert "3 bị từ chối / refused" in done.stdout
    clauses = tmp_path / "m.csv"
    clauses.write_text(
        "resolution,clause,new_code,new_name,old_code,old_name,extent,scope\n"
        "1/NQ,1,90010,Xã A,90001,Xã B,full,area\n"
        "1/NQ,1,90011,Xã C,90002,Xã D,full,area\n"
        "1/NQ,2,90012,Xã E,90003,Xã F,partial,area\n",
        encoding="utf-8",
    )
    done = quyhoach(empty, "import", "mergers", str(clauses), "--effective", "2025-07-01")
    assert done.returncode == 1
    assert "names more than one new unit" in done.stderr
    assert "no-rest: không khoản nào nhận phần còn lại" in done.stderr
    assert rows(empty, "SELECT count(*) FROM unit_event") == [(0,)]


def test_an_older_file_can_be_brought_back(empty: Settings, tmp_path: Path):
    old = write(tmp_path / "old.gpkg", [unit(), unit("90011", "Xã Khác", strip(0, 100))])
    new = write(tmp_path / "new.gpkg", [unit(name="Phường Mới")])
    for file in (old, new):
        assert quyhoach(empty, "import", "units", str(file), *SINCE).returncode == 0
        assert quyhoach(empty, "publish", *DESPITE_ERRORS).returncode == 0
    back = quyhoach(empty, "import", "units", str(old), *SINCE)
    assert "skipped" not in back.stdout
    assert quyhoach(empty, "publish", *DESPITE_ERRORS).returncode == 0
    latest = "SELECT name FROM unit WHERE known(release_from, release_to, 3) ORDER BY code"
    assert rows(empty, latest) == [("Phường Hòa Đông",), ("Xã Khác",)]


def test_a_new_edition_of_a_resolution_replaces_it_whole(empty: Settings, tmp_path: Path):
    head = "resolution,clause,new_code,new_name,old_code,old_name,extent,scope\n"
    editions = (
        "R,1,10101,Xã A,10001,Xã X,full,area\nR,2,10102,Xã B,10002,Xã Y,full,area\n",
        "R,1,10101,Xã A,10001,Xã X,full,area\nR,1,10101,Xã A,10002,Xã Y,full,area\n",
    )
    for number, edition in enumerate(editions):
        file = tmp_path / f"{number}.csv"
        file.write_text(head + edition, encoding="utf-8")
        assert quyhoach(empty, "import", "mergers", str(file), "--effective", "2025-07-01").returncode == 0
    found = "SELECT e.to_code, array_agg(p.from_code ORDER BY 1) FROM unit_event e JOIN unit_event_part p ON p.event_id = e.id GROUP BY 1"
    assert rows(empty, found) == [("10101", ["10001", "10002"])]


def test_fields_may_change_places(empty: Settings, tmp_path: Path):
    file = write(
        tmp_path / "swapped.gpkg", [{"code": "Phường Hòa Đông", "name": "90010", "geometry": town_ring("ACFD")}]
    )
    done = quyhoach(empty, "import", "units", str(file), *SINCE, "--map", "code=name", "--map", "name=code")
    assert done.returncode == 0, done.stderr
    assert rows(empty, "SELECT code, name FROM unit") == [("90010", "Phường Hòa Đông")]


def test_a_carry_over_that_is_an_illustration_marks_the_release(empty: Settings, tmp_path: Path):
    """And a plan has one decision on a day: a second one, under another resolution, is refused."""
    file = tmp_path / "carry.csv"
    file.write_text(
        "plan_code,resolution,effective,decision,basis\nP1,A,2025-07-01,kept,x\nP1,B,2025-07-01,expired,y\n",
        encoding="utf-8",
    )
    done = quyhoach(empty, "import", "carry-over", str(file), "--illustration")
    assert "stands more than once in the file" in done.stdout
    assert rows(empty, "SELECT resolution, decision FROM carry_over") == [("A", "kept")]
    assert quyhoach(empty, "publish").returncode == 0
    assert rows(empty, "SELECT illustration FROM release") == [(True,)]
