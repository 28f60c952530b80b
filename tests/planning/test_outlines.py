"""Rules on outlines, drawn: each fires at its place and is silent beside it; and sound coverages say nothing."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.sample.patchwork import patchwork
from planning.checks.outlines import (
    RULES,
    Limits,
    Owner,
    boundary_findings,
    geometry_findings,
    outline_findings,
    ring_findings,
)
from planning.checks.records import PlanRecord, UnitRecord, ZoneRecord
from planning.periods import today
from tests.drawing import ORIGIN, points, ring

FIELD = """
    A . B C . G
    . J . . K .
    . L . . M .
    D . E F . H
"""
AT = points(FIELD)
OWNER = Owner("detailed", plan_codes=("P",))
SQUARE = ring(FIELD, "DHGA")


def zone(shape, name="CX-01", plan="P"):
    return ZoneRecord(plan, name, "ONT", "land_use", shape)


def found(shape, limits=Limits()):  # noqa: B008 frozen
    return outline_findings([OWNER], [shape], limits)


def codes(shape):
    return [one.check for one in found(shape)]


def moved(letter, east=0.0, north=0.0):
    return AT[letter][0] + east, AT[letter][1] + north


def through(*corners):
    """The polygon through letters and coordinates."""
    return shapely.Polygon([AT[corner] if isinstance(corner, str) else corner for corner in corners])


def holed(shell, *holes):
    return shapely.Polygon([AT[one] for one in shell], [[AT[one] for one in hole] for hole in holes])


def test_a_square_drawn_well_says_nothing():
    assert found(SQUARE) == []
    assert found(holed("DHGA", "JKML")) == [], "nor does a hole that runs clockwise"


def test_a_bow_tie_crosses_itself_once_where_its_edges_meet():
    [one] = found(ring(FIELD, "DGHA"))
    assert (one.check, one.severity) == ("geometry.self-intersection", "error")
    assert one.shape.centroid.distance(shapely.centroid(SQUARE)) < 1e-6
    assert one.shape.area == pytest.approx(np.pi * 0.25, rel=0.02), "a disc of half a metre"
    assert one.facts["reason"] == "Self-intersection"


def test_every_crossing_of_a_zigzag_is_shown():
    zigzag = through(
        "D", moved("D", 20, 20), moved("D", 40, 0), moved("D", 40, 10), moved("D", 20, -10), moved("D", 0, 10)
    )
    places = [one.shape.centroid for one in found(zigzag)]
    assert codes(zigzag) == ["geometry.self-intersection"] * 2
    assert sorted(round(place.x - AT["D"][0], 3) for place in places) == [5, 35]
    assert {round(place.y - AT["D"][1], 3) for place in places} == {5}


def test_a_ring_that_touches_itself_in_a_vertex_is_reported_there():
    [one] = found(ring(FIELD, "DMHGMA"))
    assert one.check == "geometry.self-intersection"
    assert one.shape.contains(shapely.Point(AT["M"]))


def test_a_ring_run_back_along_an_edge_is_shown_along_the_whole_edge():
    folded = through("D", "H", "G", "A", moved("A", north=20), "A")
    [crossing] = [one for one in found(folded) if one.check == "geometry.self-intersection"]
    assert crossing.shape.length > 40
    assert "geometry.spike" in codes(folded)


def test_a_zone_without_extent_on_the_ground_is_an_error_at_its_point():
    [one] = found(through("A", "A", "A", "A"))
    assert one.check == "geometry.self-intersection"
    assert one.shape.contains(shapely.Point(AT["A"]))


def test_what_a_hole_has_outside_its_shell_is_shown():
    [one] = found(holed("DEBA", "JKML"))
    assert (one.check, one.severity) == ("geometry.ring-nesting", "error")
    assert one.shape.equals(shapely.difference(ring(FIELD, "LMKJ"), ring(FIELD, "DEBA")))
    assert one.facts["area_m2"] == pytest.approx(20 * 10)


def test_a_hole_wholly_outside_is_shown_whole():
    [one] = found(holed("DEBA", "CGHF"))
    assert one.check == "geometry.ring-nesting"
    assert one.shape.equals(ring(FIELD, "FHGC"))


def test_holes_within_holes_and_parts_upon_parts_are_shown_where_they_meet():
    inner = ring(FIELD, "LMKJ")
    for shape in (
        shapely.Polygon(SQUARE.buffer(20).exterior, [SQUARE.exterior.reverse(), inner.exterior.reverse()]),
        shapely.MultiPolygon([SQUARE, inner]),
    ):
        [one] = [one for one in found(shape) if one.severity == "error"]
        assert one.check == "geometry.ring-nesting"
        assert one.shape.equals(inner)
    [crossing] = found(shapely.MultiPolygon([ring(FIELD, "DFCA"), ring(FIELD, "EHGB")]))
    assert crossing.check == "geometry.ring-nesting"
    assert crossing.shape.equals(ring(FIELD, "EFCB"))


def test_parts_that_share_an_edge_lie_wrongly_and_parts_that_share_a_corner_do_not():
    assert codes(shapely.MultiPolygon([ring(FIELD, "DEBA"), ring(FIELD, "EFCB")])) == ["geometry.ring-nesting"]
    touching = shapely.box(*AT["D"], *moved("D", 10, 10)), shapely.box(*moved("D", 10, 10), *moved("D", 20, 20))
    touching = [shapely.orient_polygons(one) for one in touching]
    assert found(shapely.MultiPolygon(touching)) == []


def test_a_hole_in_the_one_part_is_no_overlap_with_the_island_in_it():
    island = shapely.orient_polygons(ring(FIELD, "LMKJ").buffer(-2))
    assert found(shapely.MultiPolygon([holed("DHGA", "JKML"), island])) == []
    pond = island.buffer(-1)
    [one] = [
        one for one in found(shapely.MultiPolygon([holed("DHGA", "JKML"), island, pond])) if one.severity == "error"
    ]
    assert one.shape.equals(pond), "nor where another part does overlap the island"


@pytest.mark.parametrize("north", [20.0, -20.0])
def test_a_spike_outwards_or_inwards_is_marked_at_its_tip(north):
    tip = moved("G", -25, north)
    [one] = found(through("D", "H", "G", moved("G", -24.9), tip, moved("G", -25.1), "A"))
    assert (one.check, one.severity) == ("geometry.spike", "warning")
    assert one.shape.contains(shapely.Point(tip))
    assert one.facts["angle_deg"] == pytest.approx(np.degrees(2 * np.arctan(0.1 / 20)), rel=1e-4)
    assert one.facts["length_m"] == pytest.approx(20, rel=1e-3)
    assert one.facts["mouth_m"] == pytest.approx(0.2, rel=1e-3)


def test_an_angle_over_a_degree_is_no_spike_unless_the_limit_says_so():
    blunt = through("D", "H", "G", moved("G", -24.8), moved("G", -25, 20), moved("G", -25.2), "A")
    assert found(blunt) == []
    assert [one.check for one in found(blunt, Limits(spike_deg=2.0))] == ["geometry.spike"]


def test_a_long_wedge_of_land_is_no_spike_and_a_short_one_is():
    """0.9° opens to 1.6 m over 100 m and to 0.8 m over 50 m."""
    wide = np.radians(0.9)
    for length_m, expected in ((100, []), (50, ["geometry.spike"])):
        assert codes(through("D", moved("D", length_m, 0), moved("D", length_m, length_m * np.tan(wide)))) == expected


def test_a_spike_is_found_beyond_a_repeated_tip():
    tip = moved("G", -25, 20)
    assert codes(through("D", "H", "G", moved("G", -24.9), tip, tip, moved("G", -25.1), "A")) == [
        "geometry.duplicate-point",
        "geometry.spike",
    ]


def test_a_ring_of_steps_under_a_millimetre_has_no_spike():
    creeping = through(*(moved("D", 0.0004 * step, 0.0001 * step**2) for step in range(4)))
    assert "geometry.duplicate-point" in codes(creeping)
    assert "geometry.spike" not in codes(creeping)


def test_a_spike_at_the_start_of_the_ring_is_found():
    tip = moved("G", -25, 20)
    [one] = found(through(tip, moved("G", -25.1), "A", "D", "H", "G", moved("G", -24.9)))
    assert one.check == "geometry.spike"


def test_a_vertex_repeated_within_a_millimetre_is_told_once():
    [one] = found(through("D", "H", moved("H", 0.0005), moved("H", 0.0008), "G", "A"))
    assert (one.check, one.severity) == ("geometry.duplicate-point", "info")
    assert one.shape.contains(shapely.Point(AT["H"]))
    assert one.facts["apart_m"] == pytest.approx(0.0005, rel=1e-3)
    assert found(through("D", "H", moved("H", 0.002, 0.002), "G", "A")) == [], "two millimetres are two vertices"


def test_the_point_that_closes_a_ring_is_no_repetition_and_a_second_one_is():
    assert codes(shapely.Polygon(SQUARE.exterior.coords)) == []
    assert codes(shapely.Polygon([*SQUARE.exterior.coords, SQUARE.exterior.coords[0]])) == ["geometry.duplicate-point"]


def test_what_is_under_a_square_metre_or_two_centimetres_is_too_small():
    [one] = found(shapely.orient_polygons(shapely.box(*AT["D"], *moved("D", 0.9, 1.1))))
    assert (one.check, one.severity) == ("geometry.too-small", "warning")
    assert one.facts["area_m2"] == pytest.approx(0.99)
    assert codes(shapely.box(*AT["D"], *moved("D", 1000, 0.019), ccw=True)) == ["geometry.too-small"]
    assert codes(shapely.box(*AT["D"], *moved("D", 1000, 0.021), ccw=True)) == []
    assert codes(shapely.box(*AT["D"], *moved("D", 1.0, 1.1), ccw=True)) == []


def test_only_the_small_part_of_a_zone_is_shown():
    crumb = shapely.box(*moved("H", 50), *moved("H", 50.5, 0.5), ccw=True)
    [one] = found(shapely.MultiPolygon([SQUARE, crumb]))
    assert one.check == "geometry.too-small"
    assert one.shape.equals(crumb)


def test_rings_against_the_convention_are_counted():
    turned = shapely.orient_polygons(holed("DHGA", "JKML"), exterior_cw=True)
    [one] = found(turned)
    assert (one.check, one.severity) == ("geometry.ring-orientation", "info")
    assert dict(one.facts) == {"boundaries": 1, "holes": 1}
    [hole] = found(holed("DHGA", "LMKJ"))
    assert dict(hole.facts) == {"boundaries": 0, "holes": 1}


def test_heights_are_told_and_else_ignored():
    [one] = found(shapely.force_3d(SQUARE, 7.5))
    assert (one.check, one.severity) == ("geometry.three-d", "info")
    assert dict(one.facts) == {"lowest_m": 7.5, "highest_m": 7.5}
    assert not one.shape.has_z
    assert one.shape.equals(SQUARE)


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        (None, None),
        (shapely.Polygon(), "Polygon"),
        (shapely.MultiPolygon(), "MultiPolygon"),
        (shapely.Point(ORIGIN), "Point"),
        (shapely.LineString([ORIGIN, (0, 0)]), "LineString"),
        (shapely.transform(SQUARE, lambda xy: np.where(xy == xy.max(), np.inf, xy)), "Polygon"),
    ],
)
def test_what_has_no_area_is_empty(shape, kind):
    [one] = found(shape)
    assert (one.check, one.severity) == ("geometry.empty", "error")
    assert one.shape.is_empty
    assert one.facts["type"] == kind


def test_an_open_ring_shows_the_way_between_its_ends():
    xy = np.array([AT[letter] for letter in "DHGA"])
    [one] = ring_findings(OWNER, [xy])
    assert (one.check, one.severity, one.plan_codes) == ("geometry.unclosed", "error", ("P",))
    assert one.facts["gap_m"] == pytest.approx(30)
    assert one.shape.contains(shapely.LineString([AT["A"], AT["D"]]))
    with_heights = np.column_stack([np.vstack([xy, xy[:1]]), np.arange(5.0)])
    assert ring_findings(OWNER, [np.vstack([xy, xy[:1]]), with_heights]) == []
    assert [one.check for one in ring_findings(OWNER, [np.empty((0, 2)), xy * np.nan])] == ["geometry.empty"] * 2


def test_findings_name_zone_plan_and_level_in_the_order_of_the_zones():
    zones = [zone(ring(FIELD, "DGHA"), "A1"), zone(SQUARE, "A2"), zone(shapely.Polygon(), "B1", "Q"), zone(None, "A4")]
    seen = geometry_findings(zones, {"P": "detailed", "Q": "general"})
    assert [(one.check, one.level, one.plan_codes, one.subjects, one.unit_codes) for one in seen] == [
        ("geometry.self-intersection", "detailed", ("P",), ("A1",), ()),
        ("geometry.empty", "general", ("Q",), ("B1",), ()),
        ("geometry.empty", "detailed", ("P",), ("A4",), ()),
    ]


def test_boundaries_of_units_and_plans_are_named_by_their_codes():
    bow_tie = ring(FIELD, "DGHA")
    unit = UnitRecord("07210", "Phường Bắc Giang", "commune", bow_tie)
    plan = PlanRecord("QH-1", "Đồ án", "general", "urban", bow_tie, today())
    seen = boundary_findings([unit, plan])
    assert [(one.level, one.unit_codes, one.plan_codes) for one in seen] == [
        ("unit", ("07210",), ()),
        ("general", (), ("QH-1",)),
    ]
    assert {one.check for one in seen} == {"geometry.self-intersection"}


def test_nothing_to_look_at_finds_nothing():
    assert geometry_findings([], {}) == []
    assert ring_findings(OWNER, []) == []


def test_rules_have_a_code_each_and_words_in_both_languages():
    assert len({rule.code for rule in RULES}) == len(RULES) == 9
    assert all(all((rule.vi, rule.en, rule.advice_vi, rule.advice_en, rule.basis)) for rule in RULES)
    assert all(rule.vi != rule.en and rule.advice_vi != rule.advice_en for rule in RULES)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), number=st.integers(1, 60))
def test_a_sound_coverage_says_nothing(seed, number):
    shapes = patchwork(number, seed=seed).shapes
    assert outline_findings([OWNER] * len(shapes), shapes) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=4, max_size=12))
def test_a_scribble_has_an_error_exactly_when_it_is_not_valid(corners):
    scribble = shapely.Polygon([moved("D", 5 * x, 5 * y) for x, y in corners])
    errors = [one for one in found(scribble) if one.severity == "error"]
    assert bool(errors) == (not scribble.is_valid)
    assert all(one.shape.distance(scribble.boundary) < 1e-6 for one in errors), "and shows a place on it"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["DEBA", "EFCB", "FHGC", "LMKJ", "DHGA"]), min_size=2, max_size=4))
def test_parts_have_an_error_exactly_when_they_do_not_make_a_valid_area(corners):
    parts = shapely.MultiPolygon([ring(FIELD, one) for one in corners])
    assert ("geometry.ring-nesting" in codes(parts)) == (not parts.is_valid)


@settings(max_examples=30, deadline=None)
@given(at=st.integers(0, 47), times=st.integers(1, 3), which=st.integers(0, 8))
def test_a_planted_repetition_is_found_in_its_zone_and_nowhere_else(at, times, which):
    shapes = patchwork(9).shapes.copy()
    xy = shapely.get_coordinates(shapes[which])
    shapes[which] = shapely.Polygon(np.insert(xy, [at] * times, xy[at], axis=0))
    [one] = geometry_findings([zone(shape, str(place)) for place, shape in enumerate(shapes)], {"P": "detailed"})
    assert (one.check, one.subjects) == ("geometry.duplicate-point", (str(which),))
    assert one.shape.centroid.distance(shapely.Point(xy[at])) < 1e-6
