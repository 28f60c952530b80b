"""Control points: places of the picture whose coordinates are known, from a CSV; and the corners of a map frame."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from layers.digitise.pictures import Picture
from layers.sources.projections import named_crs
from layers.sources.tables import TableSource, read_table
from layers.sources.values import number_or_none, text_or_none
from planning.errors import BadFile, MissingField, UnknownCrs
from planning.geometry import LONLAT, VIETNAM_LONLAT, Coordinates, is_plane, operation

MOST_POINTS = 200
LEAST_CORNERS = 3
OUTSIDE_PX = 0.5
"""How far outside the picture a point may be picked."""


@dataclass(frozen=True, slots=True)
class ControlPoints:
    """Places in pixels (n, 2) and in metres of `crs` (n, 2): easting, northing."""

    file: str
    sha256: str
    crs: int
    names: tuple[str, ...]
    pixels: Coordinates
    points: Coordinates


def read_control_points(
    path: Path, picture: Picture, crs: str | None, names: dict[str, str], storage_crs: int
) -> ControlPoints:
    """Read col, row, x, y, and where they are given crs and name, of each point; x is the easting.

    `crs` is the map's; points in other CRS are brought to it. Refuses a CRS nobody named, exchanged axes, and points off the picture.
    """
    table = read_table(path, ()).renamed(names)
    _has(table, "col", "row", "x", "y")
    if not 0 < len(table.rows) <= MOST_POINTS:
        count = len(table.rows)
        raise BadFile(
            file=path.name,
            vi=f"có {count} điểm khống chế; dùng được từ 1 đến {MOST_POINTS}.",
            en=f"it has {count} control points; 1 to {MOST_POINTS} can be used.",
        )
    pixels, points = _numbers(table, "col", "row"), _numbers(table, "x", "y")
    _on_the_picture(table, pixels, picture)
    _different(table, pixels)
    of_points = [
        named_crs(path, said) if said else None for said in (text_or_none(row.get("crs")) for row in table.rows)
    ]
    target = _map_crs(path, of_points, crs, storage_crs)
    points = _brought(path, points, [own or named_crs(path, str(crs)) for own in of_points], target)
    labels = tuple(row.get("name") or str(place) for place, row in enumerate(table.rows, start=1))
    return ControlPoints(path.name, table.sha256, target, labels, pixels, points)


def read_frame(path: Path) -> tuple[bool, Coordinates]:
    """The corners of a map frame in order, and whether they are pixels (col, row) or map coordinates (x, y)."""
    table = read_table(path, ())
    in_pixels = bool(table.rows) and "col" in table.rows[0]
    _has(table, *(("col", "row") if in_pixels else ("x", "y")))
    if not LEAST_CORNERS <= len(table.rows) <= MOST_POINTS:
        raise BadFile(
            file=path.name,
            vi=f"khung bản đồ cần {LEAST_CORNERS} đến {MOST_POINTS} góc.",
            en=f"a map frame has {LEAST_CORNERS} to {MOST_POINTS} corners.",
        )
    return in_pixels, _numbers(table, *(("col", "row") if in_pixels else ("x", "y")))


def _has(table: TableSource, *names: str) -> None:
    present = table.rows[0] if table.rows else {}
    for name in names:
        if name not in present:
            raise MissingField(file=table.path.name, field=name, present=", ".join(present) or "–")


def _numbers(table: TableSource, *names: str) -> Coordinates:
    return np.array([[_number(table, place, name) for name in names] for place in range(len(table.rows))])


def _number(table: TableSource, place: int, name: str) -> float:
    line, text = table.lines[place], table.rows[place][name]
    try:
        number = number_or_none(text)
    except ValueError:
        number = None
    if number is None:
        raise BadFile(
            file=table.path.name,
            vi=f"dòng {line}: {name} là “{text[:40]}”, không phải số (dùng dấu chấm thập phân).",
            en=f"line {line}: {name} is “{text[:40]}”, which is not a number (with a decimal point).",
        )
    return number


def _on_the_picture(table: TableSource, pixels: Coordinates, picture: Picture) -> None:
    size = np.array([picture.width, picture.height])
    outside = ((pixels < -OUTSIDE_PX) | (pixels > size + OUTSIDE_PX)).any(axis=1)
    for place in np.flatnonzero(outside)[:1]:
        col, row = pixels[place]
        raise BadFile(
            file=table.path.name,
            vi=f"dòng {table.lines[place]}: điểm ảnh ({col:g}, {row:g}) nằm ngoài ảnh {picture.width} × {picture.height}.",
            en=f"line {table.lines[place]}: the pixel ({col:g}, {row:g}) is outside the picture of {picture.width} × {picture.height}.",
        )


def _different(table: TableSource, pixels: Coordinates) -> None:
    seen: dict[tuple[float, float], int] = {}
    for line, place in zip(table.lines, map(tuple, pixels), strict=True):
        if place in seen:
            raise BadFile(
                file=table.path.name,
                vi=f"dòng {seen[place]} và {line} cùng một điểm ảnh.",
                en=f"lines {seen[place]} and {line} are the same place of the picture.",
            )
        seen[place] = line


def _map_crs(path: Path, of_points: Sequence[int | None], said: str | None, storage_crs: int) -> int:
    """The plane in which the fit is made: the map's own; the storage CRS where the points are in degrees."""
    own = {crs for crs in of_points if crs}
    if said is None and (None in of_points or len(own) > 1):
        several = ", ".join(f"EPSG:{crs}" for crs in sorted(own))
        raise UnknownCrs(
            file=path.name,
            vi=f"các điểm ghi nhiều hệ tọa độ ({several}), không rõ hệ của bản đồ."
            if len(own) > 1
            else "tệp điểm không ghi hệ tọa độ.",
            en=f"its points name several ({several}), and which is the map's is not known."
            if len(own) > 1
            else "its points name none.",
        )
    crs = named_crs(path, said) if said else own.pop()
    return crs if is_plane(crs) else storage_crs


