"""One layer read whole: for files that are small beside the memory, boundaries above all. Large ones are read in lots (`ingest.delivery`)."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from layers.sources.facts import Features, Issue, Reading
from layers.sources.opening import features
from layers.sources.projections import usable
from planning.errors import BadFile, MissingField, UnknownCrs
from planning.geometry import Shapes


@dataclass(frozen=True, slots=True)
class Source:
    """The features of one layer: `fields` and `shapes` in the same order, their numbers in the file, and where they came from.

    `left_out`: what the reader could not hand over, with its reason.
    """

    path: Path
    layer: str
    sha256: str
    crs: int
    crs_said_by: str
    fields: pd.DataFrame
    shapes: Shapes
    numbers: npt.NDArray[np.int64]
    reading: Reading
    notes: tuple[str, ...] = ()
    """What the reader of the format warned of."""
    left_out: tuple[Issue, ...] = ()

    def __len__(self) -> int:
        return len(self.shapes)


def read(path: Path, reading: Reading) -> Source:
    """Read one layer. Refuses an unknown format, an ambiguous layer, a missing CRS, an untold encoding."""
    opened = features(path, reading)
    if opened.crs is None or opened.crs_said_by is None:
        raise crs_untold(opened)
    usable(path, opened.crs)
    return joined(opened, opened.crs, opened.crs_said_by)
