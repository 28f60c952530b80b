"""Scans are placed by control points, judged by the points left out, and refused where they do not fit."""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import map_coordinates

from layers.digitise.fitting import Affine, Undetermined, fitted, left_out, to_picture
from layers.digitise.georeference import TooInaccurate, Wanted, georeference
from layers.digitise.suspects import rmse
from planning.errors import BadFile, BadQuestion, UnknownCrs
from planning.geometry import operation
from tests.conftest import REAL
from tests.layers.digitise.sheets import ORIGIN, PIXEL_M, bent, grid, points_file, rotated, sheet

pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
"""The pictures that the tests write have no place yet: that is the point."""

LUC_NGAN = REAL / "raster" / "SYNTHETIC_luc_ngan_scan_vn2000_tm3_107"
EASTINGS = {"x": "easting_epsg9214", "y": "northing_epsg9214"}


def placed(folder: Path, *, pixels=None, to_map=rotated, slips=(), image: Path | None = None, **wanted):
    image = image or sheet(folder / "sheet.png")
    gcps = points_file(folder / "points.csv", grid() if pixels is None else pixels, to_map, slips=slips)
    asked = Wanted(**{"scale": 5000, "gcps": gcps, "crs": "EPSG:9214", **wanted})
    return georeference(image, asked, folder / "sheet.tif", 9214)


def colours_at(path: Path, points: np.ndarray) -> np.ndarray:
    """(n, 3) colours of the pixels in which the points lie."""
    with rasterio.open(path) as source:
        columns, rows = ~source.transform @ tuple(points.T)
        colours = source.read()
    return colours[:, rows.astype(int), columns.astype(int)].T.astype(float)


def difference(folder: Path, to_map) -> float:
    """Mean difference of colours between the sheet and the drawing at places of the sheet."""
    pixels = np.random.default_rng(1).uniform(20, 280, (500, 2)).round() + 0.5
    with rasterio.open(folder / "sheet.png") as source:
        colours = source.read()[:, pixels[:, 1].astype(int), pixels[:, 0].astype(int)].T
    return float(np.abs(colours_at(folder / "sheet.tif", to_map(pixels)) - colours).mean())


@pytest.mark.real_data
def test_the_sample_scan_lies_on_its_georeferenced_twin(tmp_path):
    """Five points; the same places of both pictures, seen through each one's own georeference, are within half a pixel."""
    gcps = LUC_NGAN.with_name(f"{LUC_NGAN.name}_gcps.csv")
    asked = Wanted(scale=50_000, gcps=gcps, crs="EPSG:9214", names=EASTINGS)
    report = georeference(LUC_NGAN.with_name(f"{LUC_NGAN.name}_NOGEOREF.jpg"), asked, tmp_path / "out.tif", 9214)
    assert report.accuracy_m < 0.01
    assert max(one.pixels for one in report.residuals) < 0.001
    offsets = [
        shift_px(tmp_path / "out.tif", LUC_NGAN.with_suffix(".tif"), place) for place in grid(1600, 900, 3) + 240
    ]
    assert np.abs(offsets).max() < 0.5


def shift_px(drawing: Path, twin: Path, place: np.ndarray) -> np.ndarray:
    """By which shift, in pixels of the twin, the drawing matches the twin best around a pixel of the twin."""
    window = np.stack([axis.ravel() for axis in np.meshgrid(np.arange(-40, 41), np.arange(-40, 41))], axis=1)
    pixels = place.round() + window + 0.5
    with rasterio.open(twin) as source, rasterio.open(drawing) as ours:
        wanted = source.read()[:, *pixels[:, ::-1].astype(int).T].astype(float)
        own = ours.read(out_dtype=np.float32)
        place_of = ~ours.transform @ source.transform
    costs = {}
    for shift in [(x, y) for x in np.arange(-1.5, 1.6, 0.25) for y in np.arange(-1.5, 1.6, 0.25)]:
        columns, rows = place_of @ tuple((pixels + shift).T)
        seen = np.stack([map_coordinates(band, [rows - 0.5, columns - 0.5], order=1) for band in own])
        costs[shift] = np.abs(seen - wanted).mean()
    return np.array(min(costs, key=costs.__getitem__))


