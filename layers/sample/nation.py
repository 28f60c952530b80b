"""A made-up country of communes, each a patchwork of zones with a few planted defects: what a national run is measured and tested on.

A commune is made where it is examined, from its number alone: nothing but numbers and results travels.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from layers.sample.patchwork import patchwork
from planning.coverage.examination import examined
from planning.coverage.widths import NOISE_M, wider
from planning.geometry import Shapes

COMMUNES = 3_321
ZONES = 600
SPREAD = 0.5


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found in one commune: how many zones it has, its area in m², and every misfit wider than noise as sorted WKB."""

    commune: int
    zones: int
    area_m2: float
    misfits: tuple[bytes, ...]
    planted: int


def surveyed(commune: int, zones: int = ZONES) -> Survey:
    """Make the commune of that number and examine it. Communes have from half to one and a half times `zones` zones."""
    number = int(zones * (1 - SPREAD + 2 * SPREAD * np.random.default_rng(commune).random()))
    work = patchwork(number, defects=number // 200, seed=commune)
    seen = examined(work.shapes, work.extent)
    found: Shapes = np.array(
        [*seen.gaps, *(one.shape for one in seen.overlaps), *(one.shape for one in seen.overhangs)], dtype=object
    )
    wide = found[wider(found, NOISE_M)] if len(found) else found
    return Survey(
        commune, len(work.shapes), seen.area_m2, tuple(sorted(shapely.to_wkb(wide).tolist())), len(work.truth)
    )
