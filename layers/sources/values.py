"""Field values as files hold them, read as text, numbers and dates; what cannot be read is an error, never a zero."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd


def text_or_none(value: Any) -> str | None:
    """A value as text without blanks around it; None for what stands for nothing."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    return str(value).strip() or None


def number_or_none(value: Any) -> float | None:
    """A number, or text that is one; ValueError for text that is not."""
    text = text_or_none(value)
    if text is None:
        return None
    number = float(text)
    if not np.isfinite(number):
        raise ValueError(f"“{text}” is not a number")
    return number


def whole_or_none(value: Any) -> int | None:
    """A whole number (“3”, 3 or 3.0); ValueError for anything else."""
    number = number_or_none(value)
    if number is None:
        return None
    if number != int(number):
        raise ValueError(f"“{value}” is not a whole number")
    return int(number)


def date_or_none(value: Any) -> date | None:
    """A date, or text like 2025-07-01; ValueError for anything else, day-first dates included: they are not guessed."""
    if isinstance(value, datetime) and not pd.isna(value):
        return value.date()
    if isinstance(value, date) and value is not pd.NaT:
        return value
    text = text_or_none(value)
    return date.fromisoformat(text[:10] if text.endswith("00:00:00") else text) if text else None


def whole_numbers(values: pd.Series) -> tuple[list[int | None], np.ndarray]:
    """A column of whole numbers and a mask of the rows that hold none; quick where the column is numeric already."""
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float)
    bad = ~np.isfinite(numbers) | (numbers != np.floor(numbers))
    whole: Sequence[int | None] = np.where(bad, 0, numbers).astype(np.int64).tolist()
    return list(whole), bad