def test_a_turned_sheet_comes_to_its_place(tmp_path):
    report = placed(tmp_path)
    assert report.accuracy_m < 0.001
    assert difference(tmp_path, rotated) < 1.5
    with rasterio.open(tmp_path / "sheet.tif") as drawing:
        assert (drawing.nodata, drawing.crs.to_epsg(), drawing.profile["tiled"]) == (0, 9214, True)
        assert drawing.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        facts = json.loads(drawing.tags()["QUYHOACH"])
        assert (facts["sha256"], facts["method"], facts["accuracy_m"]) == (report.sha256, "affine", report.accuracy_m)
        assert not drawing.read()[:, 0, 0].any()


def test_a_large_drawing_has_overviews_down_to_one_screen(tmp_path):
    """Halved again and again until less than 512 pixels are left, nothing around the sheet in any of them."""
    image = sheet(tmp_path / "sheet.png", 1300, 900)
    placed(tmp_path, image=image, pixels=grid(1300, 900))
    with rasterio.open(tmp_path / "sheet.tif") as drawing:
        assert [drawing.overviews(band) for band in (1, 2, 3)] == [[2, 4]] * 3
        assert max(drawing.shape) / 4 < 512 <= max(drawing.shape) / 2
    for level in (0, 1):
        with rasterio.open(tmp_path / "sheet.tif", overview_level=level) as overview:
            assert overview.nodata == 0
            colours = overview.read()
        assert not colours[:, 0, 0].any()
        assert colours[:, colours.shape[1] // 2, colours.shape[2] // 2].all()


def test_the_same_picture_gives_the_same_bytes(tmp_path):
    placed(tmp_path)
    first = (tmp_path / "sheet.tif").read_bytes()
    placed(tmp_path)
    assert (tmp_path / "sheet.tif").read_bytes() == first


def test_a_sheet_of_a_former_province_comes_into_the_storage_zone(tmp_path):
    """Its grid is that of EPSG:9209; the drawing is in EPSG:9214."""
    to_old = operation(9214, 9209)
    report = placed(tmp_path, to_map=lambda pixels: to_old.coordinates(rotated(pixels)), crs="EPSG:9209")
    assert (report.map_crs, report.accuracy_m < 0.002) == (9209, True)
    assert difference(tmp_path, rotated) < 1.5


@pytest.mark.parametrize("method", ["polynomial", "thin-plate"])
def test_bent_paper_needs_more_than_an_affine_fit(tmp_path, method):
    with pytest.raises(TooInaccurate, match="more than allowed"):
        placed(tmp_path, to_map=bent, pixels=grid(steps=5))
    assert not (tmp_path / "sheet.tif").exists()
    report = placed(tmp_path, to_map=bent, pixels=grid(steps=5), method=method)
    assert report.accuracy_mm < 0.3
    assert difference(tmp_path, bent) < (1.5 if method == "polynomial" else 4)


def test_left_out_is_what_a_fit_to_the_others_says():
    """Against an oracle: noise of a known size shows as noise of about that size, though the thin plate passes through every point."""
    rng = np.random.default_rng(3)
    pixels = grid(steps=6)
    noisy = rotated(pixels) + rng.normal(0, 1.0, pixels.shape)
    assert rmse(fitted("thin-plate", pixels, noisy).to_map(pixels) - noisy) < 1e-6
    for method in ("affine", "polynomial", "thin-plate"):
        assert 1.0 < rmse(left_out(method, pixels, noisy)) < 3.5, method


@given(
    matrix=st.tuples(*[st.floats(-2, 2)] * 4).filter(lambda m: abs(m[0] * m[3] - m[1] * m[2]) > 0.1),
    places=st.lists(st.tuples(st.floats(0, 5000), st.floats(0, 5000)), min_size=1, max_size=8),
)
def test_an_affine_map_is_found_again_and_turned_back(matrix, places):
    truth = Affine(np.array([[matrix[0], matrix[1]], [matrix[2], matrix[3]], [4e5, 2.3e6]]))
    pixels = grid(5000, 5000)
    for method in ("affine", "polynomial"):
        fit = fitted(method, pixels, truth.to_map(pixels))
        asked = np.array(places)
        assert np.abs(fit.to_map(asked) - truth.to_map(asked)).max() < 1e-5
        assert np.abs(to_picture(fit, truth.to_map(asked), truth) - asked).max() < 0.01


@pytest.mark.parametrize(
    ("column", "slip", "said"),
    [
        ("y", lambda y: swapped(y, 3, 5), "two digits of y are exchanged, perhaps "),
        ("x", lambda x: x + 900, "one digit of x is wrong, perhaps "),
        ("x", lambda x: x + 25.3, ""),
    ],
)
def test_a_slip_of_the_pen_at_one_point_is_named(tmp_path, column, slip, said):
    truth = rotated(grid())[5]["xy".index(column)]
    with pytest.raises(
        TooInaccurate, match=f"Suspected point 6: .* m{', ' + said + format(truth, '.3f')[:8] if said else ''}"
    ):
        placed(tmp_path, slips=[f"6 {column} {slip(truth):.3f}"])


def test_of_four_points_none_is_blamed_where_any_may_be_wrong(tmp_path):
    """Four points have one redundancy: each is off by as much as the others."""
    corners = grid(steps=2)
    x = rotated(corners)[3][0]
    with pytest.raises(TooInaccurate, match="The worst is") as refused:
        placed(tmp_path, pixels=corners, slips=[f"4 x {x + 900:.3f}"])
    assert not refused.value.report.suspected


def test_two_wrong_points_are_both_named(tmp_path):
    (x, _), (_, y) = rotated(grid(steps=5))[[6, 18]]
    with pytest.raises(TooInaccurate) as refused:
        placed(tmp_path, pixels=grid(steps=5), slips=[f"7 x {x + 70:.3f}", f"19 y {y - 300:.3f}"])
    assert {one.name for one in refused.value.report.suspected} == {"7", "19"}


@pytest.mark.parametrize(
    ("ending", "driver"), [(".jpg", "JPEG"), (".png", "PNG"), (".tif", "GTiff"), (".jp2", "JP2OpenJPEG")]
)
def test_every_kind_of_picture_is_placed(tmp_path, ending, driver):
    placed(tmp_path, image=sheet(tmp_path / f"sheet-{driver}{ending}", driver=driver))
    with rasterio.open(tmp_path / "sheet.tif") as drawing:
        assert drawing.dataset_mask().mean() > 200


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xd8\xff\xe0 not a table", "it is not UTF-8"),
        (b"col,row\n1,2\n", "no field “x”"),
        (b"col,row,x,y\n", "no field “col”|it has 0 control points"),
        (b"col,row,x,y\n1,2,3,4,5\n", "line 2 has more cells than the header"),
        (b"col,row,x,y\n" + b"1,1,416000,2353000\n" * 201, "it has 201 control points"),
        (b"", "no field|0 control points"),
    ],
)
def test_a_file_that_holds_no_points_is_refused_in_a_sentence(tmp_path, content, said):
    gcps = written(tmp_path / "garbage.csv", content)
    with pytest.raises(BadFile, match=said) as refused:
        georeference(sheet(tmp_path / "a.png"), Wanted(5000, gcps, crs="EPSG:9214"), tmp_path / "b.tif", 9214)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("corners", "said"),
    [
        ("col,row\n50,40\n350,260\n350,40\n50,260", "crosses itself"),
        ("col,row\n5000,40\n6000,40\n6000,260", "does not lie on the picture in one piece"),
        ("col,row\n50,40\n350,40", "3 to 200 corners"),
        ("u,v\n1,2", "no field “x”"),
    ],
)
def test_a_frame_that_cannot_be_used_is_refused_in_a_sentence(tmp_path, corners, said):
    frame = tmp_path / "frame.csv"
    frame.write_text(corners, encoding="utf-8")
    with pytest.raises(BadFile, match=said):
        placed(tmp_path, frame=frame)
    assert not (tmp_path / "sheet.tif").exists()


