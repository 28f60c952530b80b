"""What the checks read (everything in force on a day) and write (ratios and findings of that day)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from sqlalchemy import insert, text

from planning.coverage.audit import Area, Covered, PlanArea
from planning.findings import Finding
from planning.geometry import WEB, multipolygons, operation
from planning.periods import Period, unchanging
from planning.store.incoming import Rows, add
from planning.store.session import ReadSession, WriteSession
from planning.store.tables import check_run, coverage, finding

_IN_RELEASE = "known({0}.release_from, {0}.release_to, :release)"
_ON = "in_force({0}.valid_from, {0}.valid_to, :on)"
_ENDED = (
    "EXISTS (SELECT FROM carry_over c WHERE c.plan_code = p.code AND c.decision IN ('replaced', 'expired')"
    f" AND c.effective <= :on AND {_IN_RELEASE.format('c')})"
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a check looks at: a release, a day, and where asked one commune and one level."""

    release: int
    on: date
    unit: str | None = None
    level: str | None = None

    @property
    def bound(self) -> dict[str, Any]:
        """The scope as parameters of a question."""
        return {"release": self.release, "on": self.on, "unit": self.unit, "level": self.level}


def units_in_force(session: ReadSession, scope: Scope, level: str) -> list[Area]:
    """Units of a level on that day; of communes, only the one asked for, where one is."""
    one = " AND code = :unit" if scope.unit and level == "commune" else ""
    question = text(
        f"SELECT code, name, ST_AsBinary(geom) FROM unit u WHERE level = :unit_level AND {_IN_RELEASE.format('u')}"
        f" AND {_ON.format('u')}{one} ORDER BY code"
    )
    rows = session.connection.execute(question, {**scope.bound, "unit_level": level})
    return [Area(code, name, shapely.from_wkb(bytes(shape))) for code, name, shape in rows]


def plans_in_force(session: ReadSession, scope: Scope) -> list[PlanArea]:
    """Plans of that day with their zones; only those that meet the commune and level asked for, where they are."""
    level = " AND p.level = :level" if scope.level else ""
    near = (
        " AND EXISTS (SELECT FROM unit u WHERE u.code = :unit AND u.geom && p.geom AND ST_Intersects(u.geom, p.geom)"
        f" AND {_IN_RELEASE.format('u')} AND {_ON.format('u')})"
        if scope.unit
        else ""
    )
    question = text(
        f"SELECT id, code, level, amends, ST_AsBinary(geom) FROM plan p WHERE {_IN_RELEASE.format('p')}"
        f" AND {_ON.format('p')} AND NOT {_ENDED}{level}{near} ORDER BY code"
    )
    rows = session.connection.execute(question, scope.bound).all()
    return [
        PlanArea(code, plan_level, amends, shapely.from_wkb(bytes(shape)), _zones(session, plan_id))
        for plan_id, code, plan_level, amends, shape in rows
    ]


def _zones(session: ReadSession, plan_id: int) -> Any:
    question = text("SELECT ST_AsBinary(geom) FROM zone WHERE plan_id = :plan ORDER BY id")
    found = session.connection.execute(question, {"plan": plan_id}).scalars().all()
    return np.asarray(shapely.from_wkb([bytes(shape) for shape in found]), dtype=object)


def holding(session: ReadSession, scope: Scope) -> Period:
    """The days around `on` in which no unit and no plan of the release begins or ends: the result holds on all of them."""
    question = text(
        " UNION ALL ".join(
            f"SELECT valid_from, valid_to FROM {table} t WHERE {_IN_RELEASE.format('t')}" for table in ("unit", "plan")
        )
        + f" UNION ALL SELECT effective, NULL FROM carry_over t WHERE {_IN_RELEASE.format('t')}"
    )
    rows = session.connection.execute(question, {"release": scope.release})
    return unchanging(scope.on, [Period(since, until) for since, until in rows])


def keep(session: WriteSession, scope: Scope, covered: list[Covered], findings: list[Finding]) -> None:
    """Store what was found in the place of what an earlier check of the same scope found.

    Only a check of everything is a run: the service answers from it, and a check of one unit or level refreshes its part.
    """
    period = holding(session, scope)
    _forget(session, scope, period)
    constants = {"release": scope.release, "holds_from": period.since, "holds_to": period.until}
    if scope.unit is None and scope.level is None:
        session.connection.execute(insert(check_run).values(**constants))
    if covered:
        names = ("unit_code", "level", "area_m2", "planned_m2", "zoned_m2")
        columns: dict[str, Any] = {name: [getattr(one, name) for one in covered] for name in names}
        columns["plan_codes"] = [list(one.plan_codes) for one in covered]
        columns |= {name: [value] * len(covered) for name, value in constants.items()}
        add(session, Rows(coverage, columns))
    if findings:
        columns = {
            name: [getattr(one, name) for one in findings] for name in ("severity", "level", "area_m2", "width_m")
        }
        columns["check_code"] = [one.check for one in findings]
        columns["unit_codes"] = [list(one.unit_codes) for one in findings]
        columns["plan_codes"] = [list(one.plan_codes) for one in findings]
        columns |= {name: [value] * len(findings) for name, value in constants.items()}
        geom = multipolygons(np.array([one.shape for one in findings], dtype=object))
        web = operation(session.storage_srid, WEB).shapes(geom)
        add(session, Rows(finding, columns, {"geom": geom, "geom_web": web}))


def _forget(session: WriteSession, scope: Scope, period: Period) -> None:
    same = "release = :release AND holds_from = :since"
    unit = " AND unit_code = :unit" if scope.unit else ""
    units = " AND :unit = ANY (unit_codes)" if scope.unit else ""
    level = " AND level = :level" if scope.level else ""
    bound = {**scope.bound, "since": period.since}
    if scope.unit is None and scope.level is None:
        session.connection.execute(text(f"DELETE FROM check_run WHERE {same}"), bound)
    session.connection.execute(text(f"DELETE FROM coverage WHERE {same}{unit}{level}"), bound)
    session.connection.execute(text(f"DELETE FROM finding WHERE {same}{units}{level}"), bound)
