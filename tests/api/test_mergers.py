"""Mergers over HTTP and by command: resolutions, reports, the ledger; what a person is told who asks amiss."""

import shutil
from pathlib import Path

import httpx2 as httpx
import psycopg
import pytest
from starlette.testclient import TestClient

from api import schemas
from api.app import create_app
from planning.settings import Settings
from tests.conftest import name_of, quyhoach
from tests.town import strip, write


def test_the_resolutions_on_record(sample_api: httpx.Client):
    answer = sample_api.get("/v1/mergers").json()
    schemas.MergerList.model_validate(answer)
    listed = {one["resolution"]: one for one in answer["mergers"]}
    assert set(listed) == {"SAMPLE/NQ-MH", "SAMPLE/NQ-MH-TINH"}
    communes = listed["SAMPLE/NQ-MH"]
    assert (communes["units_closed"], communes["units_opened"], communes["has_report"]) == (12, 4, True)
    assert communes["kind_counts"] == {"absorb": 1, "merge": 3}
    assert communes["repealed_by"] is None


def test_the_report_says_what_the_merger_does(sample_api: httpx.Client):
    answer = sample_api.get("/v1/mergers/report", params={"resolution": "SAMPLE/NQ-MH"}).json()
    schemas.MergerReport.model_validate(answer)
    report = answer["report"]
    assert report["illustration"] is True
    assert (report["summary"]["closed"], report["summary"]["opened"], report["summary"]["breaches"]) == (12, 4, 0)
    assert (report["summary"]["parts_known"], report["summary"]["parts_unknown"]) == (13, 0)
    undecided = [plan for plan in report["plans"] if plan["carry_over"] == "undecided"]
    assert undecided
    assert all(plan["decided"] for plan in undecided)
    everything = [row["area_m2"] for row in report["matrix"]["rows"] if row["plan"] is None]
    units = sum(unit["area_km2"] for unit in report["opened"])
    assert sum(everything) / 1e6 == pytest.approx(units, abs=0.01)


def test_every_moved_parcel_is_counted_once(sample_api: httpx.Client):
    report = sample_api.get("/v1/mergers/report", params={"resolution": "SAMPLE/NQ-MH"}).json()["report"]
    moves = report["parcels"]["moves"]
    assert sum(one["parcels"] for one in moves) == 20_000
    assert {one["new"] for one in moves if one["former"] == "90004"} == {"90101", "90102"}


def test_an_unknown_report_is_said_to_be_unknown(sample_api: httpx.Client):
    answer = sample_api.get("/v1/mergers/report", params={"resolution": "0/NQ", "lang": "en"})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-report")
    assert "quyhoach merge report" in answer.json()["detail"]
    assert sample_api.get("/v1/mergers/report").status_code == 400


def test_the_ledger_lists_what_became_of_plans(sample_api: httpx.Client):
    everything = sample_api.get("/v1/carry-over").json()
    schemas.LedgerAnswer.model_validate(everything)
    undecided = sample_api.get("/v1/carry-over", params={"decision": "undecided"}).json()
    assert 0 < undecided["total"] < everything["total"]
    one = undecided["entries"][0]
    same = sample_api.get("/v1/carry-over", params={"plan": one["plan_code"]}).json()["entries"]
    assert one in same


@pytest.fixture(scope="module")
def built(template: Settings, make_database, tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Path]:
    settings, folder = make_database(name_of(template)), tmp_path_factory.mktemp("built")
    units = [
        {"code": f"9000{n}", "name": f"Xã {n}", "province_code": "90", "geometry": strip(200 * n - 200, 200 * n)}
        for n in (1, 2)
    ]
    write(folder / "old.gpkg", units)
    write(folder / "new.gpkg", [{"code": "90010", "geometry": strip(0, 400)}])
    plan = {
        "code": "QH",
        "name": "Quy hoạch",
        "kind": "rural",
        "level": "general",
        "valid_from": "2021-01-01",
        "geometry": strip(100, 300),
    }
    write(folder / "plans.gpkg", [plan], "plan")
    zone = {"plan_code": "QH", "function_code": "Nhomnhao", "function_scheme": "planning", "geometry": strip(100, 300)}
    write(folder / "plans.gpkg", [zone], "zone")
    (folder / "m.csv").write_text(
        "resolution,clause,new_code,new_name,old_code,old_name,extent,scope\n"
        "1/NQ,1,90010,Phường Mới,90001,Xã 1,full,area+population\n1/NQ,1,90010,Phường Mới,90002,Xã 2,full,area+population\n",
        encoding="utf-8",
    )
    for words in (
        f"import units {folder}/old.gpkg --valid-from 2020-01-01",
        f"import plan {folder}/plans.gpkg",
        f"import mergers {folder}/m.csv --effective 2025-07-01",
        "publish --by thử --accept-all-errors vẽ-tay",
    ):
        done = quyhoach(settings, *words.split())
        assert done.returncode == 0, (words, done.stderr)
    return settings, folder


