"""Proposals of repair, drawn one kind at a time; on planted defects; and on random broken coverages that must not lose land."""

from collections import Counter

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.sample.patchwork import patchwork
from planning.coverage import repair
from planning.coverage.examination import examined
from planning.coverage.misfits import REASONS, Wishes, misfits, shapes_of
from planning.coverage.proof import Plan, proved
from planning.coverage.repair import proposed
from planning.coverage.sharing import Proposal
from planning.coverage.widths import wider
from tests.drawing import points, ring, rings
from tests.planning import brute_force
from tests.planning.test_examination import broken_coverages

FIELD = """
    A . . B C . G
    . . . . . . .
    K . . . . . L
    D . . E F . H
    I . . . . . J
"""
WHOLE = ring(FIELD, "ABCGHJID")
SLIVERS = Wishes(width_m=15, snapped=True)


def mended(shapes, extent=WHOLE, wishes=SLIVERS):
    """A repair that keeps what it promises, and counts what an examination of everything counts."""
    done, after, again = repaired(shapes, extent, wishes)
    assert Counter(one.kind for one in misfits(again, wishes.noise_m)) == Counter(done.proof.after)
    return done, after, again


def repaired(shapes, extent, wishes):
    """A repair whose proof holds, that leaves what it says it leaves and nothing else, and loses no land by brute force."""
    before = shapely.to_wkb(shapes).tolist()
    done = proposed(shapes, extent, examined(shapes, extent), wishes)
    assert shapely.to_wkb(shapes).tolist() == before
    assert done.proof.holds
    after = done.applied(shapes)
    assert shapely.is_valid(after).all()
    again = examined(after, extent)
    assert_only_what_is_left_is_wrong(done, misfits(again, wishes.noise_m))
    assert_no_land_is_lost(shapes, after, done)
    return done, after, again


def assert_only_what_is_left_is_wrong(done, found):
    left = {}
    for one in done.proof.left:
        left.setdefault((one.misfit.kind, one.misfit.places), []).append(one.misfit.shape)
    for one in found:
        within = shapely.union_all([one.shape, *left.get((one.kind, one.places), [])])
        assert brute_force.same(left.get((one.kind, one.places), []), [within]), (one.kind, one.places)


def assert_no_land_is_lost(shapes, after, done):
    """Union after = union before + closed gaps − what was cut off beyond the extent and nobody else holds; polygon by polygon too."""
    given_to = {place: [] for place in range(len(shapes))}
    cut_from = {place: [] for place in range(len(shapes))}
    for one in done.proposals:
        for place in one.cut_from:
            cut_from[place].append(one.shape)
        if one.action == "close":
            given_to[one.to].append(one.shape)
    for place, shape in enumerate(shapes):
        expected = shapely.union_all([shape, *given_to[place]]).difference(shapely.union_all(cut_from[place]))
        assert brute_force.same([after[place]], [expected]), place
    closed = [one.shape for one in done.proposals if one.action == "close"]
    trimmed = [one.shape for one in done.proposals if one.action == "trim"]
    rest = shapely.union_all(shapes).difference(shapely.union_all(trimmed))
    still = [shapely.intersection(shapely.union_all(trimmed), shapely.union_all(after))]
    assert brute_force.same(after, [rest, *closed, *still])


def told(done):
    return [(one.action, one.to, one.cut_from) for one in done.proposals]


def reasons(done):
    return [(one.misfit.kind, one.reason) for one in done.proof.left]


def nodes(shape):
    return {tuple(xy) for xy in shapely.get_coordinates(shape).tolist()}


def at(letters, drawing=FIELD):
    return {points(drawing)[letter] for letter in letters}


def test_a_gap_goes_to_the_neighbour_with_the_longest_shared_edge_and_the_third_gets_the_nodes():
    """West and east run along it equally far, and west is larger; the south runs along its foot alone."""
    shapes = rings(FIELD, "ABED", "CGHF", "DHJI")
    done, after, again = mended(shapes)
    assert told(done) == [("close", 0, ())]
    assert after[0].equals(ring(FIELD, "ACFD"))
    assert after[1] is shapes[1]
    assert after[2].equals(shapes[2])
    assert nodes(after[2]) == at("DEFHJI")
    assert len(again.unmatched) == 0
    assert done.proof.moved_m2 == 300
    assert {place: one.gained_m2 for place, one in done.proof.changes.items()} == {0: 300, 2: 0}


