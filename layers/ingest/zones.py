"""Zones read from their fields, a column at a time.

A row whose values are not plainly sound is read again by itself, value by value: that tells what is wrong with it, or that it is sound
after all. So a column costs what numpy takes, and a refusal still has its own sentence.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import pandas as pd

from layers.sources.values import (
    LARGEST_WHOLE,
    Flags,
    not_negative,
    number_or_none,
    numbers,
    text_or_none,
    texts,
    whole_or_none,
)
from planning.functions import SCHEMES, function_of

NUMBERS = {"declared_m2": "declared_area_m2", "density_pct": "density_pct", "height_max_m": "height_max_m",
    "far_max": "far_max", "setback_m": "setback_m"}  # fmt: skip
"""Field of a file → column."""

WHOLES = ("floors_min", "floors_max")
MOST_FLOORS = 300
TEXTS = ("lot_symbol", "article")
FIELDS = {"attributes", "plan_code", "function_code", "function_scheme", *TEXTS, *NUMBERS, *WHOLES}


@dataclass(frozen=True, slots=True)
class Zones:
    """The columns of the sound rows, where these stand among the rows given, and why each of the others is refused."""

    columns: dict[str, Sequence[Any]]
    places: np.ndarray
    refused: dict[int, str]


def read_zones(fields: pd.DataFrame, ids: Mapping[str, int]) -> Zones:
    """Read zones of the plans in `ids` (code → row). What no field of ours takes goes into `attributes`, as text."""
    columns, doubtful = _columns(fields, ids)
    refused: dict[int, str] = {}
    for at in np.flatnonzero(doubtful).tolist():
        try:
            values = read_zone(fields.iloc[at].to_dict(), ids)
        except ValueError as error:
            refused[at] = str(error)
        else:
            for name, value in values.items():
                columns[name][at] = value
    places = np.delete(np.arange(len(fields)), list(refused))
    if not refused:
        return Zones(dict(columns), places, refused)
    kept = places.tolist()
    return Zones({name: [values[at] for at in kept] for name, values in columns.items()}, places, refused)


def read_zone(record: dict[str, Any], ids: Mapping[str, int]) -> dict[str, Any]:
    """The columns of one zone; ValueError says what is wrong with the record."""
    code, scheme = text_or_none(record["function_code"]), text_or_none(record["function_scheme"])
    plan_code = text_or_none(record["plan_code"])
    if plan_code not in ids:
        raise ValueError(f"its plan “{plan_code}” is not among the plans stored")
    if scheme not in SCHEMES:
        raise ValueError(f"function_scheme “{scheme}” is none of {', '.join(SCHEMES)}")
    if code is None or function_of(code, scheme) is None:
        raise ValueError(f"function code “{code}” is not in the scheme {scheme}")
    values: dict[str, Any] = {"plan_id": ids[plan_code or ""], "function_code": code, "function_scheme": scheme}
    values |= {name: text_or_none(record.get(name)) for name in TEXTS}
    values |= {ours: not_negative(theirs, number_or_none(record.get(theirs))) for theirs, ours in NUMBERS.items()}
    values |= {name: not_negative(name, whole_or_none(record.get(name), MOST_FLOORS)) for name in WHOLES}
    if values["density_pct"] is not None and not 0 <= values["density_pct"] <= 100:
        raise ValueError(f"density {values['density_pct']:g} % is not between 0 and 100")
    if None not in (values["floors_min"], values["floors_max"]) and values["floors_min"] > values["floors_max"]:
        raise ValueError(f"floors {values['floors_min']}-{values['floors_max']} are not in order")
    leftover = {name: text_or_none(value) for name, value in record.items() if name not in FIELDS}
    values["attributes"] = record.get("attributes") or orjson.dumps(leftover).decode()
    return values


def _columns(fields: pd.DataFrame, ids: Mapping[str, int]) -> tuple[dict[str, list[Any]], Flags]:
    """All rows as if they were sound, and those that may not be."""
    doubtful = np.zeros(len(fields), bool)
    columns: dict[str, list[Any]] = {}
    said = {name: _said(fields, name, doubtful) for name in ("plan_code", "function_code", "function_scheme", *TEXTS)}
    columns["plan_id"] = [ids.get(code or "") for code in said["plan_code"]]
    columns |= {name: said[name] for name in ("function_code", "function_scheme", *TEXTS)}
    kinds = list(zip(said["function_code"], said["function_scheme"], strict=True))
    known = {kind: kind[1] in SCHEMES and bool(kind[0]) and function_of(*kind) is not None for kind in set(kinds)}  # type: ignore[arg-type]
    doubtful |= np.array(
        [plan is None or not known[kind] for plan, kind in zip(columns["plan_id"], kinds, strict=True)], bool
    )
    read = {theirs: _number(fields, theirs, doubtful) for theirs in (*NUMBERS, *WHOLES)}
    doubtful |= _out_of_order(read)
    columns |= {ours: _none_for_nan(read[theirs]) for theirs, ours in NUMBERS.items()}
    columns |= {name: [None if value is None else int(value) for value in _none_for_nan(read[name])] for name in WHOLES}
    mapped = "attributes" in fields and not [name for name in fields.columns if name not in FIELDS]
    columns["attributes"] = fields["attributes"].tolist() if mapped else list(_attributes(fields, doubtful))
    return columns, doubtful


def _said(fields: pd.DataFrame, name: str, doubtful: Flags) -> list[str | None]:
    if name not in fields:
        return [None] * len(fields)
    try:
        return texts(fields[name])
    except ValueError:  # somewhere a NUL character: each row is read by itself
        doubtful[:] = True
        return [None] * len(fields)


def _number(fields: pd.DataFrame, name: str, doubtful: Flags) -> np.ndarray:
    if name not in fields:
        return np.full(len(fields), np.nan)
    read, bad = numbers(fields[name])
    doubtful |= bad | (read < 0)
    return np.where(np.isfinite(read) & (np.abs(read) <= LARGEST_WHOLE), read, np.nan) if name in WHOLES else read


def _out_of_order(read: dict[str, np.ndarray]) -> Flags:
    least, most = read["floors_min"], read["floors_max"]
    broken = [(floors != np.floor(floors)) & ~np.isnan(floors) | (floors > MOST_FLOORS) for floors in (least, most)]
    return np.asarray((read["density_pct"] > 100) | (least > most) | broken[0] | broken[1])


def _none_for_nan(read: np.ndarray) -> list[float | None]:
    held: list[float | None] = read.astype(object).tolist()
    for at in np.flatnonzero(np.isnan(read)).tolist():
        held[at] = None
    return held


def _attributes(fields: pd.DataFrame, doubtful: Flags) -> Iterator[str]:
    rest = [name for name in fields.columns if name not in FIELDS]
    held = [_said(fields, name, doubtful) for name in rest]
    if not rest:
        return iter(["{}"] * len(fields))
    rows = list(zip(*held, strict=True))
    written = {row: orjson.dumps(dict(zip(rest, row, strict=True))).decode() for row in set(rows)}
    return (written[row] for row in rows)
