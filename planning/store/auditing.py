"""Checks over the store: everything in force on a day is read, judged, and the result kept beside the release, each finding as a case."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import insert, select, text, update

from planning.checks.catalogue import COVERAGE_RULES, RECORD_RULES
from planning.checks.records import PlanRecord, UnitRecord
from planning.checks.scrutiny import Ground, record_findings
from planning.coverage.audit import Audit, Step, Wanted, audit_plans, audit_units
from planning.coverage.widths import NOISE_M
from planning.errors import NothingToCheck, UnknownUnit
from planning.findings import Finding
from planning.geometry import WEB, for_tiles, multipolygons, operation
from planning.periods import Period, unchanging
from planning.store.cases import cases_of, settled
from planning.store.comparing import compare
from planning.store.control_lines import corridors_in_force
from planning.store.incoming import Rows, add
from planning.store.records import (
    IN_RELEASE,
    ON,
    STANDS,
    Scope,
    former_communes,
    plans_in_force,
    targets_in_force,
    undrawn,
    units_in_force,
)
from planning.store.runs import Extent, keep_run
from planning.store.session import ReadSession, WriteSession
from planning.store.situations import mergers_by
from planning.store.tables import check_run, coverage, finding


@dataclass(frozen=True, slots=True)
class Asked:
    """What a check is to do: the width passed over, whether the records are checked beside the coverage, and on which Dask scheduler."""

    tolerance_m: float
    records: bool = False
    scheduler: str | None = None

    @property
    def checks(self) -> tuple[str, ...]:
        """The rules that are applied."""
        return COVERAGE_RULES + (RECORD_RULES if self.records else ())


_SOMETHING = text(
    f"SELECT EXISTS (SELECT FROM unit u WHERE u.level = 'commune' AND {IN_RELEASE.format('u')} AND {ON.format('u')}) AS communes,"
    f" EXISTS (SELECT FROM plan p WHERE {IN_RELEASE.format('p')} AND {ON.format('p')} AND {STANDS}) AS plans,"
    f" (SELECT min(valid_from) FROM unit u WHERE u.level = 'commune' AND {IN_RELEASE.format('u')} AND u.valid_from > :on) AS known_from"
)


def something_to_check(session: ReadSession, scope: Scope, asked: Asked) -> None:
    """Refuse a day without communes: nothing found there is not that nothing is wrong. Where every rule is applied, plans alone will do.

    Raises `NothingToCheck`.
    """
    there = session.connection.execute(_SOMETHING, scope.bound).one()
    if not there.communes and not (asked.records and there.plans):
        raise NothingToCheck(on=scope.on, release=scope.release, known_from=there.known_from)


def audited(session: WriteSession, scope: Scope, asked: Asked, step: Step | None = None) -> Audit:
    """Check a release on a day, and keep what was found in the place of what an earlier check of the same scope and rules found."""
    units = units_in_force(session, scope)
    bare = undrawn(session, scope)
    communes = [unit for unit in units if unit.level == "commune"]
    if scope.unit and scope.unit not in {unit.code for unit in communes} | {code for code, _ in bare}:
        raise UnknownUnit(unit=scope.unit, on=scope.on)
    plans = plans_in_force(session, scope)
    result = _judged(session, scope, asked, (units, plans), step)
    result.undrawn = [(code, name) for code, name in bare if scope.unit in {None, code}]
    if scope.unit:
        result.findings = [one for one in result.findings if scope.unit in one.unit_codes]
    result.mended = _keep(session, scope, asked, result)
    return result


def _judged(
    session: ReadSession,
    scope: Scope,
    asked: Asked,
    records: tuple[list[UnitRecord], list[PlanRecord]],
    step: Step | None,
) -> Audit:
    units, plans = records
    communes = [unit for unit in units if unit.level == "commune"]
    targets = targets_in_force(session, scope)
    levels = _levels(session, scope) | {target.level for target in targets}
    wanted = Wanted(
        tuple(sorted(levels)),
        scope.unit,
        asked.tolerance_m,
        asked.scheduler,
        targets,
        ground_known=not undrawn(session, scope),
    )
    result = audit_plans(communes, plans, wanted, step)
    if not scope.level:
        result.findings += audit_units(
            communes, [unit for unit in units if unit.level == "province"], asked.tolerance_m
        )
    if asked.records:
        mergers = [] if scope.level else mergers_by(session, scope.on, scope.release)
        ground = Ground(units, former_communes(session, scope), corridors_in_force(session, scope), mergers)
        found = record_findings(plans, ground, scope.on, session.storage_srid, step)
        result.findings += [one for one in found if scope.level in {None, one.level} and not one.shape.is_empty]
    return result


def _levels(session: ReadSession, scope: Scope) -> set[str]:
    """The levels asked about: those of any plan in force in the province."""
    question = text(
        f"SELECT DISTINCT level FROM plan p WHERE {IN_RELEASE.format('p')} AND {ON.format('p')} AND {STANDS}"
    )
    found = session.connection.execute(question, scope.bound).scalars()
    return {level for level in found if scope.level in {None, level}}


def _holding(session: ReadSession, scope: Scope) -> Period:
    """The days around `on` in which nothing of the release that a check looks at begins or ends: the result holds on all of them."""
    question = text(
        " UNION ALL ".join(
            f"SELECT valid_from, valid_to FROM {table} t WHERE {IN_RELEASE.format('t')}"
            for table in ("unit", "plan", "control_line", "coverage_target")
        )
        + "".join(
            f" UNION ALL SELECT effective, NULL FROM {table} t WHERE {IN_RELEASE.format('t')}"
            for table in ("carry_over", "unit_event")
        )
    )
    rows = session.connection.execute(question, {"release": scope.release})
    return unchanging(scope.on, [Period(since, until) for since, until in rows])


def _keep(session: WriteSession, scope: Scope, asked: Asked, result: Audit) -> int:
    """Store ratios and findings; the number of cases that are mended. Only a check of everything is a run: the service answers from it."""
    period = _holding(session, scope)
    cases = cases_of(session, scope.release, result.findings)
    applied = _applied(session, scope, asked, period)
    _forget(session, scope, asked, period)
    constants = {"release": scope.release, "holds_from": period.since, "holds_to": period.until}
    if scope.unit is None and scope.level is None:
        session.connection.execute(insert(check_run).values(**constants, **applied))
    if result.covered:
        names = ("unit_code", "level", "area_m2", "planned_m2", "zoned_m2", "target_pct")
        columns: dict[str, Any] = {name: [getattr(one, name) for one in result.covered] for name in names}
        columns["plan_codes"] = [list(one.plan_codes) for one in result.covered]
        columns |= {name: [value] * len(result.covered) for name, value in constants.items()}
        add(session, Rows(coverage, columns))
    result.cases = cases
    if result.findings:
        add(session, _finding_rows(session, result.findings, cases, constants))
    extent = Extent(scope.release, scope.on, asked.checks, asked.tolerance_m, scope.level, scope.unit)
    result.run = keep_run(session, extent, result.findings, cases)
    mended = settled(session, extent, period.since)
    compare(session, scope, period.since)
    return mended


def _applied(session: WriteSession, scope: Scope, asked: Asked, period: Period) -> dict[str, Any]:
    """What the run of the period now stands for: a check of a part may widen the tolerance of it, never narrow it; what was found on
    records stays found where only the coverage is checked again."""
    same = (check_run.c.release == scope.release) & (check_run.c.holds_from == period.since)
    before = session.connection.execute(select(check_run.c.records, check_run.c.tolerance_m).where(same)).one_or_none()
    if scope.unit is None and scope.level is None:
        return {"records": asked.records or bool(before and before.records), "tolerance_m": asked.tolerance_m}
    if before and before.tolerance_m is not None:
        wider = max(before.tolerance_m, asked.tolerance_m)
        session.connection.execute(update(check_run).where(same).values(tolerance_m=wider))
    return {}


def checked_whole(session: ReadSession, release: int, on: date) -> bool:
    """Whether every rule was applied to all of a release on a day, and nothing wider than noise passed over."""
    question = text(
        "SELECT FROM check_run r WHERE r.release = :release AND in_force(r.holds_from, r.holds_to, :on) AND r.records"
        " AND r.tolerance_m <= :noise"
    )
    bound = {"release": release, "on": on, "noise": NOISE_M}
    return session.connection.execute(question, bound).first() is not None


def _finding_rows(session: ReadSession, findings: list[Finding], cases: list[int], constants: dict[str, Any]) -> Rows:
    columns: dict[str, Any] = {
        name: [getattr(one, name) for one in findings] for name in ("severity", "level", "area_m2", "width_m")
    }
    columns["check_code"] = [one.check for one in findings]
    columns["case_id"] = cases
    columns["facts"] = [json.dumps(dict(one.facts), ensure_ascii=False, default=str) for one in findings]
    columns |= {
        name: [list(getattr(one, name)) for one in findings] for name in ("unit_codes", "plan_codes", "subjects")
    }
    columns |= {name: [value] * len(findings) for name, value in constants.items()}
    geom = multipolygons(np.array([one.shape for one in findings], dtype=object))
    web = for_tiles(operation(session.storage_srid, WEB).shapes(geom))
    return Rows(finding, columns, {"geom": geom, "geom_web": web})


def _forget(session: WriteSession, scope: Scope, asked: Asked, period: Period) -> None:
    same = "release = :release AND holds_from = :since"
    unit = " AND unit_code = :unit" if scope.unit else ""
    units = " AND :unit = ANY (unit_codes)" if scope.unit else ""
    level = " AND level = :level" if scope.level else ""
    bound = {**scope.bound, "since": period.since, "checks": list(asked.checks)}
    if scope.unit is None and scope.level is None:
        session.connection.execute(text(f"DELETE FROM check_run WHERE {same}"), bound)
    session.connection.execute(text(f"DELETE FROM coverage WHERE {same}{unit}{level}"), bound)
    session.connection.execute(
        text(f"DELETE FROM finding WHERE {same} AND check_code = ANY (:checks){units}{level}"), bound
    )
