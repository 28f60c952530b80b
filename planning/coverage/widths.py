"""How wide a misfit must be to matter. Width judges, never area: a sliver of a millimetre along ten kilometres has ten square metres.

A disc of the width must fit somewhere inside; a thin tail with a wide head is wide.
"""

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import shapely

from planning.geometry import Shapes

Verdict = Literal["noise", "sliver", "defect"]

NOISE_M = 0.001
"""Up to here coordinates differ by rounding; nothing is reported."""

MAP_ERROR_MM = 0.3
"""What a pen or an eye misses on a map, in millimetres of the map."""

SMALLEST_SCALE: dict[str, int] = {
    "unit": 10_000, "general": 10_000, "subdivision": 5_000, "detailed": 500, "site_layout": 500, "urban_design": 500,
    "land_use": 10_000,
}  # fmt: skip
"""The denominator of the smallest scale each level is drawn at (Law 47/2024/QH15 and its decrees); units as the land-use map is."""

SLIVER_M: dict[str, float] = {level: scale * MAP_ERROR_MM / 1000 for level, scale in SMALLEST_SCALE.items()}
"""Up to here a misfit of a level is a sliver, which drawing explains and snapping mends; beyond it is a defect."""


def wider(shapes: Shapes, width_m: float) -> npt.NDArray[np.bool_]:
    """For polygons: whether a disc of that diameter fits inside, or the mean width (2 · area / perimeter) is more."""
    length = shapely.length(shapes)
    wide = np.asarray(2 * shapely.area(shapes) > width_m * length)
    narrow = np.flatnonzero(~wide & (length > 0))
    wide[narrow] = ~shapely.is_empty(shapely.buffer(shapes[narrow], -width_m / 2))
    return wide


def verdict(shape: Any, level: str, noise_m: float = NOISE_M) -> Verdict:
    """What a misfit of a level is, by its width."""
    alone = np.array([shape], dtype=object)
    if not wider(alone, noise_m)[0]:
        return "noise"
    return "defect" if wider(alone, SLIVER_M[level])[0] else "sliver"
