"""A coloured plan traced into zones: pixels to regions, regions to a coverage, the coverage simplified and proved."""

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio
import shapely
from rasterio.features import rasterize

from layers.digitise.arcs import Faces, faces, on_the_ground
from layers.digitise.drawings import Drawing
from layers.digitise.legends import Legend, legend, picked, read_legend
from layers.digitise.meeting import inked
from layers.digitise.net import net_of, smoothed
from layers.digitise.pictures import explaining
from layers.digitise.regions import OUTSIDE, ROWS, UNKNOWN, Greys, Reading, Regions, regions
from planning.coverage.examination import examined
from planning.errors import BadFile, BadQuestion, NotAllowed
from planning.functions import Scheme
from planning.geometry import Shapes
from planning.store.copying import Progress

MOST_PIXELS = 150_000_000
"""An A0 sheet at 300 dots per inch has 140 million."""

REJECT = 15.0
FILL_MM = 1.5
"""Radius on the map: half the height of large letters."""

LEAST_MM2 = 4.0
"""On the map: the smallest zone a plan shows."""

TOLERANCE_PX = 1.2
"""Simplification: the stairs of pixels go, corners stay."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How a person wants a drawing traced. Lengths and areas on the map, in millimetres; `accuracy_m` where the drawing tells none."""

    scheme: Scheme
    legend: Path | None = None
    picks: tuple[str, ...] = ()
    reject: float = REJECT
    fill_mm: float = FILL_MM
    least_mm2: float = LEAST_MM2
    tolerance_px: float = TOLERANCE_PX
    accuracy_m: float | None = None


@dataclass(frozen=True, slots=True)
class Tracing:
    """Zones in the storage CRS, with the function, colour and share of pixels read of each; and places that were of no known colour."""

    drawing: Drawing
    legend: Legend
    asked: Asked
    shapes: Shapes
    codes: tuple[str, ...]
    colours: tuple[str, ...]
    read_pct: tuple[float, ...]
    unread: Shapes
    accuracy_m: float

    def parameters(self) -> dict[str, str]:
        """What tells one tracing of a drawing from another."""
        plain = {name: value for name, value in asdict(self.asked).items() if name not in {"legend", "picks"}}
        colours = ", ".join(f"{one.hex}={one.code}" for one in self.legend.entries)
        return {name: str(value) for name, value in plain.items()} | {"legend": colours}


def traced(drawing: Drawing, asked: Asked, progress: Progress | None = None) -> Tracing:
    """Trace a drawing. Raises `NotAllowed` where the result is no coverage: a defect of ours, never of the drawing."""
    accuracy_m = _accuracy(drawing, asked)
    if drawing.width * drawing.height > MOST_PIXELS:
        raise BadFile(
            file=drawing.path.name,
            vi=f"bản vẽ có hơn {MOST_PIXELS:,} điểm ảnh; hãy nắn lại với --frame hoặc --pixel-m lớn hơn.",
            en=f"it has more than {MOST_PIXELS:,} pixels; place it anew with --frame or a larger --pixel-m.",
        )
    with explaining(drawing.path), rasterio.open(drawing.path, driver="GTiff") as source:
        entries = read_legend(asked.legend, asked.scheme) if asked.legend else []
        key = legend([*entries, *picked(source, asked.picks, asked.scheme)], asked.scheme)
        found = regions(source, key, _reading(drawing, asked), progress)
        transform = source.transform
    whole = _simplified(_without_ground(found, key), found.grey, transform, asked.tolerance_px * drawing.gsd_m)
    known = whole.classes != UNKNOWN
    zones, classes = whole.shapes[known], whole.classes[known]
    if not len(zones):
        raise BadFile(
            file=drawing.path.name,
            vi="không tìm thấy màu nào của bảng chú giải; hãy chọn màu trên bản vẽ bằng --pick.",
            en="no colour of the legend was found on it; pick the colours on the drawing with --pick.",
        )
    _proved(zones)
    codes = tuple(str(key.entries[place].code) for place in classes)
    colours = tuple(key.entries[place].hex for place in classes)
    return Tracing(
        drawing, key, asked, zones, codes, colours, _read_pct(zones, found, transform), whole.shapes[~known], accuracy_m
    )


def _accuracy(drawing: Drawing, asked: Asked) -> float:
    """That of the drawing's place together with a pixel."""
    place = drawing.accuracy_m if drawing.accuracy_m is not None else asked.accuracy_m
    if place is None:
        raise BadQuestion(
            parameter="--accuracy-m",
            vi="bản vẽ chưa rõ độ chính xác (không có điểm kiểm tra); hãy ghi --accuracy-m.",
            en="the drawing's accuracy is not known (no point judged it); say --accuracy-m.",
        )
    return round(math.hypot(place, drawing.gsd_m), 3)


def _reading(drawing: Drawing, asked: Asked) -> Reading:
    per_mm = drawing.scale / 1000 / drawing.gsd_m
    return Reading(asked.reject, asked.fill_mm * per_mm, round(asked.least_mm2 * per_mm**2))


def _without_ground(found: Regions, key: Legend) -> Faces:
    """The regions, with the paper and what lies outside the picture as ground."""
    paper = [place for place, one in enumerate(key.entries) if one.code is None]
    classes = np.where(np.isin(found.classes, [*paper, OUTSIDE]), OUTSIDE, found.classes).astype(np.uint8)
    return faces(classes, OUTSIDE)


def _simplified(raw: Faces, grey: Greys, transform: Any, tolerance_m: float) -> Faces:
    if not len(raw.shapes) or tolerance_m == 0:
        return Faces(raw.classes, on_the_ground(raw.shapes, transform))
    net = net_of(raw.shapes)
    placed = on_the_ground(net.faces_at(inked(net, smoothed(net), grey)), transform)
    return Faces(raw.classes, np.asarray(shapely.coverage_simplify(placed, tolerance_m), dtype=object))


def _proved(zones: Shapes) -> None:
    """Holes are where the drawing tells nothing; two zones over one place would be a fault."""
    if not shapely.is_valid(zones).all() or examined(zones).overlaps:
        raise NotAllowed(
            vi="kết quả lần vết không phủ kín đúng; không ghi gì.",
            en="the tracing is no sound coverage; nothing was written.",
        )


def _read_pct(zones: Shapes, found: Regions, transform: Any) -> tuple[float, ...]:
    """For each zone the share of its pixels whose colour was read rather than filled in from around."""
    numbered = ((shape, place) for place, shape in enumerate(zones, start=1))
    of_zone = rasterize(numbered, out_shape=found.read.shape, transform=transform, dtype="int32")
    pixels, read = np.zeros(len(zones) + 1), np.zeros(len(zones) + 1)
    for top in range(0, len(of_zone), ROWS):
        rows, seen = of_zone[top : top + ROWS], found.read[top : top + ROWS]
        pixels += np.bincount(rows.ravel(), minlength=len(pixels))
        read += np.bincount(rows[seen], minlength=len(read))
    shares: npt.NDArray[np.float64] = 100 * read[1:] / np.maximum(pixels[1:], 1)
    return tuple(round(float(share), 1) for share in shares)
