"""Units and their descent."""

from datetime import date
from typing import Literal

from api.schemas.document import Dated, Document


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
    valid_to: date | None
    in_force: bool
    bbox: tuple[float, float, float, float]


class UnitRow(UnitFacts):
    """A unit in a list."""

    successors: list[Neighbour]


class UnitList(Dated):
    """Units found: at most `limit` of `total`."""

    total: int
    units: list[UnitRow]


class Unit(UnitFacts):
    """One unit."""

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
