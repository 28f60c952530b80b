"""Cases in the store: a finding of a run is given its case; what is no longer found is mended; a person accepts or reopens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from sqlalchemy import delete, func, select, text, update

from planning.checks.cases import Known, key_of, same_cases
from planning.errors import NotAllowed
from planning.findings import Finding
from planning.geometry import multipolygons
from planning.store.incoming import Rows, add
from planning.store.session import ReadSession, WriteSession
from planning.store.tables import finding, finding_case

_KNOWN = text(
    "SELECT id, check_code, level, plan_codes, subjects, ST_AsBinary(geom) AS shape FROM finding_case WHERE check_code = ANY (:checks)"
)
_NUMBERS = text("SELECT nextval(pg_get_serial_sequence('finding_case', 'id')) FROM generate_series(1, :number)")
_SEEN = text(
    "UPDATE finding_case c SET geom = f.geom, first_release = least(c.first_release, :release), last_release = :release,"
    " mended_in = NULL FROM finding f"
    " WHERE f.case_id = c.id AND f.release = :release AND f.holds_from = :since"
)
# Cases that no published release has and that this run did not find either.
_NEVER = text(
    "DELETE FROM finding_case c WHERE c.first_release = :release AND c.check_code = ANY (:checks)"
    " AND NOT EXISTS (SELECT FROM finding f WHERE f.case_id = c.id)"
)
# Open cases of an earlier release that held on the day and that this run, which looked for them, did not find.
_MENDED = text(
    "UPDATE finding_case c SET mended_in = :release WHERE c.mended_in IS NULL AND c.last_release < :release"
    " AND c.check_code = ANY (:checks) AND (CAST(:level AS text) IS NULL OR c.level = :level)"
    " AND EXISTS (SELECT FROM finding f WHERE f.case_id = c.id AND f.release = c.last_release"
    " AND in_force(f.holds_from, f.holds_to, :on) AND (CAST(:unit AS text) IS NULL OR :unit = ANY (f.unit_codes)))"
)


_STATUS = (
    "CASE WHEN c.mended_in IS NOT NULL THEN 'mended'"
    " WHEN c.accepted_by IS NOT NULL AND (c.accepted_until IS NULL OR c.accepted_until >= :on) THEN 'accepted' ELSE 'open' END"
)
_LISTED = text(
    f"SELECT * FROM (SELECT c.id, c.check_code AS check, c.level, c.plan_codes, c.subjects, {_STATUS} AS status, c.first_release,"
    " c.last_release, c.mended_in, c.accepted_by, c.accepted_why, c.accepted_until, ST_Area(c.geom) AS area_m2 FROM finding_case c"
    " WHERE CAST(:check AS text) IS NULL OR c.check_code = :check) listed"
    " WHERE CAST(:status AS text) IS NULL OR status = :status ORDER BY last_release DESC, area_m2 DESC, id"
)
_CHANGED = text(
    "WITH seen AS (SELECT case_id, max(check_code) AS check, bool_or(release = :earlier) AS before, bool_or(release = :later) AS after,"
    " max(area_m2) FILTER (WHERE release = :earlier) AS before_m2, max(area_m2) FILTER (WHERE release = :later) AS after_m2"
    " FROM finding WHERE release IN (:earlier, :later) AND case_id IS NOT NULL GROUP BY case_id)"
    ' SELECT "check", count(*) FILTER (WHERE after AND NOT before), count(*) FILTER (WHERE before AND NOT after),'
    " count(*) FILTER (WHERE before AND after), coalesce(sum(before_m2) FILTER (WHERE NOT after), 0),"
    ' coalesce(sum(after_m2) FILTER (WHERE NOT before), 0) FROM seen GROUP BY "check" ORDER BY "check"'
)


@dataclass(frozen=True, slots=True)
class Scrutiny:
    """What a run looked for: its release and day, the rules it applied, and one level or unit where it was limited to these."""

    release: int
    on: date
    checks: tuple[str, ...]
    level: str | None = None
    unit: str | None = None


def cases_of(session: WriteSession, release: int, found: Sequence[Finding]) -> list[int]:
    """The case of each finding: one already known, or a new one."""
    rows = session.connection.execute(_KNOWN, {"checks": sorted({one.check for one in found})})
    known = [
        Known(
            row.id,
            row.check_code,
            row.level,
            tuple(row.plan_codes),
            tuple(row.subjects),
            shapely.from_wkb(bytes(row.shape)),
        )
        for row in rows
    ]
    same = same_cases(known, found)
    new = iter(_opened(session, release, [one for one, case in zip(found, same, strict=True) if case is None]))
    return [next(new) if case is None else case for case in same]


def _opened(session: WriteSession, release: int, found: Sequence[Finding]) -> list[int]:
    if not found:
        return []
    numbers = list(session.connection.execute(_NUMBERS, {"number": len(found)}).scalars())
    keys = [key_of(one) for one in found]
    columns: dict[str, Any] = {
        "id": numbers,
        "check_code": [key[0] for key in keys],
        "level": [key[1] for key in keys],
        "plan_codes": [list(key[2]) for key in keys],
        "subjects": [list(key[3]) for key in keys],
        "first_release": [release] * len(found),
        "last_release": [release] * len(found),
    }
    add(
        session,
        Rows(finding_case, columns, {"geom": multipolygons(np.array([one.shape for one in found], dtype=object))}),
    )
    return numbers


def settled(session: WriteSession, scrutiny: Scrutiny, since: date) -> int:
    """After a run was stored: its cases are where they were now seen, those of earlier releases it did not find are mended: how many."""
    run = session.connection.execute
    run(_SEEN, {"release": scrutiny.release, "since": since})
    run(_NEVER, {"release": scrutiny.release, "checks": list(scrutiny.checks)})
    bound = {"release": scrutiny.release, "on": scrutiny.on, "checks": list(scrutiny.checks)}
    return run(_MENDED, {**bound, "level": scrutiny.level, "unit": scrutiny.unit}).rowcount


def unsettled(session: WriteSession, release: int) -> None:
    """What a draft was found to have mended, or to have still, is open until it is checked again."""
    run = session.connection.execute
    run(update(finding_case).where(finding_case.c.mended_in == release).values(mended_in=None))
    earlier = select(func.max(finding.c.release)).where(
        finding.c.case_id == finding_case.c.id, finding.c.release < release
    )
    last = func.coalesce(earlier.scalar_subquery(), finding_case.c.first_release)
    run(update(finding_case).where(finding_case.c.last_release == release).values(last_release=last))


def forget_cases(session: WriteSession, release: int) -> None:
    """A draft that is discarded takes its own cases along."""
    session.connection.execute(delete(finding_case).where(finding_case.c.first_release == release))


@dataclass(frozen=True, slots=True)
class Case:
    """A case as a person reads it. `status`: open, accepted (while the acceptance runs), mended."""

    id: int
    check: str
    level: str
    plan_codes: tuple[str, ...]
    subjects: tuple[str, ...]
    status: str
    first_release: int
    last_release: int
    mended_in: int | None
    accepted_by: str | None
    accepted_why: str | None
    accepted_until: date | None
    area_m2: float


def listed(session: ReadSession, on: date, status: str | None = None, check: str | None = None) -> list[Case]:
    """Cases, the newest and largest first."""
    rows = session.connection.execute(_LISTED, {"on": on, "status": status, "check": check}).mappings()
    return [Case(**{**row, "plan_codes": tuple(row["plan_codes"]), "subjects": tuple(row["subjects"])}) for row in rows]


@dataclass(frozen=True, slots=True)
class Changed:
    """How the cases of one rule went from one release to another."""

    check: str
    new: int
    gone: int
    still: int
    gone_m2: float
    new_m2: float


def changed(session: ReadSession, earlier: int, later: int) -> list[Changed]:
    """What a later release has more and less than an earlier one, a row a rule; both must have been checked."""
    rows = session.connection.execute(_CHANGED, {"earlier": earlier, "later": later})
    return [Changed(*row) for row in rows]


def accept(session: WriteSession, case: int, by: str, why: str, until: date | None) -> None:
    """Let a case stand as it is, on somebody's word, with a reason, and where given until a last day."""
    _there(session, case)
    values = {"accepted_by": by, "accepted_why": why, "accepted_until": until, "accepted_at": func.now()}
    session.connection.execute(update(finding_case).where(finding_case.c.id == case).values(**values))


def reopen(session: WriteSession, case: int) -> None:
    """Take an acceptance back."""
    if _there(session, case) is None:
        raise NotAllowed(vi=f"việc {case} chưa được chấp nhận.", en=f"case {case} is not accepted.")
    values = dict.fromkeys(("accepted_by", "accepted_why", "accepted_until", "accepted_at"))
    session.connection.execute(update(finding_case).where(finding_case.c.id == case).values(**values))


def _there(session: ReadSession, case: int) -> str | None:
    row = session.connection.execute(select(finding_case.c.accepted_by).where(finding_case.c.id == case)).one_or_none()
    if row is None:
        raise NotAllowed(vi=f"không có việc số {case}.", en=f"there is no case {case}; see quyhoach check findings.")
    return row.accepted_by  # type: ignore[no-any-return]
