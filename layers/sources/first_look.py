"""A first look at a file before anything of it is stored: its layers, fields and samples, its letters, its coordinates as they stand."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio

from layers.encodings.recognition import Recognition, recognise
from layers.sources.values import text_or_none
from layers.sources.vector import explaining, layers_of, untold_encoding
from planning.errors import BadFile
from planning.geometry import Shapes, known_epsg

MOST_FEATURES = 5_000
"""Features of a layer that are looked at; the first ones."""

SAMPLES = 3
LONGEST_SAMPLE = 60
BYTES_AS_LETTERS = "ISO-8859-1"


@dataclass(frozen=True, slots=True)
class Field:
    """A field and some of its values, as the file has them."""

    name: str
    kind: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FirstLook:
    """What one layer holds, as far as it was looked at. Coordinates are those of the file, in no CRS yet."""

    layer: str
    features: int
    looked_at: int
    geometry: str
    crs_named: str | None
    """What the file says, in full."""
    epsg: int | None
    """The code of that, where it is one."""
    fields: tuple[Field, ...]
    shapes: Shapes
    letters: Recognition


def first_look(path: Path, layer: str | None = None, fonts: tuple[str, ...] = ()) -> list[FirstLook]:
    """Look at one layer or at all. A Shapefile that does not tell its encoding is read byte by byte."""
    names = layers_of(path)
    if layer is not None and layer not in names:
        listed = ", ".join(names)
        raise BadFile(
            file=path.name,
            vi=f"không có lớp “{layer}” (có: {listed}).",
            en=f"it has no layer “{layer}” (it has: {listed}).",
        )
    return [_look(path, name, fonts) for name in names if layer in {None, name}]


def _look(path: Path, layer: str, fonts: tuple[str, ...]) -> FirstLook:
    with explaining(path):
        information = pyogrio.read_info(path, layer=layer)
        frame = _frame(path, layer)
    shapes = np.asarray(frame.geometry.values, dtype=object) if "geometry" in frame else np.empty(0, dtype=object)
    fields = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
    texts = [value for name in fields for value in fields[name] if isinstance(value, str)]
    return FirstLook(
        layer,
        int(information["features"]),
        len(frame),
        str(information["geometry_type"]),
        information["crs"],
        known_epsg(information["crs"]) if information["crs"] else None,
        tuple(Field(str(name), str(fields[name].dtype), _samples(fields[name])) for name in fields),
        shapes,
        recognise(texts, fonts),
    )


def _frame(path: Path, layer: str) -> Any:
    """The first features; bytes that are not what the file calls them are taken one by one."""
    told = BYTES_AS_LETTERS if untold_encoding(path) else None
    try:
        return pyogrio.read_dataframe(path, layer=layer, encoding=told, max_features=MOST_FEATURES)
    except UnicodeDecodeError:
        if path.suffix.lower() != ".shp":
            raise BadFile(
                file=path.name,
                vi="chữ trong tệp không phải UTF-8 như định dạng yêu cầu.",
                en="its letters are not UTF-8, as its format demands.",
            ) from None
        return pyogrio.read_dataframe(path, layer=layer, encoding=BYTES_AS_LETTERS, max_features=MOST_FEATURES)


def _samples(values: pd.Series) -> tuple[str, ...]:
    found: list[str] = []
    for value in values:
        text = text_or_none(value)
        if text and len(text) > LONGEST_SAMPLE:
            text = text[:LONGEST_SAMPLE] + "…"
        if text and text not in found:
            found.append(text)
        if len(found) == SAMPLES:
            break
    return tuple(found)
