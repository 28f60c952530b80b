"""DXF, by ezdxf: unlike GDAL it tells the font of each text, without which TCVN3 letters cannot be told from others."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from ezdxf import path as paths
from ezdxf.document import Drawing as Document
from ezdxf.filemanagement import readfile
from ezdxf.lldxf.const import DXFError
from ezdxf.lldxf.encoding import decode_dxf_unicode

from layers.sources.drawings import Drawing, Drawn, Text, too_many_drawn
from layers.sources.facts import UNICODE, Letters
from layers.sources.limits import limits
from planning.errors import BadFile

SAGITTA_M = 0.01
"""How far a chord may lie from its arc."""

DEEPEST_BLOCK = 16
UNICODE_SINCE = "AC1021"
"""DXF R2007; before, letters are in the code page of the machine that wrote them."""

FONT_WITHIN = re.compile(r"\\[fF]([^|;]+)")
CURVES = {"LINE", "LWPOLYLINE", "POLYLINE", "ARC", "CIRCLE", "ELLIPSE", "SPLINE"}
TEXTS = {"TEXT", "MTEXT", "ATTRIB"}
SILENT = {"VIEWPORT", "ATTDEF"}
"""Things that are no part of the land, without a word."""


def read_dxf(path: Path) -> tuple[Drawing, Letters]:
    """The drawing and how its letters were read; refuses what is broken or cut off."""
    _refuse_cut_off(path)
    most = limits().things_drawn
    try:
        document, letters = _document(path)
        drawing = Drawing()
        for count, (entity, layer) in enumerate(_placed(document.modelspace(), None, 0)):
            if count >= most:
                raise too_many_drawn(path, most)
            _add(drawing, entity, _unescaped(drawing, layer), document)
    except (DXFError, OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        reason = str(error).partition("\n")[0][:160]
        raise BadFile(
            file=path.name,
            vi=f"DXF bị hỏng ({reason}); trong AutoCAD chạy AUDIT rồi lưu lại DXF R2010.",
            en=f"the DXF is broken ({reason}); run AUDIT in AutoCAD and save it as DXF R2010 again.",
        ) from None
    drawing.notes += _notes(document)
    return drawing, _with_fonts(letters, drawing, document)


def _refuse_cut_off(path: Path) -> None:
    with path.open("rb") as stream:
        stream.seek(max(path.stat().st_size - 256, 0))
        end = stream.read()
    if not re.search(rb"\bEOF\s*$", end):
        raise BadFile(
            file=path.name,
            vi="DXF bị cắt (không có EOF); hãy chép lại.",
            en="the DXF is cut off (it has no EOF); copy it again.",
        )


def _document(path: Path) -> tuple[Document, Letters]:
    """The document, its letters as bytes wherever they are not surely Unicode."""
    try:
        document = readfile(path, errors="strict")
    except UnicodeDecodeError:
        return readfile(path, encoding="latin-1"), Letters(None)
    if document.dxfversion >= UNICODE_SINCE:
        return document, UNICODE
    return readfile(path, encoding="latin-1"), Letters(None, str(document.header.get("$DWGCODEPAGE", "")) or None)


def _with_fonts(letters: Letters, drawing: Drawing, document: Document) -> Letters:
    plain = letters.encoding is None and drawing.ascii
    fonts = {text.font for text in drawing.texts if text.font} | {_font(style) for style in document.styles}
    named = tuple(sorted(font for font in fonts if font))
    return Letters("ASCII" if plain else letters.encoding, letters.said, letters.said_by, named)


def _notes(document: Document) -> list[str]:
    notes = []
    units = document.header.get("$INSUNITS", 0)
    if units in {1, 2, 4, 5}:
        notes.append(f"đơn vị bản vẽ không phải mét / the drawing's unit is not the metre ($INSUNITS {units})")
    outside = sorted(block.name for block in document.blocks if block.block and block.block.dxf.get("flags", 0) & 4)
    if outside:
        notes.append(f"tham chiếu ngoài không được đọc / external references are not read: {', '.join(outside[:5])}")
    return notes


def _placed(entities: Any, layer: str | None, depth: int) -> Iterator[tuple[Any, str]]:
    """Entities with blocks placed, each with its layer; what lies on layer 0 of a block is on the layer of its insert."""
    for entity in entities:
        own = entity.dxf.get("layer", "0")
        on = layer if layer is not None and own == "0" else own
        if entity.dxftype() != "INSERT":
            yield entity, on
        elif depth < DEEPEST_BLOCK:
            for one in entity.multi_insert() if entity.mcount > 1 else (entity,):
                yield from _placed(one.attribs, on, depth + 1)
                yield from _placed(one.virtual_entities(), on, depth + 1)


def _add(drawing: Drawing, entity: Any, layer: str, document: Document) -> None:
    kind = entity.dxftype()
    if kind in CURVES and not (kind == "POLYLINE" and not (entity.is_2d_polyline or entity.is_3d_polyline)):
        _add_curve(drawing, entity, layer)
    elif kind in {"HATCH", "MPOLYGON"}:
        _add_hatch(drawing, entity, layer)
    elif kind in TEXTS:
        _add_text(drawing, entity, layer, document)
    elif kind == "POINT":
        drawing.points.append(Drawn(shapely.Point(entity.dxf.location.x, entity.dxf.location.y), layer, "point"))
    elif kind not in SILENT:
        drawing.left_out[kind] += 1


def _unescaped(drawing: Drawing, word: str) -> str:
    r"""A word with its escapes (`\U+1EA1`) as letters, which they are whatever the encoding of the others."""
    drawing.ascii &= word.isascii()
    return str(decode_dxf_unicode(word))


def _add_curve(drawing: Drawing, entity: Any, layer: str) -> None:
    xy = _corners(entity)
    if len(xy) < 2 or (xy == xy[0]).all():
        drawing.left_out["nét dài 0 / zero length"] += 1
        return
    closed = bool(getattr(entity, "closed", False) or getattr(entity, "is_closed", False)) or bool(
        (xy[0] == xy[-1]).all()
    )
    if closed and len(np.unique(xy, axis=0)) >= 3:
        drawing.closed.append(Drawn(shapely.Polygon(xy), layer, "outline"))
    else:
        drawing.lines.append(Drawn(shapely.LineString(xy), layer, "line"))


def _corners(entity: Any) -> Any:
    """The corners of a curve; straight polylines, the bulk of a plan, are taken as they are written."""
    if entity.dxftype() == "LWPOLYLINE" and not entity.has_arc and entity.dxf.extrusion.isclose((0, 0, 1)):
        return np.array(entity.get_points("xy")).reshape(-1, 2)
    return _flat(paths.make_path(entity))


def _add_hatch(drawing: Drawing, entity: Any, layer: str) -> None:
    """The area of a hatch: what an odd number of its outlines goes around."""
    rings = [xy for xy in map(_flat, paths.from_hatch(entity)) if len(np.unique(xy, axis=0)) >= 3]
    if not rings:
        drawing.left_out["HATCH"] += 1
        return
    shape = shapely.Polygon(rings[0])
    for ring in rings[1:]:
        shape = shapely.symmetric_difference(shape, shapely.make_valid(shapely.Polygon(ring), method="structure"))
    drawing.closed.append(Drawn(shape, layer, "hatch"))


def _flat(path: Any) -> Any:
    """The corners of a path in the plane, arcs as chords."""
    if not len(path):
        return np.array([(path.start.x, path.start.y)])
    return np.array([(point.x, point.y) for point in path.flattening(SAGITTA_M)])


def _add_text(drawing: Drawing, entity: Any, layer: str, document: Document) -> None:
    if entity.dxftype() == "MTEXT":
        point, text, within = entity.dxf.insert, entity.plain_text(), FONT_WITHIN.search(entity.text)
    else:
        _, first, second = entity.get_placement()
        point, text, within = second or first, entity.plain_text(), None
    words = " ".join(text.split())
    if words:
        style = (
            document.styles.get(entity.dxf.get("style", "Standard"))
            if entity.dxf.get("style", "Standard") in document.styles
            else None
        )
        font = within[1] if within else _font(style) if style is not None else None
        drawing.texts.append(Text(shapely.Point(point.x, point.y), _unescaped(drawing, words), layer, font))


def _font(style: Any) -> str | None:
    """The font of a text style: the family of a TrueType font where it is told, else its file."""
    family = style.get_extended_font_data()[0] if style.has_extended_font_data else ""
    return family or style.dxf.get("font") or None
