"""Gaps, overlaps and overhangs, drawn; and against brute force on random squares."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.coverage.faces import gaps, holes, overhangs, overlaps
from tests.drawing import ring, rings

FIELD = """
    A . B C . G
    . . . . . .
    D . E F . H
"""


def test_a_zone_crossing_its_neighbour_is_reported():
    shapes = rings(FIELD, "ACFD", "BGHE")
    [found] = overlaps(shapes, tolerance_m=0.001)
    assert (found.first, found.second) == (0, 1)
    assert found.shape.equals(ring(FIELD, "BCFE"))


def test_neighbours_that_share_an_edge_do_not_overlap():
    assert overlaps(rings(FIELD, "ABED", "BGHE"), tolerance_m=0.001) == []


def test_a_duplicate_and_a_contained_zone_overlap():
    assert len(overlaps(rings(FIELD, "ABED", "ABED"), tolerance_m=0.001)) == 1
    [inside] = overlaps(rings(FIELD, "AGHD", "BCFE"), tolerance_m=0.001)
    assert inside.shape.equals(ring(FIELD, "BCFE"))


def test_a_missing_zone_is_a_gap():
    union = shapely.union_all(rings(FIELD, "ABED", "CGHF"))
    [found] = gaps(union, ring(FIELD, "AGHD"), tolerance_m=0.001)
    assert found.equals(ring(FIELD, "BCFE"))


def test_a_hole_is_a_gap_where_no_extent_is_known():
    frame = shapely.difference(ring(FIELD, "AGHD"), ring(FIELD, "BCFE").buffer(-1))
    [found] = holes(frame, tolerance_m=0.001)
    assert found.area == pytest.approx(8 * 18)


def test_a_zone_beyond_its_plan_overhangs():
    [found] = overhangs(rings(FIELD, "ABED", "BGHE"), ring(FIELD, "ACFD"), tolerance_m=0.001)
    assert found.place == 1
    assert found.shape.equals(ring(FIELD, "CGHF"))


@pytest.mark.parametrize(("width_mm", "found"), [(0.5, 0), (0.9, 0), (2.0, 1), (5.0, 1), (1000.0, 1)])
def test_the_tolerance_is_a_width_not_an_area(width_mm, found):
    """A 3 km sliver of half a millimetre has 1.5 m² and is noise; one of 2 mm is a gap."""
    width = width_mm / 1000
    extent = shapely.box(0, 0, 3000, 10)
    union = shapely.union_all([shapely.box(0, 0, 3000, 5), shapely.box(0, 5 + width, 3000, 10)])
    assert len(gaps(union, extent, tolerance_m=0.001)) == found


@settings(max_examples=60)
@given(st.lists(st.tuples(*[st.integers(0, 8)] * 2, *[st.integers(1, 4)] * 2), min_size=1, max_size=8))
def test_random_squares_agree_with_counting_cells(squares):
    """Oracle: the same squares counted cell by cell on a grid of whole metres."""
    extent = shapely.box(0, 0, 10, 10)
    shapes = np.array([shapely.box(x, y, x + w, y + h) for x, y, w, h in squares], dtype=object)
    depth = np.zeros((12, 12), dtype=int)
    for x, y, w, h in squares:
        depth[x : x + w, y : y + h] += 1
    inside = depth[:10, :10]
    found = gaps(shapely.union_all(shapes), extent, tolerance_m=0.001)
    assert sum(shape.area for shape in found) == pytest.approx((inside == 0).sum())
    pairs = (depth * (depth - 1) // 2).sum()
    assert sum(overlap.shape.area for overlap in overlaps(shapes, tolerance_m=0.001)) == pytest.approx(pairs)
    beyond = depth.sum() - inside.sum()
    assert sum(one.shape.area for one in overhangs(shapes, extent, tolerance_m=0.001)) == pytest.approx(beyond)
