"""Publishing what was checked: a draft, or some plans of it, becomes a release unless new errors stand in it that nobody accepted.

An error is new when the release out now does not have its case, and it counts when it is one of a plan or unit that the draft changes, or
lies on land that a changed plan covered before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import shapely
from sqlalchemy import NestedTransaction, Row, text

from planning.coverage.audit import Step
from planning.coverage.widths import NOISE_M
from planning.errors import NotAllowed
from planning.findings import Finding
from planning.periods import Period, days_meeting, today
from planning.store.auditing import Asked, audited, checked_whole
from planning.store.cases import accept, cases_of
from planning.store.parting import Selection, others_wait, part, selected
from planning.store.records import Scope
from planning.store.releases import Release, existing_draft, latest, seal
from planning.store.session import ReadSession, WriteSession

EVERY_RULE = Asked(NOISE_M, records=True)

_CHANGED = text(
    "SELECT 'plan' AS what, code FROM plan WHERE :draft IN (release_from, release_to)"
    " UNION SELECT 'plan', plan_code FROM carry_over WHERE :draft IN (release_from, release_to)"
    " UNION SELECT 'unit', code FROM unit WHERE :draft IN (release_from, release_to)"
)
_PERIODS = text(
    "SELECT valid_from, valid_to FROM plan WHERE release_from = :draft"
    " UNION SELECT valid_from, valid_to FROM unit WHERE release_from = :draft"
)
_NEW_ERRORS = text(
    "SELECT f.case_id, f.check_code, f.level, f.unit_codes, f.plan_codes, f.subjects, ST_AsBinary(f.geom) AS shape"
    " FROM finding f JOIN finding_case c ON c.id = f.case_id"
    " WHERE f.release = :release AND f.severity = 'error' AND in_force(f.holds_from, f.holds_to, :on)"
    " AND NOT EXISTS (SELECT FROM finding o WHERE o.case_id = f.case_id AND o.release = :earlier AND o.severity = 'error'"
    " AND in_force(o.holds_from, o.holds_to, :on))"
    " AND (c.accepted_by IS NULL OR c.accepted_until < :today)"
    " AND (f.plan_codes && :plans OR (f.level = 'unit' AND f.unit_codes && :units) OR EXISTS (SELECT FROM plan o"
    " WHERE o.code = ANY (:plans) AND o.level = f.level AND known(o.release_from, o.release_to, :earlier)"
    " AND in_force(o.valid_from, o.valid_to, :on) AND o.geom && f.geom AND ST_Area(ST_Intersection(o.geom, f.geom)) >= 1))"
    " ORDER BY ST_Area(f.geom) DESC, f.id"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be published, and which errors somebody lets stand: by case, or `accept_all` with one reason for every one."""

    plans: tuple[str, ...] = ()
    accepted: Mapping[int, str] = field(default_factory=dict)
    accept_all: str | None = None
    by: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A new error that stands in the way, with the number of its case."""

    case: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class Refusal:
    """Nothing was published; the cases have their numbers, so that they can be accepted by name."""

    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True, slots=True)
class Publication:
    """The new release, the errors accepted with it, and plans that went along because a chosen one ends them."""

    release: Release
    accepted: tuple[Obstacle, ...] = ()
    along: tuple[str, ...] = ()


def publish_checked(session: WriteSession, wish: Wish, step: Step | None = None) -> Publication | Refusal:
    """Check what is to be published, on the days it is in force, and publish it or say what stands in the way.

    After a refusal the session is to be committed all the same: the checks and the numbers of the cases are worth keeping.
    """
    waiting = existing_draft(session)
    earlier = latest(session)
    chosen = selected(session, wish.plans) if wish.plans else Selection((), ())
    parted = bool(chosen.codes) and others_wait(session, chosen.codes)
    attempt = session.connection.begin_nested()
    number = part(session, chosen.codes) if parted else waiting.number
    found = _new_errors(session, number, earlier.number if earlier else None, step)
    open_still = [one for one in found if one.case not in wish.accepted]
    if open_still and wish.accept_all is None:
        return _refused(session, attempt, found, parted=parted)
    _accept(session, wish, found)
    release = seal(session, number, wish.note)
    attempt.commit()
    return Publication(release, tuple(found), chosen.along)


def _refused(session: WriteSession, attempt: NestedTransaction, found: Sequence[Obstacle], *, parted: bool) -> Refusal:
    """Undo the attempt where the draft was parted for it, and give the cases that went with it numbers that last."""
    if not parted:
        attempt.commit()
        return Refusal(tuple(found))
    attempt.rollback()
    findings = [one.finding for one in found]
    cases = cases_of(session, existing_draft(session).number, findings)
    return Refusal(tuple(Obstacle(case, one) for case, one in zip(cases, findings, strict=True)))


def _accept(session: WriteSession, wish: Wish, found: Sequence[Obstacle]) -> None:
    strangers = sorted(set(wish.accepted) - {one.case for one in found})
    if strangers:
        listed = ", ".join(map(str, strangers))
        raise NotAllowed(
            vi=f"việc {listed} không chặn lần công bố này; bỏ khỏi --accept.",
            en=f"case {listed} does not stand in the way of this publication; leave it out of --accept.",
        )
    for one in found:
        accept(session, one.case, wish.by or "–", wish.accepted.get(one.case) or wish.accept_all or "–", None)


def _new_errors(session: WriteSession, number: int, earlier: int | None, step: Step | None) -> list[Obstacle]:
    """New errors of the release on every day that shows something of it, each case once."""
    changed: dict[str, list[str]] = {"plan": [], "unit": []}
    for what, code in session.connection.execute(_CHANGED, {"draft": number}):
        changed[what].append(code)
    if not any(changed.values()):
        return []
    found: dict[int, Obstacle] = {}
    for day in _days(session, number):
        fresh = _ensure_checked(session, earlier, day, step) if earlier else False
        if fresh or not checked_whole(session, number, day):
            audited(session, Scope(number, day), EVERY_RULE, step)
        bound = {
            "release": number,
            "earlier": earlier,
            "on": day,
            "today": today(),
            "plans": changed["plan"],
            "units": changed["unit"],
        }
        for row in session.connection.execute(_NEW_ERRORS, bound):
            found.setdefault(row.case_id, _obstacle(row))
    return list(found.values())


def _days(session: ReadSession, number: int) -> list[date]:
    """Today, and days on which the rest of what is new is in force."""
    rows = session.connection.execute(_PERIODS, {"draft": number})
    return days_meeting([Period(since, until) for since, until in rows], today())


def _ensure_checked(session: WriteSession, release: int, day: date, step: Step | None) -> bool:
    """Check a release where it was not yet; whether that was needed."""
    if checked_whole(session, release, day):
        return False
    audited(session, Scope(release, day), EVERY_RULE, step)
    return True


def _obstacle(row: Row[Any]) -> Obstacle:
    involved = (tuple(row.unit_codes), tuple(row.plan_codes), shapely.from_wkb(bytes(row.shape)), tuple(row.subjects))
    return Obstacle(row.case_id, Finding(row.check_code, "error", row.level, *involved))
