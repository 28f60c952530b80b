"""Tables of corner points: numbers as people write them, X for the northing or not, lots told apart."""

from pathlib import Path

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.sources.corners import _metres
from layers.sources.facts import Reading
from layers.sources.opening import features, layers_of
from planning.errors import BadFile
from tests.layers.sources.sheets import chunks_of, whole

SQUARE = [(2353000.25, 416000.5), (2353100.25, 416000.5), (2353100.25, 416100.5), (2353000.25, 416100.5)]
SHAPE = shapely.Polygon([(east, north) for north, east in SQUARE])


def table(path: Path, header: str, *rows: str) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def comma(number: float) -> str:
    return f"{number:.2f}".replace(".", ",")


def test_x_is_the_northing_where_the_numbers_tell(tmp_path: Path):
    rows = [f'{n};"{comma(x)}";"{comma(y)}"' for n, (x, y) in enumerate(SQUARE, 1)]
    opened, chunks = chunks_of(table(tmp_path / "goc.csv", "STT;X (m);Y (m)", *rows))
    [shape] = whole(chunks)[1]
    assert shape.equals(SHAPE)
    assert opened.crs is None
    assert "tọa độ bắc ở cột “X (m)”" in opened.notes[0]


def test_x_is_the_easting_where_the_numbers_tell(tmp_path: Path):
    rows = [f"{n},{y},{x}" for n, (x, y) in enumerate(SQUARE, 1)]
    [shape] = whole(chunks_of(table(tmp_path / "goc.csv", "Điểm,X,Y", *rows))[1])[1]
    assert shape.equals(SHAPE)


def test_where_the_numbers_do_not_tell_a_person_is_asked_with_both_readings(tmp_path: Path):
    rows = [f"{n},{x - 2300000:.2f},{y - 400000:.2f}" for n, (x, y) in enumerate(SQUARE, 1)]
    path = table(tmp_path / "goc.csv", "STT,X,Y", *rows)
    with pytest.raises(
        BadFile, match=r"X \(north 53,000.25, east 16,000.50\) or Y \(north 16,000.50, east 53,000.25\)"
    ):
        features(path, Reading())
    [shape] = whole(chunks_of(path, northing="X")[1])[1]
    assert shape.bounds == (16000.5, 53000.25, 16100.5, 53100.25)
    [shape] = whole(chunks_of(path, northing="Y")[1])[1]
    assert shape.bounds == (53000.25, 16000.5, 53100.25, 16100.5)
    with pytest.raises(BadFile, match="no column “Z”"):
        features(path, Reading(northing="Z"))


def test_lots_by_their_column_with_what_is_said_of_them(tmp_path: Path):
    rows = [
        f"{lot},{n},{x + shift},{y},Đất ở"
        for lot, shift in (("A", 0), ("B", 200))
        for n, (x, y) in enumerate(SQUARE, 1)
    ]
    path = table(tmp_path / "goc.csv", "Ký hiệu lô,Số hiệu điểm,Tọa độ X (m),Tọa độ Y (m),Chức năng", *rows)
    fields, shapes = whole(chunks_of(path)[1])
    assert [tuple(row) for row in fields.itertuples(index=False)] == [("A", "Đất ở"), ("B", "Đất ở")]
    assert [round(shape.area) for shape in shapes] == [10_000, 10_000]
    assert layers_of(path)[0].fields == ("Ký hiệu lô", "Chức năng")


def test_without_a_lot_column_an_empty_row_or_the_first_point_again_ends_a_lot(tmp_path: Path):
    ring = [f"{n},{x},{y}" for n, (x, y) in enumerate(SQUARE, 1)]
    rows = [*ring, f"1,{SQUARE[0][0]},{SQUARE[0][1]}", *ring, "", *ring]
    _, shapes = whole(chunks_of(table(tmp_path / "goc.csv", "STT,X,Y", *rows))[1])
    assert [shape.equals(SHAPE) for shape in shapes] == [True, True, True]


def test_an_inner_ring_is_a_hole(tmp_path: Path):
    inner = [(2353020, 416020), (2353020, 416030), (2353030, 416030)]
    rows = [f"A,{ring},{x},{y}" for ring, points in ((1, SQUARE), (2, inner)) for x, y in points]
    [shape] = whole(chunks_of(table(tmp_path / "goc.csv", "Lô,Vòng,X,Y", *rows))[1])[1]
    assert shape.area == pytest.approx(10_000 - 50)


def test_fewer_than_three_corners_are_told_with_their_place(tmp_path: Path):
    rows = [f"A,{x},{y}" for x, y in SQUARE[:2]] + [f"B,{x},{y}" for x, y in SQUARE]
    opened, chunks = chunks_of(table(tmp_path / "goc.csv", "Lô,X,Y", *rows))
    assert list(whole(chunks)[0]["Lô"]) == ["B"]
    [issue] = opened.issues
    assert (issue.reason, issue.en, issue.shape.geom_type) == (
        "too-few-corners", "line 2: fewer than three corners", "MultiPoint",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("2353402,45", 2353402.45), ("2353402.45", 2353402.45), ("2.353.402,45", 2353402.45), ("2,353,402.45", 2353402.45),
        ("2 353 402,45", 2353402.45), ("2.353.402", 2353402.0), ("416226", 416226.0), ("416226,775", 416226.775),
        ("416\u00a0226,77", 416226.77),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text, metres):
    assert _metres(Path("goc.csv"), 2, text) == metres


@pytest.mark.parametrize("text", ["416.226", "416,226", "2,353,40", "khoảng 5", "1e6", "-5", "2.353,402.45", "=1+1"])
def test_a_number_that_could_be_two_or_is_none_is_refused_with_its_line(text):
    with pytest.raises(BadFile, match=r"line 7: .* write it without grouping"):
        _metres(Path("goc.csv"), 7, text)


@given(st.integers(1_000, 9_999_999), st.integers(0, 99), st.sampled_from(["., ", ",. ", " ,.", " .,"]))
def test_a_number_grouped_any_way_is_the_number(whole_part, hundredths, marks):
    grouped = f"{whole_part:,}".replace(",", marks[0])
    assert _metres(Path("goc.csv"), 2, f"{grouped}{marks[1]}{hundredths:02}") == float(f"{whole_part}.{hundredths:02}")
