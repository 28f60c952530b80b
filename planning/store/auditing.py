"""A check of coverage over the store: everything in force on a day is read, judged, and the result kept beside the release."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from sqlalchemy import insert, text

from planning.coverage.audit import Area, Audit, PlanArea, Step, Wanted, audit_plans, audit_units
from planning.errors import UnknownUnit
from planning.geometry import WEB, for_tiles, multipolygons, operation
from planning.periods import Period, unchanging
from planning.store.incoming import Rows, add
from planning.store.session import ReadSession, WriteSession
from planning.store.tables import check_run, coverage, finding

_IN_RELEASE = "known({0}.release_from, {0}.release_to, :release)"
_ON = "in_force({0}.valid_from, {0}.valid_to, :on)"
_STANDS = "coalesce(carried(p.code, :release, :on), 'kept') NOT IN ('replaced', 'expired')"


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


def audited(session: WriteSession, scope: Scope, tolerance_m: float, step: Step | None = None) -> Audit:
    """Check a release on a day, and keep what was found in the place of what an earlier check of the same scope found."""
    communes, provinces = _units(session, scope, "commune"), _units(session, scope, "province")
    undrawn = _undrawn(session, scope)
    if scope.unit and scope.unit not in {commune.code for commune in communes} | {code for code, _ in undrawn}:
        raise UnknownUnit(unit=scope.unit, on=scope.on)
    wanted = Wanted(_levels(session, scope), scope.unit, tolerance_m)
    result = audit_plans(communes, _plans(session, scope), wanted, step)
    result.undrawn = [(code, name) for code, name in undrawn if scope.unit in {None, code}]
    if not scope.level:
        result.findings += audit_units(communes, provinces, tolerance_m)
    if scope.unit:
        result.findings = [one for one in result.findings if scope.unit in one.unit_codes]
    _keep(session, scope, result)
    return result


def _units(session: ReadSession, scope: Scope, level: str) -> list[Area]:
    question = text(
        f"SELECT code, name, ST_AsBinary(geom) FROM unit u WHERE level = :unit_level AND {_IN_RELEASE.format('u')}"
        f" AND {_ON.format('u')} AND geom IS NOT NULL ORDER BY code"
    )
    rows = session.connection.execute(question, {**scope.bound, "unit_level": level})
    return [Area(code, name, shapely.from_wkb(bytes(shape))) for code, name, shape in rows]


def _undrawn(session: ReadSession, scope: Scope) -> list[tuple[str, str]]:
    """Communes in force whose boundary nobody has given: known by code and name alone."""
    question = text(
        f"SELECT code, name FROM unit u WHERE level = 'commune' AND {_IN_RELEASE.format('u')} AND {_ON.format('u')}"
        " AND geom IS NULL ORDER BY code"
    )
    return [(code, name) for code, name in session.connection.execute(question, scope.bound)]


def _levels(session: ReadSession, scope: Scope) -> tuple[str, ...]:
    """The levels asked about: those of any plan in force in the province."""
    question = text(
        f"SELECT DISTINCT level FROM plan p WHERE {_IN_RELEASE.format('p')} AND {_ON.format('p')} AND {_STANDS}"
    )
    found = session.connection.execute(question, scope.bound).scalars()
    return tuple(level for level in found if scope.level in {None, level})


def _plans(session: ReadSession, scope: Scope) -> list[PlanArea]:
    """Plans of that day with their zones; of one level or near one commune where asked."""
    level = " AND p.level = :level" if scope.level else ""
    touches = "{0}.geom && u.geom AND ST_Intersects({0}.geom, u.geom)"
    near = (
        f" AND EXISTS (SELECT FROM unit u WHERE u.code = :unit AND {_IN_RELEASE.format('u')} AND {_ON.format('u')}"
        f" AND ({touches.format('p')} OR EXISTS (SELECT FROM zone z WHERE z.plan_id = p.id AND {touches.format('z')})))"
    )
    question = text(
        f"SELECT id, code, level, amends, ST_AsBinary(geom) FROM plan p WHERE {_IN_RELEASE.format('p')}"
        f" AND {_ON.format('p')} AND {_STANDS}{level}{near if scope.unit else ''} ORDER BY code"
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


def _holding(session: ReadSession, scope: Scope) -> Period:
    """The days around `on` in which no unit and no plan of the release begins or ends: the result holds on all of them."""
    question = text(
        " UNION ALL ".join(
            f"SELECT valid_from, valid_to FROM {table} t WHERE {_IN_RELEASE.format('t')}" for table in ("unit", "plan")
        )
        + f" UNION ALL SELECT effective, NULL FROM carry_over t WHERE {_IN_RELEASE.format('t')}"
    )
    rows = session.connection.execute(question, {"release": scope.release})
    return unchanging(scope.on, [Period(since, until) for since, until in rows])


def _keep(session: WriteSession, scope: Scope, result: Audit) -> None:
    """Store ratios and findings. Only a check of everything is a run: the service answers from it."""
    period = _holding(session, scope)
    _forget(session, scope, period)
    covered, findings = result.covered, result.findings
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
        web = for_tiles(operation(session.storage_srid, WEB).shapes(geom))
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
