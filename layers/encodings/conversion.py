"""Texts from an encoding of the 1990s into Unicode, letter by letter; what an encoding does not have is an error, never dropped.

The source is a text as it stands when its bytes were read as ISO-8859-1, or as Windows-1252 where 0x80–0x9F came out as “€”, “–” …;
both are turned back into bytes first. Read without stripping: 0xA0 is part of letters in UTF-8 and VISCII, 0xAD is ư in TCVN3.
"""

import unicodedata
from collections.abc import Callable
from enum import StrEnum

from layers.encodings.letters import TCVN3, VISCII, VNI, VNI_SINGLE
from planning.errors import Refused


class Encoding(StrEnum):
    """How the letters of a text are written. The value is what a person types and a report keeps."""

    UNICODE = "unicode"
    """As it stands."""
    TCVN3 = "tcvn3"
    TCVN3_CAPITALS = "tcvn3-capitals"
    """A font that shows capitals for small letters (.VnTimeH): every letter means its capital."""
    VNI = "vni"
    VISCII = "viscii"
    CP1258 = "cp1258"
    UTF8 = "utf8"
    """UTF-8 that was read as Latin-1 or Windows-1252."""
    UTF8_TWICE = "utf8-twice"

    @property
    def label(self) -> str:
        """Its name for people, the same in both languages."""
        return _LABELS[self]


_LABELS = {
    Encoding.UNICODE: "Unicode",
    Encoding.TCVN3: "TCVN3 (ABC)",
    Encoding.TCVN3_CAPITALS: "TCVN3 (ABC), .Vn…H",
    Encoding.VNI: "VNI-Windows",
    Encoding.VISCII: "VISCII",
    Encoding.CP1258: "Windows-1258",
    Encoding.UTF8: "UTF-8 ← Latin-1",
    Encoding.UTF8_TWICE: "UTF-8 ← Latin-1 ← UTF-8 ← Latin-1",
}

SYMBOLS = frozenset("\u00a0§«°±²³·»¼½¾×÷©®")
"""Signs of Latin-1 that legacy fonts keep where they have no letter: “m²”, “30°”."""

_PUNCTUATION = frozenset("€‚„…†‡ˆ‰‹‘’“”•–—˜™›")
_WINDOWS = {
    bytes([byte]).decode("cp1252"): byte for byte in range(0x80, 0xA0) if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
_WINDOWS_SIGNS = {chr(byte): sign for sign, byte in _WINDOWS.items() if sign in _PUNCTUATION}
_MARKED_VOWELS = frozenset("aeiouyAEIOUY")


class NotInEncoding(Refused):
    """A character that the encoding does not have: the text is not written in it, or is damaged there."""

    code = "not-in-encoding"
    vi = "Ký tự “{character}” ({number}, vị trí {position}) trong “{text}” không có trong bảng mã {encoding}."
    en = "The character “{character}” ({number}, position {position}) in “{text}” is not in the encoding {encoding}."

    def __init__(self, text: str, position: int, encoding: Encoding) -> None:
        character = text[position]
        super().__init__(
            character=character if character.isprintable() else "�",
            number=f"U+{ord(character):04X}",
            position=position + 1,
            text=text if len(text) <= 60 else f"{text[:60]}…",
            encoding=encoding.label,
        )


def converted(text: str, encoding: Encoding) -> str:
    """The text in Unicode, NFC. `NotInEncoding` names the first character that the encoding does not have."""
    return unicodedata.normalize("NFC", _CONVERSIONS[encoding](text, encoding))


def latin1(text: str, encoding: Encoding) -> str:
    """The text with a character per byte, whether it was read as ISO-8859-1 or as Windows-1252."""
    letters = []
    for place, letter in enumerate(text):
        if ord(letter) > 0xFF and letter not in _WINDOWS:
            raise NotInEncoding(text, place, encoding)
        letters.append(chr(_WINDOWS.get(letter, ord(letter))))
    return "".join(letters)


def _as_it_stands(text: str, encoding: Encoding) -> str:
    for place, letter in enumerate(text):
        if "\x80" <= letter <= "\x9f" or letter == "\ufffd":
            raise NotInEncoding(text, place, encoding)
    return text


def _tcvn3(text: str, encoding: Encoding) -> str:
    out: list[str] = []
    for place, letter in enumerate(latin1(text, encoding)):
        # TCVN 5712 keeps marks at 0xB0-0xB4, which no ABC font shows: behind a vowel “²” may be one, elsewhere it is a sign.
        sign = letter in SYMBOLS and not (place and "\xb0" <= letter <= "\xb4" and text[place - 1] in _MARKED_VOWELS)
        out.append(TCVN3.get(letter) or _sign(text, place, letter, encoding, sign))
    return "".join(out)


def _tcvn3_capitals(text: str, encoding: Encoding) -> str:
    return _tcvn3(text, encoding).upper()


def _viscii(text: str, encoding: Encoding) -> str:
    return "".join(
        VISCII.get(letter) or _sign(text, place, letter, encoding, False)
        for place, letter in enumerate(latin1(text, encoding))
    )


def _vni(text: str, encoding: Encoding) -> str:
    """Vowels are followed by a mark; a mark behind anything else stands for nothing."""
    plain, out, place = latin1(text, encoding), [], 0
    while place < len(plain):
        if (pair := VNI.get(plain[place : place + 2])) is not None:
            out.append(pair)
            place += 2
            continue
        letter = plain[place]
        out.append(VNI_SINGLE.get(letter) or _sign(text, place, letter, encoding, letter in SYMBOLS))
        place += 1
    return "".join(out)


def _cp1258(text: str, encoding: Encoding) -> str:
    plain = latin1(text, encoding)
    try:
        return plain.encode("latin-1").decode("cp1258")
    except UnicodeDecodeError as error:
        raise NotInEncoding(text, error.start, encoding) from None


def _utf8(text: str, encoding: Encoding) -> str:
    try:
        return latin1(text, encoding).encode("latin-1").decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotInEncoding(text, error.start, encoding) from None


def _utf8_twice(text: str, encoding: Encoding) -> str:
    return _utf8(_utf8(text, encoding), encoding)


def _sign(text: str, place: int, letter: str, encoding: Encoding, kept: bool) -> str:
    """ASCII, a sign that fonts keep, or a sign of Windows-1252; anything else is not in the encoding."""
    if letter.isascii() or kept:
        return letter
    if encoding is not Encoding.VISCII and letter in _WINDOWS_SIGNS:
        return _WINDOWS_SIGNS[letter]
    raise NotInEncoding(text, place, encoding)


_CONVERSIONS: dict[Encoding, Callable[[str, Encoding], str]] = {
    Encoding.UNICODE: _as_it_stands,
    Encoding.TCVN3: _tcvn3,
    Encoding.TCVN3_CAPITALS: _tcvn3_capitals,
    Encoding.VNI: _vni,
    Encoding.VISCII: _viscii,
    Encoding.CP1258: _cp1258,
    Encoding.UTF8: _utf8,
    Encoding.UTF8_TWICE: _utf8_twice,
}
