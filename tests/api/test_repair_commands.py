"""Repairs through the command line on a real PostGIS: zones, plans of one level, communes; draft, record, discard, kill."""

import json
import subprocess
import time
from pathlib import Path

import geopandas as gpd
import psycopg
import pytest

from planning.settings import Settings
from tests.api.test_cases import done, plan, rows
from tests.conftest import QUYHOACH, _environment, name_of, publish_unchecked, quyhoach
from tests.locks import kill_at_the_lock
from tests.town import strip, write

DECIDED = ("--decision", "12/QĐ-UBND", "--decision-date", "2026-01-05", "--authority", "UBND tỉnh Chín Mươi")
EVERYTHING = ("unit", "plan", "zone", "parcel", "availability", "carry_over", "dataset", "release", "finding_case")


def state(settings: Settings) -> dict[str, list[tuple[str]]]:
    """Every row of what is on record, as text."""
    return {table: rows(settings, f"SELECT t::text FROM {table} t ORDER BY t.id") if table != "release" else
        rows(settings, "SELECT t::text FROM release t ORDER BY number") for table in EVERYTHING}  # fmt: skip


def two_plans(folder: Path) -> str:
    """West and east plan of one level; fifty metres of the second's lots lie under the first."""
    row = {"name": "Quy hoạch", "kind": "rural", "level": "general", "valid_from": "2021-01-01", "scale": 10_000}
    row |= {"decision_number": "1/QĐ", "decision_date": "2020-12-01"}
    path = folder / "plans.gpkg"
    path.unlink(missing_ok=True)
    write(
        path,
        [{**row, "code": "QH-A", "geometry": strip(0.5, 150)}, {**row, "code": "QH-B", "geometry": strip(100, 200)}],
        "plan",
    )
    lots = [
        ("QH-A", "A1", 0.5, 90),
        ("QH-A", "A2", 90, 150),
        ("QH-B", "B1", 100, 140),
        ("QH-B", "B2", 140, 180),
        ("QH-B", "B3", 180, 200),
    ]
    write(path, [
        {"plan_code": code, "lot_symbol": name, "function_code": "Nhomnhao", "function_scheme": "planning", "geometry": strip(west, east)}
        for code, name, west, east in lots
    ], "zone")  # fmt: skip
    return str(path)


