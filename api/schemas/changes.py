"""What publications changed, and whether a printed sheet is genuine."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from api.schemas.document import Dated, Document, Release, Words


class AnswerChange(Document):
    """One difference between the answer of a sheet and that of the newest release."""

    kind: str
    theme: str | None
    subject: str
    field: str | None
    before: Any
    after: Any
    said: Words


class Verification(Document):
    """Whether a sheet is genuine, and what the newest release answers."""

    hash: str
    standing: Literal["genuine", "not_ours", "no_question"] = Field(
        description="no_question: the hash alone tells nothing; give the question that the sheet's QR holds"
    )
    name: Words
    reason: str | None
    release: Release | None
    on: date | None
    newest_release: int | None
    superseded: bool | None = Field(description="whether the newest release answers otherwise; null: not genuine")
    gone: str | None = Field(description="why the newest release gives no answer")
    changes: list[AnswerChange]


class ChangedSubject(Document):
    """What changes are told of: a commune, a parcel by its key, or a place."""

    kind: Literal["unit", "parcel", "place"]
    code: str | None
    name: str | None


class AnswerStep(Document):
    """What one release answers otherwise than the one before it."""

    release: int
    published_at: datetime
    note: str | None
    hash: str | None = Field(description="of the answer of this release; null: it answers nothing here")
    appeared: bool
    disappeared: bool
    changes: list[AnswerChange]


class PlanStep(Document):
    """A version of a plan that a release brought, ended or changed."""

    code: str
    name: str
    level: str
    valid_from: date
    change: Literal["come", "gone", "changed"]
    zones_before: int | None
    zones_after: int | None
    ran_to: date | None
    runs_to: date | None


class DecidedStep(Document):
    """A decision on a plan at a merger that a release brought."""

    plan_code: str
    resolution: str
    effective: date
    decision: str
    basis: str


class DocumentStep(Document):
    """A document that a release brought or withdrew."""

    plan_code: str
    type: str
    title: str
    change: Literal["come", "gone"]


class CommuneStep(Document):
    """What one release changed in a commune."""

    release: int
    published_at: datetime
    note: str | None
    plans: list[PlanStep]
    decided: list[DecidedStep]
    documents: list[DocumentStep]
    unit_changed: bool = Field(description="its own boundary or attributes")
    parcels_come: int
    parcels_gone: int


class Changes(Dated):
    """What publications changed: `answers` of a place or a parcel, `commune` of a commune."""

    since: int
    subject: ChangedSubject
    answers: list[AnswerStep]
    commune: list[CommuneStep]