def swapped(value: float, one: int, other: int) -> float:
    """The number with two of its digits exchanged, which must differ."""
    digits = [*f"{value:.3f}"]
    assert digits[one] != digits[other]
    digits[one], digits[other] = digits[other], digits[one]
    return float("".join(digits))


def test_exchanged_axes_of_one_point_are_named(tmp_path):
    x, y = rotated(grid())[9]
    with pytest.raises(TooInaccurate, match=r"10: .* x and y are exchanged"):
        placed(tmp_path, slips=[f"10 x {y:.3f}", f"10 y {x:.3f}"])


@pytest.mark.parametrize(
    ("wanted", "slips", "pixels", "said"),
    [
        ({}, (), grid()[:3], "it has 3 control points; the method affine needs 4 or more"),
        ({"method": "polynomial"}, (), grid()[:6], "the method polynomial needs 7 or more"),
        ({}, (), np.array([[0, 0], [100, 1], [200, 0], [400, 2.0]]), "lie nearly on one line"),
        ({}, (), np.array([[0, 0], [100, 0], [200, 0], [400, 0], [200, 300.0]]), "everything hangs on point 5"),
        ({"method": "polynomial"}, (), np.vstack([grid(steps=3)[:6], [[200, 0.5]]]), "do not determine|hangs on point"),
        ({}, ("2 x nan",), None, "line 3: x is “nan”, which is not a number"),
        ({}, ("2 x 1e999",), None, "line 3: x is “1e999”"),
        ({}, ("2 y abc",), None, "line 3: y is “abc”"),
        ({}, ("2 col 401",), None, r"line 3: the pixel \(401, 0\) is outside the picture of 400 × 300"),
        ({}, ("2 col 0",), None, "lines 2 and 3 are the same place"),
        ({"names": {"x": "y", "y": "x"}}, (), None, r"only if x is the northing.*--map x=y --map y=x"),
        ({"crs": "EPSG:32601"}, (), None, "all its points lie outside Vietnam"),
        ({"crs": "EPSG:6956"}, (), None, "was withdrawn"),
        ({"crs": "9999999"}, (), None, "is no EPSG code"),
        ({"crs": None}, (), None, "its points name none.* Say it with --crs"),
    ],
)  # fmt: skip
def test_points_that_cannot_be_used_are_refused_in_a_sentence(tmp_path, wanted, slips, pixels, said):
    with pytest.raises((BadFile, UnknownCrs), match=said) as refused:
        placed(tmp_path, slips=slips, pixels=pixels, **wanted)
    for language in ("vi", "en"):
        assert "\n" not in refused.value.said(language)
    assert {path.name for path in tmp_path.iterdir()} == {"sheet.png", "points.csv"}


