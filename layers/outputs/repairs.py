"""Proposals of repair as files: GeoPackage in the storage CRS, GeoJSON in lon/lat; both with what changes and what is left to a person."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import shapely

from layers.outputs.whole_files import written_whole
from planning.coverage.dossier import Chapter
from planning.coverage.misfits import REASONS
from planning.geometry import LONLAT, operation

SUFFIXES = (".gpkg", ".geojson", ".html")

Record = dict[str, Any]


def write_repairs(path: Path, chapters: Sequence[Chapter], storage_srid: int, page: Callable[[], str]) -> None:
    """Write in the form the suffix says, in the place of an older file; `page` makes the HTML."""
    with written_whole(path) as made:
        if path.suffix == ".gpkg":
            _geopackage(made, _layers(chapters), storage_srid)
        elif path.suffix == ".html":
            made.write_text(page(), encoding="utf-8")
        else:
            made.write_text(json.dumps(_geojson(_layers(chapters), storage_srid), ensure_ascii=False), encoding="utf-8")


def _layers(chapters: Sequence[Chapter]) -> dict[str, list[Record]]:
    layers: dict[str, list[Record]] = {"proposals": [], "before": [], "after": [], "left": []}
    for one in chapters:
        layers["proposals"] += _proposals(one)
        layers["before"] += _drawn(one, {place: one.shapes[place] for place in one.repair.changed})
        layers["after"] += _drawn(one, one.repair.changed)
        layers["left"] += _left(one)
    return layers


def _proposals(chapter: Chapter) -> list[Record]:
    return [
        {
            "subject": chapter.subject, "cluster": cluster, "action": one.action, "to": "" if one.to is None else chapter.names[one.to],
            "from": chapter.named(one.cut_from), "area_m2": one.area_m2, "geometry": one.shape,
        }
        for cluster, proposals in enumerate(chapter.repair.clusters, 1) for one in proposals
    ]  # fmt: skip


def _drawn(chapter: Chapter, shapes: dict[int, Any]) -> list[Record]:
    """Polygons that change; one that is dropped has no shape after."""
    return [
        {"subject": chapter.subject, "name": chapter.names[place], "area_m2": float(shape.area), "geometry": shape}
        for place, shape in sorted(shapes.items())
    ]


def _left(chapter: Chapter) -> list[Record]:
    return [
        {
            "subject": chapter.subject, "kind": one.misfit.kind, "names": chapter.named(one.misfit.places), "reason": one.reason,
            "reason_vi": REASONS[one.reason][0], "reason_en": REASONS[one.reason][1], "area_m2": float(one.misfit.shape.area),
            "geometry": one.misfit.shape,
        }
        for one in chapter.repair.proof.left
    ]  # fmt: skip


def _geopackage(path: Path, layers: dict[str, list[Record]], srid: int) -> None:
    """Layers that have features; where nothing is proposed and nothing left, an empty layer of proposals says so."""
    for name, rows in layers.items():
        if rows:
            frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=f"EPSG:{srid}")
            pyogrio.write_dataframe(frame, path, layer=name, driver="GPKG", append=path.exists(), promote_to_multi=True)
    if not path.exists():
        none = gpd.GeoDataFrame({"subject": []}, geometry=[], crs=f"EPSG:{srid}")
        pyogrio.write_dataframe(none, path, layer="proposals", driver="GPKG", geometry_type="MultiPolygon")


def _geojson(layers: dict[str, list[Record]], srid: int) -> Record:
    to_lonlat = operation(srid, LONLAT).coordinates
    features = []
    for layer, rows in layers.items():
        for row in rows:
            shape = shapely.transform(row["geometry"], to_lonlat)
            facts = {name: value for name, value in row.items() if name != "geometry"}
            features.append(
                {
                    "type": "Feature",
                    "geometry": json.loads(shapely.to_geojson(shape)),
                    "properties": {"layer": layer, **facts},
                }
            )
    return {"type": "FeatureCollection", "features": features}
