"""Declared areas against drawn ones: what fires, what does not, and which unit of measure was mistaken."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planning.checks.areas import RULES, ZONE_PPM, plan_area_findings, unit_area_findings, zone_area_findings
from planning.checks.records import PlanRecord, UnitRecord, ZoneRecord
from planning.geometry import operation
from tests.drawing import ORIGIN, ring

SQUARE = ring("A B\nD C", "ABCD", step=100)
"""One hectare."""


def field(width_m, height_m):
    """A rectangle in the middle of the province."""
    x, y = ORIGIN
    return shapely.box(x, y, x + width_m, y + height_m)


def plan(declared_ha, shape=SQUARE):
    """A plan of one hectare."""
    return PlanRecord(
        "QHCT-01", "", "detailed", "urban", shape, date(2026, 1, 1), declared_area_ha=declared_ha, source_crs=9214
    )


def zone(declared_m2, shape=SQUARE):
    """A zone of 10 000 m²."""
    return ZoneRecord("QHCT-01", "OM-01", "Nhomnhao", "planning", shape, declared_area_m2=declared_m2)


def unit(declared_km2, *, coastal=False):
    """A commune of twenty square kilometres."""
    return UnitRecord("07210", "Phường Bắc Giang", "commune", field(4_000, 5_000), declared_km2, coastal, 9214)


@pytest.mark.parametrize("declared_ha", [None, 1.0, 0.99, 1.01])
def test_a_plan_may_differ_by_one_per_cent(declared_ha):
    assert plan_area_findings([plan(declared_ha)], 9214) == []


@pytest.mark.parametrize("declared_ha", [0.9899, 1.0101, 0.0, 2.0])
def test_a_plan_that_differs_by_more_is_told(declared_ha):
    [found] = plan_area_findings([plan(1.0), plan(declared_ha)], 9214)
    assert (found.check, found.severity, found.level, found.plan_codes) == (
        "plan.area-differs", "warning", "detailed", ("QHCT-01",),
    )  # fmt: skip
    assert found.shape.equals(SQUARE)
    assert found.facts == {
        "declared_ha": declared_ha,
        "drawn_ha": 1.0,
        "ratio": declared_ha,
        "factor": None,
        "unit_error": None,
        "drawn_in_crs": 9214,
        "source_crs": 9214,
        "another_zone_changes_ppm": None,
    }


def test_the_last_digit_of_a_small_plan_is_not_judged():
    small = field(50, 50)
    assert plan_area_findings([plan(0.26, small)], 9214) == []
    assert len(plan_area_findings([plan(0.27, small)], 9214)) == 1


@pytest.mark.parametrize(("declared_ha", "factor", "written"), [(10_000.0, 1e4, "m²"), (0.01, 1e-2, "km²")])
def test_a_plan_declared_in_another_unit_of_measure_is_told_so(declared_ha, factor, written):
    [found] = plan_area_findings([plan(declared_ha)], 9214)
    assert found.facts["factor"] == factor
    assert found.facts["unit_error"].startswith(f"ghi {written} thay cho ha /")


@pytest.mark.parametrize("declared_m2", [None, 10_000, 9_900, 10_100])
def test_a_zone_may_differ_by_one_per_cent(declared_m2):
    assert zone_area_findings([zone(declared_m2)], "detailed", 9214) == []


@pytest.mark.parametrize("declared_m2", [9_899, 10_101])
def test_a_zone_that_differs_by_more_is_told(declared_m2):
    [found] = zone_area_findings([zone(10_000), zone(declared_m2)], "detailed", 9214)
    assert (found.check, found.severity, found.level) == ("zone.area-differs", "warning", "detailed")
    assert (found.plan_codes, found.subjects, found.shape) == (("QHCT-01",), ("OM-01",), SQUARE)
    assert (found.facts["declared_m2"], found.facts["drawn_m2"], found.facts["unit_error"]) == (
        declared_m2,
        10_000,
        None,
    )
    assert (found.facts["drawn_in_crs"], found.facts["another_zone_changes_ppm"]) == (9214, 623)


@pytest.mark.parametrize(
    ("declared_m2", "factor", "written"),
    [(1.0, 1e-4, "ha"), (1.04, 1e-4, "ha"), (0.01, 1e-6, "km²"), (1.2, None, None)],
)
def test_a_zone_declared_in_another_unit_of_measure_is_told_so(declared_m2, factor, written):
    [found] = zone_area_findings([zone(declared_m2)], "detailed", 9214)
    assert found.facts["factor"] == factor
    assert found.facts["unit_error"] == (f"ghi {written} thay cho m² / {written} written for m²" if written else None)


def test_a_square_metre_of_a_small_lot_is_not_judged():
    small = field(5, 4)
    assert zone_area_findings([zone(21, small)], "detailed", 9214) == []
    assert len(zone_area_findings([zone(21.1, small)], "detailed", 9214)) == 1


def test_an_empty_zone_differs_without_a_ratio():
    [found] = zone_area_findings([zone(50, shapely.Polygon())], "detailed", 9214)
    assert (found.facts["ratio"], found.facts["drawn_m2"]) == (None, 0)


FAR_EAST = shapely.box(503_300, 2_359_450, 504_300, 2_360_450)
"""A square kilometre at 107°02′, where the province ends."""


def test_another_zone_of_vn2000_is_no_difference():
    """Ground at 107°02′, drawn in 105°30′, has 623 ppm more area; nothing is told, whether the zone is known or not."""
    [moved] = operation(9214, 9209).shapes(np.array([FAR_EAST], dtype=object))
    assert moved.area / FAR_EAST.area - 1 == pytest.approx(ZONE_PPM * 1e-6, abs=5e-6)
    for crs in (None, 9209, 4326):
        assert zone_area_findings([replace(zone(moved.area, FAR_EAST), source_crs=crs)], "detailed", 9214) == []


def test_a_declared_area_is_judged_in_the_zone_the_shape_came_in():
    """1.03 % too much in the storage CRS is less than 1 % for who drew it and reckoned in 105°30′; 0.95 % too little is more."""
    declared = FAR_EAST.area * 1.0103
    assert len(zone_area_findings([zone(declared, FAR_EAST)], "detailed", 9214)) == 1
    assert zone_area_findings([replace(zone(declared, FAR_EAST), source_crs=9209)], "detailed", 9214) == []
    short = FAR_EAST.area * 0.9905
    assert zone_area_findings([zone(short, FAR_EAST)], "detailed", 9214) == []
    [found] = zone_area_findings([replace(zone(short, FAR_EAST), source_crs=9209)], "detailed", 9214)
    assert (found.facts["drawn_in_crs"], found.facts["another_zone_changes_ppm"]) == (9209, None)
    assert found.facts["drawn_m2"] == pytest.approx(FAR_EAST.area * (1 + ZONE_PPM * 1e-6), rel=5e-6)
    assert found.shape == FAR_EAST


@pytest.mark.parametrize(
    ("crs", "drawn_in"), [(None, 9214), (4326, 9214), (3857, 9214), (4756, 9214), (32648, 32648), (3405, 3405)]
)
def test_degrees_and_web_maps_are_no_zone_to_reckon_areas_in(crs, drawn_in):
    wrong = replace(plan(3.0), source_crs=crs), replace(unit(30.0), source_crs=crs)
    for found in plan_area_findings([wrong[0]], 9214) + unit_area_findings([wrong[1]], 9214):
        assert (found.facts["drawn_in_crs"], found.facts["source_crs"]) == (drawn_in, crs)


@given(width=st.integers(1, 300), height=st.integers(1, 300), off_ppm=st.integers(-30_000, 30_000))
def test_a_difference_is_judged_by_the_larger_of_share_and_square_metre(width, height, off_ppm):
    """In whole millionths of a square metre, where nothing is rounded."""
    drawn = width * height
    off = drawn * off_ppm
    expected = abs(off) > max(drawn * 10_000, 1_000_000)
    if abs(abs(off) - max(drawn * 10_000, 1_000_000)) > 10:
        assert bool(zone_area_findings([zone(drawn + off / 1e6, field(width, height))], "detailed", 9214)) == expected


def test_a_unit_within_five_per_cent_is_left_alone():
    assert unit_area_findings([unit(20.9), unit(19.1), unit(None)], 9214) == []
    nowhere = replace(unit(20.0), shape=shapely.MultiPolygon())
    assert unit_area_findings([nowhere], 9214) == []


def test_a_unit_that_differs_is_told():
    [found] = unit_area_findings([unit(23.23)], 9214)
    assert (found.check, found.severity, found.level, found.unit_codes) == (
        "unit.area-differs", "warning", "unit", ("07210",),
    )  # fmt: skip
    assert (found.facts["declared_km2"], found.facts["drawn_km2"], found.facts["source_crs"]) == (23.23, 20, 9214)
    assert found.facts["ratio"] == pytest.approx(1.1615)
    assert "16%" in found.facts["why"]


def test_a_unit_declared_in_hectares_is_told_even_on_the_sea():
    for coastal in (False, True):
        [found] = unit_area_findings([unit(0.2, coastal=coastal)], 9214)
        assert "ha written for km²" in found.facts["why"]


def test_a_unit_on_the_sea_is_exempt():
    assert unit_area_findings([unit(31.0, coastal=True)], 9214) == []
    assert len(unit_area_findings([unit(31.0)], 9214)) == 1


def test_every_rule_says_something_in_both_languages():
    assert [rule.code for rule in RULES] == ["plan.area-differs", "zone.area-differs", "unit.area-differs"]
    for rule in RULES:
        assert all((rule.vi, rule.en, rule.advice_vi.endswith("."), rule.advice_en.endswith("."), rule.basis)), (
            rule.code
        )
