"""Numbers as plans write them: what each form says, and that what has two readings is never settled silently."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.profiles.measuring import Column
from layers.profiles.quantities import QUANTITIES, Asked, measured
from layers.profiles.ranges import NotANumber, Range, WrongOrder, written


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("40", Range(40, 40)),
        ("40-60", Range(40, 60)),
        ("40 – 60 %", Range(40, 60)),
        ("40% - 60%", Range(40, 60)),
        ("3÷5", Range(3, 5)),
        ("từ 3 đến 5", Range(3, 5)),
        ("Từ 3 tầng tới 5 tầng", Range(3, 5)),
        ("tối thiểu 3, tối đa 5 tầng", Range(3, 5)),
        ("≥3; ≤5", Range(3, 5)),
        ("≤ 5", Range(None, 5)),
        ("≤5", Range(None, 5)),
        ("<= 5", Range(None, 5)),
        ("tối đa 5", Range(None, 5)),
        ("Max: 5", Range(None, 5)),
        ("không quá 7 tầng", Range(None, 7)),
        ("đến 5", Range(None, 5)),
        ("< 5", Range(None, 5, below=True)),
        ("dưới 7 tầng", Range(None, 7, below=True)),
        ("≥ 5", Range(5, None)),
        ("không dưới 5", Range(5, None)),
        ("3 tầng trở lên", Range(3, None)),
        ("từ 3 tầng trở lên", Range(3, None)),
        ("5 trở xuống", Range(None, 5)),
        ("trên 3", Range(3, None, above=True)),
        ("5 tầng", Range(5, 5)),
        ("2,5", Range(2.5, 2.5)),
        ("2.5", Range(2.5, 2.5)),
        ("1.234,5", Range(1234.5, 1234.5)),
        ("1,234.5", Range(1234.5, 1234.5)),
        ("1.234.567", Range(1234567, 1234567)),
        ("1 234", Range(1234, 1234)),
        ("1\u00a0234,5 m²", Range(1234.5, 1234.5)),
        ("0,125", Range(0.125, 0.125)),
        ("1234.567", Range(1234.567, 1234.567)),
        ("1.5e+03", Range(1500, 1500)),
        ("-5", Range(-5, -5)),
        ("12 ha.", Range(12, 12)),
    ],
)
def test_a_form_says_one_thing(text, said):
    found = written(text)
    assert found is not None
    assert found.certain == said


@pytest.mark.parametrize("text", ["", "-", "–", "---", "…", "n/a", "NULL", "không có", "Không quy định"])
def test_what_stands_for_nothing_is_nothing(text):
    assert written(text) is None


@pytest.mark.parametrize(
    "text",
    ["abc", "không", "3 5", "40 60", "05-Mar", "2025-03-05", "4-5-6", "1.2.3", "5-", "- 5", "1.5-2,5", "40%-60 m", "m", "５", "3...5",
     "từ 3 trở xuống", "≤ 5 trở lên", "1e999", "1" * 90, "5 tầng hầm", "O-12", "1,23,456"],
)  # fmt: skip
def test_what_is_no_number_is_refused(text):
    with pytest.raises(NotANumber):
        written(text)


def test_a_range_the_wrong_way_round_is_refused():
    with pytest.raises(WrongOrder):
        written("60-40")


def test_three_digits_behind_one_sign_have_two_readings():
    found = written("1.234")
    assert found is not None
    assert found.certain is None
    assert set(found.readings.values()) == {Range(1234, 1234), Range(1.234, 1.234)}


NUMBERS = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False)
SPELLINGS = {
    ",": ("{:,.2f}", str.maketrans(",.", ".,")),
    ".": ("{:,.2f}", str.maketrans("", "")),
    " ": ("{:,.2f}", str.maketrans(",.", " ,")),
}


@given(NUMBERS, st.sampled_from(sorted(SPELLINGS)))
def test_a_number_spelled_out_with_thousands_is_read_back(number, how):
    form, signs = SPELLINGS[how]
    found = written(form.format(number).translate(signs))
    assert found is not None
    assert found.certain == Range(float(number), float(number))


@given(
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.sampled_from(["{}-{}", "{} – {}", "từ {} đến {}", "{} ÷ {} m", "≥{}, ≤{}"]),
)
def test_a_range_is_read_back(one, other, form):
    low, high = sorted((one, other))
    found = written(form.format(low, high))
    assert found is not None
    assert found.certain == Range(low, high)


@pytest.mark.parametrize("text", ["1ế23", "1é23", "2Ê5", "1ẹ-3"])
def test_an_accented_letter_is_no_exponent(text):
    with pytest.raises(NotANumber):
        written(text)


@given(st.text(alphabet="0123456789.,- %≤≥<>mthaầđến", max_size=14))
def test_no_text_is_read_as_a_number_that_is_not_in_it(text):
    """Whatever is read, its digits are those of the text: no silent zero, nothing made up."""
    try:
        found = written(text)
    except (NotANumber, WrongOrder):
        return
    if found is None:
        assert not any(sign.isdigit() for sign in text)
        return
    digits = "".join(sign for sign in text if sign.isdigit())
    for reading in found.readings.values():
        for end in (reading.low, reading.high):
            if end is not None:
                significant = f"{abs(end):.10f}".replace(".", "").strip("0")
                assert significant in digits or significant == ""


def read(texts, quantity, **more):
    column = Column.of_texts(texts)
    return column.numbers(Asked(QUANTITIES[quantity], seen=column.seen, **more))


def test_the_column_decides_what_one_value_leaves_open():
    alone = read(["1.234"], "area_m2")
    assert alone.problems[0].reason == "ambiguous-number"
    assert "1.234" in alone.problems[0].en
    assert "1234" in alone.problems[0].en
    assert read(["1.234", "2,5"], "area_m2").low.tolist() == [1234, 2.5]
    assert read(["1.234", "2.5"], "area_m2").low.tolist() == [1.234, 2.5]
    assert read(["1.234", "1.234.567"], "area_m2").low[0] == 1234


def test_a_column_that_contradicts_itself_decides_nothing():
    found = read(["1.234", "2,5", "2.5"], "area_m2")
    assert list(found.problems) == [0]
    assert found.low.tolist()[1:] == [2.5, 2.5]


def test_the_profile_decides_before_the_column_and_what_contradicts_it_is_told():
    found = read(["1.234", "2.5"], "area_m2", decimal=",")
    assert found.low[0] == 1234
    assert found.problems[1].reason == "not-a-number"


def test_a_reading_that_cannot_be_is_none():
    """A parcel number is whole, a density is at most 100 %: only one reading is left."""
    assert read(["1.234"], "ordinal").low[0] == 1234
    assert read(["1.234"], "percent", unit="percent").low[0] == 1.234


@pytest.mark.parametrize(
    ("texts", "densities"),
    [
        (["40", "60"], [40, 60]),
        (["0,4", "0,6", "1"], [40, 60, 100]),
        (["40%", "0,4%"], [40, 0.4]),
        (["0,57"], [57]),
        (["0", "40"], [0, 40]),
    ],
)
def test_a_density_as_the_column_tells(texts, densities):
    column = Column.of_texts(texts)
    found = column.numbers(Asked(QUANTITIES["percent"], seen=column.seen))
    assert found.high.tolist() == densities


def test_a_column_of_fractions_and_percentages_is_told_value_by_value():
    found = read(["0,4", "40", "1"], "percent")
    assert {place: one.reason for place, one in found.problems.items()} == {
        0: "ambiguous-percent",
        2: "ambiguous-percent",
    }
    assert found.high[1] == 40
    assert read(["1"], "percent").problems[0].reason == "ambiguous-percent"


@pytest.mark.parametrize(
    ("text", "quantity", "low", "high"),
    [
        ("1,5 ha", "area_m2", 15_000, 15_000),
        ("1,5 km²", "area_m2", 1_500_000, 1_500_000),
        ("150 cm", "width", 1.5, 1.5),
        ("< 5", "floors", None, 4),
        ("> 2", "floors", 3, None),
        ("3-5 tầng", "floors", 3, 5),
        ("≥ 3", "setback", 3, None),
        ("2,5 lần", "ratio", 2.5, 2.5),
    ],
)
def test_a_value_in_the_unit_of_its_column(text, quantity, low, high):
    found = measured(text, Asked(QUANTITIES[quantity]))
    assert (found.low, found.high, found.problem) == (low, high, None)


@pytest.mark.parametrize(
    ("text", "quantity", "reason"),
    [
        ("-5", "height", "out-of-range"),
        ("140", "percent", "out-of-range"),
        ("2,5", "floors", "not-whole"),
        ("301", "floors", "out-of-range"),
        ("40-60", "area_m2", "not-one-number"),
        ("≤ 5", "area_m2", "not-one-number"),
        ("≥ 40", "percent", "other-bound"),
        ("≤ 3", "setback", "other-bound"),
        ("5 m", "percent", "wrong-unit"),
        ("5%", "ratio", "wrong-unit"),
        ("60-40", "percent", "wrong-order"),
        ("nhiều", "percent", "not-a-number"),
    ],
)
def test_what_cannot_be_used_says_why(text, quantity, reason):
    problem = measured(text, Asked(QUANTITIES[quantity])).problem
    assert problem is not None
    assert problem.reason == reason
    assert problem.vi != problem.en


@given(
    st.lists(
        st.sampled_from(["40", "2,5", "2.5", "1.234", "≤ 5", "0,4", "-", "40-60", "12.5 %", "x", "999999"]), max_size=8
    )
)
def test_a_column_reads_as_its_values_read_one_by_one(texts):
    """The quick way for plain numbers and the slow one for all others agree."""
    column = Column.of_texts(texts)
    for name in ("percent", "area_m2", "floors", "setback"):
        asked = Asked(QUANTITIES[name], seen=column.seen)
        found = column.numbers(asked)
        for place, text in enumerate(texts):
            alone = measured(text, asked)
            assert found.problems.get(place) == alone.problem
            for end, wanted in ((found.low[place], alone.low), (found.high[place], alone.high)):
                assert end == wanted or (wanted is None and math.isnan(end))
