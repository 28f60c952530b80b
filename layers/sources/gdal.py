"""Kinds that GDAL reads, through pyogrio: one driver for each, a stream of Arrow batches wherever it can give one."""

import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely
from pyogrio.raw import open_arrow
from pyogrio.raw import read as read_page

from layers.sources.facts import UNICODE, Chunk, Content, Issue, LayerFacts, Letters
from layers.sources.kinds import DRIVERS, Kind
from layers.sources.letters import BYTES, UTF_8, as_text
from layers.sources.limits import MOST_FIELDS, MOST_LAYERS, limits
from layers.sources.projections import code_of
from layers.sources.soundness import as_cell, sound
from planning.errors import BadFile, UnknownCrs
from planning.geometry import Shapes

CONFIGURATION = {
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "GML_DOWNLOAD_SCHEMA": "NO",
    "GML_DOWNLOAD_WFS_SCHEMA": "NO",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
    "GDAL_PAM_ENABLED": "NO",
    "SHAPE_RESTORE_SHX": "NO",
    "OGR_FLATGEOBUF_STREAM_BASE_IMPL": "YES",
}
"""References to other files and addresses are not followed. The quick stream of FlatGeobuf (GDAL 3.12)
gives a batch that ends with a feature without shape broken offsets; the plain one does not."""

OBJECT_LIMIT = "OGR_GEOJSON_MAX_OBJ_SIZE"
"""What GDAL tells people to set is set by `configure`."""

COUNTED: set[Kind] = {"Shapefile", "FlatGeobuf", "MapInfo TAB"}
"""Kinds whose header says how many features there are, so that a cut-off file shows."""

CURVED = {8, 9, 10, 11, 12, 13, 14}
"""WKB types of arcs and curved polygons; GEOS knows straight edges only."""


@dataclass(frozen=True, slots=True)
class GdalLayer:
    """One layer of a file as GDAL is to open it. `arrow` False: page by page, for letters that are not Unicode."""

    path: Path
    kind: Kind
    layer: str
    letters: Letters = UNICODE
    arrow: bool = True

    @property
    def encoding(self) -> str | None:
        """What GDAL is told of the letters; it may only be told for formats that do not say it themselves."""
        if self.kind == "Shapefile":
            return UTF_8 if self.letters.encoding == UTF_8 else BYTES
        return None if self.arrow else BYTES

    def with_letters(self, fields: pd.DataFrame) -> pd.DataFrame:
        """The fields, decoded where GDAL was told to give their bytes."""
        return as_text(fields, self.letters) if self.encoding == BYTES else fields


def configure() -> None:
    """Tell GDAL what it may do and how large one object of GeoJSON may be; before a file is opened."""
    pyogrio.set_gdal_config_options(CONFIGURATION | {OBJECT_LIMIT: str(limits().geojson_object_mib)})


def layer_facts(path: Path, kind: Kind) -> list[LayerFacts]:
    """The layers of a file, as its headers tell."""
    configure()
    with explaining(path):
        names = [str(name) for name, _ in pyogrio.list_layers(path)]
        if len(names) > MOST_LAYERS:
            raise too_many(path, len(names), MOST_LAYERS, "lớp", "layers")
        return [_facts(path, kind, name) for name in names]


def _facts(path: Path, kind: Kind, name: str) -> LayerFacts:
    encoding = BYTES if kind in {"Shapefile", "MapInfo TAB", "MapInfo MIF", "DGN"} else None
    told = pyogrio.read_info(path, layer=name, encoding=encoding)
    if told["driver"] != DRIVERS[kind]:
        raise BadFile(file=path.name, vi=f"nội dung không phải {kind}.", en=f"its content is not {kind}.")
    fields = tuple(map(str, told["fields"]))
    if len(fields) > MOST_FIELDS:
        raise too_many(path, len(fields), MOST_FIELDS, "trường", "fields")
    geometry = None if told["geometry_type"] is None else str(told["geometry_type"]).replace("Unknown", "mixed")
    count = int(told["features"]) if told["features"] >= 0 else None
    text = told["crs"] or None
    return LayerFacts(name, geometry, count, fields, None if _beyond_degrees(kind, told) else code_of(text), text)