def test_a_mirrored_sheet_is_refused(tmp_path):
    with pytest.raises(BadFile, match="mirror the picture"):
        placed(tmp_path, to_map=lambda pixels: rotated(pixels * (1, -1)))


def test_a_world_file_places_with_decimal_commas_and_rotation_and_points_judge_it(tmp_path):
    turn = np.radians(1.7)
    first = rotated(np.array([[0.5, 0.5]]))[0]
    numbers = [0.5 * np.cos(turn), -0.5 * np.sin(turn), -0.5 * np.sin(turn), -0.5 * np.cos(turn), *first]
    world = tmp_path / "placed.pgw"
    world.write_text("\n".join(f"{number:.9f}".replace(".", ",") for number in numbers), encoding="utf-8")
    report = placed(tmp_path, world=world)
    assert (report.method, report.judged_by) == ("world-file", "check points")
    assert report.accuracy_m < 0.002
    assert difference(tmp_path, rotated) < 1.5
    alone = georeference(tmp_path / "sheet.png", Wanted(5000, world=world, crs="EPSG:9214"), tmp_path / "b.tif", 9214)
    assert alone.accuracy_m is None
    with pytest.raises(TooInaccurate):
        placed(tmp_path, world=world, to_map=lambda pixels: rotated(pixels) + 40)


