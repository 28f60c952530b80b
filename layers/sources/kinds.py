"""Which kind of file this is: the suffix and the content must agree, and only kinds listed here are ever handed to a reader.

GDAL opens whatever content it recognises, by dozens of drivers, some of which fetch addresses or run other files. It cannot
be told through pyogrio which drivers it may use, so a file is looked into before GDAL sees it and the driver is checked after.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast
from xml.parsers import expat

from planning.errors import BadFile

Kind = Literal[
    "GeoPackage", "GeoJSON", "Shapefile", "FlatGeobuf", "GML", "KML", "File Geodatabase", "MapInfo TAB", "MapInfo MIF",
    "GeoParquet", "CSV", "DXF", "DGN", "Zip",
]  # fmt: skip

SUFFIXES: dict[str, Kind] = {
    ".gpkg": "GeoPackage", ".geojson": "GeoJSON", ".json": "GeoJSON", ".shp": "Shapefile", ".fgb": "FlatGeobuf", ".gml": "GML",
    ".xml": "GML", ".kml": "KML", ".gdb": "File Geodatabase", ".tab": "MapInfo TAB", ".mif": "MapInfo MIF",
    ".parquet": "GeoParquet", ".geoparquet": "GeoParquet", ".csv": "CSV", ".txt": "CSV", ".dxf": "DXF", ".dgn": "DGN",
    ".zip": "Zip", ".kmz": "Zip",
}  # fmt: skip

DRIVERS: dict[Kind, str] = {
    "GeoPackage": "GPKG", "GeoJSON": "GeoJSON", "Shapefile": "ESRI Shapefile", "FlatGeobuf": "FlatGeobuf", "GML": "GML", "KML": "LIBKML",
    "File Geodatabase": "OpenFileGDB", "MapInfo TAB": "MapInfo File", "MapInfo MIF": "MapInfo File", "DGN": "DGN",
}  # fmt: skip
"""The one driver of GDAL that may open a kind."""

LOOKED_AT = 256 * 1024
"""Bytes of a file's beginning that tell its kind."""


@dataclass(frozen=True, slots=True)
class WayOut:
    """A kind that is not read, and what a person can do about it."""

    name: str
    vi: str
    en: str


UNREAD: dict[str, WayOut] = {
    "dwg": WayOut(
        "DWG",
        "trong AutoCAD lưu thành DXF R2010 trở lên (lệnh DXFOUT)",
        "save it from AutoCAD as DXF R2010 or newer (DXFOUT)",
    ),
    "ole": WayOut(
        "DGN v8, DOC, XLS",
        "trong MicroStation lưu thành DGN v7 hoặc DXF R2010; bảng Excel lưu thành CSV UTF-8",
        "save it from MicroStation as DGN v7 or DXF R2010, an Excel sheet as CSV UTF-8",
    ),
    "pdf": WayOut(
        "PDF",
        "xuất bản vẽ từ phần mềm gốc ra DXF hoặc GeoPackage; bản quét thì nắn tọa độ",
        "export the drawing from where it was made as DXF or GeoPackage; georeference a scan",
    ),
    "picture": WayOut("ảnh / a picture", "nắn tọa độ bản quét rồi số hóa", "georeference the scan, then digitise it"),
    "rar": WayOut("RAR, 7z", "nén lại thành .zip", "pack it as .zip"),
    "gzip": WayOut("gzip", "giải nén rồi nhập tệp bên trong", "unpack it and bring in what is inside"),
    "office": WayOut("XLSX, DOCX", "lưu bảng thành CSV UTF-8", "save the sheet as CSV UTF-8"),
    "sqlite": WayOut("SQLite", "xuất thành GeoPackage", "export it as GeoPackage"),
    "mdb": WayOut(
        "Personal Geodatabase (Access)",
        "xuất thành GeoPackage hoặc File Geodatabase",
        "export it as GeoPackage or File Geodatabase",
    ),
    "vrt": WayOut("VRT", "nhập chính tệp dữ liệu mà nó trỏ đến", "bring in the file that it points to"),
    "xml": WayOut("XML", "xuất thành GML hoặc GeoPackage", "export it as GML or GeoPackage"),
    "json": WayOut(
        "JSON",
        "xuất thành GeoJSON (một FeatureCollection)",
        "export it as GeoJSON (a FeatureCollection)",
    ),
    "empty": WayOut("tệp rỗng / an empty file", "hãy chép lại", "copy it again"),
    "binary": WayOut("tệp nhị phân lạ / an unknown binary", "xuất thành GeoPackage", "export it as GeoPackage"),
    "dxf-binary": WayOut(
        "DXF nhị phân / binary DXF",
        "lưu thành DXF dạng văn bản (ASCII) R2010 trở lên",
        "save it as text (ASCII) DXF R2010 or newer",
    ),
}

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"fgb\x03", "FlatGeobuf"), (b"PK\x03\x04", "Zip"), (b"PK\x05\x06", "Zip"), (b"PAR1", "GeoParquet"),
    (b"\x00\x00\x27\x0a", "Shapefile"),
    (b"AutoCAD Binary DXF", "dxf-binary"), (b"\x08\x09\xfe\x02", "DGN"), (b"\xc8\x09\xfe\x02", "DGN"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"), (b"%PDF", "pdf"), (b"\x89PNG", "picture"), (b"\xff\xd8\xff", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"), (b"Rar!", "rar"), (b"7z\xbc\xaf", "rar"), (b"\x1f\x8b", "gzip"), (b"\x00\x01\x00\x00Standard", "mdb"),
)  # fmt: skip


