"""The closed list of repairs that an import makes to shapes. Anything else that is wrong is refused, never mended on the quiet.

Each repair is counted, with the features it was made to, and can be taken back: the shape as it came is kept beside the stored one. The
area never changes, but for a bow-tie, whose two halves are drawn in opposite directions and cancel out before.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from planning.geometry import Shapes

Mask = npt.NDArray[np.bool_]

REPAIRS: dict[str, tuple[str, str]] = {
    "dropped-z": ("bỏ cao độ Z", "heights (Z) dropped"),
    "duplicate-points": ("bỏ đỉnh lặp liền nhau", "repeated vertices dropped"),
    "split-bow-tie": ("tách vùng tự cắt hình nơ thành các phần", "a bow-tie split into its parts"),
    "ring-orientation": ("xoay chiều đường ranh giới", "rings turned round"),
}
"""What may be done, in both languages, in the order in which it is done."""

SAME_AREA = 1e-9
"""By which share two ways to read a crossing outline may differ and still mean the same land."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """Two-dimensional shapes, those that could be mended valid; which repairs were made to which places; which shapes are valid."""

    shapes: Shapes
    made: dict[str, npt.NDArray[np.int64]]
    valid: Mask

    @property
    def altered(self) -> Mask:
        """Which shapes are not, turned round, what came: the shape that came must be kept."""
        altered = np.zeros(len(self.shapes), bool)
        for name, places in self.made.items():
            if name != "ring-orientation":
                altered[places] = True
        return altered


def repaired(shapes: Shapes) -> Repaired:
    """Make the repairs of the list to shapes in the CRS they came in, whose coordinates are numbers; a missing shape stays missing."""
    flat, high = _without_z(shapes)
    lean, repeated = _without_repeated_points(flat)
    valid = np.asarray(shapely.is_valid(lean))
    parted, crossed = _with_bow_ties_split(lean, valid)
    turned, backward = _turned(parted)
    changed = dict(zip(REPAIRS, (high, repeated, crossed, backward), strict=True))
    made = {name: np.flatnonzero(which) for name, which in changed.items() if which.any()}
    return Repaired(turned, made, valid | crossed)


def _without_z(shapes: Shapes) -> tuple[Shapes, Mask]:
    has_z = np.asarray(shapely.has_z(shapes))
    return (np.asarray(shapely.force_2d(shapes), dtype=object), has_z) if has_z.any() else (shapes, has_z)


def _without_repeated_points(shapes: Shapes) -> tuple[Shapes, Mask]:
    """Vertices that follow each other at the very same place. Two parts of a shape may meet where one ends and the next begins."""
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    again = (xy[1:, 0] == xy[:-1, 0]) & (xy[1:, 1] == xy[:-1, 1]) & (owner[1:] == owner[:-1])
    candidates = np.unique(owner[1:][again])
    candidates = candidates[shapely.is_valid(shapes[candidates])]
    changed = np.zeros(len(shapes), bool)
    if not len(candidates):
        return shapes, changed
    out = shapes.copy()
    out[candidates] = shapely.remove_repeated_points(shapes[candidates], 0.0)
    changed[candidates] = shapely.get_num_coordinates(out[candidates]) < shapely.get_num_coordinates(shapes[candidates])
    return out, changed


def _with_bow_ties_split(shapes: Shapes, valid: Mask) -> tuple[Shapes, Mask]:
    """Polygons whose outline crosses itself, where both ways to read it mean the same land: then nothing is decided by the program."""
    areas = np.isin(shapely.get_type_id(shapes), (3, 6))
    broken = np.flatnonzero(areas & ~valid)
    changed = np.zeros(len(shapes), bool)
    out = shapes.copy() if len(broken) else shapes
    for place in broken.tolist():
        halves = _halves(shapes[place])
        if halves is not None:
            out[place] = halves
            changed[place] = True
    return out, changed


def _halves(shape: Any) -> Any:
    """The parts of a bow-tie; None for anything else: an outline that runs along itself, a loop that leaves a hole behind."""
    if "Self-intersection" not in shapely.is_valid_reason(shape) or _runs_along_itself(shape):
        return None
    by_rings = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    solid = by_rings.geom_type in {"Polygon", "MultiPolygon"} and by_rings.is_valid and by_rings.area > 0
    if not solid or _holes(by_rings) > _holes(shape):
        return None
    stray_m2 = shapely.symmetric_difference(by_rings, shapely.make_valid(shape)).area
    return by_rings if stray_m2 <= SAME_AREA * by_rings.area else None


def _runs_along_itself(shape: Any) -> bool:
    outline = shape.boundary
    return bool(shapely.length(shapely.unary_union(outline)) < outline.length * (1 - SAME_AREA))


def _holes(shape: Any) -> int:
    return int(shapely.get_num_interior_rings(shapely.get_parts(shape)).sum())


def _turned(shapes: Shapes) -> tuple[Shapes, Mask]:
    """Outer rings counter-clockwise, holes clockwise (OGC 06-103r4, 6.1.11.1): the land lies on the left."""
    turned = np.asarray(shapely.orient_polygons(shapes, exterior_cw=False), dtype=object)
    return turned, np.asarray(~(shapely.equals_identical(shapes, turned) | shapely.is_missing(shapes)))