def test_a_hole_goes_to_the_one_around_it():
    field = """
        A . . . B
        . C D . .
        . F E . .
        G . . . H
    """
    around = ring(field, "ABHG").difference(ring(field, "CDEF"))
    done, after, _ = mended(np.array([around], dtype=object), None)
    assert told(done) == [("close", 0, ())]
    assert after[0].equals(ring(field, "ABHG"))


OVERLAP = """
    A . B . C . G
    . . . . . . .
    . . . . . K .
    . . . . . . .
    D . E . F . H
"""
ALL_OF_IT = ring(OVERLAP, "ABCGHFED")


def test_an_overlap_is_kept_by_who_runs_along_it_further():
    """Taken from both, what is left of the first runs along BE, of the second along the bent line CKF, which is longer."""
    shapes = rings(OVERLAP, "ACKFD", "BGHE")
    done, after, again = mended(shapes, ALL_OF_IT, Wishes(30))
    assert told(done) == [("cut", 1, (0,))]
    assert after[0].equals(ring(OVERLAP, "ABED"))
    assert after[1].equals(shapes[1])
    assert nodes(after[1]) == nodes(shapes[1]) | at("CF", OVERLAP)
    assert again.overlaps == []


@pytest.mark.parametrize(
    ("decision", "keeper"),
    [((2, 1), 0), ((1, 2), 1), ((1, 1), 1), (lambda _: 1, 1), (lambda _: 0, 0), (lambda _: None, 1)],
)
def test_a_decision_goes_before_the_length_of_edges(decision, keeper):
    """The second runs along it further, so it keeps the land where nothing is decided."""
    shapes = rings(OVERLAP, "ACKFD", "BGHE")
    done, after, again = mended(shapes, ALL_OF_IT, Wishes(30, precedence=decision))
    assert told(done) == [("cut", keeper, (1 - keeper,))]
    assert after[keeper].equals(shapes[keeper])
    assert after[1 - keeper].equals(shapes[1 - keeper].difference(shapes[keeper]))
    assert len(again.unmatched) == 0


def test_a_decision_for_somebody_else_is_refused():
    shapes = rings(OVERLAP, "ACFD", "BGHE")
    with pytest.raises(ValueError, match="names 7"):
        proposed(shapes, None, examined(shapes), Wishes(30, precedence=lambda _: 7))


def test_two_that_run_along_an_overlap_equally_far_leave_it_to_the_larger():
    shapes = shapely.box([0, 9], 0, [10, 30], 5)
    done, after, _ = mended(shapes, None, Wishes(2))
    assert told(done) == [("cut", 1, (0,))]
    assert after[0].equals(shapely.box(0, 0, 9, 5))


def test_land_under_three_is_kept_by_one():
    """North and south share a strip, and both reach into the west's edge."""
    west, north, south = shapely.box(0, 0, 31, 60), shapely.box(30, 29, 60, 60), shapely.box(30, 0, 60, 30)
    shapes = np.array([west, north, south], dtype=object)
    done, after, again = mended(shapes, shapely.box(0, 0, 60, 60), Wishes(2, precedence=(1, 2, 3)))
    assert sorted(told(done)) == [("cut", 1, (0,)), ("cut", 2, (0,)), ("cut", 2, (0, 1)), ("cut", 2, (1,))]
    assert after[0].equals(shapely.box(0, 0, 30, 60))
    assert after[1].equals(shapely.box(30, 30, 60, 60))
    assert after[2].equals(south)
    assert again.overlaps == []
    undecided, after, again = mended(shapes, shapely.box(0, 0, 60, 60), Wishes(2))
    assert again.overlaps == []
    assert {len(one.cut_from) for one in undecided.proposals} == {1, 2}


def test_a_crossing_is_a_node_of_both_and_of_the_third():
    """Two leaning edges cross where nobody has a node; a third lies along the foot."""
    x, y = 416_000.0, 2_353_000.0
    west = shapely.Polygon([(x, y), (x + 50, y), (x + 53, y + 71), (x, y + 71)])
    east = shapely.Polygon([(x + 100, y), (x + 100, y + 71), (x + 49, y + 71), (x + 51.3, y)])
    south = shapely.box(x, y - 30, x + 100, y)
    shapes = np.array([west, east, south], dtype=object)
    extent = shapely.box(x, y - 30, x + 100, y + 71)
    done, after, again = mended(shapes, extent, Wishes(5))
    assert Counter(one.action for one in done.proposals) == {"close": 1, "cut": 1}
    assert misfits(again, 1e-7) == []
    shared = nodes(after[0]) & nodes(after[1])
    assert [node for node in shared if node not in nodes(west) | nodes(east)] != []
    assert len(nodes(after[2])) == 6
    shared_with_south = nodes(after[0]) & nodes(after[1]) & nodes(after[2])
    assert len(shared_with_south) == 1


