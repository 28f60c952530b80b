"""Chunks looked through: a feature that could harm what comes after loses its shape and is reported with it."""

import json
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from layers.sources.facts import Chunk, Issue
from layers.sources.limits import FARTHEST, limits
from planning.geometry import Shapes

Numbers = npt.NDArray[np.int64]


def sound(first: int, fields: pd.DataFrame, shapes: Shapes | None, broken: Numbers | None = None) -> Chunk:
    """A chunk without what cannot be handled: such features stay in their place, without a shape, each with an issue."""
    kept = shapes.copy() if shapes is not None else np.full(len(fields), None, dtype=object)
    found: list[Issue] = []

    def refuse(places: Numbers, reason: str) -> None:
        for place in places.tolist():
            found.append(Issue(reason, first + place, *_words(reason), _extent_of_large(kept[place])))
            kept[place] = None

    if broken is not None:
        refuse(broken, "unreadable-shape")
    refuse(np.flatnonzero(shapely.get_num_coordinates(kept) > limits().feature_vertices), "too-many-vertices")
    for reason, places in _outlandish(kept).items():
        refuse(places, reason)
    refuse(_with_long_text(fields), "text-too-long")
    return Chunk(first, _cut(fields) if found else fields, None if shapes is None else kept, tuple(found))


def _words(reason: str) -> tuple[str, str]:
    """Why a feature lost its shape, in Vietnamese and English."""
    vertices = f"{limits().feature_vertices:,}"
    characters = f"{limits().text_characters:,}"
    return {
        "too-many-vertices": (
            f"hơn {vertices} đỉnh (QUYHOACH_FEATURE_VERTICES)",
            f"it has more than {vertices} vertices (QUYHOACH_FEATURE_VERTICES)",
        ),
        "not-finite": ("tọa độ không phải là số", "a coordinate is not a number"),
        "absurd-coordinate": ("tọa độ lớn vô lý", "a coordinate is larger than any on Earth"),
        "unreadable-shape": ("hình bị hỏng", "its shape is broken"),
        "text-too-long": (
            f"ô chữ dài hơn {characters} ký tự (QUYHOACH_TEXT_CHARACTERS)",
            f"a cell is longer than {characters} characters (QUYHOACH_TEXT_CHARACTERS)",
        ),
    }[reason]


def _extent_of_large(shape: Any) -> Any:
    return shapely.envelope(shape) if shapely.get_num_coordinates(shape) > limits().feature_vertices else shape


def _outlandish(shapes: Shapes) -> dict[str, Numbers]:
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    if np.abs(xy).max(initial=0.0) <= FARTHEST:  # false where one is not a number
        return {}
    finite = np.isfinite(xy).all(axis=1)
    odd = np.unique(owner[~finite])
    far = np.setdiff1d(owner[finite & (np.abs(xy) > FARTHEST).any(axis=1)], odd)
    return {"not-finite": odd, "absurd-coordinate": far}


def _with_long_text(fields: pd.DataFrame) -> Numbers:
    long = np.zeros(len(fields), dtype=bool)
    for column in _texts(fields):
        long |= column.str.len().fillna(0).to_numpy(dtype=float) > limits().text_characters
    return np.flatnonzero(long)


def _texts(fields: pd.DataFrame) -> list[pd.Series]:
    return [column for _, column in fields.items() if isinstance(column.dtype, pd.StringDtype)]


def _cut(fields: pd.DataFrame) -> pd.DataFrame:
    return fields.assign(
        **{str(column.name): column.str.slice(0, limits().text_characters) for column in _texts(fields)}
    )


def as_cell(value: Any) -> Any:
    """A list or a record of a source as JSON text; bytes as hexadecimal text; anything else as it is."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, np.ndarray):
        value = value.tolist()
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | dict) else value
