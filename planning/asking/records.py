"""What a text can mean."""

from dataclasses import dataclass
from typing import Any, Literal

Order = Literal["xy", "yx"]
"""`xy`: the easting (longitude) was written first; `yx`: the northing (latitude)."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence in both languages."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Province:
    """Where answers exist: bounds in degrees of WGS 84 (west, south, east, north), and the storage CRS, an EPSG code."""

    bounds: tuple[float, float, float, float]
    storage_srid: int

    def holds(self, lon: float, lat: float) -> bool:
        """Whether a place lies within the bounds; what is no number does not."""
        west, south, east, north = self.bounds
        return west <= lon <= east and south <= lat <= north


@dataclass(frozen=True, slots=True)
class PointReading:
    """A point: `x` the easting or longitude, `y` the northing or latitude, in the CRS `epsg`."""

    x: float
    y: float
    epsg: int
    order: Order
    lon: float
    lat: float
    label: Said


@dataclass(frozen=True, slots=True)
class AreaReading:
    """The corners of a parcel as a polygon: `shape` in the storage CRS, `lonlat` the same in degrees of WGS 84."""

    shape: Any
    lonlat: Any
    epsg: int
    order: Order
    corners: int
    label: Said


@dataclass(frozen=True, slots=True)
class ParcelReading:
    """Sheet and number of a parcel. `commune` is a name or a code as it was written; None where none was."""

    sheet: int
    number: int
    commune: str | None
    label: Said


@dataclass(frozen=True, slots=True)
class NameReading:
    """Anything else: a name, or the code of a unit."""

    text: str


Reading = PointReading | AreaReading | ParcelReading | NameReading


@dataclass(frozen=True, slots=True)
class Heard:
    """Every reading that makes sense; none: `why` says what is wrong with the text."""

    readings: tuple[Reading, ...]
    why: Said | None = None
