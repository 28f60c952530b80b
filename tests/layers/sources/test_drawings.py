"""Drawings: closed outlines, hatches, lines that do not quite meet, texts and their fonts; nothing left out silently."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.sources.facts import Reading
from layers.sources.linework import faces_of
from layers.sources.opening import features, layers_of
from planning.errors import BadFile
from tests.drawing import points, ring
from tests.layers.sources.sheets import chunks_of, new_drawing, whole, zipped

PLACES = """
    A . B . C
    . . . . .
    D . E . F
    . . . . .
    G . H . I
"""
AT = points(PLACES)


def polyline(space, corners: str, layer: str, *, close: bool = True):
    space.add_lwpolyline([AT[letter] for letter in corners], close=close, dxfattribs={"layer": layer})


def short_of(a: str, b: str, gap: float = 0.005):
    """The line from one letter to another, short of both by a gap."""
    (x, y), (u, v) = AT[a], AT[b]
    length = float(np.hypot(u - x, v - y))
    dx, dy = (u - x) / length * gap, (v - y) / length * gap
    return (x + dx, y + dy), (u - dx, v - dy)


def saved(path: Path, document) -> Path:
    document.saveas(path)
    return path


def test_closed_outlines_are_polygons_with_their_layer_and_their_one_text(tmp_path: Path):
    drawing = new_drawing()
    space = drawing.modelspace()
    polyline(space, "ABED", "DAT_O")
    polyline(space, "BCFE", "CAY_XANH")
    space.add_text("O-1", dxfattribs={"layer": "CHU", "style": "VN"}).set_placement((AT["D"][0] + 5, AT["D"][1] + 5))
    opened, chunks = chunks_of(saved(tmp_path / "qh.dxf", drawing))
    fields, shapes = whole(chunks)
    assert [shape.equals(ring(PLACES, corners)) for shape, corners in zip(shapes, ("ABED", "BCFE"), strict=True)] == [
        True,
        True,
    ]
    assert list(fields["cad_layer"]) == ["DAT_O", "CAY_XANH"]
    assert fields["lot_symbol"].iloc[0] == "O-1"
    assert fields["lot_symbol"].isna().iloc[1]
    assert fields["text_fonts"].iloc[0] == ".VnTime"
    assert ".VnTime" in opened.letters.fonts
    assert (opened.crs, opened.issues) == (None, ())


def test_of_several_texts_none_is_chosen(tmp_path: Path):
    drawing = new_drawing()
    space = drawing.modelspace()
    polyline(space, "ACIG", "LO")
    for text, letter in (("CX-1", "E"), ("120 m²", "E")):
        space.add_text(text).set_placement(AT[letter])
    opened, chunks = chunks_of(saved(tmp_path / "qh.dxf", drawing))
    [row] = whole(chunks)[0].to_dict("records")
    assert row["lot_symbol"] is None or row["lot_symbol"] != row["lot_symbol"]
    assert json.loads(row["texts"]) == ["CX-1", "120 m²"]
    assert any("polygons with several texts" in note for note in opened.notes)


def test_a_text_labels_the_smallest_polygon_around_it(tmp_path: Path):
    drawing = new_drawing()
    space = drawing.modelspace()
    polyline(space, "ACIG", "RANH")
    polyline(space, "ABED", "LO")
    space.add_mtext("{\\fVni-Times|b0;CX-1}").set_location((AT["D"][0] + 5, AT["D"][1] + 5))
    fields, _ = whole(chunks_of(saved(tmp_path / "qh.dxf", drawing))[1])
    assert fields["lot_symbol"].isna().tolist() == [True, False]
    assert fields["text_fonts"].iloc[1] == "Vni-Times"


def test_lines_five_millimetres_short_of_each_other_enclose_four_lots(tmp_path: Path):
    drawing = new_drawing()
    space = drawing.modelspace()
    for pair in ("AC", "CI", "IG", "GA", "BH", "DF"):
        space.add_line(*short_of(*pair), dxfattribs={"layer": "RANH_LO"})
    path = saved(tmp_path / "qh.dxf", drawing)
    opened, chunks = chunks_of(path, rows=10)
    fields, shapes = whole(chunks)
    wanted = [ring(PLACES, corners) for corners in ("ABED", "BCFE", "DEHG", "EFIH")]
    assert len(shapes) == 4
    assert all(min(shapely.hausdorff_distance(one, shape) for shape in shapes) < 0.01 for one in wanted)
    assert set(fields["drawn_as"]) == {"lines"}
    assert any("open ends led on within 0.3 m" in note for note in opened.notes)
    assert features(path, Reading(snap_m=0.001)).count == 0


def test_a_dangling_line_is_told_with_its_geometry(tmp_path: Path):
    drawing = new_drawing()
    space = drawing.modelspace()
    for pair in ("AC", "CI", "IG", "GA"):
        space.add_line(AT[pair[0]], AT[pair[1]], dxfattribs={"layer": "LO"})
    space.add_line(AT["B"], AT["E"], dxfattribs={"layer": "LO"})
    opened, chunks = chunks_of(saved(tmp_path / "qh.dxf", drawing))
    assert len(whole(chunks)[1]) == 1
    [issue] = opened.issues
    assert (issue.reason, issue.shape.length) == ("open-line", 20.0)
    assert "20.00 m" in issue.en


def test_an_outline_divided_by_a_line_gives_its_parts_too(tmp_path: Path):
    drawing = new_drawing()
    space = drawing.modelspace()
    polyline(space, "ACIG", "LO")
    space.add_line(*short_of("B", "H", 0.1), dxfattribs={"layer": "LO"})
    fields, shapes = whole(chunks_of(saved(tmp_path / "qh.dxf", drawing), rows=10)[1])
    assert list(fields["drawn_as"]) == ["outline", "lines", "lines"]
    assert sorted(round(shape.area, 3) for shape in shapes) == [800, 800, 1600]


def test_lines_of_several_layers_enclose_together_only_where_a_person_names_them(tmp_path: Path):
    drawing = new_drawing()
    space = drawing.modelspace()
    polyline(space, "ACI", "NGANG", close=False)
    polyline(space, "IGA", "DOC", close=False)
    path = saved(tmp_path / "qh.dxf", drawing)
    apart = features(path, Reading())
    assert (apart.count, len(apart.issues)) == (0, 2)
    opened, chunks = chunks_of(path, layer="NGANG, DOC")
    assert list(whole(chunks)[0]["cad_layer"]) == ["DOC, NGANG"]
    assert opened.layer == "NGANG, DOC"
    with pytest.raises(BadFile, match="the drawing has no layer “KHONG”"):
        features(path, Reading("KHONG"))


def test_a_hatch_with_a_hole_and_an_arc(tmp_path: Path):
    drawing = new_drawing()
    hatch = drawing.modelspace().add_hatch(dxfattribs={"layer": "CX"})
    hatch.paths.add_polyline_path([AT[letter] for letter in "ACIG"], is_closed=True)
    hatch.paths.add_edge_path().add_arc(AT["E"], radius=5, start_angle=0, end_angle=360)
    [row], [shape] = (part for part in _rows_and_shapes(saved(tmp_path / "qh.dxf", drawing)))
    assert (row["cad_layer"], row["drawn_as"]) == ("CX", "hatch")
    assert shape.area == pytest.approx(1600 - np.pi * 25, rel=1e-3)


def _rows_and_shapes(path: Path):
    fields, shapes = whole(chunks_of(path)[1])
    return fields.to_dict("records"), list(shapes)


def test_a_block_is_placed_and_its_layer_0_is_the_layer_of_its_insert(tmp_path: Path):
    drawing = new_drawing()
    block = drawing.blocks.new("LO")
    block.add_lwpolyline([(0, 0), (10, 0), (10, 10), (0, 10)], close=True)
    block.add_attdef("KH", (5, 5))
    insert = drawing.modelspace().add_blockref("LO", AT["G"], dxfattribs={"layer": "DAT_O", "xscale": 2})
    insert.add_auto_attribs({"KH": "O-9"})
    [row], [shape] = _rows_and_shapes(saved(tmp_path / "qh.dxf", drawing))
    assert (row["cad_layer"], row["lot_symbol"], shape.area) == ("DAT_O", "O-9", 200)


def test_what_is_left_out_is_counted(tmp_path: Path):
    drawing = new_drawing()
    space = drawing.modelspace()
    polyline(space, "ACIG", "LO")
    space.add_3dface([AT[letter] + (0,) for letter in "ABED"])
    space.add_text("ngoài").set_placement((0, 0))
    drawing.header["$INSUNITS"] = 4
    opened, _ = chunks_of(saved(tmp_path / "qh.dxf", drawing))
    assert any("1 3DFACE / left out" in note for note in opened.notes)
    assert any("unit is not the metre" in note for note in opened.notes)
    assert [(issue.reason, issue.en) for issue in opened.issues] == [
        ("text-outside", "text “ngoài” lies in no polygon")
    ]


def test_before_r2007_letters_are_bytes_and_escapes_are_letters(tmp_path: Path):
    drawing = new_drawing("R2000")
    space = drawing.modelspace()
    polyline(space, "ABED", "LO")
    polyline(space, "BCFE", "LO")
    space.add_text("ABCDEF", dxfattribs={"style": "VN"}).set_placement((AT["D"][0] + 5, AT["D"][1] + 5))
    space.add_text("Đất ở").set_placement((AT["E"][0] + 5, AT["E"][1] + 5))
    path = saved(tmp_path / "qh.dxf", drawing)
    path.write_bytes(path.read_bytes().replace(b"ABCDEF", b"\xae\xcat \xeb1"))
    opened, chunks = chunks_of(path)
    assert (opened.encoding, opened.letters.said) == (None, "ANSI_1252")
    assert list(whole(chunks)[0]["lot_symbol"]) == ["®Êt ë1", "Đất ở"]


def test_the_layers_of_a_drawing_with_what_is_on_them(tmp_path: Path):
    drawing = new_drawing()
    space = drawing.modelspace()
    polyline(space, "ABED", "LO")
    space.add_line(AT["A"], AT["B"], dxfattribs={"layer": "TIM"})
    space.add_text("x", dxfattribs={"layer": "CHU"}).set_placement(AT["A"])
    path = saved(tmp_path / "qh.dxf", drawing)
    told = [(one.name, one.geometry, one.count) for one in layers_of(path)]
    assert told == [("CHU", "Point", 1), ("LO", "Polygon", 1), ("TIM", "LineString", 1)]
    assert [one.name for one in layers_of(zipped(tmp_path / "qh.zip", (path, "qh.dxf")))] == ["CHU", "LO", "TIM"]


def test_a_drawing_cut_off_or_broken_is_refused(tmp_path: Path):
    path = saved(tmp_path / "qh.dxf", new_drawing())
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(BadFile, match=r"cut off \(it has no EOF\)"):
        layers_of(path)
    path.write_bytes(content.replace(b"ENDSEC", b"ENDSEX", 1))
    with pytest.raises(BadFile, match="run AUDIT in AutoCAD"):
        layers_of(path)


def test_blocks_within_blocks_are_stopped(tmp_path: Path, limited):
    """Ten blocks, each placing the one before ten times, draw 10¹⁰ lines."""
    limited(things_drawn=1_000)
    drawing = new_drawing()
    for level in range(10):
        block = drawing.blocks.new(f"B{level}")
        for n in range(10):
            block.add_blockref(f"B{level - 1}", (n, 0)) if level else block.add_line((0, 0), (1, 0))
    drawing.modelspace().add_blockref("B9", (0, 0))
    with pytest.raises(BadFile, match="more than 1,000 things drawn"):
        layers_of(saved(tmp_path / "qh.dxf", drawing))


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 5), st.integers(1, 5),
    st.integers(0, 2**32),
)  # fmt: skip
def test_a_grid_drawn_with_gaps_and_overshoots_encloses_all_its_cells(columns, rows, seed):
    """The oracle is the drawing: columns × rows cells of 10 m, whatever each end lacks or has too much, up to 0.2 m."""
    missing = iter(np.random.default_rng(seed).uniform(-0.2, 0.2, 200))
    upright = [
        ((c * 10, r * 10 + next(missing)), (c * 10, r * 10 + 10 - next(missing)))
        for c in range(columns + 1)
        for r in range(rows)
    ]
    level = [
        ((c * 10 + next(missing), r * 10), (c * 10 + 10 - next(missing), r * 10))
        for r in range(rows + 1)
        for c in range(columns)
    ]
    lines = upright + level
    faces = faces_of(np.array([shapely.LineString(one) for one in lines], dtype=object), np.array([], dtype=object))
    assert len(faces.polygons) == columns * rows
    assert shapely.is_valid(faces.polygons).all()
    assert shapely.area(faces.polygons).sum() == pytest.approx(columns * rows * 100, rel=1e-4)
    assert len(faces.open_ends) == 0
