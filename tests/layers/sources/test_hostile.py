"""Hostile and broken files: each is refused in one sentence that says what to do, or its features are told with their shape."""

import json
import os
import shutil
import socket
import sqlite3
import stat
import struct
import threading
import zipfile
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.sources.facts import Reading
from layers.sources.fingerprint import sha256_of
from layers.sources.kinds import UNREAD, kind_of
from layers.sources.limits import MIB, MOST_FIELDS, SMALL_UNPACKED_BYTES, limits
from layers.sources.opening import features, layers_of
from planning.errors import BadFile
from tests.layers.sources.sheets import chunks_of, new_drawing, off_by, whole, written, zipped
from tests.town import strip


def refused(path: Path, said: str, **reading: object) -> None:
    """Telling the layers or reading them is refused with those words, in one line, and names the file."""
    with pytest.raises(BadFile, match=said) as caught:
        assert layers_of(path) == chunks_of(path, **reading)
    for language in ("vi", "en"):
        assert "\n" not in caught.value.said(language)
        assert path.name in caught.value.said(language)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.dwg", b"AC1032" + bytes(100), "DWG is not read; save it from AutoCAD as DXF R2010"),
        ("a.dxf", b"AC1027" + bytes(100), "DWG is not read"),
        ("a.dgn", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "save it from MicroStation as DGN v7"),
        ("a.dxf", b"AutoCAD Binary DXF\r\n\x1a\0", r"save it as text \(ASCII\) DXF"),
        ("a.pdf", b"%PDF-1.7", "export the drawing"),
        ("a.tif", b"II*\0", "georeference the scan"),
        ("a.rar", b"Rar!\x1a\x07", "pack it as .zip"),
        ("a.gz", b"\x1f\x8b\x08", "unpack it"),
        ("a.sqlite", b"SQLite format 3\0" + bytes(84), "export it as GeoPackage"),
        ("a.mdb", b"\0\x01\0\0Standard Jet DB", "export it as GeoPackage or File Geodatabase"),
        ("a.vrt", b'<OGRVRTDataSource><OGRVRTLayer name="a"/></OGRVRTDataSource>', "bring in the file that it points to"),
        ("a.gml", b'<OGRVRTDataSource><OGRVRTLayer name="a"/></OGRVRTDataSource>', "bring in the file that it points to"),
        ("a.xml", b"<a/>", "export it as GML"),
        ("a.json", b'{"type": "Topology", "objects": {}}', "export it as GeoJSON"),
        ("a.json", b'{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline read /etc/passwd"}', "export it as GeoJSON"),
        ("a.geojson", b'{"a": "FeatureCollection", "type": "gdal_streamed_alg"}', "export it as GeoJSON"),
        ("a.gpkg", b"MZ\0\0" + bytes(100), "an unknown binary is not read"),
        ("a.shp", b"x,y\n1,2\n", "its name says .shp but its content is CSV"),
        ("a.csv", b"PK\x03\x04" + bytes(30), "its name says .csv but its content is Zip"),
        ("a.geojson", b"x,y\n1,2\n", "its name says .geojson but its content is CSV"),
        ("a.doc", b"hello", "the format “.doc” is not read; these are: GeoPackage"),
        ("a.gpkg", b"", "an empty file is not read; copy it again"),
        ("a.csv", b"a,a\n1,2\n", "must name the columns, each once"),
        ("a.csv", b"a,b\n1,2,3\n", "line 2 has more cells than the header"),
        ("a.csv", b'a,b\n"1,2\n', "it is not CSV"),
        ("a.tab", b"!table\n!version 300\n", "cannot be read|not recognized"),
    ],
)  # fmt: skip
def test_what_is_not_read_names_the_way_out(tmp_path: Path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    refused(path, said)


def test_every_way_out_is_in_both_languages():
    assert all(one.vi and one.en and one.name for one in UNREAD.values())


@pytest.mark.parametrize(
    "suffix", ["gpkg", "geojson", "shp", "dbf", "fgb", "gml", "kml", "tab", "dat", "mif", "parquet"]
)
@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_a_file_cut_off_is_refused(tmp_path: Path, suffix, kept):
    many = gpd.GeoDataFrame(
        {"ten": [f"Lô {n}" * 5 for n in range(500)]}, geometry=[shapely.box(416000 + n, 2353000, 416001 + n, 2353001) for n in range(500)],
        crs="EPSG:9214",
    )  # fmt: skip
    main = {"dbf": "shp", "dat": "tab"}.get(suffix, suffix)
    path = written(tmp_path, main, many.to_crs(4326) if suffix == "kml" else many)
    part = path.with_suffix(f".{suffix}")
    content = part.read_bytes()
    part.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(BadFile):
        chunks_of(path, rows=100)


@pytest.mark.parametrize("companion", ["shx", "mid"])
def test_a_missing_companion_is_named(tmp_path: Path, companion):
    path = written(tmp_path, {"shx": "shp", "mid": "mif"}[companion])
    path.with_suffix(f".{companion}").unlink()
    refused(path, rf"\.{companion} is missing")


def test_a_table_without_attributes_is_read_and_told(tmp_path: Path):
    path = written(tmp_path, "shp")
    path.with_suffix(".dbf").unlink()
    opened, chunks = chunks_of(path)
    assert len(whole(chunks)[1]) == 3
    assert "there are no attributes" in opened.notes[0]


# Zips


def zip_of(path: Path, *members: tuple[zipfile.ZipInfo | str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    "name", ["../out.geojson", "/etc/out.geojson", "a/../../out.geojson", "C:\\out.geojson", "..\\out.geojson"]
)
def test_a_member_outside_the_zip_is_refused_and_not_written(tmp_path: Path, name):
    folder = tmp_path / "within" / "zip"
    folder.mkdir(parents=True)
    refused(zip_of(folder / "a.zip", (name, b"{}")), "points outside of it")
    assert not list(tmp_path.rglob("out.geojson"))


def test_a_link_in_a_zip_is_refused(tmp_path: Path):
    link = zipfile.ZipInfo("lots.geojson")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    refused(zip_of(tmp_path / "a.zip", (link, b"/etc/passwd")), "is a link or a device")


def test_a_zip_that_grows_out_of_proportion_is_refused(tmp_path: Path):
    refused(
        zip_of(tmp_path / "a.zip", ("a.geojson", bytes(SMALL_UNPACKED_BYTES + 1))),
        "more than 200 times its size",
    )


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path: Path):
    path = zip_of(tmp_path / "a.zip", ("a.csv", b"x" * 100_000))
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<I", 100_000), struct.pack("<I", 10)))
    with pytest.raises(BadFile):
        layers_of(path)


def test_a_zip_with_nothing_to_read_is_refused(tmp_path: Path):
    inner = zip_of(tmp_path / "inner.zip", ("a.csv", b"a\n1\n"))
    refused(zipped(tmp_path / "a.zip", (inner, "inner.zip")), "a zip within a zip is not opened")
    refused(zip_of(tmp_path / "b.zip", ("virus.exe", b"MZ")), "holds no data that is read")


def test_a_broken_or_locked_zip_is_refused(tmp_path: Path):
    path = zip_of(tmp_path / "a.zip", ("a.csv", os.urandom(5000)))
    content = bytearray(path.read_bytes())
    content[200:300] = bytes(100)
    path.write_bytes(content)
    refused(path, "the zip is broken")
    path = zip_of(tmp_path / "b.zip", ("a.csv", b"a\n1\n"))
    content = path.read_bytes()
    start = content.index(b"PK\x01\x02")
    path.write_bytes(content[: start + 8] + b"\x01\x00" + content[start + 10 :])
    refused(path, "locked by a password")


# XML, JSON, SQL


GML = """<?xml version="1.0"?>{doctype}
<ogr:FeatureCollection xmlns:ogr="http://ogr.maptools.org/" xmlns:gml="http://www.opengis.net/gml"{more}>
<gml:featureMember><ogr:a><ogr:ten>{ten}</ogr:ten><ogr:g><gml:Point srsName="EPSG:9214"><gml:coordinates>416000,2353000</gml:coordinates>
</gml:Point></ogr:g></ogr:a></gml:featureMember></ogr:FeatureCollection>"""
KML = '<?xml version="1.0"?>{doctype}<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>{ten}</name></Placemark></kml>'
LAUGHS = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY c SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("doctype", [LAUGHS, OUTSIDE, '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">'])
@pytest.mark.parametrize(("suffix", "text"), [("gml", GML), ("kml", KML)])
def test_entities_and_types_in_xml_are_refused(tmp_path: Path, suffix, text, doctype):
    path = tmp_path / f"a.{suffix}"
    path.write_text(text.format(doctype=doctype, ten="&c;" if "ENTITY" in doctype else "x", more=""), encoding="utf-8")
    refused(path, "declares a DOCTYPE or entities")


def test_deep_xml_is_refused(tmp_path: Path):
    path = tmp_path / "a.kml"
    path.write_text(KML.format(doctype="", ten="<a>" * 300 + "</a>" * 300), encoding="utf-8")
    refused(path, "nested more than 200 elements deep")


@pytest.fixture
def listener():
    """A port of this machine that remembers who knocked."""
    knocks: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    connection, address = server.accept()
                except TimeoutError:
                    continue
                knocks.append(address)
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], knocks
        stop.set()
        thread.join()


