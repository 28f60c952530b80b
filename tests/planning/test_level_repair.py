"""Plans of one level, drawn: overlaps split as decided and never otherwise, boundaries brought up to communes, zones that follow."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.coverage.levels import LevelWishes, level_proposed
from planning.coverage.pairwise import Pairwise, contradiction
from tests.planning import brute_force

WEST, EAST = shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)
COMMUNES = np.array([WEST, EAST], dtype=object)


def nobody():
    return Pairwise(frozenset())


def strips(*edges):
    """Fields from … to …, the whole height."""
    return np.array([shapely.box(west, 0, east, 100) for west, east in edges], dtype=object)


def told(done):
    return [(one.action, one.to, one.cut_from) for step in done.steps for one in step.repair.proposals]


def level(plans, *, zones=None, communes=COMMUNES, width_m=3.0, snapped=False, pairs=()):
    before = shapely.to_wkb(plans).tolist()
    done = level_proposed(
        plans,
        zones or [np.empty(0, dtype=object)] * len(plans),
        communes,
        LevelWishes(width_m, snapped, Pairwise(frozenset(pairs))),
    )
    assert shapely.to_wkb(plans).tolist() == before
    assert done.holds
    return done


def left(done):
    return [(one.misfit.kind, one.reason) for step in done.steps for one in step.repair.proof.left]


def test_an_overlap_without_a_decision_goes_to_a_person_however_narrow():
    done = level(strips((0, 101), (100, 200)))
    assert (told(done), left(done), done.changed) == ([], [("overlap", "undecided")], ())


@pytest.mark.parametrize("keeper", [0, 1])
def test_a_wide_overlap_is_split_as_decided_and_the_zones_are_cut_with_the_plan(keeper):
    """Sixty metres lie under both; the zones of the one that gives way lose them, the last of them wholly."""
    plans = strips((0, 160), (100, 200))
    zones = [strips((0, 90), (90, 120), (120, 160)), strips((100, 130), (130, 170), (170, 200))]
    done = level(plans, zones=zones, pairs=[(keeper, 1 - keeper)])
    assert told(done) == [("cut", keeper, (1 - keeper,))]
    assert done.after[keeper].equals(plans[keeper])
    [(place, follow)] = done.zones.items()
    assert place == 1 - keeper
    after = follow.applied(zones[place])
    if keeper == 0:
        assert [shape.area for shape in after] == [0, 1000, 3000]
    else:
        assert [shape.area for shape in after] == [9000, 1000, 0]
    assert after[2 if keeper == 0 else 0] is zones[place][2 if keeper == 0 else 0]
    assert follow.proof.moved_m2 == 6000
    assert brute_force.same(after, [done.after[place]])


def test_three_over_each_other_need_a_decision_for_every_pair():
    plans = strips((0, 120), (80, 200), (90, 110))
    assert ("overlap", "entangled") in left(level(plans, pairs=[(0, 1)]))
    circle = level(plans, pairs=[(0, 1), (1, 2), (2, 0)])
    assert circle.changed == ()
    assert ("overlap", "undecided") in left(circle)
    done = level(strips((0, 120), (80, 200), (85, 130)), pairs=[(0, 1), (0, 2), (1, 2)])
    assert ("overlap", "vanishing") in left(done) or shapely.area(done.after).sum() == 200 * 100


def test_a_plan_that_would_lose_everything_is_left():
    done = level(strips((0, 200), (50, 80)), pairs=[(0, 1)])
    assert (done.changed, left(done)) == ((), [("overlap", "vanishing")])


def test_boundaries_go_up_to_their_communes_and_the_zones_with_them():
    """The west plan falls a metre short in the west and reaches two metres over the border, where the east plan begins."""
    plans, zones = strips((1, 102), (100, 200)), [strips((1, 60), (60, 102)), strips((100, 200))]
    done = level(plans, zones=zones, snapped=True)
    assert done.after[0].equals(WEST)
    assert done.after[1] is plans[1]
    after = done.zones[0].applied(zones[0])
    assert [shape.bounds[::2] for shape in after] == [(0, 60), (60, 100)]
    assert 1 not in done.zones


def test_a_gap_between_plans_is_closed_and_the_zones_of_the_one_that_gets_it_grow():
    plans, zones = strips((0, 149), (150, 200)), [strips((0, 149)), strips((150, 200))]
    done = level(plans, zones=zones)
    assert told(done) == [("close", 0, ())]
    assert done.zones[0].applied(zones[0])[0].equals(shapely.box(0, 0, 150, 100))


def test_what_was_wrong_with_the_zones_before_is_wrong_after():
    """An overlap and a gap of the zones, far from the cut."""
    plans = strips((0, 160), (100, 200))
    zones = [strips((0, 20), (15, 40), (45, 160)), strips((100, 200))]
    done = level(plans, zones=zones, pairs=[(1, 0)])
    after = done.zones[0].applied(zones[0])
    assert [after[at] is zones[0][at] for at in range(3)] == [True, True, False]
    assert after[2].bounds[::2] == (45, 100)


def test_what_is_decided_both_ways_is_a_contradiction():
    assert contradiction([("A", "B"), ("B", "C")]) is None
    assert contradiction([("A", "B"), ("B", "A")]) == ("A", "B")
    assert contradiction([("A", "A")]) == ("A", "A")


edge = st.floats(0, 200).map(lambda value: round(value, 2))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(edge, edge, edge, edge), min_size=1, max_size=5),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_random_plans_with_every_pair_decided(boxes, snapped, random):
    """Held against brute force: no overlap is left but what would swallow a plan, no land of the union is lost but beyond the communes."""
    plans = np.array(
        [shapely.box(min(a, b), min(c, d) / 2, max(a, b) + 5, max(c, d) / 2 + 5) for a, b, c, d in boxes], dtype=object
    )
    ranks = list(range(len(plans)))
    random.shuffle(ranks)
    pairs = [(one, other) for one in ranks for other in ranks if ranks.index(one) < ranks.index(other)]
    zones = [
        np.array([plan.intersection(half) for half in shapely.box([-10, 70], -10, [70, 300], 300)], dtype=object)
        for plan in plans
    ]
    zones = [lot[shapely.area(lot) > 0.01] for lot in zones]
    done = level(plans, zones=zones, snapped=snapped, pairs=pairs)
    swallowed = {one.misfit.places for one in done.steps[-1].repair.proof.left if one.misfit.kind == "overlap"}
    for pair, shape in brute_force.overlaps(done.after).items():
        assert pair in swallowed or shape.area < 1e-6 * shape.length + 1e-9
    was, now = shapely.union_all(plans), shapely.union_all(done.after)
    closed, trimmed = (
        shapely.union_all([one.shape for step in done.steps for one in step.repair.proposals if one.action == action])
        for action in ("close", "trim")
    )
    assert was.difference(shapely.union_all([now, trimmed])).area < 1e-3
    assert now.difference(shapely.union_all([was, closed])).area < 1e-3
    for place, follow in done.zones.items():
        after = follow.applied(zones[place])
        assert brute_force.same([shapely.union_all(after).difference(done.after[place])], [])
        assert (
            shapely.union_all(zones[place]).intersection(done.after[place]).difference(shapely.union_all(after)).area
            < 1e-3
        )
