"""Real resolutions carried out: Bắc Ninh with its former boundaries, Hải Phòng by names alone; by the commands of the guide."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd
import psycopg
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from planning.settings import Settings
from tests.conftest import QUYHOACH, REAL, _environment, name_of, quyhoach
from tests.guide import guide_commands

pytestmark = pytest.mark.real_data

VN = REAL / "vn"
BEFORE, DAY = "2025-06-30", "2025-07-01"
PREVIEW_SECONDS = 60
TOOK: dict[str, float] = {}
"""Seconds of the guide's commands for Hải Phòng."""


def rows(settings: Settings, question: str, *values: object):
    with psycopg.connect(settings.database_url) as connection:
        return connection.execute(question, values).fetchall()


@pytest.fixture(scope="module")
def hai_phong(template: Settings, make_database: Callable[[str | None], Settings]) -> Settings:
    """Hải Phòng, by the commands of docs/guide/real-province-parts.md, word for word."""
    settings = make_database(name_of(template))
    for command in guide_commands("real-province-parts.md"):
        began = time.monotonic()
        done = quyhoach(settings, *[word.replace("$DATA", str(VN)) for word in command])
        assert done.returncode == 0, (command, done.stderr)
        TOOK[" ".join(command[:2])] = time.monotonic() - began
    return settings


@pytest.fixture(scope="module")
def api(hai_phong: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(hai_phong)) as client:
        yield client


@pytest.fixture(scope="module")
def bac_ninh(template: Settings, make_database: Callable[[str | None], Settings]) -> Settings:
    """The former communes of Bắc Ninh, open-ended, and the clauses; published, not yet carried out."""
    settings = make_database(name_of(template))
    names = "--map code=old_code --map name=old_name --map district=old_district --map province_code=old_province_code"
    for words in (
        f"import units {VN}/old_communes_2025-06_RECONSTRUCTED_24.gpkg {names} --valid-from 2025-03-01 --boundary digitised",
        f"import mergers {VN}/mergers_24.csv --effective {DAY}",
        "publish",
    ):
        done = quyhoach(settings, *words.split())
        assert done.returncode == 0, (words, done.stderr)
    return settings


def place_in(file: str, code: str) -> dict[str, float]:
    frame = gpd.read_file(VN / file)
    point = frame[frame["code"] == code].geometry.iloc[0].representative_point()
    return {"lon": point.x, "lat": point.y}


def test_every_former_commune_of_hai_phong_is_accounted_for_once(hai_phong: Settings):
    [(report,)] = rows(hai_phong, "SELECT report FROM dataset WHERE kind = 'mergers'")
    assert report["findings"] == []
    assert rows(hai_phong, "SELECT extent, count(*) FROM unit_event_part p JOIN unit_event e ON e.id = p.event_id"
                " WHERE e.release_to IS NULL GROUP BY 1 ORDER BY 1") == [("part", 76), ("rest", 71), ("whole", 304)]  # fmt: skip
    counts = "SELECT count(*) FILTER (WHERE valid_to IS NOT NULL), count(*) FILTER (WHERE valid_to IS NULL) FROM unit"
    assert rows(hai_phong, counts) == [(374, 114)]


def test_the_whole_of_hai_phong_is_previewed_in_under_a_minute(hai_phong: Settings):
    assert TOOK["merge preview"] < PREVIEW_SECONDS


def test_ha_bac_is_all_of_tan_viet_part_of_cam_viet_and_the_rest_of_hong_lac(api: TestClient):
    answer = api.get("/v1/units/10816", params={"on": DAY}).json()
    assert answer["unit"]["name"] == "Xã Hà Bắc"
    made = {(one["name"], one["extent"], tuple(one["after_clauses"])) for one in answer["predecessors"]}
    assert made == {("Xã Tân Việt", "whole", ()), ("Xã Cẩm Việt", "part", ()), ("Xã Hồng Lạc", "rest", ("33",))}
    assert [one["name"] for one in answer["earlier"]] == ["Xã Hồng Lạc"]
    assert api.get("/v1/units/10816", params={"on": BEFORE}).json()["unit"]["name"] == "Xã Hồng Lạc"


def test_a_part_that_nobody_has_drawn_is_unknown_with_its_candidates(api: TestClient):
    place = place_in("new_communes_31_hai_phong.gpkg", "10816")
    answer = api.get("/v1/units/at", params={**place, "on": BEFORE}).json()
    assert answer["units"] == []
    [unknown] = answer["unknown"]
    assert {one["name"] for one in unknown["candidates"]} == {"Xã Tân Việt", "Xã Cẩm Việt", "Xã Hồng Lạc"}
    problem = api.get("/v1/lookup", params={**place, "on": BEFORE})
    assert (problem.status_code, problem.json()["code"]) == (404, "unknown-part")
    [now] = [
        one for one in api.get("/v1/units/at", params={**place, "on": DAY}).json()["units"] if one["level"] == "commune"
    ]
    assert now["name"] == "Xã Hà Bắc"


