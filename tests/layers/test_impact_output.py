"""The impact report as a GeoPackage: every layer opens, in the storage CRS, with the figures of the report."""

import geopandas as gpd
import pyogrio
import pytest
import shapely

from layers.outputs.impact import write_impact
from planning.mergers.impact import impact
from tests.planning.test_impact import EAST, MIDDLE, NEW, OTHER, WEST, box, divided, plan, town, unit


@pytest.fixture
def path(tmp_path):
    return tmp_path / "impact.gpkg"


def test_units_parts_and_plans_are_layers_in_the_storage_crs(path):
    written = write_impact(impact(town()), path, 9214)
    assert set(pyogrio.list_layers(path)[:, 0]) == {name for name, number in written.items() if number}
    units = gpd.read_file(path, layer="former_units")
    assert (list(units["code"]), units.crs.to_epsg()) == ([WEST, MIDDLE, EAST], 9214)
    new = gpd.read_file(path, layer="new_units").set_index("code")
    assert new.loc[NEW, "how"] == "derived"
    assert new.geometry[NEW].equals(box(0, 600))
    assert set(gpd.read_file(path, layer="plans")["carry_over"]) == {"kept"}


def test_a_difference_and_a_conflict_have_their_shape_and_width(path):
    line = shapely.union(box(0, 600), box(600, 660, 100, 200))
    new = {
        NEW: unit(NEW, line, how="official"),
        OTHER: unit(OTHER, shapely.difference(box(0, 900), line), how="official"),
    }
    rival = (plan("P1", box(0, 640)), plan("P2", box(600, 900)))
    write_impact(impact(town(new=new, plans=rival)), path, 9214)
    [difference] = gpd.read_file(path, layer="differences").itertuples()
    assert (difference.verdict, difference.former, difference.new, difference.area_m2) == ("transfer", EAST, NEW, 6000)
    [seam] = gpd.read_file(path, layer="seams").itertuples()
    assert (seam.kind, seam.cause, seam.area_m2) == ("overlap", "conflict", pytest.approx(40 * 300))


def test_what_is_unknown_makes_no_layer_and_an_earlier_file_gives_way(path):
    write_impact(impact(town()), path, 9214)
    written = write_impact(impact(divided()), path, 9214)
    assert {name for name, number in written.items() if number} == {"former_units", "parts", "pieces", "matrix"}
    assert set(pyogrio.list_layers(path)[:, 0]) == {"former_units", "parts", "pieces", "matrix"}
    parts = gpd.read_file(path, layer="parts")
    assert set(parts["former"]) == {WEST, EAST}


def test_the_matrix_is_a_table_whose_sums_are_the_units(path):
    write_impact(impact(town()), path, 9214)
    cells = gpd.read_file(path, layer="matrix")
    whole = cells[cells["plan"].isna()]
    assert dict(whole.groupby("former")["area_m2"].sum()) == {WEST: 90_000, MIDDLE: 90_000, EAST: 90_000}
    assert whole.set_index("former")["no_plan_m2"].to_dict() == {WEST: 0, MIDDLE: 0, EAST: 60_000}
