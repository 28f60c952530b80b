"""Invented villages and streets of the sample province; some names stand in several communes, as they do everywhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle

import shapely

from layers.sample.units import Unit
from planning.localities import LocalityKind

VILLAGES = ("Thôn Đông", "Thôn Hòa Bình", "Thôn Chằm Mẫu", "Thôn Đoài", "Thôn Ngọc Trì", "Thôn Hạ Mẫu", "Thôn Vân Sơn")
STREETS = ("Đường Hoa Mẫu Đơn", "Phố Cây Gạo", "Đường Sông Mẫu", "Đường Hoa Mẫu Đơn")
MARKET = "Chợ Minh Họa"


@dataclass(frozen=True, slots=True)
class Locality:
    """One row of the list."""

    name: str
    kind: LocalityKind
    unit_code: str
    shape: shapely.Geometry


def localities_of(former: Sequence[Unit], new: Sequence[Unit]) -> list[Locality]:
    """Two villages in each former commune, a street in each present one, and a market."""
    old = [unit for unit in former if len(unit.code) == 5]
    now = [unit for unit in new if len(unit.code) == 5]
    names, streets = cycle(VILLAGES), cycle(STREETS)
    found = [Locality(next(names), "village", unit.code, place) for unit in old for place in _places(unit.shape)]
    found += [Locality(next(streets), "street", unit.code, _across(unit.shape)) for unit in now]
    return [*found, Locality(MARKET, "landmark", now[0].code, now[0].shape.centroid.buffer(60, quad_segs=2))]


def _places(shape: shapely.Polygon) -> Iterator[shapely.Point]:
    """A place in the west and one in the east of a commune."""
    west, south, east, north = shape.bounds
    middle = (west + east) / 2
    for side in (shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)):
        x, y = shape.intersection(side).point_on_surface().coords[0]
        yield shapely.Point(round(x, 1), round(y, 1))


def _across(shape: shapely.Polygon) -> shapely.LineString:
    """The middle half of a line from west to east through a commune."""
    _, y = shape.point_on_surface().coords[0]
    west, _, east, _ = shape.bounds
    parts = shapely.get_parts(shapely.LineString([(west, y), (east, y)]).intersection(shape))
    longest = max(parts, key=lambda part: float(part.length))
    ends = [longest.interpolate(share, normalized=True).coords[0] for share in (0.25, 0.75)]
    return shapely.LineString([(round(x, 1), round(y, 1)) for x, y in ends])
