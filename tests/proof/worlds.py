"""Made-up planning over real or sample ground, as files and the commands that bring them in: lines; plans with zones, words of offices,
what became of plans, and parcels that straddle real boundaries, with holes and in several parts.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely import affinity

from tests.proof.tables import Ground

Command = list[str]

PUBLISHED: Command = ["publish", "--by", "thử nghiệm", "--accept-all-errors", "dựng để thử"]
SUBJECTS = ("power", "transport", "dyke", "water")


def lines(ground: Ground, folder: Path, *, number: int, seed: int, since: date) -> list[Command]:
    """Control lines of every kind: along edges of zones and parcels, 0.1 mm off them, across, and corridors of many widths."""
    dice = np.random.default_rng(seed)
    drawn = [_line(ground, place, dice) for place in range(number)]
    path = folder / "lines.gpkg"
    _written(path, drawn, "control_line")
    return [["import", "control-lines", str(path), "--valid-from", str(since)]]


def _line(ground: Ground, place: int, dice: np.random.Generator) -> dict[str, Any]:
    held = next(one for one in (ground.parcels, ground.zones, ground.units) if one.rows)
    held = ground.units if not ground.parcels.rows or place % 7 == 0 else held
    corners = shapely.get_coordinates(held.shapes[dice.integers(len(held.rows))])
    at = int(dice.integers(len(corners) - 1))
    start, end = corners[at], corners[at + 1]
    off = (
        dice.choice([0.0, 0.0001, 0.0005, 0.02, 3.0])
        * np.array([end[1] - start[1], start[0] - end[0]])
        / np.hypot(*(end - start))
    )
    along = shapely.LineString([start + off, end + off])
    across = shapely.LineString([start - dice.uniform(20, 300, 2), start + dice.uniform(20, 300, 2)])
    row: dict[str, Any] = {
        "code": f"L{place}",
        "kind": ("red_line", "building_line", "corridor", "corridor", "boundary_marker")[place % 5],
    }
    if place % 5 == 4:
        return row | {"geometry": shapely.Point(start)}
    if place % 5 == 3:
        return row | {"subject": "dyke", "geometry": shapely.Point(start).buffer(dice.uniform(10, 200), quad_segs=3)}
    if place % 5 == 2:
        return row | {
            "subject": str(dice.choice(SUBJECTS)),
            "half_width_m": float(dice.choice([2.0, 7.5, 15.0, 60.0])),
            "geometry": across,
        }
    return row | {"geometry": along if dice.uniform() < 0.7 else across}


def planning(
    ground: Ground, folder: Path, *, zones_each: int, parcels: int, seed: int, resolution: str | None = None
) -> list[Command]:
    """Over the communes of a day: a general plan each with zones, subdivision plans across communes, an amendment, parcels; where a
    resolution is named, what became of the general plans at it on 2025-07-01.
    """
    dice = np.random.default_rng(seed)
    communes = [row for row in ground.units.rows if row["level"] == "commune" and row["id"] not in ground.ended]
    plans = [_general(row) for row in communes]
    zones = [zone for plan in plans for zone in _zones(plan, zones_each, dice)]
    for row in dice.permutation(np.arange(len(communes)))[:60]:
        centre = shapely.get_coordinates(communes[row]["geom"])[0]
        drawn = _blob(centre, dice.uniform(300, 2500), dice)
        plan = _plan(f"QHPK-{row}", "subdivision", drawn, amends=f"QHPK-{row - 1}" if row % 3 == 0 and row else None)
        plans.append(plan)
        zones += _zones(plan, zones_each, dice)
    _written(folder / "plans.gpkg", plans, "plan")
    _written(folder / "plans.gpkg", zones, "zone")
    _written(folder / "parcels.gpkg", list(_parcels(communes, parcels, dice)), "parcel")
    (folder / "words.csv").write_text(_words(communes, dice), encoding="utf-8")
    commands = [
        ["import", "plan", str(folder / "plans.gpkg")],
        ["import", "parcels", str(folder / "parcels.gpkg"), "--valid-from", "2025-03-01"],
        ["import", "availability", str(folder / "words.csv")],
    ]
    if resolution:
        (folder / "carry.csv").write_text(
            _carried([row["code"] for row in communes], resolution, dice), encoding="utf-8"
        )
        commands.append(["import", "carry-over", str(folder / "carry.csv")])
    return commands


def amendments(folder: Path, *, plans: int, parcels: int, seed: int) -> list[Command]:
    """Two communes of 2 km with plans of two levels on one heap, most of them amendments of one drawn before, some ended or yet to come,
    and parcels across them; two plans amend each other.
    """
    dice = np.random.default_rng(seed)
    west, south = 500_000.0, 2_300_000.0
    communes = [{"code": f"7000{at}", "name": f"Xã {at}", "province_code": "70",
        "geometry": shapely.box(west + at * 2_000, south, west + at * 2_000 + 2_000, south + 2_000)} for at in (0, 1)]  # fmt: skip
    drawn: list[dict[str, Any]] = []
    zones: list[dict[str, Any]] = []
    for place in range(plans):
        code, before = f"DC-{place}", f"DC-{dice.integers(place)}" if place else None
        shape = _blob(np.array([west, south]) + dice.uniform(700, [3_300, 1_300]), dice.uniform(200, 700), dice)
        plan = _plan(
            code, "subdivision" if place % 5 else "detailed", shape, amends=before if dice.uniform() < 0.75 else None
        )
        plan["valid_from"], plan["valid_to"] = [
            ("2025-03-01", None),
            ("2025-08-01", None),
            ("2025-03-01", "2025-10-01"),
        ][place % 7 if place % 7 < 3 else 0]
        drawn.append(plan)
        zones += _zones(plan, 10, dice)
    around = [{"code": "70000", "geom": shape["geometry"]} for shape in (*drawn, *zones)]
    drawn[0]["amends"] = "DC-1"
    drawn[1]["amends"] = "DC-0"
    _written(folder / "communes.gpkg", communes, "unit")
    _written(folder / "plans.gpkg", drawn, "plan")
    _written(folder / "plans.gpkg", zones, "zone")
    _written(folder / "parcels.gpkg", list(_parcels(around, parcels, dice)), "parcel")
    return [
        ["import", "units", str(folder / "communes.gpkg"), "--valid-from", "2025-01-01"],
        ["import", "plan", str(folder / "plans.gpkg")],
        ["import", "parcels", str(folder / "parcels.gpkg"), "--valid-from", "2025-03-01"],
        PUBLISHED,
    ]


def _plan(code: str, level: str, shape: Any, amends: str | None = None) -> dict[str, Any]:
    return {"code": code, "name": f"Quy hoạch {code}", "kind": "urban", "level": level, "scale": 5000, "decision_number": code,
        "decision_date": "2025-02-01", "approver": "UBND tỉnh", "amends": amends, "valid_from": "2025-03-01",
        "geometry": shape}  # fmt: skip


def _general(commune: dict[str, Any]) -> dict[str, Any]:
    return _plan(f"QHC-{commune['code']}", "general", commune["geom"])


def _blob(centre: Any, radius: float, dice: np.random.Generator) -> Any:
    turns = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    away = radius * dice.uniform(0.6, 1.0, size=24)
    return shapely.Polygon(centre + np.column_stack([np.cos(turns), np.sin(turns)]) * away[:, None])


def _zones(plan: dict[str, Any], number: int, dice: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Cells around random places; one in nine is left out, and one in nine has a hole."""
    shape = plan["geometry"]
    west, south, east, north = shape.bounds
    seeds = shapely.MultiPoint(dice.uniform([west, south], [east, north], size=(number, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=shape.envelope))
    for place, cell in enumerate(shapely.intersection(cells, shape)):
        area = shapely.MultiPolygon(
            [one for one in shapely.get_parts(cell) if one.geom_type == "Polygon" and one.area > 1]
        )
        if area.is_empty or place % 9 == 4:
            continue
        if place % 9 == 7:
            area = area.difference(area.point_on_surface().buffer(area.area**0.5 / 10, quad_segs=4))
        yield {"plan_code": plan["code"], "lot_symbol": f"Z{place}", "function_scheme": "planning",
            "function_code": ("Nhomnhao", "CayxanhCC", "Congnghiep", "Honhop")[place % 4], "geometry": area}  # fmt: skip


def _parcels(communes: list[dict[str, Any]], number: int, dice: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Turned rectangles of 20 m² to 10 ha, half of them on a boundary; every seventh with a hole, every eleventh in two."""
    for place in range(number):
        commune = communes[place % len(communes)]
        corners = shapely.get_coordinates(commune["geom"])
        west, south, east, north = commune["geom"].bounds
        centre = corners[dice.integers(len(corners))] if place % 2 else dice.uniform([west, south], [east, north])
        wide, long = np.exp(dice.uniform(np.log(4), np.log(300), size=2))
        shape = shapely.box(centre[0] - wide / 2, centre[1] - long / 2, centre[0] + wide / 2, centre[1] + long / 2)
        if place % 7 == 0:
            shape = shape.difference(affinity.scale(shape, 0.4, 0.4))
        if place % 11 == 0:
            shape = shapely.union_all([shape, affinity.translate(shape, wide + 5, 3)])
        shape = affinity.rotate(shape, dice.uniform(0, 90))
        yield {"former_code": commune["code"], "sheet": 1 + place // 500, "number": 1 + place % 500, "geometry": shape}


def _words(communes: list[dict[str, Any]], dice: np.random.Generator) -> str:
    rows = ["theme,unit_code,state,on_whose_word,valid_from,valid_to"]
    for row in communes:
        for theme in ("subdivision", "detailed", "corridors", "building_lines"):
            state = dice.choice(["complete", "complete", "partial", ""])
            if state:
                rows.append(
                    f"{theme},{row['code']},{state},Sở {row['code']},{row['valid_from']},{row['valid_to'] or ''}"
                )
    return "\n".join(rows) + "\n"


def _carried(codes: list[str], resolution: str, dice: np.random.Generator) -> str:
    rows = ["plan_code,resolution,effective,decision,basis"]
    for code in codes:
        decision = dice.choice(["kept", "undecided", "expired", "replaced", ""])
        if decision:
            rows.append(f"QHC-{code},{resolution},2025-07-01,{decision},thử")
    return "\n".join(rows) + "\n"


def _written(path: Path, rows: list[dict[str, Any]], name: str) -> None:
    gpd.GeoDataFrame(rows, crs="EPSG:9214").to_file(path, layer=name)
