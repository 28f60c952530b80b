"""The report on coverage as a document, and its table: what every form of it is made from."""

from datetime import date
from typing import Any

from api.documents.words import LEVELS
from api.routes.wiring import heading
from layers.outputs.tables import as_csv
from planning.coverage.comparison import FATES
from planning.errors import NotChecked, UnknownUnit
from planning.store.reading import Row

Record = dict[str, Any]

_LISTS = ("rows", "undrawn", "changes", "formers", "trend", "findings", "plans", "gaps")

COLUMNS = (
    "release", "on", "unit_code", "unit_name", "level", "level_vi", "area_ha", "planned_ha", "zoned_ha", "ratio_pct", "uncovered_ha",
    "rank", "of_uncovered_pct", "plans", "plan_codes", "merged_on", "former_communes", "former_not_drawn", "land_compared_ha",
    "before_pct", "after_pct", "difference_pct", "changes", "target_pct",
)  # fmt: skip
"""Columns of the table; they stay as they are named, and new ones come last."""


def report_document(row: Row, *, unit: str | None, on: date, srid: int) -> Record:
    """The document from the answer of the store. Raises `NotChecked` and `UnknownUnit`; shapes, where asked for, are in the storage CRS."""
    if not row["checked"]:
        raise NotChecked(on=on, release=row["release"])
    if unit is not None and row["unit"] is None:
        raise UnknownUnit(unit=unit, on=on)
    lists = {name: row[name] or [] for name in _LISTS}
    document = {
        **heading(row, on),
        "crs": f"EPSG:{srid}",
        "unit": row["unit"],
        **lists,
        "gaps_total": row["gaps_total"],
    }
    return {**document, "changes": [{**one, "formers": one["formers"] or []} for one in document["changes"]]}


def without_shapes(document: Record) -> Record:
    """The document as JSON has it."""
    bare: Record = {**document}
    for name in ("plans", "gaps"):
        bare[name] = [{key: value for key, value in one.items() if key != "shape"} for one in document[name]]
    if bare["unit"]:
        bare["unit"] = {key: value for key, value in bare["unit"].items() if key != "shape"}
    return bare


def as_table(document: Record) -> str:
    """One row a commune and level, with every figure the report has of it, as CSV."""
    changes = {(one["unit_code"], one["level"]): one for one in document["changes"]}
    rows = [_row(document, one, changes.get((one["unit_code"], one["level"]))) for one in document["rows"]]
    return as_csv(COLUMNS, rows)


def _row(document: Record, one: Record, change: Record | None) -> Record:
    return {
        "release": document["release"]["number"], "on": document["on"], "unit_code": one["unit_code"], "unit_name": one["unit_name"],
        "level": one["level"], "level_vi": LEVELS[one["level"]][0], "area_ha": _ha(one["area_m2"]), "planned_ha": _ha(one["planned_m2"]),
        "zoned_ha": _ha(one["zoned_m2"]), "ratio_pct": _pct(one["ratio_pct"]), "uncovered_ha": _ha(one["uncovered_m2"]),
        "rank": one["rank"], "of_uncovered_pct": _pct(one["of_uncovered_pct"]), "plans": len(one["plan_codes"]),
        "plan_codes": " ".join(one["plan_codes"]), "target_pct": one["target_pct"], **(_changed(change) if change else {}),
    }  # fmt: skip


def _changed(change: Record) -> Record:
    plans = [f"{one['code']}: {FATES[one['change']][0]} ({_ha(one['area_m2'])} ha)" for one in change["plans"]]
    return {
        "merged_on": change["merged_on"],
        "former_communes": " ".join(one["code"] for one in change["formers"]),
        "former_not_drawn": " ".join(one["code"] for one in change["formers"] if not one["drawn"]),
        "land_compared_ha": _ha(change["land_m2"]),
        "before_pct": _pct(change["before_pct"]),
        "after_pct": _pct(change["after_pct"]),
        "difference_pct": _pct(change["difference_pct"]),
        "changes": "; ".join(plans),
    }


def _ha(area_m2: float | None) -> float | None:
    """To the square metre."""
    return None if area_m2 is None else round(area_m2 / 1e4, 4)


def _pct(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
