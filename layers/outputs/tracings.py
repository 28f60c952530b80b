"""A tracing as a GeoPackage: layers plan and zone as `quyhoach import plan` reads them, and what was of no known colour."""

from pathlib import Path

import geopandas as gpd
import pyogrio

from layers.ingest.plans import Sources
from layers.outputs.whole_files import written_whole
from planning.geometry import Shapes


def write_tracing(path: Path, sources: Sources, unread: Shapes) -> None:
    """Write the file beside its place and put it there whole; an older file of the name gives way."""
    with written_whole(path) as made:
        crs = f"EPSG:{sources.plans.crs}"
        layers = {
            "plan": [(sources.plans.fields, sources.plans.shapes)],
            "zone": [(lot.fields, lot.shapes) for lot in sources.zones.lots()],
        }
        for name, lots in layers.items():
            for fields, shapes in lots:
                frame = gpd.GeoDataFrame(fields, geometry=list(shapes), crs=crs)
                pyogrio.write_dataframe(frame, made, layer=name, driver="GPKG", promote_to_multi=True)
        if len(unread):
            areas = [round(shape.area, 2) for shape in unread]
            frame = gpd.GeoDataFrame({"area_m2": areas}, geometry=list(unread), crs=crs)
            pyogrio.write_dataframe(frame, made, layer="unread", driver="GPKG", promote_to_multi=True)
