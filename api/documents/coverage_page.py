"""The coverage of a province, or the plans of one commune, as a page that prints."""

from collections import defaultdict
from typing import Any

from api.documents.impact_page import environment
from api.documents.inventory_map import inventory_maps
from planning.checks.catalogue import RULES
from planning.coverage.comparison import FATES
from planning.plans import LEVELS

Record = dict[str, Any]

SEVERITIES = {"error": ("lỗi", "error"), "warning": ("cảnh báo", "warning"), "info": ("thông tin", "information")}
SHORT = {
    "general": "QHC",
    "subdivision": "QHPK",
    "detailed": "QHCT",
    "site_layout": "TMB",
    "urban_design": "TKĐT",
    "land_use": "QHSDĐ",
}
"""How planners abbreviate the levels."""

_ORDER = {level: place for place, level in enumerate(("unit", *LEVELS))}
_GRAVITY = {severity: place for place, severity in enumerate(SEVERITIES)}
_OF_LEVELS = ("rows", "changes", "trend", "plans", "findings", "gaps")
_COUNTED = ("errors", "warnings", "seams", "zones", "faulty_zones", "faulty_m2", "area_m2")


def as_page(report: Record) -> str:
    """HTML in Vietnamese and English from the report's document; levels in the order of the law, grave findings first."""
    shown = {name: sorted(report[name], key=lambda row: _ORDER[row["level"]]) for name in _OF_LEVELS}
    shown["findings"].sort(key=lambda row: _GRAVITY[row["severity"]])
    numbered = [{**one, "number": number} for number, one in enumerate(shown["gaps"], start=1)]
    document = {**report, **shown, "on": report["on"].isoformat()}
    return (
        environment()
        .get_template("coverage.html")
        .render(
            **{**document, "gaps": numbered}, levels=_levels(document), districts=_districts(report["formers"]),
            maps=inventory_maps(document), names={row["unit_code"]: row["unit_name"] for row in report["rows"]}, RULES=RULES,
            SEVERITIES=SEVERITIES, FATES=FATES, SHORT=SHORT,
        )
    )  # fmt: skip


def _levels(report: Record) -> list[Record]:
    """Each level with its rows, its sum, and its land before and after where that is known."""
    rows: dict[str, list[Record]] = defaultdict(list)
    changes: dict[str, list[Record]] = defaultdict(list)
    for one in report["rows"]:
        rows[one["level"]].append(one)
    for one in report["changes"]:
        changes[one["level"]].append(one)
    names = sorted(rows.keys() | changes.keys(), key=_ORDER.__getitem__)
    return [
        {"level": name, "rows": rows[name], "sum": _sum(rows[name]), "changes": changes[name], "compared": _compared(changes[name])}
        for name in names
    ]  # fmt: skip


def _sum(rows: list[Record]) -> Record:
    area, planned = (sum(row[name] for row in rows) for name in ("area_m2", "planned_m2"))
    return {
        "uncovered_m2": sum(row["uncovered_m2"] for row in rows),
        "ratio_pct": 100 * planned / area if area else None,
    }


def _compared(changes: list[Record]) -> Record | None:
    """Over the communes of which it is known; None where it is known of none."""
    known = [one for one in changes if one["land_m2"] is not None]
    land, before, after = (sum(one[name] for one in known) for name in ("land_m2", "before_m2", "after_m2"))
    if not known:
        return None
    return {
        "land_m2": land, "before_pct": 100 * before / land, "after_pct": 100 * after / land,
        "difference_pct": 100 * (after - before) / land, "known": len(known),
    }  # fmt: skip


def _districts(formers: list[Record]) -> list[Record]:
    """Former districts by the share of their zones with findings; undrawn communes are counted apart."""
    groups: dict[str, list[Record]] = defaultdict(list)
    for one in formers:
        groups[one["district"] or ""].append(one)
    found = []
    for district, members in groups.items():
        drawn = [one for one in members if one["area_m2"] is not None]
        sums: Record = {name: sum(one[name] for one in drawn) for name in _COUNTED}
        found.append({"district": district, "communes": len(members), "undrawn": len(members) - len(drawn), **sums})
    return sorted(found, key=lambda one: (-one["errors"], -one["warnings"], one["district"]))
