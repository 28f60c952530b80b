"""The carry-over ledger: what becomes of every plan on the land of a merged unit.

A plan stays in force to its term on its own footprint (Law 47/2024/QH15, article 59.1); it is never widened to the new unit.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from planning.geometry import mean_width_m
from planning.mergers.clauses import Decision
from planning.mergers.situation import PlanFacts, Situation
from planning.parcels import is_noise

KEPT = "Luật 47/2024/QH15, Điều 59 khoản 1: còn hiệu lực đến hết thời hạn, trên phạm vi đã duyệt"
EXPIRED = "hết thời hạn của đồ án ngày {day}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One plan at one merger. `units` are the former units it lies in, with m²; `decided` tells that an office has spoken."""

    plan: PlanFacts
    decision: Decision
    basis: str
    units: tuple[tuple[str, float], ...]
    decided: bool


def ledger(situation: Situation) -> list[Entry]:
    """An entry for every plan whose land meets a unit that the merger closes, by more than digitising noise."""
    known = [(code, unit.shape) for code, unit in sorted(situation.former.items()) if unit.shape is not None]
    communes = [(code, shape) for code, shape in known if situation.former[code].level == "commune"] or known
    if not communes:
        return []
    shapes = np.array([shape for _, shape in communes], dtype=object)
    tree = shapely.STRtree(shapes)
    entries = []
    for plan in situation.plans:
        near = np.sort(tree.query(plan.shape, predicate="intersects"))
        common = shapely.intersection(shapes[near], plan.shape)
        units = tuple(
            (communes[place][0], float(part.area))
            for place, part in zip(near, common, strict=True)
            if not is_noise(part.area, mean_width_m(part))
        )
        if units:
            entries.append(_entry(plan, situation, units))
    return entries


def _entry(plan: PlanFacts, situation: Situation, units: tuple[tuple[str, float], ...]) -> Entry:
    if plan.decision is not None:
        return Entry(plan, plan.decision, plan.basis or "", units, decided=True)
    if plan.valid_to is not None and plan.valid_to <= situation.effective:
        return Entry(plan, "expired", EXPIRED.format(day=plan.valid_to), units, decided=False)
    return Entry(plan, "kept", KEPT, units, decided=False)
