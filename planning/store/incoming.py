"""Bringing rows in: recognising a file, making room for new versions, COPY.

A version of a thing is named by its key and the day it begins. A new version replaces the same version of the draft (its rows
are deleted) and supersedes the same version of the published data (its rows are closed by the draft's number). Any other row
of the same key in force on a common day is a contradiction that a person must settle.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

import shapely
from sqlalchemy import Table, func, insert, select, text, update

from planning.errors import NotAllowed
from planning.geometry import WEB, Shapes
from planning.store.copying import Progress, copied
from planning.store.session import ReadSession, WriteSession
from planning.store.tables import dataset

Stored: TypeAlias = Table
"""A table of the store, for those who may not know the library behind it."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """What is recorded about a file that was brought in."""

    kind: str
    file_name: str
    sha256: str
    parameters: dict[str, Any]
    source_crs: int | None = None
    operation: str | None = None
    illustration: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """Columns of equal length for one table. Shapes are columns too: arrays of geometries named by their column."""

    table: Table
    columns: dict[str, Sequence[Any]]
    shapes: dict[str, Shapes] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))


@dataclass(frozen=True, slots=True)
class Room:
    """What gave way to the new rows."""

    replaced: int
    superseded: int


def recognised(session: ReadSession, wanted: Dataset, tables: Sequence[Table]) -> int | None:
    """The data set of the same file with the same parameters all of whose rows are still the newest; None if there is none."""
    same = (dataset.c.sha256 == wanted.sha256) & (dataset.c.kind == wanted.kind)
    candidates = session.connection.execute(
        select(dataset.c.id, dataset.c.counts)
        .where(same, dataset.c.parameters == wanted.parameters)
        .order_by(dataset.c.id.desc())
    )
    for candidate, counts in candidates:
        if all(_living(session, table, candidate) == counts.get(f"stored_{table.name}") for table in tables):
            return int(candidate)
    return None


def _living(session: ReadSession, table: Table, dataset_id: int) -> int:
    living = select(func.count()).where(table.c.dataset_id == dataset_id, table.c.release_to.is_(None))
    return int(session.connection.execute(living).scalar_one())


def record(session: WriteSession, wanted: Dataset, release_from: int) -> int:
    """Enter the data set; its counts and report follow when the rows are in."""
    values = {name: getattr(wanted, name) for name in Dataset.__slots__}
    statement = (
        insert(dataset).values(**values, release_from=release_from, counts={}, report={}).returning(dataset.c.id)
    )
    return int(session.connection.execute(statement).scalar_one())


def conclude(session: WriteSession, dataset_id: int, counts: dict[str, int], report: dict[str, Any]) -> None:
    """Write what came of the import beside its data set."""
    session.connection.execute(update(dataset).where(dataset.c.id == dataset_id).values(counts=counts, report=report))


def make_room(session: WriteSession, rows: Rows, key: Sequence[str], draft: int) -> Room:
    """Replace or supersede the versions that `rows` bring anew; refuse what contradicts them."""
    table = rows.table
    begins = "valid_from" if "valid_from" in table.c else None
    names = [*key, *([begins, "valid_to"] if begins else [])]
    _stage(session, table, {name: rows.columns[name] for name in names})
    same = _same(table, [*key, *([begins] if begins else [])])
    run = session.connection.execute
    replaced = run(
        text(f"DELETE FROM {table.name} old USING incoming new WHERE {same} AND old.release_from = :draft"),
        {"draft": draft},
    ).rowcount
    superseded = run(
        text(
            f"UPDATE {table.name} old SET release_to = :draft FROM incoming new WHERE {same} AND old.release_to IS NULL"
        ),
        {"draft": draft},
    ).rowcount
    if begins:
        _refuse_contradiction(session, table, key)
    return Room(replaced, superseded)


def _stage(session: WriteSession, table: Table, columns: dict[str, Sequence[Any]]) -> None:
    types = ", ".join(f"{name} {table.c[name].type.compile(session.connection.dialect)}" for name in columns)
    session.connection.execute(text("DROP TABLE IF EXISTS pg_temp.incoming"))
    session.connection.execute(text(f"CREATE TEMPORARY TABLE incoming ({types}) ON COMMIT DROP"))
    copied(session, table, columns, into="incoming")
    session.connection.execute(text("ANALYZE incoming"))


def _refuse_contradiction(session: WriteSession, table: Table, key: Sequence[str]) -> None:
    """Two versions of one key in force on a common day, among the stored rows and the new, or among the new alone."""
    same = _same(table, key)
    label = "concat_ws('/', " + ", ".join(f"old.{name}" for name in key) + ")"
    found = session.connection.execute(
        text(
            f"SELECT {label} AS key, old.valid_from AS old_from, old.valid_to AS old_to, new.valid_from, new.valid_to"
            f" FROM {table.name} old JOIN incoming new ON {same}"
            " WHERE old.release_to IS NULL"
            " AND daterange(old.valid_from, old.valid_to) && daterange(new.valid_from, new.valid_to)"
            f" UNION ALL SELECT {label}, old.valid_from, old.valid_to, new.valid_from, new.valid_to"
            f" FROM incoming old JOIN incoming new ON {same}"
            " WHERE old.valid_from < new.valid_from AND (old.valid_to IS NULL OR old.valid_to > new.valid_from) LIMIT 1"
        )
    ).first()
    if found:
        old, new = _period(found.old_from, found.old_to), _period(found.valid_from, found.valid_to)
        raise NotAllowed(
            vi=f"{table.name} {found.key} đã có hiệu lực {old}, trùng với {new} đang nhập. Sửa ngày, hoặc bỏ bản nháp: quyhoach discard.",
            en=f"{table.name} {found.key} is already in force {old}, which meets {new} now brought in. Mend the dates, or undo the"
            " draft: quyhoach discard.",
        )


def _same(table: Table, names: Sequence[str]) -> str:
    """The condition that old and new agree in these columns; nothing given equals nothing given."""
    return " AND ".join(
        f"old.{name} {'IS NOT DISTINCT FROM' if table.c[name].nullable else '='} new.{name}" for name in names
    )


def _period(since: date, until: date | None) -> str:
    return f"{since} … {until or ''}".strip()


def ids_of(session: WriteSession, table: Table, key: Sequence[str], dataset_id: int) -> dict[tuple[Any, ...], int]:
    """Key → row of what a data set stored in a table."""
    columns = [table.c[name] for name in key]
    found = session.connection.execute(select(*columns, table.c.id).where(table.c.dataset_id == dataset_id))
    return {tuple(row[:-1]): int(row[-1]) for row in found}


def add(session: WriteSession, rows: Rows, progress: Progress | None = None) -> int:
    """COPY the rows in; the number added."""
    srids = {"geom": session.storage_srid, "geom_web": WEB}
    columns: dict[str, Any] = dict(rows.columns)
    for name, shapes in rows.shapes.items():
        columns[name] = _in_column(shapes, srids[name]) if name in srids else shapes
    return copied(session, rows.table, columns, into=rows.table.name, progress=progress)


def _in_column(shapes: Shapes, srid: int) -> Shapes:
    """Shapes of a column of one CRS: PostGIS writes the CRS of the column into those that name none; only another name is changed."""
    return shapely.set_srid(shapes, srid) if (shapely.get_srid(shapes) > 0).any() else shapes
