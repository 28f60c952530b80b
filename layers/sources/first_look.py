"""A first look at a file before anything of it is stored: its layers, fields and samples, its letters, its coordinates as they stand."""

from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from layers.encodings.recognition import Recognition, recognise
from layers.sources.facts import LayerFacts, Reading
from layers.sources.opening import features, layers_of
from layers.sources.values import text_or_none
from planning.errors import BadFile
from planning.geometry import Shapes

MOST_FEATURES = 5_000
"""Features of a layer that are looked at; the first ones."""

SAMPLES = 3
LONGEST_SAMPLE = 60


@dataclass(frozen=True, slots=True)
class Field:
    """A field and some of its values, as the file has them."""

    name: str
    kind: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FirstLook:
    """What one layer holds, as far as it was looked at. Coordinates are those of the file, in no CRS yet."""

    facts: LayerFacts
    looked_at: int
    fields: tuple[Field, ...]
    shapes: Shapes
    letters: Recognition
    notes: tuple[str, ...]


def first_look(path: Path, reading: Reading, fonts: tuple[str, ...] = ()) -> list[FirstLook]:
    """Look at one layer or at all; letters that the file does not explain are read byte by byte."""
    facts = layers_of(path)
    names = [one.name for one in facts]
    if reading.layer is not None and reading.layer not in names:
        listed = ", ".join(names)
        raise BadFile(
            file=path.name,
            vi=f"không có lớp “{reading.layer}” (có: {listed}).",
            en=f"it has no layer “{reading.layer}” (it has: {listed}).",
        )
    return [_look(path, one, reading, fonts) for one in facts if reading.layer in {None, one.name}]


def _look(path: Path, facts: LayerFacts, reading: Reading, fonts: tuple[str, ...]) -> FirstLook:
    opened = features(path, replace(reading, layer=facts.name))
    chunks = list(islice(opened.chunks(MOST_FEATURES), 1))
    fields = chunks[0].fields if chunks else pd.DataFrame(columns=list(opened.field_names))
    shapes = chunks[0].shapes if chunks and chunks[0].shapes is not None else np.empty(0, dtype=object)
    texts = [value for name in fields for value in fields[name] if isinstance(value, str)]
    return FirstLook(
        facts,
        len(fields),
        tuple(Field(str(name), str(fields[name].dtype), _samples(fields[name])) for name in fields),
        shapes,
        recognise(texts, (*opened.letters.fonts, *fonts)),
        (*opened.notes, *(f"{one.vi} / {one.en}" for one in opened.issues)),
    )


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
