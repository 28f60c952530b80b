"""Tables of corner points (“danh sách tọa độ góc ranh”): rows of points become lots.

Practice writes X for the northing; tables that write it the other way exist. In Vietnam a northing is above 880 km and an easting
below 840 km in every zone, so the numbers tell; where they do not (leading digits left out), a person is asked.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from layers.sources.facts import Chunk, Issue
from layers.sources.soundness import sound
from planning.errors import BadFile
from planning.geometry import Shapes

NORTHINGS = (880_000.0, 2_620_000.0)
"""Vietnam with its islands, 8° to 23.5° north."""
EASTINGS = (160_000.0, 840_000.0)
"""Every place of a 3° or 6° zone, with its neighbours."""

X_NAMES = ("x", "toa do x", "toado_x", "toadox", "x_m")
Y_NAMES = ("y", "toa do y", "toado_y", "toadoy", "y_m")
POINT_NAMES = ("stt", "tt", "diem", "ten diem", "so hieu diem", "so hieu", "dinh", "goc", "point", "so hieu moc", "moc")
LOT_NAMES = (
    "lo",
    "ten lo",
    "ky hieu lo",
    "lo dat",
    "ma lo",
    "lot",
    "lot_id",
    "lot_symbol",
    "thua",
    "so thua",
    "thua dat",
)
RING_NAMES = ("vong", "ring", "ring_id", "duong bao")


@dataclass(frozen=True, slots=True)
class CornerColumns:
    """Which column of a table is which."""

    x: str
    y: str
    point: str | None
    lot: str | None
    ring: str | None

    def kept(self, header: tuple[str, ...]) -> tuple[str, ...]:
        """The columns that say something of a lot rather than of a point."""
        return tuple(name for name in header if name not in {self.x, self.y, self.point, self.ring})


@dataclass(frozen=True, slots=True)
class Lots:
    """The lots of a table, and what could not be made one."""

    fields: pd.DataFrame
    shapes: Shapes
    notes: tuple[str, ...]
    issues: tuple[Issue, ...]

    def pages(self, rows: int) -> Iterator[Chunk]:
        """The lots in the order of the table."""
        for start in range(0, len(self.shapes), rows):
            fields = self.fields.iloc[start : start + rows].reset_index(drop=True)
            yield sound(start + 1, fields, self.shapes[start : start + rows])


def corner_columns(header: dict[str, str]) -> CornerColumns | None:
    """The columns by their plain names; None where there are no X and Y."""

    def named(names: tuple[str, ...]) -> str | None:
        return next((header[name] for name in names if name in header), None)

    x, y = named(X_NAMES), named(Y_NAMES)
    return CornerColumns(x, y, named(POINT_NAMES), named(LOT_NAMES), named(RING_NAMES)) if x and y else None


def lots_of(path: Path, table: pd.DataFrame, columns: CornerColumns, northing: str | None) -> Lots:
    """The lots: rows of one lot and ring are its corners in order; an empty row, or the first point again, ends a ring."""
    xy = np.array([[_metres(path, line, row[name]) for name in (columns.x, columns.y)]
        for line, row in enumerate(table.to_dict("records"), start=2)]).reshape(-1, 2)  # fmt: skip
    turned, note = _east_north(path, xy, columns, northing)
    rings, issues = _rings(table, turned, columns)
    kept = list(columns.kept(tuple(table.columns)))
    records, shapes = [], []
    for rows in rings.values():
        shapes.append(_with_holes([turned[one] for one in rows]))
        records.append(_common(table.iloc[np.concatenate(rows)], kept))
    fields = pd.DataFrame(records, columns=kept, dtype="str")
    return Lots(fields, np.array([*shapes, None], dtype=object)[:-1], (note,), tuple(issues))


PLAIN = re.compile(r"\d+(?:[.,]\d+)?")
GROUPED = re.compile(r"(\d{1,3}([., ])\d{3}(?:\2\d{3})*)(?:(?!\2)[.,](\d+))?")
EITHER = re.compile(r"\d{1,3}[.,]\d{3}")
"""“403.893” is 403 metres and a bit, or 403,893 metres."""


def _metres(path: Path, line: int, text: Any) -> float:
    """A number with a decimal comma or point, NaN for an empty cell; ValueError's place is taken by a refusal that names the line."""
    bare = text.replace("\u00a0", " ").strip() if isinstance(text, str) else ""
    if not bare:
        return float("nan")
    grouped = GROUPED.fullmatch(bare)
    if not EITHER.fullmatch(bare) and (grouped or PLAIN.fullmatch(bare)):
        whole = re.sub("[., ]", "", grouped[1]) + "." + (grouped[3] or "0") if grouped else bare.replace(",", ".")
        return float(whole)
    raise BadFile(
        file=path.name,
        vi=f"dòng {line}: “{bare[:30]}” không đọc được là mét; viết không có dấu phân nhóm, ví dụ 2353402,45.",
        en=f"line {line}: “{bare[:30]}” cannot be read as metres; write it without grouping, for example 2353402.45.",
    )


