"""A chunk of features under way: its columns as they fill, what is wrong with them, what is kept beside them."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from layers.profiles.attributes import LONGEST_TEXT, Kept, storable
from layers.profiles.columns import Mask, Texts
from layers.profiles.model import Profile
from layers.profiles.reasons import SHOWN, Issue, Problem
from layers.profiles.records import PERSONAL
from layers.profiles.words import Listed, plain

NOT_TEXT = Problem.of("not-text", most=LONGEST_TEXT)


@dataclass(slots=True)
class Chunk:
    """`used`: fields that were mapped and need not be kept; `sound`: rows whose record can be stored so far."""

    fields: pd.DataFrame
    profile: Profile
    sound: Mask
    skipped: Mask
    columns: dict[str, Any] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    kept: list[Kept] = field(default_factory=list)

    @classmethod
    def of(cls, fields: pd.DataFrame, profile: Profile) -> "Chunk":
        """Nothing is filled yet; the rows a profile skips are set aside."""
        skipped = _skipped(fields, profile)
        return cls(fields, profile, ~skipped, skipped)

    def __len__(self) -> int:
        return len(self.fields)

    def tell(self, name: str, source: str, texts: Texts, problems: Mapping[int, Problem], *, refuses: bool) -> Mask:
        """An issue for every row whose text has a problem; the text is kept among the attributes. Those rows."""
        wrong = texts.spread([place in problems for place in range(len(texts.distinct))], nothing=False, dtype=bool)
        rows = wrong & ~self.skipped
        for row in np.flatnonzero(rows).tolist():
            place = int(texts.places[row])
            self._issue(row, name, source, texts.distinct[place], problems[place], refuses=refuses)
        if source and rows.any():
            self.kept.append(Kept(source, texts.only(rows)))
        if refuses:
            self.sound &= ~rows
        return wrong

    def tell_missing(self, name: str, source: str, rows: Mask) -> None:
        """An issue for every row where a needed value is missing."""
        problem = Problem.of("missing")
        for row in np.flatnonzero(rows & ~self.skipped).tolist():
            self._issue(row, name, source, "", problem, refuses=True)
        self.sound &= ~rows

    def _issue(self, row: int, name: str, source: str, value: str, problem: Problem, *, refuses: bool) -> None:
        label = int(self.fields.index[row])
        self.issues.append(
            Issue(label, name, source, value[:SHOWN].replace("\0", "␀"), problem.reason, problem.vi, problem.en, refuses)
        )  # fmt: skip

    def keep_rest(self) -> None:
        """Keep the fields that no column of ours used, but for those left out and those of owners."""
        if self.profile.attributes == "none":
            return
        out = {plain(name) for name in self.profile.leave_out or ()}
        for name in map(str, self.fields.columns):
            if name not in self.used and plain(name) not in out and not is_personal(name):
                texts = Texts.of(self.fields[name])
                self.tell("attributes", "", texts, unfit(texts.distinct), refuses=False)
                self.kept.append(Kept(name, texts))

    @property
    def personal(self) -> tuple[str, ...]:
        """The fields of owners, which are not read."""
        return tuple(name for name in map(str, self.fields.columns) if is_personal(name))


def is_personal(name: str) -> bool:
    """Whether a field tells of an owner."""
    return plain(name) in PERSONAL


def unfit(texts: list[str]) -> dict[int, Problem]:
    """Texts that cannot be stored, by place."""
    return {place: NOT_TEXT for place, text in enumerate(texts) if not storable(text)}


def found_field(name: str, present: tuple[str, ...]) -> str | None:
    """The field of a file spelled so, or so but for capitals and the composition of letters where only one is."""
    if name in present:
        return name
    alike = [one for one in present if _uncased(one) == _uncased(name)]
    return alike[0] if len(alike) == 1 else None


def _uncased(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _skipped(fields: pd.DataFrame, profile: Profile) -> npt.NDArray[np.bool_]:
    skipped = np.zeros(len(fields), dtype=bool)
    for name, words in (profile.skip or {}).items():
        source = found_field(name, tuple(map(str, fields.columns)))
        if source:
            listed = Listed.of(dict.fromkeys(words, "skip"))
            texts = Texts.of(fields[source])
            known = [listed.get(text) is not None for text in texts.distinct]
            skipped |= texts.spread(known, nothing=False, dtype=bool)
    return skipped