def test_communes_without_a_boundary_are_told_by_the_check_of_coverage(hai_phong: Settings, api: TestClient):
    done = quyhoach(hai_phong, "check", "coverage", "--on", BEFORE)
    assert done.returncode == 0, done.stderr
    assert "374 xã, phường chưa có ranh giới" in done.stdout
    answer = api.get("/v1/coverage", params={"on": BEFORE}).json()
    assert (answer["rows"], len(answer["undrawn"])) == ([], 374)
    assert [
        one["code"] for one in api.get("/v1/coverage", params={"on": BEFORE, "unit": "10816"}).json()["undrawn"]
    ] == ["10816"]


def test_the_whole_of_bac_ninh_is_previewed_in_under_a_minute(bac_ninh: Settings, tmp_path: Path):
    out = [word for suffix in ("md", "json", "html", "gpkg") for word in ("--out", str(tmp_path / f"impact.{suffix}"))]
    began = time.monotonic()
    done = quyhoach(
        bac_ninh,
        "merge",
        "preview",
        "1658/NQ-UBTVQH15",
        "--boundaries",
        str(VN / "new_communes_24_bac_ninh.gpkg"),
        *out,
    )
    took = time.monotonic() - began
    assert done.returncode == 0, done.stderr
    assert took < PREVIEW_SECONDS
    assert "313 → 99" in (tmp_path / "impact.md").read_text(encoding="utf-8")
    assert len(gpd.read_file(tmp_path / "impact.gpkg", layer="former_units")) == 313
    assert rows(bac_ninh, "SELECT count(*) FROM release") == [(1,)], "a preview stores nothing"


def test_bac_ninh_has_no_difference_wider_than_noise_and_no_unknown_part(bac_ninh: Settings, tmp_path: Path):
    out = tmp_path / "impact.json"
    boundaries = str(VN / "new_communes_24_bac_ninh.gpkg")
    assert (
        quyhoach(
            bac_ninh, "merge", "preview", "1658/NQ-UBTVQH15", "--boundaries", boundaries, "--out", str(out)
        ).returncode
        == 0
    )
    report = json.loads(out.read_text(encoding="utf-8"))
    assert report["accounts"] == []
    assert (report["summary"]["parts_known"], report["summary"]["parts_unknown"]) == (313, 0)
    assert report["boundaries"]["differences"] == []
    doubtful = {unit["code"] for unit in report["opened"] if unit["area_judgement"] == "doubtful"}
    assert doubtful == {"07525"}


@pytest.mark.parametrize("seconds", [2.5, 4.5, 6.0])
def test_an_apply_that_is_killed_has_done_nothing(bac_ninh: Settings, seconds: float):
    state = "SELECT " + ", ".join(
        f"(SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM {table} t)"
        for table in (
            "unit",
            "unit_event",
            "unit_event_part",
            "carry_over",
            "availability",
            "merger_report",
            "dataset",
            "release",
        )
    )
    before = rows(bac_ninh, state)
    command = [
        *QUYHOACH,
        "merge",
        "apply",
        "1658/NQ-UBTVQH15",
        "--boundaries",
        str(VN / "new_communes_24_bac_ninh.gpkg"),
    ]
    process = subprocess.Popen(
        command, env=_environment(bac_ninh), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(seconds)
    killed_in_time = process.poll() is None
    process.kill()
    process.wait()
    if not killed_in_time:
        assert quyhoach(bac_ninh, "discard").returncode == 0
    assert rows(bac_ninh, state) == before


def test_bac_ninh_carried_out_answers_in_former_units_before_the_day_and_repealed_as_before(bac_ninh: Settings):
    boundaries = str(VN / "new_communes_24_bac_ninh.gpkg")
    in_force = "SELECT count(*) FROM unit u WHERE release_to IS NULL AND in_force(valid_from, valid_to, %s)"
    assert quyhoach(bac_ninh, "merge", "apply", "1658/NQ-UBTVQH15", "--boundaries", boundaries).returncode == 0
    assert [rows(bac_ninh, in_force, day) for day in (BEFORE, DAY)] == [[(313,)], [(99,)]]
    began = time.monotonic()
    assert "unit.former-differs" not in quyhoach(bac_ninh, "check", "all", "--draft", "--on", DAY).stdout
    assert time.monotonic() - began < PREVIEW_SECONDS
    done = quyhoach(bac_ninh, "merge", "revert", "1658/NQ-UBTVQH15", "--by", "99/NQ-THU", "--effective", "2026-01-01")
    assert done.returncode == 0, done.stderr
    assert [rows(bac_ninh, in_force, day) for day in (BEFORE, DAY, "2026-01-01")] == [[(313,)], [(99,)], [(313,)]]
    assert quyhoach(bac_ninh, "discard").returncode == 0