def test_a_duplicate_is_dropped_only_when_asked():
    shapes = rings(OVERLAP, "ABED", "BGHE", "BGHE")
    left_alone, after, _ = mended(shapes, ALL_OF_IT, Wishes(1000))
    assert reasons(left_alone) == [("overlap", "duplicate")]
    assert (left_alone.changed, left_alone.proposals) == ({}, ())
    done, after, again = mended(shapes, ALL_OF_IT, Wishes(1, duplicates=True))
    assert told(done) == [("drop", 1, (2,))]
    assert after[2].is_empty
    assert after[1] is shapes[1]
    assert again.overlaps == []
    decided, _, _ = mended(shapes, ALL_OF_IT, Wishes(1, duplicates=True, precedence=(0, 1, 2)))
    assert told(decided) == [("drop", 2, (1,))]


def test_of_duplicates_that_reach_beyond_the_extent_both_are_trimmed_and_one_is_dropped():
    shapes = shapely.box([0, 0], 0, [30, 30], 40)
    done, after, _ = mended(shapes, shapely.box(0, 0, 30, 38), Wishes(5, snapped=True, duplicates=True))
    assert told(done) == [("trim", None, (0, 1)), ("drop", 0, (1,))]
    assert after[0].equals(shapely.box(0, 0, 30, 38))
    assert after[1].is_empty


def test_a_contained_polygon_waits_for_a_decision():
    inner = ring(OVERLAP, "BCFE").buffer(-2)
    shapes = np.array([ring(OVERLAP, "AGHD"), inner], dtype=object)
    assert reasons(mended(shapes, ALL_OF_IT, Wishes(1000))[0]) == [("overlap", "contained")]
    assert reasons(mended(shapes, ALL_OF_IT, Wishes(1, contained=True))[0]) == [("overlap", "undecided")]
    pierced, after, _ = mended(shapes, ALL_OF_IT, Wishes(1, contained=True, precedence=(1, 2)))
    assert told(pierced) == [("cut", 1, (0,))]
    assert after[0].equals(shapes[0].difference(inner))
    dropped, after, _ = mended(shapes, ALL_OF_IT, Wishes(1, contained=True, precedence=(2, 1)))
    assert told(dropped) == [("drop", 0, (1,))]
    assert after[1].is_empty


def test_what_is_wider_is_left():
    gap, _, _ = mended(rings(FIELD, "ABED", "CGHF", "DHJI"), wishes=Wishes(9, snapped=True))
    assert reasons(gap) == [("gap", "wide")]
    overlap, _, _ = mended(rings(OVERLAP, "ACFD", "BGHE"), ALL_OF_IT, Wishes(9))
    assert reasons(overlap) == [("overlap", "wide")]
    assert (gap.changed, overlap.changed) == ({}, {})


def test_polygons_go_up_to_the_extent_only_where_it_is_to_be_snapped_to():
    """The west falls short of its foot, the east reaches beyond."""
    field = """
        A . . . B . . . G
        . . . . . . . . .
        C . . . E . . . .
        D . . . F . . . H
        . . . . I . . . J
    """
    shapes, extent = rings(field, "ABEC", "BGHJIFE"), ring(field, "ABGHFD")
    left, _, _ = mended(shapes, extent, Wishes(15))
    assert sorted(reasons(left)) == [("gap", "extent"), ("overhang", "extent")]
    done, after, again = mended(shapes, extent, SLIVERS)
    assert sorted(told(done), key=str) == [("close", 0, ()), ("trim", None, (1,))]
    assert after[0].equals(ring(field, "ABFD"))
    assert after[1].equals(ring(field, "BGHF"))
    assert misfits(again, 1e-7) == []


def test_an_inner_gap_that_ends_at_the_extent_needs_no_snapping():
    shapes = rings(FIELD, "ABED", "CGHF", "DHJI")
    done, _, _ = mended(shapes, wishes=Wishes(15))
    assert told(done) == [("close", 0, ())]


