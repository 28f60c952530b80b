"""Writing the sample province: GeoPackages, tables and the list of what a checker must find."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyogrio
import shapely

from planning.geometry import Shapes, operation

DRAWN_IN = 9214
FILE_DATE = "2025-07-01T00:00:00.000Z"
"""Stands in every GeoPackage as the time of its last change, so that the same seed gives the same bytes."""

Progress = Callable[[str, int, int], None]


@contextmanager
def fixed_date() -> Iterator[None]:
    """GeoPackages written inside bear `FILE_DATE`."""
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": FILE_DATE})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


class Layer:
    """A layer of a GeoPackage in one CRS, written a piece at a time; shapes come in EPSG:9214."""

    def __init__(self, path: Path, name: str, epsg: int, drawn: str = "Polygon") -> None:
        self._path, self._name, self._epsg, self._drawn = path, name, epsg, drawn
        self._begun = False

    def write(self, columns: Mapping[str, Sequence[Any]], shapes: Shapes) -> None:
        """Add features."""
        frame = geopandas.GeoDataFrame(dict(columns), geometry=in_crs(shapes, self._epsg), crs=f"EPSG:{self._epsg}")
        pyogrio.write_dataframe(
            frame, self._path, layer=self._name, driver="GPKG", append=self._begun, geometry_type=self._drawn,
            SPATIAL_INDEX="NO",
        )  # fmt: skip
        self._begun = True


def in_crs(shapes: Shapes, epsg: int) -> Shapes:
    """The shapes in another zone of VN-2000, in whole micrometres: the last bits differ between machines."""
    if epsg == DRAWN_IN:
        return shapes
    moved = operation(DRAWN_IN, epsg).shapes(shapes)
    return np.asarray(shapely.transform(moved, lambda xy: np.round(xy, 6)), dtype=object)


def write_table(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """A CSV file of rows with the same columns."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """A JSON file that people can read."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