@pytest.mark.parametrize(
    "text", ["", "1\n2\n3", "0\n0\n0\n0\n1\n1", "nan\n0\n0\n-1\n1\n1", "a\n0\n0\n-1\n1\n1", "1\n" * 5000]
)
def test_a_world_file_of_something_else_is_refused(tmp_path, text):
    world = tmp_path / "sheet.tfw"
    world.write_text(text, encoding="utf-8")
    with pytest.raises(BadFile, match="six numbers"):
        georeference(sheet(tmp_path / "a.png"), Wanted(5000, world=world, crs="EPSG:9214"), tmp_path / "b.tif", 9214)


@pytest.mark.parametrize("corners", ["col,row\n50,40\n350,40\n350,260\n50,260", None])
def test_the_sheet_is_cropped_to_its_frame(tmp_path, corners):
    inside = np.array([[50, 40], [350, 40], [350, 260], [50, 260.0]])
    frame = tmp_path / "frame.csv"
    in_map = "x,y\n" + "\n".join(f"{x:.3f},{y:.3f}" for x, y in rotated(inside))
    frame.write_text(corners or in_map, encoding="utf-8")
    report = placed(tmp_path, frame=frame)
    with rasterio.open(tmp_path / "sheet.tif") as drawing:
        shown = (drawing.dataset_mask() > 0).sum() * drawing.res[0] ** 2
    assert shown == pytest.approx(300 * 220 * PIXEL_M**2, rel=0.01)
    assert len(report.frame) == 5


def test_neither_points_nor_a_world_file_is_a_question(tmp_path):
    with pytest.raises(BadQuestion, match=r"control points .* or a world file"):
        georeference(sheet(tmp_path / "a.png"), Wanted(5000), tmp_path / "b.tif", 9214)


