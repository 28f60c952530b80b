"""The draft plan by plan: seen only by who asks, compared with what is published, checked before it is published, never half done."""

import json
import subprocess
from pathlib import Path

import geopandas as gpd
import psycopg
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from planning.geometry import operation
from planning.settings import Settings
from tests.conftest import QUYHOACH, _environment, name_of, publish_unchecked, quyhoach
from tests.locks import kill_at_the_lock
from tests.town import at, strip, write

DAY = "2026-01-15"
Lot = tuple[str, str, float, float]


def done(settings: Settings, *words: str, code: int = 0) -> str:
    result = quyhoach(settings, *words)
    assert result.returncode == code, (words, result.stderr, result.stdout)
    return result.stdout + result.stderr


def rows(settings: Settings, question: str):
    with psycopg.connect(settings.database_url) as connection:
        return connection.execute(question).fetchall()


def plan(folder: Path, code: str, *lots: Lot, **more: object) -> str:
    """A plan over its lots (symbol, function, from, to in metres from the west), or over `geometry`."""
    path = folder / f"{code}.gpkg"
    path.unlink(missing_ok=True)
    row = {"code": code, "name": f"Quy hoạch {code}", "kind": "rural", "level": "subdivision", "valid_from": "2021-01-01", "scale": 5_000,
        "decision_number": f"{code}/QĐ", "decision_date": "2020-12-01", "geometry": strip(lots[0][2], lots[-1][3]), **more}  # fmt: skip
    write(path, [row], "plan")
    zones = [
        {
            "plan_code": code,
            "lot_symbol": symbol,
            "function_code": function,
            "function_scheme": "planning",
            "geometry": strip(west, east),
        }
        for symbol, function, west, east in lots
    ]
    write(path, zones, "zone")
    return str(path)


SOUND: tuple[Lot, ...] = (("A", "Nhomnhao", 0, 50), ("B", "Congnghiep", 50, 100))
HOLLOW: tuple[Lot, ...] = (("A", "Nhomnhao", 0, 40), ("B", "Congnghiep", 50, 100))
EAST: tuple[Lot, ...] = (("C", "Nhomnhao", 100, 200),)


