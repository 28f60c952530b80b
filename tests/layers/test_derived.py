"""What is narrow at the edge of a boundary that was derived from zones."""

import numpy as np
import pytest
import shapely

from layers.ingest.derived import narrow_at_the_edge

BLOCK = shapely.box(0, 0, 200, 100)


def test_a_gap_that_reaches_the_edge_is_a_notch_and_a_tail_is_a_strip():
    """A gap of 40 cm between two zones, open to the south; a tail of a metre along the north, to the east."""
    gap, tail = shapely.box(100, 0, 100.4, 60), shapely.box(200, 99, 240, 100)
    [notch], [strip] = narrow_at_the_edge(shapely.union(shapely.difference(BLOCK, gap), tail), 1.5)
    assert shapely.hausdorff_distance(notch, gap) < 1e-6
    assert shapely.hausdorff_distance(strip, tail) < 1e-6


@pytest.mark.parametrize("width", [1.6, 5.0])
def test_what_is_wider_than_a_sliver_is_left_alone(width):
    gap, tail = shapely.box(100, 0, 100 + width, 60), shapely.box(200, 100 - width, 240, 100)
    found = narrow_at_the_edge(shapely.union(shapely.difference(BLOCK, gap), tail), 1.5)
    assert [len(one) for one in found] == [0, 0]


def test_corners_and_crooked_outlines_are_neither_notches_nor_strips():
    """A star of acute points, a circle, an L, and a hole, which is told of elsewhere."""
    turns = np.arange(14) * np.pi / 7
    reach = np.where(np.arange(14) % 2, 40.0, 100.0)
    star = shapely.Polygon(np.column_stack([reach * np.cos(turns), reach * np.sin(turns)]))
    corner = shapely.difference(BLOCK, shapely.box(50, 50, 200, 100))
    slit = shapely.difference(BLOCK, shapely.box(90, 20, 90.2, 80))
    for outline in (
        star,
        shapely.Point(0, 0).buffer(80),
        corner,
        slit,
        shapely.union(BLOCK, shapely.box(300, 0, 400, 90)),
    ):
        assert [len(one) for one in narrow_at_the_edge(outline, 1.5)] == [0, 0]
