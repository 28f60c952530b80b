"""Runs of checks are kept and compared: what is new, gone, grown, shrunk and still there between two runs of one release."""

from datetime import date
from pathlib import Path

import pytest

from planning.checks.cases import CaseCourse
from planning.errors import BadQuestion, NotAllowed
from planning.settings import Settings
from planning.store import releases, runs
from planning.store.session import WriteSession
from tests.conftest import quyhoach
from tests.village import DAY, done, plan, rows


def checked(settings: Settings, folder: Path, *zones: tuple[str, float, float], level: str | None = None) -> None:
    """Bring the plan in anew with these zones, and check the draft."""
    done(settings, "import", "plan", plan(folder, *zones))
    quyhoach(settings, "check", "coverage", "--draft", *DAY, *(("--level", level) if level else ()))


def told(settings: Settings, *words: str) -> dict[str, tuple[str, ...]]:
    """Rule → how many cases are new, gone, grown, shrunk, still."""
    lines = [line.strip("│┃ ") for line in done(settings, "check", "diff", *words).splitlines()]
    cells = [
        [cell.strip() for cell in line.replace("┃", "│").split("│")]
        for line in lines
        if line.startswith(("plan.", "level."))
    ]
    return {one[0]: tuple(one[1:6]) for one in cells if len(one) >= 6}


def test_two_runs_of_one_release_are_compared(village: Settings, tmp_path: Path):
    """The gap of ten metres grows to 15, shrinks to 5, goes for an overlap, and comes back as the case it was."""
    quyhoach(village, "check", "coverage", *DAY)
    checked(village, tmp_path, ("A", 0, 100), ("B", 115, 200))
    checked(village, tmp_path, ("A", 0, 100), ("B", 105, 200))
    checked(village, tmp_path, ("A", 0, 100), ("B", 90, 200))
    checked(village, tmp_path, ("A", 0, 100), ("B", 105, 200))
    assert [row[:2] for row in rows(village, "SELECT number, release, counts FROM kept_run ORDER BY 1")] == [
        (1, 1), (2, 2), (3, 2), (4, 2), (5, 2),
    ]  # fmt: skip
    assert told(village, "--runs", "1", "2") == {"plan.zone-gap": ("0", "0", "1", "0", "0")}
    assert told(village, "--runs", "2", "3") == {"plan.zone-gap": ("0", "0", "0", "1", "0")}
    assert told(village, "--runs", "3", "3") == {"plan.zone-gap": ("0", "0", "0", "0", "1")}
    assert told(village, "--runs", "3", "4") == {
        "plan.zone-gap": ("0", "1", "0", "0", "0"),
        "plan.zone-overlap": ("1", "0", "0", "0", "0"),
    }
    assert told(village) == told(village, "--runs", "4", "5") != {}
    assert rows(village, "SELECT count(*) FROM finding_case WHERE check_code = 'plan.zone-gap'") == [(1,)]
    listed = done(village, "check", "diff", "--runs", "2", "3")
    for words in (
        "3,000.000 → 1,000.000",
        "nhỏ đi / shrunk",
        "run 2, công bố / release 2",
        "run 3, công bố / release 2",
    ):
        assert words in listed, words
    assert "→ –" in done(village, "check", "diff", "--runs", "3", "4")


def test_runs_are_listed_and_go_with_a_discarded_draft(village: Settings, tmp_path: Path):
    assert "no run" in done(village, "check", "runs")
    quyhoach(village, "check", "coverage", *DAY)
    checked(village, tmp_path, ("A", 0, 100), ("B", 90, 200), level="general")
    assert "general" in done(village, "check", "runs")
    assert "general" not in done(village, "check", "runs", "--release", "1")
    done(village, "discard")
    assert rows(village, "SELECT number FROM kept_run") == [(1,)]
    assert rows(village, "SELECT check_code FROM finding_case") == [("plan.zone-gap",)]


def test_a_case_that_came_and_went_within_a_draft_is_mended_and_keeps_its_number(village: Settings, tmp_path: Path):
    state = "SELECT id, mended_in FROM finding_case WHERE check_code = 'plan.zone-overlap'"
    checked(village, tmp_path, ("A", 0, 100), ("B", 90, 200))
    [(case, mended)] = rows(village, state)
    assert mended is None
    checked(village, tmp_path, ("A", 0, 100), ("B", 100, 200))
    assert rows(village, state) == [(case, 2)]
    assert "plan.zone-overlap" in done(village, "check", "findings", "--status", "mended")
    checked(village, tmp_path, ("A", 0, 100), ("B", 95, 200))
    assert rows(village, state) == [(case, None)]