def _beyond_degrees(kind: Kind, told: dict[str, Any]) -> bool:
    """Whether a GeoJSON holds metres: where it names no CRS the format says degrees, and programs write metres all the same."""
    if kind != "GeoJSON" or told["crs"] != "EPSG:4326" or told["total_bounds"] is None:
        return False
    west, south, east, north = told["total_bounds"]
    return bool(west < -180 or east > 180 or south < -90 or north > 90)


def content(layer: GdalLayer, facts: LayerFacts, notes: tuple[str, ...] = ()) -> Content:
    """The layer, opened."""

    def pages(rows: int) -> Iterator[Chunk]:
        configure()
        number = 1
        for chunk in _streamed(layer, rows) if layer.arrow else _paged(layer, rows):
            number += len(chunk)
            yield chunk
        if layer.kind in COUNTED and facts.count is not None and number - 1 != facts.count:
            raise cut_off(layer.path, facts.count, number - 1)

    return Content(facts, pages, layer.letters, notes)


def _streamed(layer: GdalLayer, rows: int) -> Iterator[Chunk]:
    opened = open_arrow(layer.path, layer=layer.layer, encoding=layer.encoding, batch_size=rows, use_pyarrow=True)
    first = 1
    with ExitStack() as stack:
        with explaining(layer.path):
            told, batches = stack.enter_context(opened)
        while True:
            with explaining(layer.path) as heard:
                batch = next(batches, None)
                if batch is None:
                    return
                batch.validate(full=True)
                chunk = _chunk(layer, batch, told["geometry_name"] or "wkb_geometry", first)
            first += len(chunk)
            yield _with_notes(chunk, heard)


def _chunk(layer: GdalLayer, batch: pa.RecordBatch, geometry: str, first: int) -> Chunk:
    table = pa.Table.from_batches([batch])
    blobs = table.column(geometry).to_pylist() if geometry in table.column_names else None
    if blobs is not None:
        table = table.drop_columns([geometry])
    fields = layer.with_letters(fields_of(table))
    if blobs is None:
        return sound(first, fields, None)
    shapes, broken = shapes_of(blobs, lambda: _straightened(layer, first, len(blobs)))
    return sound(first, fields, shapes, broken)


def fields_of(table: pa.Table) -> pd.DataFrame:
    """A table of Arrow as a frame: whole numbers stay whole beside empty cells, lists become text."""
    frame = table.to_pandas(integer_object_nulls=True)
    for field in table.schema:
        if pa.types.is_nested(field.type) or pa.types.is_binary(field.type) or pa.types.is_large_binary(field.type):
            frame[field.name] = frame[field.name].map(as_cell)
    return frame


def shapes_of(blobs: list[bytes | None], straightened: Any = None) -> tuple[Shapes, Any]:
    """Shapes out of WKB, and the places of those that are broken; curves come from `straightened()`, with straight edges."""
    arcs = {head for head in {blob[:5] for blob in blobs if blob} if _is_curved(head)}
    curved = np.array([bool(arcs) and blob is not None and blob[:5] in arcs for blob in blobs], dtype=bool)
    plain = np.array(blobs, dtype=object)
    plain[curved] = None
    shapes = np.asarray(shapely.from_wkb(plain, on_invalid="ignore"), dtype=object).reshape(-1)
    if curved.any() and straightened is not None:
        shapes[curved] = straightened()[curved]
    given = np.array([blob is not None for blob in blobs], dtype=bool)
    return shapes, np.flatnonzero(given & shapely.is_missing(shapes))


def _is_curved(blob: bytes | None) -> bool:
    if not blob or len(blob) < 5:
        return False
    kind = int.from_bytes(blob[1:5], "little" if blob[0] else "big")
    return (kind & 0xFFFF) % 1000 in CURVED


