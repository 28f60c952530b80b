"""The CAD drawing of the sample dossier: DXF R2000, letters of TCVN3 in a `.VnTime` style, as consultants left them for decades."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ezdxf
import numpy as np
import shapely

from layers.encodings.letters import TCVN3

if TYPE_CHECKING:
    from layers.sample.dossier import Lot

LETTERS = {letter: sign for sign, letter in TCVN3.items()}
OPTIONS: Any = vars(ezdxf)["options"]
STYLE = "VN"
ILLUSTRATION = "Bản vẽ minh họa, không có giá trị pháp lý"


def write_drawing(path: Path, lots: Sequence["Lot"], boundary: Any, title_block: Any) -> None:
    """Write the drawing; always the same bytes, for ezdxf is told to write no time of day."""
    before = OPTIONS.write_fixed_meta_data_for_testing
    OPTIONS.write_fixed_meta_data_for_testing = True
    try:
        document = ezdxf.new("R2000", units=6)  # type: ignore[attr-defined]  # metres
        document.styles.add(STYLE, font=".VnTime")
        _draw(document.modelspace(), lots, boundary, title_block)
        document.saveas(path)
    finally:
        OPTIONS.write_fixed_meta_data_for_testing = before


def _draw(space: Any, lots: Sequence["Lot"], boundary: Any, title_block: Any) -> None:
    _outline(space, boundary, "RANH_GIOI")
    _outline(space, title_block, "KHUNG TEN")
    _text(space, ILLUSTRATION, title_block.centroid, "KHUNG TEN")
    for lot in lots:
        if lot.open_m:
            _open_lines(space, lot.shape, lot.layer, lot.open_m)
        else:
            _outline(space, lot.shape, lot.layer)
        middle = lot.shape.representative_point()
        _text(space, lot.symbol, middle, "KY HIEU")
        _text(space, lot.words, shapely.Point(middle.x, middle.y - 5), "CHU")


def _outline(space: Any, shape: Any, layer: str) -> None:
    space.add_lwpolyline(shape.exterior.coords[:-1], close=True, dxfattribs={"layer": layer})


def _open_lines(space: Any, shape: Any, layer: str, short_m: float) -> None:
    """Each side by itself, both of its ends short of the corner."""
    corners = np.array(shape.exterior.coords)
    for start, end in pairwise(corners):
        step = (end - start) / np.hypot(*(end - start)) * short_m
        space.add_line(start + step, end - step, dxfattribs={"layer": layer})


def _text(space: Any, words: str, place: Any, layer: str) -> None:
    written = "".join(LETTERS.get(letter, letter) for letter in words)
    space.add_text(written, height=3, dxfattribs={"layer": layer, "style": STYLE}).set_placement((place.x, place.y))
