"""Columns of numbers: what each measures, in which unit, within which bounds, and which end of a range it takes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from layers.profiles.ranges import NotANumber, Range, Sign, Written, WrongOrder, written
from layers.profiles.reasons import Problem

Side = Literal["high", "low", "one", "both"]
"""Which end of a range a column takes: an upper bound, a lower one, both, or only a single number."""

M2 = {"m2": 1.0, "ha": 1e4, "km2": 1e6}
METRES = {"m": 1.0, "cm": 0.01, "km": 1000.0}
PER_CENT = {"percent": 1.0, "fraction": 100.0}
BY_COLUMN = "column"
"""Unit of a percentage: 40 or 0.4, as the column tells."""

PERCENT_SIGN = "%"
UNITS_SAID: dict[str, str] = {PERCENT_SIGN: "percent"}
"""Units as they stand behind a number, where a profile calls them otherwise."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a column of ours measures. `units`: unit → factor to the column's own; the first is the usual one."""

    units: dict[str, float]
    least: float = 0.0
    most: float = np.inf
    side: Side = "high"
    whole: bool = False
    usual: str | None = None

    @property
    def default_unit(self) -> str:
        """The unit of a number that is written without one, where the profile says none."""
        return self.usual or next(iter(self.units))

    @property
    def choices(self) -> tuple[str, ...]:
        """The units a profile may name."""
        return (*self.units, BY_COLUMN) if self.usual == BY_COLUMN else tuple(self.units)


def _area(base: str) -> Quantity:
    return Quantity({base: 1.0} | {unit: size / M2[base] for unit, size in M2.items()}, side="one")


MOST_WHOLE = float(2**31 - 1)

QUANTITIES: dict[str, Quantity] = {
    "area_m2": _area("m2"),
    "area_ha": _area("ha"),
    "area_km2": _area("km2"),
    "percent": Quantity(PER_CENT, most=100, usual=BY_COLUMN),
    "floors": Quantity({"tầng": 1.0}, most=300, side="both", whole=True),
    "floors_low": Quantity({"tầng": 1.0}, most=300, side="low", whole=True),
    "floors_high": Quantity({"tầng": 1.0}, most=300, whole=True),
    "ratio": Quantity({"lần": 1.0}, most=1000),
    "height": Quantity(METRES, most=2000),
    "setback": Quantity(METRES, most=2000, side="low"),
    "width": Quantity(METRES, most=10_000, side="one"),
    "count": Quantity({"": 1.0}, most=MOST_WHOLE, side="one", whole=True),
    "ordinal": Quantity({"": 1.0}, least=1, most=MOST_WHOLE, side="one", whole=True),
    "scale": Quantity({"": 1.0}, least=50, most=50_000_000, side="one", whole=True),
}
"""Bounds are those of what can be at all; what is plausible is judged by the checks of the draft."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a column tells of the way its numbers are written. Evidence of several pieces of one column can be joined."""

    signs: frozenset[Sign] = frozenset()
    above_one: bool = False
    within_one: bool = False

    def __or__(self, other: "Seen") -> "Seen":
        """What both tell together."""
        return Seen(
            self.signs | other.signs, self.above_one or other.above_one, self.within_one or other.within_one
        )  # fmt: skip

    @property
    def sign(self) -> Sign | None:
        """The decimal sign of the column, where its values prove one and only one."""
        return next(iter(self.signs)) if len(self.signs) == 1 else None


@dataclass(frozen=True, slots=True)
class Asked:
    """How a column of numbers is to be read: what it measures, what the profile says, what the column tells."""

    quantity: Quantity
    unit: str | None = None
    decimal: Sign | None = None
    seen: Seen = field(default_factory=Seen)

    @property
    def sign(self) -> Sign | None:
        """The decimal sign: the profile's word, or else the column's."""
        return self.decimal or self.seen.sign


@dataclass(frozen=True, slots=True)
class Measured:
    """What a text says in the unit of the column; `other`: the end of the range that the column does not take."""

    low: float | None = None
    high: float | None = None
    problem: Problem | None = None

    @classmethod
    def wrong(cls, reason: str, **facts: object) -> "Measured":
        """Nothing that can be used."""
        return cls(problem=Problem.of(reason, **facts))


NOTHING = Measured()


def measured(text: str, asked: Asked) -> Measured:
    """Read one text as the quantity asked for."""
    said = said_by(text)
    return said if isinstance(said, Measured) else measure_of(said, asked)


