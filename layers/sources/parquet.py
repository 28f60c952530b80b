"""GeoParquet, by pyarrow: GDAL's wheel has no driver for it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyproj import CRS
from pyproj.exceptions import CRSError

from layers.sources.facts import Chunk, Content, LayerFacts
from layers.sources.gdal import explaining, fields_of, shapes_of, too_many
from layers.sources.limits import MIB, MOST_FIELDS, limits
from layers.sources.soundness import sound
from planning.errors import BadFile
from planning.geometry import LONLAT, epsg_of


def parquet_facts(path: Path) -> list[LayerFacts]:
    """The one layer of a file."""
    with explaining(path), pq.ParquetFile(path) as file:
        size = sum(file.metadata.row_group(n).total_byte_size for n in range(file.metadata.num_row_groups))
        if size > (most := limits().unpacked_mib) * MIB:
            limit = f"{most:,} MiB (QUYHOACH_UNPACKED_MIB)"
            raise BadFile(file=path.name, vi=f"bung ra lớn hơn {limit}.", en=f"it unpacks to more than {limit}.")
        geo = _geo(file)
        names = tuple(name for name in file.schema_arrow.names if geo is None or name != geo["primary_column"])
        if len(names) > MOST_FIELDS:
            raise too_many(path, len(names), MOST_FIELDS, "trường", "fields")
        epsg, text = _crs(_column(path, geo)) if geo else (None, None)
        return [LayerFacts(path.stem, _kind(geo), file.metadata.num_rows, names, epsg, text)]


def parquet_content(path: Path, facts: LayerFacts) -> Content:
    """The file, read by row groups."""

    def pages(rows: int) -> Iterator[Chunk]:
        first = 1
        with explaining(path), pq.ParquetFile(path) as file:
            geo = _geo(file)
            batches = file.iter_batches(batch_size=rows)
            while (batch := next(batches, None)) is not None:
                yield _chunk(batch, geo["primary_column"] if geo else None, first)
                first += batch.num_rows

    return Content(facts, pages)


def _chunk(batch: pa.RecordBatch, geometry: str | None, first: int) -> Chunk:
    table = pa.Table.from_batches([batch])
    if geometry is None:
        return sound(first, fields_of(table), None)
    shapes, broken = shapes_of(table.column(geometry).to_pylist())
    return sound(first, fields_of(table.drop_columns([geometry])), shapes, broken)


def _geo(file: pq.ParquetFile) -> dict[str, Any] | None:
    told = (file.schema_arrow.metadata or {}).get(b"geo")
    try:
        geo = json.loads(told) if told else None
    except ValueError:
        return None
    return geo if isinstance(geo, dict) and geo.get("primary_column") in file.schema_arrow.names else None


def _column(path: Path, geo: dict[str, Any]) -> dict[str, Any]:
    column: dict[str, Any] = geo.get("columns", {}).get(geo["primary_column"], {})
    if column.get("encoding") != "WKB":
        raise BadFile(
            file=path.name,
            vi=f"hình ghi kiểu {column.get('encoding')}; hãy ghi lại kiểu WKB.",
            en=f"its shapes are written as {column.get('encoding')}; write them as WKB.",
        )
    return column


def _kind(geo: dict[str, Any] | None) -> str | None:
    if geo is None:
        return None
    kinds = geo.get("columns", {}).get(geo["primary_column"], {}).get("geometry_types") or []
    return str(kinds[0]) if len(kinds) == 1 else "mixed"


def _crs(column: dict[str, Any]) -> tuple[int | None, str | None]:
    """The CRS of a column: longitude and latitude where the key is missing (the format says so), none where it is null."""
    if "crs" not in column:
        return LONLAT, "OGC:CRS84"
    if column["crs"] is None:
        return None, None
    try:
        crs = CRS.from_user_input(column["crs"])
    except CRSError:
        return None, json.dumps(column["crs"])[:2000]
    return epsg_of(crs), crs.to_string()
