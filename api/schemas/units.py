"""Units and their descent."""

from datetime import date
from typing import Literal

from pydantic import Field

from api.schemas.document import Dated, Document, ValidTo
from planning.mergers.clauses import EventKind, Extent, Located, Scope

Box = tuple[float, float, float, float]


class Neighbour(Document):
    """A unit that came before or after."""

    code: str
    name: str


class UnitFacts(Document):
    """What every document says of a unit."""

    code: str
    name: str
    kind: str
    level: str
    province_code: str | None
    district: str | None
    valid_from: date
    valid_to: ValidTo
    in_force: bool
    bbox: Box | None = Field(description="west, south, east, north; null: on record without a boundary")


class UnitRow(UnitFacts):
    """A unit in a list."""

    homonyms: int = Field(description="units of the same name among all that were found, this one included")
    successors: list[Neighbour]


class UnitList(Dated):
    """Units found: at most `limit` of `total`."""

    total: int
    units: list[UnitRow]


class Unit(UnitFacts):
    """One unit."""

    area_km2: float | None
    declared_area_km2: float | None
    population: int | None
    legal_basis: str | None
    boundary_how: Located | None = Field(description="how the boundary was got; null: there is none on record")
    coastal: bool | None


class Clause(Document):
    """What one clause did with land of one unit; shares are of area, null where a part or a unit has no geometry."""

    event: EventKind
    extent: Extent
    scope: Scope
    after_clauses: list[str]
    resolution: str
    clause: str
    effective: date
    area_m2: float | None
    how: Located | None
    share_of_from_pct: float | None = Field(description="of the former unit")
    share_of_to_pct: float | None = Field(description="of the new unit")


class Descent(Clause):
    """One step of a merger: which unit, how much of it, by which clause. No code: land that was no unit."""

    code: str | None
    name: str
    district: str | None
    declared_area_km2: float | None
    population: int | None


class EarlierUnit(Document):
    """An earlier unit, or an earlier period of a unit, under the same code."""

    code: str
    name: str
    kind: str
    district: str | None
    valid_from: date
    valid_to: ValidTo


class Holder(Document):
    """A unit in force that holds land of an ended one."""

    code: str
    name: str
    share_pct: float | None = Field(description="of the ended unit's area; null: unknown")


class UnitAnswer(Dated):
    """One unit with what it came from and what became of it. Ended units answer 301 (merged whole) or 410 with this document."""

    status: Literal["in_force", "merged", "dissolved"]
    unit: Unit
    earlier: list[EarlierUnit]
    predecessors: list[Descent]
    successors: list[Descent]
    now: list[Holder] = Field(default=[], description="of an ended unit: who holds its land on the day")


class LineageNode(Document):
    """A unit: its code and its period."""

    id: str = Field(examples=["90010@2025-07-01"])
    code: str
    name: str
    kind: str
    district: str | None
    province_code: str | None
    valid_from: date
    valid_to: ValidTo
    in_force: bool
    area_km2: float | None
    boundary_how: Located | None
    bbox: Box | None


class LineageEdge(Clause):
    """Land that went from one unit to another; an end is null where that unit is not on record (or was none): its name remains."""

    origin: str | None = Field(alias="from")
    to: str | None
    from_code: str | None
    from_name: str
    to_code: str
    to_name: str


class Lineage(Dated):
    """Predecessors with their other successors, and successors, over any number of events."""

    code: str
    truncated: bool
    nodes: list[LineageNode]
    edges: list[LineageEdge]


class UnitHere(Document):
    """A unit at a place."""

    code: str
    name: str
    kind: str
    level: str
    province_code: str | None
    district: str | None
    valid_from: date
    valid_to: ValidTo
    area_m2: float | None = Field(description="under the polygon asked about; null for a point")
    share_pct: float | None = Field(description="of the polygon")


class LaterUnit(Document):
    """A unit in which the place lies later, and from which day."""

    code: str
    name: str
    effective: date


class UnknownHere(Document):
    """The unit of the place is not known: its boundary is not on record; it is one of the candidates. `side` tells whether `unit`, whose
    boundary is known, came later than the day asked about or had ended by then; `unit.effective` is the day that parts them.
    """

    side: Literal["later", "ended"]
    unit: LaterUnit
    candidates: list[Descent]


class UnitsAt(Dated):
    """Units in force at a place."""

    units: list[UnitHere]
    unknown: list[UnknownHere]
