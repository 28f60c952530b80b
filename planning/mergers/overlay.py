"""Former units laid over new ones: which piece of which lies in which, and what lies in neither."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from planning.geometry import Shapes
from planning.units import CODE_LENGTHS


@dataclass(frozen=True, slots=True)
class Piece:
    """The land that a former and a new unit have in common; None stands for land outside all units of that side."""

    former: str | None
    new: str | None
    shape: Any

    @property
    def area_m2(self) -> float:
        """Plane area."""
        return float(self.shape.area)


def overlay(former: Mapping[str, Any], new: Mapping[str, Any]) -> list[Piece]:
    """Every non-empty piece, ordered by codes: pairs by one indexed query, what is left over by union and difference."""
    if not former or not new:
        return [Piece(code, None, former[code]) for code in sorted(former)] + [
            Piece(None, code, new[code]) for code in sorted(new)
        ]
    olds, news = sorted(former), sorted(new)
    old_shapes, new_shapes = _array(former, olds), _array(new, news)
    first, second = shapely.STRtree(new_shapes).query(old_shapes, predicate="intersects")
    common = shapely.intersection(old_shapes[first], new_shapes[second])
    some = np.flatnonzero(shapely.area(common) > 0)
    pieces = [Piece(olds[first[place]], news[second[place]], _areas_only(common[place])) for place in some]
    pieces += [Piece(code, None, shape) for code, shape in _beyond(olds, old_shapes, new_shapes)]
    pieces += [Piece(None, code, shape) for code, shape in _beyond(news, new_shapes, old_shapes)]
    return sorted(pieces, key=lambda piece: (piece.former or "~", piece.new or "~"))


def overlaid_by_level(former: Mapping[str, Any], new: Mapping[str, Any]) -> list[Piece]:
    """Provinces laid over provinces and communes over communes: the length of a code tells its level."""
    lengths = (CODE_LENGTHS["province"], CODE_LENGTHS["commune"])
    return [piece for length in lengths for piece in overlay(_of(former, length), _of(new, length))]


def _of(shapes: Mapping[str, Any], length: int) -> dict[str, Any]:
    return {code: shape for code, shape in shapes.items() if len(code) == length}


def _beyond(codes: list[str], shapes: Shapes, others: Shapes) -> Iterator[tuple[str, Any]]:
    whole = shapely.union_all(others)
    shapely.prepare(whole)
    outside = np.flatnonzero(~shapely.covers(whole, shapes))
    left = shapely.difference(shapes[outside], whole)
    for place, shape in zip(outside, left, strict=True):
        if shape.area > 0:
            yield codes[place], _areas_only(shape)


def _areas_only(shape: Any) -> Any:
    """Without the lines and points along which neighbours only touch."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])


def _array(shapes: Mapping[str, Any], codes: list[str]) -> Shapes:
    return np.array([shapes[code] for code in codes], dtype=object)
