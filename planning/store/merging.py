"""Carrying out a merger: units closed and opened, parts located, the ledger of plans written. All of it into the draft, or nothing.

What was changed is written into the report of a data set of kind “merge”, so that a repeal takes back just that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from sqlalchemy import insert, select, text

from planning.geometry import WEB, for_tiles, multipolygons, operation
from planning.mergers.accounts import standing
from planning.mergers.boundaries import derived, located
from planning.mergers.clauses import Event
from planning.mergers.ledger import Entry, ledger
from planning.mergers.operation import CannotMerge, OnRecord, obstacles
from planning.mergers.situation import Situation, UnitFacts
from planning.store.events import events_on_record, reissue_events
from planning.store.incoming import Rows, add, conclude
from planning.store.operations import recorded_operation
from planning.store.parts import locate_parts
from planning.store.releases import forget_checks, open_draft
from planning.store.session import ReadSession, WriteSession
from planning.store.situations import known_shapes, units_beginning
from planning.store.tables import availability, carry_over, merger_report, unit
from planning.store.versions import reissue
from planning.units import folded, kind_of, sought

Closed = tuple[str, str, date, date | None]
"""A statement that was closed: unit, theme, first day, and the last day it had."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What carrying out a merger did, in the draft `release`."""

    release: int
    closed: tuple[str, ...]
    opened: tuple[str, ...]
    without_boundary: tuple[str, ...]
    plans: int
    statements_closed: int


def carry_out(session: WriteSession, situation: Situation, view: int) -> Merged:
    """Close the former units and open the new ones on the day; `situation` is as read from `view` with the official boundaries.

    Raises `CannotMerge` with every reason when anything stands in the way; then nothing was changed.
    """
    known = on_record(session, situation, view)
    reasons = obstacles(situation, known)
    if reasons:
        raise CannotMerge(reasons)
    draft = open_draft(session)
    forget_checks(session, draft)
    dataset = _recorded(session, situation, draft)
    closed = _close_units(session, situation, view, draft)
    new = with_boundaries(situation)
    opened = [one for code, one in sorted(new.items()) if code not in known.begun]
    _open_units(session, situation, opened, draft, dataset)
    reissue_events(session, {event.label for event in situation.events}, draft)
    locate_parts(session, draft)
    statements = _close_statements(session, situation, draft)
    everything = ledger(situation)
    entries = [entry for entry in everything if entry.plan.decision is None]
    _write_ledger(session, situation, entries, draft, dataset)
    _widen_ledger(session, situation, [entry for entry in everything if entry.plan.decision is not None], draft)
    done = Merged(
        draft, tuple(closed), tuple(one.code for one in opened), tuple(one.code for one in opened if one.shape is None),
        len(entries), len(statements),
    )  # fmt: skip
    _conclude(session, dataset, done, statements)
    return done


def on_record(session: ReadSession, situation: Situation, view: int) -> OnRecord:
    """What the store knows around the day of the merger."""
    run = session.connection.execute
    before = situation.effective - timedelta(days=1)
    bound = {"release": view, "before": before, "day": situation.effective}
    codes = sorted(situation.former)
    built = sorted(situation.new)
    ends = text(
        "SELECT code, valid_to FROM unit u WHERE known(u.release_from, u.release_to, :release) AND u.code = ANY (:codes)"
        " AND in_force(u.valid_from, u.valid_to, :before)"
    )
    standing = text(
        "SELECT code FROM unit u WHERE known(u.release_from, u.release_to, :release) AND u.code = ANY (:codes)"
        " AND in_force(u.valid_from, u.valid_to, :day) AND u.valid_from < :day"
    )
    again = text(
        "SELECT code, min(valid_from) AS day FROM unit u WHERE known(u.release_from, u.release_to, :release) AND u.code = ANY (:codes)"
        " AND u.valid_from > :day GROUP BY code"
    )
    repealed = text(
        "SELECT repeals, clause FROM unit_event e WHERE known(e.release_from, e.release_to, :release) AND kind = 'repeal'"
    )
    return OnRecord(
        ends={row.code: row.valid_to for row in run(ends, {**bound, "codes": codes})},
        begun=tuple(units_beginning(session, built, situation.effective, view)),
        standing=tuple(run(standing, {**bound, "codes": built}).scalars()),
        repealed=tuple(f"{resolution} khoản {clause}" for resolution, clause in run(repealed, bound)),
        again={row.code: row.day for row in run(again, {**bound, "codes": built})},
        rivals=_rivals(session, situation, view),
    )


