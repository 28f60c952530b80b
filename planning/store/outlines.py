"""The shapes that go with the report on coverage: communes, former communes, findings. Read when a file of them is written."""

from dataclasses import dataclass
from typing import Any

import shapely
from sqlalchemy import text

from planning.store.records import IN_RELEASE, ON, Scope
from planning.store.session import ReadSession

_UNITS = text(
    f"SELECT u.code, ST_AsBinary(u.geom) AS shape FROM unit u WHERE u.level = 'commune' AND {IN_RELEASE.format('u')}"
    f" AND {ON.format('u')} AND u.geom IS NOT NULL AND (CAST(:unit AS text) IS NULL OR u.code = :unit)"
)
_FORMERS = text(
    "SELECT q.unit_code, q.merged_on, ST_AsBinary(u.geom) AS shape FROM check_run r"
    " JOIN former_quality q ON q.release = r.release AND q.holds_from = r.holds_from"
    f" JOIN unit u ON u.code = q.unit_code AND {IN_RELEASE.format('u')} AND in_force(u.valid_from, u.valid_to, q.merged_on - 1)"
    " WHERE r.release = :release AND in_force(r.holds_from, r.holds_to, :on) AND u.geom IS NOT NULL"
)
_FINDINGS = text(
    'SELECT f.case_id AS "case", f.check_code AS "check", f.severity, f.level, f.unit_codes, f.plan_codes, f.subjects, f.facts,'
    " f.area_m2, f.width_m, c.accepted_by, c.accepted_why, c.accepted_until, ST_AsBinary(f.geom) AS shape FROM finding f"
    " LEFT JOIN finding_case c ON c.id = f.case_id WHERE f.release = :release AND in_force(f.holds_from, f.holds_to, :on)"
    " AND (CAST(:unit AS text) IS NULL OR :unit = ANY (f.unit_codes)) ORDER BY f.area_m2 DESC, f.id"
)


@dataclass(frozen=True, slots=True)
class OutlinesOfReport:
    """Commune code → shape; (former code, ISO day of the merger) → shape; findings with their `geometry`. Storage CRS."""

    units: dict[str, Any]
    formers: dict[tuple[str, str], Any]
    findings: list[dict[str, Any]]


def outlines_of_report(session: ReadSession, scope: Scope) -> OutlinesOfReport:
    """Everything that a report of the release, day and commune speaks of and that has a shape."""
    run = session.connection.execute
    return OutlinesOfReport(
        units={row.code: _shape(row.shape) for row in run(_UNITS, scope.bound)},
        formers={
            (row.unit_code, row.merged_on.isoformat()): _shape(row.shape) for row in run(_FORMERS, scope.bound)
        },
        findings=[
            {**{name: value for name, value in row.items() if name != "shape"}, "geometry": _shape(row["shape"])}
            for row in run(_FINDINGS, scope.bound).mappings()
        ],
    )  # fmt: skip


def _shape(stored: Any) -> Any:
    return shapely.from_wkb(bytes(stored))
