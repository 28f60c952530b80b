"""Coverage of communes by plans: what a width is worth, by level."""

from datetime import date

import pytest
import shapely

from planning.checks.records import PlanRecord, UnitRecord
from planning.coverage.audit import Wanted, audit_plans
from planning.coverage.targets import Target

X, Y = 416_000.0, 2_353_000.0
COMMUNE = UnitRecord("90001", "Xã Hòa Bình", "commune", shapely.box(X, Y, X + 300, Y + 200))


def plan(short_m: float, level: str) -> PlanRecord:
    """A plan of the commune that ends so many metres before its eastern border."""
    outline = shapely.box(X, Y, X + 300 - short_m, Y + 200)
    return PlanRecord("QH-1", "Quy hoạch", level, "urban", outline, date(2021, 1, 1), amends="QH-0")


@pytest.mark.parametrize(
    ("short_m", "level", "told"),
    [
        (0.001, "general", []),
        (0.005, "general", [("warning", "sliver")]),
        (2.9, "general", [("warning", "sliver")]),
        (3.2, "general", [("error", "defect")]),
        (0.005, "detailed", [("info", "sliver")]),
        (0.2, "detailed", [("info", "defect")]),
    ],
)
def test_a_commune_that_its_plan_misses_by_what_drawing_explains_is_a_warning(short_m, level, told):
    """At 1/10 000 three metres are 0.3 mm on the map; a level that need not cover a commune is information."""
    found = audit_plans([COMMUNE], [plan(short_m, level)], Wanted((level,))).findings
    assert [(one.severity, one.facts["verdict"]) for one in found if one.check == "level.uncovered"] == told


def test_where_a_target_is_set_the_parts_stay_information():
    wanted = Wanted(("general",), targets=(Target("general", None, 90.0, "Sở Xây dựng"),))
    found = audit_plans([COMMUNE], [plan(0.005, "general")], wanted).findings
    assert [(one.check, one.severity) for one in found] == [("level.uncovered", "info")]


@pytest.mark.parametrize(
    ("short_m", "level", "told"),
    [
        (0.001, "general", []),
        (0.005, "general", [("warning", "sliver")]),
        (2.9, "general", [("warning", "sliver")]),
        (3.2, "general", [("error", "defect")]),
        (0.2, "detailed", [("error", "defect")]),
    ],
)
def test_what_lacks_of_a_target_is_judged_by_its_widest_part(short_m, level, told):
    """A commune that is to be covered whole and lacks a sliver is drawn a little off; one that lacks three metres has bare land."""
    wanted = Wanted((level,), targets=(Target(level, None, 100.0, "Sở Xây dựng"),))
    found = audit_plans([COMMUNE], [plan(short_m, level)], wanted).findings
    assert [(one.severity, one.facts["verdict"]) for one in found if one.check == "level.below-target"] == told


def test_land_of_a_plan_in_no_commune_is_told_unless_a_commune_is_not_drawn():
    west, south, east, north = COMMUNE.shape.bounds
    far = PlanRecord("QH-X", "Xa", "general", "urban", shapely.box(west, south, east + 600, north), date(2020, 1, 1))
    [found] = [
        one for one in audit_plans([COMMUNE], [far], Wanted(("general",))).findings if one.check == "plan.overhang"
    ]
    assert (found.severity, found.plan_codes) == ("warning", ("QH-X",))
    assert found.area_m2 == pytest.approx(600 * (north - south))
    unknown = audit_plans([COMMUNE], [far], Wanted(("general",), ground_known=False)).findings
    assert "plan.overhang" not in {one.check for one in unknown}


def test_an_amendment_of_an_amendment_is_no_overlap_and_a_stranger_is():
    shape = COMMUNE.shape
    chain = [
        PlanRecord(code, code, "general", "urban", shape, date(2020, 1, 1), amends=amends)
        for code, amends in (("A", None), ("B", "A"), ("C", "B"))
    ]
    assert "plan.overlap" not in {one.check for one in audit_plans([COMMUNE], chain, Wanted(("general",))).findings}
    stranger = PlanRecord("S", "S", "general", "urban", shape, date(2020, 1, 1))
    found = audit_plans([COMMUNE], [*chain, stranger], Wanted(("general",))).findings
    assert {one.plan_codes for one in found if one.check == "plan.overlap"} == {("A", "S"), ("B", "S"), ("C", "S")}
