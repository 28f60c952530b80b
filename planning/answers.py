"""The answer: for each theme one of four states, and what applies. Pure: records in, a document out.

The four states are never collapsed: a plan applies; none applies, on an office's word that its data is complete; there is no
data; or a plan of the former unit awaits a decision. Plans of one level that lie on each other are all shown and flagged,
for the law knows no automatic precedence (Law 47/2024/QH15, article 8.2).
"""

from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

from planning.documents import TYPES, missing
from planning.functions import function_of
from planning.parcels import NOISE_AREA_M2, is_noise
from planning.plans import THEMES, Theme, related

State = Literal["applies", "none", "no_data", "not_carried_over"]
Record = dict[str, Any]

ENDED = {"replaced", "expired"}

DISCLAIMER = {
    "vi": "Thông tin tra cứu từ dữ liệu đã công bố, không thay thế văn bản cung cấp thông tin quy hoạch của cơ quan có thẩm quyền.",
    "en": "Information from published data; it does not replace a written statement of planning by the competent authority.",
}
ILLUSTRATION = {
    "vi": "DỮ LIỆU MINH HỌA, không có thật và không có giá trị pháp lý. ",
    "en": "ILLUSTRATION: invented data without legal force. ",
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the store knows of a place or a parcel. `area_m2` is that of the parcel, None for a point."""

    units: list[Record]
    plans: list[Record]
    zones: list[Record]
    availability: list[Record]
    conflicts: frozenset[tuple[int, int]]
    area_m2: float | None = None


def themes(recorded: Recorded) -> list[Record]:
    """One entry a theme, in the order of the law's levels."""
    plans = [plan for plan in recorded.plans if plan["carried"] not in ENDED]
    zones_of: dict[int, list[Record]] = {}
    for zone in recorded.zones:
        zones_of.setdefault(zone["plan_id"], []).append(zone)
    units = significant(recorded.units, recorded.area_m2)
    communes = {unit["code"] for unit in units if unit["in_force"] and unit["level"] == "commune"}
    return [_theme(theme, plans, zones_of, communes, recorded) for theme in THEMES]


def significant(units: list[Record], subject_m2: float | None) -> list[Record]:
    """The units a parcel lies in; one it only touches, or reaches into by noise, has no say. All units of a point."""
    if subject_m2 is None:
        return units
    least = min(NOISE_AREA_M2, subject_m2 / 2)
    return [unit for unit in units if unit["area_m2"] >= least]


def documents_shown(found: list[Record] | None) -> Record:
    """The documents of a plan with their addresses, in the order of their types, and the types that are to be there and are not."""
    order = list(TYPES)
    listed = [
        {
            **one,
            "type_name": dict(zip(("vi", "en"), TYPES[one["type"]], strict=True)),
            "url": f"/v1/documents/{one['sha256']}",
        }
        for one in sorted(found or [], key=lambda one: order.index(one["type"]))
    ]
    return {"documents": listed, "missing_documents": list(missing(one["type"] for one in listed))}


def disclaimer(*, illustration: bool) -> Record:
    """What every answer says of its own worth, in both languages."""
    return {language: (ILLUSTRATION[language] if illustration else "") + text for language, text in DISCLAIMER.items()}


def units_now_and_then(units: list[Record]) -> tuple[list[Record], list[Record]]:
    """Units in force, and units that had ended: each without the mark that told them apart."""
    now: list[Record] = []
    then: list[Record] = []
    for unit in units:
        (now if unit["in_force"] else then).append({name: value for name, value in unit.items() if name != "in_force"})
    return now, then


def _theme(
    theme: Theme, plans: list[Record], zones_of: dict[int, list[Record]], communes: set[str], recorded: Recorded
) -> Record:
    of_level = [plan for plan in plans if plan["level"] == theme.level]
    entries = [
        entry for plan in of_level for entry in _restrictions(plan, zones_of.get(plan["id"], []), recorded.area_m2)
    ]
    noise = [entry for entry, is_small in entries if is_small]
    restrictions = [entry for entry, is_small in entries if not is_small]
    of_theme = [entry for entry in recorded.availability if entry["theme"] == theme.level]
    words = [entry for entry in of_theme if entry["unit_code"] in communes]
    lacking = {entry["unit_code"] for entry in words if entry["state"] != "complete"}
    complete = {entry["unit_code"] for entry in words} - lacking
    state = _state(restrictions, everywhere_complete=bool(communes) and complete == communes)
    return {
        "theme": theme.level,
        "name": {"vi": theme.vi, "en": theme.en},
        "state": state,
        "on_whose_word": "; ".join(sorted({entry["on_whose_word"] for entry in words})) if state == "none" else None,
        "conflict": _in_conflict([plan for plan in of_level if plan["carried"] != "undecided"], recorded.conflicts),
        "restrictions": restrictions,
        "noise": noise,
    }


def _state(restrictions: list[Record], *, everywhere_complete: bool) -> State:
    standings = {entry["plan"]["standing"] for entry in restrictions}
    if "in_force" in standings:
        return "applies"
    if "not_carried_over" in standings:
        return "not_carried_over"
    return "none" if everywhere_complete else "no_data"


def _in_conflict(plans: list[Record], conflicts: frozenset[tuple[int, int]]) -> bool:
    """Whether two of the plans lie on each other here, and neither amends the other, itself or by way of others."""
    code = {plan["id"]: plan["code"] for plan in plans}
    amended = {plan["code"]: plan["amends"] for plan in plans}
    return any(
        one in code and other in code and not related(code[one], code[other], amended) for one, other in conflicts
    )


def _restrictions(plan: Record, zones: list[Record], subject_m2: float | None) -> list[tuple[Record, bool]]:
    """What one plan says here, each with whether it is noise: its zones, and the plan alone where none of them lies."""
    shown = {name: plan[name] for name in _PLAN_FIELDS} | documents_shown(plan["documents"])
    shown["standing"] = "not_carried_over" if plan["carried"] == "undecided" else "in_force"
    sized = [(zone, *_shares(zone, subject_m2)) for zone in zones if subject_m2 is None or zone["area_m2"] > 0]
    entries = [
        ({"plan": shown, "zone": _zone(zone), "area_m2": area, "share_pct": share}, small)
        for zone, area, share, small in sized
    ]
    if subject_m2 is None:
        return entries or [({"plan": shown, "zone": None, "area_m2": None, "share_pct": None}, False)]
    area, share, small = _shares({"area_m2": plan["bare_m2"], "width_m": plan["bare_width_m"]}, subject_m2)
    if plan["bare_m2"] > 0 and not small:
        entries.append(({"plan": shown, "zone": None, "area_m2": area, "share_pct": share}, False))
    return entries


def _shares(record: Record, subject_m2: float | None) -> tuple[float | None, float | None, bool]:
    if subject_m2 is None:
        return None, None, False
    area = record["area_m2"]
    small = is_noise(area, record["width_m"] or 0.0) and area < subject_m2 / 2
    return round(area, 2), round(100 * area / subject_m2, 3), small


def _zone(zone: Record) -> Record:
    function = function_of(zone["function_code"], zone["function_scheme"])
    shown = {name: zone[name] for name in _ZONE_FIELDS}
    shown["function_name"] = function.vi if function else None
    shown["fill"] = function.fill if function else None
    return shown


_PLAN_FIELDS = (
    "code",
    "name",
    "kind",
    "level",
    "scale",
    "decision_number",
    "decision_date",
    "approver",
    "origin",
    "accuracy_m",
    "valid_from",
    "valid_to",
)
_ZONE_FIELDS = ("id", "lot_symbol", "function_code", "function_scheme", "density_pct", "floors_min", "floors_max", "height_max_m",
    "far_max", "setback_m", "declared_area_m2")  # fmt: skip


def conflicting_at_point(plans: list[Record]) -> frozenset[tuple[int, int]]:
    """Pairs of plans of one level that both have the point inside; on a shared border nothing conflicts."""
    inside = [plan for plan in plans if plan["inside"]]
    return frozenset(
        (one["id"], other["id"]) for one, other in combinations(inside, 2) if one["level"] == other["level"]
    )
