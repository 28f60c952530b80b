"""The drawn town as offices send it: the same lots in every format, written by other programs' libraries."""

import zipfile
from pathlib import Path

import ezdxf
import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from layers.sources.facts import Chunk, Features, Reading
from layers.sources.opening import features
from tests.town import strip, town_ring

LOTS = [
    {"ma_lo": "O-1", "ten": "Đất ở Hòa Bình", "tang": 5, "mat_do": 62.5, "geometry": strip(0, 150)},
    {"ma_lo": "CX-1", "ten": "Cây xanh Thủy Nguyên", "tang": 1, "mat_do": 0.5, "geometry": strip(150, 300)},
    {"ma_lo": "CN-1", "ten": "=HYPERLINK(1)", "tang": 3, "mat_do": 40.0, "geometry": town_ring("BCFE")},
]
NAMES = ["ma_lo", "ten", "tang", "mat_do"]
DRIVERS = {
    "gpkg": "GPKG", "geojson": "GeoJSON", "shp": "ESRI Shapefile", "fgb": "FlatGeobuf", "gml": "GML", "kml": "LIBKML",
    "gdb": "OpenFileGDB", "tab": "MapInfo File", "mif": "MapInfo File",
}  # fmt: skip
BOUNDS = {"BOUNDS": "400000,2300000,440000,2400000"}
"""MapInfo keeps whole numbers between bounds; these give it a step of 0.02 mm."""


def lots(crs: str = "EPSG:9214") -> gpd.GeoDataFrame:
    """The lots of the town."""
    return gpd.GeoDataFrame(LOTS, crs=crs)


def written(folder: Path, suffix: str, frame: gpd.GeoDataFrame | None = None, name: str = "lots") -> Path:
    """The lots as a file of that format."""
    frame, path = lots() if frame is None else frame, folder / f"{name}.{suffix}"
    if suffix == "parquet":
        frame.to_parquet(path)
    elif suffix == "csv":
        table = pd.DataFrame(frame.drop(columns="geometry")).assign(WKT=frame.geometry.to_wkt(rounding_precision=6))
        table.to_csv(path, index=False, encoding="utf-8-sig")
    elif suffix in {"tab", "mif"}:
        pyogrio.write_dataframe(frame, path, driver=DRIVERS[suffix], layer_options={**BOUNDS, "ENCODING": "UTF-8"})
    else:
        options = {"TARGET_ARCGIS_VERSION": "ARCGIS_PRO_3_2_OR_LATER"} if suffix == "gdb" else {}
        pyogrio.write_dataframe(frame, path, driver=DRIVERS[suffix], layer=name, layer_options=options)
    return path


def zipped(path: Path, *members: tuple[Path, str]) -> Path:
    """A zip of files under the names given."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, name in members:
            archive.write(file, name)
    return path


def chunks_of(path: Path, rows: int = 2, **reading: object) -> tuple[Features, list[Chunk]]:
    """A file, read."""
    opened = features(path, Reading(**reading))  # type: ignore[arg-type]
    return opened, list(opened.chunks(rows))


def whole(chunks: list[Chunk]) -> tuple[pd.DataFrame, np.ndarray]:
    """All rows and shapes of the chunks."""
    shapes = np.concatenate([chunk.shapes for chunk in chunks if chunk.shapes is not None])
    return pd.concat([chunk.fields for chunk in chunks], ignore_index=True), shapes


def off_by(ours: object, theirs: object) -> float:
    """How far two shapes are apart, metres."""
    return float(shapely.hausdorff_distance(ours, theirs))


def new_drawing(version: str = "R2010") -> ezdxf.document.Drawing:
    """An empty drawing with a style in an old Vietnamese font."""
    document = ezdxf.new(version)
    document.styles.add("VN", font=".VnTime")
    return document
