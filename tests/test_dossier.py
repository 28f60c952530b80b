"""One dossier from the drawing to the published plan, by the commands of docs/guide/dossier.md, word for word."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import shapely
import yaml
from starlette.testclient import TestClient

from api.app import create_app
from layers.sample.dossier import LOTS, ORIGIN, PROFILE, write_dossier
from layers.sample.load import load
from planning.settings import Settings
from tests.conftest import Done, name_of, quyhoach
from tests.guide import ROOT, guide_commands

PLAN = "QHCT-HS"
REFUSING = {("profile", "check", "cad-zones"), ("check", "all", "--draft"), ("draft", "publish")}
"""Commands of which the page says that they exit 1, by their first words and how long they are."""


@pytest.fixture(scope="module")
def walked(
    template: Settings, make_database: Callable[[str | None], Settings], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Settings, dict[str, Done], Path]:
    """The database after the last command; what each command printed; the folder of the dossier."""
    store, folder = tmp_path_factory.mktemp("store"), tmp_path_factory.mktemp("clerk") / "ho-so"
    settings = make_database(name_of(template)).model_copy(update={"file_store": str(store)})
    load(settings, tmp_path_factory.mktemp("sample"), parcels=1_000, zones=250, seed=2025, progress=lambda *_: None)
    printed: dict[str, Done] = {}
    case = ""
    for command in guide_commands("dossier.md"):
        words = [word.replace("ho-so", str(folder), 1) if word.startswith("ho-so") else word for word in command]
        done = quyhoach(settings, *[word.replace("$VIEC", case) for word in words])
        refuses = tuple(command[:3]) in REFUSING and "--by" not in command
        assert done.returncode == int(refuses), (command, done.stdout, done.stderr)
        printed[" ".join(command)] = done
        if found := re.search(r"--accept '(\d+)=…'", done.stdout):
            case = found[1]
    return settings, printed, folder


def said(walked, *beginning: str) -> list[str]:
    """What the commands that begin so printed, in order."""
    return [done.stdout for words, done in walked[1].items() if words.startswith(" ".join(beginning))]


def rows(settings: Settings, question: str):
    with psycopg.connect(settings.database_url) as connection:
        return connection.execute(question, (PLAN,)).fetchall()


def zones(settings: Settings):
    question = (
        "SELECT z.lot_symbol, z.function_code, ST_AsBinary(z.geom), z.attributes FROM zone z JOIN plan p ON p.id = z.plan_id"
        " WHERE p.code = %s AND p.release_to IS NULL"
    )
    return {
        symbol: (code, shapely.from_wkb(bytes(shape)), kept) for symbol, code, shape, kept in rows(settings, question)
    }


def test_zones_lie_exactly_as_drawn_but_for_the_sliver_that_was_mended(walked):
    stored = zones(walked[0])
    assert set(stored) == {lot.symbol for lot in LOTS}
    mended = []
    for lot in LOTS:
        shape = stored[lot.symbol][1]
        if lot.open_m:
            assert shapely.hausdorff_distance(shape, lot.shape) < 1e-6
        elif not shape.equals(lot.shape):
            mended.append((lot.symbol, shape.symmetric_difference(lot.shape).area))
    [(symbol, area_m2)] = mended
    assert symbol in {"OM-01", "OM-02"}
    assert area_m2 == pytest.approx(14, abs=1e-3)


def test_functions_come_from_layers_and_letters_are_right(walked):
    stored = zones(walked[0])
    codes = {
        "OM": "Nhomnhao",
        "CX": "CayxanhCC",
        "GT": "DuongGT",
        "MN": "Truonghoc",
        "DV": "Dichvu",
        "HT": "Hatangkhac",
        "BX": "DuongGT",
    }
    for lot in LOTS:
        code, _, kept = stored[lot.symbol]
        assert code == codes[lot.symbol[:2]]
        assert json.loads(kept["texts"]) == [lot.symbol, lot.words]
        assert kept["text_fonts"] == ".VnTime"


def test_each_step_prints_what_the_page_says(walked):
    [looked] = said(walked, "import", "inspect")
    assert "The letters are TCVN3" in looked
    assert "EPSG:9214 (VN-2000, 107°00′, k 0.9999) is proposed" in looked
    assert looked.count("encloses nothing") == 4
    assert "text “" not in looked
    [drafted] = said(walked, "profile", "draft")
    assert "pick: symbol" in drafted
    [refused] = said(walked, "profile", "check", "cad-zones")
    assert "“QH_BAI DO XE”" in refused
    assert "1 giá trị có vấn đề" in refused
    dry, real = said(walked, "import", "plan")
    for report in (dry, real):
        assert "8 đầu hở nối trong 0.5 m" in report
        assert re.search(r"stored: zone\s*│\s*8 │", report)
    assert "a dry run, nothing was stored" in dry
    shown, applied = said(walked, "check", "repair", "zones", PLAN)
    assert "gap 2 → 1" in shown
    assert "30.000 m²" in applied


def test_the_reports_are_pages(walked):
    for name in ("chay-thu.html", "nhap.html", "nan.html", "sua.html"):
        assert (walked[2] / name).read_text(encoding="utf-8").lstrip().startswith("<!"), name


def test_the_service_answers_with_the_lot_the_decision_and_its_documents(walked):
    x, y = ORIGIN[0] + 40, ORIGIN[1] + 35
    with TestClient(create_app(walked[0])) as client:
        place = {"x": x, "y": y, "crs": "EPSG:9214", "on": "2026-02-01"}
        answer = client.get("/v1/lookup", params=place).json()
        documents = client.get(f"/v1/plans/{PLAN}/documents").json()
        scans = client.get("/v1/scans").json()
    text = json.dumps(answer, ensure_ascii=False)
    for words in (PLAN, "OM-01", "Nhomnhao", "15/QĐ-UBND"):
        assert words in text, words
    assert documents["missing_documents"] == []
    assert {one["type"] for one in documents["documents"]} == {"decision", "regulation", "drawing"}
    assert [one["title"] for one in scans["scans"]] == ["Bản đồ sử dụng đất (minh họa)"]


def test_the_red_lines_lie_along_the_street(walked):
    lines = rows(walked[0], "SELECT kind, ST_Length(geom) FROM control_line WHERE plan_code = %s AND release_from = 2")
    assert lines == [("red_line", 240.0)] * 2


def test_the_error_that_stands_is_accepted_with_its_reason(walked):
    listed = quyhoach(walked[0], "check", "findings", "--status", "accepted").stdout
    assert "plan.zone-gap" in listed
    assert PLAN in listed


def test_the_profile_on_the_page_is_a_part_of_the_one_in_the_folder():
    page = (ROOT / "docs" / "guide" / "dossier.md").read_text(encoding="utf-8")
    [shown] = re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL)
    part, whole = yaml.safe_load(shown)["fields"], yaml.safe_load(PROFILE)["fields"]
    assert part["lot_symbol"] == whole["lot_symbol"]
    assert part["function"]["values"].items() <= whole["function"]["values"].items()


def test_the_same_seed_gives_the_same_files(tmp_path: Path):
    one, other = (write_dossier(tmp_path / name, 7) for name in ("a", "b"))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in other]
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == sorted(path.name for path in one)
