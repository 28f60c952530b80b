"""What a plan's zones do when its boundary is mended: what the plan loses is cut from them, what it is given goes to those along it.

Nothing else of the zones is touched: gaps and overlaps that were there before are there after.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from planning.coverage.examination import Examination, examined
from planning.coverage.misfits import Wishes
from planning.coverage.proof import Plan, proved
from planning.coverage.repair import Repair, proposed
from planning.coverage.sharing import Proposal
from planning.coverage.widths import NOISE_M, wider
from planning.geometry import Shapes

ANY_WIDTH_M = 1e9


@dataclass(frozen=True, slots=True)
class Moved:
    """A plan's boundary before and after, and the widest gap of its zones that is closed where the boundary grew, in metres."""

    before: Any
    after: Any
    width_m: float


def followed(zones: Shapes, moved: Moved) -> Repair:
    """The repair that lets zones follow their plan's boundary; zones with no land left inside it are dropped."""
    seen = examined(zones, moved.after)
    lost = _lost(zones, moved)
    kept = zones.copy()
    kept[lost] = shapely.Polygon()
    some = proposed(
        kept, moved.after, _of_the_move(examined(kept, moved.after), moved), Wishes(ANY_WIDTH_M, snapped=True)
    )
    changed = some.changed | dict.fromkeys(lost.tolist(), shapely.Polygon())
    dropped = tuple((Proposal("drop", zones[place], None, (place,)),) for place in lost.tolist())
    clusters = some.clusters + dropped
    plan = Plan(changed, [one for cluster in clusters for one in cluster], some.proof.left, NOISE_M)
    return Repair(changed, clusters, proved(zones, moved.after, seen, plan))


def _lost(zones: Shapes, moved: Moved) -> Any:
    """Places of zones that had land within the old boundary and have no more than noise of it within the new."""
    had, has = (_wide_in(zones, shape) for shape in (moved.before, moved.after))
    return np.flatnonzero(had & ~has)


def _wide_in(zones: Shapes, boundary: Any) -> Any:
    return wider(shapely.intersection(zones, boundary), NOISE_M)


def _of_the_move(seen: Examination, moved: Moved) -> Examination:
    """Of what is seen against the new boundary, that which comes of the move: overhangs in what was lost, gaps in what was given."""
    lost, given = shapely.difference(moved.before, moved.after), shapely.difference(moved.after, moved.before)
    shapely.prepare(lost)
    shapely.prepare(given)
    overhangs = [one for one in seen.overhangs if _wide(shapely.intersection(one.shape, lost))]
    gaps = [gap for gap in seen.gaps if _wide(shapely.intersection(gap, given)) and not _wide(gap, moved.width_m)]
    return replace(seen, gaps=gaps, overlaps=[], overhangs=overhangs)


def _wide(shape: Any, width_m: float = NOISE_M) -> bool:
    return bool(wider(np.array([shape], dtype=object), width_m)[0])
