"""A town written in every format and read back: the same lots within a millimetre, the same attributes, the same numbers."""

import sqlite3
import struct
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from layers.sources.facts import Reading
from layers.sources.opening import features, layers_of
from planning.errors import BadFile, MissingField, UnknownCrs
from planning.geometry import operation
from tests.layers.sources.sheets import LOTS, NAMES, chunks_of, lots, off_by, whole, written, zipped

FORMATS = ["gpkg", "geojson", "shp", "fgb", "gml", "gdb", "tab", "mif", "parquet", "csv"]
WITHOUT_CRS = {"csv", "tab", "mif"}
"""CSV says none; MapInfo says parameters without the datum, which no EPSG code answers to."""


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_lots_come_back_from_every_format(tmp_path: Path, suffix):
    path = written(tmp_path, suffix)
    opened, chunks = chunks_of(path)
    fields, shapes = whole(chunks)
    assert (opened.crs, opened.crs_said_by) == ((None, None) if suffix in WITHOUT_CRS else (9214, "file"))
    assert [chunk.first for chunk in chunks] == [1, 3]
    assert all(chunk.issues == () for chunk in chunks)
    assert opened.encoding == "UTF-8"
    order = [list(fields["ma_lo"]).index(lot["ma_lo"]) for lot in LOTS]
    assert order == [0, 1, 2] or suffix == "fgb"  # its index puts neighbours together
    for place, lot in zip(order, LOTS, strict=True):
        assert off_by(shapes[place], lot["geometry"]) < 1e-3
        row = fields.iloc[place]
        assert [row["ma_lo"], row["ten"], float(row["tang"]), float(row["mat_do"])] == [lot[name] for name in NAMES]


def test_kml_is_in_degrees(tmp_path: Path):
    opened, chunks = chunks_of(written(tmp_path, "kml", lots().to_crs(4326)))
    fields, shapes = whole(chunks)
    back = operation(4326, 9214).shapes(shapely.force_2d(shapes))
    assert opened.crs == 4326
    assert list(fields["ma_lo"]) == [lot["ma_lo"] for lot in LOTS]
    assert (
        max(off_by(shape, lot["geometry"]) for shape, lot in zip(back, LOTS, strict=True)) < 2
    )  # two operations, 1 m each


@pytest.mark.parametrize("suffix", [*FORMATS, "kml"])
def test_the_layer_is_told_before_it_is_read(tmp_path: Path, suffix):
    frame = lots().to_crs(4326) if suffix == "kml" else lots()
    [facts] = layers_of(written(tmp_path, suffix, frame))
    assert facts.name == "lots"
    assert set(NAMES) <= set(facts.fields)
    assert facts.count in {3, None}
    assert facts.geometry in {"Polygon", "MultiPolygon", "mixed"}


@pytest.mark.parametrize("suffix", ["shp", "gpkg", "gdb", "tab", "geojson"])
def test_a_zip_is_read_as_what_is_in_it(tmp_path: Path, suffix):
    path = written(tmp_path, suffix)
    parts = sorted(path.rglob("*")) if path.is_dir() else sorted(tmp_path.glob("lots.*"))
    archive = zipped(tmp_path / "gui.zip", *((part, f"Thư mục/{part.relative_to(tmp_path)}") for part in parts))
    opened, chunks = chunks_of(archive)
    fields, shapes = whole(chunks)
    assert list(fields["ma_lo"]) == [lot["ma_lo"] for lot in LOTS]
    assert off_by(shapes[0], LOTS[0]["geometry"]) < 1e-3
    assert opened.sha256 == features(archive, Reading()).sha256


def test_of_a_zip_with_several_files_one_is_chosen(tmp_path: Path):
    members = [written(tmp_path, "gpkg", name=name) for name in ("cu", "moi")]
    archive = zipped(tmp_path / "gui.zip", *((one, one.name) for one in members))
    assert [one.name for one in layers_of(archive)] == ["cu.gpkg:cu", "moi.gpkg:moi"]
    with pytest.raises(BadFile, match=r"several files \(cu.gpkg, moi.gpkg\); choose one with --layer"):
        features(archive, Reading())
    assert features(archive, Reading("moi.gpkg:moi")).layer == "moi"


