"""What is looked at in a file of each kind before its reader sees it: broken, cut-off and hostile content is refused here."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from layers.sources.fingerprint import companion
from layers.sources.kinds import Kind
from layers.sources.markup import refuse_unsound
from planning.errors import BadFile

TABLES = re.compile(r"create\s+virtual\s+table\b.*\busing\s+[\"'`\[]?(\w+)", re.IGNORECASE | re.DOTALL)
INDEXES = {"rtree", "fts3", "fts4", "fts5"}


def _database(path: Path) -> None:
    """A GeoPackage is a program's database: tables drawn from elsewhere and layers computed by a query are refused."""
    for mark in ("-wal", "-journal"):
        beside = path.with_name(path.name + mark)
        if beside.exists() and beside.stat().st_size:
            raise BadFile(
                file=path.name,
                vi="một chương trình đang ghi tệp này; hãy đóng chương trình đó (QGIS…) rồi nhập lại.",
                en="a program is writing to it; close that program (QGIS…) and bring it in again.",
            )
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
            made = database.execute("SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
            views = {name for name, kind, _ in made if kind == "view"}
            layers = {name for (name,) in database.execute("SELECT table_name FROM gpkg_contents")}
    except (sqlite3.Error, UnicodeDecodeError) as error:  # the second: sqlite3 cannot put some messages into words
        raise BadFile(file=path.name, vi=f"tệp không đọc được ({error}).", en=f"it cannot be read ({error}).") from None
    strange = [name for name, _, sql in made if (found := TABLES.match(sql)) and found[1].lower() not in INDEXES]
    computed = sorted(strange) + sorted(views & layers)
    if computed:
        named = ", ".join(computed[:3])
        raise BadFile(
            file=path.name,
            vi=f"có lớp không phải bảng ({named}); hãy xuất lớp đó thành bảng.",
            en=f"it has layers that are no tables ({named}); export them as tables.",
        )


def _shapefile(path: Path) -> None:
    """A Shapefile whose headers promise more than its files hold."""
    if companion(path, ".shx") is None:
        raise BadFile(
            file=path.name,
            vi="thiếu tệp .shx; hãy chép đủ .shp, .shx, .dbf, .prj.",
            en="its .shx is missing; copy .shp, .shx, .dbf and .prj together.",
        )
    with path.open("rb") as stream:
        head = stream.read(100)
    promised = [(path, 2 * int.from_bytes(head[24:28], "big"))]
    table = companion(path, ".dbf")
    if table:
        with table.open("rb") as stream:
            head = stream.read(32)
        count, start, length = (int.from_bytes(head[a:b], "little") for a, b in ((4, 8), (8, 10), (10, 12)))
        promised.append((table, start + count * length))
    for part, size in promised:
        if part.stat().st_size < size:
            raise BadFile(
                file=path.name,
                vi=f"{part.name} bị cắt ({part.stat().st_size:,} / {size:,} byte); hãy chép lại.",
                en=f"{part.name} is cut off ({part.stat().st_size:,} of {size:,} bytes); copy it again.",
            )


def _mif(path: Path) -> None:
    """A MIF and its MID say of how many features they are; where they disagree one of them is cut off."""
    table = companion(path, ".mid")
    if table is None:
        raise BadFile(file=path.name, vi="thiếu tệp .mid.", en="its .mid is missing.")
    drawn = re.compile(
        rb"^[ \t]*(none|point|multipoint|line|pline|region|arc|text|rectangle|roundrect|rect|ellipse|collection)\b",
        re.IGNORECASE,
    )
    data = False
    shapes = 0
    with path.open("rb") as stream:
        for line in stream:
            if not data:
                data = line.strip().lower() == b"data"
            elif drawn.match(line):
                shapes += 1
    with table.open("rb") as stream:
        rows = sum(bool(line.strip()) for line in stream)
    if shapes < rows:
        raise BadFile(
            file=path.name,
            vi=f"tệp bị cắt: {shapes:,} hình nhưng {rows:,} dòng thuộc tính; hãy chép lại.",
            en=f"it is cut off: {shapes:,} shapes beside {rows:,} rows of attributes; copy it again.",
        )


GUARDS: dict[Kind, Callable[[Path], None]] = {
    "GeoPackage": _database, "Shapefile": _shapefile, "GML": refuse_unsound, "KML": refuse_unsound, "MapInfo MIF": _mif,
}  # fmt: skip
