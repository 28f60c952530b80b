"""A file as an import takes it: opened, its letters and its CRS settled, read in lots, its fields brought under our names.

    read | decode | map: out comes a lot of features that can be sifted, checked and stored; what could not be is told with its shape.

A lot is bounded, so a file of any length takes the same memory. The same delivery can be gone through more than once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from layers.ingest.bearing import Bearing, Country, bearing_of
from layers.ingest.report import Refusal, Report
from layers.profiles.mapping import Evidence, Mapped, evidence_of, mapped
from layers.profiles.model import Profile
from layers.sources.decoding import Decoding, decoding_of
from layers.sources.facts import Chunk, Features, Reading
from layers.sources.opening import features
from layers.sources.vector import Source, refuse_bare, required
from planning.errors import MissingField
from planning.geometry import Shapes

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Wish:
    """How a person wants a file taken: how it is to be read, by which profile, and what holds for every feature of it.

    `accepted`: that the CRS which the coordinates tell is taken; `northing_first`: that the file writes the northing before the easting.
    """

    reading: Reading = field(default_factory=Reading)
    profile: Profile | None = None
    said: Mapping[str, str] = field(default_factory=dict)
    accepted: bool = False
    northing_first: bool = False


@dataclass(frozen=True, slots=True)
class Lot:
    """Some features, under our names: their numbers in the file (from 1), fields and shapes, row for row; and what was left out."""

    numbers: Numbers
    fields: pd.DataFrame
    shapes: Shapes
    refused: list[Refusal]
    warnings: list[str]

    def __len__(self) -> int:
        return len(self.numbers)


class InLots(Protocol):
    """Features that come lot by lot, from a file or out of another work of ours."""

    @property
    def path(self) -> Path:
        """The file."""

    @property
    def name(self) -> str:
        """The name of the file."""

    @property
    def layer(self) -> str:
        """The name of the layer."""

    @property
    def sha256(self) -> str:
        """The fingerprint of the file."""

    @property
    def crs(self) -> int:
        """The EPSG code of the coordinates, easting first."""

    @property
    def crs_said_by(self) -> str:
        """Who says so."""

    @property
    def count(self) -> int | None:
        """How many features there are, None where counting would mean reading."""

    def as_parameters(self) -> dict[str, Any]:
        """What tells one way to take a file from another."""

    def require(self, *names: str) -> None:
        """Refuse a file that lacks one of the fields."""

    def lots(self) -> Iterator[Lot]:
        """The features from the first to the last."""

    def tell(self, report: Report) -> None:
        """Enter what is known of the file as a whole."""


@dataclass(frozen=True, slots=True)
class Whole:
    """Features that are in memory already, as one lot."""

    source: Source

    path = property(lambda self: self.source.path)
    name = property(lambda self: self.source.name)
    layer = property(lambda self: self.source.layer)
    sha256 = property(lambda self: self.source.sha256)
    crs = property(lambda self: self.source.crs)
    crs_said_by = property(lambda self: self.source.crs_said_by)
    count = property(lambda self: len(self.source))

    def as_parameters(self) -> dict[str, Any]:
        """What tells one way to take a file from another."""
        return self.source.as_parameters()

    def require(self, *names: str) -> None:
        """Refuse a source that lacks one of the fields."""
        required(self.source, *names)

    def lots(self) -> Iterator[Lot]:
        """All of it."""
        yield Lot(np.arange(1, len(self.source) + 1), self.source.fields, self.source.shapes, [], [])

    def tell(self, report: Report) -> None:
        """Enter what the reader warned of."""
        report.warn(*self.source.notes)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One layer of a file, ready to be gone through."""

    features: Features
    bearing: Bearing
    decoding: Decoding
    wish: Wish
    evidence: Evidence | None

    @classmethod
    def opened(cls, path: Path, wish: Wish, country: Country | None = None) -> Self:
        """Open a layer. Refuses what cannot be read, a CRS that nobody settles, letters that can be read in several ways."""
        found = features(path, wish.reading)
        refuse_bare(found)
        bearing = bearing_of(found, country, accepted=wish.accepted, northing_first=wish.northing_first)
        made = cls(found, bearing, decoding_of(found), wish, None)
        if wish.profile is None:
            return made
        return replace(made, evidence=evidence_of((one.fields for one in made._decoded()), wish.profile))

    @property
    def path(self) -> Path:
        """The file."""
        return self.features.path

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.name

    @property
    def count(self) -> int | None:
        """How many features there are, None where counting would mean reading."""
        return self.features.count

    @property
    def crs(self) -> int:
        """The EPSG code of its coordinates, easting first."""
        return self.bearing.crs

    @property
    def crs_said_by(self) -> str:
        """Who says so."""
        return self.bearing.said_by

    @property
    def sha256(self) -> str:
        """The fingerprint of the file."""
        return self.features.sha256

    @property
    def layer(self) -> str:
        """The name of the layer."""
        return self.features.layer

    def as_parameters(self) -> dict[str, Any]:
        """What tells one way to take a file from another."""
        told: dict[str, Any] = {**self.features.reading.as_parameters(), "layer": self.layer, "crs": self.crs}
        if self.bearing.swapped:
            told["northing_first"] = True
        if self.wish.profile:
            told |= {"profile": self.wish.profile.profile, "said": dict(self.wish.said)}
        return told

    def require(self, *names: str) -> None:
        """Refuse a file that lacks one of the fields; with a profile, the profile sees to that."""
        for name in names:
            if self.wish.profile is None and name not in self.features.field_names:
                raise MissingField(file=self.name, field=name, present=", ".join(self.features.field_names))

    def has(self, name: str) -> bool:
        """Whether there is such a field under our names."""
        known = self.wish.profile.columns if self.wish.profile else self.features.field_names
        return name in known

    def lots(self) -> Iterator[Lot]:
        """The features from the first to the last. Raises BadFile where the file changes meanwhile."""
        for chunk in self._decoded():
            assert chunk.shapes is not None
            yield self._lot(chunk, _turned(chunk.shapes) if self.bearing.swapped else chunk.shapes)

    def tell(self, report: Report) -> None:
        """Enter what is known of the file as a whole."""
        report.warn(*self.features.notes)
        report.warn(*(f"{issue.vi} / {issue.en}" for issue in self.features.issues))
        report.warn(*self.bearing.doubts)
        report.evidence += self.bearing.evidence
        if self.decoding.evidence:
            report.evidence.append(self.decoding.evidence)
        report.letters += [(one.before, one.after) for one in self.decoding.samples]

    def _decoded(self) -> Iterator[Chunk]:
        for chunk in self.features.chunks():
            yield replace(chunk, fields=self.decoding.decoded(chunk.fields))

    def _lot(self, chunk: Chunk, shapes: Shapes) -> Lot:
        numbers = np.arange(chunk.first, chunk.first + len(chunk))
        refused = [Refusal.read(one, self.layer) for one in chunk.issues if one.feature is not None]
        warnings = [f"{one.vi} / {one.en}" for one in chunk.issues if one.feature is None]
        kept = ~np.isin(numbers, [one.feature for one in refused])
        if self.wish.profile is None:
            return Lot(numbers[kept], chunk.fields[kept], shapes[kept], refused, warnings)
        taken = mapped(chunk.fields.set_axis(numbers), self.wish.profile, self.wish.said, self.evidence)
        shape_of = dict(zip(numbers.tolist(), shapes, strict=True))
        refused += _refusals(taken, self.layer, shape_of)
        warnings += [f"{self.layer} {one.row}: {one.sentence}" for one in taken.issues if not one.refuses]
        kept &= taken.sound
        return Lot(numbers[kept], taken.frame[kept], shapes[kept], refused, warnings)


