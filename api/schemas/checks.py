"""Ratios and findings."""

from datetime import date
from typing import Any, Literal

from pydantic import Field

from api.schemas.document import Dated, Document, ValidTo, Words


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


class RuleCount(Document):
    """How many findings of a rule and severity there are, listed or not."""

    check: str
    severity: Literal["error", "warning", "info"]
    number: int


class FindingList(Dated):
    """Findings, the largest first: those from `offset` on. `total` and `by_rule` count all that were asked about."""

    total: int
    offset: int
    next_offset: int | None = Field(description="offset of the next page; null on the last")
    by_rule: list[RuleCount]
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


class RankedRow(CoverageRow):
    """The same with its place among the communes: rank 1 has the most uncovered land of the level."""

    uncovered_m2: float
    rank: int
    of_uncovered_pct: float | None = Field(
        description="share of all uncovered land of the level; null where there is none"
    )


class FormerRef(Document):
    """A former commune that gave land; `drawn`: its boundary is on record."""

    code: str
    name: str | None
    drawn: bool


class ChangedPlan(Document):
    """What became of a plan since the eve of the merger, and how much of the land it has."""

    code: str
    name: str
    change: Literal["expired", "replaced", "ended", "redrawn", "undecided", "new"]
    area_m2: float


class ChangeRow(Document):
    """One land on the eve of its last merger and now: figures are null where a former commune is not drawn, for then nobody knows."""

    unit_code: str
    level: str
    merged_on: date
    formers: list[FormerRef]
    land_m2: float | None = Field(
        description="land of the commune that the former communes held: both ratios are of it"
    )
    before_m2: float | None
    after_m2: float | None
    before_pct: float | None
    after_pct: float | None
    difference_pct: float | None = Field(description="percentage points")
    plans: list[ChangedPlan]


class FormerRow(Document):
    """The drawings of a former commune; figures are null where nobody has drawn it. Uncovered land is not a fault: `ratios` tells it."""

    code: str
    name: str | None
    district: str | None
    merged_on: date
    now_codes: list[str]
    rank: int | None = Field(description="1 is the worst: most errors, then warnings, then land under both")
    area_m2: float | None
    errors: int | None
    warnings: int | None
    infos: int | None
    faulty_m2: float | None
    seams: int | None
    seam_m2: float | None
    zones: int | None
    faulty_zones: int | None
    ratios: dict[str, float] | None


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
    valid_to: ValidTo
    days_left: int | None = Field(description="days to the end of its term; null where it has none")
    carried: str | None
    area_m2: float
    share_pct: float
    plan_m2: float
    beyond_m2: float = Field(description="land of the plan outside the commune; 0 below 1 m²")


class UncoveredPlace(Document):
    """A place of a commune without a plan of the level; x and y are easting and northing in `crs` of the report."""

    case: int | None
    level: str
    severity: Literal["error", "warning", "info"]
    area_m2: float
    width_m: float
    x: float
    y: float
    lon: float
    lat: float


class ReportedUnit(Document):
    """The commune a report is about."""

    code: str
    name: str
    area_m2: float | None


class CoverageReport(Dated):
    """Ratios with the most uncovered first, before and after mergers, the former communes with the worst drawings first, the course over
    the releases, findings by rule; of one commune its plans and the places without one.
    """

    crs: str
    unit: ReportedUnit | None
    rows: list[RankedRow]
    undrawn: list[UndrawnUnit]
    changes: list[ChangeRow]
    formers: list[FormerRow]
    trend: list[CourseRow]
    findings: list[FoundRow]
    plans: list[InventoryRow]
    gaps_total: int
    gaps: list[UncoveredPlace]
