"""A drawn town of two former communes that became one ward: small enough to know every answer by heart.

A . . B . . C        west commune 90001 “Xã Hòa Bình”: A B E D, east commune 90002 “Xã Đông Đô”: B C F E
. . . . . . .        merged on 2025-07-01 into 90010 “Phường Hòa Đông”: A C F D
D . . E . . F        one step is 100 m
"""

from pathlib import Path

import geopandas as gpd
import shapely

from planning.settings import Settings
from tests.conftest import publish_unchecked, quyhoach
from tests.drawing import points, ring

PLACES = """
    A . . B . . C
    . G . . . H .
    D . . E . . F
"""
STEP = 100.0

DESPITE_ERRORS = ("--by", "thử nghiệm", "--accept-all-errors", "vẽ tay")
"""Drawn data has errors of its own; publishing it says so."""


def town_ring(corners: str):
    """A polygon of the town; corners are letters of the drawing."""
    return ring(PLACES, corners, STEP)


def at(letter: str, east: float = 0.0, north: float = 0.0) -> tuple[float, float]:
    """A place in EPSG:9214, moved by metres."""
    x, y = points(PLACES, STEP)[letter]
    return x + east, y + north


def write(path: Path, rows: list[dict[str, object]], layer: str | None = None, crs: str = "EPSG:9214") -> Path:
    """Write rows with a `geometry` as a file of the format its name says."""
    frame = gpd.GeoDataFrame(rows, crs=crs)
    frame.to_file(path, layer=layer) if layer else frame.to_file(path)
    return path


def strip(west: float, east: float):
    """The town between two distances from its western edge, in metres."""
    (x, south), (_, north) = at("D"), at("A")
    return shapely.box(x + west, south, x + east, north)


def build_town(settings: Settings, folder: Path) -> None:
    """Write the town's files and bring them in by the command line, as an office would."""
    west, east = town_ring("ABED"), town_ring("BCFE")
    former = [
        {
            "code": "90001",
            "name": "Xã Hòa Bình",
            "province_code": "90",
            "district": "Huyện Tây",
            "declared_km2": "0,06",
            "geometry": west,
        },
        {
            "code": "90002",
            "name": "Xã Đông Đô",
            "province_code": "90",
            "district": "Huyện Đông",
            "declared_km2": "6 ha",
            "geometry": east,
        },
    ]
    new = [{"code": "90010", "name": "Phường Hòa Đông", "province_code": "90", "geometry": town_ring("ACFD")}]
    plan = {"kind": "urban", "scale": 5000, "decision_number": "12/QĐ-UBND", "decision_date": "2021-03-01",
        "approver": "UBND tỉnh", "valid_from": "2021-03-15", "valid_to": "2035-01-01"}  # fmt: skip
    plans = [
        {**plan, "code": "QHC-TAY", "name": "Quy hoạch chung xã Hòa Bình", "level": "general", "geometry": west},
        {**plan, "code": "QHC-DONG", "name": "Quy hoạch chung xã Đông Đô", "level": "general", "geometry": east},
        {**plan, "code": "QHPK-1", "name": "Phân khu 1", "level": "subdivision", "geometry": strip(0, 200)},
        {**plan, "code": "QHPK-2", "name": "Phân khu 2", "level": "subdivision", "geometry": strip(150, 300)},
        {
            **plan,
            "code": "QHCT-CU",
            "name": "Chi tiết đã hết hạn",
            "level": "detailed",
            "valid_to": "2025-01-01",
            "geometry": strip(0, 100),
        },
    ]
    zone = {"function_scheme": "planning", "density_pct": 60.0, "floors_min": 1, "floors_max": 5, "far_max": 3.0}
    zones = [
        {
            **zone,
            "plan_code": "QHC-TAY",
            "lot_symbol": "O-1",
            "function_code": "Nhomnhao",
            "note": "ghi chú",
            "geometry": strip(0, 150),
        },
        {
            **zone,
            "plan_code": "QHC-TAY",
            "lot_symbol": "CX-1",
            "function_code": "CayxanhCC",
            "geometry": strip(150, 300),
        },
        {**zone, "plan_code": "QHC-DONG", "lot_symbol": "CN-1", "function_code": "Congnghiep", "geometry": east},
        {**zone, "plan_code": "QHPK-1", "lot_symbol": "P1", "function_code": "Honhop", "geometry": strip(0, 200)},
        {**zone, "plan_code": "QHPK-2", "lot_symbol": "P2", "function_code": "Dichvu", "geometry": strip(150, 300)},
        {**zone, "plan_code": "QHCT-CU", "lot_symbol": "C1", "function_code": "Nhomnhao", "geometry": strip(0, 100)},
    ]
    parcels = [
        {"maxacu": "90001", "soto": 1, "sothua": 1, "mucdich": "ONT", "geometry": strip(100, 200)},
        {"maxacu": "90001", "soto": 1, "sothua": 2, "mucdich": "LUC", "geometry": strip(200, 300)},
        {"maxacu": "90002", "soto": 1, "sothua": 1, "mucdich": "ONT", "geometry": strip(300, 400)},
    ]
    write(folder / "former.gpkg", former)
    write(folder / "new.geojson", new)
    write(folder / "plans.gpkg", plans, "plan")
    write(folder / "plans.gpkg", zones, "zone")
    write(folder / "parcels.shp", parcels)
    (folder / "mergers.csv").write_text(
        "resolution,clause,new_code,new_name,old_district,old_code,old_name,extent,scope,after_clause\n"
        "1/NQ,1,90010,Phường Hòa Đông,Huyện Tây,90001,Xã Hòa Bình,full,area+population,\n"
        "1/NQ,1,90010,Phường Hòa Đông,Huyện Đông,90002,Xã Đông Đô,full,area+population,\n",
        encoding="utf-8",
    )
    (folder / "availability.csv").write_text(
        "theme,unit_code,state,on_whose_word,valid_from,valid_to\n"
        "detailed,90010,complete,Sở Xây dựng,2025-07-01,\n"
        "urban_design,90010,partial,Sở Xây dựng,2025-07-01,\n",
        encoding="utf-8",
    )
    (folder / "carry.csv").write_text(
        "plan_code,resolution,effective,decision,basis\n"
        "QHC-TAY,1/NQ,2025-07-01,kept,Điều 59 khoản 1 Luật 47/2024/QH15\n"
        "QHC-DONG,1/NQ,2025-07-01,undecided,chưa có ý kiến\n",
        encoding="utf-8",
    )
    for command in (
        f"units {folder}/former.gpkg --valid-from 2020-01-01 --valid-to 2025-07-01",
        f"units {folder}/new.geojson --crs EPSG:9214 --valid-from 2025-07-01",
        f"mergers {folder}/mergers.csv --effective 2025-07-01",
        f"plan {folder}/plans.gpkg",
        f"parcels {folder}/parcels.shp --valid-from 2020-01-01 --map former_code=maxacu --map sheet=soto --map number=sothua"
        " --map land_use_code=mucdich",
        f"availability {folder}/availability.csv",
        f"carry-over {folder}/carry.csv",
    ):
        done = quyhoach(settings, "import", *command.split())
        assert done.returncode == 0, done.stderr
    publish_unchecked(settings, "thị trấn vẽ tay")
