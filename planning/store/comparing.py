"""Before and after mergers, and the drawings of former communes: worked out once a check from what it kept, and kept beside it."""

import json
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely
from sqlalchemy import delete, text

from planning.coverage.comparison import Change, Extent, Extents, Origin, compared
from planning.coverage.quality import FormerUnit, Found, Quality, ZonePoints, quality
from planning.findings import Finding
from planning.store.incoming import Rows, add
from planning.store.records import IN_RELEASE, ON, STANDS, Scope
from planning.store.session import ReadSession, WriteSession
from planning.store.tables import coverage_change, former_quality

# The last merger of each commune in force, and the boundaries that the communes it took had on its eve. What was no unit has no code.
# A unit that a clause leaves as it is was part of that merger too, unless a merger has changed it.
_MERGERS = f"e.to_code = u.code AND {IN_RELEASE.format('e')} AND e.kind NOT IN ('rename', 'repeal')"
_ORIGINS = text(
    "SELECT u.code, last.effective, ST_AsBinary(u.geom) AS shape, p.from_code, ST_AsBinary(f.geom) AS former FROM unit u"
    " CROSS JOIN LATERAL (SELECT coalesce(max(e.effective) FILTER (WHERE e.kind <> 'keep'), max(e.effective)) AS effective"
    f" FROM unit_event e WHERE {_MERGERS} AND e.effective BETWEEN u.valid_from AND :on) last"
    f" JOIN unit_event e ON {_MERGERS} AND e.effective = last.effective"
    " JOIN unit_event_part p ON p.event_id = e.id AND p.from_code IS NOT NULL"
    f" LEFT JOIN unit f ON f.code = p.from_code AND {IN_RELEASE.format('f')}"
    " AND in_force(f.valid_from, f.valid_to, last.effective - 1)"
    f" WHERE u.level = 'commune' AND u.geom IS NOT NULL AND {IN_RELEASE.format('u')} AND {ON.format('u')} ORDER BY u.code, p.from_code"
)
_EXTENTS = text(
    "SELECT p.code, p.name, p.level, ST_AsBinary(p.geom) AS shape, carried(p.code, :release, :by) AS carried FROM plan p"
    f" WHERE {IN_RELEASE.format('p')} AND {ON.format('p')} AND {STANDS} ORDER BY p.code"
)
_FINDINGS = text(
    "SELECT check_code, severity, level, unit_codes, plan_codes, subjects, facts, ST_AsBinary(geom) AS shape FROM finding"
    " WHERE release = :release AND holds_from = :since ORDER BY id"
)
# A finding names zones by their lot symbols, which a plan may use twice: the zone must also lie at the finding. Joins of sets, for there
# are a hundred thousand zones and as many findings.
_ZONES = text(
    "WITH here AS MATERIALIZED (SELECT z.id, p.code AS plan, coalesce(z.lot_symbol, z.function_code) AS zone, z.geom"
    f" FROM plan p JOIN zone z ON z.plan_id = p.id WHERE {IN_RELEASE.format('p')} AND {ON.format('p')} AND {STANDS}),"
    " named AS MATERIALIZED (SELECT plan, zone, f.geom FROM finding f, unnest(f.plan_codes) plan, unnest(f.subjects) zone"
    " WHERE f.release = :release AND f.holds_from = :since),"
    " faulty AS MATERIALIZED (SELECT DISTINCT h.id FROM here h JOIN named n USING (plan, zone) WHERE ST_Intersects(n.geom, h.geom))"
    " SELECT ST_AsBinary(ST_PointOnSurface(h.geom)) AS point, f.id IS NOT NULL AS faulty FROM here h LEFT JOIN faulty f USING (id)"
    " ORDER BY h.id"
)
_CHECKED = text("SELECT EXISTS (SELECT FROM check_run WHERE release = :release AND holds_from = :since)")


def compare(session: WriteSession, scope: Scope, since: date) -> None:
    """After a check was stored for the days from `since` on: work out the comparison anew, once everything was checked."""
    bound = {"release": scope.release, "since": since}
    for table in (coverage_change, former_quality):
        same = (table.c.release == scope.release) & (table.c.holds_from == since)
        session.connection.execute(delete(table).where(same))
    origins = _origins(session, scope)
    if not origins or not session.connection.execute(_CHECKED, bound).scalar_one():
        return
    now = _extents(session, scope, scope.on)
    before = {day: _extents(session, scope, day - timedelta(days=1)) for day in {one.merged_on for one in origins}}
    changes = [change for one in origins for change in compared(one, before[one.merged_on], now)]
    _keep_changes(session, changes, {"release": scope.release, "holds_from": since})
    found, zones = _found(session, bound), _zones(session, scope, since)
    formers = _formers(origins)
    qualities = [quality(former, found, zones, now) for former in formers]
    _keep_qualities(session, formers, qualities, {"release": scope.release, "holds_from": since})


