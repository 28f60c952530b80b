"""What a drawing becomes: closed outlines and hatches are polygons, open lines enclose faces, texts label the smallest polygon around them.

Nothing is chosen silently: a polygon with several texts lists them all and has no lot symbol; what lines leave open is an issue with
its geometry.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from layers.sources.facts import Chunk, Content, Issue, LayerFacts, Letters, Reading
from layers.sources.layer_names import layer_read_as
from layers.sources.letters import as_text, believed
from layers.sources.linework import SNAP_M, faces_of
from layers.sources.soundness import sound
from planning.errors import BadFile
from planning.geometry import Shapes

FIELDS = ("cad_layer", "drawn_as", "lot_symbol", "texts", "text_fonts")
NO_SHAPES: Shapes = np.array([], dtype=object)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A closed outline, an open line or a point; `how` is hatch, outline, line or point."""

    shape: Any
    layer: str
    how: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a drawing where it stands, with the font of its style."""

    point: Any
    text: str
    layer: str
    font: str | None


@dataclass(slots=True)
class Drawing:
    """The lines and texts of a drawing, blocks placed; `left_out` counts what is neither."""

    closed: list[Drawn] = field(default_factory=list)
    lines: list[Drawn] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    points: list[Drawn] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    ascii: bool = True
    """Whether the file writes all names and texts in plain letters."""

    def layers(self) -> list[LayerFacts]:
        """The layers of the drawing with what is on each."""
        kinds: dict[str, Counter[str]] = {}
        drawn = [("Polygon", self.closed), ("LineString", self.lines), ("Point", [*self.texts, *self.points])]
        for kind, things in drawn:
            for thing in things:  # type: ignore[attr-defined]
                kinds.setdefault(thing.layer, Counter())[kind] += 1
        return [
            LayerFacts(name, next(iter(found)) if len(found) == 1 else "mixed", found.total(), FIELDS, None, None)
            for name, found in sorted(kinds.items())
        ]


@dataclass(frozen=True, slots=True)
class _Polygons:
    shapes: Shapes
    layers: list[str]
    hows: list[str]


@dataclass(frozen=True, slots=True)
class _Found:
    """What a drawing gives: shapes and fields row for row, what is to be said of the whole."""

    shapes: Shapes
    fields: pd.DataFrame
    notes: tuple[str, ...]
    issues: tuple[Issue, ...]


def too_many_drawn(path: Path, most: int) -> BadFile:
    """More things in a drawing than `most`, the limit in force."""
    return BadFile(
        file=path.name,
        vi=f"hơn {most:,} nét vẽ (QUYHOACH_THINGS_DRAWN).",
        en=f"it has more than {most:,} things drawn (QUYHOACH_THINGS_DRAWN).",
    )


def drawing_content(path: Path, drawing: Drawing, letters: Letters, reading: Reading) -> Content:
    """The areas of the layers asked for (all where none is named), or what is drawn there, where linework is asked for."""
    wanted = _wanted(path, drawing, reading.layer, as_bytes=letters.encoding is None)
    said = letters.encoding is None and reading.encoding is not None
    if said:
        written = [text.text.encode("latin-1", errors="ignore") for text in drawing.texts]
        letters = replace(believed(path, written, reading.encoding, None)[0], fonts=letters.fonts)
    found = _as_drawn(drawing, wanted) if reading.linework else _enclosed(drawing, wanted, reading)
    fields = as_text(found.fields, letters) if said else found.fields
    left_out = [f"bỏ qua {count} {what} / left out" for what, count in sorted(drawing.left_out.items())]
    geometry = "mixed" if reading.linework else "Polygon"
    facts = LayerFacts(reading.layer or path.stem, geometry, len(found.shapes), tuple(fields.columns), None, None)

    def pages(rows: int) -> Iterator[Chunk]:
        for start in range(0, len(found.shapes), rows):
            part = fields.iloc[start : start + rows].reset_index(drop=True)
            yield sound(start + 1, part, found.shapes[start : start + rows])

    return Content(facts, pages, letters, (*drawing.notes, *found.notes, *left_out), found.issues)


def _as_drawn(drawing: Drawing, wanted: set[str]) -> _Found:
    """Lines as lines, closed outlines and hatches as areas, points; texts stand beside them and label none."""
    drawn = [one for one in (*drawing.closed, *drawing.lines, *drawing.points) if one.layer in wanted]
    fields = pd.DataFrame(
        {"cad_layer": [one.layer for one in drawn], "drawn_as": [one.how for one in drawn]}, dtype="str"
    )
    texts = sum(one.layer in wanted for one in drawing.texts)
    notes = (f"{texts} chữ không gắn với nét nào / texts belong to no line",) if texts else ()
    return _Found(_array([one.shape for one in drawn]), fields, notes, ())


def _enclosed(drawing: Drawing, wanted: set[str], reading: Reading) -> _Found:
    """Areas, labelled by the texts of the whole drawing."""
    snap_m = SNAP_M if reading.snap_m is None else reading.snap_m
    polygons, issues, closed_by = _polygons(drawing, wanted, snap_m, together=reading.layer is not None)
    fields, notes, loose = _labelled(polygons, drawing.texts)
    if closed_by:
        notes.append(f"{closed_by} đầu hở nối trong {snap_m:g} m / open ends led on within {snap_m:g} m")
    return _Found(polygons.shapes, fields, tuple(notes), (*issues, *loose))


def _wanted(path: Path, drawing: Drawing, said: str | None, *, as_bytes: bool) -> set[str]:
    """The layers that a person names, as the file writes them or, where its letters are bytes, as a person reads these."""
    present = [one.name for one in drawing.layers()]
    asked = [one.strip() for one in said.split(",")] if said else present
    read = {one: one if one in present or not as_bytes else layer_read_as(one, present) for one in asked}
    wanted = {one for one in read.values() if one is not None}
    missing = sorted(name for name, found in read.items() if found is None or found not in present)
    if missing:
        listed = ", ".join(present) or "–"
        raise BadFile(
            file=path.name,
            vi=f"bản vẽ không có lớp “{missing[0]}” (có: {listed}).",
            en=f"the drawing has no layer “{missing[0]}” (it has: {listed}).",
        )
    return wanted


def _polygons(
    drawing: Drawing, wanted: set[str], snap_m: float, *, together: bool
) -> tuple[_Polygons, list[Issue], int]:
    """Closed outlines of the wanted layers, and the faces of their open lines: each layer by itself, or those a person named together."""
    closed = [one for one in drawing.closed if one.layer in wanted]
    lines = [one for one in drawing.lines if one.layer in wanted]
    shapes, layers, hows = ([one.shape for one in closed], [one.layer for one in closed], [one.how for one in closed])
    issues: list[Issue] = []
    closings = 0
    for group in [wanted] if together else [{name} for name in sorted(wanted)]:
        open_lines = [one for one in lines if one.layer in group]
        if not open_lines:
            continue
        rings = [
            ring for one in closed if one.layer in group for ring in shapely.get_parts(shapely.boundary(one.shape))
        ]
        faces = faces_of(_array([one.shape for one in open_lines]), _array(rings), snap_m)
        shapes += list(faces.polygons)
        layers += [", ".join(sorted({open_lines[place].layer for place in places})) for places in faces.sources]
        hows += ["lines"] * len(faces.polygons)
        closings += len(faces.closings)
        issues += [_open(one, sorted(group)) for one in faces.open_ends]
    return _Polygons(_array(shapes), layers, hows), issues, closings


def _open(shape: Any, layers: list[str]) -> Issue:
    x, y = shapely.get_coordinates(shape)[0]
    where = f"{', '.join(layers)}: {x:.2f}, {y:.2f}; {shape.length:.2f} m"
    return Issue("open-line", None, f"đường không khép kín ({where})", f"a line that encloses nothing ({where})", shape)


def _array(shapes: list[Any]) -> Shapes:
    return np.array([*shapes, None], dtype=object)[:-1]


def _labelled(polygons: _Polygons, texts: list[Text]) -> tuple[pd.DataFrame, list[str], list[Issue]]:
    """The attributes of the polygons; notes on several texts in one; texts in none as issues."""
    held: list[list[Text]] = [[] for _ in polygons.shapes]
    outside: list[Issue] = []
    for text, place in zip(texts, _smallest_around(polygons.shapes, texts), strict=True):
        if place is None:
            said = text.text[:60]
            outside.append(
                Issue(
                    "text-outside",
                    None,
                    f"chữ “{said}” không nằm trong vùng nào",
                    f"text “{said}” lies in no polygon",
                    text.point,
                )
            )
        else:
            held[place].append(text)
    several = sum(len(one) > 1 for one in held)
    notes = (
        [f"{several} vùng có nhiều chữ, xem trường texts / polygons with several texts, see field texts"]
        if several
        else []
    )
    columns = {
        "cad_layer": polygons.layers,
        "drawn_as": polygons.hows,
        "lot_symbol": [one[0].text if len(one) == 1 else None for one in held],
        "texts": [json.dumps([text.text for text in one], ensure_ascii=False) if one else None for one in held],
        "text_fonts": [", ".join(sorted({text.font for text in one if text.font})) or None for one in held],
    }
    return pd.DataFrame(columns, dtype="str"), notes, outside


def _smallest_around(shapes: Shapes, texts: list[Text]) -> list[int | None]:
    """For each text the place of the smallest polygon around it."""
    best: list[int | None] = [None] * len(texts)
    if not len(shapes) or not texts:
        return best
    areas = shapely.area(shapes)
    text, shape = shapely.STRtree(shapes).query(_array([one.point for one in texts]), predicate="within")
    for one, place in zip(text.tolist(), shape.tolist(), strict=True):
        held = best[one]
        if held is None or areas[place] < areas[held]:
            best[one] = place
    return best
