"""What amendments leave of the zones that they amend: rules that hold zones of different plans together look at that alone.

Where an amendment has a zone, the zone of the plan it amends applies no more; where it has none, that plan goes on.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

from planning.checks.records import PlanRecord, ZoneRecord
from planning.geometry import Shapes
from planning.plans import replaces


def as_amended(plans: Sequence[PlanRecord]) -> list[PlanRecord]:
    """Plans in force on one day, their zones as far as amendments among them left them; a zone of which nothing is left is left out."""
    return [_amended(plan, by) for plan, by in zip(plans, _amending(plans), strict=True)]


def _amending(plans: Sequence[PlanRecord]) -> list[list[ZoneRecord]]:
    """For each plan the zones that lie in the place of its own."""
    amended = {plan.code: plan.amends for plan in plans}
    found: dict[str, list[ZoneRecord]] = defaultdict(list)
    for plan in plans:
        for code in _line_of(plan.code, amended):
            found[code] += plan.zones
    return [found[plan.code] for plan in plans]


def _line_of(code: str, amended: dict[str, str | None]) -> list[str]:
    """The plans that one amends, itself or by way of others in force."""
    line: list[str] = []
    at = amended.get(code)
    while at is not None and at not in line:
        line.append(at)
        at = amended.get(at)
    return [one for one in line if replaces(code, one, amended)]


def _amended(plan: PlanRecord, by: list[ZoneRecord]) -> PlanRecord:
    if not by or not plan.zones:
        return plan
    shapes, over = _valid_shapes(plan.zones), _valid_shapes(by)
    places, near = shapely.STRtree(over).query(shapes, predicate="intersects")
    left = {
        place: shapely.difference(shapes[place], shapely.union_all(over[near[places == place]]))
        for place in np.unique(places)
    }
    zones = [replace(zone, shape=left[at]) if at in left else zone for at, zone in enumerate(plan.zones)]
    return replace(
        plan, zones=tuple(zone for at, zone in enumerate(zones) if at not in left or not zone.shape.is_empty)
    )


def _valid_shapes(zones: Sequence[ZoneRecord]) -> Shapes:
    """An invalid polygon counts as what `make_valid` makes of it; that it is invalid is another rule's."""
    shapes = np.array([zone.shape for zone in zones], dtype=object)
    return np.where(
        shapely.is_valid(shapes), shapes, shapely.make_valid(shapes, method="structure", keep_collapsed=False)
    )
