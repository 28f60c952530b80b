"""Boundaries that nobody gave: the union of a plan's zones. A gap between zones is a hole of it, or a notch where it reaches the edge, and
must not be taken for a real one; nor a strip of a zone that sticks out.
"""

from typing import Any

import numpy as np
import shapely

from layers.ingest.report import Mark, Report
from planning.coverage.widths import NOISE_M, SLIVER_M, wider
from planning.geometry import Operation, Shapes


def tell_holes(report: Report, boundary: Any, level: str, to_source: Operation) -> None:
    """Warn of the holes of a derived boundary, those no wider than a sliver of the level and the others; each is marked with its shape, in
    the CRS of the source. `boundary` is in the storage CRS.
    """
    holes = _holes(boundary)
    if not len(holes):
        return
    narrow = ~wider(holes, SLIVER_M[level])
    width = f"{SLIVER_M[level]:g} m"
    if narrow.any():
        report.warn(
            f"ranh giới suy từ các khu có {narrow.sum()} lỗ hẹp hơn {width}, có lẽ là khe giữa các khu, không phải lỗ thật"
            f" / the boundary derived from the zones has {narrow.sum()} holes narrower than {width}: gaps between zones, hardly real holes"
            f" ({_places(holes[narrow])})"
        )
    if not narrow.all():
        report.warn(
            f"ranh giới suy từ các khu có {(~narrow).sum()} lỗ rộng hơn {width}; có thật không thuộc đồ án?"
            f" / the boundary derived from the zones has {(~narrow).sum()} holes wider than {width}: are they outside the plan?"
            f" ({_places(holes[~narrow])})"
        )
    for shape, is_narrow in zip(to_source.shapes(holes), narrow.tolist(), strict=True):
        report.mark(Mark.of("narrow-hole" if is_narrow else "hole", shape))


def tell_edges(report: Report, boundary: Any, level: str, to_source: Operation) -> None:
    """Warn of notches and strips of the outer edge of a derived boundary that are no wider than a sliver of the level, each marked."""
    width = f"{SLIVER_M[level]:g} m"
    notches, strips = narrow_at_the_edge(boundary, SLIVER_M[level])
    if len(notches):
        report.warn(
            f"mép ranh giới suy từ các khu có {len(notches)} khe hẹp hơn {width}, có lẽ là khe giữa các khu"
            f" / the edge of the boundary derived from the zones has {len(notches)} notches narrower than {width}: gaps between zones,"
            f" hardly real ({_places(notches)})"
        )
    if len(strips):
        report.warn(
            f"mép ranh giới suy từ các khu có {len(strips)} dải nhô ra hẹp hơn {width}; có thật thuộc đồ án?"
            f" / on the edge of the boundary derived from the zones {len(strips)} strips narrower than {width} stick out:"
            f" are they of the plan? ({_places(strips)})"
        )
    for reason, shapes in (("notch", notches), ("sliver", strips)):
        for shape in to_source.shapes(shapes):
            report.mark(Mark.of(reason, shape))


LONG = 8
"""How many times as long as wide a notch or strip is; less is the point of an acute corner."""

CORNER = 5
"""How far a mitred corner may reach, in widths."""


def narrow_at_the_edge(boundary: Any, width_m: float) -> tuple[Shapes, Shapes]:
    """Notches and strips at the outer edge into which no disc of that width fits: closing the outline fills those, opening drops these."""
    outer = shapely.union_all(shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(boundary))))
    grown, shrunk = _offset(outer, width_m / 2), _offset(outer, -width_m / 2)
    notches = shapely.difference(_offset(grown, -width_m / 2), outer)
    strips = shapely.difference(outer, _offset(shrunk, width_m / 2))
    return _elongated(notches), _elongated(strips)


def _offset(outline: Any, by_m: float) -> Any:
    return shapely.buffer(outline, by_m, join_style="mitre", mitre_limit=CORNER)


def _elongated(shape: Any) -> Shapes:
    """The parts that are long and narrow; narrower than coordinates are exact is nothing."""
    parts = np.asarray(shapely.get_parts(shape), dtype=object)
    parts = parts[(shapely.get_type_id(parts) == 3) & (shapely.area(parts) > 0)]
    parts = parts[wider(parts, NOISE_M)]
    width, reach = 2 * shapely.area(parts) / shapely.length(parts), shapely.length(parts) / 2
    return np.asarray(parts[reach > LONG * width], dtype=object)


SHOWN = 3


def _holes(boundary: Any) -> Shapes:
    rings = [ring for part in shapely.get_parts(boundary) for ring in part.interiors]
    return np.asarray(shapely.polygons(rings), dtype=object) if rings else np.empty(0, dtype=object)


def _places(holes: Shapes) -> str:
    """Where the largest lie, storage CRS."""
    largest = holes[np.argsort(-shapely.area(holes))][:SHOWN]
    points = shapely.get_coordinates(shapely.point_on_surface(largest))
    areas = shapely.area(largest)
    listed = "; ".join(f"{x:.2f}, {y:.2f}: {area:.2f} m²" for (x, y), area in zip(points, areas, strict=True))
    return listed + ("; …" if len(holes) > SHOWN else "")
