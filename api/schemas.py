"""The documents of the service, as /docs shows them and as the tests hold every answer to them."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Document(BaseModel):
    """No field that is not declared leaves the service."""

    model_config = ConfigDict(extra="forbid")


class Words(Document):
    """A text in both languages."""

    vi: str
    en: str


class Problem(BaseModel):
    """An error, as problem+json (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str = Field(description="a stable code, e.g. unknown-parameter")
    detail: str = Field(description="one sentence: what, where, what to do")


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": words, "content": {"application/problem+json": {}}}
    for status, words in ((400, "Câu hỏi không hợp lệ / bad question"), (404, "Không tìm thấy / not found"),
        (503, "Tạm thời không phục vụ / unavailable"))
}  # fmt: skip


class Release(Document):
    """One publication."""

    number: int
    published_at: datetime
    note: str | None
    illustration: bool = Field(description="true: invented data, without legal force")


class Dated(Document):
    """Every answer names its release and its day."""

    release: Release
    on: date


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
    valid_from: date
    valid_to: date | None
    standing: Literal["in_force", "not_carried_over"]


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


class Neighbour(Document):
    """A unit that came before or after."""

    code: str
    name: str


class UnitRow(Document):
    """A unit in a list."""

    code: str
    name: str
    kind: str
    level: str
    province_code: str | None
    district: str | None
    valid_from: date
    valid_to: date | None
    in_force: bool
    bbox: tuple[float, float, float, float]
    successors: list[Neighbour]


class UnitList(Dated):
    """Units found."""

    units: list[UnitRow]


class Unit(Document):
    """One unit."""

    code: str
    name: str
    kind: str
    level: str
    province_code: str | None
    district: str | None
    valid_from: date
    valid_to: date | None
    in_force: bool
    bbox: tuple[float, float, float, float]
    area_km2: float
    declared_area_km2: float | None
    population: int | None
    legal_basis: str | None


class Descent(Document):
    """One step of a merger: which unit, how much of it, by which clause."""

    code: str | None
    name: str
    district: str | None
    extent: Literal["whole", "part", "rest"]
    scope: Literal["area_population", "area"]
    resolution: str
    clause: str
    effective: date


class UnitAnswer(Dated):
    """One unit with what it came from and what became of it."""

    unit: Unit
    predecessors: list[Descent]
    successors: list[Descent]


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


class CoverageAnswer(Dated):
    """Ratios that hold from `holds_from` up to, not including, `holds_to`."""

    holds_from: date
    holds_to: date | None
    rows: list[CoverageRow]


class FindingRow(Document):
    """One connected place where a check failed."""

    id: int
    check: str
    title: Words
    severity: Literal["error", "warning", "info"]
    level: str
    unit_codes: list[str]
    plan_codes: list[str]
    area_m2: float
    width_m: float
    status: str
    lon: float
    lat: float
    bbox: tuple[float, float, float, float]


class FindingList(Dated):
    """Findings, the largest first."""

    total: int
    findings: list[FindingRow]


class LonLat(Document):
    """A point."""

    lon: float
    lat: float


class Health(Document):
    """Whether the service can answer."""

    status: Literal["ok"]
    version: str
    release: Release | None
    storage_crs: str
    bounds: tuple[float, float, float, float] | None
    example: LonLat | None


class ReleaseList(Document):
    """All publications."""

    releases: list[Release]


class FunctionRow(Document):
    """A function code and its fill."""

    code: str
    name: str
    fill: str


class LevelRow(Document):
    """A level of plans."""

    level: str
    vi: str
    en: str


class Legend(Document):
    """What the colours of the maps mean."""

    land_use: list[FunctionRow]
    planning: list[FunctionRow]
    levels: list[LevelRow]
