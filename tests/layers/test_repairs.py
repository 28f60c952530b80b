"""The closed list of repairs: what is mended, what is not, and that the shape as it came is kept."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import psycopg
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.ingest.repairs import repaired
from planning.settings import Settings
from tests.conftest import quyhoach

EAST, NORTH = 416_000, 2_353_000


def drawn(text: str):
    return shapely.from_wkt(text)


def made(*shapes) -> dict[str, list[int]]:
    return {name: places.tolist() for name, places in repaired(np.array(shapes, dtype=object)).made.items()}


SQUARE = drawn("POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))")
CLOCKWISE = drawn("POLYGON ((0 0, 0 2, 2 2, 2 0, 0 0))")
DOUBLED = drawn("POLYGON ((0 0, 2 0, 2 0, 2 2, 0 2, 0 0))")
HIGH = drawn("POLYGON Z ((0 0 7, 2 0 7, 2 2 7, 0 2 7, 0 0 7))")
BOW_TIE = drawn("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))")
LOOP_INSIDE = drawn("POLYGON ((0 0, 4 0, 4 4, 0 4, 0 2, 2 2, 2 1, 1 1, 1 3, 0 3, 0 0))")
HOLE_ACROSS = drawn("POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 5 1, 5 2, 1 2, 1 1))")


def test_a_sound_square_is_left_as_it_is():
    assert made(SQUARE) == {}


def test_each_repair_of_the_list_is_told_by_the_place_it_was_made_to():
    assert made(SQUARE, CLOCKWISE, DOUBLED, HIGH) == {
        "dropped-z": [3],
        "duplicate-points": [2],
        "ring-orientation": [1],
    }


def test_a_bow_tie_becomes_its_two_halves():
    done = repaired(np.array([BOW_TIE], dtype=object))
    [halves] = done.shapes
    assert done.made["split-bow-tie"].tolist() == [0]
    assert [half.area for half in halves.geoms] == [1, 1]
    assert halves.equals(drawn("MULTIPOLYGON (((0 0, 1 1, 0 2, 0 0)), ((1 1, 2 0, 2 2, 1 1)))"))


def test_a_loop_inside_and_a_hole_across_the_edge_are_not_decided_by_a_program():
    done = repaired(np.array([LOOP_INSIDE, HOLE_ACROSS], dtype=object))
    assert "split-bow-tie" not in done.made
    assert not shapely.is_valid(done.shapes).any()


def test_a_star_drawn_in_one_stroke_goes_around_its_middle_twice_and_is_not_decided_by_a_program():
    turn = 4 * np.pi * np.arange(5) / 5
    done = repaired(np.array([shapely.Polygon(np.column_stack([np.cos(turn), np.sin(turn)]))], dtype=object))
    assert done.made == {}
    assert not shapely.is_valid(done.shapes).any()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=3, max_size=8), max_size=12))
def test_many_together_are_mended_as_each_by_itself(outlines):
    shapes = np.array([*map(shapely.Polygon, outlines), None], dtype=object)
    together = repaired(shapes)
    apart = [repaired(shapes[place : place + 1]) for place in range(len(shapes))]
    assert list(together.shapes) == [one.shapes[0] for one in apart]
    assert {name: places.tolist() for name, places in together.made.items()} == {
        name: [place for place, one in enumerate(apart) if name in one.made] for name in together.made
    }


def test_what_is_missing_stays_missing_and_points_stay_points():
    assert made(None, shapely.Point(1, 1), shapely.Polygon()) == {}


def test_a_turned_ring_is_the_same_shape_so_only_other_repairs_keep_the_source():
    assert repaired(np.array([SQUARE, CLOCKWISE, DOUBLED, HIGH, BOW_TIE], dtype=object)).altered.tolist() == [
        False, False, True, True, True,
    ]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=3, max_size=9))
def test_whatever_is_mended_is_the_land_inside_the_outline_by_even_and_odd(points):
    """The oracle: the faces of the noded outline whose inner point has an odd number of crossings to its west."""
    shape = shapely.Polygon(points)
    done = repaired(np.array([shape], dtype=object))
    [after] = done.shapes
    if shape.is_valid or "split-bow-tie" in done.made:
        faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.unary_union(shape.exterior))))
        odd = [face for face in faces if _crossings(shape.exterior, face.point_on_surface()) % 2]
        assert after.is_valid
        assert abs(after.area - sum(face.area for face in odd)) < 1e-9
    else:
        assert "split-bow-tie" not in done.made


def _crossings(ring, point) -> int:
    xy = shapely.get_coordinates(ring)
    a, b = xy[:-1], xy[1:]
    above = (a[:, 1] > point.y) != (b[:, 1] > point.y)
    at = a[above, 0] + (point.y - a[above, 1]) / (b[above, 1] - a[above, 1]) * (b[above, 0] - a[above, 0])
    return int((at < point.x).sum())


def test_an_import_counts_repairs_and_keeps_the_shape_as_it_came(empty: Settings, tmp_path: Path):
    shapes = [
        shapely.affinity.translate(shape, EAST + 10 * place, NORTH)
        for place, shape in enumerate((SQUARE, BOW_TIE, HIGH))
    ]
    frame = gpd.GeoDataFrame({"function_code": "ODT"}, index=range(3), geometry=shapes, crs="EPSG:9214")
    file, report = tmp_path / "zones.gpkg", tmp_path / "report.json"
    frame.to_file(file)
    done = quyhoach(empty, "import", "plan", str(file), "--code", "QH-9", "--name", "Khu nơ", "--level", "detailed", "--scheme", "land_use",
        "--valid-from", "2026-01-01", "--report", str(report))  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(report.read_text(encoding="utf-8"))["repairs"]
    assert {one["repair"]: one["features"] for one in told if one["layer"] == "zones"} == {
        "dropped-z": [3],
        "split-bow-tie": [2],
        "ring-orientation": [2],
    }
    assert "a bow-tie split into its parts" in done.stdout
    with psycopg.connect(empty.database_url) as connection:
        question = "SELECT geom_source IS NULL, ST_Area(geom), ST_NDims(geom_source) FROM zone ORDER BY id"
        stored = connection.execute(question).fetchall()
    assert stored == [(True, 4.0, None), (False, 2.0, 2), (False, 4.0, 3)]
