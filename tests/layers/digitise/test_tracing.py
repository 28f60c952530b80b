"""A coloured plan drawn from known zones, traced, gives them back, as a sound coverage."""

import json

import numpy as np
import pytest
import rasterio
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from layers.digitise.arcs import faces
from layers.digitise.drawings import read_drawing
from layers.digitise.legends import lab, legend, read_legend
from layers.digitise.tracing import Asked, traced
from planning.coverage.examination import examined
from planning.errors import BadFile, BadQuestion
from tests.layers.digitise.rendered import CODES, HEIGHT, WIDTH, Plan, drawing_of, legend_file, plan
from tests.layers.digitise.sheets import PIXEL_M

pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")


def ious(found, drawn: Plan) -> list[float]:
    """For each drawn zone the intersection over union with the traced zone of its function that meets it most."""
    shares = []
    for zone, code in zip(drawn.in_metres(), drawn.codes, strict=True):
        same = [shape for shape, other in zip(found.shapes, found.codes, strict=True) if other == code]
        shares.append(max(shape.intersection(zone).area / shape.union(zone).area for shape in same))
    return shares


def test_a_noisy_labelled_scan_gives_its_zones_back(tmp_path):
    """Lines of 3 pixels, labels, noise, JPEG at 60, a turned sheet: every zone comes back to 98 %, none is added, edges are shared."""
    drawn = plan(WIDTH, HEIGHT)
    found = traced(drawing_of(tmp_path, drawn), Asked("land_use", legend_file(tmp_path / "legend.csv")))
    assert len(found.shapes) == len(drawn.zones)
    shares = ious(found, drawn)
    print(f"IoU: least {min(shares):.4f}, mean {np.mean(shares):.4f}")  # noqa: T201
    assert min(shares) >= 0.98
    boundary = shapely.union_all(found.shapes)
    proof = examined(found.shapes, boundary)
    assert (proof.gaps, proof.overlaps, proof.overhangs) == ([], [], [])
    assert shapely.coverage_is_valid(found.shapes)
    assert boundary.geom_type == "Polygon"
    assert not boundary.interiors
    assert not len(found.unread)
    assert found.accuracy_m == pytest.approx(PIXEL_M, abs=0.01)
    assert min(found.read_pct) > 75


@pytest.mark.parametrize(("number", "seed"), [(18, 1), (18, 3), (60, 1), (60, 2), (94, 4), (94, 6)])
def test_other_plans_come_back_too_and_small_zones_as_well(tmp_path, number, seed):
    """Zones as large as a square of 100 pixels, 10 mm on the map, to 99 % and more; those down to 33 pixels to 98 %."""
    drawn = plan(WIDTH, HEIGHT, number, seed)
    found = traced(drawing_of(tmp_path, drawn), Asked("land_use", legend_file(tmp_path / "legend.csv")))
    assert len(found.shapes) == len(drawn.zones)
    shares = np.array(ious(found, drawn))
    assert shares[shapely.area(drawn.zones) >= 100**2].min() >= 0.99
    assert shares.min() >= 0.98
    assert shares.mean() >= 0.997
    assert examined(found.shapes, shapely.union_all(found.shapes)).overlaps == []


def test_winding_borders_come_back_as_straight_ones_do(tmp_path):
    """Every border bent into waves of 250 and 350 pixels, 12 high: rivers and old roads."""

    def waves(corners):
        x, y = corners.T
        return np.column_stack([x + 6 * np.sin(y / 40), y + 6 * np.sin(x / 55)])

    straight = plan(WIDTH, HEIGHT, 40, 6)
    drawn = Plan(shapely.transform(shapely.segmentize(straight.zones, 2.0), waves), straight.codes)
    found = traced(drawing_of(tmp_path, drawn), Asked("land_use", legend_file(tmp_path / "legend.csv")))
    assert len(found.shapes) == len(drawn.zones)
    assert min(ious(found, drawn)) >= 0.98
    assert np.mean(ious(found, drawn)) >= 0.995


def test_colours_picked_on_the_drawing_do_as_a_legend_does(tmp_path):
    drawn = plan(WIDTH, HEIGHT)
    drawing = drawing_of(tmp_path, drawn)
    with rasterio.open(drawing.path) as source:
        inside = [shapely.point_on_surface(zone.buffer(-12)) for zone in drawn.in_metres()]
        picks = {code: source.index(at.x - 12, at.y + 12)[::-1] for at, code in zip(inside, drawn.codes, strict=True)}
    asked = Asked("land_use", picks=tuple(f"{col},{row}={code}" for code, (col, row) in picks.items()))
    assert min(ious(traced(drawing, asked), drawn)) >= 0.98


def test_an_unlisted_colour_is_reported_where_it_lies_and_not_filled(tmp_path):
    drawn = plan(WIDTH, HEIGHT)
    listed = tuple(code for code in CODES if code != "CQP")
    found = traced(drawing_of(tmp_path, drawn), Asked("land_use", legend_file(tmp_path / "legend.csv", listed)))
    red = shapely.union_all([zone for zone, code in zip(drawn.in_metres(), drawn.codes, strict=True) if code == "CQP"])
    reported = shapely.union_all(found.unread)
    assert reported.intersection(red).area / reported.union(red).area > 0.95
    assert "CQP" not in found.codes
    assert examined(found.shapes, shapely.union_all(found.shapes)).overlaps == []


