"""Borders in the middle of the line that was drawn there, to a fraction of a pixel.

Across a border the paper is light, dark where the line is, and light again; the line is between the two places where half of the light is
gone (they do not move with blur or with how dark the ink is). Where it is wider than elsewhere, two lines run together or a letter touches
it: there the border is not clear, and `layers.digitise.meeting` leads it on.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter1d, map_coordinates, maximum_filter1d, minimum_filter1d

from layers.digitise.net import Mask, Net, Whole
from layers.digitise.regions import INK, Greys
from planning.geometry import Coordinates

Values = npt.NDArray[np.float64]

REACH_PX, STEP_PX = 6.0, 0.5
"""How far across a border the light is looked at, and at which steps."""

SEEN_PX = 2.5
"""The darkest place of the line is within this of the border as it was filled."""

FARTHEST_PX = 2.0
"""No border is moved farther across than this."""

WIDER = 1.4
"""A line is clear where it is no wider than so many times its usual width."""

ALONG = 3
"""Corners on either side that tell the direction of a border."""

BLUNT, BENDS_OVER = 0.35, 6
"""A border that bends by more than this (radians) within so many corners has a corner there: the look across it is askew."""

RUN = 5
"""A clear run has at least so many corners."""

FROM_NODE = 4
"""Corners next to a node that are never clear."""

EVEN = 2.0
"""Standard deviation, in corners, over which offsets are evened out along a border."""

FEW = 8
"""Corners that tell the usual width of a line; with fewer the width of all lines holds."""

AT_ONCE = 50_000


@dataclass(frozen=True, slots=True)
class Border:
    """A border of the net: its corners, places in `Net.at`; where they are, in corners of pixels; which are clear; the light half-way
    between its ink and the paper beside it (0 to 255); and whether it is a ring.
    """

    corners: Whole
    at: Coordinates
    clear: Mask
    light: float
    ring: bool


@dataclass(frozen=True, slots=True)
class _Across:
    """What is seen across a border at each corner: how far off the middle of the line is, how wide it is, the light half-way, and whether
    there is a line at all.
    """

    off: Values
    width: Values
    light: Values
    seen: Mask

    def part(self, rows: slice) -> "_Across":
        return _Across(self.off[rows], self.width[rows], self.light[rows], self.seen[rows])


def centred(net: Net, now: Coordinates, grey: Greys) -> list[Border]:
    """The borders of a net, each moved across to the middle of its line where that is clear. Looked at twice: the first look sets right
    the direction in which the second looks.
    """
    borders = [
        Border(line, now[line], np.zeros(len(line), dtype=bool), 0.0, bool(net.simple[line[0]])) for line in net.lines()
    ]
    return _looked_at(_looked_at(borders, grey), grey)


def _looked_at(borders: list[Border], grey: Greys) -> list[Border]:
    normals = [_normals(border) for border in borders]
    seen = _across(np.concatenate([border.at for border in borders]), np.concatenate(normals), grey)
    width, light = (float(np.median(each[seen.seen])) if seen.seen.any() else 0.0 for each in (seen.width, seen.light))
    ends = np.cumsum([0, *(len(border.at) for border in borders)])
    return [
        _moved(border, normal, seen.part(slice(first, end)), width, light)
        for border, normal, first, end in zip(borders, normals, ends[:-1], ends[1:], strict=True)
    ]


def _normals(border: Border) -> Coordinates:
    """Across the border at each corner, to its left; of length 1."""
    behind, ahead = _beside(border, ALONG)
    along = border.at[ahead] - border.at[behind]
    return np.asarray(np.column_stack([-along[:, 1], along[:, 0]]) / np.maximum(np.hypot(*along.T), 1e-9)[:, None])


def _moved(border: Border, normals: Coordinates, seen: _Across, width: float, light: float) -> Border:
    clear = seen.seen.copy()
    if clear.sum() >= FEW:
        width, light = float(np.median(seen.width[clear])), float(np.median(seen.light[clear]))
    clear &= (seen.width <= WIDER * width) & (_bend(border) <= BLUNT)
    clear = _runs(clear, border.ring)
    if not border.ring:
        clear[:FROM_NODE] = clear[-FROM_NODE:] = False
    off = _even(seen.off, clear, border.ring)
    return replace(border, at=border.at + normals * off[:, None], clear=clear, light=light)


def _bend(border: Border) -> Values:
    """By how much the border bends around each corner, in radians."""
    behind, ahead = _beside(border, BENDS_OVER)
    one, other = border.at - border.at[behind], border.at[ahead] - border.at
    return np.asarray(np.abs(np.arctan2(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0], (one * other).sum(axis=1))))


def _beside(border: Border, steps: int) -> tuple[Whole, Whole]:
    """The corners so many steps behind and ahead of each."""
    number, last = np.arange(len(border.at)), len(border.at) - 1
    behind, ahead = number - steps, number + steps
    return (behind % last, ahead % last) if border.ring else (np.maximum(behind, 0), np.minimum(ahead, last))


def _runs(clear: Mask, ring: bool) -> Mask:
    """Without runs of few corners: the stroke of a letter, seen as a line."""
    mode = "wrap" if ring else "nearest"
    return np.asarray(maximum_filter1d(minimum_filter1d(clear, RUN, mode=mode), RUN, mode=mode))


def _even(off: Values, clear: Mask, ring: bool) -> Values:
    """Offsets without the noise of single pixels; none where the line is not clear."""
    mode = "wrap" if ring else "nearest"
    weight = gaussian_filter1d(clear.astype(float), EVEN, mode=mode)
    even = gaussian_filter1d(np.where(clear, off, 0.0), EVEN, mode=mode)
    return np.asarray(np.where(clear, even / np.maximum(weight, 1e-9), 0.0))


def _across(at: Coordinates, normals: Coordinates, grey: Greys) -> _Across:
    parts = [_profiles(at[n : n + AT_ONCE], normals[n : n + AT_ONCE], grey) for n in range(0, len(at), AT_ONCE)]
    return _Across(*(np.concatenate([getattr(part, name) for part in parts]) for name in _Across.__slots__))


def _profiles(at: Coordinates, normals: Coordinates, grey: Greys) -> _Across:
    steps = np.arange(-REACH_PX, REACH_PX + STEP_PX / 2, STEP_PX)
    seen = lights(grey, at[:, None, :] + normals[:, None, :] * steps[None, :, None])
    middle = np.flatnonzero(np.abs(steps) <= SEEN_PX)
    darkest = middle[seen[:, middle].argmin(axis=1)]
    right, right_light, on_right = _half_way(seen, darkest)
    left, left_light, on_left = _half_way(seen[:, ::-1], len(steps) - 1 - darkest)
    off = (right - left) / 2
    return _Across(off, right + left, (right_light + left_light) / 2, on_right & on_left & (np.abs(off) <= FARTHEST_PX))


def _half_way(seen: npt.NDArray[np.float32], darkest: Whole) -> tuple[Values, Values, Mask]:
    """To the right of the darkest place: where half the light is back (pixels from the middle), that light, and whether there is one."""
    row, number = np.arange(len(seen)), seen.shape[1]
    low, level = seen[row, darkest], np.median(seen[:, -5:], axis=1)
    half = (low + level) / 2
    beyond = (seen >= half[:, None]) & (np.arange(number) > darkest[:, None])
    first = np.maximum(beyond.argmax(axis=1), 1)
    before, after = seen[row, first - 1], seen[row, first]
    part = np.clip((half - before) / np.maximum(after - before, 1e-6), 0, 1)
    return -REACH_PX + STEP_PX * (first - 1 + part), half, beyond.any(axis=1) & (level - low > INK)


def lights(grey: Greys, places: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """How light it is at places (…, 2) in corners of pixels, between the middles of pixels in proportion."""
    at = [places[..., 1] - 0.5, places[..., 0] - 0.5]
    return np.asarray(map_coordinates(grey, at, order=1, mode="nearest", output=np.float32))
