"""An outline that somebody draws to ask about: a polygon in longitude and latitude, WGS 84, as WKT or GeoJSON."""

from typing import Any

import numpy as np
import shapely

from planning.asking.records import Said
from planning.errors import BadQuestion, TooLarge
from planning.geometry import LONLAT, VIETNAM_LONLAT, operation

LONGEST_TEXT = 16_000
"""Letters of an outline in an address."""
LONGEST_BODY = 100_000
"""Bytes of an outline that is sent: all its vertices with every digit."""
MOST_VERTICES = 1_000
LARGEST_KM2 = 100.0

FAULTS = {
    "Self-intersection": ("các cạnh cắt nhau", "edges cross"),
    "Ring Self-intersection": ("một vòng tự chạm chính nó", "a ring touches itself"),
    "Hole lies outside shell": ("một lỗ nằm ngoài đường bao", "a hole lies outside of its outer ring"),
    "Holes are nested": ("một lỗ nằm trong lỗ khác", "a hole lies in another hole"),
    "Nested shells": ("một phần nằm trong phần khác", "a part lies in another part"),
    "Interior is disconnected": ("các lỗ cắt đa giác thành nhiều mảnh", "holes cut the polygon into pieces"),
    "Duplicate Rings": ("hai vòng trùng nhau", "two rings are the same"),
    "Too few points in geometry component": ("một vòng có ít hơn ba góc khác nhau", "a ring has fewer than three different corners"),
    "Invalid Coordinate": ("có tọa độ không phải là số", "a coordinate is not a number"),
    "Ring is not closed": ("một vòng không khép kín", "a ring is not closed"),
}  # fmt: skip
"""What GEOS finds wrong with a polygon (TopologyValidationError), in Vietnamese and English."""
UNNAMED = ("hình không thể là ranh một khu đất", "it cannot be the outline of a piece of land")


def fault(drawn: Any) -> Said:
    """Why a polygon is not valid, and where: “… tại 106.17 21.25”."""
    said, _, place = str(shapely.is_valid_reason(drawn)).partition("[")
    vi, en = FAULTS.get(said.strip(), UNNAMED)
    at = place.rstrip("]")
    return Said(f"{vi} tại {at}", f"{en} at {at}") if at else Said(vi, en)


def outline(text: str, storage_srid: int) -> Any:
    """The polygon in the storage CRS. Raises `BadQuestion` when it is not one valid polygon in Vietnam, `TooLarge` beyond the limits."""
    drawn = _read(text)
    if drawn.is_empty or drawn.geom_type not in {"Polygon", "MultiPolygon"}:
        raise _bad("cần một đa giác (Polygon).", "a polygon is wanted.")
    rings = len(shapely.get_rings(shapely.get_parts(drawn)))
    if shapely.get_num_coordinates(drawn) - rings > MOST_VERTICES:
        raise _too_large(f"có hơn {MOST_VERTICES} đỉnh.", f"it has more than {MOST_VERTICES} vertices.")
    west, south, east, north = VIETNAM_LONLAT
    if not shapely.box(west, south, east, north).contains(shapely.box(*drawn.bounds)):
        raise _bad(
            "nằm ngoài Việt Nam; cần kinh độ trước, vĩ độ sau.", "it is not in Vietnam; give longitude, then latitude."
        )
    if not drawn.is_valid:
        why = fault(drawn)
        raise _bad(f"đa giác không hợp lệ: {why.vi}.", f"the polygon is not valid: {why.en}.")
    [stored] = operation(LONLAT, storage_srid).shapes(np.array([drawn], dtype=object))
    if stored.area > LARGEST_KM2 * 1e6:
        raise _too_large(f"rộng hơn {LARGEST_KM2:g} km².", f"it is larger than {LARGEST_KM2:g} km².")
    return stored


def as_wkt(drawn: Any) -> str:
    """A polygon in longitude and latitude as a text that is read as the very same numbers; `drawn`: its shape, or any text of it."""
    return str(shapely.to_wkt(_read(drawn) if isinstance(drawn, str) else drawn, rounding_precision=-1))


def _read(text: str) -> Any:
    if len(text.encode()) > LONGEST_BODY:
        raise _too_large("dài hơn 100 kB.", "it is longer than 100 kB.")
    read = shapely.from_geojson if text.lstrip().startswith("{") else shapely.from_wkt
    try:
        drawn = shapely.force_2d(read(text))
        coordinates = shapely.get_coordinates(drawn)
    except (shapely.GEOSException, ValueError, NotImplementedError) as error:  # the last: shapely knows no curves
        raise _bad("không đọc được WKT hoặc GeoJSON.", "it cannot be read as WKT or GeoJSON.") from error
    if not np.isfinite(coordinates).all():
        raise _bad("có tọa độ không phải là số.", "a coordinate is not a number.")
    return drawn


def _bad(vi: str, en: str) -> BadQuestion:
    return BadQuestion(parameter="shape", vi=vi, en=en)


def _too_large(vi: str, en: str) -> TooLarge:
    return TooLarge(parameter="shape", vi=vi, en=en)