def hostile(folder: Path, kind: str) -> Path:
    """A file that is not the picture it says it is."""
    whole = sheet(folder / "whole.tif", driver="GTiff").read_bytes()
    if kind == "truncated.tif":
        return written(folder / kind, whole[: len(whole) // 2])
    if kind.startswith("truncated"):
        driver = {".jpg": "JPEG", ".png": "PNG"}[kind[-4:]]
        part = sheet(folder / f"whole{kind[-4:]}", driver=driver).read_bytes()
        return written(folder / kind, part[: len(part) // 2])
    if kind == "lying.tif":
        return written(folder / kind, sheet(folder / "x.png").read_bytes())
    if kind == "bomb.tif":
        profile = {
            "driver": "GTiff",
            "width": 100_000,
            "height": 100_000,
            "count": 3,
            "dtype": "uint8",
            "sparse_ok": True,
            "tiled": True,
        }
        rasterio.open(folder / kind, "w", **profile).close()
        return folder / kind
    if kind == "deep.tif":
        with rasterio.open(folder / kind, "w", driver="GTiff", width=9, height=9, count=1, dtype="uint16") as target:
            target.write(np.ones((1, 9, 9), dtype=np.uint16))
        return folder / kind
    contents = {
        "empty.tif": b"",
        "page.pdf": b"%PDF-1.7 ...",
        "text.jpg": b"hello",
        "other.tif": b'<VRTDataset rasterXSize="1">',
    }
    return written(folder / kind, contents[kind])


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("truncated.tif", "broken and cannot be read whole"),
        ("truncated.jpg", "broken and cannot be read whole"),
        ("truncated.png", "the picture is cut short"),
        ("lying.tif", r"named “\.tif” but holds PNG"),
        ("bomb.tif", "100,000 × 100,000 pixels are more than the 600,000,000 allowed"),
        ("deep.tif", "only grey, palette and RGB pictures of 8 bits are read, and this one is 1 × uint16"),
        ("empty.tif", "it is no picture of the kinds"),
        ("text.jpg", "it is no picture of the kinds"),
        ("other.tif", "it is no picture of the kinds"),
        ("page.pdf", "pdftoppm -r 300 -tiff"),
    ],
)
def test_a_hostile_picture_is_refused_in_a_sentence(tmp_path, kind, said):
    image = hostile(tmp_path, kind)
    begun = time.monotonic()
    with pytest.raises(BadFile, match=said) as refused:
        placed(tmp_path, image=image)
    assert "\n" not in str(refused.value)
    assert time.monotonic() - begun < 5
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("kind", ["grey", "palette", "two-tone", "alpha"])
def test_greys_palettes_two_tones_and_transparency_are_read(tmp_path, kind):
    """Each shows a dark square on white paper."""
    square = np.zeros((100, 100), dtype=np.uint8)
    square[30:70, 30:70] = 1
    image = tmp_path / "square.tif"
    profile = {"driver": "GTiff", "width": 100, "height": 100, "count": 1, "dtype": "uint8"}
    if kind == "two-tone":
        profile |= {"nbits": 1, "photometric": "MINISWHITE"}
    if kind == "palette":
        profile |= {"photometric": "PALETTE"}
    if kind == "alpha":
        profile |= {"count": 4, "photometric": "RGB", "alpha": "YES"}
    with rasterio.open(image, "w", **profile) as target:
        if kind == "palette":
            target.write_colormap(1, {0: (255, 255, 255), 1: (10, 10, 10)})
        bands = {"grey": [255 - 245 * square], "alpha": [*[10 * square] * 3, 255 * square]}.get(kind, [square])
        target.write(np.array(bands, dtype=np.uint8))
    placed(tmp_path, image=image, pixels=grid(100, 100))
    inside, outside = colours_at(tmp_path / "sheet.tif", rotated(np.array([[50.5, 50.5], [10.5, 10.5]])))
    assert inside.max() < 15
    assert outside.min() > 250


def test_killed_at_any_moment_it_leaves_no_half_drawing(tmp_path):
    image = sheet(tmp_path / "sheet.png", 1500, 1200)
    points_file(tmp_path / "points.csv", grid(1500, 1200))
    code = ("from layers.digitise.georeference import *; from pathlib import Path; "
        "georeference(Path('sheet.png'), Wanted(5000, Path('points.csv'), crs='EPSG:9214'), Path('out.tif'), 9214)")  # fmt: skip
    root = str(Path(__file__).parents[3])
    for seconds in (1.2, 1.8, 2.4):
        process = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": root})
        time.sleep(seconds)
        process.kill()
        process.wait()
        if (tmp_path / "out.tif").exists():
            with rasterio.open(tmp_path / "out.tif") as drawing:
                assert drawing.read().any()
            (tmp_path / "out.tif").unlink()
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": root}, check=True)
    with rasterio.open(tmp_path / "out.tif") as drawing:
        assert drawing.read().any()
    assert image.exists()


def test_undetermined_says_it_in_both_languages():
    with pytest.raises(Undetermined) as refused:
        left_out("affine", grid()[:2], rotated(grid()[:2]))
    assert "cần ít nhất 4" in refused.value.vi
    assert ORIGIN[0] > 0
