"""The corners of a parcel, pasted from a table: rows of two coordinates, with or without point numbers and lengths of sides."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from planning.asking.meridians import ZONES, Mention, crs_named
from planning.asking.points import AXES, FIRST_AND_SECOND, LEAST_METRES, ordered
from planning.asking.records import AreaReading, Order, Province, Said
from planning.asking.writing import Token, Written
from planning.geometry import LONLAT, VN2000_LONLAT, Coordinates, operation
from planning.outlines import LARGEST_KM2, MOST_VERTICES

FEWEST = 3
SHOWN_CROSSINGS = 3

_LABEL = re.compile(r"(?im)(?:^|(?<=;))[ \t]*(?:[a-zđ]{1,4}[-.]?\d{1,4}[a-z]?|[a-df-mo-rt-vz])(?=[ \t,;:|])")
"""The name of a corner at the beginning of a row: “M1”, “A”. Letters of coordinates (E, N, S, X, Y, W) stay."""
_HEADING = re.compile(
    r"(?im)^[^\n;]*(?:stt|s[oố] hi[eệ]u|đi[eể]m|đ[iỉ]nh|g[oó]c|c[aạ]nh|chi[eề]u d[aà]i|\bx\s*\(m\)|point|corner|side|length)[^\n\d;]*"
)


@dataclass(frozen=True, slots=True)
class Ring:
    """Corners in the order and the numbers of the text, the first not repeated at the end; `angular`: degrees."""

    pairs: tuple[tuple[float, float], ...]
    angular: bool
    orders: tuple[Order, ...]


def without_headings(text: str) -> str:
    """The text without the words that stand above and beside the corners of a table."""
    return _LABEL.sub(" ", _HEADING.sub(" ", text))


def rings(written: Written) -> list[Ring]:
    """Every way to read the numbers as corners: by lines, or as one run of numbers; two, four or six numbers a corner."""
    found: dict[Ring, None] = {}
    lines = written.lines
    for parts in (1, 2, 3):
        for rows in (_by_lines(lines, 2 * parts), *_by_period(written.numbers, 2 * parts)):
            ring = _ring(rows, parts, written) if rows else None
            if ring:
                found[ring] = None
    return list(found)


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a ring lies under one CRS and order: its corners there (easting or longitude first), and the same in WGS 84."""

    xy: Coordinates
    lonlat: Coordinates
    epsg: int
    order: Order


def placings(ring: Ring, mention: Mention, province: Province) -> Iterator[Placing]:
    """The CRS and orders under which all corners of a ring lie in the province."""
    plane = [epsg for epsg in mention.zones or ZONES if epsg in ZONES]
    angular = [epsg for epsg in mention.zones or (LONLAT,) if epsg in {LONLAT, VN2000_LONLAT}]
    for epsg in angular if ring.angular else ordered(plane, province):
        for order in ring.orders:
            xy = np.array(ring.pairs, dtype=np.float64)[:, :: 1 if order == "xy" else -1]
            lonlat = operation(epsg, LONLAT).coordinates(xy)
            if all(province.holds(lon, lat) for lon, lat in lonlat):
                yield Placing(xy, lonlat, epsg, order)


def area_reading(placing: Placing, province: Province) -> AreaReading:
    """The area that corners bound; of a ring without `fault`, for what crosses itself takes seconds to be turned into another CRS."""
    xy, epsg = placing.xy, placing.epsg
    [stored] = operation(epsg, province.storage_srid).shapes(np.array([shapely.Polygon(xy)], dtype=object))
    first = f"{xy[0][0]:.2f}; {xy[0][1]:.2f}" if epsg in ZONES else f"{xy[0][0]:.6f}; {xy[0][1]:.6f}"
    label = Said(
        f"Thửa {len(xy)} góc, {stored.area:.1f} m² — {crs_named(epsg)}; góc 1 đông; bắc: {first}",
        f"Outline of {len(xy)} corners, {stored.area:.1f} m² — {crs_named(epsg)}; corner 1 east; north: {first}",
    )
    return AreaReading(stored, shapely.Polygon(placing.lonlat), epsg, placing.order, len(xy), label)


def fault(ring: Ring) -> Said | None:
    """What keeps corners from bounding a parcel, whatever their CRS: too many, too few that differ, or sides that cross."""
    if len(ring.pairs) > MOST_VERTICES:
        return Said(f"có hơn {MOST_VERTICES} góc.", f"there are more than {MOST_VERTICES} corners.")
    crossings = crossing_sides(np.array(ring.pairs, dtype=np.float64))
    if crossings:
        several = crossings[:SHOWN_CROSSINGS]
        vi = "; ".join(f"cạnh {_side(one, ring)} cắt cạnh {_side(other, ring)}" for one, other in several)
        en = "; ".join(f"side {_side(one, ring)} meets side {_side(other, ring)}" for one, other in several)
        return Said(
            f"đường bao tự cắt: {vi}. Hãy kiểm tra thứ tự các góc.",
            f"the outline crosses itself: {en}. Check the order of the corners.",
        )
    if shapely.Polygon(ring.pairs).area == 0:
        return Said("các góc nằm trên một đường thẳng.", "the corners lie on one line.")
    return None


