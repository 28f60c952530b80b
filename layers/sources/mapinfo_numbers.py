"""Empty numbers of MapInfo, which GDAL reads as 0. A .mid writes them as text, so there they can be told; a .dat as the number 0."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pandas as pd

from layers.sources.facts import Chunk, Content, Issue

DELIMITER = "\t"
"""Between the cells of a .mid, unless its .mif says another."""

SHOWN = 5


def with_empty_cells(content: Content, mif: Path, mid: Path) -> Content:
    """The content of a .mif, numbers that its .mid leaves empty as nothing. Where the two do not agree, GDAL's zeros stay and are told."""

    def pages(rows: int) -> Iterator[Chunk]:
        with mid.open(encoding="latin-1", newline="\n") as stream:
            for chunk in content.pages(rows):
                yield _emptied(chunk, list(islice(stream, len(chunk))), _delimiter(mif))

    return replace(content, pages=pages)


def _delimiter(mif: Path) -> str:
    with mif.open(encoding="latin-1") as stream:
        for line in stream:
            word, _, value = line.strip().partition(" ")
            if word.casefold() == "delimiter":
                return value.strip().strip('"')[:1] or DELIMITER
            if word.casefold() == "data":
                break
    return DELIMITER


def _emptied(chunk: Chunk, lines: list[str], delimiter: str) -> Chunk:
    names = _numeric(chunk.fields)
    if not names:
        return chunk
    cells = [_cells(line, delimiter) for line in lines]
    if len(cells) != len(chunk) or any(len(row) != len(chunk.fields.columns) for row in cells):
        return replace(chunk, issues=(*chunk.issues, _ambiguous(names)))
    table = pd.DataFrame(cells, columns=chunk.fields.columns, index=chunk.fields.index)
    empty = {name: table[name].str.strip() == "" for name in names}
    if any((chunk.fields[name][empty[name]] != 0).any() for name in names):
        return replace(chunk, issues=(*chunk.issues, _ambiguous(names)))
    columns = {name: chunk.fields[name].astype(object).mask(empty[name], None) for name in names if empty[name].any()}
    return replace(chunk, fields=chunk.fields.assign(**columns)) if columns else chunk


def _cells(line: str, delimiter: str) -> list[str]:
    """The cells of one line; of one that no reader of cells takes, none."""
    try:
        return next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter), [""])
    except csv.Error:
        return []


def zeros(content: Content, rows: int) -> tuple[Issue, ...]:
    """What is to be said of the numbers of a table whose file writes an empty number as 0; nothing where no number is 0."""
    found: Counter[str] = Counter()
    for chunk in content.pages(rows):
        for name in _numeric(chunk.fields):
            found[name] += int((chunk.fields[name] == 0).sum())
    names = [name for name, number in found.items() if number]
    return (_ambiguous([f"{name} ({found[name]:,})" for name in names]),) if names else ()


def _numeric(fields: pd.DataFrame) -> list[str]:
    return [str(name) for name in fields if pd.api.types.is_numeric_dtype(fields[name])]


def _ambiguous(names: list[str]) -> Issue:
    listed = ", ".join(names[:SHOWN]) + (", …" if len(names) > SHOWN else "")
    return Issue(
        "empty-or-zero",
        None,
        f"MapInfo không phân biệt số trống với 0; xem lại các số 0 của {listed}, hoặc xuất lại GeoPackage",
        f"MapInfo cannot tell an empty number from 0; look at the zeros of {listed}, or export it as GeoPackage",
    )
