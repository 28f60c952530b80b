"""Boundaries that nobody gave: the union of a plan's zones. A gap between zones is a hole of it, and must not be taken for a real one."""

from typing import Any

import numpy as np
import shapely

from layers.ingest.report import Mark, Report
from planning.coverage.widths import SLIVER_M, wider
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
