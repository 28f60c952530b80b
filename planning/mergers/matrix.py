"""Former unit × new unit × plan in m², and from it how the levels stand in each new unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from planning.geometry import mean_width_m
from planning.mergers.overlay import Piece
from planning.mergers.situation import PlanFacts
from planning.parcels import is_noise
from planning.plans import THEMES, related


@dataclass(frozen=True, slots=True)
class Cell:
    """The land that a former unit, a new unit and a plan have in common; `plan` None: the whole of what the units share.

    `no_plan_m2`, of the whole only: how much of it lies in no plan at all.
    """

    former: str | None
    new: str | None
    plan: str | None
    area_m2: float
    no_plan_m2: float | None = None


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


@dataclass(frozen=True, slots=True)
class Clash:
    """Two plans of one level that claim the same land of one new unit; neither amends the other."""

    new: str
    level: str
    plans: tuple[str, str]
    area_m2: float


def matrix(pieces: Sequence[Piece], plans: Sequence[PlanFacts]) -> list[Cell]:
    """Every cell that is more than digitising noise, units first, then their plans; the units' cells add up to their areas."""
    if not pieces or not plans:
        return [Cell(piece.former, piece.new, None, piece.area_m2, piece.area_m2) for piece in pieces]
    shapes = np.array([piece.shape for piece in pieces], dtype=object)
    lands = np.array([plan.shape for plan in plans], dtype=object)
    place, plan = shapely.STRtree(lands).query(shapes, predicate="intersects")
    common = shapely.intersection(shapes[place], lands[plan])
    cells = [
        Cell(pieces[one].former, pieces[one].new, plans[other].code, float(shape.area))
        for one, other, shape in zip(place, plan, common, strict=True)
        if not is_noise(shape.area, mean_width_m(shape))
    ]
    ends = np.searchsorted(place, np.arange(len(pieces) + 1))
    for one, piece in enumerate(pieces):
        planned = float(shapely.union_all(common[ends[one] : ends[one + 1]]).area)
        cells.append(Cell(piece.former, piece.new, None, piece.area_m2, max(0.0, piece.area_m2 - planned)))
    return sorted(cells, key=lambda cell: (cell.former or "~", cell.new or "~", cell.plan or ""))


def clashes(new: Mapping[str, shapely.Geometry], plans: Sequence[PlanFacts]) -> list[Clash]:
    """Where two plans of one level lie over each other in one new unit, by more than digitising noise."""
    if not new or not plans:
        return []
    codes, units = list(new), shapely.STRtree(list(new.values()))
    lands = np.array([plan.shape for plan in plans], dtype=object)
    amended = {plan.code: plan.amends for plan in plans}
    found = []
    for one, other in zip(*shapely.STRtree(lands).query(lands, predicate="intersects"), strict=True):
        if one < other and _rival(plans[one], plans[other], amended):
            twice = shapely.intersection(lands[one], lands[other])
            for place in units.query(twice, predicate="intersects"):
                land = shapely.intersection(twice, new[codes[place]])
                if not is_noise(land.area, mean_width_m(land)):
                    pair = (plans[one].code, plans[other].code)
                    found.append(Clash(codes[place], plans[one].level, pair, float(land.area)))
    return sorted(found, key=lambda clash: (clash.plans, clash.new))


def _rival(one: PlanFacts, other: PlanFacts, amended: Mapping[str, str | None]) -> bool:
    return one.level == other.level and not related(one.code, other.code, amended)


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
