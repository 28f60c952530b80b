"""Parting the draft: some plans are published or let go, everything else waits on. Nothing is lost and nothing half done.

What belongs to a plan are its versions, with their zones, its control lines, its scans and its documents. Units, parcels, mergers,
statements and lines of no plan wait on.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, false, func, not_, or_, select, union, update

from planning.errors import NotAllowed
from planning.store.releases import VERSIONED, discard, existing_draft, forget_checks, open_draft, seal
from planning.store.session import ReadSession, WriteSession
from planning.store.succession import end_superseded, ended, linked, take_back
from planning.store.tables import control_line, dataset, document, finding_case, merger_report, plan, scan

OF_A_PLAN = {
    "document": document.c.plan_code,
    "control_line": control_line.c.plan_code,
    "scan": scan.c.plan_code,
    "plan": plan.c.code,
}
"""The tables whose rows belong to a plan, and the column that tells to which."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The plans that were asked for, and those that go with them because one ends the other."""

    asked: tuple[str, ...]
    along: tuple[str, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.asked, *self.along)


def selected(session: ReadSession, codes: Collection[str]) -> Selection:
    """The plans of the draft that go together with those asked for; refused where one of these does not wait in the draft."""
    waiting = existing_draft(session)
    there = waiting_plans(session, waiting.number)
    missing = sorted(set(codes) - there)
    if missing:
        raise NotAllowed(
            vi=f"bản nháp không có đồ án {', '.join(missing)}; xem quyhoach draft list.",
            en=f"no plan {', '.join(missing)} waits in the draft; see quyhoach draft list.",
        )
    asked = tuple(dict.fromkeys(codes))
    together = linked(asked, ended(session, waiting.number)) & there
    return Selection(asked, tuple(sorted(together - set(asked))))


def waiting_plans(session: ReadSession, draft: int) -> set[str]:
    """Codes of plans of which anything waits in the draft: a version, a line, or a document."""
    asked = [select(code).where(_waits(code.table, draft), code.is_not(None)) for code in OF_A_PLAN.values()]
    return set(session.connection.execute(union(*asked)).scalars())


def others_wait(session: ReadSession, codes: Collection[str]) -> bool:
    """Whether anything waits beside these plans."""
    number = existing_draft(session).number
    waits = [select(1).where(_waits(table, number), not_(_of(table, codes))).exists() for table in VERSIONED]
    return bool(session.connection.execute(select(or_(*waits))).scalar_one())


def part(session: WriteSession, codes: Collection[str]) -> int:
    """Give the draft its date with only these plans in it, and let all else wait in the next draft; the number published.

    The caller decides in the same transaction whether it stays so.
    """
    number = existing_draft(session).number
    forget_checks(session, number)
    seal(session, number, None)
    later = open_draft(session)
    run = session.connection.execute
    for column in ("release_from", "release_to"):
        for table in VERSIONED:
            moved = (table.c[column] == number) & not_(_of(table, codes))
            run(update(table).where(moved).values({column: later}))
    run(update(merger_report).where(merger_report.c.release == number).values(release=later))
    run(update(dataset).where(dataset.c.release_from == number, not_(_kept_by(number))).values(release_from=later))
    for name in ("first_release", "last_release"):
        run(update(finding_case).where(finding_case.c[name] == number).values({name: later}))
    return number


def let_go(session: WriteSession, codes: Sequence[str]) -> int:
    """Undo what waits of some plans; the number of rows let go. A draft with nothing else in it ends."""
    number = existing_draft(session).number
    forget_checks(session, number)
    take_back(session, number)
    run = session.connection.execute
    gone = 0
    for code in OF_A_PLAN.values():
        table = code.table
        gone += run(delete(table).where(table.c.release_from == number, code.in_(codes))).rowcount
        run(update(table).where(table.c.release_to == number, code.in_(codes)).values(release_to=None))
    end_superseded(session, number)
    run(delete(dataset).where(dataset.c.release_from == number, not_(_kept_by(number)), not_(_mergers())))
    if not others_wait(session, ()):
        discard(session)
    return gone


def _mergers() -> ColumnElement[bool]:
    """A merger's own record holds what its repeal needs; it goes with the whole draft only."""
    return dataset.c.kind == "merge"


def _waits(table: Any, number: int) -> ColumnElement[bool]:
    return or_(table.c.release_from == number, table.c.release_to == number)


def _of(table: Any, codes: Collection[str]) -> ColumnElement[bool]:
    column = OF_A_PLAN.get(table.name)
    return false() if column is None else func.coalesce(column.in_(codes), false())


def _kept_by(number: int) -> ColumnElement[bool]:
    """Whether a row of the release came from the data set."""
    return or_(
        *(
            select(1).where(table.c.dataset_id == dataset.c.id, table.c.release_from == number).exists()
            for table in VERSIONED
        )
    )
