"""Numbers as plans write them: “40-60”, “≤ 5”, “từ 3 đến 5 tầng”, “1.234,5”, “40 %”. What has two readings keeps both."""

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from planning.units import folded

Sign = Literal[".", ","]
"""Which of the two is the decimal sign; the other one parts thousands."""

SIGNS: tuple[Sign, ...] = (",", ".")

LONGEST = 80
"""Letters of the longest text that is read as a number."""


class NotANumber(ValueError):
    """The text is neither a number nor a range of numbers."""


class WrongOrder(ValueError):
    """A range whose end is below its beginning."""


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` up to `high`, None where nothing is said; `above` and `below` leave out the bound itself."""

    low: float | None
    high: float | None
    above: bool = False
    below: bool = False

    @property
    def number(self) -> float | None:
        """The one number that was written; None for a range."""
        return self.low if self.low == self.high else None


@dataclass(frozen=True, slots=True)
class Written:
    """What a text says under each decimal sign it can be read with, and the unit written behind the number."""

    readings: dict[Sign, Range]
    unit: str | None

    @property
    def certain(self) -> Range | None:
        """The only reading; None where there are two."""
        distinct = [*dict.fromkeys(self.readings.values())]
        return distinct[0] if len(distinct) == 1 else None

    @property
    def tells(self) -> Sign | None:
        """The decimal sign that the text proves: it can be read with that one only."""
        return next(iter(self.readings)) if len(self.readings) == 1 else None


NOTHING = frozenset(
    ("", "-", "--", "---", "...", "…", "/", "_", "n/a", "na", "nan", "null", "<null>", "none", "khong co", "khong quy dinh",
     "khong xac dinh", "chua xac dinh", "chua co")
)  # fmt: skip
"""What people write, folded, where they state nothing. “Không” alone is not among them: it may mean none or 0."""

UNITS = {
    "%": "%", "phan tram": "%", "tang": "tầng", "m": "m", "met": "m", "cm": "cm", "km": "km", "m2": "m2", "m²": "m2",
    "met vuong": "m2", "ha": "ha", "hecta": "ha", "km2": "km2", "km²": "km2", "lan": "lần",
}  # fmt: skip
"""Units as they are written, folded → as they are called here."""

_WORDS = (
    ("≤", r"<=|=<|≦|khong lon hon|khong qua|khong vuot qua|nho hon hoac bang|toi da|max\.?"),
    ("≥", r">=|=>|≧|khong nho hon|khong duoi|lon hon hoac bang|toi thieu|it nhat|min\.?"),
    ("<", r"nho hon|duoi"),
    (">", r"lon hon|tren"),
)
_BOUNDS = tuple((sign, re.compile(rf"(?<![a-z])(?:{words})(?![a-z])\s*:?")) for sign, words in _WORDS)
_ACCENTED_EXPONENT = re.compile(r"[0-9.](?![a-zA-Z])[^\W\d_][+-]?[0-9]")
"""A letter between digits: only a plain e is an exponent, “ế” loses its accents in folding and must not become one."""
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣-", "-") | {"÷": "-", "~": "-"})

_DIGITS = r"[0-9](?:[0-9.,]*[0-9])?"
_NUMBER = rf"(-?{_DIGITS}(?: [0-9]{{3}}(?![0-9])(?:[.,][0-9]+)*)*|-?[0-9.]+e[+-]?[0-9]+)"
_UNIT = rf"(?:\s*({'|'.join(sorted(map(re.escape, UNITS), key=len, reverse=True))})\b|\s*(%))?"
_ONE = re.compile(rf"(?:([≤≥<>])\s*|(den |tu ))?{_NUMBER}{_UNIT}( tro len| tro xuong)?")
_TWO = re.compile(rf"(?:tu )?{_NUMBER}{_UNIT}\s*(?:-|den|toi|\.\.)\s*{_NUMBER}{_UNIT}")
_PAIR = re.compile(rf"([≥>])\s*{_NUMBER}{_UNIT}\s*(?:[;,]|va)?\s*([≤<])\s*{_NUMBER}{_UNIT}")

_PLAIN: dict[Sign, re.Pattern[str]] = {
    ".": re.compile(r"-?(?:[0-9]+|[1-9][0-9]{0,2}(?P<group>[ ,])[0-9]{3}(?:(?P=group)[0-9]{3})*)(?:\.[0-9]+)?|-?[0-9.]+e[+-]?[0-9]+"),
    ",": re.compile(r"-?(?:[0-9]+|[1-9][0-9]{0,2}(?P<group>[ .])[0-9]{3}(?:(?P=group)[0-9]{3})*)(?:,[0-9]+)?"),
}  # fmt: skip
PLAIN_DECIMAL = re.compile(r"[0-9]{1,15}(?:([.,])(?:[0-9]{1,2}|[0-9]{4,15}))?")
"""Most numbers: digits, and behind a sign any count of them but three, so that the sign is a decimal one for certain."""


def written(text: str) -> Written | None:
    """Read a text; None where it states nothing. Raises NotANumber, WrongOrder."""
    if len(text) > LONGEST:
        raise NotANumber
    plain = _normalised(text)
    if plain in NOTHING:
        return None
    terms, unit = _terms(plain)
    readings = {sign: found for sign in SIGNS if (found := _range(terms, sign)) is not None}
    if not readings:
        raise NotANumber
    in_order = {sign: one for sign, one in readings.items() if _in_order(one)}
    if not in_order:
        raise WrongOrder
    return Written(in_order, unit)


def _normalised(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    if _ACCENTED_EXPONENT.search(composed):
        raise NotANumber
    plain = folded(composed.translate(_DASHES)).rstrip(".; ")
    for sign, words in _BOUNDS:
        plain = words.sub(sign, plain)
    return plain


Terms = dict[Literal["low", "high", "one", "above", "below"], str]


def _terms(plain: str) -> tuple[Terms, str | None]:
    """The numbers still as text, each in its role; and their unit."""
    if match := _TWO.fullmatch(plain):
        low, *first, high, last, percent = match.groups()
        return {"low": low, "high": high}, _unit(*first, last, percent)
    if match := _PAIR.fullmatch(plain):
        over, low, first_unit, first_percent, under, high, last, percent = match.groups()
        return {_LOWER[over]: low, _UPPER[under]: high}, _unit(first_unit, first_percent, last, percent)
    if match := _ONE.fullmatch(plain):
        bound, word, number, unit, percent, tail = match.groups()
        return {_role(bound, word, tail): number}, _unit(unit, percent)
    raise NotANumber


_LOWER: dict[str, Literal["low", "above"]] = {"≥": "low", ">": "above"}
_UPPER: dict[str, Literal["high", "below"]] = {"≤": "high", "<": "below"}


def _role(bound: str | None, word: str | None, tail: str | None) -> Literal["low", "high", "one", "above", "below"]:
    """The role of a single number; a bound said in front and another behind contradict each other."""
    said: set[Literal["low", "high", "above", "below"]] = set()
    if bound:
        said.add((_LOWER | _UPPER)[bound])
    if word:
        said.add("low" if word == "tu " else "high")
    if tail:
        said.add("low" if tail == " tro len" else "high")
    if len(said) > 1:
        raise NotANumber
    return said.pop() if said else "one"


def _unit(*found: str | None) -> str | None:
    units = {UNITS[one] for one in found if one}
    if len(units) > 1:
        raise NotANumber
    return units.pop() if units else None


def _range(terms: Terms, sign: Sign) -> Range | None:
    """The range under one decimal sign; None where a number is not written in that way."""
    values: dict[str, float] = {}
    for role, text in terms.items():
        number = _number(text, sign)
        if number is None:
            return None
        values[role] = number
    if "one" in values:
        return Range(values["one"], values["one"])
    low, high = values.get("low", values.get("above")), values.get("high", values.get("below"))
    return Range(low, high, above="above" in values, below="below" in values)


def _number(text: str, sign: Sign) -> float | None:
    if not _PLAIN[sign].fullmatch(text):
        return None
    group = "." if sign == "," else ","
    try:
        number = float(text.replace(" ", "").replace(group, "").replace(sign, "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _in_order(one: Range) -> bool:
    return one.low is None or one.high is None or one.low <= one.high
