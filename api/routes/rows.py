"""The rows of a batch: a CSV or GeoJSON body, each row a question, or what is wrong with it."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from api.errors import mistake
from api.places import Batch, LookedUp
from api.routes.bodies import json_in, text_of
from planning.errors import BadQuestion, QuyhoachError, TooLarge, Unusable

MOST_ROWS = 10_000
LARGEST_BYTES = 20_000_000

COLUMNS = ("lon", "lat", "x", "y", "crs", "order", "former_code", "sheet", "number", "commune", "corners", "q")
NUMBERS = {"lon", "lat", "x", "y"}


@dataclass(frozen=True, slots=True)
class AskedRow:
    """One row: its number from 1, the name that its sender gave it, and its question or its mistake."""

    number: int
    name: str | None
    question: LookedUp | QuyhoachError


def rows_in(body: bytes, media_type: str, batch: Batch) -> list[AskedRow]:
    """Every row. Raises `TooLarge` for too many, `Unusable` where the body is neither CSV nor GeoJSON."""
    is_json = "json" in media_type or ("csv" not in media_type and body.lstrip()[:1] == b"{")
    found: list[AskedRow] = []
    for row in _of_features(body, batch) if is_json else _of_table(body, batch):
        found.append(row)
        if len(found) > MOST_ROWS:
            raise TooLarge(
                parameter="body", vi=f"có hơn {MOST_ROWS:,} dòng.", en=f"it has more than {MOST_ROWS:,} rows."
            )
    if not found:
        raise Unusable(vi="không có dòng nào.", en="it has no rows.")
    return found


def _of_features(body: bytes, batch: Batch) -> Iterator[AskedRow]:
    features = json_in(body).get("features")
    if not isinstance(features, list):
        raise Unusable(vi="cần một FeatureCollection.", en="a FeatureCollection is wanted.")
    for number, feature in enumerate(features, start=1):
        it = feature if isinstance(feature, dict) else {}
        name = it.get("id")
        yield AskedRow(number, None if name is None else str(name), _of_geometry(it.get("geometry"), batch))


def _of_geometry(geometry: Any, batch: Batch) -> LookedUp | QuyhoachError:
    """The question about a geometry: a point by its coordinates, anything else as a shape, which is judged as one."""
    if isinstance(geometry, dict) and geometry.get("type") == "Point":
        place = geometry.get("coordinates")
        if isinstance(place, list) and len(place) in {2, 3}:
            return _question({"lon": place[0], "lat": place[1]}, batch)
    try:
        return _question({"shape": text_of(geometry)}, batch)
    except Unusable as error:
        return error


def _of_table(body: bytes, batch: Batch) -> Iterator[AskedRow]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unusable(vi="CSV không phải UTF-8.", en="the CSV is not UTF-8.") from error
    first = next(iter(text.splitlines()), "")
    apart = max(",;\t", key=first.count)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=apart, strict=True)
    try:
        yield from _of_lines(table, batch, decimal_comma=apart != ",")
    except csv.Error as error:
        raise Unusable(
            vi=f"CSV hỏng ở dòng {table.line_num}.", en=f"the CSV is broken at line {table.line_num}."
        ) from error


def _of_lines(table: Iterator[list[str]], batch: Batch, *, decimal_comma: bool) -> Iterator[AskedRow]:
    header = [name.strip().lower() for name in next(table, [])]
    unread = {"id", *COLUMNS}
    known = [name for name in header if name in unread]
    if not set(known) - {"id"} or len(set(known)) != len(known):
        raise Unusable(
            vi=f"dòng đầu phải là tên cột, mỗi tên một lần; các cột được đọc: id, {', '.join(COLUMNS)}.",
            en=f"the first line must name the columns, each once; those that are read: id, {', '.join(COLUMNS)}.",
        )
    for number, cells in enumerate((row for row in table if any(cell.strip() for cell in row)), start=1):
        given = {
            name: cell.strip() for name, cell in zip(header, cells, strict=False) if name in unread and cell.strip()
        }
        name = given.pop("id", None)
        if any(cell.strip() for cell in cells[len(header) :]):
            wrong = BadQuestion(
                parameter="row", vi="nhiều ô hơn số cột.", en="it has more cells than there are columns."
            )
            yield AskedRow(number, name, wrong)
        else:
            yield AskedRow(number, name, _question(_of_cells(given, decimal_comma=decimal_comma), batch))


def _of_cells(given: dict[str, str], *, decimal_comma: bool) -> dict[str, Any]:
    """The cells as parameters: a former commune's code is a commune."""
    asked: dict[str, Any] = dict(given)
    if "former_code" in asked:
        asked["by_key"] = asked.pop("former_code")
    if decimal_comma:
        asked |= {name: value.replace(",", ".") for name, value in given.items() if name in NUMBERS}
    return asked


def _question(asked: dict[str, Any], batch: Batch) -> LookedUp | QuyhoachError:
    """The question of a row, or its mistake."""
    code = asked.pop("by_key", None)
    if code is not None and "commune" in asked:
        return BadQuestion(parameter="former_code, commune", vi="hãy cho một trong hai.", en="give one of them.")
    if code is not None:
        asked["commune"] = code
    edition = {"on": batch.on.isoformat() if batch.on else None, "release": batch.release, "lang": batch.lang}
    try:
        return LookedUp.model_validate({**asked, **edition})
    except BadQuestion as error:
        return error
    except ValidationError as error:
        return mistake(error.errors()[0])
