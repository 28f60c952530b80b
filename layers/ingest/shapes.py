"""Sifting and reprojecting shapes: what can be stored goes on with both geometries, the rest is refused with a reason."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely

from layers.ingest.report import Refusal
from planning.geometry import LONLAT, VIETNAM_LONLAT, WEB, Operation, Shapes, for_tiles, multipolygons, operation

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
    """The features that can be stored: their places in the source, and their shapes three times."""

    places: Places
    geom: Shapes
    geom_web: Shapes
    geom_source: Shapes
    refused: list[Refusal]


@dataclass(slots=True)
class _Sieve:
    """Shapes of the source that are still in, by their places; what falls through is refused."""

    shapes: Shapes
    places: Places
    refused: list[Refusal] = field(default_factory=list)

    def keep(self, good: Mask, reason: str, message: str, details: Shapes | None = None) -> Mask:
        for index in np.flatnonzero(~good):
            place = int(self.places[index])
            text = f"{message}: {details[index]}" if details is not None else message
            self.refused.append(Refusal.of(place + 1, reason, text, self.shapes[place]))
        self.places = self.places[good]
        return good


def sifted(shapes: Shapes, source_crs: int, storage_crs: int, figure: Figure = AREAS) -> Sifted:
    """Reproject shapes by the pinned operation; refuse what is missing, not the figure, invalid or outside Vietnam.

    Heights (Z) are dropped: plans and boundaries are plane figures, and the source keeps them in its file.
    """
    sieve = _Sieve(shapes, np.arange(len(shapes)))
    sieve.keep(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)), "no-geometry", "it has no geometry")
    sieve.keep(np.isin(shapely.get_type_id(shapes[sieve.places]), figure.types), figure.reason, figure.message)
    flat = shapely.force_2d(shapes)
    finite = np.isfinite(shapely.bounds(flat[sieve.places])).all(axis=1)
    sieve.keep(finite, "not-finite", "a coordinate is not a number")
    here = flat[sieve.places]
    sieve.keep(shapely.is_valid(here), "invalid", "the shape is not valid", shapely.is_valid_reason(here))
    geom = multipolygons(operation(source_crs, storage_crs).shapes(flat[sieve.places]))
    message = "it falls outside Vietnam: was the file read in the right CRS?"
    geom = geom[sieve.keep(_in_vietnam(geom, operation(storage_crs, LONLAT)), "outside-vietnam", message)]
    reason = shapely.is_valid_reason(geom)
    geom = geom[sieve.keep(shapely.is_valid(geom), "invalid-after-reprojection", "not valid once reprojected", reason)]
    web = for_tiles(operation(storage_crs, WEB).shapes(geom))
    return Sifted(sieve.places, geom, web, _source_shapes(flat[sieve.places], source_crs, storage_crs), sieve.refused)


def _in_vietnam(geom: Shapes, to_lonlat: Operation) -> Mask:
    bounds = shapely.bounds(to_lonlat.shapes(shapely.envelope(geom)))
    west, south, east, north = VIETNAM_LONLAT
    inside = (bounds[:, 0] > west) & (bounds[:, 1] > south) & (bounds[:, 2] < east) & (bounds[:, 3] < north)
    return np.asarray(inside, dtype=bool)


def _source_shapes(flat: Shapes, source_crs: int, storage_crs: int) -> Shapes:
    """The shape as it came, kept where it is not the stored one."""
    if source_crs == storage_crs:
        return np.full(len(flat), None, dtype=object)
    return np.asarray(shapely.set_srid(flat, source_crs), dtype=object)
