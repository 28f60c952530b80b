"""New versions of rows on record: a published row is superseded and copied with what changes; a row of the draft is changed.

So a release that is out stays as it was, and `discard` undoes it all.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, delete, insert, literal, select, update

from planning.store.session import WriteSession
from planning.store.tables import plan, zone


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


def reissue_plan(session: WriteSession, plan_id: int, draft: int, changes: dict[str, Any]) -> int:
    """Let a plan go on in the draft with `changes`, its zones with it; the row of the draft, itself where it is of the draft."""
    run = session.connection.execute
    columns = (plan.c.release_from, plan.c.code, plan.c.valid_from)
    row = run(select(*columns).where(plan.c.id == plan_id)).one()
    reissue(session, plan, [plan_id], draft, changes)
    if row.release_from == draft:
        return plan_id
    same = plan.c.code == row.code, plan.c.valid_from == row.valid_from, plan.c.release_from == draft
    version = int(run(select(plan.c.id).where(*same)).scalar_one())
    columns_of_zone = [column for column in zone.c if column.name not in {"id", "plan_id"} and column.computed is None]
    zones = select(literal(version), *columns_of_zone).where(zone.c.plan_id == plan_id).order_by(zone.c.id)
    run(insert(zone).from_select(["plan_id", *(column.name for column in columns_of_zone)], zones))
    return version