def said_by(text: str) -> Written | Measured:
    """What is written; where that is nothing, or no number, the outcome is already known."""
    try:
        return written(text) or NOTHING
    except NotANumber:
        return Measured.wrong("not-a-number")
    except WrongOrder:
        return Measured.wrong("wrong-order")


def measure_of(said: Written, asked: Asked) -> Measured:
    """What is written, in the unit asked for."""
    if said.unit and UNITS_SAID.get(said.unit, said.unit) not in asked.quantity.units:
        return Measured.wrong("wrong-unit", unit=said.unit)
    readings = said.readings
    if asked.sign:
        if asked.sign not in readings:
            return Measured.wrong("not-a-number")
        readings = {asked.sign: readings[asked.sign]}
    return _the_one_possible(Written(readings, said.unit), asked)


def _the_one_possible(said: Written, asked: Asked) -> Measured:
    """The reading that the quantity allows; two are ambiguous, of none the first tells what is wrong with it."""
    judged = [
        _judged(one, factor, asked.quantity)
        for one in dict.fromkeys(said.readings.values())
        for factor in _factors(one, said.unit, asked)
    ]
    possible = list(dict.fromkeys(one for one in judged if one.problem is None))
    if len(possible) == 1:
        return possible[0]
    if not possible:
        return judged[0]
    reason = "ambiguous-number" if len(set(said.readings.values())) > 1 else "ambiguous-percent"
    one, other = sorted(possible, key=_order)[:2]
    return Measured.wrong(reason, one=_spoken(one), other=_spoken(other))


def _order(one: Measured) -> tuple[float, float]:
    return (one.low if one.low is not None else -np.inf, one.high if one.high is not None else np.inf)


def _spoken(one: Measured) -> str:
    ends = dict.fromkeys(f"{end:.12g}" for end in (one.low, one.high) if end is not None)
    return "–".join(ends)


def _factors(one: Range, unit: str | None, asked: Asked) -> Sequence[float]:
    """By what the number is multiplied; two factors where neither the text, the profile nor the column tells the unit."""
    units = asked.quantity.units
    chosen = asked.unit or asked.quantity.default_unit
    if unit:
        return (units[UNITS_SAID.get(unit, unit)],)
    if chosen != BY_COLUMN:
        return (units[chosen],)
    if asked.seen.within_one and not asked.seen.above_one:
        return (PER_CENT["fraction"],)
    largest = max((end for end in (one.low, one.high) if end is not None), default=0.0)
    if largest > 1 or largest == 0 or (asked.seen.above_one and not asked.seen.within_one):
        return (PER_CENT["percent"],)
    return (PER_CENT["percent"], PER_CENT["fraction"])


def _judged(one: Range, factor: float, quantity: Quantity) -> Measured:
    """Held against the bounds of the quantity and the side of the range it takes."""
    low, high = (None if end is None else _times(end, factor) for end in (one.low, one.high))
    if quantity.whole:
        fraction = next((end for end in (low, high) if end is not None and end != int(end)), None)
        if fraction is not None:
            return Measured.wrong("not-whole", number=f"{fraction:.12g}")
        low = low + 1 if low is not None and one.above else low
        high = high - 1 if high is not None and one.below else high
    for end in (low, high):
        if end is not None and not quantity.least <= end <= quantity.most:
            return Measured.wrong(
                "out-of-range", number=f"{end:.12g}", least=f"{quantity.least:g}", most=_spoken_bound(quantity.most)
            )
    return _of_side(Measured(low, high), quantity.side)


def _times(number: float, factor: float) -> float:
    """The product without the noise of binary fractions: 0.57 × 100 is 57."""
    return float(f"{number * factor:.15g}") if factor != 1 else number


def _spoken_bound(most: float) -> str:
    return "∞" if np.isinf(most) else f"{most:.12g}"


BOUNDS = {"high": ("tối đa", "an upper bound"), "low": ("tối thiểu", "a lower bound")}


def _of_side(one: Measured, side: Side) -> Measured:
    if side == "one" and one.low != one.high:
        return Measured.wrong("not-one-number")
    if side in ("high", "low") and getattr(one, side) is None:
        said, wanted = BOUNDS["low" if side == "high" else "high"], BOUNDS[side]
        return Measured.wrong("other-bound", said_vi=said[0], said_en=said[1], wanted_vi=wanted[0], wanted_en=wanted[1])
    return one
