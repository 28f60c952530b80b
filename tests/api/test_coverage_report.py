"""The report on coverage in its forms: ranks, before and after, former communes, the inventory; over the drawn town."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd
import psycopg
import pyogrio
import pytest
from starlette.testclient import TestClient

from api import schemas
from api.app import create_app
from planning.settings import Settings
from tests.conftest import name_of, publish_unchecked, quyhoach
from tests.shire import build_shire
from tests.town import strip, write

DAY = {"on": "2026-01-15"}


@pytest.fixture(scope="module")
def checked(town: Settings, make_database: Callable[[str | None], Settings], tmp_path_factory) -> Settings:
    """The town, with a detailed plan that ended after the merger, and a commune beside it that has nothing and was never merged."""
    settings = make_database(name_of(town))
    folder = tmp_path_factory.mktemp("more")
    beside = [{"code": "90011", "name": "=Xã Lẻ", "province_code": "90", "geometry": strip(600, 700)}]
    write(folder / "beside.gpkg", [{**beside[0], "name": "Xã Lẻ"}])
    done = quyhoach(settings, "import", "units", str(folder / "beside.gpkg"), "--valid-from", "2020-01-01")
    assert done.returncode == 0, done.stderr
    ended = {"code": "=QHCT", "name": "=1+1", "kind": "urban", "level": "detailed", "scale": 500, "decision_number": "3/QĐ",
        "decision_date": "2021-03-01", "approver": "UBND", "valid_from": "2021-03-15", "valid_to": "2026-01-01",
        "geometry": strip(0, 60)}  # fmt: skip
    waiting = {**ended, "code": "QHCT-2", "name": "Chi tiết 2", "valid_to": "2026-12-15", "geometry": strip(60, 90)}
    write(folder / "plans.gpkg", [ended, waiting], "plan")
    zone = {"function_scheme": "planning", "function_code": "Nhomnhao", "lot_symbol": "C"}
    write(folder / "plans.gpkg", [{**zone, "plan_code": "=QHCT", "geometry": strip(0, 60)},
        {**zone, "plan_code": "QHCT-2", "geometry": strip(60, 80)}], "zone")  # fmt: skip
    done = quyhoach(settings, "import", "plan", str(folder / "plans.gpkg"))
    assert done.returncode == 0, done.stderr
    publish_unchecked(settings)
    assert quyhoach(settings, "check", "all", "--on", "2026-01-15").returncode == 1
    return settings


@pytest.fixture(scope="module")
def over(checked: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(checked)) as client:
        yield client


def test_communes_are_ranked_by_uncovered_land(over: TestClient):
    report = over.get("/v1/coverage/report", params=DAY).json()
    schemas.CoverageReport.model_validate(report)
    told = [
        (one["level"], one["unit_code"], one["rank"], round(one["uncovered_m2"]), round(one["of_uncovered_pct"], 6))
        for one in report["rows"]
    ]
    assert told == [
        ("detailed", "90010", 1, 114_000, 85.074627),
        ("detailed", "90011", 2, 20_000, 14.925373),
        ("general", "90011", 1, 20_000, 100),
        ("general", "90010", 2, 0, 0),
        ("subdivision", "90010", 1, 60_000, 75),
        ("subdivision", "90011", 2, 20_000, 25),
    ]
    one = over.get("/v1/coverage/report", params={**DAY, "unit": "90011"}).json()
    assert {(row["level"], row["rank"]) for row in one["rows"]} == {("detailed", 2), ("general", 1), ("subdivision", 2)}


def test_before_and_after_the_merger_on_the_same_land(over: TestClient):
    report = over.get("/v1/coverage/report", params=DAY).json()
    changes = {one["level"]: one for one in report["changes"]}
    assert {one["unit_code"] for one in report["changes"]} == {"90010"}
    detailed = changes["detailed"]
    assert detailed["merged_on"] == "2025-07-01"
    assert [(one["code"], one["name"], one["drawn"]) for one in detailed["formers"]] == [
        ("90001", "Xã Hòa Bình", True), ("90002", "Xã Đông Đô", True),
    ]  # fmt: skip
    assert (detailed["before_pct"], detailed["after_pct"], detailed["difference_pct"]) == pytest.approx((15, 5, -10))
    assert [(one["code"], one["change"], round(one["area_m2"])) for one in detailed["plans"]] == [
        ("=QHCT", "ended", 12_000)
    ]
    assert [(one["code"], one["change"]) for one in changes["general"]["plans"]] == [("QHC-DONG", "undecided")]
    assert changes["general"]["difference_pct"] == pytest.approx(0)


def test_former_communes_stand_with_the_worst_drawings_first(over: TestClient):
    formers = over.get("/v1/coverage/report", params=DAY).json()["formers"]
    assert [(one["code"], one["rank"], one["district"], one["now_codes"]) for one in formers] == [
        ("90001", 1, "Huyện Tây", ["90010"]), ("90002", 2, "Huyện Đông", ["90010"]),
    ]  # fmt: skip
    west, east = formers
    assert west["errors"] > east["errors"] == 0
    assert (west["zones"], east["zones"]) == (5, 1)
    assert west["ratios"] == pytest.approx({"detailed": 10, "general": 100, "subdivision": 100})
    assert (
        west["faulty_m2"] >= 12_000
    )  # the two subdivision plans overlap, and a detailed plan has no zone on ten metres


def test_a_former_commune_without_a_boundary_is_not_known(empty: Settings, tmp_path: Path):
    build_shire(empty)
    rows = [
        {
            "code": "QHC",
            "name": "Chung",
            "kind": "rural",
            "level": "general",
            "valid_from": "2021-01-01",
            "geometry": strip(0, 500),
        }
    ]
    write(tmp_path / "plan.gpkg", rows, "plan")
    write(tmp_path / "plan.gpkg", [{"plan_code": "QHC", "lot_symbol": "A", "function_code": "Nhomnhao", "function_scheme": "planning",
        "geometry": strip(0, 500)}], "zone")  # fmt: skip
    assert quyhoach(empty, "import", "plan", str(tmp_path / "plan.gpkg")).returncode == 0
    publish_unchecked(empty)
    quyhoach(empty, "check", "coverage", "--on", "2025-08-01")
    with TestClient(create_app(empty)) as api:
        report = api.get("/v1/coverage/report", params={"on": "2025-08-01"}).json()
        page = api.get("/coverage/report", params={"on": "2025-08-01"}).text
        table = api.get("/v1/coverage/report", params={"on": "2025-08-01", "format": "csv"}).text
    schemas.CoverageReport.model_validate(report)
    changes = {one["unit_code"]: one for one in report["changes"]}
    assert (changes["80021"]["before_pct"], changes["80021"]["after_pct"], changes["80021"]["land_m2"]) == (
        None,
        None,
        None,
    )
    assert [one["code"] for one in changes["80021"]["formers"] if not one["drawn"]] == ["80004"]
    assert changes["80020"]["before_pct"] is not None
    [undrawn] = [one for one in report["formers"] if one["code"] == "80004"]
    assert (undrawn["area_m2"], undrawn["errors"], undrawn["ratios"], undrawn["rank"]) == (None, None, None, None)
    assert undrawn["now_codes"] == ["80003", "80021"]
    assert "chưa biết" in page
    [row] = [one for one in csv.DictReader(io.StringIO(table.lstrip("\ufeff"))) if one["unit_code"] == "80021"]
    assert (row["before_pct"], row["former_not_drawn"]) == ("", "80004")


def test_the_inventory_of_a_commune_tells_extent_term_and_gaps(over: TestClient):
    report = over.get("/v1/coverage/report", params={**DAY, "unit": "90010"}).json()
    schemas.CoverageReport.model_validate(report)
    [plan] = [one for one in report["plans"] if one["code"] == "QHCT-2"]
    assert (round(plan["area_m2"]), round(plan["plan_m2"]), plan["beyond_m2"], plan["days_left"]) == (
        6_000,
        6_000,
        0,
        334,
    )
    gaps = [(one["level"], round(one["area_m2"]), one["severity"]) for one in report["gaps"]]
    assert gaps == [("detailed", 102_000, "info"), ("subdivision", 60_000, "info"), ("detailed", 12_000, "info")]
    assert report["gaps_total"] == 3
    assert report["crs"] == "EPSG:9214"
    gap = report["gaps"][1]
    assert strip(300, 600).contains(gpd.points_from_xy([gap["x"]], [gap["y"]])[0])


def test_the_page_of_a_commune_draws_a_map_a_level(over: TestClient):
    answer = over.get("/coverage/report", params={**DAY, "unit": "90010"})
    assert answer.headers["content-disposition"] == 'inline; filename="do-phu-kin-90010-2026-01-15-r2.html"'
    assert answer.text.count('role="img"') == 3
    assert answer.text.count('class="uncovered" d=') == 3
    assert "còn / left 11 tháng" in answer.text
    assert "hết thời hạn" in answer.text
    bare = over.get("/coverage/report", params={**DAY, "unit": "90011"}).text
    assert "Không có đồ án nào" in bare


def test_the_table_is_one_row_a_commune_and_level_and_safe_in_a_spreadsheet(over: TestClient):
    answer = over.get("/v1/coverage/report", params={**DAY, "format": "csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="do-phu-kin-2026-01-15-r2.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len({(one["unit_code"], one["level"]) for one in rows}) == len(rows) == 6
    [detailed] = [one for one in rows if (one["unit_code"], one["level"]) == ("90010", "detailed")]
    assert detailed["unit_name"] == "Phường Hòa Đông"
    assert (detailed["before_pct"], detailed["after_pct"], detailed["rank"]) == ("15", "5", "1")
    assert detailed["changes"].startswith("'=QHCT: hết thời hạn")
    [alone] = [one for one in rows if (one["unit_code"], one["level"]) == ("90011", "detailed")]
    assert (alone["merged_on"], alone["before_pct"]) == ("", "")


def test_the_command_writes_every_form_and_they_agree(checked: Settings, over: TestClient, tmp_path: Path):
    out = {suffix: tmp_path / f"báo cáo.{suffix}" for suffix in ("html", "json", "csv", "gpkg")}
    words = [word for path in out.values() for word in ("--out", str(path))]
    done = quyhoach(checked, "check", "report", "--on", DAY["on"], *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(out["json"].read_text(encoding="utf-8")) == over.get("/v1/coverage/report", params=DAY).json()
    assert out["html"].read_text(encoding="utf-8") == over.get("/coverage/report", params=DAY).text
    assert out["csv"].read_bytes() == over.get("/v1/coverage/report", params={**DAY, "format": "csv"}).content
    layers = {name for name, _ in pyogrio.list_layers(out["gpkg"])}
    assert {"communes", "uncovered", "findings", "former_communes", "changes", "trend"} <= layers
    communes = gpd.read_file(out["gpkg"], layer="communes").set_index("code")
    assert communes.crs.to_epsg() == 9214
    assert communes.loc["90010", "subdivision_ratio_pct"] == pytest.approx(50)
    assert communes.loc["90010", "detailed_difference_pct"] == pytest.approx(-10)
    uncovered = gpd.read_file(out["gpkg"], layer="uncovered")
    assert uncovered.area.sum() == pytest.approx(uncovered["area_m2"].sum())


def test_the_service_gives_the_layers_that_the_command_writes(checked: Settings, over: TestClient, tmp_path: Path):
    own, theirs = tmp_path / "own.gpkg", tmp_path / "theirs.gpkg"
    assert quyhoach(checked, "check", "report", "--on", DAY["on"], "--out", str(own)).returncode == 0
    answer = over.get("/v1/coverage/report", params={**DAY, "format": "gpkg"})
    assert answer.headers["content-type"] == "application/geopackage+sqlite3"
    assert answer.headers["content-disposition"] == 'attachment; filename="do-phu-kin-2026-01-15-r2.gpkg"'
    assert answer.headers["cache-control"] == "public, max-age=30"
    assert int(answer.headers["content-length"]) == len(answer.content)
    theirs.write_bytes(answer.content)
    names = [name for name, _ in pyogrio.list_layers(theirs)]
    assert names == [name for name, _ in pyogrio.list_layers(own)]
    for name in names:
        assert pyogrio.read_dataframe(theirs, layer=name).equals(pyogrio.read_dataframe(own, layer=name)), name
    about = pyogrio.read_dataframe(theirs, layer="about").iloc[0]
    assert (about["release"], about["on"], about["crs"], about["illustration"]) == (2, DAY["on"], "EPSG:9214", False)
    assert over.get("/v1/coverage/report", params={**DAY, "format": "gpkg"}).content == answer.content


def test_the_layers_of_one_commune_and_of_an_unknown_one(over: TestClient, tmp_path: Path):
    one = tmp_path / "one.gpkg"
    one.write_bytes(over.get("/v1/coverage/report", params={**DAY, "unit": "90010", "format": "gpkg"}).content)
    assert list(gpd.read_file(one, layer="communes")["code"]) == ["90010"]
    unknown = over.get("/v1/coverage/report", params={**DAY, "unit": "99999", "format": "gpkg"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown-unit")


def test_too_many_findings_or_askers_are_turned_away(over: TestClient, monkeypatch):
    asked = {**DAY, "format": "gpkg", "lang": "en"}
    monkeypatch.setattr("api.documents.coverage_files.MOST_FINDINGS", 0)
    many = over.get("/v1/coverage/report", params=asked)
    assert (many.status_code, many.json()["code"]) == (400, "bad-question")
    assert "use: quyhoach check report --out FILE.gpkg" in many.json()["detail"]
    monkeypatch.undo()
    monkeypatch.setattr("api.documents.coverage_files.MOST_ASKING", 0)
    busy = over.get("/v1/coverage/report", params=asked)
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "5")


def test_files_that_were_asked_for_go_with_their_time_and_with_the_service(checked: Settings, monkeypatch):
    monkeypatch.setattr("api.documents.coverage_files.KEPT_SECONDS", -1)
    app = create_app(checked)
    with TestClient(app) as client:
        folder = Path(app.state.report_files._folder.name)
        for _ in range(2):
            assert client.get("/v1/coverage/report", params={**DAY, "format": "gpkg"}).status_code == 200
        assert len(list(folder.iterdir())) == 1
    assert not folder.exists()


def test_the_gpkg_of_one_commune_holds_that_one_alone(checked: Settings, tmp_path: Path):
    out = tmp_path / "one.gpkg"
    assert quyhoach(checked, "check", "report", "--on", DAY["on"], "--unit", "90010", "--out", str(out)).returncode == 0
    assert list(gpd.read_file(out, layer="communes")["code"]) == ["90010"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--out", "report.pdf"), "end it in .html"),
        (("--out", "/nowhere/at/all.csv"), "there is no folder"),
        (("--unit", "99999"), "99999"),
        (("--on", "2001-01-01"), "not been checked"),
        (("--release", "7"), "7"),
    ],
)
def test_a_report_that_cannot_be_made_says_why(checked: Settings, words, said):
    day = () if "--on" in words else ("--on", DAY["on"])
    done = quyhoach(checked, "check", "report", *day, *words)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert said in done.stderr


def test_what_was_compared_in_a_draft_is_forgotten_with_it(town: Settings, make_database, tmp_path: Path):
    settings = make_database(name_of(town))
    rows = [{"code": "90012", "name": "Xã Thêm", "province_code": "90", "geometry": strip(700, 800)}]
    write(tmp_path / "more.gpkg", rows)
    assert (
        quyhoach(settings, "import", "units", str(tmp_path / "more.gpkg"), "--valid-from", "2020-01-01").returncode == 0
    )
    quyhoach(settings, "check", "coverage", "--draft", "--on", DAY["on"])

    def kept() -> list[tuple[int, int]]:
        question = "SELECT (SELECT count(*) FROM coverage_change), (SELECT count(*) FROM former_quality)"
        with psycopg.connect(settings.database_url) as connection:
            return connection.execute(question).fetchall()

    assert kept() == [(2, 2)]
    assert quyhoach(settings, "discard").returncode == 0
    assert kept() == [(0, 0)]
