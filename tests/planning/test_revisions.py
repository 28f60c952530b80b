"""What a new version changes, against a count of cells: a plan on a grid whose cells carry lot symbols and functions."""

from collections import Counter, defaultdict
from datetime import date

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.revisions import PlanState, ZoneState, revision
from tests.drawing import ORIGIN, ring

DAY = date(2026, 1, 1)
SIDE, CELL = 4, 10.0
FUNCTIONS = {"a": "Nhomnhao", "b": "Congnghiep", "c": "CayxanhCC", "d": "Nhomnhao"}


def cell(place: int):
    x, y = ORIGIN[0] + place % SIDE * CELL, ORIGIN[1] + place // SIDE * CELL
    return shapely.box(x, y, x + CELL, y + CELL)


def drawn(letters: list[str], **facts: object) -> PlanState:
    """A plan whose zones are the cells of one letter, “.” being no zone; its boundary is the whole grid."""
    places = defaultdict(list)
    for place, letter in enumerate(letters):
        if letter != ".":
            places[letter].append(cell(place))
    zones = [ZoneState(letter, FUNCTIONS[letter], shapely.union_all(cells)) for letter, cells in sorted(places.items())]
    whole = shapely.union_all([cell(place) for place in range(SIDE * SIDE)])
    return PlanState("QH", DAY, facts, whole, tuple(zones))


grids = st.lists(st.sampled_from("abcd."), min_size=SIDE * SIDE, max_size=SIDE * SIDE)


@settings(max_examples=150, deadline=None)
@given(grids, grids)
def test_land_that_changes_its_function_is_the_count_of_cells(before, after):
    found = revision(drawn(before), drawn(after))
    told = {(FUNCTIONS.get(one), FUNCTIONS.get(other)): 0.0 for one, other in zip(before, after, strict=True)}
    for one, other in zip(before, after, strict=True):
        told[FUNCTIONS.get(one), FUNCTIONS.get(other)] += CELL * CELL
    wanted = {pair: area for pair, area in told.items() if pair[0] != pair[1]}
    assert found.moved == pytest.approx(wanted, abs=1e-6)


@settings(max_examples=150, deadline=None)
@given(grids, grids)
def test_zones_that_come_go_and_change_are_those_of_the_letters(before, after):
    """A lot keeps its symbol: there in one version only it came or went, else it changed by the cells that differ."""
    found = revision(drawn(before), drawn(after))
    told = {(one.before or one.after).symbol: one for one in found.zones if one.change == "changed"}
    for letter in set(before) & set(after) - {"."}:
        places = [{place for place, one in enumerate(grid) if one == letter} for grid in (before, after)]
        if places[0] == places[1]:
            assert letter not in told
        else:
            assert told[letter].gained.area == pytest.approx(CELL * CELL * len(places[1] - places[0]), abs=1e-6)
            assert told[letter].lost.area == pytest.approx(CELL * CELL * len(places[0] - places[1]), abs=1e-6)
    kinds = Counter(one.change for one in found.zones)
    renamed = sum(one.before.symbol != one.after.symbol for one in found.zones if one.change == "changed")
    assert kinds["gone"] + renamed == len(set(before) - set(after) - {"."})
    assert kinds["added"] + renamed == len(set(after) - set(before) - {"."})


@given(grids)
def test_a_plan_compared_with_itself_does_not_change(letters):
    found = revision(drawn(letters, name="x"), drawn(letters, name="x"))
    assert (found.changes, found.zones, found.moved) == (False, (), {})


PLACES = """
    A B C D
    H G F E
"""
WEST, MIDDLE, EAST = (ring(PLACES, corners) for corners in ("ABGH", "BCFG", "CDEF"))


def plan(*zones: ZoneState, shape=None, **facts: object) -> PlanState:
    return PlanState("QH", DAY, facts, shape or shapely.union_all([WEST, MIDDLE, EAST]), zones)


def test_a_zone_with_another_symbol_at_the_same_place_is_changed_not_replaced():
    [one] = revision(plan(ZoneState("O-1", "Nhomnhao", WEST)), plan(ZoneState("O-2", "Nhomnhao", WEST))).zones
    assert (one.change, [fact.name for fact in one.facts], one.gained.area) == ("changed", ["symbol"], 0.0)


def test_a_zone_without_a_symbol_elsewhere_came_and_the_other_went():
    found = revision(plan(ZoneState(None, "Nhomnhao", WEST)), plan(ZoneState(None, "Nhomnhao", EAST)))
    assert [(one.change, one.gained.area, one.lost.area) for one in found.zones] == [
        ("gone", 0, 100),
        ("added", 100, 0),
    ]


def test_a_symbol_of_its_own_follows_the_lot_to_another_place():
    [one] = revision(plan(ZoneState("O-1", "Nhomnhao", WEST)), plan(ZoneState("O-1", "Nhomnhao", EAST))).zones
    assert (one.change, one.gained.area, one.lost.area) == ("changed", 100.0, 100.0)


def test_a_symbol_used_twice_is_told_apart_by_place():
    before = plan(ZoneState("O", "Nhomnhao", WEST), ZoneState("O", "Nhomnhao", EAST))
    after = plan(ZoneState("O", "Nhomnhao", WEST), ZoneState("O", "Congnghiep", EAST))
    [one] = revision(before, after).zones
    assert (one.before.shape, [fact.name for fact in one.facts]) == (EAST, ["function"])


def test_facts_and_boundary_are_compared():
    found = revision(
        plan(shape=WEST, scale=5000, name="x"), plan(shape=shapely.union(WEST, MIDDLE), scale=2000, name="x")
    )
    assert [(one.name, one.before, one.after) for one in found.facts] == [("scale", 5000, 2000)]
    assert (found.gained.area, found.lost.area) == (100.0, 0.0)


def test_an_outline_drawn_with_another_vertex_is_told_though_no_land_moves():
    again = shapely.segmentize(WEST, 5.0)
    [one] = revision(plan(ZoneState("O", "Nhomnhao", WEST)), plan(ZoneState("O", "Nhomnhao", again))).zones
    assert ([fact.name for fact in one.facts], one.gained.area, one.lost.area) == (["outline"], 0.0, 0.0)


def test_a_plan_never_published_is_all_new_and_a_withdrawn_one_all_gone():
    own = plan(ZoneState("O", "Nhomnhao", WEST), name="x")
    new, gone = revision(None, own), revision(own, None)
    assert ([one.change for one in new.zones], new.gained.area, new.moved) == (
        ["added"],
        300.0,
        {(None, "Nhomnhao"): 100.0},
    )
    assert ([one.change for one in gone.zones], gone.lost.area, gone.moved) == (
        ["gone"],
        300.0,
        {("Nhomnhao", None): 100.0},
    )
