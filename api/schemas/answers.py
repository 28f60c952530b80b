"""What applies at a place or on a parcel."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from api.schemas.document import Dated, Document, ValidTo, Words
from api.schemas.plan_documents import DocumentRef
from api.schemas.subjects import ParcelRef, Subject, UnitRef


class OfficeNow(Document):
    """Who answers today for what an office approved."""

    name: str
    basis: str


class CarriedOver(Document):
    """What was decided of a plan at a merger."""

    decision: Literal["kept", "undecided"]
    resolution: str
    effective: date
    basis: str


class PlanRef(Document):
    """The plan behind a restriction."""

    code: str
    name: str
    kind: str
    level: str
    scale: int | None
    decision_number: str | None
    decision_date: date | None
    approver: str | None = Field(description="the office that approved it, then")
    office_now: OfficeNow | None = Field(description="who answers for it today; null: not on record")
    legal_status: Words
    carried: CarriedOver | None = Field(description="what was decided of it at a merger; null: no merger touched it")
    origin: Literal["drawn", "digitised", "traced"] | None = Field(
        description="how its lines came into the data: drawing files, a hand on a scan, traced from a scan; null: not on record"
    )
    accuracy_m: float | None = Field(description="how exact its lines are, m; null: not on record")
    valid_from: date
    valid_to: ValidTo
    standing: Literal["in_force", "not_carried_over"]
    documents: list[DocumentRef]
    missing_documents: list[str] = Field(description="of decision, regulation and drawing: those that are not on file")


class ZoneRef(Document):
    """What the plan says of this place."""

    id: int
    lot_symbol: str | None
    function_code: str
    function_scheme: Literal["land_use", "planning"]
    function_name: str | None
    fill: str | None
    article: str | None = Field(description="where the plan's management rules speak of it")
    density_pct: float | None
    floors_min: int | None
    floors_max: int | None
    height_max_m: float | None
    far_max: float | None
    setback_m: float | None
    declared_area_m2: float | None


class Amendment(Document):
    """A plan whose zones hold in the place of another's."""

    code: str
    name: str
    level: str
    decision_number: str | None
    decision_date: date | None


class Restriction(Document):
    """One zone of one plan; without a zone, the plan covers the place but says nothing more of it."""

    plan: PlanRef
    zone: ZoneRef | None
    area_m2: float | None
    share_pct: float | None
    geometry: dict[str, Any] | None = Field(default=None, description="GeoJSON, clipped to the subject; on request")
    amended_by: list[Amendment] | None = Field(
        default=None, description="only of a share that applies no more: the amendments whose zones lie in its place"
    )


class Conflict(Document):
    """Two plans of one level that lie on each other here."""

    plans: list[str]


class LineRef(Document):
    """A control line or corridor on the subject or within 50 m of it."""

    id: int
    kind: Literal["red_line", "building_line", "corridor", "boundary_marker"]
    kind_name: Words
    code: str | None
    name: str | None
    subject: str | None = Field(description="what a corridor protects")
    subject_name: Words | None
    plan_code: str | None
    half_width_m: float | None
    setback_m: float | None
    legal_basis: str | None
    valid_from: date
    valid_to: ValidTo
    distance_m: float = Field(description="of a corridor from its edge")
    side: Literal["inside", "crosses", "touches", "outside"] = Field(
        description="the subject is inside a corridor; the line or corridor crosses it; a line runs along its edge; it lies outside"
    )
    direction: Literal["N", "NE", "E", "SE", "S", "SW", "W", "NW"] | None = Field(description="from the subject")
    area_m2: float | None = Field(description="what a corridor takes of a parcel or an area")
    share_pct: float | None
    geometry: dict[str, Any] | None = Field(
        default=None,
        description="GeoJSON, the axis of a corridor with a half width; cut to 60 m around the subject and that width; on request",
    )


class ThemeAnswer(Document):
    """One theme and its state; the four states are never collapsed."""

    theme: str
    name: Words
    basis: list[Words] = Field(description="the law behind the theme")
    state: Literal["applies", "none", "no_data", "not_carried_over"]
    on_whose_word: str | None = Field(description="who says that nothing applies, where the state is none")
    conflict: bool = Field(description="two plans of this level lie on each other here; both are shown")
    conflicts: list[Conflict]
    restrictions: list[Restriction]
    amended: list[Restriction] = Field(
        description="zones of plans in force that apply no more here, because amendments have zones of their own in their place;"
        " of a parcel or an area what was taken of them, the rest is among the restrictions"
    )
    noise: list[Restriction] = Field(description="shares under 1 m² or narrower than 2 cm, amended ones too")
    lines: list[int] = Field(description="ids of the lines that have a say on the subject")


class AcceptedBy(Document):
    """Who accepted a finding, why, until when."""

    by: str
    why: str
    until: date | None


class Touched(Document):
    """A finding of the checks that touches the subject."""

    case: int | None
    check: str
    name: Words
    severity: Literal["error", "warning", "info"]
    level: str = Field(description="the plan level it speaks of; unit: the communes themselves, whatever the level")
    area_m2: float
    width_m: float
    plan_codes: list[str]
    accepted: AcceptedBy | None


class Decision(Document):
    """What was decided of two plans that lie on each other."""

    plans: list[str]
    by: str
    why: str
    until: date | None


class Checks(Document):
    """What the checks say of the place. It may be checked anew within a release, so the hash of the answer does not cover it."""

    checked_at: datetime | None = Field(description="null: the release was not checked for this day")
    findings: list[Touched]
    decisions: list[Decision] = Field(description="on conflicts of the answer")


class Answer(Dated):
    """What applies at a point, on a parcel, in an area."""

    subject: Subject
    units: list[UnitRef]
    former_units: list[UnitRef]
    parcels: list[ParcelRef] = Field(description="parcels at a point or under an area; of an area the largest 200")
    parcels_total: int | None = Field(default=None, description="of an area: how many parcels lie under it")
    themes: list[ThemeAnswer]
    lines: list[LineRef]
    unaffected: list[str] = Field(description="themes of which nothing applies")
    without_data: list[str]
    not_carried_over: list[str]
    disclaimer: Words
    hash: str = Field(
        pattern="^[0-9a-f]{64}$",
        description="SHA-256 of this document without hash, verify and checks: JSON, keys sorted, no spaces, UTF-8, numbers as they are"
        " written here",
    )
    verify: str = Field(
        description="where a sheet with this answer is proved: the hash, and the question with its day and release"
    )
    checks: Checks


ANSWER_SCHEMA = "urn:quyhoach:schemas:answer:1"
"""The name of the schema; the number changes with a change that breaks a reader."""


def answer_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of an answer."""
    own = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": ANSWER_SCHEMA}
    return own | Answer.model_json_schema() | {"title": "Câu trả lời của quyhoach / an answer of quyhoach"}
