"""Coordinates and polygons: VN-2000 zones, the pinned datum operation, axis order, width.

Axis order is decided here, once: every array is (x, y) = (easting, northing) or (longitude, latitude), metres or degrees.
Vietnamese practice writes X for the northing; only `api` and the importers meet that habit, and they turn it round.

Source of the parameters: EPSG operation 6960 (VN-2000 to WGS 84 (2), coordinate frame rotation, method 9607), about 1 m.
PROJ left to itself chooses between 6960 and 5194 by place, silently; so the operation is written out here and never chosen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from pyproj.transformer import TransformerGroup

Shapes = npt.NDArray[np.object_]
Coordinates = npt.NDArray[np.float64]

WEB = 3857
LONLAT = 4326
VN2000_LONLAT = 4756

VN2000_ZONES: dict[int, float] = {
    5896: 102.0, 9205: 103.0, 9206: 104.0, 9207: 104.5, 9208: 104.75, 5897: 105.0, 9209: 105.5, 9210: 105.75, 9211: 106.0,
    9212: 106.25, 9213: 106.5, 9214: 107.0, 9215: 107.25, 9216: 107.5, 5899: 107.75, 5898: 108.0, 9217: 108.25, 9218: 108.5,
}  # fmt: skip
"""EPSG code → central meridian of the 3° zones (k 0.9999, false easting 500 000 m)."""

VN2000_WIDE_ZONES: dict[int, float] = {3405: 105.0, 3406: 111.0}
"""EPSG code → central meridian of the 6° zones (k 0.9996)."""

DEPRECATED = {6956, 6957, 6958, 6959}
"""Withdrawn by EPSG: their false easting and northing are exchanged."""

PINNED_OPERATION = "EPSG:6960"
_TO_WGS84 = (
    "+step +proj=push +v_3 +step +proj=cart +ellps=WGS84 +step {inv} +proj=helmert +x=-191.90441429 +y=-39.30318279 "
    "+z=-111.45032835 +rx=-0.00928836 +ry=0.01975479 +rz=-0.00427372 +s=0.252906278 +convention=coordinate_frame "
    "+step +inv +proj=cart +ellps=WGS84 +step +proj=pop +v_3"
)
_DEGREES_TO_RADIANS = "+step +proj=unitconvert +xy_in=deg +xy_out=rad"
_RADIANS_TO_DEGREES = "+step +proj=unitconvert +xy_in=rad +xy_out=deg"

VIETNAM_LONLAT = (102.0, 6.0, 118.0, 23.5)
"""West, south, east, north of the country with its islands: what falls outside was read in the wrong CRS."""

LONGEST_STRAIGHT_EDGE_M = 500.0
"""A straight edge bends when its zone changes: 2 mm over 1 km, 50 mm over 10 km. Longer edges get vertices first."""


def from_hex(texts: Iterable[str]) -> Shapes:
    """Shapes written as hexadecimal (E)WKB; by way of bytes, for GEOS reads those ten times as fast."""
    return np.asarray(shapely.from_wkb(np.array([bytes.fromhex(text) for text in texts], dtype=object)), dtype=object)


@dataclass(frozen=True, slots=True)
class Operation:
    """One fixed way from a source CRS to a target CRS, with the name that goes into the provenance record."""

    name: str
    source: int
    target: int
    transformer: Transformer | None

    def coordinates(self, xy: Coordinates) -> Coordinates:
        """Transform an (n, 2) array; non-finite results mean the point is outside the domain of the projection."""
        if self.transformer is None:
            return xy
        return np.column_stack(self.transformer.transform(xy[:, 0], xy[:, 1]))

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Transform one point."""
        if self.transformer is None:
            return x, y
        east, north = self.transformer.transform(x, y)
        return float(east), float(north)

    def shapes(self, shapes: Shapes) -> Shapes:
        """Transform 2-D geometries; between two plane zones, long edges get vertices first."""
        if self.transformer is None:
            return shapes
        if is_plane(self.source) and is_plane(self.target) and self.target != WEB:
            shapes = shapely.segmentize(shapes, LONGEST_STRAIGHT_EDGE_M)
        return np.asarray(shapely.transform(shapes, self.coordinates), dtype=object)


def is_vn2000(epsg: int) -> bool:
    """Whether the CRS rests on the VN-2000 datum."""
    return epsg in VN2000_ZONES or epsg in VN2000_WIDE_ZONES or epsg == VN2000_LONLAT


def is_plane(epsg: int) -> bool:
    """Whether coordinates are metres in a plane rather than degrees."""
    return bool(CRS.from_epsg(epsg).is_projected)


def reckons_areas(epsg: int | None) -> bool:
    """Whether areas are reckoned in this CRS: a plane zone of VN-2000 or UTM. Nobody reckons in degrees or in the plane of web maps."""
    return epsg is not None and (epsg in VN2000_ZONES or epsg in VN2000_WIDE_ZONES or 32601 <= epsg <= 32660)


