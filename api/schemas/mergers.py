"""Mergers, their reports and the ledger of plans."""

from datetime import date
from typing import Any, Literal

from pydantic import Field

from api.schemas.document import Dated, Document


class RepealRef(Document):
    """The act that took a resolution back, and from which day."""

    resolution: str
    effective: date


class Merger(Document):
    """One resolution on one day."""

    resolution: str
    effective: date
    kind_counts: dict[str, int] = Field(
        description="clauses by kind: merge, absorb, split, part_transfer, rename, keep, code_reuse"
    )
    units_closed: int
    units_opened: int
    has_report: bool
    repealed_by: list[RepealRef] | None


class MergerList(Dated):
    """The resolutions on record."""

    mergers: list[Merger]


class MergerReport(Dated):
    """An impact report; its structure is in the guide."""

    report: dict[str, Any]


class LedgerEntry(Document):
    """What became of one plan at one merger."""

    plan_code: str
    plan_name: str | None
    level: str | None
    resolution: str
    effective: date
    decision: Literal["kept", "replaced", "expired", "undecided"]
    basis: str
    unit_codes: list[str] | None


class LedgerAnswer(Dated):
    """Entries of the ledger: at most `limit` of `total`."""

    total: int
    entries: list[LedgerEntry]
