"""Foreign plans, real ones with real defects, through `quyhoach import plan`: refused where they lie; moved here, in with what is known.

Known of the French town plan (30014, 2017): 90 zones with heights, 8 overlaps of 8,367 m² together, 25 slivers between zones, of which 2
are wider than drawing noise (1 mm), nothing invalid; its .cpg says 1252, which its letters belie, so it is said. Of the map of Kenton:
220 polygons, 2 whose ring touches itself (no bow-tie: the closed list of repairs leaves them to a person), 59 real holes.
"""

import json
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from planning.settings import Settings
from tests.conftest import REAL, quyhoach
from tests.layers.test_delivery import done, rows

pytestmark = pytest.mark.real_data

PLU = REAL / "zoning" / "30014_PLU_20171013" / "30014_ZONE_URBA_20171013.shp"
KENTON = REAL / "zoning" / "us_kenton" / "landuse.geojson"
HERE = (416_000.0, 2_353_000.0)
DESCRIBED = ("--code", "QH-XA", "--name", "Quy hoạch nước ngoài", "--level", "general", "--valid-from", "2026-01-01")

FRENCH = """
profile: plu
title: {vi: Đồ án quy hoạch của một thành phố Pháp, en: Plan of a French town}
makes: zone
layers: [30014_ZONE_URBA_20171013, plu]
asks: [plan_code]
fields:
  lot_symbol: {from: [LIBELLE]}
  function:
    from: [TYPEZONE]
    scheme: [land_use]
    values: {U: ODT, AUc: TMD, A: NKH, N: CSD}
attributes: rest
"""


def moved_here(frame: gpd.GeoDataFrame, path: Path) -> Path:
    """The shapes as they are, metre for metre, with their south-west corner in the province."""
    west, south, *_ = frame.total_bounds
    frame.set_geometry(frame.geometry.translate(HERE[0] - west, HERE[1] - south).to_numpy(), crs="EPSG:9214").to_file(
        path
    )
    return path


def french(folder: Path) -> tuple[str, ...]:
    (folder / "plu.yaml").write_text(FRENCH, encoding="utf-8")
    return ("--profile", str(folder / "plu.yaml"))


def kenton() -> tuple[str, ...]:
    return ("--scheme", "land_use", "--map", "lot_symbol=OBJECTID")


def test_the_french_plan_has_no_place_in_the_database(empty: Settings, tmp_path: Path):
    report, said = tmp_path / "report.json", ("--encoding", "cp1252")
    words = (*DESCRIBED, *french(tmp_path), *said, "--report", str(report))
    refused = done(empty, "import", "plan", str(PLU), *words, code=1)
    assert "none of its features can be stored (91 refused)" in refused.stderr
    assert refused.stderr.count("\n") == 1
    told = json.loads(report.read_text(encoding="utf-8"))
    assert told["refused_by_reason"] == {"outside-vietnam": 91}  # the zones and the boundary
    assert rows(empty, "SELECT FROM release") == []


def with_codes(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Their words for the use of land as codes of ours."""
    known = {"Industrial": "SKK", "Recreation and Open Space": "DKV", "Right of Way": "DGT", "River Recreation": "SON"}
    return frame.assign(function_code=frame.DESCRIPTIO.map(known))[["OBJECTID", "function_code", "geometry"]]


def test_kenton_is_refused_feature_by_feature_where_it_lies(empty: Settings, tmp_path: Path):
    with_codes(gpd.read_file(KENTON)).to_file(tmp_path / "kenton.geojson")
    report = tmp_path / "report.json"
    file = str(tmp_path / "kenton.geojson")
    refused = done(empty, "import", "plan", file, *DESCRIBED, *kenton(), "--report", str(report), code=1)
    assert "outside" in refused.stderr.lower()
    told = json.loads(report.read_text(encoding="utf-8"))
    assert told["refused_by_reason"]["outside-vietnam"] >= 218
    assert rows(empty, "SELECT FROM release") == []


def test_the_french_plan_comes_in_with_its_overlaps_and_slivers(empty: Settings, tmp_path: Path):
    zones = gpd.read_file(PLU)
    file = moved_here(zones, tmp_path / "plu.shp")
    town = shapely.union_all(shapely.force_2d(gpd.read_file(file).geometry.to_numpy()))
    outline = shapely.union_all([shapely.Polygon(part.exterior) for part in shapely.get_parts(town)])
    gpd.GeoDataFrame(geometry=[outline], crs="EPSG:9214").to_file(tmp_path / "town.gpkg")
    report = tmp_path / "report.json"
    around = ("--boundary", str(tmp_path / "town.gpkg"))
    done(empty, "import", "plan", str(file), *DESCRIBED, *french(tmp_path), *around, "--report", str(report))
    told = json.loads(report.read_text(encoding="utf-8"))
    assert (told["counts"]["stored_zone"], told["refused"]) == (90, [])
    assert {one["repair"]: one["number"] for one in told["repairs"]}["dropped-z"] == 90
    checked = quyhoach(empty, "check", "all", "--on", "2026-01-01", "--draft", "--out", str(tmp_path / "check.json"))
    assert checked.returncode == 1, checked.stderr
    found = [one["properties"] for one in json.loads((tmp_path / "check.json").read_text(encoding="utf-8"))["features"]]
    overlaps = [one for one in found if one["check"] == "plan.zone-overlap"]
    gaps = [one for one in found if one["check"] == "plan.zone-gap"]
    assert sum(one["area_m2"] for one in overlaps) == pytest.approx(8_367, abs=1)
    assert sum(one["facts"]["verdict"] == "defect" for one in overlaps) == 3
    assert len(overlaps) == 9  # of 8 pairs, one in two places
    assert [(round(one["area_m2"], 1), one["facts"]["verdict"]) for one in gaps] == [(3.6, "sliver"), (3.9, "sliver")]
    assert holes([shapely.union_all(shapely.force_2d(zones.geometry.to_numpy()))]) == 25


def test_kenton_comes_in_with_its_holes_but_for_two(empty: Settings, tmp_path: Path):
    plane = with_codes(gpd.read_file(KENTON).to_crs("EPSG:32616"))
    file = moved_here(plane, tmp_path / "kenton.gpkg")
    report = tmp_path / "report.json"
    done(empty, "import", "plan", str(file), *DESCRIBED, *kenton(), "--report", str(report))
    told = json.loads(report.read_text(encoding="utf-8"))
    assert [(one["feature"], one["reason"]) for one in told["refused"]] == [(172, "invalid"), (207, "invalid")]
    assert all("Ring Self-intersection" in one["message"] and one["geometry"] for one in told["refused"])
    stored = [shapely.from_wkb(bytes(shape)) for (shape,) in rows(empty, "SELECT ST_AsBinary(geom) FROM zone")]
    sound = plane[plane.geometry.is_valid].geometry
    assert len(stored) == 218
    assert holes(stored) == holes(sound)
    assert sum(one.area for one in stored) == pytest.approx(sound.area.sum())


def holes(shapes) -> int:
    return sum(len(part.interiors) for shape in shapes for part in shapely.get_parts(shape))
