"""CSV files of rows without shapes, in UTF-8."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from layers.sources.fingerprint import sha256_of
from planning.errors import BadFile, MissingField

LARGEST_TABLE_BYTES = 64 * 1024**2


@dataclass(frozen=True, slots=True)
class TableSource:
    """The rows of a CSV file, every value as text, and the line of each; line numbers begin at 2, below the header."""

    path: Path
    sha256: str
    rows: list[dict[str, str]]
    lines: list[int]

    def only(self, wanted: dict[str, set[str]]) -> "TableSource":
        """The rows whose columns hold one of the values wanted; a column that is not there is an error."""
        for name in wanted:
            if self.rows and name not in self.rows[0]:
                raise MissingField(file=self.path.name, field=name, present=", ".join(self.rows[0]))
        kept = [n for n, row in enumerate(self.rows) if all(row[name] in values for name, values in wanted.items())]
        return TableSource(self.path, self.sha256, [self.rows[n] for n in kept], [self.lines[n] for n in kept])

    def renamed(self, names: dict[str, str]) -> "TableSource":
        """The same rows with columns under our names: ours → theirs."""
        for theirs in names.values():
            if self.rows and theirs not in self.rows[0]:
                raise MissingField(file=self.path.name, field=theirs, present=", ".join(self.rows[0]))
        ours = {theirs: own for own, theirs in names.items()}
        rows = [{ours.get(name, name): value for name, value in row.items()} for row in self.rows]
        return TableSource(self.path, self.sha256, rows, self.lines)


def read_table(path: Path, required: tuple[str, ...]) -> TableSource:
    """Read a CSV with a header; refuse what is not UTF-8 or lacks a column."""
    if not path.is_file():
        raise BadFile(file=str(path), vi="không có tệp này.", en="there is no such file.")
    if path.stat().st_size > LARGEST_TABLE_BYTES:
        raise BadFile(file=path.name, vi="tệp lớn hơn 64 MiB.", en="it is larger than 64 MiB.")
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            named = tuple(reader.fieldnames or ())
            rows = [_row(row, line, path) for line, row in enumerate(reader, start=2)]
    except UnicodeDecodeError as error:
        where = f"byte {error.start}"
        raise BadFile(file=path.name, vi=f"không phải UTF-8 ({where}).", en=f"it is not UTF-8 ({where}).") from None
    except csv.Error as error:
        raise BadFile(file=path.name, vi=f"không phải CSV ({error}).", en=f"it is not CSV ({error}).") from None
    for name in required:
        if name not in named:
            raise MissingField(file=path.name, field=name, present=", ".join(named))
    return TableSource(path, sha256_of(path), rows, list(range(2, len(rows) + 2)))


def _row(row: dict[str, Any], line: int, path: Path) -> dict[str, str]:
    """One row; a surplus cell would be lost silently (an unquoted comma in a sentence), so the file is refused."""
    if None in row:
        raise BadFile(
            file=path.name,
            vi=f"dòng {line} có nhiều ô hơn tiêu đề; đặt ô có dấu phẩy trong dấu ngoặc kép.",
            en=f"line {line} has more cells than the header; put a cell that holds a comma in quotes.",
        )
    values = {name: (value or "").strip() for name, value in row.items()}
    if any("\0" in value for value in values.values()):
        raise BadFile(file=path.name, vi=f"dòng {line} có ký tự NUL.", en=f"line {line} holds a NUL character.")
    return values