def gathered(delivery: Delivery, report: Report) -> Source:
    """A delivery as one source in memory, for kinds of which a file holds thousands at most; what is left out is reported."""
    lots = list(delivery.lots())
    for lot in lots:
        report.refuse(*lot.refused)
        report.warn(*lot.warnings)
        report.counts["read"] = report.counts.get("read", 0) + len(lot) + len(lot.refused)
    return Source(
        delivery.path, delivery.layer, delivery.sha256, delivery.crs, delivery.crs_said_by,
        pd.concat([lot.fields for lot in lots], ignore_index=True) if lots else pd.DataFrame(columns=list(delivery.features.field_names)),
        np.concatenate([np.empty(0, dtype=object), *(lot.shapes for lot in lots)]), delivery.features.reading,
        numbers=np.concatenate([np.empty(0, dtype=np.int64), *(lot.numbers for lot in lots)]),
    )  # fmt: skip


def _turned(shapes: Shapes) -> Shapes:
    """The easting first."""
    return np.asarray(shapely.transform(shapes, lambda xy: xy[:, ::-1]), dtype=object)


def _refusals(taken: Mapped, layer: str, shape_of: Mapping[int, Any]) -> list[Refusal]:
    """One for each row that cannot be stored: its first fault."""
    first = {one.row: one for one in reversed(taken.issues) if one.refuses}
    return [
        Refusal.of(row, "bad-value", one.sentence, shape_of[row], layer=layer, field=one.source or one.field)
        for row, one in sorted(first.items())
    ]
