"""A column as the distinct texts in it and where each stands: what is read once is not read a million times."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Places = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Texts:
    """The distinct texts of a column, without blanks around them, and for every row the place of its text; -1: nothing."""

    distinct: list[str]
    places: Places

    @classmethod
    def of(cls, column: "pd.Series[Any]") -> "Texts":
        """Read a column of any type; whole numbers held as floats lose their “.0”."""
        places, values = pd.factorize(_written_out(column))
        tidy = [str(value).strip() for value in np.asarray(values, dtype=object).tolist()]
        index = {text: place for place, text in enumerate(dict.fromkeys(filter(None, tidy)))}
        moved = np.array([index.get(text, -1) for text in tidy] + [-1], dtype=np.intp)
        return cls(list(index), moved[places])

    @classmethod
    def same(cls, text: str, rows: int) -> "Texts":
        """One text in every row."""
        return cls([text], np.zeros(rows, dtype=np.intp))

    @property
    def filled(self) -> Mask:
        """The rows that hold a text."""
        return self.places >= 0

    def spread(self, values: Sequence[Any], nothing: Any, dtype: Any = object) -> npt.NDArray[Any]:
        """One value for each distinct text → one for each row; `nothing` where the row holds no text."""
        table: npt.NDArray[Any] = np.fromiter([*values, nothing], dtype=dtype, count=len(values) + 1)
        return table[self.places]

    def only(self, rows: Mask) -> "Texts":
        """The same texts, in some rows only."""
        return Texts(self.distinct, np.where(rows, self.places, -1))


def _written_out(column: "pd.Series[Any]") -> "pd.Series[Any]":
    if pd.api.types.is_float_dtype(column):
        values = column.to_numpy(dtype=float, na_value=np.nan)
        finite = values[np.isfinite(values)]
        if len(finite) == len(values) - np.isnan(values).sum() and (finite == np.floor(finite)).all():
            return column.astype("Int64") if not len(finite) or np.abs(finite).max() < 2**53 else column
    return column
