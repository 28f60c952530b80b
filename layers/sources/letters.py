"""Letters of files that may not be Unicode: read byte by byte as ISO-8859-1, turned into text only where the encoding is sure.

A .dbf without .cpg does not tell how its Vietnamese is written, and its language byte tells the code page of the program that wrote
it, which for TCVN3 and VNI is never the truth. GDAL would recode by that byte; so it is always told ISO-8859-1, which loses nothing.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from layers.sources.facts import Letters
from layers.sources.fingerprint import BLOCK, companion
from planning.errors import BadFile

BYTES = "ISO-8859-1"
UTF_8 = "UTF-8"
BY_TABLE = {"TCVN", "TCVN3", "VNI", "VISCII", "VPS"}
"""Vietnamese encodings Python has no codec for: the letters stay bytes, and are converted by table later."""

WESTERN = {"iso8859-1", "cp1252", "iso8859-15"}
"""What programs write by default. None of them has the letters of Vietnamese, so beside other letters than ASCII they are not believed."""


def letters_of_shapefile(path: Path, said: str | None) -> tuple[Letters, tuple[str, ...]]:
    """How the letters of a Shapefile's table are to be read, and notes on what could not be believed."""
    table = companion(path, ".dbf")
    if table is None:
        note = "không có tệp .dbf nên không có thuộc tính / there is no .dbf, so there are no attributes"
        return Letters("ASCII"), (note,)
    page = companion(path, ".cpg")
    told = page.read_text(encoding="ascii", errors="replace").strip()[:40] if page else None
    return believed(path, Records(table), said, told)


def believed(path: Path, texts: Iterable[bytes], said: str | None, told: str | None) -> tuple[Letters, tuple[str, ...]]:
    """The encoding a person said, or the file told where its bytes agree; None where neither is sure.

    A person who says an encoding in which the bytes are not text is contradicted, a file is only doubted.
    """
    if said:
        return _said(path, texts, said), ()
    if all(text.isascii() for text in texts):
        return Letters("ASCII", told, "file" if told else None), ()
    codec = codec_of(told) if told else None
    if codec is None or codec in WESTERN or _first_wrong(texts, codec) is not None:
        notes = (f"bảng mã ghi trong tệp không tin được / the encoding it names cannot be believed: {told}",)
        return Letters(None, told, None), notes if told else ()
    return Letters(_shown(codec), told, "file"), ()


def _said(path: Path, texts: Iterable[bytes], said: str) -> Letters:
    if said.upper() in BY_TABLE:
        return Letters(None, said, "person")
    codec = codec_of(said)
    if codec is None:
        raise BadFile(file=path.name, vi=f"không có bảng mã “{said}”.", en=f"there is no encoding “{said}”.")
    wrong = _first_wrong(texts, codec)
    if wrong is not None:
        raise BadFile(
            file=path.name,
            vi=f"chữ không phải {said} (byte {wrong}).",
            en=f"its letters are not {said} (byte {wrong}).",
        )
    return Letters(_shown(codec), said, "person")


def codec_of(name: str) -> str | None:
    """Python's name of a code page as .cpg and MapInfo files write it (65001, “ANSI 1258”, 88591, WindowsVietnamese)."""
    plain = re.sub(r"^(ansi|oem)[ _]?", "", name.strip().lower())
    plain = re.sub(r"^(iso)?[ -]?8859[ -]?(\d+)$", r"iso8859-\2", plain)
    plain = {"65001": "utf-8", "windowslatin1": "cp1252", "windowsvietnamese": "cp1258"}.get(plain, plain)
    plain = f"cp{plain}" if plain.isdigit() else plain
    try:
        return codecs.lookup(plain).name
    except (LookupError, ValueError):
        return None


def _shown(codec: str) -> str:
    return UTF_8 if codec == "utf-8" else codec


class Records:
    """The records of a .dbf, some at a time: its header says where they begin and how long each is."""

    def __init__(self, table: Path) -> None:
        with table.open("rb") as stream:
            head = stream.read(32)
        length = max(int.from_bytes(head[10:12], "little"), 1)
        self.table, self.start = table, int.from_bytes(head[8:10], "little")
        self.size = max(BLOCK // length, 1) * length

    def __iter__(self) -> Iterator[bytes]:
        with self.table.open("rb") as stream:
            stream.seek(self.start)
            while block := stream.read(self.size):
                yield block


def _first_wrong(texts: Iterable[bytes], codec: str) -> int | None:
    """The place of the first byte that is not text in this encoding."""
    place = 0
    for text in texts:
        try:
            text.decode(codec)
        except UnicodeDecodeError as error:
            return place + error.start
        place += len(text)
    return None


def as_text(fields: pd.DataFrame, letters: Letters) -> pd.DataFrame:
    """A table that was read byte by byte, its letters decoded where the encoding is known."""
    if letters.encoding in {None, "ASCII", "iso8859-1"}:
        return fields
    turned = {name: _decoded(column, str(letters.encoding)) for name, column in fields.items() if _is_text(column)}
    return fields.assign(**turned) if turned else fields


def _is_text(column: pd.Series) -> bool:
    return bool(pd.api.types.is_string_dtype(column) or column.dtype == object)


def _decoded(column: pd.Series, encoding: str) -> pd.Series:
    def decode(value: object) -> object:
        if not isinstance(value, str) or value.isascii() or max(value) > "\xff":
            return value
        return value.encode("latin-1").decode(encoding)

    return column.map(decode)
