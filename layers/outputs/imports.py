"""The report of an import as a GeoPackage: every refused feature with its shape, where and why, and the repairs, for a map program."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from layers.ingest.repairs import REPAIRS
from layers.ingest.report import Report
from planning.errors import NotAllowed


def write_geopackage(path: Path, report: Report) -> None:
    """Layers `refused` (shapes as they came, in the CRS of the source), `repairs`, `counts`. An older file of the name gives way."""
    path.unlink(missing_ok=True)
    try:
        if report.refused:
            _write_refused(path, report)
        tables = {"repairs": _repairs(report), "counts": [{"name": name, "number": n} for name, n in report.counts.items()],
            "warnings": [{"warning": one} for one in report.warnings]}  # fmt: skip
        for layer, rows in tables.items():
            if rows:
                pyogrio.write_dataframe(pd.DataFrame(rows), path, layer=layer, driver="GPKG", append=path.exists())
    except (OSError, pyogrio.errors.DataSourceError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise NotAllowed(vi=f"không ghi được {path}: {why}.", en=f"{path} cannot be written: {why}.") from error


def _write_refused(path: Path, report: Report) -> None:
    rows = [
        {"layer": one.layer, "feature": one.feature, "field": one.field, "reason": one.reason, "reason_vi": one.reason_vi,
            "message": one.message}
        for one in report.refused
    ]  # fmt: skip
    shapes = [None if one.geometry is None else shapely.geometry.shape(one.geometry) for one in report.refused]
    crs = f"EPSG:{report.source_crs}" if report.source_crs else None
    frame = gpd.GeoDataFrame(rows, geometry=gpd.GeoSeries(shapes, crs=crs))
    pyogrio.write_dataframe(frame, path, layer="refused", driver="GPKG", geometry_type="Unknown")


def _repairs(report: Report) -> list[dict[str, Any]]:
    return [
        {"layer": layer, "feature": feature, "repair": name, "vi": REPAIRS[name][0], "en": REPAIRS[name][1]}
        for (name, layer), features in report.repairs.items()
        for feature in features
    ]
