"""A first look at a file before anything of it is stored: its layers, fields and samples, its letters, its coordinates as they stand."""

from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from layers.encodings.recognition import Recognition, recognise
from layers.sources.drawings import FIELDS as OF_A_DRAWING
from layers.sources.facts import Features, LayerFacts, Reading
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
    if reading.layer is None and facts and all(one.fields == OF_A_DRAWING for one in facts):
        return [_look_at_drawing(path, facts, reading, fonts)]
    return [
        _looked(features(path, replace(reading, layer=one.name)), one, fonts)
        for one in facts
        if reading.layer in {None, one.name}
    ]


def _look_at_drawing(path: Path, layers: list[LayerFacts], reading: Reading, fonts: tuple[str, ...]) -> FirstLook:
    """A drawing as one: what its lines enclose on all layers, for its texts and its lots lie on different ones."""
    opened = features(path, reading)
    facts = LayerFacts(opened.layer, "Polygon", opened.count, opened.field_names, opened.crs, opened.crs_text)
    look = _looked(opened, facts, fonts)
    listed = "; ".join(f"{one.name} ({one.count} {one.geometry})" for one in layers)
    return replace(look, notes=(f"{len(layers)} lớp / layers: {listed}", *look.notes))


def _looked(opened: Features, facts: LayerFacts, fonts: tuple[str, ...]) -> FirstLook:
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
