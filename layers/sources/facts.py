"""What is told of a file: its layers before it is read, its features as they come, what is wrong with some of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from planning.geometry import Shapes

ROWS = 5_000
"""Features in a chunk, unless another number is asked for."""


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """One layer of a file. `crs_text` is what the file says of its CRS, whether or not an EPSG code answers to it."""

    name: str
    geometry: str | None
    """Point, LineString, Polygon …, “mixed” where the layer does not commit itself; None for a table without shapes."""
    count: int | None
    """None where counting would mean reading the file."""
    fields: tuple[str, ...]
    crs: int | None
    crs_text: str | None


@dataclass(frozen=True, slots=True)
class Issue:
    """Something wrong that does not stop the reading: what, where (feature from 1, None for the file) and with which shape.

    A feature with an issue comes without its shape in the chunk, so that nothing half read is stored; its shape, or where
    that is too large its extent, is here.
    """

    reason: str
    feature: int | None
    vi: str
    en: str
    shape: Any = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some features in the order of the file: `first` is the number of the first, counted from 1; rows and shapes agree."""

    first: int
    fields: pd.DataFrame
    shapes: Shapes | None
    issues: tuple[Issue, ...] = ()

    def __len__(self) -> int:
        return len(self.fields)


@dataclass(frozen=True, slots=True)
class Letters:
    """How the letters of a file were read. `encoding` None: they are bytes shown as ISO-8859-1, one letter each, nothing lost.

    `said` is what the file or a person calls the encoding, also where that cannot be believed; `fonts` are those of a
    drawing's texts, for a `.VnTime` font means TCVN3 whatever the file says.
    """

    encoding: str | None
    said: str | None = None
    said_by: str | None = None
    fonts: tuple[str, ...] = ()


UNICODE = Letters("UTF-8", "UTF-8", "file")

Pages = Callable[[int], Iterator[Chunk]]


@dataclass(frozen=True, slots=True)
class Content:
    """One layer of a file, opened: `pages(rows)` reads it from its beginning, as often as wanted."""

    facts: LayerFacts
    pages: Pages
    letters: Letters = UNICODE
    notes: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Features:
    """One layer of a file as a person asked for it, and where it came from. Reading it again gives the same.

    `crs` None: neither the file nor a person says it. `issues` are those of the file as a whole; each chunk has its own.
    `chunks(rows)` ends with `BadFile` where the file changed while it was read.
    """

    path: Path
    kind: str
    layer: str
    sha256: str
    crs: int | None
    crs_text: str | None
    crs_said_by: str | None
    letters: Letters
    count: int | None
    field_names: tuple[str, ...]
    notes: tuple[str, ...]
    issues: tuple[Issue, ...]
    reading: "Reading"
    pages: Pages = field(repr=False)

    @property
    def encoding(self) -> str | None:
        """The encoding found, None where the letters are bytes shown as ISO-8859-1."""
        return self.letters.encoding

    def chunks(self, rows: int = ROWS) -> Iterator[Chunk]:
        """The features from the first to the last, at most `rows` at a time."""
        return self.pages(rows)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a person says a file is to be read: what the file does not tell by itself."""

    layer: str | None = None
    """One layer; of a drawing several, with commas."""
    crs: str | None = None
    encoding: str | None = None
    names: dict[str, str] | None = None
    """Field of quyhoach → field of the file."""
    constants: dict[str, str] | None = None
    """Field of quyhoach → what a person says it is for every feature."""
    northing: str | None = None
    """The column of a table of corner points that holds the northing."""
    snap_m: float | None = None
    """How far the open ends of a drawing's lines may be led on, metres."""
    linework: bool = False
    """Whether a drawing gives what is drawn, lines as lines, rather than the areas that lines enclose: control lines want that."""

    def as_parameters(self) -> dict[str, Any]:
        """What tells one reading of a file from another."""
        told = {"encoding": self.encoding, "names": self.names or {}, "constants": self.constants or {}}
        later = {"northing": self.northing, "snap_m": self.snap_m}
        return told | {name: value for name, value in later.items() if value is not None}
