"""One column of ours filled from the fields of a file: the first that holds something, read as what the column is."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd

from layers.profiles.attributes import Kept
from layers.profiles.chunk import Chunk, found_field, is_personal, unfit
from layers.profiles.columns import Mask, Texts
from layers.profiles.measuring import Column as NumberColumn
from layers.profiles.measuring import Floats
from layers.profiles.model import FieldRule
from layers.profiles.quantities import QUANTITIES, Asked, Quantity, Seen
from layers.profiles.reading import reader_of
from layers.profiles.reasons import Problem
from layers.profiles.records import Column
from layers.profiles.symbols import symbol_picked
from layers.profiles.words import Read

_SCALE = re.compile(r"^(?:t[ỷỉ] lệ\s*)?1\s*[/:]\s*", re.IGNORECASE)
"""What stands before the denominator of a scale."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One field of the file, or a constant: its texts and, for a column of numbers, the numbers in them."""

    source: str
    texts: Texts
    numbers: NumberColumn | None = None


def sources_of(rule: FieldRule, fields: pd.DataFrame) -> list[str]:
    """The fields of a file that a rule names and the file has."""
    present = tuple(map(str, fields.columns))
    found = [found_field(name, present) for name in rule.source or ()]
    return list(dict.fromkeys(name for name in found if name and not is_personal(name)))


def number_piece(source: str, column: "pd.Series[Any]", reads: str) -> Piece:
    """A field that is read as numbers."""
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        values = column.to_numpy(dtype=float, na_value=np.nan)
        places, distinct = pd.factorize(values)
        return Piece(source, Texts([f"{one:.15g}" for one in distinct], places), NumberColumn.of_numbers(distinct))
    return _number_texts(source, Texts.of(column), reads)


def _number_texts(source: str, texts: Texts, reads: str) -> Piece:
    written = [_SCALE.sub("", text) for text in texts.distinct] if reads == "scale" else texts.distinct
    return Piece(source, texts, NumberColumn.of_texts(written))


def fill(chunk: Chunk, name: str, rule: FieldRule, seen: Seen | None) -> None:
    """Fill the column `name`. What cannot be read is told; a needed column that stays empty refuses its rows.

    `seen`: what the whole file tells of its numbers; None: what this chunk tells.
    """
    column = chunk.profile.columns[name]
    needed = column.needed or rule.required
    sources = sources_of(rule, chunk.fields)
    if not rule.keep:
        chunk.used |= set(sources)
    work = _Filling(chunk, name, rule, column, needed, np.ones(len(chunk), dtype=bool))
    if column.reads in QUANTITIES:
        work.numbers(sources, QUANTITIES[column.reads], seen)
    else:
        work.words(sources)
    if needed:
        chunk.tell_missing(name, ", ".join(sources), work.free)


