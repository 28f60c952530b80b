"""Plans with their shapes, and the fields of their zones as the files hold them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from layers.sample.mixes import BUILT, SYMBOLS
from layers.sample.noise import stream
from layers.sample.plans import Plan
from layers.sample.zoning import Drawn
from planning.functions import SCHEMES, Scheme
from planning.geometry import Shapes


@dataclass(slots=True)
class Drawing:
    """One plan as drawn. Planting defects changes it."""

    plan: Plan
    boundary: shapely.Polygon
    zones: list[shapely.Polygon]
    function: list[str]
    taken: set[int] = field(default_factory=set)
    """Zones that take part in a planted defect already."""

    @property
    def scheme(self) -> Scheme:
        """The scheme of the function codes."""
        return "land_use" if self.plan.level == "land_use" else "planning"


def drawings_of(plans: Sequence[Plan], drawn: Drawn) -> list[Drawing]:
    """One drawing for each plan of a layer."""
    order = np.argsort(drawn.zone_plan, kind="stable")
    bounds = np.searchsorted(drawn.zone_plan[order], np.arange(len(plans) + 1))
    found = []
    for number, plan in enumerate(plans):
        mine = order[bounds[number] : bounds[number + 1]]
        functions = [drawn.function[place] for place in mine]
        found.append(Drawing(plan, drawn.boundaries[number], list(drawn.zones[mine]), functions))
    return found


def plan_columns(drawings: Sequence[Drawing]) -> dict[str, list[Any]]:
    """The fields of the layer `plan`."""
    rows = [_plan_row(drawing) for drawing in drawings]
    return {name: [row[name] for row in rows] for name in rows[0]}


def _plan_row(drawing: Drawing) -> dict[str, Any]:
    plan = drawing.plan
    return {
        "code": plan.code, "name": plan.name, "kind": plan.kind, "level": plan.level, "scale": plan.scale,
        "decision_number": plan.decision_number, "decision_date": plan.valid_from.isoformat(), "approver": plan.approver,
        "amends": plan.amends, "supersedes": plan.supersedes, "declared_ha": round(drawing.boundary.area / 1e4, 1),
        "valid_from": plan.valid_from.isoformat(), "valid_to": plan.valid_to.isoformat() if plan.valid_to else None,
    }  # fmt: skip


def zone_columns(drawings: Sequence[Drawing], seed: int) -> dict[str, Any]:
    """The fields of the layer `zone`, zones of one plan after the other."""
    codes = [code for drawing in drawings for code in drawing.function]
    planning = np.repeat(
        [drawing.scheme == "planning" for drawing in drawings], [len(drawing.zones) for drawing in drawings]
    )
    area = shapely.area(zone_shapes(drawings))
    indicators = _indicators(codes, planning, seed)
    return {
        "plan_code": [drawing.plan.code for drawing in drawings for _ in drawing.zones],
        "lot_symbol": [symbol for drawing in drawings for symbol in _symbols(drawing)],
        "function_code": codes,
        "function_scheme": np.where(planning, "planning", "land_use").astype(object),
        "declared_m2": np.round(area),
        **indicators,
        "article": [None if np.isnan(floors) else "Điều 7 khoản 2" for floors in indicators["floors_max"]],
        "ten_chuc_nang": [SCHEMES[one.scheme][code].vi for one in drawings for code in one.function],
        "ghi_chu": ["dữ liệu minh họa"] * len(codes),
    }


def zone_shapes(drawings: Sequence[Drawing]) -> Shapes:
    """The shapes of the zones, in the order of `zone_columns`."""
    return np.array([zone for drawing in drawings for zone in drawing.zones], dtype=object)


def _symbols(drawing: Drawing) -> list[str]:
    used: dict[str, int] = defaultdict(int)
    symbols = []
    for code in drawing.function:
        letters = SYMBOLS.get(code, code)
        used[letters] += 1
        symbols.append(f"{letters}-{used[letters]:02}")
    return symbols


def _indicators(codes: Sequence[str], planning: np.ndarray[Any, np.dtype[np.bool_]], seed: int) -> dict[str, Any]:
    """Density, floors, height, floor-area ratio and setback, empty where nothing is built."""
    source = stream(seed, "indicators")
    luck = source.random((4, len(codes)))
    names = ("density_pct", "floors_min", "floors_max", "height_max_m", "far_max", "setback_m")
    columns = {name: np.full(len(codes), np.nan) for name in names}
    array = np.array(codes, dtype=object)
    for code, built in BUILT.items():
        at = np.flatnonzero((array == code) & planning)
        low, high = built.density_pct
        density = (
            np.round((low + luck[0, at] * (high - low)) / 5) * 5
            if high >= 10
            else np.round(low + luck[0, at] * (high - low))
        )
        least, most = built.floors
        floors = np.floor(least + luck[1, at] * (most - least + 1))
        columns["density_pct"][at], columns["floors_max"][at] = density, floors
        columns["floors_min"][at] = np.minimum(built.least_floors, floors)
        columns["height_max_m"][at] = np.round(floors * built.storey_m + 1.5, 1)
        columns["far_max"][at] = np.floor(density * floors * (0.82 + 0.18 * luck[2, at])) / 100
        columns["setback_m"][at] = np.array(built.setback_m)[np.floor(luck[3, at] * len(built.setback_m)).astype(int)]
    return columns
