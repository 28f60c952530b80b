"""A slow and simple checker, written apart from the generator and from the coverage engine: union, difference, intersection."""

from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import geopandas
import numpy as np
import shapely

ON = "2026-01-15"
TOLERANCE_M = 0.001


@dataclass(frozen=True)
class Found:
    check: str
    level: str
    unit_codes: tuple[str, ...]
    plan_codes: tuple[str, ...]
    shape: shapely.Polygon


def read(*sources: tuple[Path, str]) -> geopandas.GeoDataFrame:
    """Layers of several files as one, in EPSG:9214."""
    frames = [geopandas.read_file(path, layer=layer).to_crs(9214) for path, layer in sources]
    return geopandas.GeoDataFrame(geopandas.pd.concat(frames, ignore_index=True), crs=9214)


def findings(files) -> list[Found]:
    units = read((files.new_units, "unit"))
    sources = (files.plans_a_earlier, files.plans_a, files.plans_b)
    plans = read(*((path, "plan") for path in sources)).assign(file=_origin(sources, "plan"))
    zones = read(*((path, "zone") for path in sources)).assign(file=_origin(sources, "zone"))
    plans = plans[(plans.valid_from <= ON) & (plans.valid_to.isna() | (plans.valid_to > ON))]
    of_plans = [*_overlapping(plans), *_of_zones(plans, zones)]
    return [*_of_units(units), *_uncovered(units, plans), *(_placed(one, units) for one in of_plans)]


def _placed(found: Found, units: geopandas.GeoDataFrame) -> Found:
    communes = units[(units.code.str.len() == 5) & units.intersects(found.shape)]
    return replace(found, unit_codes=tuple(sorted(communes.code)))


def _origin(sources, layer: str) -> list[str]:
    return [path.name for path in sources for _ in range(len(geopandas.read_file(path, layer=layer)))]


def _of_units(units: geopandas.GeoDataFrame) -> list[Found]:
    communes, province = units[units.code.str.len() == 5], units[units.code.str.len() == 2].geometry.iloc[0]
    found = []
    for (_, one), (_, other) in combinations(communes.iterrows(), 2):
        codes = tuple(sorted((one.code, other.code)))
        found += [Found("unit.overlap", "unit", codes, (), part) for part in wide(one.geometry & other.geometry)]
    for part in wide(province - shapely.union_all(communes.geometry)):
        beside = communes[communes.distance(part) < TOLERANCE_M]
        found.append(Found("unit.gap", "unit", tuple(sorted(beside.code)), (), part))
    return found


def _uncovered(units: geopandas.GeoDataFrame, plans: geopandas.GeoDataFrame) -> list[Found]:
    found = []
    for level, ours in plans.groupby("level"):
        covered = shapely.union_all(ours.geometry)
        for _, commune in units[units.code.str.len() == 5].iterrows():
            parts = wide(commune.geometry - covered)
            found += [Found("level.uncovered", str(level), (commune.code,), (), part) for part in parts]
    return found


def _overlapping(plans: geopandas.GeoDataFrame) -> list[Found]:
    found = []
    for level, ours in plans.groupby("level"):
        for (_, one), (_, other) in combinations(ours.iterrows(), 2):
            if one.code in (other.amends, other.code) or other.code == one.amends:
                continue
            codes = tuple(sorted((one.code, other.code)))
            found += [
                Found("plan.overlap", str(level), (), codes, part) for part in wide(one.geometry & other.geometry)
            ]
    return found


def _of_zones(plans: geopandas.GeoDataFrame, zones: geopandas.GeoDataFrame) -> list[Found]:
    found = []
    for _, plan in plans.iterrows():
        mine = zones[(zones.plan_code == plan.code) & (zones.file == plan.file)].geometry.to_numpy()
        union = shapely.union_all(mine)
        pairs = shapely.STRtree(mine).query(mine, predicate="intersects").T
        common = [mine[i] & mine[j] for i, j in pairs if i < j]
        shapes = {
            "plan.zone-gap": plan.geometry - union,
            "plan.zone-overhang": union - plan.geometry,
            "plan.zone-overlap": shapely.union_all([part for shape in common for part in wide(shape)]),
        }
        found += [
            Found(check, plan.level, (), (plan.code,), part) for check, shape in shapes.items() for part in wide(shape)
        ]
    return found


def wide(shape: shapely.Geometry) -> list[shapely.Polygon]:
    """The connected parts in which a disc as wide as the tolerance finds room, or that are as wide in the mean."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and part.area > 1e-9]
    return [
        part
        for part in parts
        if 2 * part.area / part.length > TOLERANCE_M or not part.buffer(-TOLERANCE_M / 2).is_empty
    ]


def same(found: Found, truth: dict) -> bool:
    """The same check on the same units and plans, and the same place to within a hundredth of its area."""
    if (found.check, found.level) != (truth["check"], truth["level"]):
        return False
    if list(found.unit_codes) != truth["unit_codes"] or list(found.plan_codes) != truth["plan_codes"]:
        return False
    shape = shapely.from_wkt(truth["wkt"])
    allowed = max(1e-3, 0.01 * truth["area_m2"])
    return abs(found.shape.area - truth["area_m2"]) < allowed and (found.shape ^ shape).area < np.maximum(
        2e-3, 2 * allowed
    )