def _straightened(layer: GdalLayer, first: int, count: int) -> Shapes:
    """The same features read row by row, in which way GDAL replaces arcs by chords of 4 degrees."""
    told = read_page(
        layer.path, layer=layer.layer, skip_features=first - 1, max_features=count, encoding=layer.encoding
    )
    return np.asarray(shapely.from_wkb(told[2], on_invalid="ignore"), dtype=object)


def _paged(layer: GdalLayer, rows: int) -> Iterator[Chunk]:
    first = 1
    while True:
        with explaining(layer.path) as heard:
            told, _, blobs, columns = read_page(
                layer.path, layer=layer.layer, skip_features=first - 1, max_features=rows, encoding=layer.encoding
            )
            names = [str(name) for name in told["fields"]]
            fields = pd.DataFrame(dict(zip(names, map(_column, columns), strict=True)), index=range(len(blobs)))
            shapes, broken = shapes_of(list(blobs))
            chunk = sound(first, layer.with_letters(fields), shapes, broken)
        if len(chunk):
            yield _with_notes(chunk, heard)
        if len(chunk) < rows:
            return
        first += len(chunk)


def _column(values: Any) -> pd.Series:
    return pd.Series(values, dtype="str") if values.dtype == object else pd.Series(values)


def _with_notes(chunk: Chunk, heard: list[warnings.WarningMessage]) -> Chunk:
    """The chunk with what the reader of the format warned of."""
    said = dict.fromkeys(str(one.message)[:200] for one in heard)
    notes = tuple(Issue("reader-warned", None, f"bộ đọc cảnh báo: {one}", f"the reader warns: {one}") for one in said)
    return Chunk(chunk.first, chunk.fields, chunk.shapes, chunk.issues + notes) if notes else chunk


def cut_off(path: Path, declared: int, found: int) -> BadFile:
    """A file that holds fewer features than it declares."""
    return BadFile(
        file=path.name,
        vi=f"tệp bị cắt: ghi có {declared:,} đối tượng nhưng chỉ đọc được {found:,}; hãy chép lại.",
        en=f"it is cut off: it declares {declared:,} features, {found:,} can be read; copy it again.",
    )


UNREADABLE = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.GeometryError,
    pa.ArrowException,
)


@contextmanager
def explaining(path: Path) -> Iterator[list[warnings.WarningMessage]]:
    """Collect what the library warns of; a file it cannot read is refused in one sentence."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            yield heard
        except (pyogrio.errors.CRSError, UnboundLocalError):  # the second is how pyogrio 0.13 fails on some broken .prj
            raise UnknownCrs(
                file=path.name,
                vi="hệ tọa độ ghi trong tệp bị hỏng (với Shapefile: xóa tệp .prj).",
                en="the one written in it is broken (of a Shapefile, remove the .prj).",
            ) from None
        except (*UNREADABLE, OSError, ValueError) as error:
            if OBJECT_LIMIT in str(error):
                raise _object_too_large(path) from None
            reason = str(error).replace(str(path), path.name).partition("\n")[0][:LONGEST_REASON]
            raise BadFile(
                file=path.name, vi=f"tệp không đọc được ({reason}).", en=f"it cannot be read ({reason})."
            ) from None


LONGEST_REASON = 200


def _object_too_large(path: Path) -> BadFile:
    limit = f"{limits().geojson_object_mib:,} MiB (QUYHOACH_FEATURE_VERTICES)"
    return BadFile(
        file=path.name,
        vi=f"một đối tượng chiếm hơn {limit} bộ nhớ.",
        en=f"one of its objects takes more than {limit} of memory.",
    )


def too_many(path: Path, count: int, most: int, vi: str, en: str) -> BadFile:
    """More layers or fields than a file may have."""
    return BadFile(
        file=path.name, vi=f"có {count:,} {vi}, hơn {most:,}.", en=f"it has {count:,} {en}, more than {most:,}."
    )
