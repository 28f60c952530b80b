"""Seams along a former border, each cause from a border that was spoilt in exactly that way; and plans thrown off their place."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planning.geometry import LONLAT, VN2000_LONLAT, operation
from planning.mergers.misplaced import misplaced
from planning.mergers.seams import legacy_crs, seams
from planning.mergers.situation import PlanFacts, UnitFacts
from tests.drawing import ORIGIN, rings

WEST, EAST = "09100", "07200"
SIDES = """
    A . . . B . . . C
    . . . . . . . . .
    D . . . E . . . F
"""
DATUM_SHIFT_M = (1.1, -0.78)
"""Two sets of parameters differ by 1.35 m."""


def unit(code: str, shape, source_crs: int | None = None) -> UnitFacts:
    return UnitFacts(code, f"Xã {code}", "xa", shape=shape, source_crs=source_crs)


def plan(code: str, shape, level: str = "general", source_crs: int | None = None) -> PlanFacts:
    day = date(2020, 1, 1)
    return PlanFacts(code, code, "rural", level, None, None, None, None, None, day, None, shape, source_crs)


def sides(border: np.ndarray, reach: float = 3000.0):
    """The land west and east of a border that runs north; points of the border from south to north."""
    (_, south), (_, north) = border[0], border[-1]
    west, east = border[:, 0].min() - reach, border[:, 0].max() + reach
    return (
        shapely.Polygon([*border, (west, north), (west, south)]),
        shapely.Polygon([*border, (east, north), (east, south)]),
    )


def river(seed: int, points: int = 120, step: float = 50.0) -> np.ndarray:
    """A border that winds in every direction, as rivers do."""
    wind = np.random.default_rng(seed).normal(0, 25, points).cumsum()
    return np.column_stack([ORIGIN[0] + wind - np.linspace(0, wind[-1], points), ORIGIN[1] + step * np.arange(points)])


def found(west, east, west_plan, east_plan):
    units = {WEST: unit(WEST, west), EAST: unit(EAST, east)}
    return seams(units, [plan("W", west_plan), plan("E", east_plan)])


def test_plans_that_end_at_the_common_border_have_no_seam():
    west, east = rings(SIDES, "ABED", "BCFE", step=500)
    assert found(west, east, west, east) == []


@given(st.integers(0, 10_000))
def test_no_seam_is_found_along_any_winding_border_that_both_plans_keep_to(seed: int):
    west, east = sides(river(seed))
    assert found(west, east, west, east) == []


def test_forty_metres_claimed_twice_are_a_conflict():
    west, east = rings(SIDES, "ABED", "BCFE", step=500)
    beyond = shapely.union(west, shapely.box(ORIGIN[0] + 2000, ORIGIN[1], ORIGIN[0] + 2040, ORIGIN[1] + 1000))
    [seam] = found(west, east, beyond, east)
    assert (seam.kind, seam.cause, seam.area_m2) == ("overlap", "conflict", pytest.approx(40 * 1000))
    assert seam.shape.equals(beyond.intersection(east))
    assert set(zip(seam.units, seam.plans, seam.crs, strict=True)) == {(WEST, "W", 9209), (EAST, "E", 9214)}


def test_an_amendment_that_reaches_over_the_border_has_no_seam_with_what_it_amends():
    west, east = rings(SIDES, "ABED", "BCFE", step=500)
    over = shapely.union_all([east, shapely.intersection(shapely.buffer(east, 40, join_style="mitre"), west)])
    units = {WEST: unit(WEST, west), EAST: unit(EAST, east)}
    first, second = plan("W", west), replace(plan("E", over), amends="W")
    assert seams(units, [first, second]) == []
    assert {one.cause for one in seams(units, [first, replace(second, amends=None)])} == {"conflict"}


def test_thirty_metres_that_neither_plan_takes_are_a_gap():
    west, east = rings(SIDES, "ABED", "BCFE", step=500)
    strip = shapely.box(ORIGIN[0] + 1970, ORIGIN[1], ORIGIN[0] + 2000, ORIGIN[1] + 1000)
    [seam] = found(west, east, west.difference(strip), east)
    assert (seam.kind, seam.cause, seam.area_m2) == ("gap", "conflict", pytest.approx(30 * 1000))


def test_a_plan_that_ends_far_from_the_border_leaves_no_gap():
    west, east = rings(SIDES, "ABED", "BCFE", step=500)
    far = west.intersection(shapely.box(ORIGIN[0], ORIGIN[1], ORIGIN[0] + 1800, ORIGIN[1] + 1000))
    assert found(west, east, far, east) == []


def test_plans_of_two_levels_lie_above_each_other_without_a_seam():
    west, east = rings(SIDES, "ABED", "BCFE", step=500)
    units = {WEST: unit(WEST, west), EAST: unit(EAST, east)}
    assert seams(units, [plan("W", west.buffer(30)), plan("E", east, level="detailed")]) == []


def test_a_long_straight_edge_without_vertices_bends_into_a_lens():
    """The border is drawn as one line of 9 km in the zone of Bắc Ninh, and brought over without and with vertices on it."""
    to_store = operation(9209, 9214)
    border = np.array([(571_000.0, 2_345_000.0), (571_900.0, 2_354_000.0)])
    bare = [shapely.transform(side, to_store.coordinates) for side in sides(border)]
    dense = list(to_store.shapes(np.array(sides(border), dtype=object)))
    units = {WEST: unit(WEST, dense[0], 9209), EAST: unit(EAST, dense[1], 9214)}
    found = seams(units, [plan("W", bare[0], source_crs=9209), plan("E", dense[1], source_crs=9214)])
    assert found
    assert {seam.cause for seam in found} == {"densification"}
    assert all(seam.width_m < 0.2 for seam in found)


@pytest.mark.parametrize("seed", range(6))
def test_a_plan_that_is_off_by_one_vector_stands_on_other_datum_parameters(seed: int):
    west, east = sides(river(seed))
    moved = shapely.transform(west, lambda xy: xy + DATUM_SHIFT_M)
    found_seams = found(west, east, moved, east)
    assert found_seams
    assert {seam.cause for seam in found_seams} == {"datum"}
    [vector] = {(seam.shift.east_m, seam.shift.north_m) for seam in found_seams}
    assert np.hypot(*np.abs(np.abs(vector) - np.abs(DATUM_SHIFT_M))) < 0.1


@pytest.mark.parametrize("seed", range(6))
def test_a_border_drawn_twice_by_hand_is_digitising(seed: int):
    border = river(seed)
    west, east = sides(border)
    noise = np.random.default_rng(100 + seed).normal(0, 1.5, border.shape)
    noise[[0, -1]] = 0
    again, _ = sides(border + noise)
    found_seams = found(west, east, again, east)
    assert found_seams
    assert {seam.cause for seam in found_seams} == {"digitising"}


def test_a_seam_across_the_former_border_of_two_provinces_tells_both_zones():
    assert legacy_crs(unit("09100", None)) == 9209
    assert legacy_crs(unit("07200", None)) == 9214
    assert legacy_crs(unit("09100", None, 9210)) == 9210
    assert legacy_crs(unit("01234", None)) is None


NORTH_WEST, SQUARE = (560_000.0, 2_343_000.0), 4000.0


def commune_in(zone: int):
    """A square commune near Bắc Ninh, drawn in a zone, in the storage CRS."""
    (west, south), side = operation(9209, zone).point(*NORTH_WEST), SQUARE
    return shapely.box(west, south, west + side, south + side)


def test_a_plan_of_105_30_read_as_107_00_lies_156_km_off_and_says_so():
    drawn = commune_in(9209)
    true = operation(9209, 9214).shapes(np.array([drawn], dtype=object))[0]
    [one] = misplaced({"09100": unit("09100", true)}, [], [plan("W", drawn, source_crs=9214)])
    assert one.unit is None
    assert one.distance_m == pytest.approx(156_000, abs=8_000)
    assert "105°30′" in one.sign[0]


def test_a_plan_with_the_datum_left_out_lies_224_m_off_and_says_so():
    true = commune_in(9214)
    lonlat = operation(9214, VN2000_LONLAT).shapes(np.array([true], dtype=object))
    wrong = operation(LONLAT, 9214).shapes(lonlat)[0]
    [one] = misplaced({"07200": unit("07200", true)}, [plan("E", wrong)], [])
    assert one.distance_m == pytest.approx(224, abs=5)
    assert "datum" in one.sign[1]


def test_a_plan_at_the_wrong_scale_factor_lies_706_m_off_and_says_so():
    true = commune_in(9214)
    scale, false_east = 0.9996 / 0.9999, 500_000
    wrong = shapely.transform(
        true, lambda xy: np.column_stack([(xy[:, 0] - false_east) * scale + false_east, xy[:, 1] * scale])
    )
    [one] = misplaced({"07200": unit("07200", true)}, [plan("E", wrong)], [])
    assert one.distance_m == pytest.approx(706, abs=15)
    assert "0,9996" in one.sign[0]


def test_a_plan_on_its_own_place_is_not_called_misplaced():
    true = commune_in(9214)
    own = plan("E", true.buffer(-20))
    assert misplaced({"07200": unit("07200", true)}, [own, replace(own, code="F", shape=true.buffer(-900))], []) == []