def too_large(reading: AreaReading) -> Said | None:
    """Why an area is not answered."""
    if reading.shape.area <= LARGEST_KM2 * 1e6:
        return None
    return Said(f"thửa rộng hơn {LARGEST_KM2:g} km².", f"it is larger than {LARGEST_KM2:g} km².")


def crossing_sides(xy: Coordinates) -> list[tuple[int, int]]:
    """Pairs of sides that meet anywhere but at the corner they share; side n leads from corner n on."""
    count = len(xy)
    sides = shapely.linestrings(np.stack([xy, np.roll(xy, -1, axis=0)], axis=1))
    ones, others = shapely.STRtree(sides).query(sides, predicate="intersects")
    once = ones < others
    ones, others = ones[once], others[once]
    meet = np.ones(len(ones), dtype=bool)
    neighbours = (others - ones == 1) | ((ones == 0) & (others == count - 1))
    meet[neighbours] = _overlap(sides[ones[neighbours]], sides[others[neighbours]])
    return sorted(zip(ones[meet].tolist(), others[meet].tolist(), strict=True))


def _overlap(some: Any, others: Any) -> Any:
    """Which neighbouring sides run back over each other."""
    return shapely.length(shapely.intersection(some, others)) > 0


def _side(number: int, ring: Ring) -> str:
    return f"{number + 1}–{(number + 1) % len(ring.pairs) + 1}"


def _by_lines(lines: Sequence[Written], width: int) -> list[list[Token]]:
    """Rows that are lines: each has a point number or none, the coordinates, and the length of the side or none."""
    if len(lines) < FEWEST:
        return []
    rows = [line.numbers for line in lines]
    counts = {len(row) for row in rows}
    numbered = _counted([row[0] for row in rows]) and min(counts) > width
    wanted = width + numbered
    if not counts <= {wanted, wanted + 1}:
        return []
    return [row[numbered : numbered + width] for row in rows]


def _by_period(numbers: Sequence[Token], width: int) -> Iterator[list[list[Token]]]:
    """Rows of a run of numbers: bare, or behind point numbers, with the lengths of sides or without."""
    for numbered, sided in ((0, 0), (1, 0), (1, 1)):
        period = width + numbered + sided
        missing = (-len(numbers)) % period
        if missing > sided or len(numbers) < FEWEST * period - sided:
            continue
        starts = range(0, len(numbers), period)
        if numbered and not _counted([numbers[start] for start in starts]):
            continue
        yield [list(numbers[start + numbered : start + numbered + width]) for start in starts]


def _counted(firsts: Sequence[Token]) -> bool:
    """Whether numbers count corners: 1, 2, 3 …, the last perhaps the first again."""
    counts = [int(one.value) if one.whole else -1 for one in firsts]
    rising = list(range(counts[0], counts[0] + len(counts)))
    return counts[0] in {0, 1} and counts in (rising, [*rising[:-1], counts[0]])


def _ring(rows: list[list[Token]], parts: int, written: Written) -> Ring | None:
    pairs = [(_degrees(row[:parts]), _degrees(row[parts:])) for row in rows]
    if any(first is None or second is None for first, second in pairs):
        return None
    corners = [(float(first or 0), float(second or 0)) for first, second in pairs]
    angular = max(max(pair) for pair in corners) <= 180
    if not angular and (parts > 1 or min(min(pair) for pair in corners) < LEAST_METRES):
        return None
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    several = [one for n, one in enumerate(corners) if one != corners[n - 1]]
    if len(set(several)) < FEWEST:
        return None
    return Ring(tuple(several), angular, _orders(written))


def _degrees(parts: Sequence[Token]) -> float | None:
    """A number, or degrees of whole parts and a last one; None where they are no angle."""
    if any(not one.whole for one in parts[:-1]) or any(one.value >= 60 for one in parts[1:]):
        return None
    return float(sum(one.value / 60**place for place, one in enumerate(parts)))


def _orders(written: Written) -> tuple[Order, ...]:
    """The order that the first letters tell; X and Y tell none."""
    axes = [AXES[mark] for mark in written.marks if mark in AXES][:2]
    if len(axes) < 2 or axes[0] == axes[1]:
        return ("xy", "yx")
    return tuple(order for order, wanted in FIRST_AND_SECOND.items() if tuple(axes) == wanted)
