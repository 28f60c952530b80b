"""What a check found, as files: GeoJSON, CSV, GeoPackage."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from layers.outputs.cells import inert
from layers.outputs.whole_files import written_whole
from planning.checks.catalogue import RULES
from planning.coverage.audit import Audit
from planning.findings import Finding
from planning.geometry import LONLAT, operation
from planning.store.records import Scope

SUFFIXES = (".geojson", ".json", ".csv", ".gpkg")


@dataclass(frozen=True, slots=True)
class Written:
    """What a file says of its data: the storage CRS, and whether it is an illustration."""

    storage_srid: int
    illustration: bool


def write_findings(path: Path, result: Audit, scope: Scope, about: Written) -> None:
    """Write findings, and the ratios where the form has room for both. An older file of the name gives way."""
    with written_whole(path) as made:
        if path.suffix == ".gpkg":
            _geopackage(made, result, about)
        elif path.suffix == ".csv":
            pd.DataFrame([inert(row) for row in _rows(result)]).to_csv(made, index=False)
        else:
            made.write_text(
                json.dumps(_geojson(result, scope, about), ensure_ascii=False, default=str), encoding="utf-8"
            )


def _rows(result: Audit) -> Iterable[dict[str, Any]]:
    cases: list[int | None] = [*result.cases] or [None] * len(result.findings)
    for case, one in zip(cases, result.findings, strict=True):
        yield {
            "case": case, "check": one.check, "severity": one.severity, "level": one.level, "unit_codes": " ".join(one.unit_codes),
            "plan_codes": " ".join(one.plan_codes), "zones": " ".join(one.subjects), "area_m2": one.area_m2, "width_m": one.width_m,
            "facts": json.dumps(dict(one.facts), ensure_ascii=False, default=str), "title_vi": RULES[one.check].vi,
            "title_en": RULES[one.check].en, "advice_vi": RULES[one.check].advice_vi,
        }  # fmt: skip


def _geopackage(path: Path, result: Audit, about: Written) -> None:
    rows = list(_rows(result))
    if rows:
        shapes = [one.shape for one in result.findings]
        frame = gpd.GeoDataFrame(rows, geometry=shapes, crs=f"EPSG:{about.storage_srid}")
        pyogrio.write_dataframe(frame, path, layer="findings", driver="GPKG", promote_to_multi=True)
    if result.covered:
        ratios = pd.DataFrame(
            [
                {**asdict(one), "plan_codes": " ".join(one.plan_codes), "ratio_pct": 100 * one.ratio}
                for one in result.covered
            ]
        )
        pyogrio.write_dataframe(ratios, path, layer="coverage", driver="GPKG", append=path.exists())


def _geojson(result: Audit, scope: Scope, about: Written) -> dict[str, Any]:
    to_lonlat = operation(about.storage_srid, LONLAT)
    cases: list[int | None] = [*result.cases] or [None] * len(result.findings)
    return {
        "type": "FeatureCollection",
        "illustration": about.illustration,
        "release": scope.release,
        "on": scope.on.isoformat(),
        "features": [_feature(case, one, to_lonlat) for case, one in zip(cases, result.findings, strict=True)],
    }


def _feature(case: int | None, one: Finding, to_lonlat: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": json.loads(shapely.to_geojson(shapely.transform(one.shape, to_lonlat.coordinates))),
        "properties": {
            "case": case, "check": one.check, "severity": one.severity, "level": one.level, "unit_codes": list(one.unit_codes),
            "plan_codes": list(one.plan_codes), "zones": list(one.subjects), "area_m2": one.area_m2, "width_m": one.width_m,
            "facts": dict(one.facts),
        },
    }  # fmt: skip