@pytest.fixture
def waiting(built: tuple[Settings, Path], copy_of, tmp_path: Path) -> tuple[Settings, Path]:
    """Two communes in force without end, a plan across their border, the clause that unites them; published."""
    settings, folder = built
    return copy_of(settings), shutil.copytree(folder, tmp_path / "files")


def test_a_merger_goes_from_preview_to_release_and_back(waiting: tuple[Settings, Path]):
    settings, folder = waiting
    outs = [folder / f"impact{suffix}" for suffix in (".md", ".json", ".html", ".gpkg")]
    words = ["merge", "preview", "1/NQ", "--boundaries", str(folder / "new.gpkg")]
    done = quyhoach(settings, *words, *[word for out in outs for word in ("--out", str(out))])
    assert done.returncode == 0, done.stderr
    assert all(out.stat().st_size > 500 for out in outs)
    assert "draft: –" in quyhoach(settings, "status").stdout, "a preview stores nothing"
    for words in (["merge", "apply", "1/NQ", "--boundaries", str(folder / "new.gpkg")], ["publish"]):
        done = quyhoach(settings, *words)
        assert done.returncode == 0, done.stderr
    assert "carried out already" in quyhoach(settings, "merge", "apply", "1/NQ").stderr
    done = quyhoach(settings, "merge", "revert", "1/NQ", "--by", "2/NQ", "--effective", "2026-01-01")
    assert done.returncode == 0, done.stderr
    assert "bãi bỏ / repealed" in quyhoach(settings, "merge", "list").stdout
    assert quyhoach(settings, "publish").returncode == 0
    with TestClient(create_app(settings), follow_redirects=False) as api:
        told = {
            day: [api.get(f"/v1/units/{code}", params={"on": day}).status_code for code in ("90001", "90002", "90010")]
            for day in ("2025-06-30", "2025-07-01", "2026-01-01")
        }
        ledger = api.get("/v1/carry-over", params={"plan": "QH"}).json()["entries"]
    assert told == {"2025-06-30": [200, 200, 404], "2025-07-01": [301, 301, 200], "2026-01-01": [200, 200, 410]}
    assert [(one["effective"], one["decision"], one["resolution"]) for one in ledger] == [
        ("2025-07-01", "kept", "1/NQ"), ("2026-01-01", "kept", "2/NQ")]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("merge apply 9/NQ", "see quyhoach merge list"),
        ("merge preview 1/NQ#7", "see quyhoach merge list"),
        ("merge preview 1/NQ --out /tmp/x.pdf", "end it in"),
        ("merge preview 1/NQ --out /nowhere/x.md", "no folder"),
        ("merge revert 1/NQ --by 2/NQ", "not carried out"),
        ("merge revert 1/NQ --by 1/NQ", "cannot repeal itself"),
    ],
)
def test_a_mistake_is_one_clear_line(waiting: tuple[Settings, Path], words: str, said: str):
    done = quyhoach(waiting[0], *words.split())
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_discarding_takes_the_report_along(waiting: tuple[Settings, Path]):
    settings, folder = waiting
    assert quyhoach(settings, "merge", "apply", "1/NQ", "--boundaries", str(folder / "new.gpkg")).returncode == 0
    counted = "SELECT count(*) FROM merger_report"
    with psycopg.connect(settings.database_url) as connection:
        assert connection.execute(counted).fetchall() == [(1,)]
    assert quyhoach(settings, "discard").returncode == 0
    with psycopg.connect(settings.database_url) as connection:
        assert connection.execute(counted).fetchall() == [(0,)]
    assert quyhoach(settings, "merge", "apply", "1/NQ").returncode == 0


def test_a_boundary_file_of_other_units_or_of_another_place_is_refused(waiting: tuple[Settings, Path]):
    settings, folder = waiting
    write(folder / "other.gpkg", [{"code": "90099", "geometry": strip(0, 400)}])
    write(folder / "far.gpkg", [{"code": "90010", "geometry": strip(50_000, 50_400)}])
    for file, said in (("other.gpkg", "has none of the units"), ("far.gpkg", "meets none of its former units")):
        done = quyhoach(settings, "merge", "apply", "1/NQ", "--boundaries", str(folder / file))
        assert (done.returncode, said in done.stderr) == (1, True), done.stderr
    assert "draft: –" in quyhoach(settings, "status").stdout


def test_a_zero_byte_is_a_bad_question(sample_api: httpx.Client):
    for path in (
        "/v1/carry-over?plan=%00",
        "/v1/mergers/report?resolution=%00",
        "/v1/units?name=a%00b",
        "/v1/scans?plan=%00",
    ):
        assert sample_api.get(path).status_code == 400, path