@pytest.fixture(scope="module")
def built(template: Settings, make_database, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings, folder = make_database(name_of(template)), tmp_path_factory.mktemp("built")
    write(folder / "units.gpkg", [{"code": "90001", "name": "Xã 1", "province_code": "90", "geometry": strip(0, 200)}])
    done(settings, "import", "units", str(folder / "units.gpkg"), "--valid-from", "2020-01-01")
    done(settings, "import", "plan", two_plans(folder))
    done(settings, "publish")
    return settings


@pytest.fixture
def commune(built: Settings, copy_of) -> Settings:
    """One commune with two plans of one level over it, published."""
    return copy_of(built)


ZONES = (
    "SELECT p.code, z.lot_symbol, round(ST_Area(z.geom)::numeric, 3)::float FROM zone z JOIN plan p ON p.id = z.plan_id"
    " WHERE p.release_to IS NULL ORDER BY 1, 2"
)


SAME_TO_THE_BYTE = (
    "SELECT n.lot_symbol FROM zone n JOIN plan p ON p.id = n.plan_id AND p.release_from = 2 JOIN zone o ON o.lot_symbol = n.lot_symbol"
    " AND o.id <> n.id AND (to_jsonb(o) - 'id' - 'plan_id') = (to_jsonb(n) - 'id' - 'plan_id') AND o.geom::bytea = n.geom::bytea"
    " AND o.geom_web::bytea = n.geom_web::bytea ORDER BY 1"
)


def test_an_overlap_of_plans_is_split_as_decided_with_its_zones_and_on_record(commune: Settings, tmp_path: Path):
    before = state(commune)
    words = ("check", "repair", "plans", "general", "--snap", "--keep", "QH-A:QH-B")
    out = tmp_path / "repair.gpkg"
    told = done(commune, *words, "--out", str(out))
    assert "lost entirely: B1" in told
    assert state(commune) == before, "a proposal stores nothing"
    assert set(gpd.read_file(out, layer="proposals")["action"]) == {"cut", "close", "trim", "drop"}
    assert gpd.read_file(out, layer="after").crs.to_epsg() == 9214
    assert "give the number, the date and the authority" in quyhoach(commune, *words, "--apply").stderr
    assert state(commune) == before
    assert "into draft 2" in done(commune, *words, *DECIDED, "--apply")
    assert rows(commune, ZONES) == [
        ("QH-A", "A1", 90 * 200.0), ("QH-A", "A2", 60 * 200.0), ("QH-B", "B2", 30 * 200.0), ("QH-B", "B3", 20 * 200.0),
    ]  # fmt: skip
    after = state(commune)
    unchanged = ("unit", "parcel", "availability", "carry_over", "finding_case")
    assert {table: after[table] for table in unchanged} == {table: before[table] for table in unchanged}
    assert set(before["zone"]) <= set(after["zone"]), "what was published stays to the byte"
    assert rows(commune, SAME_TO_THE_BYTE) == [("A2",), ("B3",)], (
        "zones that the move does not touch are copied as they are"
    )
    [(asked, report)] = rows(commune, "SELECT parameters, report FROM dataset WHERE kind = 'repair'")
    assert asked["decision"] == {"number": "12/QĐ-UBND", "date": "2026-01-05", "authority": "UBND tỉnh Chín Mươi"}
    assert asked["keep"] == [["QH-A", "QH-B"]]
    assert {(one["action"], one["to"], *one["from"]) for one in report["proposals"]} >= {
        ("cut", "QH-A", "QH-B"),
        ("drop", None, "B1"),
    }
    done(commune, "check", "coverage", "--draft", "--on", "2026-01-15")
    done(commune, "discard")
    assert state(commune) == before


def test_slivers_between_plans_and_communes_need_no_decision_and_an_undecided_overlap_is_left(commune: Settings):
    told = done(commune, "check", "repair", "plans", "general", "--snap", "--apply")
    assert "for a person: overlap QH-A QH-B" in told
    assert rows(commune, ZONES)[0] == ("QH-A", "A1", 90 * 200.0)
    assert rows(commune, "SELECT code FROM plan WHERE release_from = 2") == [("QH-A",)]


def test_amendments_are_left_alone_and_a_sound_level_is_written_as_an_empty_layer(commune: Settings, tmp_path: Path):
    """An amendment lies over the whole of the west plan; no decision about it is taken."""
    more = {"level": "detailed", "amends": "QH-A", "geometry": strip(0, 100)}
    done(commune, "import", "plan", plan(tmp_path, ("C", 0, 100), **more))
    out = tmp_path / "none.gpkg"
    told = done(commune, "check", "repair", "plans", "detailed", "--snap", "--out", str(out))
    assert "left as they are: QH" in told
    refused = quyhoach(commune, "check", "repair", "plans", "detailed", "--keep", "QH:QH-A")
    assert "amendments cannot be named" in refused.stderr
    done(commune, "check", "repair", "zones", "QH", "--out", str(out))
    assert len(gpd.read_file(out, layer="proposals")) == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--keep", "QH-A"), "does not name two plans"),
        (("--keep", "QH-A:QH-X"), "does not name two plans"),
        (("--keep", "QH-A:QH-B", "--keep", "QH-B:QH-A"), "decided both ways"),
        (("--keep", "QH-A:QH-B", "--decision", "1/QĐ"), "the date and the authority"),
        (("--keep", "QH-A:QH-B", *DECIDED[:2], "--decision-date", "2126-01-01", *DECIDED[4:]), "cannot lie ahead"),
        (("--out", "repair.pdf"), "end it in .gpkg"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_in_a_sentence(commune: Settings, words: tuple[str, ...], said: str):
    result = quyhoach(commune, "check", "repair", "plans", "general", *words)
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)
    assert said in result.stderr


def test_killed_in_the_middle_a_repair_leaves_nothing(commune: Settings, server_url: str):
    before = state(commune)
    command = [*QUYHOACH, "check", "repair", "plans", "general", "--snap", "--keep", "QH-A:QH-B", *DECIDED, "--apply"]
    with psycopg.connect(commune.database_url) as other:
        other.execute("LOCK TABLE zone IN SHARE MODE")
        process = subprocess.Popen(
            command, env=_environment(commune), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        kill_at_the_lock(process, commune, server_url)
    gone = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    deadline = time.monotonic() + 60
    while rows(commune, gone) != [(0,)] and time.monotonic() < deadline:
        time.sleep(0.05)
    assert state(commune) == before
    done(commune, *command[len(QUYHOACH) :])


def test_a_contained_zone_is_cut_out_of_the_other_when_it_is_kept(commune: Settings, tmp_path: Path):
    done(commune, "import", "plan", plan(tmp_path, ("A", 0, 100), ("B", 100, 200), ("C", 40, 60)))
    publish_unchecked(commune)
    before = state(commune)
    words = ("check", "repair", "zones", "QH", "--contained")
    assert "say who keeps the land" in quyhoach(commune, *words).stderr
    assert "has no zone “X”; its zones: A, B, C" in quyhoach(commune, *words, "--keep", "X").stderr
    out = tmp_path / "repair.html"
    done(commune, *words, "--keep", "C", "--out", str(out), "--apply")
    areas = dict(
        rows(
            commune,
            "SELECT z.lot_symbol, round(ST_Area(z.geom)) FROM zone z JOIN plan p ON p.id = z.plan_id WHERE p.release_from = 3",
        )
    )
    assert areas == {"A": 80 * 200, "B": 100 * 200, "C": 20 * 200}
    page = out.read_text(encoding="utf-8")
    assert page.count("<svg") == 2
    assert "cắt phần chồng" in page
    same = (
        "SELECT count(*) FROM zone n JOIN plan p ON p.id = n.plan_id JOIN zone o ON o.geom::bytea = n.geom::bytea AND o.id <> n.id"
        " AND o.lot_symbol = n.lot_symbol WHERE p.release_from = 3"
    )
    assert rows(commune, same) == [(2,)], "B and C are the same to the byte"
    done(commune, "discard")
    assert state(commune) == before


def test_a_symbol_borne_twice_cannot_be_kept(commune: Settings, tmp_path: Path):
    done(commune, "import", "plan", plan(tmp_path, ("A", 0, 100), ("A", 100, 200)))
    said = quyhoach(commune, "check", "repair", "zones", "QH", "--keep", "A").stderr
    assert "2 zones of QH bear the symbol “A”" in said


@pytest.fixture
def three_communes(empty: Settings, tmp_path: Path) -> Settings:
    """Half a metre between the first two, half a metre under both of the last two; the province ends a metre further."""
    places = [("90001", 0, 99.5, "Nghị quyết 1"), ("90002", 100, 150.5, None), ("90003", 150, 199, None)]
    write(tmp_path / "units.gpkg", [
        {"code": code, "name": f"Xã {code}", "province_code": "90", "legal_basis": basis, "geometry": strip(west, east)}
        for code, west, east, basis in places
    ] + [{"code": "90", "name": "Tỉnh Chín Mươi", "province_code": "90", "legal_basis": None, "geometry": strip(0, 200)}])  # fmt: skip
    done(empty, "import", "units", str(tmp_path / "units.gpkg"), "--valid-from", "2020-01-01")
    done(empty, "publish")
    return empty


def test_boundaries_of_communes_are_mended_on_a_legal_basis_only(three_communes: Settings, tmp_path: Path):
    before = state(three_communes)
    out = tmp_path / "units.geojson"
    told = done(three_communes, "check", "repair", "units", "--out", str(out))
    assert "2 đề xuất" in told
    features = json.loads(out.read_text(encoding="utf-8"))["features"]
    kinds = {(one["properties"]["layer"], one["properties"].get("action")) for one in features}
    assert kinds >= {("proposals", "close"), ("proposals", "cut"), ("before", None), ("after", None), ("left", None)}
    assert all(
        100 < one["geometry"]["coordinates"][0][0][0] < 110 for one in features if one["geometry"]["type"] == "Polygon"
    )
    assert "give the basis" in quyhoach(three_communes, "check", "repair", "units", "--apply").stderr
    assert state(three_communes) == before
    done(three_communes, "check", "repair", "units", "--snap", "--basis", "Biên bản 3", "--apply")
    drawn = rows(
        three_communes,
        "SELECT code, legal_basis, round(ST_Area(geom)::numeric, 3)::float FROM unit WHERE release_from = 2 ORDER BY code",
    )
    assert drawn == [
        ("90001", "Nghị quyết 1; Biên bản 3", 100 * 200.0),
        ("90002", None, 50.5 * 200),
        ("90003", "Biên bản 3", 49.5 * 200),
    ], "the basis is that of land which changed hands; the one between keeps its land and gets nodes"
    done(three_communes, "check", "coverage", "--draft", "--on", "2026-01-15")
    done(three_communes, "discard")
    assert state(three_communes) == before


def test_every_repair_teaches(shared_settings: Settings):
    for command in ((), ("zones",), ("plans",), ("units",)):
        told = quyhoach(shared_settings, "check", "repair", *command, "--help")
        assert told.returncode == 0
        assert "/" in told.stdout