@pytest.fixture(scope="module")
def built(template: Settings, make_database, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings, folder = make_database(name_of(template)), tmp_path_factory.mktemp("built")
    unit = {"code": "90001", "name": "Xã 1", "province_code": "90", "geometry": strip(0, 200)}
    write(folder / "units.gpkg", [unit])
    done(settings, "import", "units", str(folder / "units.gpkg"), "--valid-from", "2020-01-01")
    done(settings, "import", "plan", plan(folder, "QH", *SOUND))
    done(settings, "publish")
    return settings


@pytest.fixture
def village(built: Settings, copy_of) -> Settings:
    """One commune and one sound plan, published."""
    return copy_of(built)


def test_a_sound_draft_is_published_after_it_was_checked(village: Settings):
    assert rows(village, "SELECT count(*) FROM check_run WHERE release = 1 AND records") == [(1,)]
    assert rows(village, "SELECT count(*) FROM finding WHERE severity = 'error'") == [(0,)]


def test_a_new_error_is_refused_until_it_is_accepted_by_its_number(village: Settings, tmp_path: Path):
    done(village, "import", "plan", plan(tmp_path, "QH", *HOLLOW))
    told = done(village, "publish", code=1)
    assert "not published: 1 new errors" in told
    [(case,)] = rows(village, "SELECT id FROM finding_case WHERE check_code = 'plan.zone-gap'")
    assert f"quyhoach publish --by '…' --accept '{case}=…'" in told
    assert "latest release: 1," in done(village, "status")
    assert "say who accepts" in done(village, "publish", "--accept", f"{case}=chờ đo lại", code=1)
    assert "write it as CASE=REASON" in done(village, "publish", "--by", "Sở", "--accept", f"{case}=", code=1)
    assert f"{case + 90} does not stand" in done(
        village, "publish", "--by", "Sở", "--accept", f"{case}=x", "--accept", f"{case + 90}=x", code=1
    )
    assert "published release 2" in done(village, "publish", "--by", "Sở Xây dựng", "--accept", f"{case}=chờ đo lại")
    accepted = rows(village, f"SELECT accepted_by, accepted_why, first_release FROM finding_case WHERE id = {case}")
    assert accepted == [("Sở Xây dựng", "chờ đo lại", 2)]


def test_an_error_that_is_published_already_does_not_stand_in_the_way(village: Settings, tmp_path: Path):
    """It was published before the gate was there; the other plan is sound."""
    done(village, "import", "plan", plan(tmp_path, "QH", *HOLLOW))
    publish_unchecked(village)
    done(village, "import", "plan", plan(tmp_path, "QH", *HOLLOW, scale=2_000))
    done(village, "import", "plan", plan(tmp_path, "QH-2", *EAST))
    assert "published release 3" in done(village, "publish")


def test_only_some_plans_are_published_the_faulty_one_waits(village: Settings, tmp_path: Path):
    done(village, "import", "plan", plan(tmp_path, "QH", *HOLLOW))
    done(village, "import", "plan", plan(tmp_path, "QH-2", *EAST))
    assert "published release 2" in done(village, "draft", "publish", "QH-2", "--note", "phân khu đông")
    listed = done(village, "draft", "list")
    assert "draft 3" in listed
    assert "QH-2" not in listed
    told = done(village, "draft", "publish", "QH", code=1)
    cases = rows(village, "SELECT id FROM finding_case WHERE check_code = 'plan.zone-gap'")
    assert f"quyhoach draft publish QH --by '…' --accept '{cases[0][0]}=…'" in told
    assert rows(village, "SELECT number, published_at IS NULL FROM release ORDER BY 1") == [
        (1, False),
        (2, False),
        (3, True),
    ]
    done(village, "draft", "publish", "QH", "--by", "Sở", "--accept", f"{cases[0][0]}=chờ")
    assert rows(village, "SELECT max(number), count(published_at) FROM release") == [(3, 3)]


def test_a_refusal_of_one_plan_gives_numbers_that_last_and_changes_nothing_else(village: Settings, tmp_path: Path):
    done(village, "import", "plan", plan(tmp_path, "QH", *HOLLOW))
    done(village, "import", "plan", plan(tmp_path, "QH-2", *EAST))
    state = "SELECT code, release_from, release_to FROM plan ORDER BY id"
    before = rows(village, state)
    done(village, "draft", "publish", "QH", code=1)
    assert rows(village, state) == before
    [(case,)] = rows(village, "SELECT id FROM finding_case WHERE check_code = 'plan.zone-gap'")
    assert "published release 2" in done(
        village, "draft", "publish", "QH", "--by", "Sở", "--accept", f"{case}=chờ đo lại"
    )


def test_an_acceptance_of_a_plan_that_waits_on_is_not_lost(village: Settings, tmp_path: Path):
    done(village, "import", "plan", plan(tmp_path, "QH", *HOLLOW))
    done(village, "import", "plan", plan(tmp_path, "QH-2", *EAST))
    done(village, "check", "all", "--draft", code=1)
    [(case,)] = rows(village, "SELECT id FROM finding_case WHERE check_code = 'plan.zone-gap'")
    done(village, "check", "accept", str(case), "--by", "Sở", "--reason", "chờ đo lại")
    done(village, "draft", "publish", "QH-2")
    assert rows(village, f"SELECT first_release, accepted_by FROM finding_case WHERE id = {case}") == [(3, "Sở")]
    assert "published release 3" in done(village, "publish")


def test_land_that_loses_its_plan_is_an_error_of_the_publication(empty: Settings, tmp_path: Path):
    """A general plan over the commune is replaced by one over half of it: what was covered is not covered any more."""
    unit = {"code": "90001", "name": "Xã 1", "province_code": "90", "geometry": strip(0, 200)}
    write(tmp_path / "units.gpkg", [unit])
    done(empty, "import", "units", str(tmp_path / "units.gpkg"), "--valid-from", "2020-01-01")
    whole = {"level": "general", "scale": 10_000}
    done(empty, "import", "plan", plan(tmp_path, "QHC", ("A", "Nhomnhao", 0, 200), **whole))
    done(empty, "publish")
    done(empty, "import", "plan", plan(tmp_path, "QHC", ("A", "Nhomnhao", 0, 100), **whole))
    assert "level.uncovered" in done(empty, "publish", code=1)


def test_a_commune_that_never_had_a_plan_is_no_error_of_the_publication(empty: Settings, tmp_path: Path):
    units = [
        {"code": f"9000{n}", "name": f"Xã {n}", "province_code": "90", "geometry": strip(n * 100 - 100, n * 100)}
        for n in (1, 2)
    ]
    write(tmp_path / "units.gpkg", units)
    done(empty, "import", "units", str(tmp_path / "units.gpkg"), "--valid-from", "2020-01-01")
    done(empty, "import", "plan", plan(tmp_path, "QHC", ("A", "Nhomnhao", 0, 100), level="general", scale=10_000))
    assert "published release 1" in done(empty, "publish")


def test_a_plan_of_next_year_is_checked_on_its_own_first_day(village: Settings, tmp_path: Path):
    later = plan(tmp_path, "QH-3", ("A", "Nhomnhao", 100, 140), ("B", "Nhomnhao", 150, 200), valid_from="2099-01-01")
    done(village, "import", "plan", later)
    assert "plan.zone-gap" in done(village, "publish", code=1)


def test_the_draft_is_compared_with_what_is_published(village: Settings, tmp_path: Path):
    changed = (("A", "Nhomnhao", 0, 60), ("X", "CayxanhCC", 60, 100))
    done(village, "import", "plan", plan(tmp_path, "QH", *changed, scale=2_000))
    done(village, "import", "plan", plan(tmp_path, "QH-2", *EAST))
    out = tmp_path / "changes.json"
    told = done(village, "draft", "diff", "--out", str(out))
    assert "scale: 5000 → 2000" in told
    found = {one["plan"]: one for one in json.loads(out.read_text(encoding="utf-8"))}
    zones = [
        (one["change"], one["symbol_before"], one["symbol_after"], round(one["gained_m2"]), round(one["lost_m2"]))
        for one in found["QH"]["zones"]
    ]
    assert zones == [("changed", "A", "A", 2000, 0), ("changed", "B", "X", 0, 2000)]
    moved = [(one["from"], one["to"], round(one["area_m2"])) for one in found["QH"]["moved"]]
    assert moved == [("Congnghiep", "CayxanhCC", 8000), ("Congnghiep", "Nhomnhao", 2000)]
    assert (found["QH-2"]["change"], found["QH-2"]["zones"][0]["change"]) == ("added", "added")
    drawn = tmp_path / "changes.gpkg"
    for _ in range(2):
        done(village, "draft", "diff", "QH", "--out", str(drawn))
    layer = gpd.read_file(drawn, layer="zone")
    assert (layer.crs.to_epsg(), sorted(layer["symbol_after"])) == (9214, ["A", "X"])
    assert "no plan NO waits" in done(village, "draft", "diff", "NO", code=1)
    assert "end it in" in done(village, "draft", "diff", "--out", "x.pdf", code=1)


def test_the_draft_shows_its_facts_and_what_was_found(village: Settings, tmp_path: Path):
    done(village, "import", "plan", plan(tmp_path, "QH-2", *EAST, amends="QH-0", supersedes="QH"))
    told = done(village, "draft", "show", "QH-2")
    assert "not checked since its last change" in told
    assert ("QH-0" in told, "QH-2/QĐ" in told) == (True, True)
    done(village, "check", "all", "--draft", code=1)
    assert "lỗi / errors: 2" in done(village, "draft", "show", "QH-2"), (
        "it amends nothing, and what it supersedes still stands"
    )


def test_a_plan_that_supersedes_another_shows_its_end_and_undoes_it(village: Settings, tmp_path: Path):
    told = done(village, "import", "plan", plan(tmp_path, "QH-2", *SOUND, valid_from="2024-01-01", supersedes="QH"))
    assert "QH ends on 2024-01-01, superseded by QH-2" in told
    assert "valid_to: – → 2024-01-01" in done(village, "draft", "diff", "QH")
    told = done(village, "draft", "discard", "QH-2")
    assert "along with them, for one ends the other: QH" in told
    assert "there is no draft" in done(village, "draft", "list", code=1)
    assert rows(village, "SELECT code, valid_to, release_to FROM plan") == [("QH", None, None)]


def test_the_zones_of_one_plan_say_what_it_supersedes_too(village: Settings, tmp_path: Path):
    zone = {"lot_symbol": "A", "function_code": "Nhomnhao", "geometry": strip(0, 100)}
    file = write(tmp_path / "zones.geojson", [zone])
    said = "--code QH-2 --name Mới --level subdivision --scheme planning --crs EPSG:9214 --valid-from 2024-01-01 --supersedes QH"
    assert "QH ends on 2024-01-01" in done(village, "import", "plan", str(file), *said.split())


def test_what_was_found_in_the_draft_first_and_then_in_the_release_outlives_the_draft(
    village: Settings, tmp_path: Path
):
    """The same gap is found in the draft, then in the release, which nobody had checked; the draft is let go."""
    done(village, "import", "plan", plan(tmp_path, "QH", *HOLLOW))
    publish_unchecked(village)
    done(village, "import", "plan", plan(tmp_path, "QH", *HOLLOW, scale=2_000))
    done(village, "check", "all", "--draft", code=1)
    done(village, "check", "all", code=1)
    done(village, "discard")
    assert rows(village, "SELECT first_release FROM finding_case WHERE check_code = 'plan.zone-gap'") == [(2,)]


def test_what_it_supersedes_must_be_there(village: Settings, tmp_path: Path):
    done(village, "import", "plan", plan(tmp_path, "QH-2", *EAST, supersedes="QH-0"))
    assert "plan.supersedes-nothing" in done(village, "publish", code=1)


def tile_of(point: tuple[float, float]) -> str:
    """The tile of zones around a place."""
    x, y = operation(9214, 3857).point(*point)
    half, side = 20_037_508.342789244, 2 * 20_037_508.342789244 / 2**14
    return f"/tiles/zones/14/{int((x + half) // side)}/{int((half - y) // side)}.mvt"


def test_a_draft_is_seen_by_nobody_over_http(village: Settings, tmp_path: Path):
    x, y = at("A")
    place = {"x": x + 20, "y": y - 20, "crs": "EPSG:9214", "on": DAY}
    asked = [
        ("/v1/lookup", place), ("/v1/units", {"on": DAY}), ("/v1/units/90001", {"on": DAY}), ("/v1/coverage", {"on": DAY}),
        ("/v1/findings", {"on": DAY}), ("/v1/coverage/report", {"on": DAY}), ("/v1/releases", {}), ("/v1/health", {"on": DAY}),
        ("/v1/mergers", {}), ("/v1/carry-over", {}), (tile_of(at("A")), {"on": DAY}), ("/v1/plans/QH/documents", {}),
    ]  # fmt: skip
    with TestClient(create_app(village)) as api:

        def answers() -> list[tuple[int, bytes]]:
            return [(one.status_code, one.content) for one in (api.get(path, params=params) for path, params in asked)]

        before = answers()
        assert {status for status, _ in before} == {200}
        done(village, "import", "plan", plan(tmp_path, "QH", *HOLLOW, name="BẢN NHÁP"))
        done(village, "check", "all", "--draft", code=1)
        assert answers() == before
        assert api.get("/v1/lookup", params={**place, "release": 2}).json()["code"] == "unknown-release"
        assert "plan.zone-gap" in done(village, "check", "coverage", "--draft", code=1)


@pytest.mark.parametrize(
    "words", [("draft", "publish", "QH-2"), ("draft", "discard", "QH-2"), ("draft", "discard"), ("publish",)]
)
def test_killed_in_the_middle_nothing_is_half_done(
    village: Settings, server_url: str, tmp_path: Path, words: tuple[str, ...]
):
    """The command waits in its midst for a row that another session holds, and is killed there."""
    done(village, "import", "plan", plan(tmp_path, "QH", *SOUND, scale=2_000))
    done(village, "import", "plan", plan(tmp_path, "QH-2", *EAST))
    state = "SELECT md5(string_agg(t, '|')) FROM (SELECT p::text AS t FROM plan p UNION ALL SELECT r::text FROM release r" \
        " UNION ALL SELECT d::text FROM dataset d ORDER BY 1) s"  # fmt: skip
    before = rows(village, state)
    held = (
        "SELECT FROM release WHERE number = 2 FOR UPDATE"
        if words == ("publish",)
        else "SELECT FROM plan WHERE release_from = 2 FOR UPDATE"
    )
    with psycopg.connect(village.database_url) as other:
        other.execute(held)
        process = subprocess.Popen(
            [*QUYHOACH, *words], env=_environment(village), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        kill_at_the_lock(process, village, server_url)
    assert rows(village, state) == before
    done(village, *words)


def test_of_a_draft_checked_at_one_level_that_level_is_named_and_its_findings_are_counted(
    village: Settings, tmp_path: Path
):
    done(village, "import", "plan", plan(tmp_path, "QH-2", *EAST))
    done(village, "import", "plan", plan(tmp_path, "QH-3", *EAST, level="general"))
    assert "not checked since its last change" in done(village, "draft", "show", "QH-2")
    quyhoach(village, "check", "all", "--draft", "--level", "subdivision", "--on", DAY)
    told = done(village, "draft", "show", "QH-2")
    assert "since its last change only these levels were checked: subdivision (20" in told
    assert "lỗi / errors: " in told
    assert "coverage only" not in told
    assert "lỗi / errors: " not in done(village, "draft", "show", "QH-3")
    assert "only these levels were checked: subdivision" in done(village, "draft", "list")
    quyhoach(village, "check", "coverage", "--draft", "--level", "general", "--on", DAY)
    assert "general (20" in (told := done(village, "draft", "show", "QH-3"))
    assert told.count("chỉ độ phủ kín / coverage only") == 1


def test_a_level_checked_before_the_last_change_or_in_one_commune_only_is_not_called_checked(
    village: Settings, tmp_path: Path
):
    done(village, "import", "plan", plan(tmp_path, "QH-2", *EAST))
    quyhoach(village, "check", "all", "--draft", "--level", "subdivision", "--on", DAY)
    done(village, "import", "plan", plan(tmp_path, "QH-3", *EAST, level="general"))
    assert "not checked since its last change" in done(village, "draft", "show", "QH-2")
    quyhoach(village, "check", "coverage", "--draft", "--unit", "90001", "--level", "subdivision", "--on", DAY)
    assert "not checked since its last change" in done(village, "draft", "show", "QH-2")
    quyhoach(village, "check", "all", "--draft", "--on", DAY)
    assert "since its last change" not in done(village, "draft", "show", "QH-2")
