"""The report of an import as a GeoPackage: every refused feature with its shape, where and why, and the repairs, for a map program."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from layers.ingest.repairs import REPAIRS
from layers.ingest.report import Report
from layers.outputs.whole_files import written_whole


def write_geopackage(path: Path, report: Report) -> None:
    """Layers `refused` and `marks` (shapes in the CRS of the source), `repairs`, `counts`, `warnings`. An older file of the name gives
    way. What the report counts only stands in `counts`, as `left_off_…`.
    """
    with written_whole(path) as made:
        if report.refused:
            _write_refused(made, report)
        if report.marks:
            _write_shapes(made, "marks", [one.as_json() for one in report.marks], report)
        for name, layer in report.repairs:
            _append(made, "repairs", _repairs(report, name, layer))
        counts = report.counts | {f"left_off_{name}": number for name, number in report.left_off.items()}
        _append(made, "counts", pd.DataFrame({"name": list(counts), "number": list(counts.values())}))
        _append(made, "warnings", pd.DataFrame({"warning": report.warnings}))


def _append(path: Path, layer: str, rows: pd.DataFrame) -> None:
    if len(rows):
        pyogrio.write_dataframe(rows, path, layer=layer, driver="GPKG", append=path.exists())


def _write_refused(path: Path, report: Report) -> None:
    rows = [
        {"layer": one.layer, "feature": one.feature, "field": one.field, "reason": one.reason, "reason_vi": one.reason_vi,
            "message": one.message}
        for one in report.refused
    ]  # fmt: skip
    shapes = [one.geometry for one in report.refused]
    _write_shapes(
        path, "refused", [{**row, "geometry": shape} for row, shape in zip(rows, shapes, strict=True)], report
    )


def _write_shapes(path: Path, layer: str, rows: list[dict[str, Any]], report: Report) -> None:
    """Rows whose `geometry` is GeoJSON or nothing, in the CRS of the source."""
    shapes = [None if row["geometry"] is None else shapely.geometry.shape(row["geometry"]) for row in rows]
    crs = f"EPSG:{report.source_crs}" if report.source_crs else None
    frame = gpd.GeoDataFrame(
        [{name: value for name, value in row.items() if name != "geometry"} for row in rows],
        geometry=gpd.GeoSeries(shapes, crs=crs),
    )
    pyogrio.write_dataframe(frame, path, layer=layer, driver="GPKG", geometry_type="Unknown", append=path.exists())


def _repairs(report: Report, name: str, layer: str) -> pd.DataFrame:
    """One kind of repair in one layer, a row for each feature: there may be as many as the file has."""
    vi, en = REPAIRS[name]
    told: dict[str, Any] = {"layer": layer, "feature": report.repairs[name, layer], "repair": name, "vi": vi, "en": en}
    return pd.DataFrame(told)