def test_two_that_reach_beyond_the_extent_together_lose_it_both():
    shapes = shapely.box([0, 29], 0, [30, 60], 40)
    done, after, again = mended(shapes, shapely.box(0, 0, 60, 38), SLIVERS)
    assert misfits(again, 1e-7) == []
    assert Counter(told(done)) == Counter(
        [("trim", None, (0,)), ("trim", None, (1,)), ("trim", None, (0, 1)), ("cut", 1, (0,))]
    )
    assert after[0].equals(shapely.box(0, 0, 29, 38))
    assert after[1].equals(shapely.box(29, 0, 60, 38))


def test_a_gap_that_no_polygon_touches_is_left():
    far = shapely.box(416_500, 2_353_000, 416_505, 2_353_100)
    shapes = rings(FIELD, "ABED", "BGHE")
    done, _, _ = mended(shapes, shapely.MultiPolygon([ring(FIELD, "AGHD"), far]), SLIVERS)
    assert reasons(done) == [("gap", "alone")]


def test_a_sliver_over_a_wide_overlap_is_left_with_it():
    """Two lie over each other widely; a third reaches five metres over both."""
    shapes = shapely.box([0, 30, 95], 0, [100, 100, 150], [40, 50, 60])
    done, _, _ = mended(shapes, None, Wishes(15))
    assert sorted(reasons(done)) == [("overlap", "entangled"), ("overlap", "entangled"), ("overlap", "wide")]
    assert done.changed == {}


def test_a_narrow_polygon_that_would_vanish_is_left_and_the_rest_is_mended():
    """A ditch of five metres, drawn between two fields that both reach over half of it; elsewhere a gap beside one of them."""
    fields = [shapely.box(0, 0, 50, 100), shapely.box(50, 0, 98, 100), shapely.box(100, 0, 150, 100)]
    ditch = shapely.box(47, 0, 52, 100)
    shapes = np.array([*fields, ditch], dtype=object)
    done, after, _ = mended(shapes, shapely.box(0, 0, 150, 100), Wishes(6, precedence=(1, 1, 1, 0)))
    assert sorted(reasons(done)) == [("overlap", "vanishing"), ("overlap", "vanishing")]
    assert told(done) == [("close", 2, ())]
    assert after[3] is shapes[3]


def with_spike(shape):
    """A polygon of the same area that is not valid: its first node is visited from a place outside, and back."""
    start, *rest = shape.exterior.coords
    return shapely.Polygon([start, (start[0] - 1, start[1] - 1), start, *rest])


@pytest.mark.parametrize("spoil", [with_spike, lambda shape: shape.buffer(1)])
def test_a_cluster_that_cannot_be_built_is_left_and_others_are_not(spoil, monkeypatch):
    def poor(ends, *, several):
        made = build(ends, several=several)
        return spoil(made) if made.bounds[0] < 1000 else made

    build = repair.built
    monkeypatch.setattr(repair, "built", poor)
    one = shapely.box([0, 10.5], 0, [10, 20], 30)
    shapes = np.concatenate([one, shapely.transform(one, lambda xy: xy + 5000)])
    extent = shapely.MultiPolygon([shapely.box(0, 0, 20, 30), shapely.box(5000, 5000, 5020, 5030)])
    done, after, _ = mended(shapes, extent, Wishes(1))
    assert reasons(done) == [("gap", "unbuilt")]
    assert set(done.changed) == {2}
    assert after[2].equals(shapely.box(5000, 5000, 5010.5, 5030))


def test_multipolygons_stay_what_they_are_and_holes_stay():
    pierced = shapely.box(0, 0, 10, 10).difference(shapely.box(4, 4, 6, 6))
    shapes = np.array(
        [shapely.MultiPolygon([pierced]), shapely.box(10.5, 0, 20, 10), shapely.box(4, 4, 6, 6)], dtype=object
    )
    done, after, _ = mended(shapes, shapely.box(0, 0, 20, 10), Wishes(1))
    assert set(done.changed) == {0}
    assert after[0].geom_type == "MultiPolygon"
    assert after[0].equals(shapely.box(0, 0, 10.5, 10).difference(shapely.box(4, 4, 6, 6)))


