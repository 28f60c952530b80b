"""COPY, in PostgreSQL's binary format: columns of values and of shapes into a table, a bounded number of rows at a time.

While the server takes in one lot of rows, a second thread lays the next one out; so the two cores of a small machine both work.
Formats: https://www.postgresql.org/docs/current/sql-copy.html (binary format); a shape is its EWKB, JSONB a byte 1 before its text.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from geoalchemy2 import Geometry
from psycopg import sql as psql
from psycopg.types.string import BytesBinaryDumper
from sqlalchemy import ARRAY, BigInteger, Boolean, Column, Date, DateTime, Double, Integer, SmallInteger, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from planning.store.session import WriteSession

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""

COPY_ROWS = 2_000
"""Rows laid out at a time: the server works on those before while the next are laid out."""

_BINARY: tuple[tuple[type[Any], str], ...] = (
    (Geometry, "bytea"), (JSONB, "bytea"), (BigInteger, "int8"), (SmallInteger, "int2"), (Integer, "int4"), (Double, "float8"),
    (Text, "text"), (Date, "date"), (DateTime, "timestamptz"), (Boolean, "bool"), (ARRAY, "text[]"),
)  # fmt: skip
"""How a column's values are laid out; the more particular type stands first."""


def copied(
    session: WriteSession,
    table: Table,
    columns: dict[str, Sequence[Any]],
    *,
    into: str,
    progress: Progress | None = None,
) -> int:
    """COPY columns of equal length, named as those of `table`, into the relation `into`; the number of rows."""
    total = len(next(iter(columns.values())))
    driver = session.connection.connection.driver_connection
    assert driver is not None
    names = psql.SQL(", ").join(psql.Identifier(name) for name in columns)
    statement = psql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(psql.Identifier(into), names)
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        cursor.adapters.register_dumper(bytes, BytesBinaryDumper)  # for bytea psycopg takes a slow one, in Python
        copy.set_types([_layout(table.c[name]) for name in columns])
        for start in range(0, total, COPY_ROWS):
            for row in _lot(table, columns, start):
                copy.write_row(row)
            if progress:
                progress("store", min(start + COPY_ROWS, total), total)
    return total


def _layout(column: Column[Any]) -> str:
    return next(name for kind, name in _BINARY if isinstance(column.type, kind))


def _lot(table: Table, columns: dict[str, Sequence[Any]], start: int) -> Iterator[tuple[Any, ...]]:
    """Rows of one lot; shapes become EWKB a lot at a time, so that memory stays bounded."""
    stop = start + COPY_ROWS
    return zip(*(_values(table.c[name], values[start:stop]) for name, values in columns.items()), strict=True)


def _values(column: Column[Any], values: Sequence[Any]) -> Sequence[Any]:
    if isinstance(column.type, Geometry):
        return list(shapely.to_wkb(np.asarray(values, dtype=object), include_srid=True))
    if isinstance(column.type, JSONB):
        return [None if value is None else b"\x01" + str(value).encode() for value in values]
    return values.tolist() if isinstance(values, np.ndarray) else values
