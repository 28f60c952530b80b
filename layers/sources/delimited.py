"""CSV with shapes: a column of WKT, or the corner points of lots; without either, rows without shapes."""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from layers.sources.corners import corner_columns, lots_of
from layers.sources.facts import UNICODE, Chunk, Content, LayerFacts, Letters, Reading
from layers.sources.fingerprint import BLOCK
from layers.sources.gdal import too_many
from layers.sources.letters import BYTES, as_text, believed
from layers.sources.limits import LONGEST_HEADER, MOST_FIELDS, limits
from layers.sources.soundness import sound
from planning.errors import BadFile

WKT_COLUMNS = {"wkt", "geom", "geometry", "the_geom", "shape"}
SEPARATORS = ",;\t|"
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class Layout:
    """How a CSV is written: its codec (`BYTES` where it is not Unicode), separator and header."""

    path: Path
    codec: str
    separator: str
    header: tuple[str, ...]

    @property
    def wkt(self) -> str | None:
        """The column of shapes, if there is one."""
        return next((name for name in self.header if plain(name) in WKT_COLUMNS), None)

    def with_letters(self, fields: pd.DataFrame, letters: Letters) -> pd.DataFrame:
        """The fields, decoded where they were read as bytes."""
        return as_text(fields, letters) if self.codec == BYTES else fields

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The rows below the header with the number of the line on which each ends; cells are text as they stand."""
        csv.field_size_limit(limits().cell_characters)
        try:
            with self.path.open(encoding=self.codec, newline="") as stream:
                reader = csv.reader(stream, delimiter=self.separator, strict=True)
                next(reader, None)
                for row in reader:
                    yield reader.line_num, self._of_the_header(row, reader.line_num)
        except (csv.Error, UnicodeError) as error:
            if "field limit" in str(error):
                raise self._cell_too_long() from None
            raise BadFile(
                file=self.path.name, vi=f"không phải CSV ({error}).", en=f"it is not CSV ({error})."
            ) from None

    def _cell_too_long(self) -> BadFile:
        limit = f"{limits().cell_characters:,}"
        return BadFile(
            file=self.path.name,
            vi=f"một ô dài hơn {limit} ký tự (QUYHOACH_FEATURE_VERTICES); hoặc thiếu dấu ngoặc kép đóng.",
            en=f"a cell has more than {limit} characters (QUYHOACH_FEATURE_VERTICES), or a quote is not closed.",
        )

    def _of_the_header(self, row: list[str], line: int) -> list[str]:
        if len(row) > len(self.header):
            raise BadFile(
                file=self.path.name,
                vi=f"dòng {line} có nhiều ô hơn tiêu đề; đặt ô có dấu “{self.separator}” trong dấu ngoặc kép.",
                en=f"line {line} has more cells than the header; put a cell that holds “{self.separator}” in quotes.",
            )
        if any("\0" in cell for cell in row):
            raise BadFile(
                file=self.path.name, vi=f"dòng {line} có ký tự NUL.", en=f"line {line} holds a NUL character."
            )
        return row + [""] * (len(self.header) - len(row))


def layout_of(path: Path) -> Layout:
    """How the file is written; the separator is the one its header uses most."""
    codec = _codec(path)
    try:
        with path.open(encoding=codec, newline="") as stream:
            line = stream.readline(LONGEST_HEADER)
    except UnicodeError:
        raise BadFile(file=path.name, vi="không phải văn bản.", en="it is not text.") from None
    separator = max(SEPARATORS, key=line.count)
    header = tuple(name.strip() for name in next(csv.reader([line], delimiter=separator), []))
    if len(header) > MOST_FIELDS:
        raise too_many(path, len(header), MOST_FIELDS, "cột", "columns")
    if len(set(header)) < len(header) or not any(header):
        raise BadFile(
            file=path.name,
            vi="dòng đầu phải là tên cột, mỗi tên một lần.",
            en="its first line must name the columns, each once.",
        )
    return Layout(path, codec, separator, header)


def _codec(path: Path) -> str:
    with path.open("rb") as stream:
        start = stream.read(4)
    marked = next((codec for mark, codec in MARKS if start.startswith(mark)), None)
    return marked or ("utf-8" if _is_text_in(path, "utf-8") else BYTES)


def _is_text_in(path: Path, codec: str) -> bool:
    try:
        with path.open(encoding=codec) as stream:
            while stream.read(BLOCK):
                pass
    except UnicodeDecodeError:
        return False
    return True


def plain(name: str) -> str:
    """A column's name without marks, units and blanks: “Tọa độ X (m)” is `toa do x`."""
    letters = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.sub(r"\(.*?\)|[^a-z0-9_]", " ", bare).split())


def delimited_facts(path: Path) -> list[LayerFacts]:
    """The one layer of a CSV, told by its header."""
    layout = layout_of(path)
    corners = corner_columns({plain(name): name for name in layout.header})
    kind = "mixed" if layout.wkt else "Polygon" if corners else None
    fields = tuple(name for name in layout.header if name != layout.wkt)
    return [
        LayerFacts(path.stem, kind, None, corners.kept(fields) if corners and not layout.wkt else fields, None, None)
    ]


def delimited_content(path: Path, facts: LayerFacts, reading: Reading) -> Content:
    """The rows, or the lots that they are the corners of."""
    layout = layout_of(path)
    letters, notes = _letters(layout, reading.encoding)
    corners = None if layout.wkt else corner_columns({plain(name): name for name in layout.header})
    if corners:
        table = pd.DataFrame([row for _, row in layout.rows()], columns=list(layout.header), dtype="str")
        table = layout.with_letters(table, letters)
        lots = lots_of(path, table, corners, reading.northing)
        return Content(facts, lots.pages, letters, (*notes, *lots.notes), lots.issues)

    def pages(rows: int) -> Iterator[Chunk]:
        first, lines = 1, layout.rows()
        while batch := [row for _, row in islice(lines, rows)]:
            yield _chunk(layout, letters, batch, first)
            first += len(batch)

    return Content(facts, pages, letters, notes)


def _letters(layout: Layout, said: str | None) -> tuple[Letters, tuple[str, ...]]:
    if layout.codec != BYTES:
        return UNICODE, ()
    return believed(layout.path, _lines_of(layout.path), said, None)


def _lines_of(path: Path) -> Iterable[bytes]:
    with path.open("rb") as stream:
        yield from stream


def _chunk(layout: Layout, letters: Letters, batch: list[list[str]], first: int) -> Chunk:
    fields = pd.DataFrame(batch, columns=list(layout.header), dtype="str")
    if layout.wkt is None:
        return sound(first, layout.with_letters(fields, letters), None)
    texts = fields.pop(layout.wkt).str.strip().to_numpy(dtype=object)
    texts[texts == ""] = None
    shapes = np.asarray(shapely.from_wkt(texts, on_invalid="ignore"), dtype=object)
    given = np.array([text is not None for text in texts], dtype=bool)
    return sound(
        first, layout.with_letters(fields, letters), shapes, np.flatnonzero(given & shapely.is_missing(shapes))
    )
