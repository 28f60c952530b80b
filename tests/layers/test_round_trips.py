"""The drawn sample's zones written in every format and brought in by the command line: the same zones, to the millimetre."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import ezdxf
import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

from planning.geometry import operation
from planning.settings import Settings
from tests.layers.sources.sheets import written, zipped
from tests.layers.test_delivery import done, rows

DESCRIBED = ("--code", "QH-MAU", "--name", "Quy hoạch mẫu", "--level", "detailed", "--valid-from", "2026-01-01")
MOST = 150
"""Zones of the sample that make the trip."""

MAPPED = {
    "function_code": "function_code",
    "lot_symbol": "lot_symbol",
    "density_pct": "density_pct",
    "far_max": "far_max",
}
SHORT = {"function_code": "ma_cn", "lot_symbol": "kyhieu", "density_pct": "matdo", "far_max": "hesosdd"}
"""Names of ten letters at most, which a Shapefile and MapInfo can keep."""


@dataclass(frozen=True)
class Trip:
    """How a format is written, and what a person says when it comes back. `exact`: whether it keeps indicators as well;
    `blank`: what it makes of an empty cell of numbers.
    """

    write: Callable[[Path, gpd.GeoDataFrame], Path]
    names: dict[str, str]
    more: tuple[str, ...] = ()
    exact: bool = True
    blank: float | None = None


def in_format(suffix: str) -> Callable[[Path, gpd.GeoDataFrame], Path]:
    return lambda folder, frame: written(folder, suffix, frame, "khu")


def in_degrees(folder: Path, frame: gpd.GeoDataFrame) -> Path:
    """KML knows WGS 84 only; the pinned operation leads there, as the department's program would have to."""
    to_lonlat = operation(9214, 4326).coordinates
    moved = frame.set_geometry([shapely.transform(shape, to_lonlat) for shape in frame.geometry], crs="EPSG:4326")
    return written(folder, "kml", moved, "khu")


def in_zip(folder: Path, frame: gpd.GeoDataFrame) -> Path:
    """A Shapefile with what belongs to it, in a folder."""
    written(folder, "shp", frame, "khu")
    return zipped(folder / "gui.zip", *((part, f"Hồ sơ/{part.name}") for part in sorted(folder.glob("khu.*"))))


def in_drawing(folder: Path, frame: gpd.GeoDataFrame) -> Path:
    """Closed polylines on a layer for each function, the lot symbol as a text inside; a polyline has no holes."""
    drawing = ezdxf.new("R2010")
    sheet = drawing.modelspace()
    for row in frame.itertuples():
        for part in shapely.get_parts(row.geometry):
            assert not part.interiors
            corners = [(x, y) for x, y in part.exterior.coords[:-1]]
            sheet.add_lwpolyline(corners, close=True, dxfattribs={"layer": row.function_code})
        inside = row.geometry.representative_point()
        sheet.add_text(
            row.lot_symbol, height=1, dxfattribs={"layer": row.function_code, "insert": (inside.x, inside.y)}
        )
    path = folder / "khu.dxf"
    drawing.saveas(path)
    return path


SAID = ("--crs", "EPSG:9214")
TRIPS = {
    "gpkg": Trip(in_format("gpkg"), MAPPED),
    "geojson": Trip(in_format("geojson"), MAPPED),
    "shp": Trip(in_format("shp"), SHORT),
    "fgb": Trip(in_format("fgb"), MAPPED),
    "gml": Trip(in_format("gml"), MAPPED),
    "kml": Trip(in_degrees, MAPPED),
    "tab": Trip(in_format("tab"), SHORT, SAID, blank=0),
    "mif": Trip(in_format("mif"), SHORT, SAID),
    "parquet": Trip(in_format("parquet"), MAPPED),
    "csv": Trip(in_format("csv"), MAPPED, SAID),
    "gdb": Trip(in_format("gdb"), MAPPED),
    "zip": Trip(in_zip, SHORT),
    "dxf": Trip(in_drawing, {"function_code": "cad_layer"}, SAID, exact=False),
}


@pytest.fixture(scope="module")
def drawn(sample: tuple[Settings, Path]) -> gpd.GeoDataFrame:
    """Zones of the sample plan that has most, sound and each by its own symbol; what is built on has the indicators of its planners."""
    zones = pyogrio.read_dataframe(sample[1] / "plans_a.gpkg", layer="zone")
    plan = zones.plan_code.value_counts().index[0]
    zones = zones[(zones.plan_code == plan) & zones.geometry.is_valid].drop_duplicates("lot_symbol").head(MOST)
    return zones.reset_index(drop=True)


def without_holes(shape: shapely.Geometry) -> bool:
    return not any(part.interiors for part in shapely.get_parts(shape))


def taken(frame: gpd.GeoDataFrame, trip: Trip) -> gpd.GeoDataFrame:
    return frame[[*MAPPED, "geometry"]].rename(columns=trip.names if trip.exact else {})


@pytest.mark.parametrize("suffix", TRIPS)
def test_the_zones_of_the_sample_come_back_from_every_format(empty: Settings, tmp_path: Path, drawn, suffix):
    trip = TRIPS[suffix]
    frame = drawn if trip.exact else drawn[[without_holes(shape) for shape in drawn.geometry]]
    file = trip.write(tmp_path, taken(frame, trip))
    mapped = [word for ours, theirs in trip.names.items() if ours != theirs for word in ("--map", f"{ours}={theirs}")]
    scheme = drawn.function_scheme.unique()
    done(empty, "import", "plan", str(file), *DESCRIBED, "--scheme", scheme[0], *mapped, *trip.more)
    stored = {
        symbol: (code, density, far, shapely.from_wkb(bytes(shape)))
        for symbol, code, density, far, shape in rows(
            empty, "SELECT lot_symbol, function_code, density_pct, far_max, ST_AsBinary(geom) FROM zone"
        )
    }
    assert len(scheme) == 1
    assert len(stored) == len(frame) == rows(empty, "SELECT count(*) FROM zone")[0][0]
    off = []
    for zone in frame.itertuples():
        code, density, far, shape = stored[zone.lot_symbol]
        assert code == zone.function_code
        if trip.exact:
            told = [
                trip.blank if value is None or np.isnan(value) else value for value in (zone.density_pct, zone.far_max)
            ]
            assert [density, far] == pytest.approx(told)
        off.append(shapely.hausdorff_distance(shape, zone.geometry))
        assert shapely.symmetric_difference(shape, zone.geometry).area <= 0.001 * zone.geometry.length
    assert max(off) <= 0.001
