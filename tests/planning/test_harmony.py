"""Construction plans against land-use plans, and zones against safety corridors, drawn."""

from dataclasses import replace
from itertools import product

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planning.checks.harmony import (
    COLUMNS,
    GROUPS,
    RULES,
    VERDICTS,
    Corridor,
    NoWidth,
    corridor_findings,
    group_of,
    harmony_findings,
)
from planning.checks.records import ZoneRecord
from planning.functions import LAND_USE, PLANNING
from tests.drawing import ORIGIN, points, ring

FIELD = """
    A . B C . G
    . . . . . .
    D . E F . H
"""


def built(corners_or_shape, code="Nhomnhao", name="OM-01"):
    """A zone of a construction plan."""
    return ZoneRecord("QHPK-01", name, code, "planning", shaped(corners_or_shape))


def land(corners_or_shape, code="LUC", name="LUC-7"):
    """A zone of a land-use plan."""
    return ZoneRecord("QHSDD-01", name, code, "land_use", shaped(corners_or_shape))


def shaped(corners_or_shape):
    """The ring through corners of the field, or the shape itself."""
    return ring(FIELD, corners_or_shape) if isinstance(corners_or_shape, str) else corners_or_shape


def box(west, south, east, north):
    """A rectangle in metres from the origin."""
    x, y = ORIGIN
    return shapely.box(x + west, y + south, x + east, y + north)


def test_houses_on_land_kept_for_rice_are_told_once_with_their_common_ground():
    [found] = harmony_findings([built("ACFD")], [land("BGHE")], "subdivision")
    assert found.shape.equals(ring(FIELD, "BCFE"))
    assert (found.check, found.severity, found.level) == ("plan.harmony", "warning", "subdivision")
    assert (found.plan_codes, found.subjects) == (("QHPK-01", "QHSDD-01"), ("OM-01", "LUC-7"))
    assert found.facts == {
        "construction": "Nhomnhao",
        "construction_group": "residential",
        "land_use": "LUC",
        "land_use_group": "agriculture",
        "share_pct": 33.33,
    }


@pytest.mark.parametrize(
    ("construction", "land_use"),
    [
        *[
            ("Nhomnhao", "ODT"),
            ("QHDH_Langxom", "ONT"),
            ("Congnghiep", "SKK"),
            ("CayxanhCC", "MNC"),
            ("Truonghoc", "DTT"),
        ],
        *[("DuongGT", "ODT"), ("Chuasudung", "LUC"), ("Khongbiet", "LUC"), ("Nhomnhao", "ABC")],
    ],
)
def test_what_agrees_is_tolerable_or_unknown_is_left_alone(construction, land_use):
    assert harmony_findings([built("ACFD", construction)], [land("BGHE", land_use)], "general") == []


@pytest.mark.parametrize(
    ("construction", "land_use"),
    [("Congnghiep", "ODT"), ("HT_Nhomnhao", "RDD"), ("DuongGT", "LUC"), ("Dichvu", "CQP"), ("Nongnghiep", "SKK")],
)
def test_what_conflicts_is_told(construction, land_use):
    [found] = harmony_findings([built("ACFD", construction)], [land("BGHE", land_use)], "general")
    assert (found.facts["construction"], found.facts["land_use"]) == (construction, land_use)


def test_the_operator_may_think_otherwise():
    zones = [built("ACFD")], [land("BGHE")]
    milder = {**VERDICTS, ("residential", "agriculture"): "tolerable"}
    assert harmony_findings(*zones, "general", verdicts=milder) == []
    stricter = {**VERDICTS, ("residential", "residential"): "conflict"}
    assert len(harmony_findings([built("ACFD")], [land("BGHE", "ODT")], "general", verdicts=stricter)) == 1


@pytest.mark.parametrize(("width_m", "told"), [(0.0, 0), (0.99, 0), (1.01, 1)])
def test_a_metre_is_the_pen(width_m, told):
    pair = [built(box(0, 0, 100, 500))], [land(box(100 - width_m, 0, 200, 500))]
    assert len(harmony_findings(*pair, "general")) == told


def test_narrow_pieces_are_left_out_and_wide_ones_make_one_finding():
    comb = shapely.union_all([box(0, 0, 100, 10), box(0, 0, 20, 50), box(40, 0, 60, 50), box(80, 0, 80.5, 50)])
    [found] = harmony_findings([built(comb)], [land(box(0, 20, 100, 50))], "general")
    assert found.shape.equals(shapely.union_all([box(0, 20, 20, 50), box(40, 20, 60, 50)]))


def test_land_use_codes_in_a_construction_plan_are_understood():
    rural = replace(built("ACFD", "ONT"), function_scheme="land_use")
    assert [one.facts["construction_group"] for one in harmony_findings([rural], [land("BGHE")], "general")] == [
        "residential"
    ]
    other = replace(rural, function_code="PNK")
    assert harmony_findings([other], [land("BGHE")], "general") == []


def test_an_invalid_zone_is_judged_by_the_ground_it_shows():
    bowtie = shapely.Polygon([(ORIGIN[0] + x, ORIGIN[1] + y) for x, y in [(0, 0), (20, 20), (20, 0), (0, 20)]])
    assert not bowtie.is_valid
    [found] = harmony_findings([built(bowtie)], [land(box(0, 0, 20, 20))], "general")
    assert found.shape.area == pytest.approx(200)
    assert found.facts["share_pct"] == 100


def test_findings_come_in_the_order_of_the_zones():
    fields = [land(box(10 * at, 0, 10 * at + 12, 10), name=str(at)) for at in (30, 3, 17, 0, 22, 9)]
    found = harmony_findings([built(box(0, 0, 400, 10)), built(box(0, 0, 400, 5), name="OM-02")], fields, "general")
    assert [one.subjects for one in found] == [(zone, one.name) for zone in ("OM-01", "OM-02") for one in fields]


