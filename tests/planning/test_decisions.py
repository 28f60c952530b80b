"""Rules on the records of plans: each fires on what is wrong and keeps silent beside it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.checks.decisions import RULES, decision_findings
from planning.checks.records import PlanRecord
from tests.drawing import ring

ON = date(2026, 3, 1)
SHAPE = ring("A B\nD C", "ABCD")
SOUND = PlanRecord(
    code="QHC-01",
    name="Quy hoạch chung xã Lục Ngạn",
    level="general",
    kind="rural",
    shape=SHAPE,
    valid_from=date(2026, 1, 10),
    valid_to=date(2035, 1, 1),
    scale=10_000,
    decision_number="123/QĐ-UBND",
    decision_date=date(2026, 1, 10),
    approver="UBND tỉnh Bắc Ninh",
    published_on=date(2026, 1, 20),
)


def told(*plans, on=ON):
    """(check, plan) of every finding."""
    return sorted((one.check, *one.plan_codes) for one in decision_findings(plans, on))


def only(plan, on=ON):
    """The one finding about a plan."""
    [found] = decision_findings([plan], on)
    return found


def test_a_sound_plan_is_left_alone():
    assert told(SOUND) == []


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"decision_number": None}, ["decision_number"]),
        ({"decision_number": "  "}, ["decision_number"]),
        ({"decision_date": None}, ["decision_date"]),
        ({"decision_number": None, "decision_date": None}, ["decision_number", "decision_date"]),
    ],
)
def test_a_decision_without_number_or_date_is_an_error(change, missing):
    found = only(replace(SOUND, **change))
    assert (found.check, found.severity, found.facts) == ("plan.decision-missing", "error", {"missing": missing})
    assert (found.level, found.plan_codes, found.shape) == ("general", ("QHC-01",), SHAPE)


def test_a_plan_does_not_begin_before_it_is_approved():
    found = only(replace(SOUND, valid_from=date(2026, 1, 9)))
    assert (found.check, found.severity) == ("plan.approved-after-start", "error")
    assert found.facts == {"decision_date": "2026-01-10", "valid_from": "2026-01-09"}


def test_a_term_runs_out_on_the_first_day_that_is_no_longer_in_it():
    found = only(SOUND, on=date(2035, 1, 1))
    assert (found.check, found.severity) == ("plan.term-expired", "warning")
    assert found.facts == {"valid_to": "2035-01-01", "on": "2035-01-01"}
    assert told(SOUND, on=date(2034, 12, 31)) == []
    assert told(replace(SOUND, valid_to=None), on=date(2099, 1, 1)) == []


def test_sixteen_days_to_publication_are_one_too_many():
    found = only(replace(SOUND, published_on=date(2026, 1, 26)))
    assert (found.check, found.severity) == ("plan.published-late", "warning")
    assert (found.facts["days"], found.facts["decided_before_law"]) == (16, False)
    assert told(replace(SOUND, published_on=date(2026, 1, 25))) == []
    assert told(replace(SOUND, published_on=None)) == []


def test_a_decision_older_than_the_law_is_told_as_such():
    for decided, before in ((date(2025, 6, 30), True), (date(2025, 7, 1), False)):
        found = only(replace(SOUND, decision_date=decided))
        assert (found.check, found.facts["decided_before_law"]) == ("plan.published-late", before)


def test_two_strangers_with_one_decision_are_both_told():
    other = replace(SOUND, code="QHC-02", decision_number="123 / qđ-ubnd", approver=None)
    assert told(SOUND, other) == [("plan.decision-shared", "QHC-01"), ("plan.decision-shared", "QHC-02")]
    first, second = decision_findings([SOUND, other], ON)
    assert (first.severity, first.facts["shared_with"]) == ("info", ["QHC-02"])
    assert second.facts == {
        "decision_number": "123 / qđ-ubnd",
        "decision_date": "2026-01-10",
        "shared_with": ["QHC-01"],
    }


@pytest.mark.parametrize(
    "change",
    [
        {"amends": "QHC-01"},
        {"decision_date": date(2026, 1, 9)},
        {"decision_number": "124/QĐ-UBND"},
        {"approver": "UBND phường Bắc Giang"},
    ],
)
def test_an_amendment_and_another_decision_share_nothing(change):
    assert told(SOUND, replace(SOUND, code="QHC-02", **change)) == []


def test_plans_without_a_decision_do_not_share_one():
    bare = replace(SOUND, decision_number=" ")
    assert told(bare, replace(bare, code="QHC-02")) == [
        ("plan.decision-missing", "QHC-01"),
        ("plan.decision-missing", "QHC-02"),
    ]


def test_an_amendment_of_nothing_is_an_error():
    found = only(replace(SOUND, amends="QHC-00"))
    assert (found.check, found.severity, found.facts) == ("plan.amends-nothing", "error", {"amends": "QHC-00"})
    assert only(replace(SOUND, amends="QHC-01")).check == "plan.amends-nothing", "a plan cannot amend itself"


def test_an_amendment_of_a_plan_that_is_there_is_sound():
    amendment = replace(SOUND, code="QHC-01-DC1", amends="QHC-01", decision_number="200/QĐ-UBND")
    assert told(amendment, SOUND) == []


@pytest.mark.parametrize(
    ("level", "usual", "unusual"),
    [
        ("general", (25_000, 10_000, 5_000), (50_000, 2_000, 4_999, 25_001)),
        ("subdivision", (5_000, 2_000), (10_000, 3_000, 500)),
        ("detailed", (500,), (2_000, 1_000)),
        ("land_use", (10_000, 500, 7), ()),
        ("detailed", (None,), ()),
    ],
)
def test_a_scale_fits_its_level(level, usual, unusual):
    for scale in usual:
        assert told(replace(SOUND, level=level, scale=scale)) == [], scale
    for scale in unusual:
        found = only(replace(SOUND, level=level, scale=scale))
        assert (found.check, found.severity, found.facts["scale"]) == ("plan.scale-unfit", "warning", scale)


@given(days=st.lists(st.integers(-40, 40), min_size=4, max_size=4))
def test_days_are_compared_as_they_stand_on_a_calendar(days):
    start, end, decided, published = (ON + timedelta(days=one) for one in days)
    plan = replace(SOUND, valid_from=start, valid_to=end, decision_date=decided, published_on=published)
    expected = {
        ("plan.approved-after-start", days[2] > days[0]),
        ("plan.term-expired", days[1] <= 0),
        ("plan.published-late", days[3] - days[2] >= 16),
    }
    assert told(plan) == sorted((check, "QHC-01") for check, fires in expected if fires)


def test_every_rule_says_something_in_both_languages():
    assert len({rule.code for rule in RULES}) == len(RULES) == 7
    for rule in RULES:
        assert all((rule.vi, rule.en, rule.advice_vi.endswith("."), rule.advice_en.endswith("."), rule.basis)), (
            rule.code
        )
