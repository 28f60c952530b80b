"""Sifting and reprojecting shapes: what can be stored goes on with both geometries, the rest is refused with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely

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
class Sifted:
    """The features that can be stored: their places in the source, and their shapes three times."""

    places: Places
    geom: Shapes
    geom_web: Shapes
    geom_source: Shapes
    refused: list[Refusal]

    def shapes(self, at: Sequence[int] | Places) -> dict[str, Shapes]:
        """The shapes of some of them, by the columns they go into."""
        return {"geom": self.geom[at], "geom_web": self.geom_web[at], "geom_source": self.geom_source[at]}


@dataclass(slots=True)
class _Sieve:
    """Shapes of the source that are still in, by their places; what falls through is refused."""

    shapes: Shapes
    places: Places
    refused: list[Refusal] = field(default_factory=list)

    def keep(self, good: Mask, reason: str, message: str, invalid: Shapes | None = None) -> Mask:
        """Let go what is not good; where the invalid shapes are given, the message says what is wrong with each."""
        for index in np.flatnonzero(~good):
            place = int(self.places[index])
            text = message if invalid is None else f"{message}: {shapely.is_valid_reason(invalid[index])}"
            self.refused.append(Refusal.of(place + 1, reason, text, self.shapes[place]))
        self.places = self.places[good]
        return good


def sifted(shapes: Shapes, source_crs: int, storage_crs: int) -> Sifted:
    """Reproject polygons by the pinned operation; refuse what is missing, not an area, invalid or outside Vietnam.

    Heights (Z) are dropped: plans and boundaries are plane figures, and the source keeps them in its file.
    """
    sieve = _Sieve(shapes, np.arange(len(shapes)))
    sieve.keep(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)), "no-geometry", "it has no geometry")
    sieve.keep(np.isin(shapely.get_type_id(shapes[sieve.places]), (3, 6)), "not-an-area", "it is not a polygon")
    flat = shapely.force_2d(shapes)
    finite = np.isfinite(shapely.bounds(flat[sieve.places])).all(axis=1)
    sieve.keep(finite, "not-finite", "a coordinate is not a number")
    here = flat[sieve.places]
    sieve.keep(shapely.is_valid(here), "invalid", "the polygon is not valid", here)
    geom = multipolygons(operation(source_crs, storage_crs).shapes(flat[sieve.places]))
    message = "it falls outside Vietnam: was the file read in the right CRS?"
    geom = geom[sieve.keep(_in_vietnam(geom, operation(storage_crs, LONLAT)), "outside-vietnam", message)]
    if source_crs != storage_crs:
        valid = shapely.is_valid(geom)
        geom = geom[sieve.keep(valid, "invalid-after-reprojection", "not valid once reprojected", geom)]
    web = for_tiles(operation(storage_crs, WEB).shapes(geom))
    return Sifted(sieve.places, geom, web, _source_shapes(flat[sieve.places], source_crs, storage_crs), sieve.refused)


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


def _source_shapes(flat: Shapes, source_crs: int, storage_crs: int) -> Shapes:
    """The shape as it came, kept where it is not the stored one."""
    if source_crs == storage_crs:
        return np.full(len(flat), None, dtype=object)
    return np.asarray(shapely.set_srid(flat, source_crs), dtype=object)
