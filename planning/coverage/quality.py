"""How good the drawings of a former commune are: what the checks found on its land and along its borders.

Land that no plan covers is not a fault of a drawing: the ratio tells it, and findings of it are not counted here.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely

from planning.checks import areas, decisions
from planning.coverage.comparison import Extents, covered_m2, parts_in
from planning.coverage.widths import NOISE_M, wider
from planning.findings import Finding
from planning.geometry import Shapes

NOT_OF_DRAWINGS = "level.uncovered"

OF_PAPERS = frozenset(rule.code for rule in (*decisions.RULES, *areas.RULES))
"""What these find is wrong with a decision or a declared figure; their shape is a whole plan or zone, not a faulty place."""


@dataclass(frozen=True, slots=True)
class FormerUnit:
    """A commune that gave its land to communes in force (`now_codes`) at their last merger; `shape` is None where nobody has drawn it."""

    code: str
    merged_on: date
    now_codes: tuple[str, ...]
    shape: Any


@dataclass(frozen=True, slots=True)
class ZonePoints:
    """Zones in force: a point inside each, and whether a finding names it."""

    points: Shapes
    faulty: Any


@dataclass(frozen=True, slots=True)
class Quality:
    """Findings on the land of a former commune by severity; m² under errors and warnings, each once, those of papers apart; seams along its
    borders; its zones and those with findings; level → m² that plans cover now.
    """

    errors: int
    warnings: int
    infos: int
    faulty_m2: float
    seams: int
    seam_m2: float
    zones: int
    faulty_zones: int
    planned_m2: dict[str, float]


class Found:
    """The findings of a check, found by place."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = [one for one in findings if one.check != NOT_OF_DRAWINGS]
        self._tree = shapely.STRtree(np.array([one.shape for one in self.findings], dtype=object))

    def on(self, land: Any) -> list[tuple[Finding, Any]]:
        """Findings with land in a former commune wider than noise, and that land: one that only touches the border is its neighbour's."""
        near = [self.findings[place] for place in np.sort(self._tree.query(land, predicate="intersects"))]
        parts = parts_in(land, np.array([one.shape for one in near], dtype=object))
        return [(one, part) for one, part in zip(near, parts, strict=True) if _wide(part)]


def quality(former: FormerUnit, found: Found, zones: ZonePoints, plans: Extents) -> Quality | None:
    """None where the former commune is not drawn."""
    if former.shape is None:
        return None
    shapely.prepare(former.shape)
    here = found.on(former.shape)
    number = Counter(one.severity for one, _ in here)
    bad = shapely.union_all([part for one, part in here if one.severity != "info" and one.check not in OF_PAPERS])
    seams = [one for one in found.findings if former.code in one.facts.get("former_units", ())]
    within = shapely.contains_properly(former.shape, zones.points)
    return Quality(
        errors=number["error"], warnings=number["warning"], infos=number["info"], faulty_m2=float(bad.area),
        seams=len(seams), seam_m2=float(sum(one.area_m2 for one in seams)),
        zones=int(within.sum()), faulty_zones=int((within & zones.faulty).sum()),
        planned_m2={level: covered_m2(plans.on(former.shape, level)) for level in sorted(plans.levels)},
    )  # fmt: skip


def _wide(part: Any) -> bool:
    pieces = shapely.get_parts(shapely.get_parts(part))
    polygons = pieces[shapely.get_type_id(pieces) == shapely.GeometryType.POLYGON]
    return bool(len(polygons) and wider(polygons, NOISE_M).any())
