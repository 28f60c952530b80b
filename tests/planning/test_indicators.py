"""Indicators, functions and lot symbols of zones: what fires, what does not, against exact fractions, and how fast."""

import time
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planning.checks.indicators import RULES, indicator_findings
from planning.checks.records import ZoneRecord
from tests.drawing import ORIGIN, ring

FIELD = """
    A . B C . G
    . . . . . .
    D . E F . H
"""
SOUND = ZoneRecord(
    "QHCT-01",
    "OM-01",
    "Nhomnhao",
    "planning",
    ring(FIELD, "ACFD"),
    density_pct=60,
    floors_min=2,
    floors_max=5,
    height_max_m=20,
    far_max=3.0,
    setback_m=0,
)
BARE = ZoneRecord("QHCT-01", "CX-02", "CayxanhCC", "planning", ring(FIELD, "BGHE"))


def told(*zones):
    """(check, severity) of every finding."""
    return [(one.check, one.severity) for one in indicator_findings(zones, "detailed")]


def only(*zones):
    """The one finding about zones."""
    [found] = indicator_findings(zones, "detailed")
    return found


def test_sound_zones_and_zones_without_indicators_are_left_alone():
    assert told(SOUND, BARE) == []
    assert told() == []


@pytest.mark.parametrize(
    ("sound", "wrong", "check", "severity"),
    [
        ({"density_pct": 100}, {"density_pct": 100.1}, "zone.density-range", "error"),
        ({"density_pct": 0, "far_max": 0}, {"density_pct": -1}, "zone.density-range", "error"),
        ({"floors_min": 5}, {"floors_min": 6}, "zone.floors-order", "error"),
        ({"far_max": 3.07}, {"far_max": 3.08}, "zone.far-exceeds", "error"),
        ({"density_pct": 0, "far_max": 0.07}, {"density_pct": 0, "far_max": 0.08}, "zone.far-exceeds", "error"),
        ({"height_max_m": 13.5}, {"height_max_m": 13.4}, "zone.height-floors", "warning"),
        ({"height_max_m": 30}, {"height_max_m": 30.1}, "zone.height-floors", "warning"),
        ({"setback_m": 0}, {"setback_m": -0.5}, "zone.setback-negative", "error"),
    ],
)
def test_an_indicator_fires_beyond_its_limit_and_not_on_it(sound, wrong, check, severity):
    assert told(replace(SOUND, **sound), BARE) == []
    found = only(BARE, replace(SOUND, **wrong))
    assert (found.check, found.severity, found.level) == (check, severity, "detailed")
    assert (found.plan_codes, found.subjects, found.shape) == (("QHCT-01",), ("OM-01",), SOUND.shape)
    assert wrong.items() <= dict(found.facts).items()


def test_the_facts_of_a_ratio_hold_all_three_numbers():
    assert only(replace(SOUND, far_max=4.5)).facts == {"far_max": 4.5, "density_pct": 60, "floors_max": 5}


@pytest.mark.parametrize("missing", ["density_pct", "floors_max", "far_max"])
def test_a_ratio_is_judged_only_where_all_three_are_declared(missing):
    assert "zone.far-exceeds" not in {check for check, _ in told(replace(SOUND, **{"far_max": 9.0, missing: None}))}
    assert "zone.far-exceeds" in {check for check, _ in told(replace(SOUND, far_max=9.0))}


def test_the_last_bits_of_a_height_are_not_judged():
    """3 × 2.7 is a little more than 8.1 for a computer."""
    assert 3 * 2.7 > 8.1
    assert told(replace(SOUND, floors_max=3, far_max=1.8, height_max_m=8.1)) == []


def test_a_height_without_floors_is_not_judged():
    assert told(replace(SOUND, floors_min=0, floors_max=0, far_max=0, height_max_m=12)) == []


@given(
    density=st.one_of(st.none(), st.integers(-10, 110)),
    floors=st.tuples(st.one_of(st.none(), st.integers(0, 40)), st.one_of(st.none(), st.integers(0, 40))),
    height_dm=st.one_of(st.none(), st.integers(0, 2_500)),
    far_hundredths=st.one_of(st.none(), st.integers(0, 2_000)),
)
def test_columns_judge_as_fractions_do(density, floors, height_dm, far_hundredths):
    low, high = floors
    height, far = (
        Fraction(height_dm, 10) if height_dm is not None else None,
        Fraction(far_hundredths, 100) if far_hundredths is not None else None,
    )
    expected = set()
    if density is not None and not 0 <= density <= 100:
        expected.add("zone.density-range")
    elif None not in (density, high, far) and far > Fraction(2 * density + 1, 200) * high + Fraction(1, 20):
        expected.add("zone.far-exceeds")
    if None not in (low, high) and low > high:
        expected.add("zone.floors-order")
    if None not in (height, high) and high and not Fraction(27, 10) <= height / high <= 6:
        expected.add("zone.height-floors")
    zone = replace(
        SOUND,
        density_pct=density,
        floors_min=low,
        floors_max=high,
        height_max_m=None if height is None else float(height),
        far_max=None if far is None else float(far),
    )
    assert sorted(check for check, _ in told(zone)) == sorted(expected)


