"""Ratios and findings."""

from datetime import date
from typing import Any, Literal

from api.schemas.document import Dated, Document, Words


class CoverageRow(Document):
    """How much of a commune the plans of a level cover."""

    unit_code: str
    unit_name: str | None
    level: str
    area_m2: float
    planned_m2: float
    zoned_m2: float
    ratio_pct: float
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