def _rivals(session: ReadSession, situation: Situation, view: int) -> tuple[Event, ...]:
    ours = {event.resolution for event in situation.events}
    return tuple(one for one in standing(events_on_record(session, view)) if one.resolution not in ours)


def with_boundaries(situation: Situation) -> dict[str, UnitFacts]:
    """The new units: with the official boundary where there is one, else derived when all its parts are known, else without."""
    lands = located(situation.events, known_shapes(situation.former), known_shapes(situation.new), situation.parts)
    made = {}
    for event in situation.events:
        new = _described(situation, event)
        parts = [lands.get((event.label, place)) for place in range(len(event.parts))]
        if new.shape is None and parts and None not in parts:
            new = replace(new, shape=derived([land.shape for land in parts if land]), how="derived")
        made[event.code] = new
    return made


def _described(situation: Situation, event: Event) -> UnitFacts:
    """The new unit by its clause: its kind is told by its name, its province by its parts where these agree."""
    new = situation.new[event.code]
    kind = kind_of(event.name)
    if kind is None:
        raise CannotMerge(
            [f"{event.label}: tên “{event.name}” không nêu loại đơn vị / the name does not begin with its kind"]
        )
    whose = {
        situation.former[part.code].province_code for part in event.parts if part.code and part.code in situation.former
    }
    whose = {situation.province_successors.get(code, code) for code in whose if code}
    province = new.province_code or (whose.pop() if len(whose) == 1 and kind.level == "commune" else None)
    return replace(new, name=event.name, kind=kind.kind, level=kind.level, province_code=province)


def _recorded(session: WriteSession, situation: Situation, draft: int) -> int:
    labels = sorted(event.label for event in situation.events)
    parameters = {"events": labels, "effective": situation.effective.isoformat()}
    resolutions = ", ".join(sorted({event.resolution for event in situation.events}))
    return recorded_operation(session, resolutions, parameters, draft, illustration=situation.illustration)


def _close_units(session: WriteSession, situation: Situation, view: int, draft: int) -> list[str]:
    question = text(
        "SELECT id, code FROM unit u WHERE known(u.release_from, u.release_to, :release) AND u.code = ANY (:codes)"
        " AND in_force(u.valid_from, u.valid_to, :before) AND u.valid_to IS NULL ORDER BY code"
    )
    before = situation.effective - timedelta(days=1)
    bound = {"release": max(view, draft), "codes": sorted(situation.former), "before": before}
    rows = session.connection.execute(question, bound).all()
    reissue(session, unit, [row.id for row in rows], draft, {"valid_to": situation.effective})
    return [row.code for row in rows]


def _open_units(
    session: WriteSession, situation: Situation, units: Sequence[UnitFacts], draft: int, dataset: int
) -> None:
    clause = {event.code: event.label for event in situation.events}
    for some in ([one for one in units if one.shape is not None], [one for one in units if one.shape is None]):
        if not some:
            continue
        columns: dict[str, Any] = {
            name: [getattr(one, name) for one in some]
            for name in ("code", "name", "kind", "level", "province_code", "declared_area_km2", "population", "coastal")
        }
        columns["name_folded"] = [folded(one.name) for one in some]
        columns["sought"] = [sought(one.name, None) for one in some]
        columns["legal_basis"] = [clause[one.code] for one in some]
        columns["boundary_how"] = [one.how for one in some]
        columns |= {name: [value] * len(some) for name, value in
            {"valid_from": situation.effective, "release_from": draft, "dataset_id": dataset}.items()}  # fmt: skip
        add(session, Rows(unit, columns, _shapes(session, some)))