def test_specks_below_the_stated_area_go_into_what_is_around_them(tmp_path):
    """A lake of 20 × 20 pixels is 4 mm² at 1:5000: kept when asked for, gone when not."""
    field, lake = shapely.box(100, 100, 900, 800), shapely.box(400, 400, 420, 420)
    drawn = Plan(np.array([field - lake, lake]), ("LUC", "SON"))
    drawing = drawing_of(tmp_path, drawn, labels=False)
    key = legend_file(tmp_path / "legend.csv")
    assert sorted(traced(drawing, Asked("land_use", key, least_mm2=1)).codes) == ["LUC", "SON"]
    whole = traced(drawing, Asked("land_use", key, least_mm2=8))
    assert whole.codes == ("LUC",)
    assert not shapely.get_parts(whole.shapes)[0].interiors


@settings(max_examples=60, deadline=None)
@given(arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.integers(0, 3)))
def test_regions_are_traced_exactly_and_share_their_edges(classes):
    """Against an oracle that counts pixels: each face is of one class, the areas add up, and no two faces overlap or miss a corner."""
    found = faces(classes, 0)
    for number in (1, 2, 3):
        shapes = found.shapes[found.classes == number]
        pixels = [shapely.box(col, row, col + 1, row + 1) for row, col in np.argwhere(classes == number)]
        assert shapely.union_all(shapes).equals(shapely.union_all(pixels))
        assert shapely.area(shapes).sum() == len(pixels)
    assert shapely.is_valid(found.shapes).all()
    assert shapely.coverage_is_valid(found.shapes)


@pytest.mark.parametrize(
    ("rgb", "wanted"),
    [
        ((255, 255, 255), (100, 0, 0)),
        ((0, 0, 0), (0, 0, 0)),
        ((255, 0, 0), (53.24, 80.09, 67.20)),
        ((0, 0, 255), (32.30, 79.19, -107.86)),
    ],
)
def test_colours_are_measured_as_an_eye_sees_them(rgb, wanted):
    """Published CIELAB values of sRGB primaries."""
    assert lab(np.array(rgb, dtype=np.uint8)) == pytest.approx(np.array(wanted), abs=0.02)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour,function_code\n#ff00,LUC\n", "line 2: “#ff00” is no colour"),
        ("colour,function_code\n#ff0000,XXX\n", "the code “XXX” is not in the scheme land_use"),
        ("colour,function_code\n#ffaaa0,TSC\n#ffaaa0,DYT\n", "too near each other .* TSC #ffaaa0, DYT #ffaaa0"),
        ("colour,function_code\n", "a legend has 1 to 100 colours"),
        ("hue,function_code\n#ff0000,LUC\n", "no field “colour”"),
    ],
)
def test_a_legend_that_cannot_be_used_is_refused_in_a_sentence(tmp_path, text, said):
    path = tmp_path / "legend.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises((BadFile, BadQuestion), match=said):
        legend(read_legend(path, "land_use"), "land_use")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Asked("land_use", picks=("9,9",)), "write it as col,row=CODE"),
        (Asked("land_use", picks=("99999,9=LUC",)), "it is off the drawing"),
        (Asked("land_use", picks=("9,9=LUCK",)), "the code “LUCK” is not in the scheme"),
    ],
)
def test_a_pick_that_cannot_be_used_is_refused_in_a_sentence(tmp_path, asked, said):
    drawing = drawing_of(tmp_path, plan(WIDTH, HEIGHT, 4))
    with pytest.raises(BadQuestion, match=said):
        traced(drawing, asked)


@pytest.mark.parametrize(
    "changed",
    [{"frame": 3}, {"frame": [[0, 0]]}, {"accuracy_m": float("nan")}, {"accuracy_m": "0.5"}, {"scale": 0}, {"gsd_m": -1.0},
        {"method": "magic"},     {"sha256": "../../x"}, {"map_crs": None}, None],
)  # fmt: skip
def test_a_picture_that_was_not_placed_here_is_no_drawing(tmp_path, changed):
    """A tag is text that anybody can write."""
    facts = {"file": "a", "sha256": "0" * 64, "method": "affine", "map_crs": 9214, "operation": "none", "scale": 5000, "gsd_m": 0.5,
        "accuracy_m": 0.5, "frame": [[416000, 2353000], [416009, 2353000], [416009, 2352991]]}  # fmt: skip
    path = tmp_path / "foreign.tif"
    with rasterio.open(path, "w", driver="GTiff", width=9, height=9, count=3, dtype="uint8", crs="EPSG:9214") as target:
        target.update_tags(QUYHOACH=json.dumps(facts))
    assert read_drawing(path, 9214).scale == 5000
    with rasterio.open(path, "w", driver="GTiff", width=9, height=9, count=3, dtype="uint8", crs="EPSG:9214") as target:
        target.update_tags(QUYHOACH=json.dumps(facts | changed) if changed else "not JSON")
    with pytest.raises(BadFile, match="was not made by quyhoach scan georeference"):
        read_drawing(path, 9214)


def test_a_drawing_of_another_zone_is_refused(tmp_path):
    drawing = drawing_of(tmp_path, plan(WIDTH, HEIGHT, 4))
    with pytest.raises(BadFile, match="in EPSG:9214 and the store in EPSG:9209"):
        read_drawing(drawing.path, 9209)