def _origins(session: ReadSession, scope: Scope) -> list[Origin]:
    parts: dict[str, list[Any]] = defaultdict(list)
    for row in session.connection.execute(_ORIGINS, scope.bound):
        if len(row.from_code) == len(row.code):  # no province
            parts[row.code].append(row)
    return [_origin(rows) for rows in parts.values()]


def _origin(rows: list[Any]) -> Origin:
    """One commune from the rows of its parts; a former commune of which it took several parts counts once."""
    drawn = {row.from_code: shapely.from_wkb(bytes(row.former)) for row in rows if row.former is not None}
    codes = dict.fromkeys(row.from_code for row in rows)
    shape = shapely.from_wkb(bytes(rows[0].shape))
    undrawn = tuple(code for code in codes if code not in drawn)
    return Origin(rows[0].code, rows[0].effective, shape, tuple(codes), undrawn, tuple(drawn.values()))


def _formers(origins: list[Origin]) -> list[FormerUnit]:
    """Each former commune once, with every commune that took land of it on the same day."""
    takers: dict[tuple[str, date], list[str]] = defaultdict(list)
    shapes: dict[tuple[str, date], Any] = {}
    for origin in origins:
        drawn = iter(origin.formers)
        for code in origin.former_codes:
            key = (code, origin.merged_on)
            takers[key].append(origin.code)
            shapes[key] = None if code in origin.undrawn else next(drawn)
    return [FormerUnit(code, day, tuple(now), shapes[code, day]) for (code, day), now in takers.items()]


def _extents(session: ReadSession, scope: Scope, day: date) -> Extents:
    """Plans of a day; what the ledger says of them is what it says by the day of the check."""
    rows = session.connection.execute(_EXTENTS, {"release": scope.release, "on": day, "by": scope.on})
    return Extents(
        [Extent(row.code, row.name, row.level, shapely.from_wkb(bytes(row.shape)), row.carried) for row in rows]
    )


def _found(session: ReadSession, bound: dict[str, Any]) -> Found:
    return Found(
        [
            Finding(row.check_code, row.severity, row.level, tuple(row.unit_codes), tuple(row.plan_codes),
                shapely.from_wkb(bytes(row.shape)), tuple(row.subjects), row.facts)
            for row in session.connection.execute(_FINDINGS, bound)
        ]
    )  # fmt: skip


def _zones(session: ReadSession, scope: Scope, since: date) -> ZonePoints:
    rows = session.connection.execute(_ZONES, {**scope.bound, "since": since}).all()
    points = shapely.from_wkb(np.array([bytes(row.point) for row in rows], dtype=object))
    return ZonePoints(points, np.array([row.faulty for row in rows], dtype=bool))


def _keep_changes(session: WriteSession, changes: list[Change], constants: dict[str, Any]) -> None:
    names = ("level", "land_m2", "before_m2", "after_m2")
    columns: dict[str, Any] = {name: [getattr(one, name) for one in changes] for name in names}
    columns["unit_code"] = [one.origin.code for one in changes]
    columns["merged_on"] = [one.origin.merged_on for one in changes]
    columns["former_codes"] = [list(one.origin.former_codes) for one in changes]
    columns["undrawn"] = [list(one.origin.undrawn) for one in changes]
    columns["plans"] = [
        json.dumps([{"code": plan.code, "name": plan.name, "change": plan.change, "area_m2": plan.area_m2} for plan in one.plans],
            ensure_ascii=False)
        for one in changes
    ]  # fmt: skip
    if changes:
        add(
            session, Rows(coverage_change, {**columns, **{name: [it] * len(changes) for name, it in constants.items()}})
        )


_FIGURES = ("errors", "warnings", "infos", "faulty_m2", "seams", "seam_m2", "zones", "faulty_zones")


def _keep_qualities(
    session: WriteSession, formers: list[FormerUnit], qualities: list[Quality | None], constants: dict[str, Any]
) -> None:
    columns: dict[str, Any] = {name: [getattr(one, name, None) for one in qualities] for name in _FIGURES}
    columns["unit_code"] = [one.code for one in formers]
    columns["merged_on"] = [one.merged_on for one in formers]
    columns["now_codes"] = [list(one.now_codes) for one in formers]
    columns["area_m2"] = [None if one.shape is None else float(one.shape.area) for one in formers]
    columns["planned_m2"] = [None if one is None else json.dumps(one.planned_m2) for one in qualities]
    add(session, Rows(former_quality, {**columns, **{name: [it] * len(formers) for name, it in constants.items()}}))
