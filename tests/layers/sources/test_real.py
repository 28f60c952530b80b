"""Real files: a French plan with heights, an American one with holes, communes of Bắc Ninh."""

import numpy as np
import pytest
import shapely

from layers.sources.opening import layers_of
from tests.conftest import REAL
from tests.layers.sources.sheets import chunks_of, whole, zipped

pytestmark = pytest.mark.real_data
PLAN = REAL / "zoning" / "30014_PLU_20171013"


@pytest.mark.parametrize(
    ("name", "geometry", "count"),
    [("ZONE_URBA", "Polygon Z", 90), ("PRESCRIPTION_LIN", "LineString", None), ("INFO_PCT", "Point", None)],
)
def test_a_french_plan(name, geometry, count):
    path = PLAN / f"30014_{name}_20171013.shp"
    [facts] = layers_of(path)
    assert facts.geometry is not None
    assert (facts.geometry.split()[0].removeprefix("Multi"), facts.crs) == (geometry.split()[0], 2154)
    assert count in {None, facts.count}
    opened, chunks = chunks_of(path, rows=50)
    fields, shapes = whole(chunks)
    assert len(fields) == len(shapes) == facts.count
    assert opened.encoding == "UTF-8" or opened.letters.encoding in {"ASCII", None}
    assert all(chunk.issues == () for chunk in chunks)
    if name == "ZONE_URBA":
        assert shapely.has_z(shapes).all()
        assert shapely.is_valid(shapes).all()


def test_the_whole_french_plan_as_one_zip(tmp_path):
    parts = sorted(PLAN.glob("30014_*"))
    archive = zipped(tmp_path / "plu.zip", *((part, f"30014_PLU/{part.name}") for part in parts))
    told = {facts.name: facts.count for facts in layers_of(archive)}
    assert len(told) == 6
    assert told["30014_PLU/30014_ZONE_URBA_20171013.shp:30014_ZONE_URBA_20171013"] == 90
    _, chunks = chunks_of(archive, layer="30014_PLU/30014_ZONE_URBA_20171013.shp")
    assert len(whole(chunks)[0]) == 90


def test_kenton():
    opened, chunks = chunks_of(REAL / "zoning" / "us_kenton" / "landuse.geojson", rows=100)
    _, shapes = whole(chunks)
    assert (len(shapes), opened.crs) == (220, 4326)
    assert np.count_nonzero(~shapely.is_valid(shapes)) == 2
    assert sum(len(part.interiors) for shape in shapes for part in shapely.get_parts(shape)) > 0


def test_the_communes_of_bac_ninh():
    opened, chunks = chunks_of(REAL / "vn" / "new_communes_24_bac_ninh.gpkg", rows=30)
    fields, shapes = whole(chunks)
    assert (len(shapes), opened.crs, opened.sha256) == (99, 4326, opened.sha256)
    assert [chunk.first for chunk in chunks] == [1, 31, 61, 91]
    assert "07525" in set(fields["code"])


def test_clauses_are_rows_without_shapes():
    opened, [chunk] = chunks_of(REAL / "vn" / "mergers_24.csv", rows=1000)
    assert (len(chunk), chunk.shapes, opened.crs) == (314, None, None)
