"""The closed list of repairs that an import makes to shapes. Anything else that is wrong is refused, never mended on the quiet.

Each repair is counted, with the features it was made to, and can be taken back: the shape as it came is kept beside the stored one. The
area never changes, but for a bow-tie, whose two halves are drawn in opposite directions and cancel out before.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from planning.geometry import Shapes

Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
Areas = npt.NDArray[np.float64]

REPAIRS: dict[str, tuple[str, str]] = {
    "dropped-z": ("bỏ cao độ Z", "heights (Z) dropped"),
    "duplicate-points": ("bỏ đỉnh lặp liền nhau", "repeated vertices dropped"),
    "split-bow-tie": ("tách vùng tự cắt hình nơ thành các phần", "a bow-tie split into its parts"),
    "ring-orientation": ("xoay chiều đường ranh giới", "rings turned round"),
}
"""What may be done, in both languages, in the order in which it is done."""

SAME_AREA = 1e-9
"""By which share two ways to read a crossing outline may differ and still mean the same land."""


SURELY = 1e-6
"""By which share an area must be larger to be so whatever the rounding."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """Two-dimensional shapes, those that could be mended valid; which repairs were made to which places; which shapes are valid."""

    shapes: Shapes
    made: dict[str, Places]
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
    if not len(broken):
        return shapes, changed
    ties, halves = _halves(shapes[broken])
    out = shapes.copy()
    out[broken[ties]] = halves
    changed[broken[ties]] = True
    return out, changed


def _halves(broken: Shapes) -> tuple[Places, Shapes]:
    """The places of the bow-ties among broken shapes, and their parts. No bow-tie is an outline that runs along itself, nor a loop that
    leaves a hole behind. All of a lot go through each test together, the cheap tests first.
    """
    left = np.flatnonzero(np.char.find(shapely.is_valid_reason(broken).astype(str), "Self-intersection") >= 0)
    by_rings = shapely.make_valid(broken[left], method="structure", keep_collapsed=False)
    areas = shapely.area(by_rings)
    solid = np.isin(shapely.get_type_id(by_rings), (3, 6)) & shapely.is_valid(by_rings) & (areas > 0)
    solid &= (_holes(by_rings) <= _holes(broken[left])) & ~_wound_twice(broken[left], areas)
    left, by_rings, areas = left[solid], by_rings[solid], areas[solid]
    by_lines = shapely.make_valid(broken[left])
    # what differs in area need not be laid over
    alike = np.abs(shapely.area(by_lines) - areas) <= 2 * SAME_AREA * areas
    left, by_rings, areas, by_lines = left[alike], by_rings[alike], areas[alike], by_lines[alike]
    same = shapely.area(shapely.symmetric_difference(by_rings, by_lines)) <= SAME_AREA * areas
    same &= ~_run_along_themselves(broken[left])
    return left[same], by_rings[same]


def _wound_twice(shapes: Shapes, areas: Areas) -> Mask:
    """Single outlines that surely go around some land more than once, like a star drawn in one stroke: the area by their corners, which
    counts such land as often, is larger than that of the land. The two ways to read it then differ, and the slow one is not needed.
    """
    single = (shapely.get_type_id(shapes) == 3) & (shapely.get_num_interior_rings(shapes) == 0)
    return np.asarray(single & (shapely.area(shapes) > areas * (1 + SURELY)))


def _run_along_themselves(shapes: Shapes) -> Mask:
    outlines = shapely.boundary(shapes)
    return np.asarray(
        shapely.length(shapely.union_all(outlines[:, None], axis=1)) < shapely.length(outlines) * (1 - SAME_AREA)
    )


def _holes(shapes: Shapes) -> Places:
    """The holes of each."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    return np.bincount(owner, shapely.get_num_interior_rings(parts), len(shapes)).astype(np.int64)


def _turned(shapes: Shapes) -> tuple[Shapes, Mask]:
    """Outer rings counter-clockwise, holes clockwise (OGC 06-103r4, 6.1.11.1): the land lies on the left."""
    turned = np.asarray(shapely.orient_polygons(shapes, exterior_cw=False), dtype=object)
    return turned, np.asarray(~(shapely.equals_identical(shapes, turned) | shapely.is_missing(shapes)))
