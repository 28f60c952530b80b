"""Findings as work: the same case from run to run, accepted, mended by a release, open again; and every rule over a drawn plan."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from starlette.testclient import TestClient

from api import schemas
from api.app import create_app
from planning.geometry import operation
from planning.settings import Settings
from tests.conftest import publish_unchecked, quyhoach
from tests.town import strip, write
from tests.village import DAY, done, plan, rows


def test_a_case_is_the_same_from_run_to_run(village: Settings):
    done(village, "check", "coverage", *DAY, code=1)
    first = rows(village, "SELECT f.case_id, f.check_code FROM finding f ORDER BY 2")
    assert [check for _, check in first] == ["plan.zone-gap"]
    done(village, "check", "coverage", *DAY, code=1)
    done(village, "check", "all", *DAY, code=1)
    assert rows(village, "SELECT case_id, check_code FROM finding WHERE check_code = 'plan.zone-gap'") == first
    assert rows(village, "SELECT count(*) FROM finding_case WHERE check_code = 'plan.zone-gap'") == [(1,)]


def test_a_case_is_mended_by_a_release_and_open_again_when_it_comes_back(village: Settings, tmp_path: Path):
    done(village, "check", "coverage", *DAY, code=1)
    [(case,)] = rows(village, "SELECT id FROM finding_case")
    done(village, "import", "plan", plan(tmp_path, ("A", 0, 110), ("B", 110, 200)))
    assert "1 việc đã khắc phục" in done(village, "check", "coverage", "--draft", *DAY)
    assert rows(village, "SELECT mended_in FROM finding_case") == [(2,)]
    done(village, "discard")
    assert rows(village, "SELECT id, mended_in FROM finding_case") == [(case, None)]
    done(village, "import", "plan", plan(tmp_path, ("A", 0, 110), ("B", 110, 200)))
    publish_unchecked(village)
    done(village, "check", "coverage", *DAY)
    assert "mended" in done(village, "check", "findings", "--status", "mended")
    told = done(village, "check", "diff", "1", "2").split()
    assert [word for word in told if word in {"plan.zone-gap", "0", "1", "200.00", "2,000.00", "0.00"}][:4] == [
        "plan.zone-gap",
        "0",
        "1",
        "0",
    ]
    done(village, "import", "plan", plan(tmp_path, ("A", 0, 102), ("B", 110, 200)))
    publish_unchecked(village)
    done(village, "check", "coverage", *DAY, code=1)
    assert rows(village, "SELECT id, mended_in, first_release, last_release FROM finding_case") == [(case, None, 1, 3)]


def test_an_accepted_case_says_by_whom_why_and_until_when(village: Settings):
    done(village, "check", "coverage", *DAY, code=1)
    [(case,)] = rows(village, "SELECT id FROM finding_case")
    done(
        village, "check", "accept", str(case), "--by", "Sở Xây dựng", "--reason", "chờ đo lại", "--until", "2999-12-31"
    )
    with TestClient(create_app(village)) as api:
        answer = api.get("/v1/findings", params={"on": "2026-01-01"}).json()
        schemas.FindingList.model_validate(answer)
        [one] = answer["findings"]
        assert (one["case"], one["status"], one["accepted_by"], one["accepted_until"]) == (
            case,
            "accepted",
            "Sở Xây dựng",
            "2999-12-31",
        )
        assert one["advice"]["en"].startswith("Close a sliver")
    assert "chờ đo lại" in done(village, "check", "findings", "--status", "accepted")
    assert "no case" in done(village, "check", "findings", "--status", "open")
    done(village, "check", "coverage", *DAY, code=1)
    assert rows(village, "SELECT accepted_by FROM finding_case") == [("Sở Xây dựng",)]
    done(village, "check", "reopen", str(case))
    assert str(case) in done(village, "check", "findings", "--status", "open")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("accept", "99", "--by", "Sở", "--reason", "x"), "there is no case 99"),
        (("accept", "1", "--by", " ", "--reason", "x"), "say who and why"),
        (("accept", "1", "--by", "Sở", "--reason", "x", "--until", "2001-01-01"), "the day has passed"),
        (("reopen", "99"), "there is no case 99"),
        (("findings", "--check", "no.such"), "see quyhoach check --list"),
        (("diff", "1", "9"), "There is no release 9"),
        (("all", "--out", "x.pdf"), "end it in"),
    ],
)
def test_a_mistake_is_one_clear_line(village: Settings, words: tuple[str, ...], said: str):
    result = quyhoach(village, "check", *words)
    assert (result.returncode, len(result.stderr.strip().splitlines())) == (1, 1)
    assert said in result.stderr


def test_overlaps_that_differ_only_by_their_days_in_force_differ_in_verdict(village: Settings, tmp_path: Path):
    """The same land planned twice at one level: together in force it is an overlap, one after the other it is none."""
    second = {"code": "QH-2", "name": "Quy hoạch 2", "decision_number": "2/QĐ"}
    path = plan(tmp_path, ("A", 0, 100), ("B", 100, 200), valid_to="2025-01-01")
    done(village, "import", "plan", path)
    for code, since in (("QH-2", "2025-01-01"), ("QH-3", "2024-01-01")):
        other = tmp_path / f"{code}.gpkg"
        row = {
            "kind": "rural",
            "level": "general",
            "valid_from": since,
            "geometry": strip(0, 200),
            **second,
            "code": code,
        }
        write(other, [row], "plan")
        zone = {
            "plan_code": code,
            "function_code": "Nhomnhao",
            "function_scheme": "planning",
            "geometry": strip(0, 200),
        }
        write(other, [zone], "zone")
        if code == "QH-2":
            done(village, "import", "plan", str(other))
            publish_unchecked(village)
            for day in ("2024-06-01", "2025-06-01"):
                assert "plan.overlap" not in quyhoach(village, "check", "coverage", "--on", day).stdout
    done(village, "import", "plan", str(tmp_path / "QH-3.gpkg"))
    publish_unchecked(village)
    assert "plan.overlap" in quyhoach(village, "check", "coverage", "--on", "2024-06-01").stdout


def test_every_rule_over_a_plan_with_faults(village: Settings, tmp_path: Path):
    """No decision, a scale that no general plan has, a lot symbol twice, a declared area in the wrong unit."""
    path = plan(
        tmp_path,
        ("A", 0, 100),
        ("A", 100, 200),
        decision_number=None,
        decision_date=None,
        scale=500,
        declared_ha=400.0,
    )
    done(village, "import", "plan", path)
    out = [tmp_path / f"found{suffix}" for suffix in (".geojson", ".csv", ".gpkg")]
    for file in out:
        done(village, "check", "all", "--draft", *DAY, "--out", str(file), code=1)
    found = {
        one["properties"]["check"]: one["properties"]
        for one in json.loads(out[0].read_text(encoding="utf-8"))["features"]
    }
    assert {
        "plan.decision-missing",
        "plan.scale-unfit",
        "zone.symbol-twice",
        "plan.area-differs",
    } <= found.keys()
    assert found["plan.area-differs"]["unit_codes"] == ["90001"]
    table, layer = pd.read_csv(out[1]), gpd.read_file(out[2], layer="findings")
    assert set(table["check"]) == set(layer["check"]) == found.keys()
    assert layer.crs.to_epsg() == 9214
    assert set(gpd.read_file(out[2], layer="coverage")["level"]) == {"general"}


def test_declared_areas_are_judged_in_the_zone_of_the_file(village: Settings, tmp_path: Path):
    """The plan came in zone 105°30′: its declared areas are held against what was drawn there."""
    path = tmp_path / "west.gpkg"
    for layer in ("plan", "zone"):
        frame = gpd.read_file(plan(tmp_path, ("A", 0, 200), declared_ha=400.0), layer=layer)
        frame.assign(declared_m2=400.0).to_crs("EPSG:9209").to_file(path, layer=layer)
    done(village, "import", "plan", str(path))
    out = tmp_path / "found.geojson"
    done(village, "check", "all", "--draft", *DAY, "--out", str(out), code=1)
    facts = {
        one["properties"]["check"]: one["properties"]["facts"]
        for one in json.loads(out.read_text(encoding="utf-8"))["features"]
    }
    west = operation(9214, 9209).shapes(np.array([strip(0, 200)], dtype=object))[0].area
    assert abs(west - strip(0, 200).area) > 1
    for check, drawn in (("plan.area-differs", west / 1e4), ("zone.area-differs", west)):
        assert facts[check]["drawn_in_crs"] == facts[check]["source_crs"] == 9209
        assert facts[check]["drawn_ha" if drawn < 100 else "drawn_m2"] == pytest.approx(drawn, abs=1e-3)


def test_the_catalogue_is_listed(empty: Settings):
    told = done(empty, "check", "--list")
    assert "plan.harmony" in told
    assert "geometry.self-intersection" in told


def test_a_sliver_is_mended_in_the_draft_with_proof_and_nothing_else_moves(village: Settings, tmp_path: Path):
    done(village, "import", "plan", plan(tmp_path, ("A", 0, 100), ("B", 100.05, 200.02), ("C", 40, 60)))
    publish_unchecked(village)
    state = "SELECT md5(string_agg(z::text, chr(10) ORDER BY z.id)) FROM zone z JOIN plan p ON p.id = z.plan_id WHERE p.release_from <= 2"
    before = rows(village, state)
    told = done(village, "check", "repair", "zones", "QH", "--snap")
    assert "khép khoảng hở" in told
    assert "cắt theo ranh giới" in told
    assert "for a person: overlap" in told
    assert "draft: –" in done(village, "status"), "a proposal stores nothing"
    assert "into draft 3" in done(village, "check", "repair", "zones", "QH", "--snap", "--apply")
    out = tmp_path / "found.geojson"
    done(village, "check", "coverage", "--draft", *DAY, "--out", str(out), code=1)
    found = json.loads(out.read_text(encoding="utf-8"))["features"]
    assert [(one["properties"]["check"], one["properties"]["zones"]) for one in found] == [
        ("plan.zone-overlap", ["A", "C"])
    ]
    assert rows(village, state) == before
    areas = "SELECT lot_symbol, ST_Area(z.geom) FROM zone z JOIN plan p ON p.id = z.plan_id WHERE p.release_from = 3 ORDER BY 1"
    drawn = dict(rows(village, areas))
    assert drawn["A"] + drawn["B"] == pytest.approx(200 * 200, abs=1e-6)
    assert drawn["C"] == pytest.approx(20 * 200, abs=1e-6)
    done(village, "discard")
    assert rows(village, state) == before
    assert "no plan XX" in quyhoach(village, "check", "repair", "zones", "XX").stderr


def test_a_sound_plan_needs_no_repair(village: Settings, tmp_path: Path):
    done(village, "import", "plan", plan(tmp_path, ("A", 0, 100), ("B", 100, 200)))
    assert "0 đề xuất" in done(village, "check", "repair", "zones", "QH", "--apply")


def test_the_report_of_a_commune_lists_its_plans_and_the_course_of_its_coverage(village: Settings, tmp_path: Path):
    done(village, "check", "coverage", *DAY, code=1)
    done(village, "import", "plan", plan(tmp_path, ("A", 0, 50), geometry=strip(0, 50)))
    publish_unchecked(village)
    done(village, "check", "coverage", *DAY, code=1)
    with TestClient(create_app(village)) as api:
        whole = api.get("/v1/coverage/report", params={"on": "2026-01-01"}).json()
        schemas.CoverageReport.model_validate(whole)
        assert (whole["unit"], whole["plans"]) == (None, [])
        assert [(one["release"], one["level"], round(one["ratio_pct"], 6)) for one in whole["trend"]] == [
            (1, "general", 100),
            (2, "general", 25),
        ]
        one = api.get("/v1/coverage/report", params={"on": "2026-01-01", "unit": "90001"}).json()
        schemas.CoverageReport.model_validate(one)
        assert [(row["code"], row["scale"], round(row["share_pct"], 6)) for row in one["plans"]] == [("QH", 10_000, 25)]
        assert [(row["check"], row["number"], round(row["area_m2"])) for row in one["findings"]] == [
            ("level.uncovered", 1, 30_000)
        ]
        first = api.get("/v1/coverage/report", params={"on": "2026-01-01", "release": 1}).json()
        assert [row["release"] for row in first["trend"]] == [1]
        page = api.get("/coverage/report", params={"on": "2026-01-01", "unit": "90001"})
        assert page.headers["content-type"].startswith("text/html")
        for words in (
            "Quy hoạch trên địa bàn Xã 1",
            "1/10.000",
            "25,00 %",
            "Phần xã, phường chưa có quy hoạch ở cấp này",
        ):
            assert words in page.text, words
        assert "lỗi" in page.text
        assert "90001" in api.get("/coverage/report", params={"on": "2026-01-01"}).text
        assert (
            api.get("/coverage/report", params={"on": "2026-01-01", "unit": "90009"}).json()["code"] == "unknown-unit"
        )
        assert api.get("/v1/coverage/report", params={"on": "2020-06-01"}).json()["code"] == "not-checked"
