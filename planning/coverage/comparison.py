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

from planning.geometry import Shapes

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


Placed = dict[str, tuple[Extent, Any]]
"""Code → a plan and the part of it on some land."""


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

    def on(self, land: Any, level: str, known: Placed | None = None) -> Placed:
        """The plans that have some of the land. `known`: the same of another day; a plan that has not moved is not cut once more."""
        if level not in self._by_level:
            return {}
        plans, tree = self._by_level[level]
        near = [plans[place] for place in np.sort(tree.query(land, predicate="intersects"))]
        found = {plan.code: (plan, known[plan.code][1]) for plan in near if known and _as_it_stood(plan, known)}
        moved = [plan for plan in near if plan.code not in found]
        parts = parts_in(land, np.array([plan.shape for plan in moved], dtype=object))
        found |= {plan.code: (plan, part) for plan, part in zip(moved, parts, strict=True) if part.area >= NOISE_M2}
        return found


def _as_it_stood(plan: Extent, known: Placed) -> bool:
    return plan.code in known and bool(plan.shape.equals_exact(known[plan.code][0].shape, tolerance=0.0))


def parts_in(land: Any, shapes: Shapes) -> Shapes:
    """The parts of polygons on a land; what lies in it whole is not cut, for most plans and findings do."""
    shapely.prepare(land)
    parts = shapes.copy()
    cut: Any = np.flatnonzero(~shapely.covers(land, shapes)) if len(shapes) else []
    parts[cut] = shapely.intersection(shapes[cut], land)
    return parts


def compared(origin: Origin, before: Extents, now: Extents) -> list[Change]:
    """One change a level that any plan has on either day."""
    levels = sorted(before.levels | now.levels)
    land = shapely.intersection(origin.shape, shapely.union_all(origin.formers)) if origin.formers else None
    if origin.undrawn or land is None or land.area < NOISE_M2:
        return [Change(origin, level, None, None, None, ()) for level in levels]
    shown = []
    for level in levels:
        eve = before.on(land, level)
        today = now.on(land, level, eve)
        areas = (covered_m2(eve), covered_m2(today))
        shown.append(Change(origin, level, float(land.area), *areas, tuple(_changes(eve, today))))
    return shown


def covered_m2(plans: Placed) -> float:
    """The land under any of the plans, each square metre once."""
    return float(shapely.union_all([part for _, part in plans.values()]).area)


def _changes(eve: Placed, now: Placed) -> list[PlanChange]:
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
    if part is later[1]:
        return None
    return "redrawn" if shapely.symmetric_difference(part, later[1]).area >= NOISE_M2 else None