def areas_m2(shapes: Shapes, storage_srid: int, zone: int) -> Coordinates:
    """Plane areas of shapes of the storage CRS as they are in another zone; both EPSG codes."""
    return np.asarray(shapely.area(operation(storage_srid, zone).shapes(shapes)), dtype=np.float64)


@lru_cache(maxsize=256)
def operation(source: int, target: int) -> Operation:
    """The fixed operation from `source` to `target`, both EPSG codes.

    Between VN-2000 zones no datum is crossed; between VN-2000 and WGS 84 it is EPSG:6960. Any other source is first
    brought to WGS 84 by the operation PROJ ranks first for it, and the record names that operation in full.
    """
    if source == target:
        return Operation("none", source, target, None)
    steps = [_into_radians(source)]
    name = "conversion without change of datum"
    if is_vn2000(source) != is_vn2000(target):
        steps.append(_TO_WGS84.format(inv="" if is_vn2000(source) else "+inv"))
        name = PINNED_OPERATION
    steps.append(_out_of_radians(target))
    if is_vn2000(source) or _is_wgs84(source):
        return Operation(name, source, target, Transformer.from_pipeline(" ".join(["+proj=pipeline", *steps])))
    return _foreign(source, target)


class NoOperation(ValueError):
    """There is no published, installed way from this CRS to WGS 84, or it is not a plane or geographic CRS."""


def _foreign(source: int, target: int) -> Operation:
    crs = CRS.from_epsg(source)
    if not (crs.is_projected or crs.is_geographic) or len(crs.axis_info) != 2:
        raise NoOperation(f"EPSG:{source} is not a two-dimensional plane or geographic CRS")
    ways = TransformerGroup(source, LONLAT, always_xy=True, allow_ballpark=False).transformers
    if not ways:
        raise NoOperation(f"no published operation leads from EPSG:{source} to WGS 84")
    first = ways[0]
    second = operation(LONLAT, target)
    pipeline = f"+proj=pipeline {_as_steps(first)} {_DEGREES_TO_RADIANS} {_TO_WGS84.format(inv='+inv')} {_out_of_radians(target)}"
    return Operation(f"{first.description}; {second.name}", source, target, Transformer.from_pipeline(pipeline))


def _as_steps(transformer: Transformer) -> str:
    definition = transformer.definition.replace("proj=pipeline", "").strip()
    return " ".join(f"+{word}" for word in definition.split()) if "step" in definition else f"+step +{definition}"


def _is_wgs84(epsg: int) -> bool:
    return epsg in {LONLAT, WEB} or 32601 <= epsg <= 32660


def _into_radians(epsg: int) -> str:
    if epsg in {LONLAT, VN2000_LONLAT}:
        return _DEGREES_TO_RADIANS
    return f"+step +inv {_projection(epsg)}"


def _out_of_radians(epsg: int) -> str:
    if epsg in {LONLAT, VN2000_LONLAT}:
        return _RADIANS_TO_DEGREES
    return f"+step {_projection(epsg)}"


def _projection(epsg: int) -> str:
    if epsg in VN2000_ZONES:
        return f"+proj=tmerc +lat_0=0 +lon_0={VN2000_ZONES[epsg]} +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84"
    if epsg in VN2000_WIDE_ZONES:
        return f"+proj=tmerc +lat_0=0 +lon_0={VN2000_WIDE_ZONES[epsg]} +k=0.9996 +x_0=500000 +y_0=0 +ellps=WGS84"
    if epsg == WEB:
        return "+proj=webmerc +lat_0=0 +lon_0=0 +x_0=0 +y_0=0 +ellps=WGS84"
    return f"+proj=utm +zone={epsg - 32600} +ellps=WGS84"


def epsg_of(crs: CRS) -> int | None:
    """The EPSG code a CRS definition stands for, or None when it cannot be told exactly."""
    authority = crs.to_authority(auth_name="EPSG", min_confidence=90)
    return int(authority[1]) if authority else None


@lru_cache(maxsize=256)
def known_epsg(text: str) -> int | None:
    """The EPSG code in `EPSG:9214` or `9214`, None when there is no such CRS."""
    try:
        epsg = int(text.strip().upper().removeprefix("EPSG:"))
        CRS.from_epsg(epsg)
    except (ValueError, CRSError):
        return None
    return epsg


def multipolygons(shapes: Shapes) -> Shapes:
    """Polygons as multipolygons of one; multipolygons as they are."""
    out = shapes.copy()
    single = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
    out[single] = shapely.multipolygons(shapes[single], indices=np.arange(int(single.sum())))
    return out


def for_tiles(shapes: Shapes) -> Shapes:
    """Exterior rings clockwise: ST_AsMVT writes rings as they are stored and does not turn them."""
    return np.asarray(shapely.orient_polygons(shapes, exterior_cw=True), dtype=object)


def mean_width_m(shape: Any) -> float:
    """2 · area / perimeter: the width of a sliver, half the side of a square."""
    return float(2 * shape.area / shape.length) if shape.length else 0.0
