"""`quyhoach check coverage`: exact on the sample's planted truth, exact on a drawn town, kept and shown by the service."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import psycopg
import pytest
import shapely
from starlette.testclient import TestClient

from api import schemas
from api.app import create_app
from layers.sample.load import load
from planning.geometry import LONLAT, operation
from planning.settings import Settings
from tests.conftest import quyhoach
from tests.town import strip, write

TRUTH_DAY = "2026-01-15"
WITHIN_M = 2e-6
"""How far a found outline may lie from the planted one, all along it: two micrometres."""


@pytest.fixture(scope="module")
def truth(sample: tuple[Settings, Path]):
    return json.loads((sample[1] / "truth.json").read_text(encoding="utf-8"))


def found_in(settings: Settings, day: str):
    question = (
        "SELECT check_code, level, unit_codes, plan_codes, area_m2, ST_AsText(geom) FROM finding"
        " WHERE release = 1 AND in_force(holds_from, holds_to, %s)"
    )
    with psycopg.connect(settings.database_url) as connection:
        return [(*row[:5], shapely.from_wkt(row[5])) for row in connection.execute(question, [day]).fetchall()]


def test_every_planted_defect_is_found_and_none_is_invented(sample, truth):
    """One finding for each entry of the truth, at the same place; the widths go from 2.05 mm to kilometres."""
    found = found_in(sample[0], TRUTH_DAY)
    planted = truth["findings"]
    assert len(planted) >= 20
    unmatched = list(found)
    for entry in planted:
        shape = shapely.from_wkt(entry["wkt"])
        matches = [
            one
            for one in unmatched
            if one[0] == entry["check"]
            and abs(one[4] - entry["area_m2"]) <= shape.length * WITHIN_M
            and shape.symmetric_difference(one[5]).area <= shape.length * WITHIN_M
        ]
        assert len(matches) == 1, entry["planted"]
        if entry["plan_codes"]:
            assert matches[0][3] == entry["plan_codes"]
        unmatched.remove(matches[0])
    assert unmatched == []


def test_noise_under_a_millimetre_is_not_a_finding(sample, truth):
    shapes = [one[5] for one in found_in(sample[0], TRUTH_DAY) if one[0].startswith("plan.zone")]
    assert truth["noise"]
    for entry in truth["noise"]:
        place = shapely.from_wkt(entry["wkt"]).buffer(0.01)
        assert not any(shape.intersects(place) and shape.area < 1 for shape in shapes), entry["planted"]


def test_a_finer_tolerance_finds_the_noise_too(sample, truth, tmp_path):
    level = truth["noise"][0]["level"]
    out = tmp_path / "findings.geojson"
    arguments = ("--on", TRUTH_DAY, "--level", level, "--tolerance-mm", "0.2", "--out", str(out))
    settings = sample[0]
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        before = connection.execute("SELECT count(*) FROM finding WHERE level = %s", [level]).fetchone()
    assert quyhoach(settings, "check", "coverage", *arguments).returncode == 1
    drawn = json.loads(out.read_text(encoding="utf-8"))["features"]
    assert len(drawn) > before[0] // 2
    widths = [feature["properties"]["width_m"] for feature in drawn]
    assert any(0.0004 < width < 0.0006 for width in widths)
    assert quyhoach(settings, "check", "coverage", "--on", TRUTH_DAY, "--level", level).returncode == 1
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM finding WHERE level = %s", [level]).fetchone() == before


def test_the_service_shows_ratios_and_findings(sample_api: TestClient):
    answer = sample_api.get("/v1/coverage", params={"on": TRUTH_DAY}).json()
    schemas.CoverageAnswer.model_validate(answer)
    assert answer["holds_from"] <= TRUTH_DAY
    assert {row["level"] for row in answer["rows"]} == {"general", "subdivision", "detailed", "land_use"}
    assert all(0 <= row["ratio_pct"] <= 100 + 1e-9 for row in answer["rows"])
    found = sample_api.get("/v1/findings", params={"on": TRUTH_DAY, "check": "plan.zone-gap"}).json()
    schemas.FindingList.model_validate(found)
    assert found["total"] == len(found["findings"]) > 5
    assert found["findings"] == sorted(found["findings"], key=lambda one: -one["area_m2"])
    drawn = sample_api.get("/v1/findings", params={"on": TRUTH_DAY, "format": "geojson", "limit": 3}).json()
    assert [feature["geometry"]["type"] for feature in drawn["features"]] == ["MultiPolygon"] * 3
    assert drawn["total"] > 3


def test_pages_of_findings_are_together_the_whole_list_and_nothing_twice(sample_api: TestClient):
    asked = {"on": TRUTH_DAY, "release": 1}
    whole = sample_api.get("/v1/findings", params={**asked, "limit": 5000}).json()
    assert (whole["total"], whole["offset"], whole["next_offset"]) == (len(whole["findings"]), 0, None)
    paged, offset = [], 0
    while offset is not None:
        page = sample_api.get("/v1/findings", params={**asked, "limit": 4, "offset": offset}).json()
        schemas.FindingList.model_validate(page)
        assert (page["offset"], page["total"], page["by_rule"]) == (offset, whole["total"], whole["by_rule"])
        paged += page["findings"]
        offset = page["next_offset"]
    assert paged == whole["findings"]
    beyond = sample_api.get("/v1/findings", params={**asked, "offset": whole["total"]}).json()
    assert (beyond["findings"], beyond["next_offset"], beyond["total"]) == ([], None, whole["total"])


@pytest.mark.parametrize("offset", ["-1", "1000001", "x", "1.5"])
def test_an_offset_has_its_limits(sample_api: TestClient, offset):
    problem = sample_api.get("/v1/findings", params={"on": TRUTH_DAY, "offset": offset})
    assert (problem.status_code, problem.json()["code"]) == (400, "bad-question")


def test_no_rule_pushes_the_others_out_of_the_list(sample_api: TestClient):
    """The two largest of each rule and severity; the counts are of all of them."""
    asked = {"on": TRUTH_DAY, "limit": 5000}
    whole = sample_api.get("/v1/findings", params=asked).json()
    few = sample_api.get("/v1/findings", params={**asked, "per_rule": 2}).json()
    kinds = [(one["check"], one["severity"]) for one in whole["findings"]]
    assert few["by_rule"] == whole["by_rule"]
    counts = {(one["check"], one["severity"]): one["number"] for one in few["by_rule"]}
    assert counts == {kind: kinds.count(kind) for kind in kinds}
    assert max(counts.values()) > 2
    kept = [one for place, one in enumerate(whole["findings"]) if kinds[:place].count(kinds[place]) < 2]
    assert few["findings"] == kept
    first = sample_api.get("/v1/findings", params={**asked, "per_rule": 2, "limit": len(kept) - 1}).json()
    last = sample_api.get("/v1/findings", params={**asked, "per_rule": 2, "offset": first["next_offset"]}).json()
    assert first["findings"] + last["findings"] == kept
    assert last["next_offset"] is None


def test_the_command_lists_a_few_of_each_rule_and_counts_the_rest(empty: Settings, tmp_path: Path):
    """Hundreds of warnings of one rule leave room for the error of another."""
    settings = empty
    load(settings, tmp_path, parcels=1_000, zones=500, seed=2025, progress=lambda *_: None)
    done = quyhoach(settings, "check", "all", "--on", "2026-02-01")
    listed = [line.split("│")[1].strip() for line in done.stdout.splitlines() if line.startswith("│")]
    assert listed.count("plan.harmony") == 1 + 5
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        numbers = dict(connection.execute(
            "SELECT check_code, count(*) FROM finding WHERE in_force(holds_from, holds_to, '2026-02-01') GROUP BY 1"
        ).fetchall())  # fmt: skip
    assert set(numbers) <= set(listed)
    assert f"… {numbers['plan.harmony'] - 5} nữa / more: quyhoach check findings --check plan.harmony" in done.stdout
    cases = quyhoach(settings, "check", "findings").stdout
    assert cases.count("│ plan.harmony ") == 20
    assert "nữa / more: quyhoach check findings --check plan.harmony" in cases
    assert all(f" {check} " in cases for check in numbers)


def test_a_day_that_was_not_checked_is_not_answered_as_if_it_were(sample_api: TestClient):
    problem = sample_api.get("/v1/coverage", params={"on": "2020-06-01", "lang": "en"})
    assert (problem.status_code, problem.json()["code"]) == (404, "not-checked")


def test_the_result_holds_between_the_days_on_which_something_changes(sample_api: TestClient, sample):
    """The detailed plan that ends on 2026-01-01 parts two periods."""
    assert quyhoach(sample[0], "check", "coverage", "--on", "2025-12-31").returncode == 1
    before = sample_api.get("/v1/coverage", params={"on": "2025-12-31"}).json()
    after = sample_api.get("/v1/coverage", params={"on": TRUTH_DAY}).json()
    assert before["holds_to"] == after["holds_from"] == "2026-01-01"
    assert before["rows"] != after["rows"]


def test_lookups_of_the_sample_say_that_it_is_an_illustration(sample_api: TestClient):
    example = sample_api.get("/v1/health").json()["example"]
    answer = sample_api.get("/v1/lookup", params=example).json()
    schemas.Answer.model_validate(answer)
    assert answer["release"]["illustration"] is True
    assert answer["disclaimer"]["vi"].startswith("DỮ LIỆU MINH HỌA")


@pytest.fixture
def own_town(town: Settings, copy_of: Callable[[Settings], Settings]) -> Settings:
    return copy_of(town)


def test_ratios_gaps_and_overlaps_of_the_town(own_town: Settings, tmp_path: Path):
    out = tmp_path / "findings.geojson"
    done = quyhoach(own_town, "check", "coverage", "--on", "2026-01-01", "--out", str(out))
    assert done.returncode == 1
    features = json.loads(out.read_text(encoding="utf-8"))["features"]
    told = sorted(
        (one["properties"]["check"], one["properties"]["level"], round(one["properties"]["area_m2"], 6))
        for one in features
    )
    assert told == [("level.uncovered", "subdivision", 60_000.0), ("plan.overlap", "subdivision", 10_000.0)]
    lonlat = operation(9214, LONLAT)
    [overlap] = [one for one in features if one["properties"]["check"] == "plan.overlap"]
    x, y = shapely.geometry.shape(overlap["geometry"]).centroid.coords[0]
    assert (x, y) == pytest.approx(lonlat.point(416175, 2353100), abs=1e-8)
    with TestClient(create_app(own_town)) as api:
        rows = api.get("/v1/coverage", params={"on": "2026-01-01"}).json()["rows"]
    assert [(row["level"], row["unit_name"], row["ratio_pct"]) for row in rows] == [
        ("general", "Phường Hòa Đông", pytest.approx(100)),
        ("subdivision", "Phường Hòa Đông", pytest.approx(50)),
    ]


def test_one_commune_and_one_level(own_town: Settings):
    done = quyhoach(own_town, "check", "coverage", "--unit", "90001", "--level", "detailed", "--on", "2024-06-01")
    assert done.returncode == 1
    assert "33.33%" in done.stdout
    assert "90002" not in done.stdout
    clean = quyhoach(own_town, "check", "coverage", "--unit", "90001", "--level", "general", "--on", "2024-06-01")
    assert (clean.returncode, "nothing found" in clean.stdout) == (0, True)


def test_the_service_answers_once_everything_was_checked(own_town: Settings):
    with TestClient(create_app(own_town)) as api:
        quyhoach(own_town, "check", "coverage", "--on", "2026-01-01", "--level", "general")
        assert api.get("/v1/coverage", params={"on": "2026-01-01"}).status_code == 404
        quyhoach(own_town, "check", "coverage", "--on", "2026-01-01")
        whole = api.get("/v1/findings", params={"on": "2026-01-01"}).json()
        quyhoach(own_town, "check", "coverage", "--on", "2026-01-01", "--unit", "90010")
        again = api.get("/v1/findings", params={"on": "2026-01-01"}).json()

    def without_id(answer):
        return [{name: value for name, value in one.items() if name != "id"} for one in answer["findings"]]

    assert without_id(whole) == without_id(again)


def test_a_check_of_one_commune_leaves_its_neighbours_findings_as_they_were(own_town: Settings):
    """Before the merger two plans overlap across the border of two communes, and one commune has no detailed plan."""

    def kept():
        rows = found_in(own_town, "2024-06-01")
        return sorted((check, level, units, plans, round(area, 6)) for check, level, units, plans, area, _ in rows)

    quyhoach(own_town, "check", "coverage", "--on", "2024-06-01")
    whole = kept()
    assert any(len(units) == 2 for _, _, units, *_ in whole) or len({tuple(units) for _, _, units, *_ in whole}) == 2
    for unit in ("90001", "90002"):
        done = quyhoach(own_town, "check", "coverage", "--on", "2024-06-01", "--unit", unit)
        assert done.returncode == 1
        assert kept() == whole
    with TestClient(create_app(own_town)) as api:
        rows = api.get("/v1/coverage", params={"on": "2024-06-01", "unit": "90002"}).json()["rows"]
    assert {row["level"]: round(row["ratio_pct"]) for row in rows} == {"general": 100, "subdivision": 0, "detailed": 0}


def test_what_was_found_in_a_draft_is_forgotten_when_more_is_brought_in(own_town: Settings, tmp_path: Path):
    file = tmp_path / "availability.csv"
    file.write_text(
        "theme,unit_code,state,on_whose_word,valid_from,valid_to\ngeneral,90010,partial,Sở,2025-07-01,\n",
        encoding="utf-8",
    )
    more = tmp_path / "more.csv"
    more.write_text(
        "theme,unit_code,state,on_whose_word,valid_from,valid_to\nland_use,90010,partial,Sở,2025-07-01,\n",
        encoding="utf-8",
    )
    assert quyhoach(own_town, "import", "availability", str(file)).returncode == 0
    quyhoach(own_town, "check", "coverage", "--draft", "--on", "2026-01-01")
    runs = "SELECT release FROM check_run ORDER BY release"
    with psycopg.connect(own_town.database_url, autocommit=True) as connection:
        assert connection.execute(runs).fetchall() == [(2,)]
        assert quyhoach(own_town, "import", "availability", str(more)).returncode == 0
        assert connection.execute(runs).fetchall() == []


def test_a_check_whose_result_cannot_be_written_keeps_nothing(own_town: Settings):
    done = quyhoach(own_town, "check", "coverage", "--on", "2026-01-01", "--out", "/nowhere/at/all.geojson")
    assert done.returncode == 1
    with psycopg.connect(own_town.database_url) as connection:
        assert connection.execute("SELECT count(*) FROM check_run").fetchone() == (0,)


def test_checking_again_replaces_and_does_not_add(own_town: Settings):
    for _ in range(2):
        quyhoach(own_town, "check", "coverage", "--on", "2026-01-01")
    assert len(found_in(own_town, "2026-01-01")) == 2


def test_overlaps_that_differ_only_by_their_days_differ_in_verdict(own_town: Settings, tmp_path: Path):
    """The same two outlines twice: one pair in force together, in the other the first ends on the day the second begins."""
    known = {"kind": "urban", "level": "detailed", "scale": 500, "decision_date": "2020-01-01", "approver": "UBND tỉnh"}
    days = {"CT-1": ("2021-01-01", "2035-01-01"), "CT-2": ("2024-01-01", "2035-01-01"),
        "KE-1": ("2021-01-01", "2024-01-01"), "KE-2": ("2024-01-01", "2035-01-01")}  # fmt: skip
    plans = [
        {**known, "code": code, "name": code, "decision_number": f"{code}/QĐ", "valid_from": since, "valid_to": until,
            "geometry": strip(0, 100) if code.endswith("1") else strip(90, 150)}
        for code, (since, until) in days.items()
    ]  # fmt: skip
    zones = [
        {"plan_code": one["code"], "lot_symbol": "P1", "function_code": "Dichvu", "function_scheme": "planning",
            "geometry": one["geometry"]}
        for one in plans
    ]  # fmt: skip
    write(tmp_path / "days.gpkg", plans, "plan")
    write(tmp_path / "days.gpkg", zones, "zone")
    done = quyhoach(own_town, "import", "plan", str(tmp_path / "days.gpkg"))
    assert done.returncode == 0, done.stderr

    def overlapping(day: str) -> set[tuple[str, ...]]:
        out = tmp_path / f"{day}.json"
        quyhoach(own_town, "check", "coverage", "--draft", "--level", "detailed", "--on", day, "--out", str(out))
        found = json.loads(out.read_text(encoding="utf-8"))["features"]
        return {tuple(one["properties"]["plan_codes"]) for one in found if one["properties"]["check"] == "plan.overlap"}

    assert ("CT-1", "CT-2") in overlapping("2026-01-01")
    assert ("KE-1", "KE-2") not in overlapping("2026-01-01") | overlapping("2023-12-31") | overlapping("2024-01-01")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--level", "chung"), "the levels are general"),
        (("--unit", "99999"), "No administrative unit has code 99999"),
        (("--out", "/nowhere/at/all.geojson"), "cannot be written: No such file or directory"),
        (
            ("--on", "1990-01-01"),
            "nothing to check: release 1 has no commune on 1990-01-01. It has some from 2020-01-01",
        ),
    ],
)
def test_a_check_that_cannot_be_done_says_why(own_town: Settings, arguments, said):
    done = quyhoach(own_town, "check", "coverage", "--on", date(2026, 1, 1).isoformat(), *arguments)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert said in done.stderr


@pytest.mark.parametrize("rules", ["coverage", "all"])
def test_a_day_without_communes_is_refused_and_leaves_nothing(own_town: Settings, rules):
    """No data is not “nothing found”."""
    done = quyhoach(own_town, "check", rules, "--on", "1990-01-01")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "There is nothing to check" in done.stderr
    with psycopg.connect(own_town.database_url) as connection:
        assert connection.execute("SELECT count(*) FROM check_run").fetchone() == (0,)


def test_plans_alone_are_checked_by_every_rule_but_have_no_coverage(own_town: Settings):
    with psycopg.connect(own_town.database_url, autocommit=True) as connection:
        connection.execute("DELETE FROM unit_event_part")
        connection.execute("UPDATE unit SET valid_from = '2030-01-01', valid_to = NULL")
    refused = quyhoach(own_town, "check", "coverage", "--on", "2026-01-01")
    assert "It has some from 2030-01-01" in refused.stderr
    done = quyhoach(own_town, "check", "all", "--on", "2026-01-01")
    assert (done.stderr, "run 1" in done.stdout) == ("", True)


def test_a_day_without_a_plan_says_that_no_coverage_can_be_told(own_town: Settings):
    done = quyhoach(own_town, "check", "coverage", "--on", "2026-01-01", "--level", "land_use")
    assert "no plan in force, so no coverage can be told" in done.stdout