def test_addresses_in_a_file_are_not_fetched(tmp_path: Path, listener):
    port, knocks = listener
    there = f"http://127.0.0.1:{port}/a.xsd"
    path = tmp_path / "a.gml"
    more = (
        f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://ogr.maptools.org/ {there}"'
    )
    text = GML.format(doctype="", ten="x", more=more).replace(
        "<gml:Point ", f'<gml:Point xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="{there}" '
    )
    path.write_text(text, encoding="utf-8")
    chunks_of(path)
    kml = tmp_path / "a.kml"
    link = f"<NetworkLink><Link><href>{there}</href></Link></NetworkLink><Placemark>"
    kml.write_text(KML.format(doctype="", ten="x").replace("<Placemark>", link), encoding="utf-8")
    chunks_of(kml)
    assert knocks == []
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.gml", "a.kml"]


@pytest.mark.parametrize(
    "address",
    ["/vsicurl/http://127.0.0.1:9/a.gpkg", "http://127.0.0.1:9/a.geojson", "/vsizip/a.zip", "PG:host=localhost", "zip://a.zip", "WFS:http://127.0.0.1:9"],
)  # fmt: skip
def test_an_address_is_no_file(address):
    with pytest.raises(BadFile, match="there is no such file"):
        layers_of(Path(address))


