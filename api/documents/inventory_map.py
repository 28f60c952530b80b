"""The maps of a commune's inventory: for each level its outline, its plans each in a hatch of its own, what no plan covers in red.

They are drawn in the page itself from the shapes the report brings (GeoJSON in the storage CRS, simplified for print).
"""

from collections.abc import Iterator, Sequence
from math import floor, log10
from typing import Any

Record = dict[str, Any]

MAP_UNITS = 900
"""Width or height of a map in its own units."""

EDGE = 12
"""Empty units around the outline."""

HATCHES = 8
NUMBERED = 15
"""Places of a level that bear their number on the map; the list has the same numbers."""


def inventory_maps(document: Record) -> list[Record]:
    """One map a level that has a plan or an uncovered place; none where the commune has no boundary."""
    outline = (document["unit"] or {}).get("shape")
    if outline is None:
        return []
    plane = _Plane(outline)
    levels = dict.fromkeys([one["level"] for one in [*document["plans"], *document["gaps"]]])
    return [_map(document, level, plane) for level in levels]


class _Plane:
    """From metres of the storage CRS to units of the map, y downwards."""

    def __init__(self, outline: Record) -> None:
        xs, ys = zip(*_points(outline), strict=True)
        self.west, self.north = min(xs), max(ys)
        self.metres = max(max(xs) - self.west, self.north - min(ys)) / (MAP_UNITS - 2 * EDGE)
        self.width = round((max(xs) - self.west) / self.metres) + 2 * EDGE
        self.height = round((self.north - min(ys)) / self.metres) + 2 * EDGE
        self.outline = self.path(outline)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """A point of the map, to a tenth of its unit."""
        return round((x - self.west) / self.metres + EDGE, 1), round((self.north - y) / self.metres + EDGE, 1)

    def path(self, shape: Record) -> str:
        """The rings of a (multi)polygon as one SVG path."""
        return "".join(
            "M" + "L".join("{} {}".format(*self.at(*point)) for point in ring) + "Z" for ring in _rings(shape)
        )

    @property
    def bar(self) -> Record:
        """A scale bar of a round length, a third of the map at most."""
        longest = MAP_UNITS / 3 * self.metres
        step = 10 ** floor(log10(longest))
        length = max(step * times for times in (1, 2, 5) if step * times <= longest)
        said = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
        return {"units": round(length / self.metres, 1), "said": said.replace(".", ",")}


def _map(document: Record, level: str, plane: _Plane) -> Record:
    plans = [one for one in document["plans"] if one["level"] == level]
    gaps = [(number, one) for number, one in enumerate(document["gaps"], start=1) if one["level"] == level]
    return {
        "level": level, "width": plane.width, "height": plane.height, "outline": plane.outline, "bar": plane.bar,
        "plans": [
            {"code": one["code"], "name": one["name"], "hatch": place % HATCHES, "path": plane.path(one["shape"])}
            for place, one in enumerate(plans)
        ],
        "gaps": [
            {"number": number if place < NUMBERED else None, "path": plane.path(one["shape"]), "at": plane.at(one["x"], one["y"])}
            for place, (number, one) in enumerate(gaps)
        ],
    }  # fmt: skip


def _rings(shape: Record) -> Iterator[Sequence[tuple[float, float]]]:
    polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    for polygon in polygons:
        yield from polygon


def _points(shape: Record) -> Iterator[tuple[float, float]]:
    for ring in _rings(shape):
        yield from ((x, y) for x, y in ring)
