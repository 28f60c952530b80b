"""What a merger meets: the units before and after, the plans and parcels on their land, on the day it takes effect.

Shapes are (multi)polygons in the storage CRS, planar metres. A unit may be on record without a shape: then it is unknown where
it lies, and nothing is made up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from planning.mergers.clauses import Decision, Event, Located


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A unit on one side of the merger. `source_crs` is the EPSG code its boundary came in, `how` how that was got."""

    code: str
    name: str
    kind: str
    level: str = "commune"
    province_code: str | None = None
    district: str | None = None
    declared_area_km2: float | None = None
    population: int | None = None
    coastal: bool | None = None
    shape: Any = None
    how: Located | None = None
    source_crs: int | None = None


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A plan in force the day before. `decision` is what the ledger already says of it for this merger, with its basis."""

    code: str
    name: str
    kind: str
    level: str
    amends: str | None
    scale: int | None
    decision_number: str | None
    decision_date: date | None
    approver: str | None
    valid_from: date
    valid_to: date | None
    shape: Any
    source_crs: int | None = None
    decision: Decision | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class ParcelMove:
    """How many parcels of a former commune lie in a new one; `new` is None where it cannot be told (the part is unknown)."""

    former: str
    new: str | None
    parcels: int


@dataclass(frozen=True, slots=True)
class Collision:
    """A sheet and number that parcels of several former communes bear in one new commune."""

    new: str
    sheet: int
    number: int
    formers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parcels:
    """Parcels of the closed units. Collisions are counted whole and listed up to a limit."""

    moves: tuple[ParcelMove, ...] = ()
    colliding: int = 0
    collisions: tuple[Collision, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything an impact report and the operation itself rest on.

    `former`: units in force the day before that the events take, by code. `new`: units the events build, by code, with the
    official boundary where there is one (on record or given with the question). `parts`: land of parts given by an office or
    digitised, by (clause label, former code), with how it was got. `provinces`: outlines of the provinces on the day, by code.
    `strays`: plans that lie in no unit on record. `bystanders`: codes in force the day before, of the rearranged provinces, that
    no event takes. `province_successors`: province taken whole on the same day → the province that took it.
    """

    events: tuple[Event, ...]
    effective: date
    former: Mapping[str, UnitFacts]
    new: Mapping[str, UnitFacts]
    parts: Mapping[tuple[str, str], tuple[Any, Located]] = field(default_factory=dict)
    plans: tuple[PlanFacts, ...] = ()
    strays: tuple[PlanFacts, ...] = ()
    parcels: Parcels = field(default_factory=Parcels)
    provinces: Mapping[str, UnitFacts] = field(default_factory=dict)
    bystanders: tuple[str, ...] = ()
    province_successors: Mapping[str, str] = field(default_factory=dict)
    illustration: bool = False

    @property
    def kept(self) -> frozenset[str]:
        """Codes of units that a clause leaves as they are: they begin anew on paper only."""
        return frozenset(event.code for event in self.events if event.kind == "keep")
