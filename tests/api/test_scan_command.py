"""The command line from a scan to an answer: placed, kept, traced, published, and told how exact it is."""

import json
from pathlib import Path

import geopandas as gpd
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from planning.settings import Settings
from planning.store.session import connected
from tests.conftest import Done, quyhoach
from tests.layers.digitise.rendered import legend_file, plan, sheet_of
from tests.layers.digitise.sheets import grid, points_file, rotated
from tests.town import DESPITE_ERRORS

WIDTH, HEIGHT = 900, 700
PLAN = ("--plan", "A", "--name", "A", "--level", "general")

pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a scanned plan, its control points and its legend."""
    sheet_of(tmp_path / "plan.jpg", plan(WIDTH, HEIGHT, 8), WIDTH, HEIGHT)
    points_file(tmp_path / "points.csv", grid(WIDTH, HEIGHT))
    legend_file(tmp_path / "legend.csv")
    return tmp_path


def placed(settings: Settings, desk: Path, *more: str) -> Done:
    gcps, out = ("--gcps", str(desk / "points.csv")), ("--out", str(desk / "plan.tif"))
    return quyhoach(
        settings,
        "scan",
        "georeference",
        str(desk / "plan.jpg"),
        *gcps,
        *out,
        "--crs",
        "EPSG:9214",
        "--scale",
        "5000",
        *more,
    )


def traced(settings: Settings, desk: Path, *more: str) -> Done:
    what = (
        "--scheme",
        "land_use",
        "--plan",
        "QH-T",
        "--name",
        "Quy hoạch lần vết",
        "--level",
        "land_use",
        "--kind",
        "land_use",
    )
    return quyhoach(
        settings, "scan", "trace", str(desk / "plan.tif"), "--legend", str(desk / "legend.csv"), *what, *more
    )


def done(result: Done) -> Done:
    assert (result.returncode, result.stderr) == (0, "")
    return result


def unit_of(desk: Path) -> Path:
    """A commune under the sheet."""
    corners = rotated(grid(WIDTH, HEIGHT, 2))
    box = gpd.GeoSeries.from_xy(*corners.T, crs="EPSG:9214").union_all().envelope.buffer(50)
    frame = gpd.GeoDataFrame({"code": ["07582"], "name": ["Xã Lục Ngạn"]}, geometry=[box], crs="EPSG:9214")
    frame.to_file(desk / "unit.gpkg", layer="unit")
    return desk / "unit.gpkg"


def test_from_a_scan_to_an_answer_that_says_how_exact_it_is(empty, desk):
    done(placed(empty, desk, "--report", str(desk / "r.json"), "--report", str(desk / "r.html")))
    assert json.loads((desk / "r.json").read_text(encoding="utf-8"))["accuracy_mm"] < 0.01
    assert "data:image/jpeg;base64," in (desk / "r.html").read_text(encoding="utf-8")
    done(quyhoach(empty, "import", "units", str(unit_of(desk)), "--valid-from", "2025-07-01"))
    shown = done(traced(empty, desk, "--into-draft", "--valid-from", "2025-07-01", "--illustration")).stdout
    assert "± 0.5 m" in shown
    done(quyhoach(empty, "scan", "add", str(desk / "plan.tif"), "--plan", "QH-T", "--title", "Bản đồ sử dụng đất"))
    assert (
        "brought in before, skipped"
        in done(
            quyhoach(empty, "scan", "add", str(desk / "plan.tif"), "--plan", "QH-T", "--title", "Bản đồ sử dụng đất")
        ).stdout
    )
    assert "Bản đồ sử dụng đất" in done(quyhoach(empty, "scan", "list", "--plan", "QH-T")).stdout
    done(quyhoach(empty, "publish", *DESPITE_ERRORS))
    assert stored(empty) == [(desk / "plan.tif").read_bytes()]
    x, y = rotated(grid(WIDTH, HEIGHT, 3))[4] + 1
    with TestClient(create_app(empty)) as client:
        [kept] = client.get("/v1/scans", params={"plan": "QH-T"}).json()["scans"]
        assert client.get("/v1/scans", params={"plan": "QH-X"}).json()["scans"] == []
        answer = client.get("/v1/lookup", params={"x": x, "y": y, "crs": "EPSG:9214", "on": "2026-01-01"}).json()
    assert (kept["title"], kept["gsd_m"], kept["accuracy_m"] < 0.01) == ("Bản đồ sử dụng đất", 0.5, True)
    west, south, east, north = kept["bounds"]
    assert west < answer["subject"]["lon"] < east
    assert south < answer["subject"]["lat"] < north
    told = next(theme for theme in answer["themes"] if theme["theme"] == "land_use")["restrictions"][0]
    assert (told["plan"]["origin"], told["plan"]["accuracy_m"]) == ("traced", 0.5)
    assert told["zone"]["function_code"] in legend_file(desk / "again.csv").read_text(encoding="utf-8")


def stored(settings: Settings) -> list[bytes]:
    return [path.read_bytes() for path in Path(settings.file_store).rglob("*") if path.is_file()]


def test_a_file_of_traced_zones_can_be_brought_in_later(empty, desk):
    done(placed(empty, desk))
    done(traced(empty, desk, "--out", str(desk / "zones.gpkg")))
    done(quyhoach(empty, "import", "plan", str(desk / "zones.gpkg"), "--valid-from", "2025-07-01"))
    with connected(empty) as connection:
        rows = connection.exec_driver_sql("SELECT origin, accuracy_m, scale FROM plan").all()
        zones = connection.exec_driver_sql("SELECT count(*) FROM zone").scalar_one()
    assert ([tuple(row) for row in rows], zones) == ([("traced", 0.5, 5000)], 8)


def test_a_scan_placed_anew_supersedes_the_earlier_one_and_discard_takes_it_back(empty, desk):
    done(placed(empty, desk))
    done(traced(empty, desk, "--into-draft", "--valid-from", "2025-07-01"))
    add = ("scan", "add", str(desk / "plan.tif"), "--plan", "QH-T", "--title", "Bản đồ")
    done(quyhoach(empty, *add))
    done(quyhoach(empty, "publish", *DESPITE_ERRORS))
    done(placed(empty, desk, "--pixel-m", "1"))
    done(quyhoach(empty, *add))
    question = "SELECT gsd_m FROM scan WHERE release_to IS NULL"
    with connected(empty) as connection:
        assert connection.exec_driver_sql(question).scalars().all() == [1.0]
    done(quyhoach(empty, "discard"))
    with connected(empty) as connection:
        assert connection.exec_driver_sql(question).scalars().all() == [0.5]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("scan", "add", "{desk}/plan.tif", "--plan", "QH-X", "--title", "a"), "no plan QH-X is on record"),
        (("scan", "add", "{desk}/plan.jpg", "--plan", "QH-X", "--title", "a"), "was not made by quyhoach scan georeference"),
        (("scan", "georeference", "{desk}/plan.jpg", "--scale", "5000"), "control points (--gcps) or a world file"),
        (("scan", "georeference", "{desk}/plan.jpg", "--scale", "5000", "--method", "best"), "use one of affine, polynomial, thin-plate"),
        (("scan", "georeference", "{desk}/plan.jpg", "--scale", "5000", "--out", "a.png"), "end it in .tif"),
        (("scan", "georeference", "{desk}/no.jpg", "--scale", "5000", "--gcps", "{desk}/points.csv"), "there is no such file"),
        (("scan", "georeference", "{desk}/plan.jpg", "--scale", "5000", "--report", "a.txt"), "end it in .json or .html"),
        (("scan", "georeference", "{desk}/plan.jpg", "--gcps", "{desk}/points.csv"), "Missing option '--scale'"),
        (("scan", "trace", "{desk}/plan.tif", "--scheme", "x", *PLAN), "use one of land_use, planning"),
        (("scan", "trace", "{desk}/plan.tif", "--scheme", "planning", *PLAN), "at least one of"),
    ],
)  # fmt: skip
def test_mistakes_are_one_line(empty, desk, words, said):
    done(placed(empty, desk))
    result = quyhoach(empty, *(word.replace("{desk}", str(desk)) for word in words))
    assert result.returncode == 1
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
