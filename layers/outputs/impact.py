"""The impact report of a merger as a GeoPackage, in the storage CRS: what people open in QGIS."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from layers.outputs.whole_files import written_whole
from planning.mergers.impact import Impact

Record = dict[str, Any]


def write_impact(impact: Impact, path: Path, storage_srid: int) -> dict[str, int]:
    """Write every layer that has features, in the place of an earlier file; layer → features, 0 for one that was left out."""
    layers, lists = _layers(impact), _lists(impact)
    cells = [{"former": one.former, "new": one.new, "plan": one.plan, "area_m2": one.area_m2, "no_plan_m2": one.no_plan_m2}
             for one in impact.cells]  # fmt: skip
    with written_whole(path) as made:
        for name, rows in layers.items():
            if rows:
                frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=f"EPSG:{storage_srid}")
                _append(frame, made, name, promote_to_multi=True)
        for name, rows in {"matrix": cells, **lists}.items():
            if rows:
                _append(pd.DataFrame(rows), made, name)
    return {name: len(rows) for name, rows in {**layers, "matrix": cells, **lists}.items()}


def _lists(impact: Impact) -> dict[str, Sequence[Record]]:
    """What has no shape of its own, whole."""
    parcels = impact.situation.parcels
    return {
        "levels": [
            {"new": one.new, "level": one.level, "state": one.state, "covered_pct": 100 * one.covered, "overlap_m2": one.overlap_m2,
             "plans": " ".join(code for code, _ in one.plans)}
            for one in impact.levels
        ],
        "clashes": [
            {"new": one.new, "level": one.level, "plans": " ".join(one.plans), "area_m2": one.area_m2} for one in impact.clashes
        ],
        "parcel_moves": [{"former": one.former, "new": one.new, "parcels": one.parcels} for one in parcels.moves],
        "collisions": [
            {"new": one.new, "sheet": one.sheet, "number": one.number, "formers": " ".join(one.formers)} for one in parcels.collisions
        ],
    }  # fmt: skip


def _append(frame: pd.DataFrame, path: Path, layer: str, **options: bool) -> None:
    pyogrio.write_dataframe(frame, path, layer=layer, driver="GPKG", append=path.exists(), **options)


def _layers(impact: Impact) -> dict[str, Sequence[Record]]:
    situation = impact.situation
    return {
        "former_units": [
            {"code": unit.code, "name": unit.name, "district": unit.district, "how": unit.how, "geometry": unit.shape}
            for _, unit in sorted(situation.former.items()) if unit.shape is not None
        ],
        "new_units": [
            {"code": event.code, "name": event.name, "clause": event.label, "kind": event.kind,
             "how": situation.new[event.code].how or "derived", "geometry": impact.boundaries[event.code]}
            for event in situation.events if event.code in impact.boundaries
        ],
        "parts": [
            {"former": event.parts[place].code, "new": event.code, "extent": event.parts[place].extent, "clause": event.label,
             "how": impact.lands[event.label, place].how, "geometry": impact.lands[event.label, place].shape}
            for event in situation.events for place in range(len(event.parts)) if (event.label, place) in impact.lands
        ],
        "differences": [
            {"verdict": one.verdict, "former": one.former, "new": one.new, "expected": " ".join(one.expected),
             "explained_by": "; ".join(one.explained_by), "area_m2": one.area_m2, "width_m": one.width_m, "geometry": one.shape}
            for one in [*impact.comparison.differences, *(impact.province[0] if impact.province else ())]
        ],
        "plans": [
            {"code": one.plan.code, "name": one.plan.name, "level": one.plan.level, "carry_over": one.decision, "basis": one.basis,
             "former": " ".join(code for code, _ in one.units), "geometry": one.plan.shape}
            for one in impact.ledger
        ],
        "pieces": [
            {"former": one.former, "new": one.new, "area_m2": one.area_m2, "geometry": one.shape} for one in impact.pieces
        ],
        "seams": [
            {"kind": one.kind, "level": one.level, "units": " ".join(one.units), "plans": " ".join(one.plans), "cause": one.cause,
             "area_m2": one.area_m2, "width_m": one.width_m, "length_m": one.length_m, "crs": " ".join(str(crs or "?") for crs in one.crs),
             "geometry": one.shape}
            for one in impact.seams
        ],
    }  # fmt: skip
