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
