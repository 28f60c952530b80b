"""The coverage engine, drawn; against planted truth; and against brute force on random and awkward coverages."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.sample.patchwork import patchwork
from layers.sample.streets import streets
from planning.coverage import examination
from planning.coverage.examination import done, examined
from planning.coverage.faces import DoesNotAddUp
from planning.coverage.widths import verdict, wider
from tests.drawing import ORIGIN, ring, rings
from tests.planning import brute_force

FIELD = """
    A . B C . G
    . . . . . .
    D . E F . H
"""


def examined_and_proved(shapes, extent):
    """Examine, and hold every answer against brute force; what is narrower than a micrometre is rounding on either side."""
    seen = examined(shapes, extent)
    assert brute_force.same(seen.gaps, [brute_force.gaps(shapes, extent)])
    pairs: dict[tuple[int, int], list] = {}
    for one in seen.overlaps:
        pairs.setdefault((one.first, one.second), []).append(one.shape)
    expected = brute_force.overlaps(shapes)
    for pair in pairs.keys() | expected.keys():
        assert brute_force.same(pairs.get(pair, []), [expected.get(pair, shapely.Polygon())]), pair
    beyond: dict[int, list] = {}
    for one in seen.overhangs:
        beyond.setdefault(one.place, []).append(one.shape)
    outside = brute_force.overhangs(shapes, extent)
    for place in beyond.keys() | outside.keys():
        assert brute_force.same(beyond.get(place, []), [outside.get(place, shapely.Polygon())]), place
    assert brute_force.same(seen.covered, shapes)
    return seen


def told(seen):
    """Everything found, as bytes."""
    lots = ([*seen.gaps], [one.shape for one in seen.overlaps], [one.shape for one in seen.overhangs])
    return [sorted(shapely.to_wkb(np.array(lot, dtype=object)).tolist()) for lot in lots]


def test_a_zone_crossing_its_neighbour_is_reported():
    [found] = examined(rings(FIELD, "ACFD", "BGHE"), ring(FIELD, "AGHD")).overlaps
    assert (found.first, found.second) == (0, 1)
    assert found.shape.equals(ring(FIELD, "BCFE"))


def test_neighbours_that_share_an_edge_leave_nothing():
    seen = examined(rings(FIELD, "ABED", "BGHE"), ring(FIELD, "AGHD"))
    assert (seen.gaps, seen.overlaps, seen.overhangs) == ([], [], [])
    assert seen.area_m2 == 50 * 20


def test_a_duplicate_and_a_contained_zone_overlap():
    assert len(examined(rings(FIELD, "ABED", "ABED")).overlaps) == 1
    [inside] = examined(rings(FIELD, "AGHD", "BCFE")).overlaps
    assert inside.shape.equals(ring(FIELD, "BCFE"))


def test_three_times_the_same_zone_makes_three_pairs():
    seen = examined(rings(FIELD, "ABED", "ABED", "ABED"))
    assert [(one.first, one.second) for one in seen.overlaps] == [(0, 1), (0, 2), (1, 2)]


def test_a_missing_zone_is_a_gap():
    [found] = examined(rings(FIELD, "ABED", "CGHF"), ring(FIELD, "AGHD")).gaps
    assert found.equals(ring(FIELD, "BCFE"))


def test_a_hole_is_a_gap_where_no_extent_is_known():
    frame = shapely.difference(ring(FIELD, "AGHD"), ring(FIELD, "BCFE").buffer(-1))
    [found] = examined(np.array([frame], dtype=object)).gaps
    assert found.area == pytest.approx(8 * 18)


def test_a_zone_beyond_its_plan_overhangs():
    [found] = examined(rings(FIELD, "ABED", "BGHE"), ring(FIELD, "ACFD")).overhangs
    assert found.place == 1
    assert found.shape.equals(ring(FIELD, "CGHF"))


def test_one_large_zone_over_many_small_ones_overlaps_each_of_them():
    """The small ones agree among themselves, so nothing but the outline of the whole is left of them."""
    shapes = np.append(
        shapely.box(*np.mgrid[0:9, 0:9].reshape(2, -1), *(np.mgrid[0:9, 0:9].reshape(2, -1) + 1)),
        shapely.box(1, 1, 8, 8),
    )
    seen = examined_and_proved(shapes, shapely.box(0, 0, 9, 9))
    assert {(one.first, one.second) for one in seen.overlaps} == {
        (x * 9 + y, 81) for x in range(1, 8) for y in range(1, 8)
    }


def test_a_whole_coverage_outside_its_extent_overhangs_zone_by_zone():
    shapes = shapely.box(np.arange(5.0), 0, np.arange(5.0) + 1, 1)
    seen = examined_and_proved(shapes, shapely.box(100, 0, 105, 1))
    assert [one.place for one in seen.overhangs] == [0, 1, 2, 3, 4]
    assert len(seen.gaps) == 1


def test_an_edge_met_by_two_shorter_ones_is_unmatched_and_nothing_else():
    shapes = np.array([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 4), shapely.box(10, 4, 20, 10)], dtype=object)
    seen = examined_and_proved(
        shapes, shapely.Polygon([(0, 0), (10, 0), (20, 0), (20, 4), (20, 10), (10, 10), (0, 10)])
    )
    assert (seen.gaps, seen.overlaps) == ([], [])
    assert sorted(np.hypot(*(seen.unmatched[:, 2:] - seen.unmatched[:, :2]).T)) == [4, 6, 10]


def test_holes_islands_and_rings_that_touch():
    lake = shapely.Polygon(shapely.box(0, 0, 10, 10).exterior, [shapely.box(2, 2, 8, 8).exterior])
    pinched = shapely.Polygon([(2, 2), (8, 2), (8, 8), (2, 8)], [[(2, 2), (4, 3), (3, 4)]])
    islands = shapely.MultiPolygon([shapely.Polygon([(2, 2), (3, 4), (4, 3)]), shapely.box(20, 20, 21, 21)])
    extent = shapely.MultiPolygon([shapely.box(0, 0, 10, 10), shapely.box(20, 20, 22, 21)])
    seen = examined_and_proved(np.array([lake, pinched, islands], dtype=object), extent)
    assert [gap.bounds for gap in seen.gaps] == [(21, 20, 22, 21)]


def test_an_extent_with_a_hole_is_overhung_into_the_hole():
    extent = shapely.Polygon(shapely.box(0, 0, 10, 10).exterior, [shapely.box(4, 4, 6, 6).exterior])
    seen = examined_and_proved(np.array([shapely.box(0, 0, 10, 10)], dtype=object), extent)
    assert [one.shape.area for one in seen.overhangs] == [4]


def test_heights_empty_shapes_and_minus_zero_change_nothing():
    shapes = np.array(
        [shapely.force_3d(shapely.box(-1, -1, 0, 0), 7), shapely.Polygon(), shapely.box(-0.0, -1, 1, 0), None],
        dtype=object,
    )
    seen = examined(shapes, shapely.Polygon([(-1, -1), (0, -1), (1, -1), (1, 0), (0, 0), (-1, 0)]))
    assert (seen.gaps, seen.overlaps, seen.overhangs, len(seen.unmatched)) == ([], [], [], 0)


def test_no_polygon_at_all_leaves_the_whole_extent():
    [gap] = examined(np.empty(0, dtype=object), ring(FIELD, "AGHD")).gaps
    assert gap.equals(ring(FIELD, "AGHD"))


def test_a_ring_that_crosses_itself_does_not_add_up():
    bow = shapely.Polygon([(0, 0), (4, 4), (4, 0), (0, 2)])
    with pytest.raises(DoesNotAddUp, match="invalid"):
        examined(np.array([bow], dtype=object), shapely.box(0, 0, 9, 9))


@pytest.mark.parametrize("collision", ["all", "some"])
def test_equal_hashes_are_not_believed(collision, monkeypatch):
    """With a hash that says the same of everything, or of a third, the answers stay as they are."""
    work = patchwork(200, defects=7)
    before = told(examined(work.shapes, work.extent))

    def poor(xy):
        return (xy[:, 0].astype(np.int64) % 3 if collision == "some" else np.zeros(len(xy))).astype(np.uint64)

    monkeypatch.setattr("planning.coverage.halfedges._vertex_hashes", poor)
    assert told(examined(work.shapes, work.extent)) == before


@pytest.mark.parametrize(
    ("width_mm", "judged"), [(0.5, "noise"), (1.0, "noise"), (2.2, "sliver"), (5.0, "sliver"), (3100, "defect")]
)
def test_a_misfit_is_judged_by_its_width_not_its_area(width_mm, judged):
    """A 3 km sliver of half a millimetre has 1.5 m² and is noise."""
    x, y = ORIGIN
    width = width_mm / 1000
    shapes = np.array(
        [shapely.box(x, y, x + 3000, y + 5), shapely.box(x, y + 5 + width, x + 3000, y + 10)], dtype=object
    )
    [gap] = examined(shapes, shapely.box(x, y, x + 3000, y + 10)).gaps
    assert verdict(gap, "unit") == judged


def all_planted_is_found_and_nothing_else(work):
    """What is wider than noise, each at its place with its shape."""
    seen = examined(work.shapes, work.extent)
    found = [("gap", gap) for gap in seen.gaps] + [("overlap", one.shape) for one in seen.overlaps]
    found += [("overhang", one.shape) for one in seen.overhangs]
    shapes = np.array([shape for _, shape in found], dtype=object)
    found = [one for one, wide in zip(found, wider(shapes, 0.001), strict=True) if wide]
    tree = shapely.STRtree([shape for _, shape in found])
    used = set()
    for planted in work.truth:
        near = [place for place in tree.query(planted.shape) if found[place][0] == planted.kind]
        near = [place for place in near if brute_force.same([found[place][1]], [planted.shape])]
        assert len(near) == 1, planted.how
        used.add(near[0])
    assert len(used) == len(work.truth) == len(found)
    return seen


def test_what_was_planted_is_found_and_nothing_else():
    """Slivers from 2.2 mm, holes, missing, doubled, contained, kilometre-wide ones; some at the edge of the extent."""
    all_planted_is_found_and_nothing_else(patchwork(10_000, defects=500))


def test_a_clean_coverage_has_no_finding():
    work = patchwork(2_500)
    seen = examined(work.shapes, work.extent)
    assert (seen.gaps, seen.overlaps, seen.overhangs, len(seen.unmatched)) == ([], [], [], 0)


@pytest.mark.parametrize("jitter_m", [0.01, 0.05])
def test_polygons_drawn_each_on_its_own_are_as_exact(jitter_m):
    work = patchwork(64, jitter_m=jitter_m)
    assert examined_and_proved(work.shapes, work.extent).gaps


def test_one_giant_polygon_with_many_neighbours_that_are_off():
    """A road around and between a hundred lots, each lot drawn a centimetre off its place."""
    x, y = np.mgrid[0:10, 0:10].reshape(2, -1) * 30.0 + 5
    lots = shapely.box(x, y, x + 20, y + 20)
    road = shapely.box(0, 0, 300, 300).difference(shapely.union_all(lots))
    moved = shapely.transform(lots, lambda xy: xy + 0.01)
    seen = examined_and_proved(np.append(moved, road), shapely.box(0, 0, 300, 300))
    assert len(seen.overlaps) == 100


def test_one_giant_polygon_with_a_hundred_thousand_neighbours_that_fit_has_no_finding():
    work = streets(100_000)
    assert len(work.shapes) == 100_001
    assert shapely.get_num_coordinates(work.shapes[-1]) > 200_000
    seen = examined(work.shapes, work.extent)
    assert (seen.gaps, seen.overlaps, seen.overhangs, len(seen.unmatched)) == ([], [], [], 0)


def test_what_is_off_along_one_giant_polygon_is_found_and_nothing_else():
    """A road and a hundred thousand lots, some hundred of which stand back from it or in it, by 2.2 mm to 4 m."""
    work = streets(100_000, off=400)
    seen = all_planted_is_found_and_nothing_else(work)
    assert (len(seen.gaps), len(seen.overlaps)) == (200, 200)
    assert {one.second for one in seen.overlaps} == {100_000}


def test_a_small_town_all_of_whose_lots_are_off_agrees_with_brute_force():
    work = streets(100, off=100, width_m=0.01)
    seen = examined_and_proved(work.shapes, work.extent)
    assert (len(seen.gaps), len(seen.overlaps)) == (50, 50)


def test_of_ten_thousand_lots_that_are_all_off_each_is_found():
    work = streets(10_000, off=10_000, width_m=0.01)
    seen = examined(work.shapes, work.extent)
    assert (len(seen.gaps), len(seen.overlaps), len(seen.overhangs)) == (5_000, 5_000, 0)
    assert len({one.first for one in seen.overlaps}) == 5_000


def test_neither_order_nor_workers_change_a_byte(monkeypatch):
    monkeypatch.setattr(examination, "BLOCK", 25)
    work = patchwork(900, defects=30)
    shaken = patchwork(100, jitter_m=0.02)
    shapes = np.concatenate([work.shapes, shaken.shapes])
    expected = examined(shapes, work.extent)
    rng = np.random.default_rng(3)
    for workers in (1, 2, 3):
        pool = ThreadPoolExecutor(workers)
        order = rng.permutation(len(shapes))
        seen = examined(shapes[order], work.extent, workers=lambda work, pool=pool: pool.map(done, work))
        assert told(seen) == told(expected)
        pairs = {tuple(sorted((order[one.first], order[one.second]))) for one in seen.overlaps}
        assert pairs == {(one.first, one.second) for one in expected.overlaps}


def test_how_the_polygons_are_parted_changes_no_shape(monkeypatch):
    """Blocks of 7, of 100 or one for all: the same places; only where a ring begins may differ."""
    shapes = np.concatenate([patchwork(900, defects=30).shapes, patchwork(100, jitter_m=0.02).shapes])
    extent = patchwork(900).extent

    def places(size: int):
        monkeypatch.setattr(examination, "BLOCK", size)
        seen = examined(shapes, extent)
        whole = [((), gap) for gap in seen.gaps] + [((one.first, one.second), one.shape) for one in seen.overlaps]
        whole += [((one.place,), one.shape) for one in seen.overhangs]
        return sorted((names, shapely.normalize(shape).wkb) for names, shape in whole)

    expected = places(4096)
    assert len(expected) > 30
    assert places(7) == places(100) == expected


SQUARES = st.lists(st.tuples(*[st.integers(0, 8)] * 2, *[st.integers(1, 4)] * 2), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(SQUARES)
def test_random_squares_agree_with_counting_cells(squares):
    """Oracle: the same squares counted cell by cell on a grid of whole metres."""
    extent = shapely.box(0, 0, 10, 10)
    shapes = np.array([shapely.box(x, y, x + w, y + h) for x, y, w, h in squares], dtype=object)
    depth = np.zeros((12, 12), dtype=int)
    for x, y, w, h in squares:
        depth[x : x + w, y : y + h] += 1
    inside = depth[:10, :10]
    seen = examined(shapes, extent)
    assert sum(shape.area for shape in seen.gaps) == pytest.approx((inside == 0).sum())
    pairs = (depth * (depth - 1) // 2).sum()
    assert sum(overlap.shape.area for overlap in seen.overlaps) == pytest.approx(pairs)
    assert sum(one.shape.area for one in seen.overhangs) == pytest.approx(depth.sum() - inside.sum())


@st.composite
def broken_coverages(draw):
    """A Voronoi coverage in which polygons were moved, shrunk, doubled, dropped, pierced, joined to others, or covered by a box."""
    number = draw(st.integers(3, 14))
    seed = draw(st.integers(0, 10_000))
    rng = np.random.default_rng(seed)
    extent = shapely.box(0, 0, 100, 100)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(rng.uniform(0, 100, (number, 2))), extend_to=extent)
    )
    shapes = [shape for shape in shapely.intersection(cells, extent) if shape.area > 0]
    for what in draw(
        st.lists(st.sampled_from(["move", "shrink", "twice", "drop", "pierce", "join", "cover"]), max_size=5)
    ):
        at = int(rng.integers(len(shapes)))
        one = shapes[at]
        step = 10.0 ** rng.uniform(-3, 1)
        if what == "move":
            shapes[at] = shapely.transform(one, lambda xy, by=step: xy + by)
        elif what == "shrink":
            shapes[at] = max(shapely.get_parts(one.buffer(-step, join_style="mitre")), key=shapely.area, default=one)
        elif what == "twice":
            shapes.append(one)
        elif what == "drop" and len(shapes) > 1:
            shapes.pop(at)
        elif what == "pierce":
            shapes[at] = one.difference(one.representative_point().buffer(min(step, 2)))
        elif what == "join":
            other = shapes[int(rng.integers(len(shapes)))]
            shapes[at] = shapely.union(one, other)
        else:
            shapes.append(shapely.box(*(rng.uniform(0, 60, 2)), *(rng.uniform(60, 130, 2))))
    return np.array([shape for shape in shapes if shape.area > 0], dtype=object), extent


@settings(max_examples=80, deadline=None)
@given(broken_coverages())
def test_random_broken_coverages_agree_with_brute_force(coverage):
    examined_and_proved(*coverage)


def test_a_part_whose_corner_is_rounded_off_its_own_polygon_is_cut_all_the_same():
    """Found by a drawn case: three polygons whose overlap leaves a triangle of 1.3 m², a corner of which lies 10⁻¹⁴ m off."""
    texts = (
        "POLYGON ((58.57960556447138 47.05863949038132, 58.82582477435877 47.384945456655636, 84.6556505245474 61.444322764231956,"
        " 104.93120244397386 56.83956851943376, 104.93120244397386 4.931202443973854, 82.81520477236423 4.931202443973854,"
        " 58.57960556447138 47.05863949038132))",
        "POLYGON ((80.60865031322587 59.2644448136746, 46.95545491968789 59.2644448136746, 46.95545491968789 121.80037968976731,"
        " 129.0366984496167 121.80037968976731, 129.0366984496167 59.2644448136746, 100.91831976449997 59.2644448136746,"
        " 100.91831976449997 52.82668583995987, 80.64276784507351 57.431440084758066, 80.60865031322587 59.2644448136746))",
        "POLYGON ((129.0366984496167 59.2644448136746, 129.0366984496167 121.80037968976731, 46.95545491968789 121.80037968976731,"
        " 46.95545491968789 59.2644448136746, 129.0366984496167 59.2644448136746))",
    )
    examined_and_proved(shapely.from_wkt(texts), shapely.box(0, 0, 100, 100))
