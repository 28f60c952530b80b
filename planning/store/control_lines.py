"""Control lines in the store: the set of a plan, and the corridors of a day.

A plan's lines name it by its code, and are in force with the version of it within whose days they begin. So a plan that is
brought in again or repaired keeps them, and one that is replaced or has ended takes them out of force.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import shapely
from sqlalchemy import select, text

from planning.checks.harmony import Corridor
from planning.periods import Period
from planning.store.records import IN_RELEASE, ON, STANDS, Scope
from planning.store.session import ReadSession, WriteSession
from planning.store.tables import control_line, plan
from planning.store.versions import withdraw

OF_A_PLAN_IN_FORCE = (
    f"(c.plan_code IS NULL OR EXISTS (SELECT FROM plan p WHERE p.code = c.plan_code AND {IN_RELEASE.format('p')} AND {ON.format('p')}"
    f" AND in_force(p.valid_from, p.valid_to, c.valid_from) AND {STANDS}))"
)
_CORRIDORS = text(
    "SELECT coalesce(c.name, c.code, c.subject, 'corridor') AS name, ST_AsBinary(c.geom) AS shape, c.half_width_m, c.plan_code, c.subject"
    f" FROM control_line c WHERE c.kind = 'corridor' AND {IN_RELEASE.format('c')} AND {ON.format('c')} AND {OF_A_PLAN_IN_FORCE}"
    " ORDER BY c.plan_code, c.code, c.id"
)


def corridors_in_force(session: ReadSession, scope: Scope) -> list[Corridor]:
    """The safety corridors of a day, of plans in force and of none."""
    rows = session.connection.execute(_CORRIDORS, scope.bound)
    return [
        Corridor(row.name, shapely.from_wkb(bytes(row.shape)), row.half_width_m, row.plan_code, row.subject)
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class PlanVersions:
    """The versions of a plan on record, draft and published, by their days."""

    code: str
    periods: tuple[Period, ...]

    def holding(self, day: date) -> Period | None:
        """The days of the version that is in force on `day`."""
        return next((one for one in self.periods if day in one), None)


def plan_versions(session: ReadSession, code: str) -> PlanVersions:
    """The newest state of every version of the plan; none where nobody brought it in."""
    mine = select(plan.c.valid_from, plan.c.valid_to).where(plan.c.code == code, plan.c.release_to.is_(None))
    rows = session.connection.execute(mine.order_by(plan.c.valid_from))
    return PlanVersions(code, tuple(Period(since, until) for since, until in rows))


def clear_lines(session: WriteSession, code: str, within: Period, draft: int, kinds: Collection[str]) -> int:
    """Let the lines of some kinds of one version of a plan give way in the draft; how many. Earlier releases keep them."""
    mine = select(control_line.c.id).where(
        control_line.c.plan_code == code,
        control_line.c.release_to.is_(None),
        control_line.c.valid_from >= within.since,
        control_line.c.kind.in_(kinds),
    )
    if within.until:
        mine = mine.where(control_line.c.valid_from < within.until)
    return withdraw(session, control_line, list(session.connection.execute(mine).scalars()), draft)
