"""Targets of coverage: set by an office for a level, of all communes or of one; below them is an error, and ratios stand beside them."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api import schemas
from api.app import create_app
from planning.checks.records import PlanRecord, UnitRecord
from planning.coverage.audit import Wanted, audit_plans
from planning.coverage.targets import Target, target_of
from planning.settings import Settings
from tests.conftest import publish_unchecked, quyhoach
from tests.town import strip
from tests.village import DAY, done, plan, rows

HEADER = "level,unit_code,target_pct,on_whose_word,valid_from,valid_to\n"


def setting(folder: Path, *lines: str) -> str:
    """A file of targets."""
    path = folder / "targets.csv"
    path.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def found(settings: Settings, folder: Path, *words: str) -> list[tuple[str, str, str]]:
    """Rule, severity and level of what the check of coverage finds at levels."""
    out = folder / "found.geojson"
    quyhoach(settings, "check", "coverage", *(words or DAY), "--out", str(out))
    properties = [one["properties"] for one in json.loads(out.read_text(encoding="utf-8"))["features"]]
    return sorted(
        (one["check"], one["severity"], one["level"]) for one in properties if one["check"].startswith("level.")
    )


@pytest.fixture
def covered_to_three_quarters(village: Settings, tmp_path: Path) -> Settings:
    """The commune is 200 m wide, its general plan 150 m."""
    done(village, "import", "plan", plan(tmp_path, ("A", 0, 100), ("B", 100, 150), geometry=strip(0, 150)))
    return village


UNCOVERED = ("level.uncovered", "error", "general")
PLACE = ("level.uncovered", "info", "general")
BELOW = ("level.below-target", "error", "general")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((), [UNCOVERED]),
        (("general,,75,Sở,2021-01-01,",), [PLACE]),
        (("general,,75.1,Sở,2021-01-01,",), [BELOW, PLACE]),
        (("general,,100,Sở,2021-01-01,", "general,90001,70,Sở,2021-01-01,"), [PLACE]),
        (("general,,70,Sở,2021-01-01,", "general,90001,100,Sở,2021-01-01,"), [BELOW, PLACE]),
        (("general,90002,100,Sở,2021-01-01,",), [UNCOVERED]),
        (("general,,100,Sở,2021-01-01,2026-01-01",), [UNCOVERED]),
        (("general,,100,Sở,2026-01-02,",), [UNCOVERED]),
        (("general,,75,Sở,2021-01-01,", "detailed,,1,Sở,2021-01-01,"),
         [("level.below-target", "error", "detailed"), PLACE, ("level.uncovered", "info", "detailed")]),
    ],
)  # fmt: skip
def test_the_target_of_the_day_judges_the_commune(covered_to_three_quarters: Settings, tmp_path: Path, lines, expected):
    """Nothing set, met, missed; one's own before that of all; another commune's; out of force by a day; a level without any plan."""
    if lines:
        done(covered_to_three_quarters, "import", "targets", setting(tmp_path, *lines))
    assert found(covered_to_three_quarters, tmp_path, "--draft", *DAY) == sorted(expected)


def test_a_result_holds_only_while_its_target_does(covered_to_three_quarters: Settings, tmp_path: Path):
    lines = ("general,,75,Sở,2021-01-01,2026-01-01", "general,,90,Sở,2026-01-01,")
    done(covered_to_three_quarters, "import", "targets", setting(tmp_path, *lines))
    publish_unchecked(covered_to_three_quarters)
    assert found(covered_to_three_quarters, tmp_path, "--on", "2025-12-31") == [PLACE]
    assert found(covered_to_three_quarters, tmp_path) == sorted([BELOW, PLACE])
    [(shape, facts)] = rows(
        covered_to_three_quarters,
        "SELECT ST_Area(geom), facts FROM finding WHERE check_code = 'level.below-target'",
    )
    assert shape == pytest.approx(50 * 200)
    told = {"commune": "Xã 1", "ratio_pct": 75, "target_pct": 90, "lacking_m2": 6000, "on_whose_word": "Sở"}
    assert facts == {**told, "verdict": "defect"}
    with TestClient(create_app(covered_to_three_quarters)) as api:
        for day, target in (("2025-12-31", 75), ("2026-01-01", 90)):
            answer = api.get("/v1/coverage", params={"on": day}).json()
            schemas.CoverageAnswer.model_validate(answer)
            assert [(row["level"], round(row["ratio_pct"], 6), row["target_pct"]) for row in answer["rows"]] == [
                ("general", 75, target)
            ]
            assert [row["target_pct"] for row in api.get("/v1/coverage/report", params={"on": day}).json()["rows"]] == [
                target
            ]
        page = api.get("/coverage/report", params={"on": "2026-01-01"}).text
        assert "90,00 %" in page
        assert "chưa đạt chỉ tiêu" in page


def test_slivers_within_the_width_passed_over_count_as_covered(village: Settings, tmp_path: Path):
    """The plan ends half a millimetre before the commune does; a target of 100 % is met, missed by a sliver at 5 mm and by land at 5 m."""
    missed_by_a_sliver = ("level.below-target", "warning", "general")
    for short, expected in ((0.0005, []), (0.005, [missed_by_a_sliver, PLACE]), (5, [BELOW, PLACE])):
        done(village, "import", "plan", plan(tmp_path, ("A", 0, 200 - short), geometry=strip(0, 200 - short)))
        done(village, "import", "targets", setting(tmp_path, "general,,100,Sở,2021-01-01,"))
        assert found(village, tmp_path, "--draft", *DAY) == sorted(expected)


def test_a_target_is_superseded_and_a_release_keeps_its_own(covered_to_three_quarters: Settings, tmp_path: Path):
    for target in (75, 80):
        done(covered_to_three_quarters, "import", "targets", setting(tmp_path, f"general,,{target},Sở,2021-01-01,"))
        done(covered_to_three_quarters, "publish")
    question = "SELECT target_pct, release_from, release_to FROM coverage_target ORDER BY id"
    assert rows(covered_to_three_quarters, question) == [(75, 2, 3), (80, 3, None)]
    assert "80%" in quyhoach(covered_to_three_quarters, "check", "coverage", *DAY).stdout


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("chung,,80,Sở,2021-01-01,", "is none of general"),
        ("general,9001,80,Sở,2021-01-01,", "not the five digits of a commune"),
        ("general,,0,Sở,2021-01-01,", "not above 0 and up to 100"),
        ("general,,101,Sở,2021-01-01,", "not above 0 and up to 100"),
        ("general,,tám mươi,Sở,2021-01-01,", "is not a number"),
        ("general,,80,,2021-01-01,", "on_whose_word is empty"),
        ("general,,80,Sở,2021-01-01,2020-01-01", "2020-01-01"),
    ],
)
def test_what_is_no_target_is_refused(village: Settings, tmp_path: Path, line: str, said: str):
    result = quyhoach(village, "import", "targets", setting(tmp_path, line))
    assert (result.returncode, len(result.stderr.strip().splitlines())) == (1, 1)
    assert said in result.stderr


def test_a_communes_own_target_goes_before_that_of_all():
    everyone, own = Target("general", None, 90, "Sở"), Target("general", "90001", 50, "UBND")
    assert target_of([everyone, own], "general", "90001") == own
    assert target_of([everyone, own], "general", "90002") == everyone
    assert target_of([own], "general", "90002") is None
    assert target_of([everyone], "land_use", "90001") is None


@given(west=st.integers(0, 200), width=st.integers(1, 200), target=st.integers(1, 100))
def test_a_commune_is_below_its_target_where_its_share_is(west, width, target):
    """A commune 200 m wide and a plan of whole metres somewhere in it; the share is told by their sides alone."""
    east = min(200, west + width)
    assume(east > west)
    commune = UnitRecord("90001", "Xã 1", "commune", strip(0, 200))
    drawn = PlanRecord("QH", "", "general", "rural", strip(west, east), date(2021, 1, 1))
    wanted = Wanted(("general",), targets=(Target("general", None, target, "Sở"),))
    result = audit_plans([commune], [drawn], wanted)
    below = [one for one in result.findings if one.check == "level.below-target"]
    assert len(below) == ((east - west) * 100 < target * 200)
    if below:
        assert round(below[0].area_m2) == (200 - (east - west)) * 200
