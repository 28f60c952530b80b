"""One layer read whole: for files that are small beside the memory, boundaries above all; large ones are read in lots."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from layers.sources.decoding import decoding_of
from layers.sources.facts import Chunk, Features, Issue, Reading
from layers.sources.opening import features
from layers.sources.projections import refuse_unusable, untold
from planning.errors import BadFile, MissingField
from planning.geometry import Shapes


@dataclass(frozen=True, slots=True)
class Source:
    """The features of one layer: `fields` and `shapes` in the same order, and where they came from.

    `left_out`: features whose shape the reader could not hand over; they stand in their place without one.
    """

    path: Path
    layer: str
    sha256: str
    crs: int
    crs_said_by: str
    fields: pd.DataFrame
    shapes: Shapes
    reading: Reading
    notes: tuple[str, ...] = ()
    """What the reader of the format warned of."""
    left_out: tuple[Issue, ...] = ()
    numbers: npt.NDArray[np.int64] | None = None
    """The numbers of the features in the file; None: from 1, without a gap."""

    def __len__(self) -> int:
        return len(self.shapes)

    def feature(self, place: int) -> int:
        """The number in the file of the feature at a place."""
        return place + 1 if self.numbers is None else int(self.numbers[place])

    def coded(self, plan: str) -> Self:
        """The same features, all of one plan."""
        return replace(self, fields=self.fields.assign(plan_code=plan))

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.name

    def as_parameters(self) -> dict[str, Any]:
        """What tells one way to take a file from another."""
        return {**self.reading.as_parameters(), "layer": self.layer, "crs": self.crs}


def read(path: Path, reading: Reading) -> Source:
    """Read one layer. Refuses an unknown format, an ambiguous layer, a missing CRS, letters that cannot be told."""
    opened = features(path, reading)
    refuse_bare(opened)
    if opened.crs is None or opened.crs_said_by is None:
        raise untold(path, opened.crs_text)
    refuse_unusable(path, opened.crs)
    decoding = decoding_of(opened)
    chunks = [replace(chunk, fields=decoding.decoded(chunk.fields)) for chunk in opened.chunks()]
    issues = [*opened.issues, *(issue for chunk in chunks for issue in chunk.issues)]
    notes = (*opened.notes, *(f"{one.vi} / {one.en}" for one in issues if one.feature is None))
    return Source(
        path, opened.layer, opened.sha256, opened.crs, opened.crs_said_by, _fields(opened, chunks), _shapes(chunks), reading,
        tuple(dict.fromkeys(notes)), tuple(one for one in issues if one.feature is not None),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unplaced:
    """The features of one layer for what does not ask where they lie; the CRS where the file or a person says it."""

    path: Path
    layer: str
    fields: pd.DataFrame
    shapes: Shapes
    crs: int | None
    crs_said_by: str | None

    def __len__(self) -> int:
        return len(self.shapes)


def read_unplaced(path: Path, reading: Reading) -> Unplaced:
    """Read one layer, also of a file without a CRS."""
    opened = features(path, reading)
    refuse_bare(opened)
    decoding = decoding_of(opened)
    chunks = [replace(chunk, fields=decoding.decoded(chunk.fields)) for chunk in opened.chunks()]
    return Unplaced(path, opened.layer, _fields(opened, chunks), _shapes(chunks), opened.crs, opened.crs_said_by)


def read_fields(path: Path, reading: Reading) -> tuple[str, pd.DataFrame]:
    """The name of a layer and its fields."""
    found = read_unplaced(path, reading)
    return found.layer, found.fields


def _fields(opened: Features, chunks: list[Chunk]) -> pd.DataFrame:
    if not chunks:
        return pd.DataFrame(columns=list(opened.field_names))
    return pd.concat([chunk.fields for chunk in chunks], ignore_index=True)


def refuse_bare(opened: Features) -> None:
    """Refuse a table without shapes."""
    first = next(iter(opened.chunks(1)), None)
    if first is not None and first.shapes is None:
        name = opened.path.name
        raise BadFile(file=name, vi=f"lớp {opened.layer} không có hình.", en=f"layer {opened.layer} has no geometry.")


def _shapes(chunks: list[Chunk]) -> Shapes:
    return np.concatenate([np.empty(0, dtype=object), *(chunk.shapes for chunk in chunks if chunk.shapes is not None)])


def required(source: Source, *names: str) -> None:
    """Refuse a file that lacks one of the fields."""
    for name in names:
        if name not in source.fields:
            present = ", ".join(map(str, source.fields.columns))
            raise MissingField(file=source.path.name, field=name, present=present)
