"""What is checked, as the store or a file holds it: zones, plans and units. Shapes in the storage CRS, plane metres."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from planning.functions import Scheme
from planning.mergers.clauses import Event


@dataclass(frozen=True, slots=True)
class ZoneRecord:
    """A zone of a plan. `name` tells it from the others of its plan: the lot symbol, or a number where there is none.

    `source_crs` is the EPSG code its shape came in.
    """

    plan: str
    name: str
    function_code: str
    function_scheme: Scheme
    shape: Any
    declared_area_m2: float | None = None
    density_pct: float | None = None
    floors_min: int | None = None
    floors_max: int | None = None
    height_max_m: float | None = None
    far_max: float | None = None
    setback_m: float | None = None
    source_crs: int | None = None


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """A plan in force. `published_on`: the day of the first release that held it, None before. `source_crs`: the EPSG code it came in.

    `superseded_on_record`: the release knows the plan it supersedes; `superseded_stands`: that one still runs when this one begins, or
    later. `documents`: the types of its documents.
    """

    code: str
    name: str
    level: str
    kind: str
    shape: Any
    valid_from: date
    valid_to: date | None = None
    amends: str | None = None
    scale: int | None = None
    decision_number: str | None = None
    decision_date: date | None = None
    approver: str | None = None
    declared_area_ha: float | None = None
    published_on: date | None = None
    source_crs: int | None = None
    supersedes: str | None = None
    superseded_on_record: bool = False
    superseded_stands: bool = False
    documents: tuple[str, ...] = ()
    zones: tuple[ZoneRecord, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A unit in force with its boundary."""

    code: str
    name: str
    level: str
    shape: Any
    declared_area_km2: float | None = None
    coastal: bool | None = None
    source_crs: int | None = None


@dataclass(frozen=True, slots=True)
class MergerRecord:
    """The clauses of one day, repealed ones left out, with the boundaries on record by code: of the units they took, as they were the day
    before, and of those they built. `standing`: codes of built units that are still in force as they were built.
    """

    effective: date
    events: tuple[Event, ...]
    former: Mapping[str, Any]
    new: Mapping[str, Any]
    standing: frozenset[str]
