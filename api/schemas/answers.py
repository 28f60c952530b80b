"""What applies at a place or on a parcel."""

import datetime as dt
from datetime import date
from typing import Literal

from pydantic import Field

from api.schemas.document import Dated, Document, Words


class UnitRef(Document):
    """A unit as an answer names it."""

    code: str
    name: str
    kind: str
    level: Literal["province", "district", "commune"]
    province_code: str | None
    province_name: str | None
    district: str | None
    valid_from: date
    valid_to: date | None
    area_m2: float | None = Field(default=None, description="of a parcel: how much of it lies in the unit")


class Place(Document):
    """The point that was asked about, in degrees and in the storage CRS."""

    lon: float
    lat: float
    x: float = Field(description="easting, m")
    y: float = Field(description="northing, m")
    crs: str
    operation: str = Field(description="the datum operation used, always the same")


class ParcelRef(Document):
    """A parcel at a point."""

    key: str = Field(examples=["90001/3/12"])
    former_code: str
    former_name: str | None
    sheet: int
    number: int
    land_use_code: str | None
    declared_area_m2: float | None
    area_m2: float


class Parcel(ParcelRef):
    """A parcel as the subject of an answer."""

    perimeter_m: float
    valid_from: date
    valid_to: date | None
    lon: float
    lat: float
    operation: str


class DocumentRef(Document):
    """A document of a plan."""

    type: Literal["decision", "regulation", "drawing", "text", "other"]
    type_name: Words
    title: str
    number: str | None
    date: dt.date | None
    media_type: str
    size: int = Field(description="bytes")
    sha256: str
    url: str = Field(examples=["/v1/documents/0f3a…"])


class PlanRef(Document):
    """The plan behind a restriction."""

    code: str
    name: str
    kind: str
    level: str
    scale: int | None
    decision_number: str | None
    decision_date: date | None
    approver: str | None
    origin: Literal["drawn", "digitised", "traced"] | None = Field(
        description="how its lines came into the data: drawing files, a hand on a scan, traced from a scan; null: not on record"
    )
    accuracy_m: float | None = Field(description="how exact its lines are, m; null: not on record")
    valid_from: date
    valid_to: date | None
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
    density_pct: float | None
    floors_min: int | None
    floors_max: int | None
    height_max_m: float | None
    far_max: float | None
    setback_m: float | None
    declared_area_m2: float | None


class Restriction(Document):
    """One zone of one plan; without a zone, the plan covers the place but says nothing more of it."""

    plan: PlanRef
    zone: ZoneRef | None
    area_m2: float | None
    share_pct: float | None


class ThemeAnswer(Document):
    """One theme and its state; the four states are never collapsed."""

    theme: str
    name: Words
    state: Literal["applies", "none", "no_data", "not_carried_over"]
    on_whose_word: str | None = Field(description="who says that nothing applies, where the state is none")
    conflict: bool = Field(description="two plans of this level lie on each other here; both are shown")
    restrictions: list[Restriction]
    noise: list[Restriction] = Field(description="shares under 1 m² or narrower than 2 cm")


class Answer(Dated):
    """What applies at a point."""

    place: Place
    units: list[UnitRef]
    former_units: list[UnitRef]
    parcels: list[ParcelRef]
    themes: list[ThemeAnswer]
    disclaimer: Words


class ParcelAnswer(Dated):
    """What applies on a parcel."""

    parcel: Parcel
    units: list[UnitRef]
    former_units: list[UnitRef]
    themes: list[ThemeAnswer]
    disclaimer: Words


class AskedParcel(Document):
    """The key that was asked for."""

    code: str
    sheet: int
    number: int


class ParcelChoice(Document):
    """One of several parcels that bear a sheet and number, with the key that tells it from the others."""

    key: str = Field(examples=["90001/3/12"])
    former_code: str
    former_name: str | None
    district: str | None
    commune_code: str | None = Field(description="the commune in which it lies on the day; null: not known")
    commune_name: str | None
    area_m2: float
    land_use_code: str | None
    href: str
    unknown_part: bool = Field(
        description="it may lie elsewhere: its former commune was divided, and where is not on record"
    )


class ParcelChoices(Dated):
    """Several parcels bear this sheet and number; none is picked."""

    asked: AskedParcel
    choices: list[ParcelChoice]


class FiledDocument(DocumentRef):
    """A document with its file."""

    file_name: str
    flags: list[str] = Field(
        description="what a PDF can do beside being read: javascript, launch, attachment; encrypted, damaged"
    )


class DocumentedPlan(Document):
    """A plan by its code."""

    code: str
    name: str
    level: str


class PlanDocuments(Dated):
    """The documents of a plan."""

    plan: DocumentedPlan
    documents: list[FiledDocument]
    missing_documents: list[str]
