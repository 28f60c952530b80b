"""Former unit × new unit × plan in m², and from it how the levels stand in each new unit."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from planning.geometry import mean_width_m
from planning.mergers.overlay import Piece
from planning.mergers.situation import PlanFacts
from planning.parcels import is_noise
from planning.plans import THEMES


@dataclass(frozen=True, slots=True)
class Cell:
    """The land that a former unit, a new unit and a plan have in common; `plan` None: the whole of what the units share."""

    former: str | None
    new: str | None
    plan: str | None
    area_m2: float


@dataclass(frozen=True, slots=True)
class LevelRow:
    """How one level stands in one new unit: its plans with their m² there, and the share of the unit they cover together."""

    new: str
    level: str
    plans: tuple[tuple[str, float], ...]
    covered: float
    overlap_m2: float

    @property
    def state(self) -> str:
        """“none”, “one” or “several” plans."""
        return ("none", "one")[len(self.plans)] if len(self.plans) < 2 else "several"


def matrix(pieces: Sequence[Piece], plans: Sequence[PlanFacts]) -> list[Cell]:
    """Every cell that is more than digitising noise, units first, then their plans; the units' cells add up to their areas."""
    cells = [Cell(piece.former, piece.new, None, piece.area_m2) for piece in pieces]
    if pieces and plans:
        shapes = np.array([piece.shape for piece in pieces], dtype=object)
        lands = np.array([plan.shape for plan in plans], dtype=object)
        place, plan = shapely.STRtree(lands).query(shapes, predicate="intersects")
        common = shapely.intersection(shapes[place], lands[plan])
        cells += [
            Cell(pieces[one].former, pieces[one].new, plans[other].code, float(shape.area))
            for one, other, shape in zip(place, plan, common, strict=True)
            if not is_noise(shape.area, mean_width_m(shape))
        ]
    return sorted(cells, key=lambda cell: (cell.former or "~", cell.new or "~", cell.plan or ""))


def levels(new: dict[str, shapely.Geometry], plans: Sequence[PlanFacts]) -> list[LevelRow]:
    """Every new unit at every level that is meant to cover it or that any plan has: with no plan, one, or several."""
    wanted = [theme.level for theme in THEMES if theme.covers or any(plan.level == theme.level for plan in plans)]
    rows = []
    for level in wanted:
        of_level = [plan for plan in plans if plan.level == level]
        tree = shapely.STRtree([plan.shape for plan in of_level])
        for code, shape in sorted(new.items()):
            near = [of_level[place] for place in np.sort(tree.query(shape, predicate="intersects"))]
            rows.append(_level_row(code, level, shape, near))
    return rows


def _level_row(code: str, level: str, shape: shapely.Geometry, near: list[PlanFacts]) -> LevelRow:
    common = [(plan.code, shapely.intersection(plan.shape, shape)) for plan in near]
    common = [(plan, land) for plan, land in common if not is_noise(land.area, mean_width_m(land))]
    covered = float(shapely.union_all([land for _, land in common]).area)
    plans = tuple(sorted((plan, float(land.area)) for plan, land in common))
    return LevelRow(code, level, plans, covered / shape.area, max(0.0, sum(area for _, area in plans) - covered))