def test_the_temporary_folder_goes_with_the_features(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    path = written(tmp_path, "gpkg")
    opened, _ = chunks_of(zipped(tmp_path / "gui.zip", (path, path.name)))
    assert list((tmp_path / "tmp").iterdir())
    del opened
    assert list((tmp_path / "tmp").iterdir()) == []


def test_names_and_constants_a_person_gives_are_in_every_chunk(tmp_path: Path):
    opened, chunks = chunks_of(
        written(tmp_path, "gpkg"), names={"lot_symbol": "ma_lo"}, constants={"scheme": "planning"}
    )
    fields, _ = whole(chunks)
    assert list(opened.field_names) == list(fields.columns) == ["lot_symbol", "ten", "tang", "mat_do", "scheme"]
    assert set(fields["scheme"]) == {"planning"}
    with pytest.raises(MissingField, match="has no field “khong”"):
        features(written(tmp_path, "gpkg"), Reading(names={"lot_symbol": "khong"}))


def test_a_person_says_the_crs_or_nobody_does(tmp_path: Path):
    path = written(tmp_path, "shp")
    path.with_suffix(".prj").unlink()
    assert features(path, Reading()).crs is None
    said = features(path, Reading(crs="EPSG:9209"))
    assert (said.crs, said.crs_said_by) == (9209, "person")
    with pytest.raises(UnknownCrs, match="is no EPSG code"):
        features(path, Reading(crs="VN2000"))


def test_metres_in_a_geojson_without_crs_are_not_taken_for_degrees(tmp_path: Path):
    path = tmp_path / "lots.geojson"
    path.write_text(lots().to_json(drop_id=True), encoding="utf-8")
    stripped = path.read_text(encoding="utf-8").split('"crs"')
    path.write_text(stripped[0].rstrip(" ,") + "}", encoding="utf-8") if len(stripped) == 2 else None
    assert '"crs"' not in path.read_text(encoding="utf-8")
    assert features(path, Reading()).crs is None


def test_whole_numbers_stay_whole_beside_empty_cells(tmp_path: Path):
    frame = lots().assign(so=pd.array([2**53 + 1, None, 7], dtype="Int64"))
    fields, _ = whole(chunks_of(written(tmp_path, "gpkg", frame), rows=10)[1])
    assert list(fields["so"]) == [2**53 + 1, None, 7]


def test_points_lines_and_areas_in_one_layer_come_as_they_are(tmp_path: Path):
    shapes = [
        shapely.Point(416000, 2353000),
        shapely.LineString([(416000, 2353000), (416010, 2353000)]),
        LOTS[0]["geometry"],
        None,
    ]
    frame = gpd.GeoDataFrame({"n": range(4)}, geometry=shapes, crs="EPSG:9214")
    _, read = whole(chunks_of(written(tmp_path, "geojson", frame), rows=10)[1])
    assert [None if one is None else one.geom_type for one in read] == ["Point", "LineString", "Polygon", None]


def test_arcs_become_chords(tmp_path: Path):
    """A half disc drawn as one arc: 4 degrees a chord keep its area to two thousandths."""
    path = written(tmp_path, "gpkg")
    put_half_disc(path)
    chunk = chunks_of(path, rows=10)[1][0]
    assert chunk.issues == ()
    assert chunk.shapes is not None
    assert chunk.shapes[0].area == pytest.approx(np.pi * 50, rel=2e-3)
    assert off_by(chunk.shapes[1], LOTS[1]["geometry"]) < 1e-3


def put_half_disc(path: Path) -> None:
    """Replace the first lot by a curved polygon, in the bytes of WKB: shapely cannot write it."""

    def points(*xy: tuple[float, float]) -> bytes:
        return struct.pack("<I", len(xy)) + b"".join(struct.pack("<dd", *one) for one in xy)

    circular = b"\1" + struct.pack("<I", 8) + points((0, 0), (10, 10), (20, 0))
    straight = b"\1" + struct.pack("<I", 2) + points((20, 0), (0, 0))
    compound = b"\1" + struct.pack("<II", 9, 2) + circular + straight
    blob = b"GP\0\1" + struct.pack("<i", 9214) + b"\1" + struct.pack("<II", 10, 1) + compound
    with closing(sqlite3.connect(path)) as database, database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("UPDATE lots SET geom = ? WHERE fid = 1", (blob,))


def test_lists_and_bytes_become_text(tmp_path: Path):
    path = tmp_path / "list.geojson"
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"l": [1, 2], "o": {"k": "ệ"}},'
        ' "geometry": {"type": "Point", "coordinates": [106, 21]}}]}',
        encoding="utf-8",
    )
    fields, _ = whole(chunks_of(path)[1])
    assert fields.iloc[0].to_dict() == {"l": "[1, 2]", "o": '{ "k": "ệ" }'}


def test_duplicate_ids_are_told(tmp_path: Path):
    feature = '{"type": "Feature", "id": 1, "properties": {}, "geometry": {"type": "Point", "coordinates": [106, 21]}}'
    path = tmp_path / "twice.geojson"
    path.write_text(f'{{"type": "FeatureCollection", "features": [{feature}, {feature}]}}', encoding="utf-8")
    [chunk] = chunks_of(path)[1]
    assert len(chunk) == 2
    assert any("id = 1" in issue.en for issue in chunk.issues)


def test_several_layers_need_a_choice(tmp_path: Path):
    path = tmp_path / "two.gpkg"
    for layer in ("one", "two"):
        pyogrio.write_dataframe(lots(), path, layer=layer)
    with pytest.raises(BadFile, match=r"several layers \(one, two\); choose one with --layer"):
        features(path, Reading())
    with pytest.raises(BadFile, match="it has no layer “three”"):
        features(path, Reading("three"))
    assert features(path, Reading("two")).layer == "two"
