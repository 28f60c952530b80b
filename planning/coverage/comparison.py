"""Before and after a merger: how much of one and the same land the plans of a level covered on the eve, and cover now.

The land is that of a commune in force as far as drawn former communes held it, so that the two figures differ by plans alone and never
by a boundary. Where a former commune is not drawn nobody can say what its plans covered: the figures are None, never 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import shapely

Fate = Literal["expired", "replaced", "ended", "redrawn", "undecided", "new"]

FATES: dict[Fate, tuple[str, str]] = {
    "expired": ("hết hiệu lực do sáp nhập", "expired at the merger"),
    "replaced": ("bị thay thế", "replaced"),
    "ended": ("hết thời hạn", "its term ended"),
    "redrawn": ("đổi ranh giới", "its boundary changed"),
    "undecided": ("chưa quyết định kế thừa", "not carried over yet"),
    "new": ("mới có", "came since"),
}

NOISE_M2 = 1.0
"""A plan with less of the land than this is not among those that changed."""


@dataclass(frozen=True, slots=True)
class Extent:
    """A plan on one day: its boundary, and what the ledger of carried-over plans says of it by the day of the check, None where nothing."""

    code: str
    name: str
    level: str
    shape: Any
    carried: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """What a commune in force was made of at its last merger: its boundary, former communes by code, those nobody has drawn.

    `formers` holds the boundaries of the drawn ones.
    """

    code: str
    merged_on: date
    shape: Any
    former_codes: tuple[str, ...]
    undrawn: tuple[str, ...]
    formers: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class PlanChange:
    """What became of one plan on the land: its area there, on the eve or, for a new one, now."""

    code: str
    name: str
    change: Fate
    area_m2: float


@dataclass(frozen=True, slots=True)
class Change:
    """Coverage of one land by one level, on the eve and now, in m²; None where a former commune is not drawn."""

    origin: Origin
    level: str
    land_m2: float | None
    before_m2: float | None
    after_m2: float | None
    plans: tuple[PlanChange, ...]


class Extents:
    """The plans of one day, found by level and place."""

    def __init__(self, plans: Sequence[Extent]) -> None:
        self._by_level: dict[str, tuple[list[Extent], Any]] = {}
        for level in sorted({plan.level for plan in plans}):
            own = [plan for plan in plans if plan.level == level]
            self._by_level[level] = (own, shapely.STRtree(np.array([plan.shape for plan in own], dtype=object)))

    @property
    def levels(self) -> frozenset[str]:
        """The levels of any plan."""
        return frozenset(self._by_level)

    def on(self, land: Any, level: str) -> dict[str, tuple[Extent, Any]]:
        """Code → plan and the part of it on the land, for those that have some there."""
        if level not in self._by_level:
            return {}
        plans, tree = self._by_level[level]
        near = np.sort(tree.query(land, predicate="intersects"))
        parts = shapely.intersection(np.array([plans[place].shape for place in near], dtype=object), land)
        return {
            plans[place].code: (plans[place], part)
            for place, part in zip(near, parts, strict=True)
            if part.area >= NOISE_M2
        }


def compared(origin: Origin, before: Extents, now: Extents) -> list[Change]:
    """One change a level that any plan has on either day."""
    levels = sorted(before.levels | now.levels)
    land = shapely.intersection(origin.shape, shapely.union_all(origin.formers)) if origin.formers else None
    if origin.undrawn or land is None or land.area < NOISE_M2:
        return [Change(origin, level, None, None, None, ()) for level in levels]
    return [_of_level(origin, level, land, (before.on(land, level), now.on(land, level))) for level in levels]


def _of_level(
    origin: Origin, level: str, land: Any, plans: tuple[dict[str, tuple[Extent, Any]], dict[str, tuple[Extent, Any]]]
) -> Change:
    eve, now = plans
    areas = (covered_m2(eve.values()), covered_m2(now.values()))
    return Change(origin, level, float(land.area), *areas, tuple(_changes(eve, now)))


def covered_m2(parts: Any) -> float:
    """The land under any of the parts (plan, its part there), each square metre once."""
    return float(shapely.union_all([part for _, part in parts]).area)


def _changes(eve: dict[str, tuple[Extent, Any]], now: dict[str, tuple[Extent, Any]]) -> list[PlanChange]:
    found = []
    for code, (plan, part) in eve.items():
        fate = _fate(plan, part, now.get(code))
        if fate:
            found.append(PlanChange(code, plan.name, fate, float(part.area)))
    fresh = [
        PlanChange(code, plan.name, "new", float(part.area)) for code, (plan, part) in now.items() if code not in eve
    ]
    return sorted(found + fresh, key=lambda one: (-one.area_m2, one.code))


def _fate(plan: Extent, part: Any, later: tuple[Extent, Any] | None) -> Fate | None:
    """What happened to a plan of the eve; None where it stands as it stood."""
    if later is None:
        gone: Fate = "ended"
        return {"replaced": "replaced", "expired": "expired"}.get(plan.carried or "", gone)  # type: ignore[return-value]
    if later[0].carried == "undecided":
        return "undecided"
    return "redrawn" if shapely.symmetric_difference(part, later[1]).area >= NOISE_M2 else None