def _east_north(path: Path, xy: Any, columns: CornerColumns, northing: str | None) -> tuple[Any, str]:
    """Coordinates as (easting, northing), and the words for which column is which."""
    if northing is not None:
        if northing not in {columns.x, columns.y}:
            raise BadFile(file=path.name, vi=f"không có cột “{northing}”.", en=f"it has no column “{northing}”.")
        said = "theo người nhập / as a person said"
    else:
        northing, said = _told_by_numbers(path, xy, columns), "theo trị số / as the numbers tell"
    turned = xy[:, ::-1] if northing == columns.x else xy
    return turned, f"tọa độ bắc ở cột “{northing}”, {said} / northing"


def _told_by_numbers(path: Path, xy: Any, columns: CornerColumns) -> str:
    given = xy[~np.isnan(xy).any(axis=1)]
    if not len(given):
        raise BadFile(file=path.name, vi="không có điểm nào.", en="it has no points.")

    def within(column: int, span: tuple[float, float]) -> bool:
        return bool(((given[:, column] > span[0]) & (given[:, column] < span[1])).all())

    if within(0, NORTHINGS) and within(1, EASTINGS):
        return columns.x
    if within(1, NORTHINGS) and within(0, EASTINGS):
        return columns.y
    x, y = (f"{float(value):,.2f}" for value in given[0])
    raise BadFile(
        file=path.name,
        vi=f"không rõ cột nào là tọa độ bắc: {columns.x} (bắc {x}, đông {y}) hay {columns.y} (bắc {y}, đông {x}); "
        "chỉ rõ bằng --northing.",
        en=f"which column is the northing cannot be told: {columns.x} (north {x}, east {y}) or "
        f"{columns.y} (north {y}, east {x}); say --northing.",
    )


def _rings(table: pd.DataFrame, xy: Any, columns: CornerColumns) -> tuple[dict[Any, list[Any]], list[Issue]]:
    """Lot → its rings, each the places of its rows; rings of fewer than three corners are issues."""
    lots: dict[Any, list[Any]] = {}
    issues: list[Issue] = []
    named = [name for name in (columns.lot, columns.ring) if name]
    keys: list[Any] = list(table[named].itertuples(index=False, name=None)) if named else [()] * len(table)
    for run in _runs(xy, keys):
        if len({tuple(xy[place]) for place in run}) >= 3:
            lots.setdefault(keys[run[0]][0] if columns.lot else run[0], []).append(np.array(run))
            continue
        vi, en = f"dòng {run[0] + 2}: chưa đủ ba góc", f"line {run[0] + 2}: fewer than three corners"
        issues.append(Issue("too-few-corners", None, vi, en, shapely.MultiPoint(xy[run])))
    return lots, issues


def _runs(xy: Any, keys: list[Any]) -> Iterator[list[int]]:
    """Rows that belong together: up to an empty row, another lot or ring, or the first point again."""
    run: list[int] = []
    for place, key in enumerate(keys):
        empty = bool(np.isnan(xy[place]).any())
        if run and (empty or key != keys[run[0]]):
            yield run
            run = []
        if empty:
            continue
        run.append(place)
        if len(run) > 3 and (xy[place] == xy[run[0]]).all():
            yield run
            run = []
    if run:
        yield run


def _with_holes(rings: list[Any]) -> Any:
    """A ring with the rings inside it as holes; rings beside it are further parts."""
    polygons = [shapely.Polygon(ring) for ring in rings]
    out, *others = sorted(polygons, key=lambda one: -one.area)
    parts = [out]
    for one in others:
        around = next((n for n, part in enumerate(parts) if part.contains(one)), None)
        if around is None:
            parts.append(one)
        else:
            parts[around] = parts[around].difference(one)
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon([p for part in parts for p in shapely.get_parts(part)])


def _common(rows: pd.DataFrame, names: list[str]) -> dict[str, str | None]:
    """What all rows of a lot say alike; several values are all listed."""
    said = {name: [value for value in dict.fromkeys(rows[name]) if str(value).strip()] for name in names}
    return {name: "; ".join(map(str, values)) if values else None for name, values in said.items()}
