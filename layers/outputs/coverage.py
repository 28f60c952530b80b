"""The report on coverage as a GeoPackage, in the storage CRS: communes with their ratios, uncovered places, findings, former communes."""

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from planning.checks.catalogue import RULES
from planning.errors import NotAllowed
from planning.store.outlines import OutlinesOfReport

Record = dict[str, Any]

_ABOUT = (
    "ratio_pct", "uncovered_m2", "rank", "of_uncovered_pct", "planned_m2", "zoned_m2", "target_pct",
)  # fmt: skip
_CHANGED = ("before_pct", "after_pct", "difference_pct")


def write_coverage(document: Record, outlines: OutlinesOfReport, path: Path, storage_srid: int) -> dict[str, int]:
    """Write every layer that has rows, in the place of an earlier file; layer → rows. `document` is that of the report."""
    path.unlink(missing_ok=True)
    layers = {
        "communes": _communes(document, outlines.units),
        "uncovered": [one for one in _findings(outlines.findings) if one["check"] == "level.uncovered"],
        "findings": [one for one in _findings(outlines.findings) if one["check"] != "level.uncovered"],
        "former_communes": _formers(document, outlines.formers),
    }
    tables = {"about": [_about(document)], "changes": _changes(document), "trend": document["trend"]}
    try:
        for name, rows in layers.items():
            if rows:
                frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=f"EPSG:{storage_srid}")
                pyogrio.write_dataframe(
                    frame, path, layer=name, driver="GPKG", append=path.exists(), promote_to_multi=True
                )
        for name, rows in tables.items():
            if rows:
                pyogrio.write_dataframe(pd.DataFrame(rows), path, layer=name, driver="GPKG", append=path.exists())
    except (OSError, pyogrio.errors.DataSourceError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise NotAllowed(vi=f"không ghi được {path}: {why}.", en=f"{path} cannot be written: {why}.") from error
    return {name: len(rows) for name, rows in {**layers, **tables}.items()}


def _about(document: Record) -> Record:
    """What the file is of: release, day, CRS, and whether it is an illustration without legal force."""
    return {
        "release": document["release"]["number"], "on": str(document["on"]), "crs": document["crs"],
        "illustration": document["release"]["illustration"], "note": document["release"]["note"],
    }  # fmt: skip


def _communes(document: Record, shapes: dict[str, Any]) -> list[Record]:
    """One row a commune with the figures of every level beside each other: general_ratio_pct, land_use_rank …"""
    rows: dict[str, Record] = {}
    for one in document["rows"]:
        if one["unit_code"] in shapes:
            row = rows.setdefault(one["unit_code"], {
                "code": one["unit_code"], "name": one["unit_name"], "area_m2": one["area_m2"], "geometry": shapes[one["unit_code"]],
            })  # fmt: skip
            row |= {f"{one['level']}_{name}": one[name] for name in _ABOUT}
            row[f"{one['level']}_plans"] = " ".join(one["plan_codes"])
    for one in document["changes"]:
        if one["unit_code"] in rows:
            rows[one["unit_code"]] |= {f"{one['level']}_{name}": one[name] for name in _CHANGED}
    return list(rows.values())


def _findings(found: list[Record]) -> list[Record]:
    return [
        {
            **{name: value for name, value in one.items() if name not in {"facts", "geometry"}},
            **{name: " ".join(one[name]) for name in ("unit_codes", "plan_codes", "subjects")},
            "title_vi": RULES[one["check"]].vi, "title_en": RULES[one["check"]].en, "advice_vi": RULES[one["check"]].advice_vi,
            "facts": json.dumps(one["facts"], ensure_ascii=False), "geometry": one["geometry"],
        }
        for one in found
    ]  # fmt: skip


def _formers(document: Record, shapes: dict[tuple[str, str], Any]) -> list[Record]:
    """Those with a boundary; of the others the JSON says that nothing is known."""
    return [
        {
            **{name: value for name, value in one.items() if name not in {"now_codes", "ratios"}},
            "now_codes": " ".join(one["now_codes"]),
            **{f"{level}_ratio_pct": pct for level, pct in (one["ratios"] or {}).items()},
            "geometry": shapes[one["code"], one["merged_on"]],
        }
        for one in document["formers"] if (one["code"], one["merged_on"]) in shapes
    ]  # fmt: skip


def _changes(document: Record) -> list[Record]:
    return [
        {
            **{name: value for name, value in one.items() if name not in {"formers", "plans"}},
            "formers": " ".join(former["code"] for former in one["formers"]),
            "not_drawn": " ".join(former["code"] for former in one["formers"] if not former["drawn"]),
            "plans": "; ".join(f"{plan['code']} {plan['change']} {plan['area_m2']:.0f} m²" for plan in one["plans"]),
        }
        for one in document["changes"]
    ]
