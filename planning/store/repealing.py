"""Taking a merger back: a repeal is an event too, and history stays.

A repeal on a later day closes what the merger opened and reopens what it closed, from that day on. A repeal on the merger's own
day lets the merger never have had effect; the clauses and their repeal stay on record, and so does every earlier release.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, insert, or_, select, text

from planning.mergers.clauses import Event
from planning.mergers.operation import CannotMerge, Later, Standing, obstacles_to_repeal
from planning.store.events import events_on_record
from planning.store.incoming import conclude
from planning.store.operations import recorded_operation
from planning.store.releases import forget_checks, open_draft
from planning.store.session import ReadSession, WriteSession
from planning.store.tables import availability, carry_over, dataset, unit, unit_event
from planning.store.versions import copy, reissue, withdraw

# An office's list does not say in which units its plans lie: an earlier version of the entry, which the merger wrote, does.
_ENTRIES = text(
    "SELECT c.id, c.plan_code, c.resolution, c.dataset_id, coalesce(c.unit_codes, (SELECT o.unit_codes FROM carry_over o"
    " WHERE o.plan_code = c.plan_code AND o.effective = c.effective AND o.unit_codes IS NOT NULL ORDER BY o.id DESC LIMIT 1)) AS codes"
    " FROM carry_over c WHERE c.effective = :day AND c.release_to IS NULL ORDER BY c.id"
)

BASIS = "{by} bãi bỏ {resolution}: đồ án tiếp tục trong đơn vị cũ"


@dataclass(frozen=True, slots=True)
class Repeal:
    """What is taken back, by what, from which day. `resolution` made its changes on `merged`."""

    resolution: str
    merged: date
    by: str
    effective: date

    @property
    def annuls(self) -> bool:
        """Whether the merger is to have had no effect on any day."""
        return self.effective == self.merged


@dataclass(frozen=True, slots=True)
class Draft:
    """The draft the repeal goes into, the data set it is recorded as, and what carrying out the merger recorded."""

    number: int
    dataset: int
    merges: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Repealed:
    """What the repeal did, in the draft `release`."""

    release: int
    closed: tuple[str, ...]
    reopened: tuple[str, ...]
    plans: int
    statements: int


def repeal(session: WriteSession, events: Sequence[Event], asked: Repeal, view: int) -> Repealed:
    """Take the events back. Raises `CannotMerge` with every reason when anything stands in the way; then nothing was changed."""
    opened = _opened(session, events, asked, view)
    begun = {row.code for row in opened if row.valid_to is None}
    later = _built_on(session, events, view)
    others = [one for one in events_on_record(session, view, effective=asked.merged) if one not in events]
    in_use = _in_use(session, events, asked, {row.id for row in opened}, view)
    reasons = obstacles_to_repeal(
        events, Standing(begun, later, others, in_use), by=asked.by, effective=asked.effective
    )
    if reasons:
        raise CannotMerge(reasons)
    draft = open_draft(session)
    forget_checks(session, draft)
    kept = recorded_operation(
        session, asked.by, _parameters(events, asked), draft, illustration=_illustrated(session, opened)
    )
    closed = _closed(session, events, view=max(view, draft))
    if asked.annuls:
        withdraw(session, unit, [row.id for row in opened], draft)
        reissue(session, unit, [row.id for row in closed], draft, {"valid_to": None})
    else:
        reissue(session, unit, [row.id for row in opened], draft, {"valid_to": asked.effective})
        again = {"valid_from": asked.effective, "valid_to": None, "release_from": draft, "release_to": None}
        copy(session, unit, [row.id for row in closed], {**again, "legal_basis": asked.by})
    _close_statements(session, [row.code for row in opened], asked, draft)
    _write_events(session, events, asked, draft, kept)
    merges = _made(session, events)
    plans = _take_back_ledger(session, events, asked, Draft(draft, kept, merges))
    statements = _reopen_statements(session, {row.code for row in closed}, asked, Draft(draft, kept, merges))
    codes = sorted(row.code for row in opened), sorted(row.code for row in closed)
    counts = {"closed": len(codes[0]), "reopened": len(codes[1]), "plans": plans, "statements": statements}
    conclude(session, kept, counts, {"closed": codes[0], "reopened": codes[1]})
    return Repealed(draft, tuple(codes[0]), tuple(codes[1]), plans, statements)


def _opened(session: ReadSession, events: Sequence[Event], asked: Repeal, view: int) -> list[Any]:
    """The units the events opened, as they stand on the day of the repeal: a later act may have closed one, and its repeal reopened it."""
    question = text(
        "SELECT u.id, u.code, u.valid_to FROM unit u JOIN unnest(CAST(:codes AS text[]), CAST(:days AS date[])) AS e(code, day)"
        " ON u.code = e.code AND u.valid_from >= e.day WHERE known(u.release_from, u.release_to, :release)"
        " AND in_force(u.valid_from, u.valid_to, :on) AND (u.valid_from = e.day OR NOT :annuls)"
    )
    bound = {"codes": [event.code for event in events], "days": [event.effective for event in events], "release": view}
    return list(session.connection.execute(question, {**bound, "on": asked.effective, "annuls": asked.annuls}))


def _in_use(
    session: ReadSession, events: Sequence[Event], asked: Repeal, opened: set[int], view: int
) -> dict[str, date]:
    """Codes to be reopened that units bear which these events did not open, on the day of the repeal or after it."""
    took = sorted({part.code for event in events for part in event.parts if part.code})
    question = text(
        "SELECT u.id, u.code, u.valid_from FROM unit u WHERE known(u.release_from, u.release_to, :release) AND u.code = ANY (:codes)"
        " AND u.valid_from >= :merged AND (u.valid_to IS NULL OR u.valid_to > :on)"
    )
    bound = {"release": view, "codes": took, "merged": asked.merged, "on": asked.effective}
    rows = session.connection.execute(question, bound)
    return {row.code: row.valid_from for row in rows if row.id not in opened}


def _closed(session: ReadSession, events: Sequence[Event], view: int) -> list[Any]:
    """The units the events ended."""
    took = sorted({(part.code, event.effective) for event in events for part in event.parts if part.code})
    question = text(
        "SELECT u.id, u.code FROM unit u JOIN unnest(CAST(:codes AS text[]), CAST(:days AS date[])) AS e(code, day)"
        " ON u.code = e.code AND u.valid_to = e.day WHERE known(u.release_from, u.release_to, :release)"
    )
    bound = {"codes": [code for code, _ in took], "days": [day for _, day in took], "release": view}
    return list(session.connection.execute(question, bound))


def _built_on(session: ReadSession, events: Sequence[Event], view: int) -> list[Later]:
    """Events that were carried out and not repealed, and took a unit which these events opened."""
    question = text(
        "SELECT DISTINCT p.from_code AS code, e.resolution || ' khoản ' || e.clause AS label, e.effective FROM unit_event e"
        " JOIN unit_event_part p ON p.event_id = e.id"
        " JOIN unnest(CAST(:codes AS text[]), CAST(:days AS date[])) AS o(code, day) ON p.from_code = o.code AND e.effective > o.day"
        " WHERE known(e.release_from, e.release_to, :release) AND EXISTS (SELECT FROM unit u WHERE u.code = o.code"
        " AND u.valid_to = e.effective AND known(u.release_from, u.release_to, :release)) AND NOT EXISTS (SELECT FROM unit_event r"
        " WHERE r.repeals = e.resolution AND r.clause = e.clause AND known(r.release_from, r.release_to, :release))"
    )
    bound = {"codes": [event.code for event in events], "days": [event.effective for event in events], "release": view}
    return [Later(row.code, row.label, row.effective) for row in session.connection.execute(question, bound)]


def _parameters(events: Sequence[Event], asked: Repeal) -> dict[str, Any]:
    labels = sorted(event.label for event in events)
    return {"repeals": asked.resolution, "by": asked.by, "effective": asked.effective.isoformat(), "events": labels}


def _illustrated(session: ReadSession, opened: Sequence[Any]) -> bool:
    """Whether what is taken back is an illustration: then so is its repeal."""
    ids = [row.id for row in opened]
    rests = select(func.count()).where(unit.c.id.in_(ids), unit.c.dataset_id == dataset.c.id, dataset.c.illustration)
    return bool(session.connection.execute(rests).scalar())


def _write_events(session: WriteSession, events: Sequence[Event], asked: Repeal, draft: int, kept: int) -> None:
    rows = [
        {"resolution": asked.by, "clause": event.clause, "effective": asked.effective, "kind": "repeal", "to_code": event.code,
         "to_name": event.name, "repeals": asked.resolution, "release_from": draft, "dataset_id": kept}
        for event in events
    ]  # fmt: skip
    session.connection.execute(insert(unit_event), rows)


def _made(session: ReadSession, events: Sequence[Event]) -> list[Any]:
    """What carrying out these very clauses recorded of itself."""
    merges = select(dataset.c.id, dataset.c.report, dataset.c.parameters).where(
        dataset.c.kind == "merge", ~dataset.c.parameters.has_key("repeals")
    )
    labels = {event.label for event in events}
    day = events[0].effective.isoformat()
    rows = session.connection.execute(merges)
    return [row for row in rows if row.parameters["effective"] == day and labels & {*row.parameters["events"]}]


def _take_back_ledger(session: WriteSession, events: Sequence[Event], asked: Repeal, into: Draft) -> int:
    """Entries for plans of the units that these clauses took, whether the merger or, after it, an office wrote them: withdrawn with it,
    or followed by one that lets the plan go on in the former unit. What was decided before the merger was carried out stays decided.
    """
    taken = {part.code for event in events for part in event.parts if part.code}
    first = min((merge.id for merge in into.merges), default=0)
    basis = BASIS.format(by=asked.by, resolution=asked.resolution)
    again, done = [], 0
    for row in session.connection.execute(_ENTRIES, {"day": asked.merged}).all():
        ours, rest = taken & set(row.codes or ()), set(row.codes or ()) - taken
        if not (ours if row.codes else row.resolution == asked.resolution):
            continue
        done += 1
        if not asked.annuls:
            again.append({"plan_code": row.plan_code, "resolution": asked.by, "effective": asked.effective, "decision": "kept",
                "basis": basis, "unit_codes": sorted(ours) or None, "release_from": into.number, "dataset_id": into.dataset})  # fmt: skip
        elif rest:
            reissue(session, carry_over, [row.id], into.number, {"unit_codes": sorted(rest)})
        elif row.dataset_id >= first:
            withdraw(session, carry_over, [row.id], into.number)
    _enter(session, again, into.number)
    return done


def _enter(session: WriteSession, entries: Sequence[dict[str, Any]], draft: int) -> None:
    """Write entries of the ledger; a plan that has one of that day already gets the units added."""
    for entry in entries:
        same = carry_over.c.plan_code == entry["plan_code"], carry_over.c.effective == entry["effective"]
        row = session.connection.execute(
            select(carry_over.c.id, carry_over.c.unit_codes).where(*same, carry_over.c.release_to.is_(None))
        ).one_or_none()
        if row is None:
            session.connection.execute(insert(carry_over), entry)
        else:
            units = sorted({*(row.unit_codes or ()), *(entry["unit_codes"] or ())})
            reissue(session, carry_over, [row.id], draft, {"unit_codes": units or None})


def _close_statements(session: WriteSession, codes: Sequence[str], asked: Repeal, draft: int) -> None:
    """What was said of a unit that the merger opened ends with it."""
    column = availability.c
    of_them = column.release_to.is_(None) & column.unit_code.in_(codes) & (column.valid_from >= asked.merged)
    ends_later = or_(column.valid_to.is_(None), column.valid_to > asked.effective)
    run = session.connection.execute
    begun = run(select(column.id).where(of_them, ends_later, column.valid_from < asked.effective)).scalars()
    reissue(session, availability, list(begun), draft, {"valid_to": asked.effective})
    never = run(select(column.id).where(of_them, column.valid_from >= asked.effective)).scalars()
    withdraw(session, availability, list(never), draft)


def _reopen_statements(session: WriteSession, codes: set[str], asked: Repeal, into: Draft) -> int:
    """What offices had said of the former units that are reopened holds again."""
    done = 0
    for merge in into.merges:
        for code, theme, since, until in merge.report.get("statements", []):
            ends = date.fromisoformat(until) if until else None
            if code not in codes or (ends is not None and ends <= asked.effective):
                continue
            mine = (
                availability.c.unit_code == code, availability.c.theme == theme, availability.c.release_to.is_(None),
                availability.c.valid_from == date.fromisoformat(since), availability.c.valid_to == asked.merged,
            )  # fmt: skip
            if _spoken_of(session, code, theme, asked.effective):
                continue  # an office has spoken of the unit since
            ids = list(session.connection.execute(select(availability.c.id).where(*mine)).scalars())
            if asked.annuls:
                done += reissue(session, availability, ids, into.number, {"valid_to": ends})
            else:
                again = {
                    "valid_from": asked.effective,
                    "valid_to": ends,
                    "release_from": into.number,
                    "release_to": None,
                }
                done += copy(session, availability, ids, {**again, "dataset_id": into.dataset})
    return done


def _spoken_of(session: ReadSession, code: str, theme: str, since: date) -> bool:
    """Whether an office's word on a unit's theme runs on that day or begins after it."""
    column = availability.c
    runs = column.unit_code == code, column.theme == theme, column.release_to.is_(None)
    later = select(func.count()).where(*runs, or_(column.valid_to.is_(None), column.valid_to > since))
    return bool(session.connection.execute(later).scalar())
