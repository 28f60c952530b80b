"""Clauses on record, as events; which view of the store they are read from."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import insert, literal, select, text, update

from planning.mergers.clauses import Event, Part
from planning.store import releases
from planning.store.session import ReadSession, WriteSession
from planning.store.tables import unit_event, unit_event_part
from planning.store.versions import copy

_EVENTS = """
SELECT e.id, e.resolution, e.clause, e.effective, e.to_code, e.to_name, e.repeals, e.text AS wording
FROM unit_event e
WHERE known(e.release_from, e.release_to, :release)
    AND (CAST(:resolution AS text) IS NULL OR e.resolution = :resolution) AND (CAST(:effective AS date) IS NULL OR e.effective = :effective)
ORDER BY e.effective, e.resolution, length(e.clause), e.clause
"""
_PARTS = """
SELECT p.event_id, p.from_code, p.from_name, p.extent, p.scope, p.after_clauses, p.from_district, p.from_province_code, p.note,
    p.declared_area_km2, p.population, p.source_line
FROM unit_event_part p
WHERE p.event_id = ANY (:events)
ORDER BY p.id
"""


def current_view(session: ReadSession) -> int:
    """The number under which everything brought in so far is seen: the draft's where there is one, else the latest release's."""
    waiting = releases.draft(session) or releases.latest(session)
    return waiting.number if waiting else 0


def events_on_record(
    session: ReadSession, release: int, resolution: str | None = None, effective: date | None = None
) -> list[Event]:
    """The events known in a release, in the order of their days and clauses."""
    bound = {"release": release, "resolution": resolution, "effective": effective}
    rows = session.connection.execute(text(_EVENTS), bound).all()
    parts: dict[int, list[Part]] = {}
    for event_id, *values in session.connection.execute(text(_PARTS), {"events": [row.id for row in rows]}):
        parts.setdefault(event_id, []).append(_part(values))
    return [
        Event(
            row.resolution,
            row.clause,
            row.effective,
            row.to_code,
            row.to_name,
            tuple(parts.get(row.id, ())),
            row.repeals,
            row.wording,
        )
        for row in rows
    ]


def carried_out_labels(session: ReadSession, release: int) -> set[str]:
    """The clauses that `merge apply` carried out and that nothing repeals."""
    rows = session.connection.execute(
        text(
            "SELECT parameters -> 'events' FROM dataset WHERE kind = 'merge' AND NOT parameters ? 'repeals' AND release_from <= :release"
        ),
        {"release": release},
    ).scalars()
    repealed = {f"{one.repeals} khoản {one.clause}" for one in events_on_record(session, release) if one.repeals}
    return {label for labels in rows for label in labels} - repealed


def _part(values: list[Any]) -> Part:
    code, name, extent, scope, after, *rest = values
    return Part(code, name, extent, scope, tuple(after), *rest)


def reissue_events(session: WriteSession, labels: Collection[str], draft: int) -> int:
    """Let published events go on in the draft with their parts, so that the parts can be located; the number of events."""
    run = session.connection.execute
    event, part = unit_event.c, unit_event_part.c
    label = event.resolution + " khoản " + event.clause
    published = label.in_(sorted(labels)) & (event.release_from < draft) & event.release_to.is_(None)
    old = {
        row.id: (row.resolution, row.clause)
        for row in run(select(event.id, event.resolution, event.clause).where(published))
    }
    if not old:
        return 0
    run(update(unit_event).where(event.id.in_(old)).values(release_to=draft))
    copy(session, unit_event, list(old), {"release_from": draft, "release_to": None})
    mine = select(event.id, event.resolution, event.clause).where(event.release_from == draft)
    new = {(row.resolution, row.clause): row.id for row in run(mine)}
    columns = [column for column in part if column.name not in {"id", "event_id"}]
    for old_id, key in old.items():
        rows = select(literal(new[key]), *columns).where(part.event_id == old_id).order_by(part.id)
        run(insert(unit_event_part).from_select(["event_id", *(column.name for column in columns)], rows))
    return len(old)
