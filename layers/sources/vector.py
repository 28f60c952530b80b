"""GeoPackage, GeoJSON and Shapefile, read through pyogrio."""

import hashlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
from pyproj import CRS
from pyproj.exceptions import CRSError

from planning.errors import BadFile, MissingField, UnknownCrs
from planning.geometry import DEPRECATED, LONLAT, NoOperation, Shapes, epsg_of, known_epsg, operation

FORMATS = {".gpkg": "GeoPackage", ".geojson": "GeoJSON", ".json": "GeoJSON", ".shp": "Shapefile"}
SIDECARS = (".shx", ".dbf", ".prj", ".cpg")
LARGEST_FILE_BYTES = 8 * 1024**3


@dataclass(frozen=True, slots=True)
class Source:
    """The features of one layer: `fields` and `shapes` in the same order, and where they came from."""

    path: Path
    layer: str
    sha256: str
    crs: int
    crs_said_by: str
    fields: pd.DataFrame
    shapes: Shapes
    reading: "Reading"
    notes: tuple[str, ...] = ()
    """What the reader of the format warned of."""

    def __len__(self) -> int:
        return len(self.shapes)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a person says a file is to be read: what the file does not tell by itself."""

    layer: str | None = None
    crs: str | None = None
    encoding: str | None = None
    names: dict[str, str] | None = None
    """Field of quyhoach → field of the file."""
    constants: dict[str, str] | None = None
    """Field of quyhoach → what a person says it is for every feature."""

    def as_parameters(self) -> dict[str, Any]:
        """What tells one reading of a file from another."""
        return {"encoding": self.encoding, "names": self.names or {}, "constants": self.constants or {}}


def read(path: Path, reading: Reading) -> Source:
    """Read one layer. Refuses an unknown format, an ambiguous layer, a missing CRS, an untold encoding."""
    layer = _layer(path, reading.layer)
    _encoding_is_told(path, reading.encoding)
    with _explaining(path) as notes:
        crs, said_by = _crs(path, layer, reading.crs)
        frame = pyogrio.read_dataframe(path, layer=layer, encoding=reading.encoding)
    if "geometry" not in frame:
        raise BadFile(file=path.name, vi=f"lớp {layer} không có hình.", en=f"layer {layer} has no geometry.")
    shapes = np.asarray(frame.geometry.values, dtype=object)
    fields = pd.DataFrame(frame.drop(columns="geometry"))
    renamed = _renamed(fields, path, reading.names or {}).assign(**(reading.constants or {}))
    said = tuple(dict.fromkeys(str(note.message) for note in notes))
    return Source(path, layer, sha256_of(path), crs, said_by, renamed, shapes, reading, said)


def layers_of(path: Path) -> list[str]:
    """The names of the layers in a file."""
    _readable(path)
    with _explaining(path):
        return [str(name) for name, _ in pyogrio.list_layers(path)]


@contextmanager
def _explaining(path: Path) -> Iterator[list[warnings.WarningMessage]]:
    """Collect what the library warns of; a file it cannot read is refused in one sentence."""
    with warnings.catch_warnings(record=True) as notes:
        warnings.simplefilter("always")
        try:
            yield notes
        except pyogrio.errors.DataSourceError as error:
            reason = str(error).splitlines()[0][:200]
            raise BadFile(
                file=path.name, vi=f"tệp không đọc được ({reason}).", en=f"it cannot be read ({reason})."
            ) from None


def sha256_of(path: Path) -> str:
    """The fingerprint of a file and, for a Shapefile, of the files that belong to it."""
    digest = hashlib.sha256()
    parts = [path, *(path.with_suffix(suffix) for suffix in SIDECARS)] if path.suffix.lower() == ".shp" else [path]
    for part in parts:
        if part.exists():
            with part.open("rb") as stream:
                while block := stream.read(1 << 20):
                    digest.update(block)
    return digest.hexdigest()


def required(source: Source, *names: str) -> None:
    """Refuse a file that lacks one of the fields."""
    for name in names:
        if name not in source.fields:
            present = ", ".join(map(str, source.fields.columns))
            raise MissingField(file=source.path.name, field=name, present=present)


def _readable(path: Path) -> None:
    if not path.is_file():
        raise BadFile(file=str(path), vi="không có tệp này.", en="there is no such file.")
    if path.suffix.lower() not in FORMATS:
        known = ", ".join(sorted(set(FORMATS.values())))
        raise BadFile(
            file=path.name,
            vi=f"định dạng “{path.suffix}” chưa đọc được; dùng được: {known}.",
            en=f"the format “{path.suffix}” is not read; these are: {known}.",
        )
    if path.stat().st_size > LARGEST_FILE_BYTES:
        raise BadFile(file=path.name, vi="tệp lớn hơn 8 GiB; hãy chia nhỏ.", en="it is larger than 8 GiB; split it.")


def _layer(path: Path, wanted: str | None) -> str:
    names = layers_of(path)
    if wanted is None and len(names) == 1:
        return names[0]
    if wanted in names:
        return str(wanted)
    listed = ", ".join(names) or "–"
    if wanted is None:
        raise BadFile(
            file=path.name,
            vi=f"tệp có nhiều lớp ({listed}); chọn một lớp bằng --layer.",
            en=f"it has several layers ({listed}); choose one with --layer.",
        )
    raise BadFile(
        file=path.name,
        vi=f"không có lớp “{wanted}” (có: {listed}).",
        en=f"it has no layer “{wanted}” (it has: {listed}).",
    )


def _encoding_is_told(path: Path, encoding: str | None) -> None:
    """A Shapefile without .cpg and without a language byte does not tell how its Vietnamese letters are written."""
    if path.suffix.lower() != ".shp" or encoding or path.with_suffix(".cpg").exists():
        return
    table = path.with_suffix(".dbf")
    if not table.exists():
        return
    content = table.read_bytes()
    if content[29] == 0 and not content[32:].isascii():
        raise BadFile(
            file=path.name,
            vi="không có tệp .cpg nên không rõ bảng mã chữ; hãy ghi --encoding, ví dụ --encoding UTF-8.",
            en="it has no .cpg file, so the encoding of its letters is not known; say --encoding, for example --encoding UTF-8.",
        )


def _crs(path: Path, layer: str, said: str | None) -> tuple[int, str]:
    if said is not None:
        return named_crs(path.name, said), "person"
    return _usable(path.name, _crs_of_file(path, layer)), "file"


def named_crs(file: str, said: str) -> int:
    """The EPSG code a person named for a file; refuses what is none, was withdrawn, or leads nowhere."""
    epsg = known_epsg(said)
    if epsg is None:
        raise UnknownCrs(file=file, vi=f"“{said}” không phải mã EPSG.", en=f"“{said}” is no EPSG code.")
    return _usable(file, epsg)


def _usable(file: str, epsg: int) -> int:
    if epsg in DEPRECATED:
        raise UnknownCrs(
            file=file,
            vi=f"EPSG:{epsg} đã bị EPSG thu hồi vì hoán đổi hai trị số gốc tọa độ.",
            en=f"EPSG:{epsg} was withdrawn: its false easting and northing are exchanged.",
        )
    try:
        operation(epsg, LONLAT)
    except NoOperation as error:
        raise UnknownCrs(file=file, vi=f"không có phép chuyển nào từ EPSG:{epsg}.", en=f"{error}.") from None
    return epsg


def _crs_of_file(path: Path, layer: str) -> int:
    text = pyogrio.read_info(path, layer=layer)["crs"]
    if not text:
        raise UnknownCrs(file=path.name, vi="tệp không ghi hệ tọa độ.", en="the file does not name one.")
    try:
        epsg = epsg_of(CRS.from_user_input(text))
    except CRSError:
        epsg = None
    if epsg is None:
        raise UnknownCrs(
            file=path.name,
            vi="hệ tọa độ ghi trong tệp không ứng đúng với một mã EPSG nào.",
            en="the one in the file matches no EPSG code exactly.",
        )
    return epsg


def _renamed(fields: pd.DataFrame, path: Path, names: dict[str, str]) -> pd.DataFrame:
    for theirs in names.values():
        if theirs not in fields:
            raise MissingField(file=path.name, field=theirs, present=", ".join(map(str, fields.columns)))
    taken = set(names.values())
    replaced = [ours for ours in names if ours not in taken and ours in fields]
    return fields.drop(columns=replaced).rename(columns={theirs: ours for ours, theirs in names.items()})