def kind_of(path: Path) -> Kind:
    """The kind of a file; refuses what is not read, with the way out, and a suffix that its content belies."""
    by_name = SUFFIXES.get(path.suffix.lower())
    found: str | None = "File Geodatabase" if path.is_dir() else content_of(path)
    if found in UNREAD:
        raise _unread(path, UNREAD[found])
    if by_name is None:
        _refuse_suffix(path)
    if found != by_name:
        said, is_really = path.suffix, found or "văn bản / text"
        raise BadFile(
            file=path.name,
            vi=f"tên tệp ghi {said} nhưng nội dung là {is_really}; hãy đặt lại tên hoặc xuất lại tệp.",
            en=f"its name says {said} but its content is {is_really}; rename it or export it again.",
        )
    return cast("Kind", by_name)


def content_of(path: Path) -> str | None:
    """What the first bytes tell: a kind, a key of `UNREAD`, or None for text that tells nothing."""
    with path.open("rb") as stream:
        start = stream.read(LOOKED_AT)
    if not start:
        return "empty"
    if start.startswith(b"SQLite format 3\x00"):
        return "GeoPackage" if start[68:72] in {b"GPKG", b"GP10", b"GP11"} else "sqlite"
    if re.match(rb"AC1\.?\d{2,3}|MC0\.0", start):
        return "dwg"
    for magic, kind in _MAGIC:
        if start.startswith(magic):
            return "office" if kind == "Zip" and b"[Content_Types].xml" in start[:4096] else kind
    return _content_of_text(_as_text(start))


def _as_text(start: bytes) -> str | None:
    """The beginning as text, None where it is none."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if start.startswith(mark):
            return start.decode(encoding, errors="replace")
    return None if b"\x00" in start else start.decode("latin-1")


def _content_of_text(text: str | None) -> str | None:
    if text is None:
        return "binary"
    begun = text.lstrip()
    if begun.startswith("<"):
        return _content_of_markup(begun)
    if begun.startswith("{"):
        return _content_of_json(begun)
    if re.match(r"(999\r?\n[^\n]*\n\s*)*0\s*\r?\n\s*SECTION\b", begun):
        return "DXF"
    if re.match(r"!table\b", begun, re.IGNORECASE):
        return "MapInfo TAB"
    return "MapInfo MIF" if re.match(r"version\s+\d+\s*\n", begun, re.IGNORECASE) else "CSV"


def _content_of_json(text: str) -> str:
    """GeoJSON only: other JSON makes GDAL run pipelines (`gdal_streamed_alg`) or fetch services."""
    types = set(re.findall(r'"type"\s*:\s*"(\w+)"', text))
    strange = {"gdal_streamed_alg", "Topology"} & types or '"stac_version"' in text
    return "GeoJSON" if "FeatureCollection" in types and not strange else "json"


def _content_of_markup(text: str) -> str:
    names: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, _attributes: names.append(name)
    with suppress(expat.ExpatError):  # the beginning alone tells the root; `markup.refuse_unsound` judges the whole
        parser.Parse(re.sub(r"^<\?xml[^>]*\?>", "", text), False)
    root = names[0] if names else ""
    if root.rpartition(" ")[2] == "kml":
        return "KML"
    if "VRT" in root:
        return "vrt"
    return "GML" if "opengis.net/gml" in text and "FeatureCollection" in root else "xml"


def _unread(path: Path, what: WayOut) -> BadFile:
    return BadFile(
        file=path.name, vi=f"{what.name} chưa đọc được; {what.vi}.", en=f"{what.name} is not read; {what.en}."
    )


def _refuse_suffix(path: Path) -> None:
    known = ", ".join(dict.fromkeys(SUFFIXES.values()))
    raise BadFile(
        file=path.name,
        vi=f"định dạng “{path.suffix}” chưa đọc được; dùng được: {known}.",
        en=f"the format “{path.suffix}” is not read; these are: {known}.",
    )
