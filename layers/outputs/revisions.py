"""What a draft changes of plans, as files: JSON with areas, GeoPackage with shapes."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio

from layers.outputs.whole_files import written_whole
from planning.revisions import FactChange, Revision, ZoneChange, ZoneState

SUFFIXES = (".json", ".gpkg")


def write_revisions(path: Path, found: Sequence[Revision], srid: int) -> None:
    """Write what changes: `.json` by areas; `.gpkg` with layers `plan`, `boundary`, `zone` in the storage CRS. An older file gives way."""
    with written_whole(path) as made:
        if path.suffix == ".gpkg":
            _geopackage(made, found, srid)
        else:
            document = [revision_document(one) for one in found]
            made.write_text(json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")


def revision_document(one: Revision) -> dict[str, Any]:
    """One plan's changes by name and area, m²."""
    return {
        "plan": one.plan.code,
        "valid_from": one.plan.since,
        "change": change_of(one),
        "facts": _facts(one.facts),
        "boundary": {"gained_m2": one.gained.area, "lost_m2": one.lost.area},
        "zones": [_zone(zone) for zone in one.zones],
        "moved": [{"from": pair[0], "to": pair[1], "area_m2": area} for pair, area in one.moved.items()],
    }


def change_of(one: Revision) -> str:
    """Whether the plan is new, withdrawn, changed or the same."""
    if one.before is None:
        return "added"
    if one.after is None:
        return "gone"
    return "changed" if one.changes else "same"


def _facts(changes: Sequence[FactChange]) -> list[dict[str, Any]]:
    return [{"name": one.name, "before": one.before, "after": one.after} for one in changes]


def _zone(one: ZoneChange) -> dict[str, Any]:
    return {**_named(one), "facts": _facts(one.facts)}


def _named(one: ZoneChange) -> dict[str, Any]:
    before, after = one.before, one.after
    return {
        "change": one.change, "symbol_before": _of(before, "symbol"), "symbol_after": _of(after, "symbol"),
        "function_before": _of(before, "function"), "function_after": _of(after, "function"),
        "before_m2": before.shape.area if before else None, "after_m2": after.shape.area if after else None,
        "gained_m2": one.gained.area, "lost_m2": one.lost.area,
    }  # fmt: skip


def _of(zone: ZoneState | None, name: str) -> Any:
    return getattr(zone, name) if zone else None


def _geopackage(path: Path, found: Sequence[Revision], srid: int) -> None:
    plans = [
        {"plan": one.plan.code, "change": change_of(one), "gained_m2": one.gained.area, "lost_m2": one.lost.area,
         "facts": json.dumps(_facts(one.facts), ensure_ascii=False, default=str), "geometry": one.plan.shape}
        for one in found
    ]  # fmt: skip
    zones = [
        {"plan": one.plan.code, **_named(zone), "facts": json.dumps(_facts(zone.facts), ensure_ascii=False, default=str),
         "geometry": zone.shape}
        for one in found
        for zone in one.zones
    ]  # fmt: skip
    for layer, rows in (("plan", plans), ("boundary", list(_boundaries(found))), ("zone", zones)):
        if rows:
            frame = gpd.GeoDataFrame(rows, crs=f"EPSG:{srid}")
            pyogrio.write_dataframe(
                frame, path, layer=layer, driver="GPKG", promote_to_multi=True, append=path.exists()
            )


def _boundaries(found: Sequence[Revision]) -> Iterator[dict[str, Any]]:
    for one in found:
        for change, shape in (("gained", one.gained), ("lost", one.lost)):
            if not shape.is_empty:
                yield {"plan": one.plan.code, "change": change, "area_m2": shape.area, "geometry": shape}
