"""New versions of rows on record: a published row is superseded and copied with what changes; a row of the draft is changed.

So a release that is out stays as it was, and `discard` undoes it all.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, delete, insert, literal, select, update

from planning.store.session import WriteSession


def reissue(session: WriteSession, table: Table, ids: Sequence[int], draft: int, changes: dict[str, Any]) -> int:
    """Let the rows go on in the draft with `changes`; the number of rows. Other columns, the shapes too, stay to the byte."""
    run = session.connection.execute
    ours = run(update(table).where(table.c.id.in_(ids), table.c.release_from == draft).values(**changes)).rowcount
    published = table.c.id.in_(ids) & (table.c.release_from < draft) & table.c.release_to.is_(None)
    copied = list(run(select(table.c.id).where(published)).scalars())
    run(update(table).where(table.c.id.in_(copied)).values(release_to=draft))
    return ours + copy(session, table, copied, {**changes, "release_from": draft, "release_to": None})


def copy(session: WriteSession, table: Table, ids: Sequence[int], changes: dict[str, Any]) -> int:
    """Copies of rows with `changes`; the number of rows. The copies get numbers of their own."""
    columns = [column for column in table.c if column.name != "id"]
    values = [
        literal(changes[column.name], column.type).label(column.name) if column.name in changes else column
        for column in columns
    ]
    statement = insert(table).from_select(
        [column.name for column in columns], select(*values).where(table.c.id.in_(ids))
    )
    return len(session.connection.execute(statement.returning(table.c.id)).all())


def withdraw(session: WriteSession, table: Table, ids: Sequence[int], draft: int) -> int:
    """Let the rows no longer be known from the draft on; the number of rows."""
    run = session.connection.execute
    gone = run(delete(table).where(table.c.id.in_(ids), table.c.release_from == draft)).rowcount
    mine = table.c.id.in_(ids) & table.c.release_to.is_(None)
    return gone + run(update(table).where(mine).values(release_to=draft)).rowcount
