"""Field values as files hold them, read as text, numbers and dates; what cannot be read is an error, never a zero."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

LARGEST_WHOLE = 2**31 - 1

Flags = npt.NDArray[np.bool_]

Number = TypeVar("Number", int | None, float | None)


def text_or_none(value: Any) -> str | None:
    """A value as text without blanks around it; None for what stands for nothing."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    text = str(value).strip()
    if "\0" in text:
        raise ValueError("a text holds a NUL character")
    return text or None


def number_or_none(value: Any) -> float | None:
    """A number, or text that is one; ValueError for text that is not."""
    text = text_or_none(value)
    if text is None:
        return None
    try:
        number = float(text)
    except ValueError:
        number = np.nan
    if not np.isfinite(number):
        raise ValueError(f"“{text[:40]}” is not a number")
    return number


def whole_or_none(value: Any, most: int = LARGEST_WHOLE) -> int | None:
    """A whole number (“3”, 3 or 3.0) of at most `most`; ValueError for anything else."""
    number = number_or_none(value)
    if number is None:
        return None
    if number != int(number) or abs(number) > most:
        raise ValueError(f"“{value}” is not a whole number up to {most}")
    return int(number)


YES = {"yes", "có", "true", "1", "1.0"}
NO = {"no", "không", "false", "0", "0.0"}


def yes_or_no(value: Any) -> bool | None:
    """Yes or no in either language, None where nothing is said; ValueError for anything else."""
    text = text_or_none(value)
    if text is None:
        return None
    if text.lower() not in YES | NO:
        raise ValueError(f"“{text}” is neither yes nor no")
    return text.lower() in YES


def date_or_none(value: Any) -> date | None:
    """A date, or text like 2025-07-01; ValueError for anything else, day-first dates included: they are not guessed."""
    if isinstance(value, datetime) and not pd.isna(value):
        return value.date()
    if isinstance(value, date) and value is not pd.NaT:
        return value
    text = text_or_none(value)
    try:
        return date.fromisoformat(text[:10] if text.endswith("00:00:00") else text) if text else None
    except ValueError:
        raise ValueError(f"“{text}” is not a date like 2025-07-01") from None


def not_negative(name: str, value: Number) -> Number:
    """The value; ValueError where it is below 0."""
    if value is not None and value < 0:
        raise ValueError(f"{name} {value:g} is below 0")
    return value


def in_order(since: date | None, until: date | None) -> None:
    """ValueError where a period ends before it begins."""
    if since and until and until <= since:
        raise ValueError(f"it ends on {until}, not after it begins on {since}")


def texts(values: pd.Series) -> list[str | None]:
    """A column as `text_or_none` reads each value; ValueError where a text holds a NUL character."""
    return [
        (value.strip() or None) if type(value) is str and "\0" not in value else text_or_none(value)
        for value in values.tolist()
    ]


def numbers(values: pd.Series) -> tuple[np.ndarray, Flags]:
    """A column of numbers, nan where nothing is said; and a mask of the rows that hold something else."""
    given = values.notna().to_numpy(dtype=bool)
    if values.dtype.kind not in "iuf":
        filled = (values.astype("string").str.strip() != "").fillna(value=False).to_numpy(dtype=bool)
        given = given & filled  # pandas hands its own array out for reading only
    read = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    return read, given & ~np.isfinite(read)


def whole_numbers(values: pd.Series) -> tuple[list[int | None], np.ndarray]:
    """A column of whole numbers and a mask of the rows that hold none; quick where the column is numeric already."""
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float)
    bad = ~np.isfinite(numbers) | (numbers != np.floor(numbers)) | (np.abs(numbers) > LARGEST_WHOLE)
    whole: Sequence[int | None] = np.where(bad, 0, numbers).astype(np.int64).tolist()
    return list(whole), bad
