"""The grid of web map tiles: x eastwards, y southwards, 4ᶻ tiles a zoom, in EPSG:3857."""

from dataclasses import dataclass
from math import atan, degrees, pi, sinh


@dataclass(frozen=True, slots=True)
class Tile:
    """The address of a tile."""

    z: int
    x: int
    y: int

    @property
    def exists(self) -> bool:
        """Whether the address lies in the grid."""
        return 0 <= self.z <= 30 and 0 <= self.x < 2**self.z and 0 <= self.y < 2**self.z

    @property
    def bounds_lonlat(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees."""
        return _lon(self.x, self.z), _lat(self.y + 1, self.z), _lon(self.x + 1, self.z), _lat(self.y, self.z)


def _lon(x: int, z: int) -> float:
    return float(x / 2**z * 360 - 180)


def _lat(y: int, z: int) -> float:
    return degrees(atan(sinh(pi * (1 - 2 * y / 2**z))))
