"""Ratios and findings."""

from datetime import date
from typing import Any, Literal

from api.schemas.document import Dated, Document, Words


class CoverageRow(Document):
    """How much of a commune the plans of a level cover, and are to cover: `target_pct`, null where no target is set."""

    unit_code: str
    unit_name: str | None
    level: str
    area_m2: float
    planned_m2: float
    zoned_m2: float
    ratio_pct: float
    target_pct: float | None
    plan_codes: list[str]


class UndrawnUnit(Document):
    """A commune in force that is known by code and name alone."""

    code: str
    name: str


class CoverageAnswer(Dated):
    """Ratios that hold from `holds_from` up to, not including, `holds_to`; `undrawn` has no boundary, so no ratio."""

    holds_from: date
    holds_to: date | None
    rows: list[CoverageRow]
    undrawn: list[UndrawnUnit]


class FindingRow(Document):
    """One connected place where a check failed."""

    id: int
    check: str
    title: Words
    advice: Words
    severity: Literal["error", "warning", "info"]
    level: str
    unit_codes: list[str]
    plan_codes: list[str]
    area_m2: float
    width_m: float
    case: int | None
    status: Literal["open", "accepted"]
    accepted_by: str | None
    accepted_why: str | None
    accepted_until: date | None
    subjects: list[str]
    facts: dict[str, Any]
    lon: float
    lat: float
    bbox: tuple[float, float, float, float]


class FindingList(Dated):
    """Findings, the largest first."""

    total: int
    findings: list[FindingRow]


class CourseRow(Document):
    """How much of all communes a level covered, in one release."""

    release: int
    published_on: date | None
    level: str
    ratio_pct: float
    area_m2: float


class FoundRow(Document):
    """Findings of one rule at one level."""

    check: str
    severity: Literal["error", "warning", "info"]
    level: str
    number: int
    accepted: int
    area_m2: float


class InventoryRow(Document):
    """A plan on the land of a commune; `carried`: what became of it at the merger, where the ledger says."""

    code: str
    name: str
    level: str
    scale: int | None
    decision_number: str | None
    decision_date: date | None
    approver: str | None
    valid_from: date
    valid_to: date | None
    carried: str | None
    area_m2: float
    share_pct: float


class ReportedUnit(Document):
    """The commune a report is about."""

    code: str
    name: str
    area_m2: float | None


class CoverageReport(Dated):
    """Ratios with the most uncovered first, their course over the releases, findings by rule; of one commune its plans."""

    unit: ReportedUnit | None
    rows: list[CoverageRow]
    trend: list[CourseRow]
    findings: list[FoundRow]
    plans: list[InventoryRow]