def test_noise_is_no_defect():
    shapes = np.array([shapely.box(0, 0, 10, 10), shapely.box(10.0005, 0, 20, 10)], dtype=object)
    done, _, _ = mended(shapes, shapely.box(0, 0, 20, 10), Wishes(1))
    assert (done.changed, done.proposals, done.proof.left) == ({}, (), ())
    done, _, _ = mended(shapes, shapely.box(0, 0, 20, 10), Wishes(1, noise_m=0.0001))
    assert told(done) == [("close", 0, ())]


@pytest.mark.parametrize("work", [patchwork(2_500), patchwork(1)])
def test_a_clean_coverage_has_no_proposal(work):
    done, _, _ = mended(work.shapes, work.extent, Wishes(10, snapped=True, duplicates=True))
    assert (done.changed, done.proposals, done.proof.left, done.proof.moved_m2) == ({}, (), (), 0)
    assert done.proof.before == done.proof.after == {"gap": 0, "overlap": 0, "overhang": 0}


def test_no_polygon_at_all_needs_no_repair():
    nothing = np.empty(0, dtype=object)
    done = proposed(nothing, WHOLE, examined(nothing, WHOLE), SLIVERS)
    assert reasons(done) == [("gap", "wide")]
    assert done.proof.holds


WIDTH_M = 3.0


@pytest.fixture(scope="module")
def planted():
    """Two thousand five hundred polygons with sixty defects, mended up to three metres."""
    work = patchwork(2_500, defects=60)
    done, after, again = mended(work.shapes, work.extent, Wishes(WIDTH_M, snapped=True))
    return work, done, after, again


def test_planted_slivers_are_gone_and_everything_else_is_still_there(planted):
    work, done, _, again = planted
    slivers = [one for one in work.truth if one.how not in {"twice", "inside", "across"}]
    narrow = {id(one) for one, wide in zip(slivers, wider(shapes_of(slivers), WIDTH_M), strict=True) if not wide}
    expected = Counter(one.kind for one in work.truth if id(one) not in narrow)
    assert len(narrow) == len(done.proposals) == 25
    assert Counter(one.kind for one in misfits(again)) == expected
    assert len(misfits(again)) == len(done.proof.left)
    rest = shapely.STRtree([one.shape for one in misfits(again)])
    for one in slivers:
        found = rest.query(one.shape, predicate="intersects")
        assert (len(found) == 0) == (id(one) in narrow), one.how


def test_nothing_else_changed_to_the_byte(planted):
    work, done, after, _ = planted
    near = shapely.STRtree(work.shapes).query(shapes_of(work.truth), predicate="intersects")[1]
    same = shapely.to_wkb(after) == shapely.to_wkb(work.shapes)
    assert set(np.flatnonzero(~same)) == set(done.changed) <= set(near)
    assert done.proof.bystanders == ()


def test_the_proof_of_areas_is_right_by_brute_force(planted):
    work, done, after, _ = planted
    for place, one in done.proof.changes.items():
        gained = after[place].difference(work.shapes[place]).area
        lost = work.shapes[place].difference(after[place]).area
        assert (one.before_m2, one.after_m2) == (work.shapes[place].area, after[place].area)
        assert (one.gained_m2, one.lost_m2) == pytest.approx((gained, lost), abs=1e-6)
        assert one.strayed_m2 < 1e-6
    closed = sum(one.area_m2 for one in done.proposals if one.action == "close")
    trimmed = sum(one.area_m2 for one in done.proposals if one.action == "trim")
    grown = shapely.union_all(after).area - shapely.union_all(work.shapes).area
    assert grown == pytest.approx(closed - trimmed, abs=1e-4)
    assert done.proof.union_m2[1] - done.proof.union_m2[0] == pytest.approx(closed - trimmed, abs=1e-6)
    assert done.proof.moved_m2 == pytest.approx(sum(one.gained_m2 + one.lost_m2 for one in done.proof.changes.values()))


def test_shared_edges_match_vertex_for_vertex_in_the_mended_places(planted):
    """Edges without a counterpart that lie in a mended place lie on the outline of the extent."""
    work, done, _, again = planted
    edges = shapely.linestrings(again.unmatched.reshape(-1, 2, 2))
    places = shapely.STRtree([one.shape for one in done.proposals])
    inside = np.unique(places.query(edges, predicate="dwithin", distance=1e-8)[0])
    touching = [place for place in inside if shapely.relate_pattern(edges[place], mended_land(done), "1********")]
    others = shapely.STRtree([one.misfit.shape for one in done.proof.left])
    for edge in edges[touching]:
        on_rim = shapely.distance(edge.centroid, work.extent.boundary) < 1e-8
        assert on_rim or len(others.query(edge, predicate="intersects"))


