"""The tile grid against PostGIS's own."""

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.geometry import LONLAT, WEB, operation
from planning.settings import Settings
from tiles.grid import Tile


@given(st.integers(0, 20).flatmap(lambda z: st.tuples(st.just(z), st.integers(0, 2**z - 1), st.integers(0, 2**z - 1))))
def test_neighbours_share_their_border(address):
    tile = Tile(*address)
    west, south, east, north = tile.bounds_lonlat
    assert west < east
    assert south < north
    if tile.x + 1 < 2**tile.z:
        assert Tile(tile.z, tile.x + 1, tile.y).bounds_lonlat[0] == east
    if tile.y + 1 < 2**tile.z:
        assert Tile(tile.z, tile.x, tile.y + 1).bounds_lonlat[3] == south


def test_the_grid_is_that_of_postgis(template: Settings):
    with psycopg.connect(template.database_url) as connection:
        for address in ((0, 0, 0), (8, 203, 112), (14, 13000, 7200), (18, 208000, 115200)):
            box = "SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) FROM ST_TileEnvelope(%s, %s, %s) e"
            west, south, east, north = connection.execute(box, address).fetchone() or ()
            corners = operation(WEB, LONLAT).point(west, south) + operation(WEB, LONLAT).point(east, north)
            assert Tile(*address).bounds_lonlat == pytest.approx(corners, abs=1e-9)


def test_addresses_outside_the_grid_do_not_exist():
    assert Tile(3, 7, 7).exists
    assert not Tile(3, 8, 0).exists
    assert not Tile(3, -1, 0).exists
    assert not Tile(31, 0, 0).exists