def test_the_published_release_can_be_checked_beside_the_draft(village: Settings, tmp_path: Path):
    """A case first found in the draft and then in the release it stands on belongs to both; discarding the draft leaves it."""
    done(village, "import", "plan", plan(tmp_path, ("A", 0, 100), ("B", 111, 200)))
    quyhoach(village, "check", "coverage", "--draft", *DAY)
    quyhoach(village, "check", "coverage", *DAY)
    assert rows(village, "SELECT first_release, last_release, mended_in FROM finding_case") == [(1, 2, None)]
    done(village, "discard")
    assert rows(village, "SELECT first_release, last_release FROM finding_case") == [(1, 1)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--runs", "1", "9"), "run 9 is not kept (the newest is 2)"),
        (("--runs", "1", "2"), "differ in level, commune or tolerance"),
        (("1",), "give two releases, or two runs"),
        (("1", "1", "--runs", "1", "2"), "give two releases, or two runs"),
        ((), "there are no two runs of one scope"),
    ],
)
def test_runs_that_cannot_be_compared_are_one_clear_line(village: Settings, words: tuple[str, ...], said: str):
    quyhoach(village, "check", "coverage", *DAY)
    quyhoach(village, "check", "coverage", "--level", "general", *DAY)
    result = quyhoach(village, "check", "diff", *words)
    assert (result.returncode, len(result.stderr.strip().splitlines())) == (1, 1)
    assert said in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("accept", f"{10**20}", "--by", "Sở", "--reason", "x"),
        ("reopen", f"{10**20}"),
        ("runs", "--release", f"{10**15}"),
    ],
)
def test_a_number_beyond_all_is_refused_in_a_sentence(words: tuple[str, ...], empty: Settings):
    result = quyhoach(empty, "check", *words)
    assert (result.returncode, len(result.stderr.strip().splitlines())) == (1, 1)
    assert "less than or equal to" in result.stderr


def test_rules_that_only_one_run_applied_are_left_out(village: Settings, tmp_path: Path):
    done(village, "import", "plan", plan(tmp_path, ("A", 0, 100), ("B", 110, 200), decision_number=None))
    for what in ("coverage", "all"):
        quyhoach(village, "check", what, "--draft", *DAY)
    assert rows(village, "SELECT count(*) FROM finding WHERE check_code = 'plan.decision-missing'") == [(1,)]
    assert told(village, "--runs", "1", "2") == {"plan.zone-gap": ("0", "0", "0", "0", "1")}
    assert "left out" in done(village, "check", "diff", "--runs", "1", "2")


def test_the_last_runs_of_a_scope_are_kept_and_others_are_not_touched(session: WriteSession):
    draft = releases.open_draft(session)
    wide = runs.Extent(draft, date(2026, 1, 1), ("plan.overlap",), 0.001)
    narrow = runs.Extent(draft, date(2026, 1, 1), ("plan.overlap",), 0.001, level="general")
    first = runs.keep_run(session, narrow, [], [])
    numbers = [runs.keep_run(session, wide, [], []) for _ in range(runs.KEPT_RUNS + 2)]
    kept = [one.number for one in runs.kept_runs(session)]
    assert kept == [*reversed(numbers[2:]), first]
    assert [one.number for one in runs.last_two(session)] == numbers[-2:]
    with pytest.raises(BadQuestion):
        runs.run_numbered(session, numbers[0])
    runs.forget_runs(session, draft)
    with pytest.raises(NotAllowed):
        runs.last_two(session)


@pytest.mark.parametrize(
    ("before", "after", "fate"),
    [
        (None, 1.0, "new"), (1.0, None, "gone"), (1000.0, 1000.9, "still"), (1000.0, 1001.1, "grown"), (1000.0, 998.9, "shrunk"),
        (0.0, 0.0, "still"), (0.005, 0.006, "grown"),
    ],
)  # fmt: skip
def test_a_case_grows_by_more_than_the_last_digit(before, after, fate):
    assert CaseCourse(1, "plan.overlap", "general", (), (), before, after, before, after).fate == fate
