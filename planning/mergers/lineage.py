"""Lineage: what a unit came from and what became of it, over any number of events. A unit is its code and its period.

Shares are of area: a part's land over the land of the unit it left, or of the unit it went to. Where a part or a unit has no
geometry the share is unknown (None), never estimated; that the whole of a unit was taken follows from the clause alone.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

Record = dict[str, Any]


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A unit as its code and the first day of its period; `until` is the first day it is no longer in force, None if open."""

    code: str
    since: date
    until: date | None = None

    def in_force(self, day: date) -> bool:
        """Whether it is in force on the day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Step:
    """On `effective` land of `origin` went to `target`; `target` is None where that unit is not on record.

    `share` is the part of the origin's area, from 0 to 1, None where it is unknown. `of` counts the steps that built the target:
    with one, it is land of the origin and nothing else.
    """

    origin: Version
    target: Version | None
    effective: date
    extent: str
    share: float | None
    of: int = 1


@dataclass(frozen=True, slots=True)
class Heir:
    """A unit in force that holds land of another, with its share of that unit's area; None where it is unknown."""

    unit: Version
    share: float | None


def share_of_origin(extent: str, part_m2: float | None, origin_m2: float | None) -> float | None:
    """The share of its former unit's area that a part is; the whole is all of it, drawn or not."""
    if part_m2 is not None and origin_m2:
        return part_m2 / origin_m2
    return 1.0 if extent == "whole" else None


def share_of_target(part_m2: float | None, target_m2: float | None) -> float | None:
    """The share of the new unit's area that a part is."""
    return part_m2 / target_m2 if part_m2 is not None and target_m2 else None


@dataclass(slots=True)
class _Held:
    """Land of the unit asked about that another holds: its share, and the steps that brought nothing but such land."""

    share: float | None = 0.0
    pure: int = 0

    def take(self, share: float | None, *, pure: bool) -> None:
        self.share = None if self.share is None or share is None else self.share + share
        self.pure += pure


def successors_on(day: date, unit: Version, steps: Collection[Step]) -> list[Heir]:
    """The units in force on `day` that hold, or may hold, land of `unit`, through every event in between; by code.

    Shares multiply along a way and add up over ways. Where a unit that also holds other land is divided, the clauses do not say
    whose land went where: such a share is unknown, and so is what rests on it.
    """
    leaving = _leaving(steps)
    held: dict[Version, _Held] = {unit: _Held(1.0, pure=1)}
    built_of = {step.target: step.of for step in steps}
    heirs: list[Heir] = []
    while held:
        holder = min(held, key=lambda one: one.since)
        land = held.pop(holder)
        if holder.in_force(day):
            heirs.append(Heir(holder, land.share))
            continue
        alone = holder == unit or land.pure == built_of[holder]
        for step in leaving[holder]:
            if step.target is not None and step.effective <= day:
                certain = alone or step.extent == "whole"
                share = _product(land.share, step.share) if certain else None
                held.setdefault(step.target, _Held()).take(share, pure=alone)
    return sorted(heirs, key=lambda heir: (heir.unit.code, heir.unit.since))


def taken_whole_by(unit: Version, steps: Collection[Step], day: date) -> Version | None:
    """The one unit in force on `day` that took `unit` whole, through a chain of events each of which did so; else None."""
    leaving = _leaving(steps)
    holder: Version | None = unit
    while holder is not None and not holder.in_force(day):
        onward = leaving[holder]
        only = onward[0] if len(onward) == 1 else None
        holder = only.target if only is not None and only.extent == "whole" else None
    return holder


def _leaving(steps: Iterable[Step]) -> Mapping[Version, list[Step]]:
    """The steps by which each unit ended."""
    by_origin: dict[Version, list[Step]] = defaultdict(list)
    for step in steps:
        if step.origin.until == step.effective:
            by_origin[step.origin].append(step)
    return by_origin


def _product(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one * other


def with_shares(row: Record) -> Record:
    """A record of a step with its shares in per cent in the place of the areas they rest on."""
    origin_m2, target_m2 = row.pop("from_area_m2"), row.pop("to_area_m2")
    row["share_of_from_pct"] = per_cent(share_of_origin(row["extent"], row["area_m2"], origin_m2))
    row["share_of_to_pct"] = per_cent(share_of_target(row["area_m2"], target_m2))
    return row


def per_cent(share: float | None) -> float | None:
    """A share as per cent to three places."""
    return None if share is None else round(100 * share, 3)


def versions_of(rows: Iterable[Record]) -> dict[tuple[str, date], Version]:
    """Records with code, since and until (days as text) → units by code and first day."""
    found = {}
    for row in rows:
        until = row["until"] and date.fromisoformat(row["until"])
        one = Version(row["code"], date.fromisoformat(row["since"]), until or None)
        found[one.code, one.since] = one
    return found


def steps_of(rows: Iterable[Record], versions: Mapping[tuple[str, date], Version]) -> list[Step]:
    """Records of steps between `versions` → steps with their shares."""
    steps = []
    for row in rows:
        day = date.fromisoformat(row["effective"])
        origin = versions[row["from_code"], date.fromisoformat(row["from_since"])]
        share = share_of_origin(row["extent"], row["area_m2"], row["from_area_m2"])
        steps.append(Step(origin, versions.get((row["to_code"], day)), day, row["extent"], share, row["of"]))
    return steps
