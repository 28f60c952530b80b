"""Repair of the plans of one level: boundaries go up to their communes, slivers between plans are closed, overlaps split as decided.

Who keeps land that two plans of a level claim is decided by the authority that approves them (Law 47/2024/QH15, article 8.2), never here:
an overlap without a decision goes to a person, however narrow. The zones of a plan follow its boundary.

A plan belongs to the communes it covers by more than the width. Plans that share a commune are held against these communes together;
so a plan that reaches a little into the next commune is cut at the border, whoever plans there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import shapely

from planning.coverage.examination import examined
from planning.coverage.following import Moved, followed
from planning.coverage.misfits import Misfit, Wishes, misfits
from planning.coverage.pairwise import Pairwise
from planning.coverage.proof import made
from planning.coverage.repair import Repair, proposed
from planning.coverage.widths import wider
from planning.geometry import Shapes


@dataclass(frozen=True, slots=True)
class LevelWishes:
    """What may be mended between plans. `width_m`: the widest sliver closed or cut off; `snapped`: boundaries go up to their communes;
    `decided`: who keeps the land of an overlap, by places of the plans.
    """

    width_m: float
    snapped: bool
    decided: Pairwise


@dataclass(frozen=True, slots=True)
class Step:
    """One repair of some plans: their places, their shapes before it, and what is proposed, by places in `shapes`."""

    places: tuple[int, ...]
    shapes: Shapes
    repair: Repair


@dataclass(frozen=True, slots=True)
class LevelRepair:
    """The steps, the plans' boundaries after all of them, the repair of the zones of each plan that moved, by place; `made` are overlaps of
    plans after that were not there before.
    """

    steps: tuple[Step, ...]
    after: Shapes
    changed: tuple[int, ...]
    zones: dict[int, Repair]
    made: tuple[Misfit, ...]

    @property
    def holds(self) -> bool:
        """Whether every step's proof holds, that of the zones too, and nothing new is wrong."""
        proofs = [step.repair.proof for step in self.steps] + [one.proof for one in self.zones.values()]
        return not self.made and all(proof.holds for proof in proofs)


def level_proposed(plans: Shapes, zones: Sequence[Shapes], communes: Shapes, wishes: LevelWishes) -> LevelRepair:
    """Propose a repair of the plans of one level; `zones` are those of each plan. Nothing given is changed."""
    after = plans.copy()
    steps = []
    if wishes.snapped:
        for places, extent in _neighbourhoods(plans, communes, wishes.width_m):
            steps.append(_snapped(places, after, extent, wishes))
            after[list(places)] = steps[-1].repair.applied(after[list(places)])
    steps.append(_between(after, communes, wishes))
    after = steps[-1].repair.applied(after)
    changed = tuple(place for place in range(len(plans)) if after[place] is not plans[place])
    follow = {
        place: followed(zones[place], Moved(plans[place], after[place], wishes.width_m))
        for place in changed if len(zones[place]) and not shapely.equals(plans[place], after[place])
    }  # fmt: skip
    return LevelRepair(tuple(steps), after, changed, follow, _overlaps_made(plans, after))


def _snapped(places: tuple[int, ...], plans: Shapes, extent: Any, wishes: LevelWishes) -> Step:
    """Plans of a neighbourhood brought up to its communes; how they lie over each other is not looked at."""
    shapes = plans[list(places)]
    seen = replace(examined(shapes, extent), overlaps=[])
    return Step(places, shapes, proposed(shapes, extent, seen, Wishes(wishes.width_m, snapped=True)))


def _between(plans: Shapes, communes: Shapes, wishes: LevelWishes) -> Step:
    """Slivers between plans closed, overlaps split as decided."""
    extent = shapely.union_all(communes) if len(communes) else None
    seen = examined(plans, extent)
    if wishes.snapped:  # the step before has seen what reaches beyond
        seen = replace(seen, overhangs=[])
    decided = Wishes(wishes.width_m, by_decision=True, precedence=wishes.decided)
    return Step(tuple(range(len(plans))), plans, proposed(plans, extent, seen, decided))


def _neighbourhoods(plans: Shapes, communes: Shapes, width_m: float) -> list[tuple[tuple[int, ...], Any]]:
    """Plans that share a commune, one way or another, each lot with the union of its communes."""
    plan, commune = shapely.STRtree(communes).query(plans, predicate="intersects")
    common = shapely.intersection(plans[plan], communes[commune])
    at_home = wider(common, width_m)
    lots: list[tuple[set[int], set[int]]] = []
    for one, home in zip(plan[at_home].tolist(), commune[at_home].tolist(), strict=True):
        met = [lot for lot in lots if one in lot[0] or home in lot[1]]
        lots = [lot for lot in lots if lot not in met]
        lots.append(({one}.union(*(lot[0] for lot in met)), {home}.union(*(lot[1] for lot in met))))
    return [
        (tuple(sorted(some)), shapely.union_all(communes[sorted(homes)]))
        for some, homes in sorted(lots, key=lambda lot: min(lot[0]))
    ]


def _overlaps_made(plans: Shapes, after: Shapes) -> tuple[Misfit, ...]:
    was, now = (replace(examined(shapes), gaps=[]) for shapes in (plans, after))
    return made(misfits(was), misfits(now))
