"""What is in force on a day, read for checking: units, plans with their zones."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from sqlalchemy import text

from planning.checks.records import PlanRecord, UnitRecord, ZoneRecord
from planning.coverage.targets import Target
from planning.ground import Ground, ground_of
from planning.store import releases
from planning.store.session import ReadSession

IN_RELEASE = "known({0}.release_from, {0}.release_to, :release)"
ON = "in_force({0}.valid_from, {0}.valid_to, :on)"
STANDS = "coalesce(carried(p.code, :release, :on), 'kept') NOT IN ('replaced', 'expired')"

# A shape that came in another CRS is kept as it came; else the file's own CRS is that of the store.
CAME_IN = "coalesce(ST_SRID({0}.geom_source), d.source_crs)"

_UNITS = (
    "SELECT u.code, u.name, u.level, ST_AsBinary(u.geom) AS shape, u.declared_area_km2, u.coastal, d.source_crs FROM unit u"
    f" JOIN dataset d ON d.id = u.dataset_id WHERE u.level IN ('commune', 'province') AND {IN_RELEASE.format('u')}"
    f" AND {ON.format('u')} AND u.geom IS NOT NULL ORDER BY u.code"
)
_FORMER = (
    "SELECT DISTINCT ON (u.code) u.code, u.name, ST_AsBinary(u.geom) AS shape, d.source_crs FROM unit u"
    f" JOIN dataset d ON d.id = u.dataset_id WHERE u.level = 'commune' AND {IN_RELEASE.format('u')} AND u.valid_to <= :on"
    " AND u.geom IS NOT NULL"
)
_UNDRAWN = (
    f"SELECT code, name FROM unit u WHERE level = 'commune' AND {IN_RELEASE.format('u')} AND {ON.format('u')}"
    " AND geom IS NULL ORDER BY code"
)
_TARGETS = (
    f"SELECT level, unit_code, target_pct, on_whose_word FROM coverage_target t WHERE {IN_RELEASE.format('t')} AND {ON.format('t')}"
    " AND (CAST(:level AS text) IS NULL OR level = :level) ORDER BY level, unit_code"
)
# The day a plan was first published is that of the first release that held a version of it.
_PLANS = (
    "SELECT p.id, p.code, p.name, p.level, p.kind, ST_AsBinary(p.geom) AS shape, p.valid_from, p.valid_to, p.amends, p.scale,"
    f" p.decision_number, p.decision_date, p.approver, p.declared_area_ha, {CAME_IN.format('p')} AS source_crs,"
    " (SELECT min(r.published_at)::date FROM plan o JOIN release r ON r.number = o.release_from"
    " WHERE o.code = p.code AND r.number <= :release) AS published_on, p.supersedes,"
    " s.runs IS NOT NULL AS superseded_on_record, coalesce(s.runs, false) AS superseded_stands,"
    f" ARRAY(SELECT DISTINCT m.type FROM document m WHERE m.plan_code = p.code AND {IN_RELEASE.format('m')}) AS documents"
    f" FROM plan p JOIN dataset d ON d.id = p.dataset_id CROSS JOIN LATERAL"
    " (SELECT bool_or(o.valid_to IS NULL OR o.valid_to > p.valid_from) AS runs"
    f" FROM plan o WHERE o.code = p.supersedes AND {IN_RELEASE.format('o')}) s"
    f" WHERE {IN_RELEASE.format('p')} AND {ON.format('p')} AND {STANDS}"
)
_TOUCHES = "{0}.geom && u.geom AND ST_Intersects({0}.geom, u.geom)"
_NEAR = (
    f" AND EXISTS (SELECT FROM unit u WHERE u.code = :unit AND {IN_RELEASE.format('u')} AND {ON.format('u')}"
    f" AND ({_TOUCHES.format('p')} OR EXISTS (SELECT FROM zone z WHERE z.plan_id = p.id AND {_TOUCHES.format('z')})))"
)
_ZONES = (
    "SELECT z.plan_id, z.lot_symbol, z.function_code, z.function_scheme, z.declared_area_m2, z.density_pct, z.floors_min, z.floors_max,"
    f" z.height_max_m, z.far_max, z.setback_m, {CAME_IN.format('z')}, ST_AsBinary(z.geom) FROM zone z JOIN plan p ON p.id = z.plan_id"
    " JOIN dataset d ON d.id = p.dataset_id WHERE z.plan_id = ANY (:plans) ORDER BY z.id"
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


def units_in_force(session: ReadSession, scope: Scope) -> list[UnitRecord]:
    """Communes and provinces with a boundary on record."""
    rows = session.connection.execute(text(_UNITS), scope.bound)
    return [
        UnitRecord(
            row.code,
            row.name,
            row.level,
            shapely.from_wkb(bytes(row.shape)),
            row.declared_area_km2,
            row.coastal,
            row.source_crs,
        )
        for row in rows
    ]


def ground_on(session: ReadSession, on: date) -> Ground | None:
    """The communes in force on a day as the ground of evidence, those of the draft included; None where no boundary is on record."""
    known = releases.draft(session) or releases.latest(session)
    if known is None:
        return None
    return ground_of([one.shape for one in units_in_force(session, Scope(known.number, on)) if one.level == "commune"])


def former_communes(session: ReadSession, scope: Scope) -> list[UnitRecord]:
    """Communes that have ended by the day, with their last boundary; those of one commune's land where a commune is asked about."""
    near = (
        " AND EXISTS (SELECT FROM unit n WHERE n.code = :unit AND ST_Intersects(n.geom, u.geom))" if scope.unit else ""
    )
    rows = session.connection.execute(text(f"{_FORMER}{near} ORDER BY u.code, u.valid_to DESC"), scope.bound)
    return [
        UnitRecord(row.code, row.name, "commune", shapely.from_wkb(bytes(row.shape)), source_crs=row.source_crs)
        for row in rows
    ]


