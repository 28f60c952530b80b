"""Before and after a merger, and the drawings of former communes: held against counting the squares of a grid."""

from datetime import date

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as some

from planning.coverage.comparison import Extent, Extents, Origin, PlanChange, compared
from planning.coverage.quality import FormerUnit, Found, ZonePoints, quality
from planning.findings import Finding

MERGED = date(2025, 7, 1)
STEP, SIDE = 10.0, 12


def box(west: int, south: int, east: int, north: int):
    return shapely.box(west * STEP, south * STEP, east * STEP, north * STEP)


def plan(code: str, shape, carried: str | None = None, level: str = "general") -> Extent:
    return Extent(code, code, level, shape, carried)


def origin(shape, *formers, undrawn: tuple[str, ...] = ()) -> Origin:
    codes = tuple(str(90001 + place) for place in range(len(formers)))
    return Origin("90101", MERGED, shape, codes + undrawn, undrawn, formers)


@some.composite
def rectangles(draw: some.DrawFn):
    west, south = draw(some.integers(0, SIDE - 1)), draw(some.integers(0, SIDE - 1))
    return west, south, draw(some.integers(west + 1, SIDE)), draw(some.integers(south + 1, SIDE))


Rectangle = tuple[int, int, int, int]


def squares(rectangles_: list[Rectangle]) -> set[tuple[int, int]]:
    return {(x, y) for w, s, e, n in rectangles_ for x in range(w, e) for y in range(s, n)}


@settings(deadline=None, max_examples=60)
@given(
    rectangles(), some.lists(rectangles(), min_size=1, max_size=3), some.lists(rectangles()), some.lists(rectangles())
)
def test_both_figures_are_those_of_the_same_land(
    commune: Rectangle, formers: list[Rectangle], eve: list[Rectangle], now: list[Rectangle]
):
    """An independent oracle counts the squares that lie in the commune, in a former one, and in a plan."""
    land = squares([commune]) & squares(formers)
    before, after = (
        Extents([plan(f"{name}{place}", box(*one)) for place, one in enumerate(plans)])
        for name, plans in (("E", eve), ("N", now))
    )
    for change in compared(origin(box(*commune), *(box(*one) for one in formers)), before, after):
        if land:
            expected = [len(squares(plans) & land) * STEP**2 for plans in (eve, now)]
            assert change.land_m2 == pytest.approx(len(land) * STEP**2)
            assert [change.before_m2, change.after_m2] == pytest.approx(expected)
        else:
            assert (change.land_m2, change.before_m2, change.after_m2) == (None, None, None)


def test_what_became_of_each_plan_is_told():
    """Five plans on the eve side by side; since then one ended, one gave way, one expired, one waits, one grew, and one came."""
    land = box(0, 0, 12, 2)
    eve = [plan(name, box(2 * place, 0, 2 * place + 2, 2), carried)
           for place, (name, carried) in enumerate((("ENDED", None), ("REPLACED", "replaced"), ("EXPIRED", "expired"),
           ("WAITS", "undecided"), ("GROWN", "kept")))]  # fmt: skip
    now = [
        plan("WAITS", box(6, 0, 8, 2), "undecided"),
        plan("GROWN", box(8, 0, 11, 2), "kept"),
        plan("NEW", box(0, 0, 1, 1)),
    ]
    [change] = compared(origin(land, land), Extents(eve), Extents(now))
    assert (change.before_m2, change.after_m2) == (2000.0, 1100.0)
    assert set(change.plans) == {
        PlanChange("ENDED", "ENDED", "ended", 400.0), PlanChange("REPLACED", "REPLACED", "replaced", 400.0),
        PlanChange("EXPIRED", "EXPIRED", "expired", 400.0), PlanChange("WAITS", "WAITS", "undecided", 400.0),
        PlanChange("GROWN", "GROWN", "redrawn", 400.0), PlanChange("NEW", "NEW", "new", 100.0),
    }  # fmt: skip


def test_a_former_commune_that_nobody_has_drawn_makes_it_unknown_and_never_zero():
    land = box(0, 0, 4, 4)
    plans = Extents([plan("P", land)])
    [change] = compared(origin(land, box(0, 0, 2, 4), undrawn=("90009",)), plans, plans)
    assert (change.land_m2, change.before_m2, change.after_m2, change.plans) == (None, None, None, ())


def finding(check: str, severity, shape, **facts: object) -> Finding:
    return Finding(check, severity, "general", (), (), shape, facts=facts)


WEST = FormerUnit("90001", MERGED, ("90101",), box(0, 0, 6, 4))


def test_findings_count_where_their_land_is():
    """Of two gaps one lies across the border, one only touches it; land without a plan and papers are not faults of the drawing."""
    found = Found(
        [
            finding("plan.zone-gap", "error", box(5, 0, 7, 1)),
            finding("plan.zone-gap", "error", box(6, 2, 7, 3)),
            finding("plan.zone-overlap", "warning", box(5, 0, 6, 2)),
            finding("level.uncovered", "error", box(0, 0, 2, 2)),
            finding("plan.published-late", "warning", box(0, 0, 12, 4)),
            finding("seam.digitising", "info", box(5, 3, 7, 4), former_units=["90001", "90002"]),
            finding("seam.digitising", "info", box(9, 3, 10, 4), former_units=["90002", "90003"]),
        ]
    )
    points = np.array([shapely.Point(10, 10), shapely.Point(20, 10), shapely.Point(100, 10)], dtype=object)
    plans = Extents([plan("P", box(0, 0, 3, 4)), plan("Q", box(2, 0, 12, 4), level="land_use")])
    one = quality(WEST, found, ZonePoints(points, np.array([True, False, True])), plans)
    assert one is not None
    assert (one.errors, one.warnings, one.infos) == (1, 2, 1)
    assert one.faulty_m2 == 200.0  # the gap's half lies in the overlap: counted once
    assert (one.seams, one.seam_m2) == (1, 200.0)
    assert (one.zones, one.faulty_zones) == (2, 1)
    assert one.planned_m2 == {"general": 1200.0, "land_use": 1600.0}


def test_of_an_undrawn_former_commune_nothing_is_said():
    undrawn = FormerUnit("90004", MERGED, ("90101",), None)
    nothing = ZonePoints(np.array([], dtype=object), np.array([], dtype=bool))
    assert quality(undrawn, Found([]), nothing, Extents([])) is None
