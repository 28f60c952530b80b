"""What amendments leave of zones, against brute force; and that rules which hold plans together do not blame what was replaced."""

from dataclasses import replace
from datetime import date

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planning.checks.amendments import as_amended
from planning.checks.harmony import Corridor
from planning.checks.records import PlanRecord, UnitRecord, ZoneRecord
from planning.checks.scrutiny import Ground, record_findings
from planning.coverage.audit import Wanted, audit_plans
from planning.plans import replaces

X, Y = 416_000.0, 2_353_000.0
ON = date(2026, 1, 15)


def box(west, south, east, north):
    return shapely.box(X + west, Y + south, X + east, Y + north)


def zone(plan, name, shape, code="Nhomnhao", **more):
    return ZoneRecord(plan, name, code, "land_use" if code.isupper() else "planning", shape, **more)


def plan(code, shape, *zones, amends=None, level="subdivision"):
    return PlanRecord(code, code, level, "urban", shape, date(2020, 1, 1), amends=amends, zones=zones)


corner = st.integers(0, 12)
boxes = st.builds(
    lambda west, south, width, height: box(west, south, west + width, south + height),
    corner, corner, st.integers(1, 8), st.integers(1, 8),
)  # fmt: skip


@st.composite
def amended_plans(draw):
    """Up to six plans; each may amend any other, so chains, trees and circles come up."""
    codes = [f"P{number}" for number in range(draw(st.integers(1, 6)))]
    return [
        plan(
            code,
            box(0, 0, 20, 20),
            *(zone(code, f"{at}", shape) for at, shape in enumerate(draw(st.lists(boxes, max_size=4)))),
            amends=draw(st.sampled_from([None, *(one for one in codes if one != code)])),
        )
        for code in codes
    ]


def descends(plans, one, other):
    """Whether plan `one` amends `other` by any number of steps: relations multiplied until nothing comes to them."""
    pairs = {(held.code, held.amends) for held in plans if held.amends}
    while more := {(a, d) for a, b in pairs for c, d in pairs if b == c} - pairs:
        pairs |= more
    return (one, other) in pairs


@given(amended_plans())
def test_what_amendments_leave_of_a_zone_is_what_brute_force_leaves(plans):
    found = {(one.code, held.name): held.shape for one in as_amended(plans) for held in one.zones}
    for one in plans:
        over = [held.shape for other in plans for held in other.zones
            if descends(plans, other.code, one.code) and not descends(plans, one.code, other.code)]  # fmt: skip
        for held in one.zones:
            left = held.shape
            for shape in over:
                left = left - shape
            assert shapely.symmetric_difference(found.get((one.code, held.name), shapely.Point()), left).area < 1e-9
            assert ((one.code, held.name) in found) is (left.area > 0)


@given(amended_plans())
def test_one_plan_holds_in_the_place_of_another_never_the_other_way_too(plans):
    amended = {one.code: one.amends for one in plans}
    for one in amended:
        for other in amended:
            said = replaces(one, other, amended)
            assert said is (descends(plans, one, other) and not descends(plans, other, one))
            assert not (said and replaces(other, one, amended))


@given(amended_plans())
def test_land_under_several_plans_counts_once(plans):
    commune = UnitRecord("90001", "Xã", "commune", box(2, 2, 16, 16))
    [covered] = audit_plans([commune], plans, Wanted(("subdivision",))).covered
    assert covered.planned_m2 == pytest.approx(14 * 14)
    zoned = shapely.union_all([held.shape for one in plans for held in one.zones]).intersection(commune.shape)
    assert covered.zoned_m2 == pytest.approx(zoned.area, abs=1e-6)


def checks(*plans, corridors=()):
    commune = UnitRecord("90001", "Xã", "commune", box(0, 0, 300, 200))
    found = record_findings(plans, Ground([commune], corridors=corridors), ON, 9214)
    of = {"plan.harmony", "zone.corridor-crossed", "zone.attributes-differ", "zone.area-differs"}
    return {(one.check, one.plan_codes, round(one.shape.area)) for one in found if one.check in of}


ORIGINAL = plan("QHPK", box(0, 0, 300, 200), zone("QHPK", "OM-1", box(0, 0, 200, 200), floors_max=5))
AMENDMENT = plan(
    "DC", box(100, 0, 300, 200), zone("DC", "OM-1", box(100, 0, 200, 200), "CayxanhCC", floors_max=1), amends="QHPK"
)
RICE = plan("KH", box(0, 0, 300, 200), zone("KH", "1", box(150, 0, 250, 200), "LUC"), level="land_use")


def test_land_that_an_amendment_turned_green_is_no_house_on_rice():
    assert checks(ORIGINAL, RICE) == {("plan.harmony", ("QHPK", "KH"), 10_000)}
    assert checks(ORIGINAL, AMENDMENT, RICE) == set()


def test_a_change_of_the_land_use_plan_is_looked_at_in_its_place():
    change = plan(
        "KH-1", box(0, 0, 300, 200), zone("KH-1", "2", box(150, 0, 200, 100), "ODT"), amends="KH", level="land_use"
    )
    assert checks(ORIGINAL, RICE, change) == {("plan.harmony", ("QHPK", "KH"), 5_000)}


def test_one_lot_that_an_amendment_changed_is_no_contradiction():
    assert checks(ORIGINAL, AMENDMENT) == set()
    strangers = checks(ORIGINAL, replace(AMENDMENT, amends=None))
    assert {check for check, _, _ in strangers} == {"zone.attributes-differ"}


def test_what_is_left_of_a_zone_in_a_corridor_is_told_and_what_was_replaced_is_not():
    power = Corridor("Đường dây", box(50, 80, 300, 120))
    assert checks(ORIGINAL, corridors=[power]) == {("zone.corridor-crossed", ("QHPK",), 150 * 40)}
    assert checks(ORIGINAL, AMENDMENT, corridors=[power]) == {("zone.corridor-crossed", ("QHPK",), 50 * 40)}


def test_declared_areas_are_of_the_zone_as_it_was_approved():
    declared = replace(ORIGINAL, zones=(replace(ORIGINAL.zones[0], declared_area_m2=40_000.0),))
    assert checks(declared, AMENDMENT) == set()