@dataclass(slots=True)
class _Filling:
    """One column being filled. `free`: the rows that nothing has filled yet."""

    chunk: Chunk
    name: str
    rule: FieldRule
    column: Column
    needed: bool
    free: Mask

    def _fixed(self) -> str | None:
        return self.rule.value or self.rule.default

    def numbers(self, sources: list[str], quantity: Quantity, seen: Seen | None) -> None:
        """Numbers and ranges, in the unit of the column."""
        reads, rows = self.column.reads, len(self.chunk)
        pieces = [number_piece(source, self.chunk.fields[source], reads) for source in sources]
        if seen is None:
            seen = reduce(Seen.__or__, (piece.numbers.seen for piece in pieces if piece.numbers), Seen())
        asked = Asked(quantity, self.rule.unit, self.chunk.profile.decimal, seen)
        if fixed := self._fixed():
            pieces.append(_number_texts("", Texts.same(fixed, rows), reads))
        low, high = np.full(rows, np.nan), np.full(rows, np.nan)
        for piece in pieces:
            self._take_numbers(piece, asked, low, high)
        self._put_numbers(low, high, quantity)

    def _take_numbers(self, piece: Piece, asked: Asked, low: Floats, high: Floats) -> None:
        assert piece.numbers is not None
        texts = piece.texts.only(self.free)
        found = piece.numbers.numbers(asked)
        wrong = self.chunk.tell(self.name, piece.source, texts, found.problems, refuses=self.needed)
        rows = texts.filled & ~wrong
        low[rows], high[rows] = found.low[texts.places[rows]], found.high[texts.places[rows]]
        self.free &= ~wrong & np.isnan(low) & np.isnan(high)

    def _put_numbers(self, low: Floats, high: Floats, quantity: Quantity) -> None:
        """The ends of ranges in their columns; the end that a column does not take is kept among the attributes."""
        name, ranged = self.name, low != high
        if quantity.side == "both":
            self._put(f"{name}_min", np.where(ranged, low, np.nan), quantity)
            self._put(f"{name}_max", high, quantity)
            return
        self._put(name, low if quantity.side == "low" else high, quantity)
        other, key = (high, f"{name}_max") if quantity.side == "low" else (low, lower_name(name))
        rest = np.where(ranged, other, np.nan)
        if not np.isnan(rest).all():
            self.chunk.kept.append(Kept(key, Texts.of(pd.Series(rest))))

    def _put(self, name: str, values: Floats, quantity: Quantity) -> None:
        column = pd.Series(values)
        self.chunk.columns[name] = column.astype("Int64") if quantity.whole else column

    def words(self, sources: list[str]) -> None:
        """Texts, and what stands for something listed."""
        read = self._reader()
        pieces = [Piece(source, Texts.of(self.chunk.fields[source])) for source in sources]
        if fixed := self._fixed():
            pieces.append(Piece("", Texts.same(fixed, len(self.chunk))))
        values = np.full(len(self.chunk), None, dtype=object)
        unread: list[tuple[Piece, dict[int, Problem]]] = []
        for piece in pieces:
            texts = piece.texts.only(self.free)
            found = [read(text) for text in texts.distinct]
            wrong = {place: one for place, one in enumerate(found) if isinstance(one, Problem)} | unfit(texts.distinct)
            told = [place not in wrong and one is not None for place, one in enumerate(found)]
            sound = texts.spread(told, nothing=False, dtype=bool)
            values[sound] = texts.spread(found, nothing=None)[sound]
            self.free &= ~sound
            unread.append((replace(piece, texts=texts), wrong))
            if self.column.reads != "function":
                self._tell_unread([unread.pop()])
        self._tell_unread(unread)
        self._put_words(values)

    def _tell_unread(self, unread: list[tuple[Piece, dict[int, Problem]]]) -> None:
        """Of a function several fields may tell: one that is not known is kept, and told only where no other is."""
        for piece, wrong in unread:
            texts = piece.texts
            hit = texts.spread([place in wrong for place in range(len(texts.distinct))], nothing=False, dtype=bool)
            known = hit & ~self.free
            if piece.source and known.any():
                self.chunk.kept.append(Kept(piece.source, texts.only(known)))
            self.chunk.tell(self.name, piece.source, texts.only(self.free), wrong, refuses=self.needed)
            self.free &= ~hit

    def _put_words(self, values: Any) -> None:
        if self.column.reads != "function":
            self.chunk.columns[self.name] = pd.Series(values, dtype=object)
            return
        for place, name in enumerate(("function_code", "function_scheme")):
            told = [one[place] if one else None for one in values]
            self.chunk.columns[name] = pd.Series(told, dtype=object)

    def _reader(self) -> Callable[[str], Read | None]:
        if self.rule.pick == "symbol":
            return symbol_picked
        return reader_of(self.column, self.rule.schemes, self.rule.listed, self.chunk.profile.dates)


def lower_name(name: str) -> str:
    """The attribute that keeps the lower end of a range: far_max → far_min, density_pct → density_pct_min."""
    return name.replace("_max", "_min") if "_max" in name else f"{name}_min"
