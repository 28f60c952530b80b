"""CSV files of rows without shapes, in UTF-8."""

import csv
from dataclasses import dataclass
from pathlib import Path

from layers.sources.vector import sha256_of
from planning.errors import BadFile, MissingField

LARGEST_TABLE_BYTES = 64 * 1024**2


@dataclass(frozen=True, slots=True)
class TableSource:
    """The rows of a CSV file, every value as text; line numbers begin at 2, below the header."""

    path: Path
    sha256: str
    rows: list[dict[str, str]]


def read_table(path: Path, required: tuple[str, ...]) -> TableSource:
    """Read a CSV with a header; refuse what is not UTF-8 or lacks a column."""
    if not path.is_file():
        raise BadFile(file=str(path), vi="không có tệp này.", en="there is no such file.")
    if path.stat().st_size > LARGEST_TABLE_BYTES:
        raise BadFile(file=path.name, vi="tệp lớn hơn 64 MiB.", en="it is larger than 64 MiB.")
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            rows = [{name: (value or "").strip() for name, value in row.items() if name} for row in reader]
    except UnicodeDecodeError as error:
        where = f"byte {error.start}"
        raise BadFile(file=path.name, vi=f"không phải UTF-8 ({where}).", en=f"it is not UTF-8 ({where}).") from None
    except csv.Error as error:
        raise BadFile(file=path.name, vi=f"không phải CSV ({error}).", en=f"it is not CSV ({error}).") from None
    for name in required:
        if name not in (reader.fieldnames or ()):
            raise MissingField(file=path.name, field=name, present=", ".join(reader.fieldnames or ()))
    return TableSource(path, sha256_of(path), rows)
