"""What a perfect checker must report: planted defects, and the uncovered land that follows from where plans are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import shapely

from layers.sample.drawings import Drawing
from layers.sample.mesh import Mesh, outlines
from layers.sample.noise import Whole
from layers.sample.patches import components, first_cells
from layers.sample.plans import Plan
from layers.sample.province import SUCCESSORS
from layers.sample.units import Units
from planning.geometry import mean_width_m

ON = date(2026, 1, 15)
TOLERANCE_M = 0.001


@dataclass(frozen=True, slots=True)
class Truth:
    """One finding that is true by construction."""

    check: str
    level: str
    shape: shapely.Polygon
    planted: str
    unit_codes: tuple[str, ...] = ()
    plan_codes: tuple[str, ...] = ()

    def with_shape(self, shape: shapely.Polygon) -> "Truth":
        """The same finding with another shape."""
        return replace(self, shape=shape)

    def row(self) -> dict[str, Any]:
        """The finding as `truth.json` holds it."""
        return {
            "check": self.check, "level": self.level, "unit_codes": sorted(self.unit_codes),
            "plan_codes": sorted(self.plan_codes), "area_m2": self.shape.area, "width_m": mean_width_m(self.shape),
            "wkt": shapely.to_wkt(self.shape, rounding_precision=6), "planted": self.planted,
        }  # fmt: skip


def in_force(plan: Plan) -> bool:
    """Whether the plan's term includes the day of the truth."""
    return plan.valid_from <= ON and (plan.valid_to is None or plan.valid_to > ON)


def uncovered_cells(plan: Whole, parts: Whole, successor: Whole, mesh: Mesh, level: str) -> list[Truth]:
    """The connected parts of new communes in which no cell has a plan (−1)."""
    commune = np.where(plan < 0, successor[parts], -1)
    if (commune < 0).all():
        return []
    pieces = components(commune)
    owner = commune.ravel()[first_cells(pieces)]
    return [_uncovered(level, int(place), shape) for place, shape in zip(owner, outlines(pieces, mesh), strict=True)]


def uncovered_around(drawings: Sequence[Drawing], units: Units, level: str) -> list[Truth]:
    """New communes less the plans of a level, where each plan lies inside one commune and touches nothing."""
    found = []
    for place, successor in enumerate(SUCCESSORS):
        commune = units.new_commune(successor.code).shape
        holes = [one.boundary.exterior for one in drawings if in_force(one.plan) and commune.contains(one.boundary)]
        rings = [ring.coords[::-1] for ring in holes]
        found.append(_uncovered(level, place, shapely.Polygon(commune.exterior, [*commune.interiors, *rings])))
    return found


def _uncovered(level: str, successor: int, shape: shapely.Polygon) -> Truth:
    code = SUCCESSORS[successor].code
    return Truth("level.uncovered", level, shape, "follows from where the plans are", unit_codes=(code,))