def targets_in_force(session: ReadSession, scope: Scope) -> tuple[Target, ...]:
    """How much the levels are to cover on that day, as offices have set it."""
    return tuple(Target(*row) for row in session.connection.execute(text(_TARGETS), scope.bound))


def undrawn(session: ReadSession, scope: Scope) -> list[tuple[str, str]]:
    """Communes in force whose boundary nobody has given: known by code and name alone."""
    return [(code, name) for code, name in session.connection.execute(text(_UNDRAWN), scope.bound)]


def plans_in_force(session: ReadSession, scope: Scope) -> list[PlanRecord]:
    """Plans of that day with their zones; of one level or near one commune where asked."""
    level = " AND p.level = :level" if scope.level else ""
    near = _NEAR if scope.unit else ""
    rows = session.connection.execute(text(f"{_PLANS}{level}{near} ORDER BY p.code"), scope.bound).mappings().all()
    zones = _zones(session, {row["id"]: row["code"] for row in rows})
    return [
        PlanRecord(
            **{name: value for name, value in row.items() if name not in {"id", "shape", "documents"}},
            documents=tuple(row["documents"]),
            shape=shapely.from_wkb(bytes(row["shape"])),
            zones=tuple(zones[row["id"]]),
        )
        for row in rows
    ]


def _zones(session: ReadSession, plans: dict[int, str]) -> dict[int, list[ZoneRecord]]:
    """The zones of plans, by the plan's id. A zone without a lot symbol goes by its function."""
    found: dict[int, list[ZoneRecord]] = defaultdict(list)
    for plan_id, symbol, code, scheme, *rest, shape in session.connection.execute(text(_ZONES), {"plans": list(plans)}):
        found[plan_id].append(
            ZoneRecord(plans[plan_id], symbol or code, code, scheme, shapely.from_wkb(bytes(shape)), *rest)
        )
    return found
