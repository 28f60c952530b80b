"""Sifting and reprojecting shapes: what can be stored goes on with both geometries, the rest is refused with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from layers.ingest.repairs import repaired
from layers.ingest.report import Refusal
from planning.geometry import (
    LONLAT,
    VIETNAM_LONLAT,
    WEB,
    Coordinates,
    Operation,
    Shapes,
    for_tiles,
    multipolygons,
    operation,
)

Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Figure:
    """What a file is to hold: shapely's numbers of the types, and the reason and words by which anything else is refused."""

    types: tuple[int, ...]
    reason: str
    message: str


AREAS = Figure((3, 6), "not-an-area", "it is not a polygon")
ANYTHING_DRAWN = Figure((0, 1, 3, 4, 5, 6), "not-drawable", "it is not a point, a line or a polygon")


@dataclass(frozen=True, slots=True)
class Sifted:
    """The features that can be stored: their places in the source, their shapes three times; each repair by feature numbers."""

    places: Places
    geom: Shapes
    geom_web: Shapes
    geom_source: Shapes
    refused: list[Refusal]
    repairs: dict[str, Places] = field(default_factory=dict)

    def shapes(self, at: Sequence[int] | Places) -> dict[str, Shapes]:
        """The shapes of some of them, by the columns they go into."""
        return {"geom": self.geom[at], "geom_web": self.geom_web[at], "geom_source": self.geom_source[at]}


@dataclass(slots=True)
class _Sieve:
    """Shapes of the source that are still in, by their places; what falls through is refused."""

    shapes: Shapes
    places: Places
    numbers: Places
    refused: list[Refusal] = field(default_factory=list)

    @property
    def inside(self) -> Shapes:
        """The shapes that are still in, as they came."""
        return self.shapes[self.places]

    def keep(self, good: Mask, reason: str, message: str, invalid: Shapes | None = None) -> Mask:
        """Let go what is not good; where the invalid shapes are given, the message says what is wrong with each."""
        for index in np.flatnonzero(~good):
            place = int(self.places[index])
            text = message if invalid is None else f"{message}: {shapely.is_valid_reason(invalid[index])}"
            self.refused.append(Refusal.of(int(self.numbers[place]), reason, text, self.shapes[place]))
        self.places = self.places[good]
        return good


def sifted(
    shapes: Shapes, source_crs: int, storage_crs: int, figure: Figure = AREAS, *, numbers: Places | None = None
) -> Sifted:
    """Repair shapes as the closed list allows and reproject them by the pinned operation; refuse what is missing, not the figure,
    invalid or outside Vietnam. `numbers`: those of the features in the file; from 1 where none are given.
    """
    sieve = _Sieve(shapes, np.arange(len(shapes)), np.arange(1, len(shapes) + 1) if numbers is None else numbers)
    sieve.keep(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)), "no-geometry", "it has no geometry")
    sieve.keep(np.isin(shapely.get_type_id(sieve.inside), figure.types), figure.reason, figure.message)
    finite = np.isfinite(shapely.bounds(sieve.inside)).all(axis=1)
    sieve.keep(finite, "not-finite", "a coordinate is not a number")
    mended = repaired(sieve.inside)
    plane, altered = mended.shapes, mended.altered
    made = {name: sieve.places[places] for name, places in mended.made.items()}
    good = sieve.keep(mended.valid, "invalid", "the shape is not valid", plane)
    plane, altered = plane[good], altered[good]
    geom = multipolygons(operation(source_crs, storage_crs).shapes(plane))
    message = "it falls outside Vietnam: was the file read in the right CRS?"
    good = sieve.keep(_in_vietnam(geom, operation(storage_crs, LONLAT)), "outside-vietnam", message)
    geom, altered = geom[good], altered[good]
    if source_crs != storage_crs:
        good = sieve.keep(shapely.is_valid(geom), "invalid-after-reprojection", "not valid once reprojected", geom)
        geom, altered = geom[good], altered[good]
    web = for_tiles(_on_the_web(geom, operation(storage_crs, WEB)))
    source = _source_shapes(sieve.inside, altered, source_crs, storage_crs)
    repairs = {name: sieve.numbers[np.intersect1d(places, sieve.places)] for name, places in made.items()}
    return Sifted(sieve.places, geom, web, source, sieve.refused, repairs)


def _on_the_web(geom: Shapes, to_web: Operation) -> Shapes:
    """Reprojected, each place once: neighbours share their vertices, so half of the work is saved, and they still meet exactly."""

    def moved(xy: Coordinates) -> Coordinates:
        which, places = pd.factorize(np.ascontiguousarray(xy).view(np.complex128)[:, 0], use_na_sentinel=False)
        once: Coordinates = to_web.coordinates(np.asarray(places).view(np.float64).reshape(-1, 2))
        return np.asarray(once[which])

    return np.asarray(shapely.transform(geom, moved), dtype=object)


def _in_vietnam(geom: Shapes, to_lonlat: Operation) -> Mask:
    """Whether the box of each lies in the country; where the box of all does, none is looked at by itself."""
    if not len(geom):
        return np.zeros(0, bool)
    if _boxes_in_vietnam(shapely.total_bounds(geom)[None], to_lonlat)[0]:
        return np.ones(len(geom), bool)
    return _boxes_in_vietnam(shapely.bounds(geom), to_lonlat)


def _boxes_in_vietnam(bounds: Coordinates, to_lonlat: Operation) -> Mask:
    corners = to_lonlat.coordinates(bounds[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 2)).reshape(-1, 4, 2)
    west, south, east, north = VIETNAM_LONLAT
    inside = (corners > (west, south)) & (corners < (east, north))
    return np.asarray(inside.all(axis=(1, 2)), dtype=bool)


def _source_shapes(came: Shapes, altered: Mask, source_crs: int, storage_crs: int) -> Shapes:
    """The shape as it came, kept where it is not the stored one: in another CRS, or repaired."""
    kept = np.full(len(came), None, dtype=object)
    wanted = altered if source_crs == storage_crs else np.ones(len(came), bool)
    kept[wanted] = shapely.set_srid(came[wanted], source_crs)
    return kept
