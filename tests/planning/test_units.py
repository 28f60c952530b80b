"""Names, codes and declared areas."""

import unicodedata

import pytest

from planning.units import CODE, area_verdict, bare_name, declared_area, folded, kind_of


@pytest.mark.parametrize(
    ("name", "kind", "level"),
    [
        ("Xã Lục Ngạn", "xa", "commune"),
        ("Phường Bắc Giang", "phuong", "commune"),
        ("Thị trấn Phì Điền", "thi_tran", "commune"),
        ("Đặc khu Cát Hải", "dac_khu", "commune"),
        ("Tỉnh Bắc Ninh", "tinh", "province"),
        ("Thành phố Hải Phòng", "thanh_pho", "province"),
    ],
)
def test_the_name_tells_the_kind(name, kind, level):
    found = kind_of(unicodedata.normalize("NFD", name))
    assert found is not None
    assert (found.kind, found.level) == (kind, level)


def test_a_name_that_tells_no_kind_is_not_guessed():
    assert kind_of("Lục Ngạn") is None
    assert kind_of("Xãm") is None


@pytest.mark.parametrize(
    "spelling", ["Hòa Bình", "Hoà Bình", "hoa binh", "HÒA  BÌNH", unicodedata.normalize("NFD", "Hoà Bình")]
)
def test_spellings_meet(spelling):
    assert folded(spelling) == "hoa binh"


def test_folding_keeps_what_is_a_different_letter_apart_only_by_its_base():
    assert folded("Đông Đô") == "dong do"
    assert bare_name("Xã Lục Ngạn") == "Lục Ngạn"
    assert bare_name("Lục Ngạn") == "Lục Ngạn"


@pytest.mark.parametrize(
    ("text", "km2"),
    [("23,23 ha", 0.2323), ("23.23", 23.23), ("23,25 km²", 23.25), ("1500000 m2", 1.5), ("82.71 km2", 82.71)],
)
def test_declared_areas_are_read(text, km2):
    area = declared_area(text)
    assert area is not None
    assert area.area_km2 == pytest.approx(km2)


@pytest.mark.parametrize("text", ["1.234", "1,234 ha", "about 5", "", "5 acres", "-3"])
def test_a_declared_area_that_can_be_read_in_two_ways_is_not_read(text):
    assert declared_area(text) is None


def test_hectares_for_square_kilometres_are_caught():
    doubt = area_verdict(0.2323, 23.25).why
    assert doubt is not None
    assert "ha written for km²" in doubt
    assert area_verdict(23.23, 23.25).why is None
    assert "17%" in (area_verdict(57.18, 68.96).why or "")


def test_codes_are_text_of_two_or_five_digits():
    assert CODE.fullmatch("07582")
    assert CODE.fullmatch("24")
    assert not CODE.fullmatch("7582")
    assert not CODE.fullmatch("07582a")


def test_a_doubt_about_an_area_names_its_mistake():
    assert area_verdict(82.71, 82.85).judgement == "agrees"
    assert "ha written for km²" in (area_verdict(0.2323, 23.25).why or "")
    assert "23.25" in (area_verdict(32.25, 23.25).why or ""), "two digits exchanged"
    assert "digits exchanged" in (area_verdict(32.25, 23.25).why or "")
    assert "digits exchanged" not in (area_verdict(57.18, 68.97).why or "")


def test_a_unit_on_the_sea_is_not_judged_and_its_figures_are_told():
    verdict = area_verdict(10.0, 68.97, coastal=True)
    assert verdict.judgement == "exempt"
    assert "10 km² / 68.97 km²" in (verdict.why or "")
