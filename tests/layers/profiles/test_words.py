"""Functions of land told in any spelling; what is not known is told with the nearest, never taken for it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.profiles.reasons import Problem
from layers.profiles.words import SYNONYMS, Listed, function_read, plain, spellings, word_read
from planning.functions import PREFIXES, SCHEMES, function_of
from planning.units import folded

NOTHING = Listed.of({})
ALL = [(scheme, one) for scheme, table in SCHEMES.items() for one in table.values()]
WAYS = [str, str.upper, str.title, folded, lambda text: unicodedata.normalize("NFD", text), lambda text: f"  {text} "]


@given(st.sampled_from(ALL), st.sampled_from(WAYS), st.booleans())
def test_every_function_is_known_by_its_name_and_its_code(entry, way, by_code):
    scheme, one = entry
    assert function_read(way(one.code if by_code else one.vi).strip(), (scheme,), NOTHING) == (one.code, scheme)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_spelling_stands_for_two_functions(scheme):
    said: dict[str, set[str]] = {}
    for code, one in SCHEMES[scheme].items():
        for word in (code, one.vi, *(word for word, other in SYNONYMS[scheme].items() if other == code)):
            said.setdefault(plain(word).removeprefix("dat"), set()).add(code)
    assert {word: codes for word, codes in said.items() if len(codes) > 1} == {}
    assert set(SYNONYMS[scheme].values()) <= set(SCHEMES[scheme])
    assert set(spellings(scheme).values()) == set(SCHEMES[scheme])


@pytest.mark.parametrize("prefix", PREFIXES)
def test_the_prefix_of_phase_stays(prefix):
    assert function_read(f"{prefix}Nhomnhao", ("planning",), NOTHING) == (f"{prefix}Nhomnhao", "planning")
    assert function_read(f"{prefix.lower()}nhóm nhà ở", ("planning",), NOTHING) == (f"{prefix}Nhomnhao", "planning")
    assert function_of(f"{prefix}Nhomnhao", "planning")


def test_what_is_not_known_is_told_with_the_nearest():
    near = function_read("Nhóm nhà ở mơi A", ("planning",), NOTHING)
    assert isinstance(near, Problem)
    assert "the nearest is Nhomnhao" in near.en
    far = function_read("Đất quảng trường", ("planning", "land_use"), NOTHING)
    assert isinstance(far, Problem)
    assert "nearest" not in far.en


def test_a_list_goes_before_the_tables_and_its_patterns_in_their_order():
    listed = Listed.of({"Y tế": "Dichvu", "*sản xuất*": "Congnghiep", "*xuất nông nghiệp*": "Nongnghiep"})
    assert function_read("y te", ("planning",), listed) == ("Dichvu", "planning")
    assert function_read("Đất sản xuất nông nghiệp", ("planning",), listed) == ("Congnghiep", "planning")
    assert word_read("URBAN", ("urban", "rural"), NOTHING) == "urban"
