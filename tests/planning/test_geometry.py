"""Coordinates, against published figures and against PROJ's own definition of the operation."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from planning.coverage.widths import wider
from planning.geometry import (
    LONLAT,
    VN2000_LONLAT,
    VN2000_ZONES,
    WEB,
    epsg_of,
    for_tiles,
    known_epsg,
    mean_width_m,
    operation,
)

PUBLISHED = [
    (106.0763, 21.1861, (559642.2924, 2343664.5786), (403893.5804, 2343837.0978)),
    (106.1946, 21.2731, (571883.6736, 2353345.9812), (416226.7716, 2353402.4531)),
    (106.8500, 21.3300, (639848.4153, 2360087.0432), (484245.2214, 2359496.0939)),
]


@pytest.mark.parametrize(("lon", "lat", "in_9209", "in_9214"), PUBLISHED)
def test_wgs84_becomes_vn2000_as_published(lon, lat, in_9209, in_9214):
    assert operation(LONLAT, 9209).point(lon, lat) == pytest.approx(in_9209, abs=1e-4)
    assert operation(LONLAT, 9214).point(lon, lat) == pytest.approx(in_9214, abs=1e-4)
    assert operation(9209, 9214).point(*in_9209) == pytest.approx(in_9214, abs=2e-4)


def test_the_pinned_operation_is_epsg_6960_to_the_last_digit():
    official = Transformer.from_pipeline("urn:ogc:def:coordinateOperation:EPSG::6960")
    for lon, lat, *_ in PUBLISHED:
        lat_official, lon_official = official.transform(lat, lon)
        assert operation(VN2000_LONLAT, LONLAT).point(lon, lat) == pytest.approx(
            (lon_official, lat_official), abs=1e-12
        )


def test_the_operation_is_named():
    assert operation(9214, LONLAT).name == "EPSG:6960"
    assert operation(9214, WEB).name == "EPSG:6960"
    assert operation(9209, 9214).name == "conversion without change of datum"
    assert operation(9214, 9214).name == "none"
    assert operation(2154, 9214).name.endswith("EPSG:6960")


def test_zones_are_those_of_the_register():
    names = ("Longitude of natural origin", "Scale factor at natural origin", "False easting", "False northing")
    for epsg, meridian in VN2000_ZONES.items():
        written = {one.name: one.value for one in CRS.from_epsg(epsg).coordinate_operation.params}
        assert [written[name] for name in names] == [meridian, 0.9999, 500000, 0]


@given(st.floats(105.8, 107.1), st.floats(20.9, 21.7), st.sampled_from(sorted(VN2000_ZONES)))
def test_there_and_back_again_is_within_a_millimetre(lon, lat, zone):
    x, y = operation(LONLAT, zone).point(lon, lat)
    again = operation(LONLAT, zone).point(*operation(zone, LONLAT).point(x, y))
    assert again == pytest.approx((x, y), abs=1e-3)


def test_an_unknown_or_foreign_definition_is_not_given_a_code():
    assert epsg_of(CRS.from_epsg(9209)) == 9209
    assert epsg_of(CRS.from_proj4("+proj=tmerc +lon_0=105.5 +k=0.9999 +x_0=500000 +ellps=WGS84")) is None
    assert known_epsg("epsg:9214") == 9214
    assert known_epsg("9214") == 9214
    assert known_epsg("EPSG:1") is None
    assert known_epsg("somewhere") is None


def test_a_long_straight_edge_gets_vertices_before_its_zone_changes():
    edge = shapely.box(560_000, 2_343_000, 570_000, 2_344_000)
    [moved] = operation(9209, 9214).shapes(np.array([edge], dtype=object))
    assert shapely.get_num_coordinates(moved) > 40
    [still] = operation(9214, 9214).shapes(np.array([edge], dtype=object))
    assert shapely.get_num_coordinates(still) == 5


def test_width_of_a_sliver_and_of_a_square():
    assert mean_width_m(shapely.box(0, 0, 1000, 0.002)) == pytest.approx(0.002, rel=1e-4)
    assert mean_width_m(shapely.box(0, 0, 10, 10)) == 5


def test_a_thin_tail_does_not_hide_a_wide_head():
    tailed = shapely.union_all([shapely.box(0, 0, 5000, 0.0004), shapely.box(0, 0, 0.4, 0.4)])
    assert mean_width_m(tailed) < 0.001
    assert list(wider(np.array([tailed, shapely.box(0, 0, 5000, 0.0004)], dtype=object), 0.001)) == [True, False]


def test_tile_rings_run_clockwise():
    [turned] = for_tiles(np.array([shapely.box(0, 0, 1, 1, ccw=True)], dtype=object))
    assert not turned.exterior.is_ccw
