"""DGN v7 (MicroStation up to 7), by GDAL: levels are layers, texts are bytes in an unknown encoding."""

from pathlib import Path
from typing import Any

import pyogrio
import shapely
from pyogrio.raw import read as read_page

from layers.sources.drawings import Drawing, Drawn, Text, too_many_drawn
from layers.sources.facts import Letters
from layers.sources.gdal import configure, explaining
from layers.sources.letters import BYTES
from layers.sources.limits import limits
from planning.errors import BadFile


def read_dgn(path: Path) -> tuple[Drawing, Letters]:
    """The drawing; its letters are bytes unless all are ASCII."""
    configure()
    most = limits().things_drawn
    with explaining(path):
        if pyogrio.read_info(path, encoding=BYTES)["driver"] != "DGN":
            raise BadFile(file=path.name, vi="nội dung không phải DGN v7.", en="its content is not DGN v7.")
        told, _, blobs, columns = read_page(path, encoding=BYTES, max_features=most + 1)
    if len(blobs) > most:
        raise too_many_drawn(path, most)
    fields = dict(zip(map(str, told["fields"]), columns, strict=True))
    drawing = Drawing()
    for level, text, shape in zip(fields["Level"], fields["Text"], shapely.from_wkb(blobs), strict=True):
        _add(drawing, shape, f"Level {level}", text)
    drawing.ascii = all(one.text.isascii() for one in drawing.texts)
    return drawing, Letters("ASCII" if drawing.ascii else None)


def _add(drawing: Drawing, shape: Any, layer: str, text: str | None) -> None:
    if shape is None or shape.is_empty:
        drawing.left_out["phần tử không có hình / element without shape"] += 1
    elif shape.geom_type == "Point":
        words = " ".join((text or "").split())
        if words:
            drawing.texts.append(Text(shapely.force_2d(shape), words, layer, None))
    else:
        for part in shapely.get_parts(shapely.force_2d(shape)):
            closed = part.geom_type == "Polygon" or (part.is_closed and len(part.coords) > 3)
            outline = part if part.geom_type == "Polygon" else shapely.Polygon(part) if closed else part
            (drawing.closed if closed else drawing.lines).append(Drawn(outline, layer, "outline" if closed else "line"))
