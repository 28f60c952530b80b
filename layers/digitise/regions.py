"""Pixels into regions: the nearest colour of the legend, ink filled from both sides, specks merged into what is around them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from rasterio.features import sieve
from rasterio.windows import Window
from scipy.ndimage import distance_transform_edt, maximum_filter, minimum_filter

from layers.digitise.legends import Legend, lab
from layers.digitise.pictures import Colours
from planning.store.copying import Progress

Classes = npt.NDArray[np.uint8]
Greys = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

UNKNOWN = 255
OUTSIDE = 254
"""Classes beside the places of the legend's entries."""

ROWS = 512
"""Rows classified at a time."""

CORE_PX = 1
"""A colour counts where it fills a square of 2 · this + 1 pixels: along an edge the paper mixes two colours into a third."""

BAND = 2048
"""Rows filled at a time."""

EDGE_PX = 3
"""How far from what was read an edge is blurred; the ink of a line lies within twice that."""

INK = 24
"""By how much (of 255) ink is darker than the colour beside it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How pixels are read: the distance (CIE 1976) beyond which a colour is none of the legend's; the radius in pixels up to which an
    unread place is filled from around it; the pixels below which a region is a speck.
    """

    reject: float
    fill_px: float
    speck_px: int


@dataclass(frozen=True, slots=True)
class Regions:
    """The class of each pixel; which were read as such, rather than filled in; and how light each is."""

    classes: Classes
    read: Mask
    grey: Greys


def regions(drawing: Any, legend: Legend, reading: Reading, progress: Progress | None = None) -> Regions:
    """The regions of an open drawing. What stays `UNKNOWN` is wider than lines and letters, and of no colour of the legend."""
    seen = np.empty((drawing.height, drawing.width), dtype=np.uint8)
    grey = np.empty_like(seen)
    for window in _strips(drawing):
        rows = slice(window.row_off, window.row_off + window.height)
        colours = drawing.read(window=window)
        seen[rows], grey[rows] = classified(colours, legend, reading.reject), greyed(colours)
        if progress:
            progress("colours", rows.stop, drawing.height)
    solid = _solid(seen)
    seen[~solid & (seen != OUTSIDE)] = UNKNOWN
    filled = _filled(_Sheet(seen, grey, _greys(seen, grey)), reading.fill_px)
    return Regions(sieve(filled, reading.speck_px, connectivity=4) if reading.speck_px > 1 else filled, solid, grey)


def classified(colours: Colours, legend: Legend, reject: float) -> Classes:
    """The place of the nearest entry for each pixel; `OUTSIDE` where there is no picture, `UNKNOWN` where none is near."""
    flat = colours.reshape(3, -1)
    packed = (flat[0].astype(np.uint32) << 16) | (flat[1].astype(np.uint32) << 8) | flat[2]
    kinds, places = np.unique(packed, return_inverse=True)
    several = np.stack([kinds >> 16, kinds >> 8 & 255, kinds & 255]).astype(np.uint8)
    apart = np.linalg.norm(lab(several).T[:, None] - legend.labs[None], axis=2)
    nearest = apart.argmin(axis=1).astype(np.uint8)
    nearest[apart.min(axis=1) > reject] = UNKNOWN
    nearest[kinds == 0] = OUTSIDE
    return np.asarray(nearest[places].reshape(colours.shape[1:]))


def greyed(colours: Colours) -> Greys:
    """How light each pixel is, 0 to 255 (ITU-R BT.601, what JPEG keeps sharp)."""
    return np.asarray(np.tensordot([0.299, 0.587, 0.114], colours, axes=1).round().astype(np.uint8))


def _strips(drawing: Any) -> Iterator[Window]:
    for top in range(0, drawing.height, ROWS):
        yield Window(0, top, drawing.width, min(ROWS, drawing.height - top))


def _solid(seen: Classes) -> Mask:
    """Pixels that lie in a square of one class of the legend: an opening of every class at once."""
    size = 2 * CORE_PX + 1
    even = (minimum_filter(seen, size) == maximum_filter(seen, size)) & (seen < OUTSIDE)
    return np.asarray(maximum_filter(even, size), dtype=bool)


def _greys(seen: Classes, grey: Greys) -> npt.NDArray[np.float64]:
    """How light each class is on this sheet, by what was read as it."""
    number = np.bincount(seen.ravel(), minlength=256)
    light = np.zeros(256)
    for top in range(0, len(seen), BAND):
        rows = slice(top, top + BAND)
        light += np.bincount(seen[rows].ravel(), weights=grey[rows].ravel(), minlength=256)
    return np.asarray(light / np.maximum(number, 1))


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What was read of a sheet, how light each pixel is, and how light each class."""

    seen: Classes
    grey: Greys
    of_class: npt.NDArray[np.float64]

    def band(self, low: int, high: int) -> "_Sheet":
        """Some rows of it."""
        return _Sheet(self.seen[low:high], self.grey[low:high], self.of_class)


def _filled(sheet: _Sheet, fill_px: float) -> Classes:
    """Band by band, each with as much above and below as may change it: so memory does not grow with the drawing."""
    out = sheet.seen.copy()
    reach = int(2 * fill_px) + 4 * EDGE_PX + 2
    for top in range(0, len(out), BAND):
        low, bottom = max(0, top - reach), min(len(out), top + BAND)
        band = sheet.band(low, bottom + reach)
        out[top:bottom] = _band_filled(_up_to_the_ink(band), fill_px)[top - low : bottom - low]
    return out


def _up_to_the_ink(sheet: _Sheet) -> Classes:
    """The colours, each as far as a pixel is more of it than of the ink beside it. Of the blurred edges of a line some colours are read
    farther in than others: without this the middle of what is unread would lie beside the line, and a pale zone would come out too large.
    """
    unread = sheet.seen == UNKNOWN
    if not unread.any() or unread.all():
        return sheet.seen
    distance, nearest = distance_transform_edt(unread, return_indices=True)
    own = sheet.seen[tuple(nearest)]
    light, ink = sheet.of_class[own], minimum_filter(sheet.grey, 4 * EDGE_PX + 1)
    pale = unread & (own != OUTSIDE) & (distance <= EDGE_PX) & (light - ink > INK) & (2.0 * sheet.grey > light + ink)
    return np.asarray(np.where(pale, own, sheet.seen))


def _band_filled(seen: Classes, fill_px: float) -> Classes:
    """Unread pixels take the class of the nearest that was read, except where a circle of `fill_px` fits among them."""
    unread = seen == UNKNOWN
    if not unread.any() or unread.all():
        return seen
    distance, nearest = distance_transform_edt(unread, return_indices=True)
    filled = _fair(seen[tuple(nearest)], seen, unread)
    wide = distance > fill_px
    if wide.any():
        filled[unread & (distance_transform_edt(~wide) <= fill_px)] = UNKNOWN
    return np.asarray(filled)


def _fair(filled: Classes, seen: Classes, unread: Mask) -> Classes:
    """A pixel as near to one side as to the other goes to either by turns: taken always the same way, it would shift every border."""
    turned = distance_transform_edt(unread[::-1, ::-1], return_distances=False, return_indices=True)
    other = seen[::-1, ::-1][tuple(turned)][::-1, ::-1]
    turn = np.add.outer(np.arange(seen.shape[0]), np.arange(seen.shape[1])) % 2 == 0
    return np.asarray(np.where(turn, filled, other))