def _brought(path: Path, points: Coordinates, of_points: list[int], target: int) -> Coordinates:
    """The points in the CRS of the map; refused where every one lies outside Vietnam, with the question that answers it."""
    codes = np.array(of_points)
    for crs in set(of_points):
        mine = codes == crs
        _axes_are_told(path, points[mine], crs)
        points[mine] = operation(crs, target).coordinates(points[mine])
    for place in np.flatnonzero(~np.isfinite(points).all(axis=1))[:1]:
        raise BadFile(
            file=path.name,
            vi=f"điểm thứ {place + 1} nằm ngoài vùng của hệ tọa độ.",
            en=f"point {place + 1} lies outside the domain of its CRS.",
        )
    return points


def _axes_are_told(path: Path, points: Coordinates, crs: int) -> None:
    if in_vietnam(points, crs).any():
        return
    if in_vietnam(points[:, ::-1], crs).any():
        raise BadFile(
            file=path.name,
            vi=f"trong EPSG:{crs} các điểm chỉ nằm ở Việt Nam nếu x là tọa độ bắc; ở đây x là tọa độ đông."
            " Nếu đúng vậy hãy ghi: --map x=y --map y=x.",
            en=f"in EPSG:{crs} its points lie in Vietnam only if x is the northing, and here x is the easting."
            " If so, say: --map x=y --map y=x.",
        )
    raise BadFile(
        file=path.name,
        vi=f"trong EPSG:{crs} mọi điểm nằm ngoài Việt Nam; sai hệ tọa độ?",
        en=f"in EPSG:{crs} all its points lie outside Vietnam; is it the wrong CRS?",
    )


def in_vietnam(points: Coordinates, crs: int) -> np.ndarray:
    """Which points (easting, northing) lie in the country or its sea."""
    lonlat = operation(crs, LONLAT).coordinates(points)
    west, south, east, north = VIETNAM_LONLAT
    inside = (lonlat[:, 0] > west) & (lonlat[:, 0] < east) & (lonlat[:, 1] > south) & (lonlat[:, 1] < north)
    return np.asarray(inside & np.isfinite(lonlat).all(axis=1))