@pytest.mark.parametrize("name", ["a.zip!b.geojson", "a;b.geojson"])
def test_a_name_that_a_reader_would_take_apart_is_refused(tmp_path: Path, name):
    written(tmp_path, "geojson").rename(tmp_path / name)
    refused(tmp_path / name, "rename it")


def test_links_are_refused(tmp_path: Path):
    real = written(tmp_path, "shp")
    link = tmp_path / "link.shp"
    link.symlink_to(real)
    refused(link, "it is a symbolic link; name the file itself")
    table = real.with_suffix(".dbf")
    table.rename(tmp_path / "other.dbf")
    table.symlink_to(tmp_path / "other.dbf")
    refused(real, "lots.dbf is a symbolic link")


def test_a_geopackage_with_tables_from_elsewhere_or_queries_is_refused(tmp_path: Path):
    path = written(tmp_path, "gpkg")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "CREATE VIEW endless AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"
        )
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('endless', 'attributes', 'endless')"
        )
    refused(path, r"layers that are no tables \(endless\)")


def test_a_geopackage_that_a_program_is_writing_is_refused(tmp_path: Path):
    path = written(tmp_path, "gpkg")
    path.with_name("lots.gpkg-wal").write_bytes(b"x")
    refused(path, "a program is writing to it")


# Features


def frame_of(*shapes: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"n": range(len(shapes))}, geometry=list(shapes), crs="EPSG:9214")


