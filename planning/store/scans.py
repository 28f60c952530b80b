"""Scanned drawings on record."""

from dataclasses import dataclass

from sqlalchemy import text

from planning.store.session import ReadSession

_SCANS = text(
    "SELECT plan_code, title, sha256, method, scale, gsd_m, accuracy_m, release_from FROM scan"
    " WHERE known(release_from, release_to, :release) AND (CAST(:plan AS text) IS NULL OR plan_code = :plan)"
    " ORDER BY plan_code, title, sha256"
)
_PLAN = text("SELECT EXISTS (SELECT FROM plan WHERE code = :plan AND known(release_from, release_to, :release))")


@dataclass(frozen=True, slots=True)
class ScanRecord:
    """One drawing; `sha256` names its file in the store."""

    plan_code: str
    title: str
    sha256: str
    method: str
    scale: int
    gsd_m: float
    accuracy_m: float | None
    release_from: int


def scans_on_record(session: ReadSession, release: int, plan: str | None = None) -> list[ScanRecord]:
    """The drawings known in a release, of one plan where asked."""
    rows = session.connection.execute(_SCANS, {"release": release, "plan": plan})
    return [ScanRecord(*row) for row in rows]


def plan_on_record(session: ReadSession, release: int, plan: str) -> bool:
    """Whether a release knows a plan of that code, on whatever day."""
    return bool(session.connection.execute(_PLAN, {"release": release, "plan": plan}).scalar_one())