def _shapes(session: WriteSession, units: Sequence[UnitFacts]) -> dict[str, Any]:
    if units[0].shape is None:
        return {}
    geom = multipolygons(np.array([one.shape for one in units], dtype=object))
    return {"geom": geom, "geom_web": for_tiles(operation(session.storage_srid, WEB).shapes(geom))}


def _close_statements(session: WriteSession, situation: Situation, draft: int) -> list[Closed]:
    """An office's word on a unit's data ends with the unit: a new unit under the same code was never spoken of."""
    condition = (
        availability.c.release_to.is_(None) & availability.c.unit_code.in_(sorted(set(situation.former) - situation.kept))
        & (availability.c.valid_from < situation.effective)
        & (availability.c.valid_to.is_(None) | (availability.c.valid_to > situation.effective))
    )  # fmt: skip
    columns = (availability.c.id, *(availability.c[name] for name in ("unit_code", "theme", "valid_from", "valid_to")))
    rows = session.connection.execute(select(*columns).where(condition)).all()
    reissue(session, availability, [row.id for row in rows], draft, {"valid_to": situation.effective})
    return [(row.unit_code, row.theme, row.valid_from, row.valid_to) for row in rows]


def _write_ledger(
    session: WriteSession, situation: Situation, entries: Sequence[Entry], draft: int, dataset: int
) -> None:
    if not entries:
        return
    resolution = "; ".join(sorted({event.resolution for event in situation.events}))
    constants = {
        "resolution": resolution,
        "effective": situation.effective,
        "release_from": draft,
        "dataset_id": dataset,
    }
    columns: dict[str, Any] = {name: [value] * len(entries) for name, value in constants.items()}
    columns["plan_code"] = [entry.plan.code for entry in entries]
    columns["decision"] = [entry.decision for entry in entries]
    columns["basis"] = [entry.basis for entry in entries]
    columns["unit_codes"] = [[code for code, _ in entry.units] for entry in entries]
    add(session, Rows(carry_over, columns))


def _widen_ledger(session: WriteSession, situation: Situation, entries: Sequence[Entry], draft: int) -> None:
    """A plan that another merger of the day has entered is entered once: the units of this one are added to its row."""
    units = {entry.plan.code: {code for code, _ in entry.units} for entry in entries}
    mine = carry_over.c.plan_code.in_(units), carry_over.c.effective == situation.effective
    rows = select(carry_over.c.id, carry_over.c.plan_code, carry_over.c.unit_codes).where(
        *mine, carry_over.c.release_to.is_(None)
    )
    for row in session.connection.execute(rows).all():
        wider = sorted({*(row.unit_codes or ()), *units[row.plan_code]})
        if row.unit_codes and wider != row.unit_codes:
            reissue(session, carry_over, [row.id], draft, {"unit_codes": wider})


def _conclude(session: WriteSession, dataset: int, done: Merged, statements: Sequence[Closed]) -> None:
    counts = {
        "closed": len(done.closed), "opened": len(done.opened), "plans": done.plans, "statements_closed": len(statements),
    }  # fmt: skip
    report = {
        "closed": list(done.closed),
        "opened": list(done.opened),
        "without_boundary": list(done.without_boundary),
        "statements": [
            [code, theme, since.isoformat(), until.isoformat() if until else None]
            for code, theme, since, until in statements
        ],
    }
    conclude(session, dataset, counts, report)


def keep_report(session: WriteSession, document: Mapping[str, Any], situation: Situation, release: int) -> None:
    """Keep the impact report of a merger beside the release it goes into; an earlier one of the same release gives way."""
    effective = situation.effective
    for resolution in sorted({event.resolution for event in situation.events}):
        same = (
            merger_report.c.resolution == resolution,
            merger_report.c.effective == effective,
            merger_report.c.release == release,
        )
        session.connection.execute(merger_report.delete().where(*same))
        values = {"resolution": resolution, "effective": effective, "release": release, "document": dict(document)}
        session.connection.execute(insert(merger_report).values(**values))
