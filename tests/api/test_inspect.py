"""`quyhoach import inspect`: a first look at files as clerks have them."""

from contextlib import nullcontext

import geopandas as gpd
import pyogrio
import pytest
from sqlalchemy import text

from layers.encodings.conversion import Encoding
from layers.sources.facts import Reading
from layers.sources.first_look import first_look
from planning.errors import BadFile
from planning.geometry import operation
from planning.periods import today
from planning.settings import Settings
from planning.store.records import ground_on
from planning.store.session import reading
from tests.conftest import quyhoach
from tests.layers.test_encodings import GERMAN, WORDS, written


@pytest.fixture(scope="module")
def commune(sample):
    """One commune of the sample, in the storage CRS."""
    with reading(sample[0]) as session:
        ground = ground_on(session, today())
    return ground.communes[len(ground.communes) // 2]


def shapefile(folder, words, shape, crs=None):
    """A Shapefile whose letters are bytes and which tells neither their encoding nor, unless said, a CRS."""
    path = folder / "QHPK.shp"
    frame = gpd.GeoDataFrame({"TenLo": words, "SoTang": range(len(words))}, geometry=[shape] * len(words), crs=crs)
    with pytest.warns(UserWarning, match="crs") if crs is None else nullcontext():
        pyogrio.write_dataframe(frame, path, encoding="ISO-8859-1")
    path.with_suffix(".cpg").unlink()
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    table[29] = 0
    path.with_suffix(".dbf").write_bytes(table)
    return path


def moved(shape, epsg):
    [out] = operation(9214, epsg).shapes(gpd.GeoSeries([shape]).to_numpy())
    return out


def test_a_tcvn3_plan_of_the_other_zone_is_told_and_nothing_is_stored(sample, commune, tmp_path):
    path = shapefile(tmp_path, [written(word, Encoding.TCVN3) for word in WORDS], moved(commune, 9209))
    with reading(sample[0]) as session:
        before = session.connection.execute(text("SELECT count(*) FROM dataset")).scalar_one()
    seen = quyhoach(sample[0], "import", "inspect", str(path))
    assert seen.returncode == 0, seen.stderr
    assert "The letters are TCVN3 (ABC)" in seen.stdout
    assert "→ Đất nuôi trồng thủy sản" in seen.stdout
    assert "EPSG:9209 (VN-2000, 105°30′, k 0.9999) is proposed, by the borders it follows" in seen.stdout
    assert "TenLo" in seen.stdout
    with reading(sample[0]) as session:
        assert session.connection.execute(text("SELECT count(*) FROM dataset")).scalar_one() == before


def test_a_stated_crs_that_does_not_fit_is_told_with_the_mistake(sample, commune, tmp_path):
    path = shapefile(tmp_path, GERMAN, moved(commune, 9209), crs=9214)
    seen = quyhoach(sample[0], "import", "inspect", str(path))
    assert "EPSG:9214 không khớp / does not fit: sai kinh tuyến trục / the wrong central meridian" in seen.stdout
    assert "This is not Vietnamese in any encoding known" in seen.stdout


def test_a_file_is_looked_at_without_a_database_and_without_units(empty, commune, tmp_path):
    path = shapefile(tmp_path, ["Lo 1"], commune, crs=9214)
    for settings in (empty, Settings(database_url="postgresql://127.0.0.1:1/none", storage_crs=9214)):
        seen = quyhoach(settings, "import", "inspect", str(path), "--font", ".VnTime")
        assert (seen.returncode, seen.stderr) == (0, "")
        assert "bring the units in first" in seen.stdout
        assert "Plain ASCII" in seen.stdout


def test_data_of_elsewhere_and_small_data_are_not_proposed(sample, commune, tmp_path):
    small = moved(commune.representative_point().buffer(30), 4326)
    seen = quyhoach(sample[0], "import", "inspect", str(shapefile(tmp_path, ["1"], small)))
    assert "several fit equally" in seen.stdout
    away = small.buffer(0.001).convex_hull
    seen = quyhoach(
        sample[0], "import", "inspect", str(shapefile(tmp_path, ["1"], gpd.GeoSeries([away]).translate(-90, 20)[0]))
    )
    assert "none puts the data into the communes" in seen.stdout


def test_a_layer_that_is_not_there_is_refused(commune, tmp_path):
    path = shapefile(tmp_path, ["1"], commune, crs=9214)
    with pytest.raises(BadFile, match="it has: QHPK"):
        first_look(path, Reading("zone"))
    [look] = first_look(path, Reading())
    assert (look.facts.count, look.facts.crs, look.fields[0].samples) == (1, 9214, ("1",))
