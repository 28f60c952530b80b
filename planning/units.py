"""Administrative units: kinds, codes, names as people write them, declared areas."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Level = Literal["province", "district", "commune"]

KINDS: dict[str, tuple[str, Level]] = {
    "tỉnh": ("tinh", "province"),
    "thành phố": ("thanh_pho", "province"),
    "xã": ("xa", "commune"),
    "phường": ("phuong", "commune"),
    "thị trấn": ("thi_tran", "commune"),
    "đặc khu": ("dac_khu", "commune"),
}
"""First words of an official name → kind and level. Towns (thị trấn) ended with the districts on 1 July 2025."""

CODE = re.compile(r"[0-9]{2}(?:[0-9]{3})?")
"""Two digits for a province, five for a commune; text, for the leading zeros matter."""


CODE_LENGTHS: dict[Level, int] = {"province": 2, "district": 3, "commune": 5}


@dataclass(frozen=True, slots=True)
class Kind:
    """What sort of unit a name says it is."""

    kind: str
    level: Level


def kind_of(name: str) -> Kind | None:
    """The kind told by the first words of an official name, None when it tells none: it is not guessed."""
    folded = unicodedata.normalize("NFC", name).strip().lower()
    for words, (kind, level) in KINDS.items():
        if folded.startswith(words + " "):
            return Kind(kind, level)
    return None


def bare_name(name: str) -> str:
    """The name without its kind: “Xã Lục Ngạn” → “Lục Ngạn”."""
    tidy = " ".join(unicodedata.normalize("NFC", name).split())
    for words in KINDS:
        if tidy.lower().startswith(words + " "):
            return tidy[len(words) + 1 :]
    return tidy


def folded(text: str) -> str:
    """Lower case without diacritics, so that “Hòa”, “Hoà” and “hoa” meet: for finding, never for identity."""
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


_TONE = re.compile(r"([\u0300\u0301\u0303\u0309\u0323])([^\s\u0300\u0301\u0303\u0309\u0323]*)")
"""A tone mark of a syllable (grave, acute, tilde, hook, dot below) and the rest of the syllable, in decomposed text."""


def spelled(text: str) -> str:
    """How a name is spelled, wherever its tones are placed: “Hòa” and “Hoà” are one, “hoa” and “họa” are others. NFC and NFD alike.

    Decomposed, lower case, the tone of each syllable behind its letters; for ranking what is found, never for identity.
    """
    letters = unicodedata.normalize("NFD", text.replace("Đ", "đ")).lower()
    return " ".join(_TONE.sub(r"\2\1", letters).split())


def sought(name: str, district: str | None) -> str:
    """What a unit is looked for by: its kind, name and former district, folded."""
    return folded(f"{name} {district or ''}")


@dataclass(frozen=True, slots=True)
class DeclaredArea:
    """A declared area, with the unit of measure it was written in."""

    area_km2: float
    written_in: str


GREATEST_KM2 = 1e6
"""Three times the country: no unit declares more."""

_AREA = re.compile(r"\s*([0-9]+(?:[.,][0-9]+)?)\s*(km2|km²|ha|m2|m²)?\s*", re.IGNORECASE)
_KM2 = {"km2": 1.0, "km²": 1.0, "ha": 0.01, "m2": 1e-6, "m²": 1e-6}


def declared_area(text: str) -> DeclaredArea | None:
    """Read “23,23 km²”, “2323 ha” or “23.23” (km² when no unit is written); None when it cannot be read in one way only.

    “1.234,5” and “1,234” are not read: a separator of thousands cannot be told from a decimal sign.
    """
    match = _AREA.fullmatch(text)
    if match is None or re.fullmatch(r"[0-9]{1,3}[.,][0-9]{3}", match[1]):
        return None
    unit = (match[2] or "km2").lower()
    area_km2 = float(match[1].replace(",", ".")) * _KM2[unit]
    return DeclaredArea(area_km2, unit) if area_km2 <= GREATEST_KM2 else None


UNIT_ERRORS = (
    (0.01, "ghi ha thay cho km² / ha written for km²"),
    (100.0, "ghi km² thay cho ha / km² written for ha"),
    (1e-6, "ghi m² thay cho km² / m² written for km²"),
)
"""Factor between declared and drawn area → the mistake behind it."""


Judgement = Literal["agrees", "doubtful", "exempt"]


@dataclass(frozen=True, slots=True)
class AreaVerdict:
    """A declared area held against the drawn one. `why` names the mistake behind a doubt, in both languages."""

    judgement: Judgement
    ratio: float
    why: str | None = None


def area_verdict(
    declared_km2: float, drawn_km2: float, *, coastal: bool | None = None, tolerance: float = 0.05
) -> AreaVerdict:
    """Whether two areas agree within `tolerance` (a share); of a coastal unit only a wrong
    unit of measure can be told, for the sea counts or not.

    A doubt names a unit of measure taken for another, or two digits exchanged, where that explains it.
    Source of the tolerance: declared and drawn areas of 3 321 communes; nine in ten agree within five per cent.
    """
    ratio = declared_km2 / drawn_km2
    if abs(ratio - 1) <= tolerance:
        return AreaVerdict("agrees", ratio)
    areas = f"{declared_km2:g} km² / {drawn_km2:.2f} km²"
    for factor, mistake in UNIT_ERRORS:
        if abs(ratio / factor - 1) <= tolerance:
            return AreaVerdict("doubtful", ratio, f"{areas} = {factor:g}: {mistake}")
    if coastal:
        return AreaVerdict("exempt", ratio, f"{areas}: ven biển, không xét / on the sea, not judged")
    swapped = next((one for one in _swapped(declared_km2) if abs(one / drawn_km2 - 1) <= tolerance / 5), None)
    if swapped is not None:
        return AreaVerdict("doubtful", ratio, f"{areas}: đảo chữ số, {swapped:g} / digits exchanged for {swapped:g}")
    return AreaVerdict("doubtful", ratio, f"{areas}: lệch / they differ by {abs(ratio - 1):.0%}")


def _swapped(number: float) -> list[float]:
    """The number with two neighbouring digits exchanged, in every way."""
    digits = f"{number:.2f}"
    places = [place for place, sign in enumerate(digits) if sign != "."]
    found = []
    for one, other in pairwise(places):
        signs = list(digits)
        signs[one], signs[other] = signs[other], signs[one]
        found.append(float("".join(signs)))
    return found