@pytest.mark.filterwarnings("ignore:invalid value encountered in linestrings")
@pytest.mark.parametrize("suffix", ["gpkg", "fgb", "parquet"])
def test_impossible_coordinates_are_told_and_the_rest_is_read(tmp_path: Path, suffix):
    odd = [shapely.LineString([(strange, 1), (2, 3)]) for strange in (np.nan, np.inf)]
    shapes = [strip(0, 10), *odd, shapely.box(0, 0, 1e12, 1), shapely.Polygon(), None]
    path = tmp_path / f"a.{suffix}"
    if suffix == "parquet":
        frame_of(*shapes).to_parquet(path)
    else:
        pyogrio.write_dataframe(frame_of(*shapes), path, **({"SPATIAL_INDEX": "NO"} if suffix == "fgb" else {}))
    [chunk] = chunks_of(path, rows=10)[1]
    assert [(issue.feature, issue.reason) for issue in chunk.issues if issue.feature] == [
        (2, "not-finite"), (3, "not-finite"), (4, "absurd-coordinate"),
    ]  # fmt: skip
    assert all(issue.shape is not None for issue in chunk.issues if issue.feature)
    assert chunk.shapes is not None
    assert [shape is None for shape in chunk.shapes[[0, 1, 2, 3, 5]]] == [False, True, True, True, True]
    assert off_by(chunk.shapes[0], strip(0, 10)) == 0
    assert chunk.shapes[4] is None or chunk.shapes[4].is_empty


def test_a_polygon_of_too_many_vertices_is_told_with_its_extent(tmp_path: Path):
    turn = np.linspace(0, 2 * np.pi, limits().feature_vertices + 2)
    giant = shapely.Polygon(np.column_stack([416000 + 100 * np.cos(turn), 2353000 + 100 * np.sin(turn)]))
    path = tmp_path / "a.gpkg"
    pyogrio.write_dataframe(frame_of(giant, strip(0, 10)), path)
    [chunk] = chunks_of(path)[1]
    [issue] = chunk.issues
    assert (issue.reason, issue.en) == (
        "too-many-vertices",
        "it has more than 500,000 vertices (QUYHOACH_FEATURE_VERTICES)",
    )
    assert off_by(issue.shape, shapely.box(*giant.bounds)) < 1e-6
    assert chunk.shapes is not None
    assert (chunk.shapes[0], chunk.shapes[1].is_valid) == (None, True)


def test_an_endless_text_is_told_and_cut(tmp_path: Path):
    frame = gpd.GeoDataFrame(
        {"ten": ["x" * (limits().text_characters + 1), "y"]}, geometry=[strip(0, 10), strip(10, 20)], crs="EPSG:9214"
    )
    path = tmp_path / "a.gpkg"
    pyogrio.write_dataframe(frame, path)
    [chunk] = chunks_of(path)[1]
    assert [issue.reason for issue in chunk.issues] == ["text-too-long"]
    assert chunk.fields["ten"].str.len().tolist() == [limits().text_characters, 1]


def test_an_endless_object_in_a_geojson_is_refused(tmp_path: Path, limited):
    limited(feature_vertices=1_000)
    path = tmp_path / "a.geojson"
    feature = {"type": "Feature", "properties": {"ten": "x" * (70 * MIB)}, "geometry": None}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    with pytest.raises(BadFile):
        chunks_of(path)


