"""Known time: the draft, publishing it, discarding it.

Rows are written with the draft's number from the start and superseded rows are marked with it; published questions see
neither until the draft's one row in `release` gets its date. So publishing a million rows is one small update.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, or_, select, update

from planning.errors import NotAllowed, UnknownRelease
from planning.store.cases import forget_cases, unsettled
from planning.store.kept_shares import forget_touched
from planning.store.runs import forget_runs
from planning.store.session import ReadSession, WriteSession
from planning.store.tables import (
    check_run,
    coverage,
    coverage_change,
    dataset,
    finding,
    former_quality,
    merger_report,
    metadata,
    release,
)


@dataclass(frozen=True, slots=True)
class Release:
    """One publication; `published_at` is None for the draft."""

    number: int
    published_at: datetime | None
    note: str | None
    illustration: bool


VERSIONED = tuple(table for table in metadata.sorted_tables if "release_to" in table.c)
"""Tables whose rows belong to releases."""


def latest(session: ReadSession) -> Release | None:
    """The newest publication, None before the first."""
    return _one(session, release.c.published_at.is_not(None))


def draft(session: ReadSession) -> Release | None:
    """What is brought in but not yet published, None when there is nothing."""
    return _one(session, release.c.published_at.is_(None))


def published(session: ReadSession, number: int | None = None) -> Release:
    """Release `number`, by default the latest."""
    newest = latest(session)
    found = (
        newest if number is None else _one(session, release.c.published_at.is_not(None) & (release.c.number == number))
    )
    if found is None:
        raise UnknownRelease(release=number or 1, latest=newest.number if newest else "none")
    return found


def open_draft(session: WriteSession) -> int:
    """The number of the draft, made when there is none."""
    existing = draft(session)
    if existing:
        return existing.number
    newest = latest(session)
    number = newest.number + 1 if newest else 1
    session.connection.execute(insert(release).values(number=number))
    return number


def publish(session: WriteSession, note: str | None = None) -> Release:
    """Make the draft the newest release. One small update: it happens whole or not at all."""
    waiting = draft(session)
    if waiting is None:
        raise NotAllowed(
            vi="không có gì để công bố; hãy nhập dữ liệu trước (quyhoach import --help).",
            en="there is nothing to publish; bring something in first (quyhoach import --help).",
        )
    return seal(session, waiting.number, note)


def seal(session: WriteSession, number: int, note: str | None) -> Release:
    """Give release `number` its date and note, say whether it rests on an illustration, and let go what was measured before it."""
    session.connection.execute(
        update(release)
        .where(release.c.number == number)
        .values(published_at=func.clock_timestamp(), note=note, illustration=_rests_on_illustration(number))
    )
    forget_touched(session, number)
    return published(session, number)


def existing_draft(session: ReadSession) -> Release:
    """The draft; an error where there is none."""
    waiting = draft(session)
    if waiting is None:
        raise NotAllowed(vi="không có bản nháp nào.", en="there is no draft.")
    return waiting


def discard(session: WriteSession) -> int:
    """Undo everything since the last publication; the number of rows let go."""
    waiting = existing_draft(session)
    forget_checks(session, waiting.number)
    forget_runs(session, waiting.number)
    forget_cases(session, waiting.number)
    session.connection.execute(delete(merger_report).where(merger_report.c.release == waiting.number))
    let_go = 0
    for table in reversed(VERSIONED):
        let_go += session.connection.execute(delete(table).where(table.c.release_from == waiting.number)).rowcount
        session.connection.execute(update(table).where(table.c.release_to == waiting.number).values(release_to=None))
    session.connection.execute(delete(dataset).where(dataset.c.release_from == waiting.number))
    session.connection.execute(delete(release).where(release.c.number == waiting.number))
    return let_go


def forget_checks(session: WriteSession, number: int) -> None:
    """What was found in a draft no longer holds once more is brought into it; its runs stay, for the next one to be compared with."""
    for table in (finding, coverage, coverage_change, former_quality, check_run):
        session.connection.execute(delete(table).where(table.c.release == number))
    unsettled(session, number)


def _rests_on_illustration(number: int) -> object:
    """Whether any row that belongs to release `number` came from a data set marked as illustration."""
    lives = [
        select(1)
        .where(
            table.c.dataset_id == dataset.c.id,
            table.c.release_from <= number,
            table.c.release_to.is_(None) | (table.c.release_to > number),
        )
        .exists()
        for table in VERSIONED
    ]
    return select(func.count() > 0).where(dataset.c.illustration, or_(*lives)).scalar_subquery()


def _one(session: ReadSession, condition: object) -> Release | None:
    columns = (release.c.number, release.c.published_at, release.c.note, release.c.illustration)
    query = select(*columns).where(condition).order_by(release.c.number.desc()).limit(1)  # type: ignore[arg-type]
    row = session.connection.execute(query).one_or_none()
    return Release(*row) if row else None
