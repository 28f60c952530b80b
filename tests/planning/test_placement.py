"""Plans where they cannot be: truly transformed, then read wrongly; and plans that lie rightly and are left alone."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.sample import patchwork
from planning.checks.placement import RULES, placement_findings, readings
from planning.checks.records import PlanRecord, UnitRecord
from planning.geometry import LONLAT, VN2000_LONLAT, VN2000_WIDE_ZONES, VN2000_ZONES, operation
from planning.periods import today
from tests.drawing import ORIGIN, ring

STORED = 9214
VILLAGE = """
    A . B . C
    . . . . .
    D . E . F
    . . . . .
    G . H . I
"""
"""Four communes of 2 km: smaller than the step between two zones, so that land alone tells them apart."""

COMMUNES = [
    UnitRecord(f"0000{place}", f"Xã {place}", "commune", ring(VILLAGE, corners, 1000.0))
    for place, corners in enumerate(("DEBA", "EFCB", "GHED", "HIFE"))
]


def countryside():
    """A hundred communes of 6 km with winding borders: wider than the step between two zones."""
    spread = shapely.transform(
        patchwork.patchwork(100).shapes, lambda xy: (xy - patchwork.ORIGIN) * 60 + patchwork.ORIGIN
    )
    return [UnitRecord(f"{place:05}", f"Xã {place}", "commune", shape) for place, shape in enumerate(spread)]


PROVINCE = countryside()
BORDERING = PROVINCE[44].shape
HAMLET = BORDERING.centroid.buffer(200)


def plan(shape, declared=None):
    return PlanRecord("QH-1", "Đồ án", "general", "urban", shape, today(), source_crs=declared)


def judged(shape, units=PROVINCE, declared=None):
    return placement_findings([plan(shape, declared)], units, STORED)


def through(shape, *steps):
    """The shape taken from CRS to CRS, read in between as what it is not."""
    for source, target in steps:
        [shape] = operation(source, target).shapes(np.array([shape], dtype=object))
    return shape


def swapped(shape):
    return shapely.transform(shape, lambda xy: xy[:, ::-1])


def rescaled(shape, read, true):
    return shapely.transform(shape, lambda xy: (xy - (500_000, 0)) * (true / read) + (500_000, 0))


def off(distance_m):
    return pytest.approx(distance_m, rel=0.02)


@pytest.mark.parametrize("shape", [BORDERING, HAMLET, shapely.union_all([one.shape for one in PROVINCE[:5]])])
def test_a_plan_in_its_place_is_left_alone(shape):
    assert judged(shape) == []


def test_a_plan_at_the_edge_of_the_province_is_left_alone():
    corner = shapely.box(*np.array(PROVINCE[0].shape.bounds) - 2000)
    assert 0 < corner.intersection(PROVINCE[0].shape).area < corner.area
    assert judged(corner) == []


@pytest.mark.parametrize("zone", [9209, 9211, 9213, 9215, 3405, 5897])
def test_a_plan_read_in_the_wrong_zone_is_told_its_zone_by_the_borders_it_follows(zone):
    [found] = judged(through(BORDERING, (STORED, zone)))
    assert (found.check, found.severity, found.plan_codes) == ("crs.wrong-zone", "error", ("QH-1",))
    assert found.facts["epsg"] == zone
    assert found.facts["inside_then_pct"] == pytest.approx(100, abs=0.1)
    assert found.facts["along_borders_then_pct"] == 100
    assert found.facts["along_borders_now_pct"] < 40


def test_105_30_read_as_107_00_is_156_km_off_and_the_finding_lies_where_the_plan_is_kept():
    misread = through(BORDERING, (STORED, 9209))
    [found] = judged(misread)
    assert found.facts["distance_m"] == off(156_000)
    assert found.facts["inside_now_pct"] == 0
    assert found.facts["central_meridian"] == 105.5
    assert found.shape.equals(misread)


def test_a_small_plan_is_told_its_zone_where_only_one_puts_it_on_land():
    hamlet = shapely.Point(ORIGIN).buffer(100)
    hamlet = shapely.affinity.translate(hamlet, 1000, 3000)
    assert judged(hamlet, COMMUNES) == []
    [found] = judged(through(hamlet, (STORED, 9209)), COMMUNES)
    assert (found.check, found.facts["epsg"]) == ("crs.wrong-zone", 9209)
    assert found.facts["along_borders_then_pct"] == 0, "by land, not by borders"


def test_a_small_plan_is_not_guessed_where_several_zones_put_it_on_land():
    [found] = judged(through(HAMLET, (STORED, 9209)))
    assert (found.check, found.severity) == ("crs.ambiguous", "warning")
    assert {(one["rule"], one["epsg"]) for one in found.facts["candidates"]} == {
        ("crs.wrong-zone", 9209),
        ("crs.wrong-zone", 9210),
    }


def test_105_00_and_utm_48n_cannot_be_told_apart_on_land():
    [found] = judged(through(HAMLET, (STORED, 5897)))
    assert found.check == "crs.ambiguous"
    assert {5897, 3405} <= {one["epsg"] for one in found.facts["candidates"]}


def test_a_plan_within_the_province_that_stands_in_the_next_zone_is_told_by_its_borders():
    misread = through(PROVINCE[47].shape, (STORED, 9215))
    assert misread.within(shapely.union_all([one.shape for one in PROVINCE]))
    [found] = judged(misread)
    assert (found.check, found.facts["epsg"]) == ("crs.wrong-zone", 9215)
    assert found.facts["inside_now_pct"] == pytest.approx(100)
    assert found.facts["distance_m"] == off(26_000)


def test_the_zone_a_plan_was_declared_in_is_taken_back_first():
    misread = through(BORDERING, (STORED, 9209), (3405, STORED))
    [found] = judged(misread, declared=3405)
    assert (found.check, found.facts["epsg"], found.facts["declared_epsg"]) == ("crs.wrong-zone", 9209, 3405)
    [guess] = judged(misread)
    assert guess.check == "crs.ambiguous", "as if it had come in the storage zone, nobody can tell"
    assert 9209 not in {one["epsg"] for one in guess.facts["candidates"]}


def test_swapped_axes_are_told_and_lie_outside_every_zone():
    for shape in (BORDERING, HAMLET):
        outside, found = judged(swapped(shape))
        assert (outside.check, found.check, found.severity) == ("crs.outside-zone", "crs.swapped-axes", "error")
        assert found.facts["epsg"] == STORED
        assert found.facts["inside_then_pct"] == pytest.approx(100)


def test_swapped_axes_and_a_wrong_zone_are_told_together():
    _, found = judged(swapped(through(BORDERING, (STORED, 9209))))
    assert (found.check, found.facts["epsg"]) == ("crs.swapped-axes", 9209)


def test_a_swapped_plan_of_elsewhere_is_only_outside():
    assert [one.check for one in judged(swapped(HAMLET), COMMUNES[:1])] == ["crs.outside-zone"]


@pytest.mark.parametrize(
    ("read", "source"),
    [
        (((STORED, LONLAT), (VN2000_LONLAT, STORED)), "WGS 84"),
        (((STORED, VN2000_LONLAT), (LONLAT, STORED)), "VN-2000"),
    ],
)
def test_a_datum_step_left_out_or_done_twice_is_told_by_the_borders(read, source):
    [found] = judged(through(BORDERING, *read))
    assert (found.check, found.severity) == ("crs.datum-shift", "warning")
    assert found.facts["source_datum"] == source
    assert found.facts["distance_m"] == off(224)
    assert found.facts["inside_now_pct"] == pytest.approx(100, abs=5), "land alone tells nothing"


def test_a_plan_that_follows_no_border_gives_no_evidence_of_a_small_shift():
    assert judged(through(HAMLET, (STORED, LONLAT), (VN2000_LONLAT, STORED))) == []
    assert judged(rescaled(HAMLET, 0.9999, 0.9996)) == []


def test_a_small_plan_that_would_lie_by_a_border_is_not_accused():
    """All of a plan of 40 m may come to lie within 30 m of a border by chance."""
    by_border = shapely.Point(BORDERING.exterior.coords[20]).buffer(20)
    assert judged(through(by_border, (STORED, LONLAT), (VN2000_LONLAT, STORED))) == []


def test_a_plan_that_would_follow_borders_by_half_is_not_accused():
    """The southern end of a commune: its northern side, nearly half of its boundary, is no border."""
    west, south, east, north = BORDERING.bounds
    strip = BORDERING.intersection(shapely.box(west, south, east, south + (north - south) / 6))
    assert 0.4 < strip.boundary.intersection(BORDERING.boundary.buffer(30)).length / strip.length < 0.6
    assert judged(through(strip, (STORED, LONLAT), (VN2000_LONLAT, STORED))) == []


def test_a_plan_that_follows_borders_now_nearly_as_well_is_not_accused():
    """Sides on straight borders stay on them when the plan moves along; its southern side alone is not enough."""
    (west, south), (east, _) = COMMUNES[0].shape.exterior.coords[:2]
    assert judged(rescaled(shapely.box(west, south, east, south + 600), 0.9999, 0.9996), COMMUNES) == []
    [found] = judged(rescaled(COMMUNES[0].shape, 0.9999, 0.9996), COMMUNES)
    assert found.check == "crs.scale-factor"


@pytest.mark.parametrize(("length_m", "rule"), [(8_000, "crs.wrong-zone"), (40_000, "crs.ambiguous")])
def test_of_two_readings_that_follow_borders_the_clearly_better_one_is_told(length_m, rule):
    """Between 105-00 and UTM 48N lie 706 m to the north and 46 m to the east: along borders that run so, both follow them."""
    x, y = ORIGIN
    lean = length_m * 46 / 706
    communes = [
        UnitRecord(str(place), "Xã", "commune", shapely.affinity.translate(strip, 2000 * place))
        for place, strip in enumerate(
            [shapely.Polygon([(x, y), (x + 2000, y), (x + 2000 + lean, y + length_m), (x + lean, y + length_m)])] * 3
        )
    ]
    [found] = judged(through(communes[1].shape, (STORED, 5897)), communes)
    assert found.check == rule
    told = {one["epsg"] for one in found.facts.get("candidates", [found.facts])}
    assert told == ({5897} if rule == "crs.wrong-zone" else {5897, 3405})


def test_another_shift_of_the_same_length_is_no_datum_step():
    assert judged(shapely.affinity.translate(BORDERING, 110, 195)) == []


def test_the_scale_factor_is_told():
    [found] = judged(rescaled(BORDERING, 0.9999, 0.9996))
    assert (found.check, found.severity) == ("crs.scale-factor", "warning")
    assert found.facts["scale_factor"] == 0.9996
    assert found.facts["distance_m"] == off(710)


def test_utm_48n_read_as_105_00_is_the_scale_factor_not_the_zone():
    misread = through(BORDERING, (STORED, 3405), (5897, STORED))
    [found] = judged(misread, declared=5897)
    assert (found.check, found.facts["epsg"]) == ("crs.scale-factor", 3405)
    [found] = judged(through(BORDERING, (STORED, 5897), (3405, STORED)), declared=3405)
    assert (found.check, found.facts["epsg"]) == ("crs.scale-factor", 5897)


@pytest.mark.parametrize(
    ("east", "north", "outside"),
    [
        (500_000, 2_340_000, False),
        (500_000 + 190_000, 2_340_000, False),
        (500_000 + 230_000, 2_340_000, True),
        (500_000 - 230_000, 2_340_000, True),
        (500_000, 700_000, False),
        (500_000, 600_000, True),
        (500_000, 2_700_000, True),
        (106.2, 21.2, True),
        (1e9, 1e9, True),
    ],
)
def test_coordinates_outside_the_zone_or_the_country(east, north, outside):
    place = shapely.Point(east, north).buffer(10)
    found = placement_findings([plan(place)], [], STORED)
    assert [one.check for one in found] == (["crs.outside-zone"] if outside else [])
    if outside:
        assert found[0].facts["easting_m"] == [east - 10, east + 10]
        assert found[0].severity == "error"


def test_what_no_projection_reaches_is_only_outside():
    assert [one.check for one in judged(shapely.Point(1e9, 1e9).buffer(10))] == ["crs.outside-zone"]


def test_a_wide_zone_reaches_farther_from_its_meridian():
    place = shapely.Point(500_000 + 230_000, 2_340_000).buffer(10)
    assert placement_findings([plan(place)], [], 3405) == []
    assert [one.check for one in placement_findings([plan(place)], [], 5897)] == ["crs.outside-zone"]


def test_plans_and_communes_without_a_shape_are_passed_over():
    nowhere = shapely.transform(HAMLET, lambda xy: np.where(xy == xy.max(), np.inf, xy))
    for shape in (None, shapely.Polygon(), nowhere):
        assert judged(shape) == []
    undrawn = [UnitRecord("99999", "Xã", "commune", shape) for shape in (None, shapely.Polygon(), nowhere)]
    assert judged(swapped(HAMLET), undrawn)[1:] == [], "without communes only the zone can be judged"
    [found] = judged(through(BORDERING, (STORED, 9209)), [*undrawn, *PROVINCE])
    assert found.check == "crs.wrong-zone"


def test_an_invalid_plan_is_judged_by_the_land_it_has():
    twisted = shapely.MultiPolygon([BORDERING, HAMLET])
    assert not twisted.is_valid
    assert judged(twisted) == []
    [found] = judged(shapely.transform(twisted, operation(STORED, 9209).coordinates))
    assert found.check == "crs.wrong-zone"
    west, south, east, north = HAMLET.bounds
    bow_tie = shapely.Polygon([(west, south), (east, north), (east, south), (west, north - 50)])
    assert not bow_tie.is_valid
    assert judged(bow_tie) == []


def test_findings_keep_to_their_plans():
    right, wrong = plan(BORDERING), PlanRecord("QH-2", "Khác", "detailed", "urban", swapped(HAMLET), today())
    seen = placement_findings([right, wrong], PROVINCE, STORED)
    assert {(one.plan_codes, one.level) for one in seen} == {(("QH-2",), "detailed")}


def test_every_zone_is_tried_and_none_twice():
    for declared in (STORED, 3405, 5897):
        single, double = readings(STORED, declared)
        tried = [one.facts["epsg"] for one in single if one.code == "crs.wrong-zone"]
        assert len(tried) == len(set(tried))
        twin = {3405: {3405, 5897}, 5897: {3405, 5897}, STORED: {STORED}}[declared]
        assert set(tried) == (set(VN2000_ZONES) | set(VN2000_WIDE_ZONES)) - twin
        assert [one.facts["epsg"] for one in double] == tried


def test_rules_have_a_code_each_and_words_in_both_languages():
    assert len({rule.code for rule in RULES}) == len(RULES) == 6
    assert all(all((rule.vi, rule.en, rule.advice_vi, rule.advice_en, rule.basis)) for rule in RULES)
    assert all(rule.vi != rule.en and rule.advice_vi != rule.advice_en for rule in RULES)


@settings(max_examples=25, deadline=None)
@given(
    which=st.integers(0, 99),
    zone=st.sampled_from(sorted(set(VN2000_ZONES) - {STORED})),
    shake_m=st.floats(0, 15),
    seed=st.integers(0, 99),
)
def test_any_commune_read_in_any_zone_is_brought_home(which, zone, shake_m, seed):
    """Also where the plan's boundary is drawn some metres off the commune's."""
    rng = np.random.default_rng(seed)
    shape = PROVINCE[which].shape
    xy = shapely.get_coordinates(shape)[:-1]
    drawn = shapely.Polygon(xy + rng.uniform(-shake_m, shake_m, xy.shape))
    found = [one for one in judged(through(drawn, (STORED, zone))) if one.check != "crs.outside-zone"]
    assert [(one.check, one.facts["epsg"]) for one in found] == [("crs.wrong-zone", zone)]


@settings(max_examples=25, deadline=None)
@given(x=st.floats(5_000, 50_000), y=st.floats(5_000, 50_000), radius_m=st.floats(10, 4000))
def test_a_plan_on_land_that_follows_no_border_is_never_accused(x, y, radius_m):
    east, north = patchwork.ORIGIN
    assert judged(shapely.Point(east + x, north + y).buffer(radius_m)) == []
