"""Sheet and number in the words of people; two numbers without a word are two readings."""

import pytest

from planning.asking.reading import read
from planning.asking.records import ParcelReading
from tests.planning.asking.test_points import PROVINCE


def asked(text: str) -> list[tuple[str | None, int, int]]:
    return [
        (one.commune, one.sheet, one.number) for one in read(text, PROVINCE).readings if isinstance(one, ParcelReading)
    ]


@pytest.mark.parametrize(
    ("text", "commune"),
    [
        ("thửa 12 tờ 3 xã Tân Hoa", "xã Tân Hoa"),
        ("tờ bản đồ số 3, thửa đất số 12, phường Hòa Đông", "phường Hòa Đông"),
        ("Thửa đất số: 12; tờ bản đồ số: 3; xã Tân Hoa", "xã Tân Hoa"),
        ("xã Tân Hoa, tờ 3, thửa 12", "xã Tân Hoa"),
        ("thua 12 to 3 tan hoa", "tan hoa"),
        ("parcel 12, sheet 3 of Tân Hoa", "Tân Hoa"),
        ("90001/3/12", "90001"),
        ("90001-3-12", "90001"),
    ],
)
def test_a_parcel_is_read_from_its_words(text, commune):
    assert asked(text) == [(commune, 3, 12)]


def test_two_numbers_without_a_word_are_asked_back():
    assert asked("12/3 Tân Hoa") == [("Tân Hoa", 3, 12), ("Tân Hoa", 12, 3)]
    assert asked("3/3 Tân Hoa") == [("Tân Hoa", 3, 3)]


@pytest.mark.parametrize(
    "text", ["105-52,5000000E 21-0,0000000N", "106-10 E, 21-15 N", "106-10 E 21-15 N", "106-10E 21-15N"]
)
def test_degrees_are_no_parcel(text):
    assert asked(text) == []


def test_a_commune_is_needed():
    heard = read("thửa 12 tờ 3", PROVINCE)
    assert heard.readings == ()
    assert "name the commune" in heard.why.en


@pytest.mark.parametrize("text", ["thửa 99999999999 tờ 3 Tân Hoa", "thửa 0 tờ 3 Tân Hoa", "ngõ 12/3 đường Lê Lợi"])
def test_what_is_no_number_of_a_parcel_is_none(text):
    assert asked(text) == []