def mended_land(done):
    return shapely.union_all(shapes_of(done.proposals)).buffer(1e-7)


def test_a_forged_repair_does_not_hold():
    """Somebody moved a bystander, tore a new gap, and took more land than the proposal says."""
    work = patchwork(100)
    seen = examined(work.shapes, work.extent)
    sliver = shapely.box(0, 0, 1, 1)
    shrunk = work.shapes[44].buffer(-1)
    proof = proved(work.shapes, work.extent, seen, Plan({44: shrunk}, [Proposal("cut", sliver, 3, (44,))], [], 0.001))
    assert proof.bystanders == (44,)
    assert [one.kind for one in proof.made] == ["gap"]
    assert proof.after["gap"] == 1
    assert proof.changes[44].strayed_m2 == pytest.approx(work.shapes[44].area - shrunk.area - 1)
    assert proof.union_m2[0] - proof.union_m2[1] == pytest.approx(work.shapes[44].area - shrunk.area)
    assert not proof.holds


def test_every_reason_is_told_in_both_languages():
    assert all(vi and en and vi != en for vi, en in REASONS.values())


@pytest.mark.parametrize("noise_m", [0.001, 1e-7])
def test_polygons_drawn_each_on_its_own_become_one_coverage(noise_m):
    """Every edge is a chain of slivers, every corner lies under several, all in one cluster."""
    work = patchwork(64, jitter_m=0.02)
    wishes = Wishes(0.3, snapped=True, noise_m=noise_m)
    done, after, again = mended(work.shapes, work.extent, wishes)
    assert len(done.proposals) > 500
    assert done.proof.left == ()
    assert misfits(again, noise_m) == []
    assert brute_force.same(after, [work.extent], 0.001)


@settings(max_examples=60, deadline=None)
@given(broken_coverages(), st.sampled_from([0.05, 1.0, 30.0]), st.booleans(), st.booleans())
def test_random_broken_coverages_never_lose_land(coverage, width_m, snapped, asked):
    shapes, extent = coverage
    decision = range(len(shapes)) if asked else None
    wishes = Wishes(width_m, snapped=snapped, duplicates=asked, contained=asked, precedence=decision)
    done, after, again = repaired(shapes, extent, wishes)
    assert done.proof.holds
    assert done.proof.bystanders == ()
    if not any(one.misfit.kind == "overlap" for one in done.proof.left):
        noise = sum(one.shape.area for one in again.overlaps)
        assert shapely.area(after).sum() - noise == pytest.approx(shapely.union_all(after).area, abs=1e-3)


def as_told(done, shapes):
    """A repair told without places: what becomes of each polygon, and the proposals in their order."""
    keys = shapely.to_wkb(shapes).tolist()
    after = Counter(zip(keys, shapely.to_wkb(done.applied(shapes)).tolist(), strict=True))
    proposals = [
        (one.action, one.shape.wkb, None if one.to is None else keys[one.to], sorted(keys[at] for at in one.cut_from))
        for one in done.proposals
    ]
    left = [(one.misfit.kind, one.reason, sorted(keys[at] for at in one.misfit.places)) for one in done.proof.left]
    return after, proposals, left


@settings(max_examples=60, deadline=None)
@given(broken_coverages(), st.randoms(use_true_random=False), st.sampled_from([0.05, 1.0, 30.0]))
def test_the_order_of_the_input_decides_nothing(coverage, random, width_m):
    shapes, extent = coverage
    mixed = shapes.copy()
    random.shuffle(mixed)
    wishes = Wishes(width_m, snapped=True, duplicates=True)
    one, other = (proposed(lot, extent, examined(lot, extent), wishes) for lot in (shapes, mixed))
    assert as_told(one, shapes) == as_told(other, mixed)


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_alike_the_one_further_west_is_given_the_land(turned):
    """A gap between two fields of one size, an overlap of two more."""
    shapes = shapely.box([0, 11, 100, 109], 0, [10, 21, 110, 119], 50)[:: -1 if turned else 1]
    extent = shapely.MultiPolygon([shapely.box(0, 0, 21, 50), shapely.box(100, 0, 119, 50)])
    done, _, _ = mended(shapes, extent, Wishes(2))
    keepers = [shapes[one.to].bounds[0] for one in done.proposals]
    assert keepers == [0, 100]
