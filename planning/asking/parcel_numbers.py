"""Sheet and number of a parcel, with the commune they are of: “thửa 12, tờ 3, xã Tân Hoa”, “90001/3/12”, “12/3 Tân Hoa”."""

import re
from collections.abc import Iterator

from planning.asking.records import ParcelReading, Said
from planning.units import folded

GREATEST = 2_147_483_647
"""Numbers the store can hold."""

_NUMBER = r"(?:so|no\.?|#)?\s*[:.]?\s*(\d{1,10})"
_PARCEL = rf"(?:thua|parcel|lot)(?:\s+dat)?\s*{_NUMBER}"
_SHEET = rf"(?:to|sheet|map sheet)(?:\s+ban\s+do)?(?:\s+dia\s+chinh)?\s*{_NUMBER}"
_APART = r"[\s,;.\-–/]*"
_WORDS = (
    re.compile(rf"(?P<before>.*?){_PARCEL}{_APART}{_SHEET}(?P<after>.*)"),
    re.compile(rf"(?P<before>.*?){_SHEET}{_APART}{_PARCEL}(?P<after>.*)"),
)
_KEY = re.compile(r"(\d{5})\s*[/-]\s*(\d{1,10})\s*[/-]\s*(\d{1,10})")
_PAIR = re.compile(r"(\d{1,10})\s*[/-]\s*(\d{1,10})(?P<after>[\s,;]+(?:(?![ensbdw](?:[\s,;]|$))[^\w\s]*[a-z].*|\d{5}))")
"""Two numbers and a commune, whose name begins with a letter: “105-52,5E 21-15N” is a place in degrees."""


def parcel_readings(text: str) -> list[ParcelReading]:
    """What the text says of sheet and number; two readings where two numbers stand without a word."""
    line = " ".join(text.split())
    plain = folded(line)
    return [one for one in _read(line, plain) if 0 < one.sheet <= GREATEST and 0 < one.number <= GREATEST]


def _read(line: str, plain: str) -> Iterator[ParcelReading]:
    key = _KEY.fullmatch(plain)
    if key:
        yield _parcel(int(key[2]), int(key[3]), key[1])
        return
    for pattern, places in zip(_WORDS, ((2, 1), (1, 2)), strict=True):
        found = pattern.fullmatch(plain)
        if found:
            numbers = [int(one) for one in found.groups()[1:3]]
            yield _parcel(numbers[places[0] - 1], numbers[places[1] - 1], _commune(line, plain, found))
            return
    pair = _PAIR.fullmatch(plain)
    if pair:
        one, other, commune = int(pair[1]), int(pair[2]), _commune(line, plain, pair)
        yield _parcel(other, one, commune)
        if one != other:
            yield _parcel(one, other, commune)


def _commune(line: str, plain: str, found: re.Match[str]) -> str | None:
    """What stands behind the numbers, or before them, as it was written."""
    whole = line if len(line) == len(plain) else plain
    for name in ("after", "before"):
        if name in found.re.groupindex:
            said = whole[found.start(name) : found.end(name)].strip(" ,;.-–/:")
            said = re.sub(r"(?i)^(?:thuộc|thuoc|tại|tai|ở|of|in)\s+", "", said)
            if said:
                return said
    return None


def _parcel(sheet: int, number: int, commune: str | None) -> ParcelReading:
    behind = f", {commune}" if commune else ""
    return ParcelReading(
        sheet, number, commune, Said(f"Thửa {number}, tờ {sheet}{behind}", f"Parcel {number}, sheet {sheet}{behind}")
    )