def test_too_many_fields_are_refused(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text(",".join(f"c{n}" for n in range(MOST_FIELDS + 1)) + "\n", encoding="utf-8")
    refused(path, "it has 501 columns, more than 500")


def test_formulas_are_kept_as_the_text_they_are(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text('ten,n\n=1+1,1\n+84,2\n-5,3\n"@SUM(A1)",4\n', encoding="utf-8")
    [chunk] = chunks_of(path, rows=10)[1]
    assert list(chunk.fields["ten"]) == ["=1+1", "+84", "-5", "@SUM(A1)"]
    assert chunk.shapes is None


@pytest.mark.parametrize("suffix", ["gpkg", "csv", "shp"])
def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, suffix):
    path = written(tmp_path, suffix)
    opened = features(path, Reading())
    part = path.with_suffix(".dbf") if suffix == "shp" else path
    stream = opened.chunks(1)
    next(stream)
    content = bytearray(part.read_bytes())
    content[-1] ^= 1
    part.write_bytes(content)
    with pytest.raises(BadFile, match=r"it changed while it was read|cannot be read|not CSV"):
        list(stream)


def test_the_fingerprint_is_that_of_all_its_files(tmp_path: Path):
    path = written(tmp_path, "shp")
    before = sha256_of(path)
    projection = path.with_suffix(".prj")
    projection.write_text(projection.read_text(encoding="ascii") + " ", encoding="ascii")
    assert sha256_of(path) != before
    folder = written(tmp_path, "gdb")
    before = sha256_of(folder)
    first = min(folder.iterdir())
    first.rename(folder / "other")
    assert sha256_of(folder) != before


@pytest.fixture(scope="module")
def sound_files(tmp_path_factory) -> dict[str, Path]:
    """The town in each format, in a folder of its own."""
    suffixes = ("gpkg", "geojson", "shp", "fgb", "gml", "tab", "mif", "parquet", "csv", "dxf")
    folders = {suffix: tmp_path_factory.mktemp(suffix) for suffix in suffixes}
    files = {suffix: written(folder, suffix) for suffix, folder in folders.items() if suffix != "dxf"}
    drawing = new_drawing()
    space = drawing.modelspace()
    space.add_lwpolyline([(0, 0), (1, 0), (1, 1)], close=True)
    space.add_line((0, 0), (3, 3))
    space.add_text("x").set_placement((0.5, 0.2))
    space.add_hatch().paths.add_polyline_path([(0, 0), (1, 0), (1, 1)])
    drawing.saveas(folders["dxf"] / "lots.dxf")
    return files | {"dxf": folders["dxf"] / "lots.dxf"}


@settings(max_examples=250, deadline=None)
@given(data=st.data())
def test_any_damage_to_a_sound_file_is_survived(tmp_path_factory, sound_files, data):
    """Bytes changed, lost or put in anywhere in a file or its companions: it is read, or refused in one line."""
    path = sound_files[data.draw(st.sampled_from(sorted(sound_files)))]
    folder = tmp_path_factory.mktemp("damaged")
    shutil.copytree(path.parent, folder, dirs_exist_ok=True)
    part = data.draw(st.sampled_from(sorted(one for one in folder.iterdir() if one.is_file())))
    content = part.read_bytes()
    for _ in range(data.draw(st.integers(1, 5))):
        place, lost = data.draw(st.integers(0, len(content))), data.draw(st.integers(0, 20))
        content = content[:place] + data.draw(st.binary(max_size=8)) + content[place + lost :]
    part.write_bytes(content)
    said = ""
    try:
        chunks_of(folder / path.name)
    except BadFile as error:
        said = str(error)
    shutil.rmtree(folder)
    assert "\n" not in said


def test_a_broken_prj_is_named(tmp_path: Path):
    path = written(tmp_path, "shp")
    path.with_suffix(".prj").write_text('PROJCS["x",GEOGCS["y",DATUM["z",SPHEROID["w"', encoding="ascii")
    refused(path, "remove the .prj")


STARTS = {
    "a.gpkg": b"SQLite format 3\0", "a.zip": b"PK\x03\x04", "a.fgb": b"fgb\x03fgb\x00", "a.parquet": b"PAR1", "a.dxf": b"0\nSECTION\n",
    "a.shp": b"\0\0\x27\x0a", "a.tab": b"!table\n", "a.mif": b"Version 300\n", "a.dgn": b"\x08\x09\xfe\x02",
}  # fmt: skip
"""What makes a file look like its kind."""


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(
        ["a.gpkg", "a.shp", "a.dxf", "a.gml", "a.csv", "a.zip", "a.fgb", "a.parquet", "a.tab", "a.mif", "a.dgn"]
    ),
    st.binary(max_size=400),
)
def test_any_bytes_under_any_name_are_read_or_refused(tmp_path_factory, name, content):
    path = tmp_path_factory.mktemp("any") / name
    path.write_bytes(STARTS.get(name, b"") + content)
    said = ""
    try:
        chunks_of(path)
    except BadFile as error:
        said = str(error)
    assert "\n" not in said


def test_a_folder_that_is_no_geodatabase_is_refused(tmp_path: Path):
    (tmp_path / "a.gdb").mkdir()
    refused(tmp_path / "a.gdb", "cannot be read")
    (tmp_path / "b").mkdir()
    refused(tmp_path / "b", "is not read")
    assert kind_of(tmp_path / "a.gdb") == "File Geodatabase"
