"""Whole columns of numbers: what is plain goes as an array, what is not is read text by text."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt

from layers.profiles.quantities import BY_COLUMN, PER_CENT, Asked, Measured, Seen, measure_of, said_by
from layers.profiles.ranges import PLAIN_DECIMAL, SIGNS, Range, Sign, Written
from layers.profiles.reasons import Problem

Floats = npt.NDArray[np.float64]


@dataclass(slots=True)
class Numbers:
    """Both ends of every value in the unit of the column, nan where there is none; and what is wrong with some, by place."""

    low: Floats
    high: Floats
    problems: dict[int, Problem]

    def put(self, place: int, one: Measured) -> None:
        """Set one value by what was read."""
        self.low[place] = np.nan if one.low is None else one.low
        self.high[place] = np.nan if one.high is None else one.high
        if one.problem:
            self.problems[place] = one.problem


@dataclass(frozen=True, slots=True)
class Column:
    """The distinct texts of a column: the plain numbers (nan elsewhere) with their signs, and what the others say."""

    plain: Floats
    signs: npt.NDArray[np.str_]
    others: dict[int, Written | Measured]

    @classmethod
    def of_texts(cls, texts: Sequence[str]) -> "Column":
        """Read texts once, for evidence and for values alike."""
        matches = [PLAIN_DECIMAL.fullmatch(text) for text in texts]
        values = [
            float(text.replace(",", ".")) if match else np.nan for text, match in zip(texts, matches, strict=True)
        ]
        signs = [(match[1] or "") if match else "" for match in matches]
        others = {place: said_by(texts[place]) for place, match in enumerate(matches) if not match}
        return cls(np.array(values, np.float64), np.array(signs, dtype="U1"), others)

    @classmethod
    def of_numbers(cls, values: Floats) -> "Column":
        """A column that holds numbers already: no sign has to be told."""
        infinite = {int(place): Measured.wrong("not-a-number") for place in np.flatnonzero(np.isinf(values))}
        return cls(np.where(np.isinf(values), np.nan, values), np.zeros(len(values), dtype="U1"), {**infinite})

    @property
    def seen(self) -> Seen:
        """What the column tells of the way its numbers are written."""
        signs: frozenset[Sign] = frozenset(sign for sign in SIGNS if (self.signs == sign).any())
        within = bool(((self.plain > 0) & (self.plain < 1)).any())
        plain = Seen(signs, bool((self.plain > 1).any()), within)
        return reduce(Seen.__or__, (told_by(one) for one in self.others.values() if isinstance(one, Written)), plain)

    def numbers(self, asked: Asked) -> Numbers:
        """The values in the unit asked for. Only what the array cannot settle is judged by itself."""
        factors = self._factors(asked)
        with np.errstate(over="ignore"):
            values = self.plain if (factors == 1).all() else _tidy(self.plain * factors)
        settled = self._settled(values, asked)
        found = Numbers(np.where(settled, values, np.nan), np.where(settled, values, np.nan), {})
        for place in np.flatnonzero(~settled & ~np.isnan(self.plain)).tolist():
            number = float(self.plain[place])
            signs: tuple[Sign, ...] = tuple(sign for sign in SIGNS if self.signs[place] in ("", sign))
            found.put(place, measure_of(Written(dict.fromkeys(signs, Range(number, number)), None), asked))
        for place, said in self.others.items():
            found.put(place, said if isinstance(said, Measured) else measure_of(said, asked))
        return found

    def _factors(self, asked: Asked) -> Floats:
        chosen = asked.unit or asked.quantity.default_unit
        if chosen != BY_COLUMN:
            return np.full(len(self.plain), asked.quantity.units[chosen])
        if asked.seen.within_one and not asked.seen.above_one:
            return np.full(len(self.plain), PER_CENT["fraction"])
        told = asked.seen.above_one and not asked.seen.within_one
        return np.where((self.plain > 1) | (self.plain == 0) | told, PER_CENT["percent"], np.nan)

    def _settled(self, values: Floats, asked: Asked) -> npt.NDArray[np.bool_]:
        quantity = asked.quantity
        sound = (values >= quantity.least) & (values <= quantity.most)
        if quantity.whole:
            sound &= values == np.floor(values)
        return sound & ((self.signs == "") | (self.signs == asked.sign)) if asked.sign else sound


def told_by(said: Written) -> Seen:
    """What one text tells of the way numbers are written in its column."""
    signs = frozenset([said.tells]) if said.tells else frozenset[Sign]()
    only = said.certain
    if only is None or said.unit is not None:
        return Seen(signs)
    ends = [end for end in (only.low, only.high) if end is not None]
    return Seen(signs, any(end > 1 for end in ends), any(0 < end < 1 for end in ends))


def _tidy(values: Floats) -> Floats:
    """Products without the noise of binary fractions: 0.57 × 100 is 57. Decimals beyond the millionth are not touched."""
    rounded = np.round(values, 6)
    close = np.abs(values - rounded) <= np.abs(values) * 1e-14
    return np.where(close, rounded, values)