@pytest.mark.parametrize(
    ("code", "scheme", "nearest", "only_spelling"),
    [
        ("nhomnhao", "planning", "Nhomnhao", True),
        ("Nhóm nhà ở", "planning", "Nhomnhao", True),
        ("Nhóm ở", "planning", "Nhomnhao", False),
        ("QHDH_CAYXANH_CC", "planning", "CayxanhCC", True),
        ("Congnghep", "planning", "Congnghiep", False),
        ("đất ở tại đô thị", "land_use", "ODT", True),
        ("odt", "land_use", "ODT", True),
        ("XYZ", "land_use", None, False),
    ],
)
def test_an_unknown_function_is_an_error_that_names_the_nearest(code, scheme, nearest, only_spelling):
    found = only(replace(BARE, function_code=code, function_scheme=scheme))
    assert (found.check, found.severity, found.subjects) == ("zone.function-unknown", "error", ("CX-02",))
    assert (found.facts["nearest"], found.facts["only_spelling"]) == (nearest, only_spelling)
    assert (found.facts["code"], found.facts["scheme"], found.facts["known_in"]) == (code, scheme, [])


def test_a_code_of_the_other_scheme_is_told_as_such():
    assert only(replace(BARE, function_code="ODT")).facts["known_in"] == ["land_use"]


@pytest.mark.parametrize(("code", "scheme"), [("HT_Nhomnhao", "planning"), ("Yte", "planning"), ("LUC", "land_use")])
def test_a_known_function_is_left_alone(code, scheme):
    assert told(replace(BARE, function_code=code, function_scheme=scheme)) == []


def test_a_symbol_used_again_in_a_plan_is_told_once():
    again = [replace(BARE, name="om - 01"), replace(BARE, name="OM-01", shape=ring(FIELD, "CGHF"))]
    found = only(replace(SOUND, name="OM -01", shape=ring(FIELD, "ABED"), function_code="CayxanhCC"), *again)
    assert (found.check, found.severity, found.subjects) == ("zone.symbol-twice", "info", ("OM -01",))
    assert found.facts == {"symbol": "OM -01", "zones": 3}
    assert found.shape.equals(ring(FIELD, "AGHD"))


def test_other_symbols_other_plans_and_no_symbol_are_left_alone():
    apart = replace(BARE, name=SOUND.name, plan="QHCT-02", shape=shapely.box(0, 0, 9, 9))
    assert told(SOUND, apart) == []
    assert told(replace(SOUND, name=" "), replace(BARE, name=" ")) == []


def layers(**change):
    """The sound zone, and another over a part of it in another plan under the same symbol."""
    return SOUND, replace(SOUND, plan="QHPK-02", shape=ring(FIELD, "BGHE"), **change)


def test_two_layers_that_disagree_about_a_lot_are_told():
    found = only(*layers(name="om-01", floors_max=7, far_max=3.05, function_code="Honhop"))
    assert (found.check, found.severity) == ("zone.attributes-differ", "warning")
    assert (found.plan_codes, found.subjects) == (("QHCT-01", "QHPK-02"), ("OM-01", "om-01"))
    assert found.shape.equals(ring(FIELD, "BCFE"))
    assert found.facts == {"floors_max": [5, 7], "far_max": [3.0, 3.05], "function_code": ["Nhomnhao", "Honhop"]}


def test_zones_of_one_plan_that_disagree_are_told_beside_their_symbol():
    pair = SOUND, replace(SOUND, shape=ring(FIELD, "BGHE"), density_pct=61)
    assert told(*pair) == [("zone.symbol-twice", "info"), ("zone.attributes-differ", "warning")]


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"density_pct": None, "floors_min": None, "height_max_m": None},
        {"function_code": "HT_Nhomnhao"},
        {"function_code": "ODT", "function_scheme": "land_use"},
        {"name": "OM-02", "floors_max": 6},
    ],
)
def test_layers_that_agree_or_speak_of_different_lots_are_left_alone(change):
    assert told(*layers(**change)) == []


@pytest.mark.parametrize(("over_m", "checks"), [(0.0005, []), (0.01, [("zone.attributes-differ", "warning")])])
def test_neighbours_under_one_symbol_may_touch(over_m, checks):
    x, y = ORIGIN
    west, east = shapely.box(x, y, x + 10 + over_m, y + 10), shapely.box(x + 10, y, x + 20, y + 10)
    assert told(replace(SOUND, shape=west), replace(SOUND, plan="QHPK-02", shape=east, floors_max=6)) == checks


def test_a_bare_number_is_no_symbol_in_another_plan():
    one, other = layers(floors_max=6)
    assert told(replace(one, name="17"), replace(other, name="17")) == []
    assert told(replace(one, name="17"), replace(other, name="17", plan=one.plan)) == [
        ("zone.symbol-twice", "info"),
        ("zone.attributes-differ", "warning"),
    ]


def test_a_province_of_zones_takes_a_few_seconds():
    """100 000 zones; every tenth has a ratio too high, every thousandth an unknown code, every symbol is that of two plans."""
    x, y = np.divmod(np.arange(50_000), 250)
    boxes = shapely.box(ORIGIN[0] + 50 * x, ORIGIN[1] + 50 * y, ORIGIN[0] + 50 * x + 50, ORIGIN[1] + 50 * y + 50)
    zones = [
        replace(
            SOUND,
            plan=plan,
            name=f"OM-{at}",
            shape=shape,
            far_max=9.0 if at % 10 == 0 else 3.0,
            function_code="odt" if at % 1000 == 1 else "Nhomnhao",
        )
        for plan in ("QHCT-01", "QHPK-02")
        for at, shape in enumerate(boxes)
    ]
    began = time.process_time()
    checks = [one.check for one in indicator_findings(zones, "detailed")]
    assert time.process_time() - began < 8
    assert (checks.count("zone.far-exceeds"), checks.count("zone.function-unknown"), len(checks)) == (
        10_000,
        100,
        10_100,
    )


def test_every_rule_says_something_in_both_languages():
    assert len({rule.code for rule in RULES}) == len(RULES) == 8
    for rule in RULES:
        assert all((rule.vi, rule.en, rule.advice_vi.endswith("."), rule.advice_en.endswith("."), rule.basis)), (
            rule.code
        )
