"""Names as people type them into a search."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.names import asked_name
from planning.units import folded, spelled


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("TT. Chũ", "thi tran chu"),
        ("TT Chũ", "thi tran chu"),
        ("tt.chũ", "thi tran chu"),
        ("P.Bắc Giang", "phuong bac giang"),
        ("P. 1", "phuong 1"),
        ("X. Tân Hoa, H. Lục Ngạn", "xa tan hoa huyen luc ngan"),
        ("TP. Bắc Ninh", "thanh pho bac ninh"),
        ("Lục Ngạn", "luc ngan"),
        ("Tân Thanh P", "tan thanh p"),
        ("TT", "tt"),
        ("Phan Rang - Tháp Chàm", "phan rang thap cham"),
        ("  ", ""),
        ("()", ""),
    ],
)
def test_abbreviations_are_understood_before_a_name(typed, meant):
    assert asked_name(typed).phrase == meant
    assert asked_name(unicodedata.normalize("NFD", typed)).phrase == meant


def test_tone_placement_does_not_matter_but_tones_and_letters_do():
    assert spelled("Hòa") == spelled("Hoà") == spelled("HÒA") == spelled(unicodedata.normalize("NFD", "hoà"))
    assert spelled("Thuỷ Nguyên") == spelled("Thủy  Nguyên")
    assert (
        len({spelled(name) for name in ("Hòa", "Hóa", "Họa", "Hỏa", "Hõa", "Hoa", "Hoá Hòa", "Đòa", "Hoă", "Hoâ")})
        == 10
    )


SYLLABLES = st.sampled_from(["hoa", "thuy", "quê", "đươc", "tiên", "lương", "yên", "đao", "my"])
TONES = st.sampled_from(["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"])


@given(words=st.lists(st.tuples(SYLLABLES, TONES, st.integers(0, 1)), min_size=1, max_size=4))
def test_every_placement_of_a_tone_is_the_same_spelling(words):
    """A tone may be written on any vowel of its syllable; the letters and the tone stay what they are."""
    vowels = "aăâeêioôơuưy"
    placed, plain = [], []
    for syllable, tone, which in words:
        places = [place for place, letter in enumerate(syllable) if letter in vowels]
        at = places[which % len(places)] + 1
        placed.append(unicodedata.normalize("NFC", syllable[:at] + tone + syllable[at:]))
        plain.append(unicodedata.normalize("NFD", syllable) + tone)
    assert spelled(" ".join(placed)) == " ".join(plain)
    assert folded(spelled(" ".join(placed))) == folded(" ".join(placed))
