"""The carry-over ledger: what becomes of every plan on the land of a merged unit.

A plan stays in force to its term on its own footprint (Law 47/2024/QH15, article 59.1); it is never widened to the new unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from planning.geometry import mean_width_m
from planning.mergers.clauses import Decision
from planning.mergers.situation import PlanFacts, Situation, UnitFacts
from planning.parcels import is_noise

KEPT = "Luật 47/2024/QH15, Điều 59 khoản 1: còn hiệu lực đến hết thời hạn, trên phạm vi đã duyệt"
EXPIRED = "hết thời hạn của đồ án ngày {day}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One plan at one merger. `units` are the former units it lies in, with m²; None where a former unit has no boundary on record and
    may hold land of the plan. `decided` tells that an office has spoken.
    """

    plan: PlanFacts
    decision: Decision
    basis: str
    units: tuple[tuple[str, float | None], ...]
    decided: bool


def ledger(situation: Situation) -> list[Entry]:
    """An entry for every plan whose land meets that of the units which the merger closes, by more than digitising noise."""
    level = "commune" if any(unit.level == "commune" for unit in situation.former.values()) else None
    known = {code: unit.shape for code, unit in sorted(situation.former.items())
        if unit.shape is not None and level in {None, unit.level}}  # fmt: skip
    drawn = _Lands(known)
    bare = undrawn(situation)
    unknown = _Lands({code: shape for code, (shape, _) in bare.items()})
    entries = []
    for plan in situation.plans:
        units: list[tuple[str, float | None]] = [*drawn.under(plan.shape)]
        candidates = {code for new, _ in unknown.under(plan.shape) for code in bare[new][1]}
        units += [(code, None) for code in sorted(candidates)]
        if units:
            entries.append(_entry(plan, situation, tuple(units)))
    return entries


def undrawn(situation: Situation) -> dict[str, tuple[Any, tuple[str, ...]]]:
    """New unit → its land that lay in no former unit with a boundary on record, and the former units without one that it took from."""
    found = {}
    drawn = [unit.shape for unit in situation.former.values() if unit.shape is not None]
    for event in situation.events:
        shape = situation.new[event.code].shape if event.code in situation.new else None
        bare = [part.code for part in event.parts if part.code and _without_shape(situation.former.get(part.code))]
        if shape is not None and bare:
            near = [one for one in drawn if one.intersects(shape)]
            found[event.code] = (shape.difference(shapely.union_all(near)) if near else shape, tuple(bare))
    return found


def _without_shape(unit: UnitFacts | None) -> bool:
    return unit is not None and unit.shape is None


class _Lands:
    """Shapes by code, with an index over them."""

    def __init__(self, shapes: Mapping[str, Any]) -> None:
        self.codes = list(shapes)
        self.shapes = np.array([*shapes.values()], dtype=object)
        self.tree = shapely.STRtree(self.shapes)

    def under(self, shape: Any) -> list[tuple[str, float]]:
        """Which of them a shape meets by more than noise, with m²."""
        near = np.sort(self.tree.query(shape, predicate="intersects"))
        common = shapely.intersection(self.shapes[near], shape)
        return [
            (self.codes[place], float(part.area))
            for place, part in zip(near, common, strict=True)
            if not is_noise(part.area, mean_width_m(part))
        ]


def _entry(plan: PlanFacts, situation: Situation, units: tuple[tuple[str, float | None], ...]) -> Entry:
    if plan.decision is not None:
        return Entry(plan, plan.decision, plan.basis or "", units, decided=True)
    if plan.valid_to is not None and plan.valid_to <= situation.effective:
        return Entry(plan, "expired", EXPIRED.format(day=plan.valid_to), units, decided=False)
    return Entry(plan, "kept", KEPT, units, decided=False)
