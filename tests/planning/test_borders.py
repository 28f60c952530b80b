"""Seams along former borders as findings of the check: of each cause, and none where plans meet."""

from datetime import date

import pytest
import shapely

from planning.checks.borders import RULES, seam_findings
from planning.checks.records import PlanRecord, UnitRecord
from planning.mergers.seams import CAUSES
from tests.drawing import ORIGIN

X, Y = ORIGIN


def commune(code: str, west: float, east: float) -> UnitRecord:
    return UnitRecord(code, f"Xã {code}", "commune", shapely.box(X + west, Y, X + east, Y + 1000), source_crs=9214)


def plan(code: str, west: float, east: float) -> PlanRecord:
    return PlanRecord(
        code, code, "general", "rural", shapely.box(X + west, Y, X + east, Y + 1000), date(2021, 1, 1), source_crs=9214
    )


FORMER = [commune("07001", 0, 1000), commune("07002", 1000, 2000)]


def test_plans_that_meet_on_the_former_border_have_no_seam():
    assert seam_findings(FORMER, [plan("A", 0, 1000), plan("B", 1000, 2000)]) == []
    assert seam_findings([], [plan("A", 0, 1000), plan("B", 900, 2000)]) == []


@pytest.mark.parametrize(("east", "kind", "area"), [(1040, "overlap", 40_000), (960, "gap", 40_000)])
def test_plans_that_do_not_meet_are_found_with_the_units_and_the_width(east: float, kind: str, area: float):
    [found] = seam_findings(FORMER, [plan("A", 0, east), plan("B", 1000, 2000)])
    assert found.check == "seam.conflict"
    assert (found.severity, found.plan_codes, found.facts["kind"]) == ("error", ("A", "B"), kind)
    assert sorted(found.facts["former_units"]) == ["07001", "07002"]
    assert found.area_m2 == pytest.approx(area, rel=0.02)  # a gap is told within reach of the border


def test_a_plan_that_reaches_a_little_too_far_is_no_conflict():
    [found] = seam_findings(FORMER, [plan("A", 0, 1001.5), plan("B", 1000, 2000)])
    assert found.check in {"seam.digitising", "seam.datum"}
    assert found.severity != "error"


def test_every_cause_has_its_rule():
    assert {rule.code for rule in RULES} == {f"seam.{cause}" for cause in CAUSES}
