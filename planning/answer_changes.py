"""What changed between two answers to one question: a printed sheet's release and a newer one. Pure: two documents in, a list out.

Zones are told apart by plan, lot symbol and function code, not by their row in the store, which every release numbers anew;
several pieces under one key are counted together. Numbers are compared as the answer gives them, rounded.
"""

from dataclasses import dataclass
from typing import Any, Literal

Record = dict[str, Any]
Kind = Literal["subject", "unit", "state", "plan_come", "plan_gone", "plan", "zone_come", "zone_gone", "zone", "share", "amended",
    "line_come", "line_gone", "line", "other"]  # fmt: skip

SUBJECT = (
    "key",
    "land_use_code",
    "declared_area_m2",
    "area_m2",
    "perimeter_m",
    "valid_from",
    "valid_to",
    "corners",
)
PLAN = ("name", "kind", "level", "scale", "decision_number", "decision_date", "approver", "valid_from", "valid_to", "standing",
    "legal_status", "office_now", "carried", "documents")  # fmt: skip
ZONE = ("function_name", "article", "density_pct", "floors_min", "floors_max", "height_max_m", "far_max", "setback_m",
    "declared_area_m2")  # fmt: skip
OTHER = ("parcels", "disclaimer")
LINE = ("kind", "name", "half_width_m", "setback_m", "legal_basis", "distance_m", "side", "area_m2", "share_pct")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `theme` is where it lies, None outside the themes; `before`, `after`: values of the document, None: not there."""

    kind: Kind
    theme: str | None
    subject: str
    field: str | None = None
    before: Any = None
    after: Any = None


def changes(before: Record, after: Record) -> list[Change]:
    """Every difference that bears on the subject, in the order of the answer; none where both say the same."""
    then, now = _themes(before), _themes(after)
    found = _fields("subject", None, "subject", (before["subject"], after["subject"]), SUBJECT) + _units(before, after)
    for name in [*then, *(one for one in now if one not in then)]:
        found += _theme(name, then.get(name, EMPTY), now.get(name, EMPTY))
    found += _lines(before, after)
    return found + [
        Change("other", None, name, name, before.get(name), after.get(name))
        for name in OTHER
        if before.get(name) != after.get(name)
    ]


EMPTY: Record = {"state": None, "restrictions": [], "amended": []}


def _themes(answer: Record) -> dict[str, Record]:
    return {one["theme"]: one for one in answer["themes"]}


def _units(before: Record, after: Record) -> list[Change]:
    found = []
    for side in ("units", "former_units"):
        then, now = ({(one["code"], one["name"]): one for one in answer[side]} for answer in (before, after))
        found += [
            Change("unit", None, f"{name} ({code})", side, before=code)
            for code, name in then
            if (code, name) not in now
        ]
        found += [
            Change("unit", None, f"{name} ({code})", side, after=code) for code, name in now if (code, name) not in then
        ]
    return found


def _theme(theme: str, before: Record, after: Record) -> list[Change]:
    found = _fields("state", theme, theme, (before, after), ("state", "on_whose_word"))
    found += _plans(theme, before, after) + _zones(theme, before, after) + _amended(theme, before, after)
    return found + _fields("other", theme, theme, (_bare(before), _bare(after)), ("basis", "noise"))


def _bare(theme: Record) -> Record:
    """A theme whose shares that count as noise are without the numbers of their rows."""
    noise = [
        (one["plan"]["code"], (one["zone"] or {}).get("lot_symbol"), one["area_m2"]) for one in theme.get("noise", [])
    ]
    return {"basis": theme.get("basis"), "noise": noise}


def _plans(theme: str, before: Record, after: Record) -> list[Change]:
    then, now = (
        {one["plan"]["code"]: one["plan"] for one in (*side["restrictions"], *side["amended"])}
        for side in (before, after)
    )
    found = [Change("plan_gone", theme, code, before=plan["name"]) for code, plan in then.items() if code not in now]
    found += [Change("plan_come", theme, code, after=plan["name"]) for code, plan in now.items() if code not in then]
    for code in (code for code in then if code in now):
        found += _fields("plan", theme, code, (then[code], now[code]), PLAN)
    return found


def _zones(theme: str, before: Record, after: Record) -> list[Change]:
    then, now = zones_by_key(before["restrictions"]), zones_by_key(after["restrictions"])
    found = [
        Change("zone_gone", theme, key, "area_m2", before=zone["area_m2"])
        for key, zone in then.items()
        if key not in now
    ]
    found += [
        Change("zone_come", theme, key, "area_m2", after=zone["area_m2"])
        for key, zone in now.items()
        if key not in then
    ]
    for key in (key for key in then if key in now):
        found += _fields("share", theme, key, (then[key], now[key]), ("area_m2",))
        found += _fields("zone", theme, key, (then[key], now[key]), ZONE)
    return found


def _amended(theme: str, before: Record, after: Record) -> list[Change]:
    """What amendments have in the place of zones: by which of them, and how much."""
    then, now = zones_by_key(before["amended"]), zones_by_key(after["amended"])
    return [
        change
        for key in dict.fromkeys((*then, *now))
        for change in _fields("amended", theme, key, (then.get(key, {}), now.get(key, {})), ("amended_by", "area_m2"))
    ]


def zones_by_key(entries: list[Record]) -> dict[str, Record]:
    """Zones of a theme by “plan · lot · function”: pieces of one key as one, its area their sum, its indicators those of all."""
    pieces: dict[str, list[Record]] = {}
    for one in entries:
        zone = one["zone"] or {}
        pieces.setdefault(_key(one["plan"]["code"], zone.get("lot_symbol"), zone.get("function_code")), []).append(one)
    return {key: _together(of_key) for key, of_key in pieces.items()}


def _together(pieces: list[Record]) -> Record:
    areas = [one["area_m2"] for one in pieces if one["area_m2"] is not None]
    zones = [one["zone"] or {} for one in pieces]
    by = {one["code"] for piece in pieces for one in piece.get("amended_by", ())}
    return {"area_m2": round(sum(areas), 2) if areas else None, "amended_by": ", ".join(sorted(by)) or None} | {
        name: _only([zone.get(name) for zone in zones]) for name in ZONE
    }


def _only(values: list[Any]) -> Any:
    """The value all have; else all of them, in an order of their own."""
    return values[0] if all(one == values[0] for one in values) else sorted(values, key=repr)


def _lines(before: Record, after: Record) -> list[Change]:
    then, now = _lines_by_key(before), _lines_by_key(after)
    found = [Change("line_gone", None, key, before=lines) for key, lines in then.items() if key not in now]
    found += [Change("line_come", None, key, after=lines) for key, lines in now.items() if key not in then]
    both = [key for key in then if key in now]
    return found + [Change("line", None, key, None, then[key], now[key]) for key in both if then[key] != now[key]]


def _lines_by_key(answer: Record) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for line in answer.get("lines", []):
        key = _key(line["kind"], line.get("plan_code"), line.get("code"), line.get("name"))
        found.setdefault(key, []).append({name: line.get(name) for name in LINE})
    return {key: sorted(lines, key=repr) for key, lines in found.items()}


def _key(*parts: str | None) -> str:
    return " · ".join(str(part) for part in parts if part)


def _fields(
    kind: Kind, theme: str | None, subject: str, sides: tuple[Record, Record], names: tuple[str, ...]
) -> list[Change]:
    one, other = sides
    return [
        Change(kind, theme, subject, name, one.get(name), other.get(name))
        for name in names
        if one.get(name) != other.get(name)
    ]