def test_nothing_against_nothing_is_nothing():
    assert harmony_findings([], [], "general") == []
    assert harmony_findings([built("ACFD")], [], "general") == []
    assert corridor_findings([], [], "general") == []


LOTS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 6), st.integers(1, 6), st.integers(0, 2)), max_size=6
)
CODES = ["Nhomnhao", "Congnghiep", "CayxanhCC"], ["ODT", "LUC", "SKK"]
CLASH = {("Nhomnhao", "LUC"), ("Nhomnhao", "SKK"), ("Congnghiep", "ODT"), ("Congnghiep", "LUC")}


@given(first=LOTS, second=LOTS)
def test_rectangles_clash_where_their_sides_do(first, second):
    """Sides of three metres: what lies over each other at all is wider than the pen."""

    def common(one, other):
        sides = [min(one[i] + one[i + 2], other[i] + other[i + 2]) - max(one[i], other[i]) for i in (0, 1)]
        return 9 * max(sides[0], 0) * max(sides[1], 0)

    def lots(drawn, make, codes):
        rectangles = (box(3 * x, 3 * y, 3 * (x + w), 3 * (y + h)) for x, y, w, h, _ in drawn)
        return [
            make(shape, codes[one[4]], str(at)) for at, (shape, one) in enumerate(zip(rectangles, drawn, strict=True))
        ]

    found = harmony_findings(lots(first, built, CODES[0]), lots(second, land, CODES[1]), "general")
    expected = {
        (str(i), str(j)): common(one, other)
        for (i, one), (j, other) in product(enumerate(first), enumerate(second))
        if common(one, other) and (CODES[0][one[4]], CODES[1][other[4]]) in CLASH
    }
    assert len(found) == len(expected)
    assert {one.subjects: one.area_m2 for one in found} == pytest.approx(expected)


def test_every_code_is_in_one_group_and_every_pair_has_a_verdict():
    for scheme, table in (("planning", PLANNING), ("land_use", LAND_USE)):
        listed = [code for codes in GROUPS[scheme].values() for code in codes.split()]
        assert sorted(listed) == sorted(table), scheme
    assert set(VERDICTS) == set(product(GROUPS["planning"], COLUMNS))
    assert all(VERDICTS[group, group] == "agrees" for group in set(GROUPS["planning"]) & set(COLUMNS))
    assert (group_of("QHDD_Yte", "planning"), group_of("DYT", "planning")) == ("public", None)


LINE = """
    K . . . . L
    A . B C . G
    . . . . . .
    D . E F . H
"""


def power_line(half_width_m):
    """A line ten metres north of the field."""
    at = points(LINE)
    return Corridor("ĐZ 110 kV", shapely.LineString([at["K"], at["L"]]), half_width_m, "QHHT-01")


def test_houses_under_a_power_line_are_an_error():
    [found] = corridor_findings([power_line(15)], [built("AGHD")], "detailed")
    assert (found.check, found.severity, found.level) == ("zone.corridor-crossed", "error", "detailed")
    assert (found.plan_codes, found.subjects) == (("QHHT-01", "QHPK-01"), ("ĐZ 110 kV", "OM-01"))
    assert found.shape.area == pytest.approx(50 * 5)
    assert found.facts == {"function": "Nhomnhao", "subject": None, "half_width_m": 15, "share_pct": 25.0}


def test_a_zone_clear_of_the_corridor_is_left_alone():
    assert corridor_findings([power_line(10)], [built("AGHD")], "detailed") == []


@pytest.mark.parametrize(("beyond_m", "severities"), [(0.0005, []), (0.1, ["warning"]), (0.2, ["error"])])
def test_a_sliver_of_the_level_is_a_warning(beyond_m, severities):
    """Detailed plans are drawn at 1/500: 0.15 m is what a pen misses."""
    found = corridor_findings([power_line(10 + beyond_m)], [built("AGHD")], "detailed")
    assert [one.severity for one in found] == severities


@pytest.mark.parametrize(
    ("code", "told"),
    [
        *[("Langxom", 1), ("Honhop", 1), ("Yte", 1), ("Congnghiep", 1), ("Dulich", 1)],
        *[("CayxanhCC", 0), ("DuongGT", 0), ("Songsuoi", 0), ("Hatangkhac", 0), ("Khongbiet", 0)],
    ],
)
def test_only_ground_for_buildings_is_judged(code, told):
    corridor = Corridor("hành lang đê", ring(FIELD, "BCFE"))
    found = corridor_findings([corridor], [built("AGHD", code)], "general")
    assert len(found) == told
    assert all(one.shape.equals(ring(FIELD, "BCFE")) and one.plan_codes == ("QHPK-01",) for one in found)


def test_the_body_of_a_work_reaches_on_every_side():
    dyke = Corridor("đê", box(0, 0, 10, 100), 25.0)
    [found] = corridor_findings([dyke], [built(box(20, 0, 60, 100))], "general")
    assert found.area_m2 == pytest.approx(15 * 100)


@pytest.mark.parametrize("half_width_m", [None, 0.0])
def test_a_line_without_a_width_is_refused_not_skipped(half_width_m):
    with pytest.raises(NoWidth, match="110 kV"):
        corridor_findings([power_line(half_width_m)], [built("AGHD")], "detailed")


def test_every_rule_says_something_in_both_languages():
    assert [rule.code for rule in RULES] == ["plan.harmony", "zone.corridor-crossed"]
    for rule in RULES:
        assert all((rule.vi, rule.en, rule.advice_vi.endswith("."), rule.advice_en.endswith("."), rule.basis)), (
            rule.code
        )
