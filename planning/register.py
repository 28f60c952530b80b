"""The register of a release: what it says wherever one stands. Units, plans, words of offices, what became of plans at mergers.

A published release never changes, so its register is read once and answers many questions; a `Day` of it holds what is in force.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from planning.documents import TYPES, missing
from planning.plans import ENDS
from planning.themes import THEMES

Record = dict[str, Any]

MOST_DAYS = 16
"""Days kept ready of one register; most questions are about today."""

PLAN_FIELDS = (
    "code", "name", "kind", "level", "scale", "decision_number", "decision_date", "approver", "origin", "accuracy_m", "valid_from",
    "valid_to",
)  # fmt: skip

STATUS: dict[str | None, tuple[str, str]] = {
    None: ("đang có hiệu lực", "in force"),
    "kept": ("đang có hiệu lực, được giữ lại sau sắp xếp đơn vị hành chính", "in force, kept after the merger"),
    "undecided": (
        "đồ án của đơn vị cũ; chưa có quyết định giữ, thay thế hay bãi bỏ",
        "a plan of the former unit; no decision to keep, replace or repeal it",
    ),
}
"""What a plan's standing is called, by what was decided of it at a merger."""


@dataclass(slots=True)
class Register:
    """Rows of one release. Days are ISO texts, as the store sends them: they compare like days."""

    release: Record
    units: dict[int, Record]
    plans: dict[int, Record]
    words: dict[str, list[Record]]
    carried: dict[str, list[Record]]
    offices: dict[str, list[Record]]
    sources: dict[int, Record]
    _names: dict[str, str] = field(default_factory=dict)
    _days: "OrderedDict[date, Day]" = field(default_factory=OrderedDict)

    def first_name(self, code: str) -> str | None:
        """The name under which a unit first stood on record."""
        if not self._names:
            for unit in sorted(self.units.values(), key=lambda one: one["valid_from"], reverse=True):
                self._names[unit["code"]] = unit["name"]
        return self._names.get(code)

    def on(self, day: date) -> "Day":
        """What is in force on a day."""
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = _day(self, day)
            if len(self._days) > MOST_DAYS:
                self._days.popitem(last=False)
        else:
            self._days.move_to_end(day)
        return found


@dataclass(frozen=True, slots=True)
class Day:
    """What is in force on one day.

    `plans`: id → the plan as an answer shows it; `themes`: id → the themes it belongs to; `amended`: code → code of the plan it
    amends; `units`: id → unit and whether it is in force, a later one left out; `words`: (theme, commune) → the words of offices on its
    data; `made`: entries of an answer that many places share.
    """

    plans: dict[int, Record]
    themes: dict[int, tuple[str, ...]]
    amended: dict[str, str | None]
    units: dict[int, tuple[Record, bool]]
    words: dict[tuple[str, str], list[Record]]
    made: dict[tuple[str, frozenset[str]], Record] = field(default_factory=dict)


def register_of(row: Record) -> Register:
    """The register out of the store's row: lists of rows, or None where there are none."""
    return Register(
        release={name: row[name] for name in ("note", "illustration", "published_at")} | {"number": row["release"]},
        units={one["id"]: one for one in row["units"] or []},
        plans={one["id"]: one for one in row["plans"] or []},
        words=_by(row["availability"], "unit_code"),
        carried=_by(row["carried"], "plan_code"),
        offices=_by(row["offices"], "name"),
        sources={one.pop("id"): one for one in row["sources"] or []},
    )


def _by(rows: Iterable[Record] | None, name: str) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = defaultdict(list)
    for row in rows or []:
        found[row[name]].append(row)
    return dict(found)


def _in_force(row: Record, day: str) -> bool:
    return row["valid_from"] <= day and (row["valid_to"] is None or row["valid_to"] > day)


def _day(register: Register, on: date) -> Day:
    day = on.isoformat()
    plans: dict[int, Record] = {}
    for number, plan in register.plans.items():
        if _in_force(plan, day):
            shown = _shown(register, plan, day)
            if shown is not None:
                plans[number] = shown
    units = {
        number: ({name: value for name, value in unit.items() if name != "id"}, _in_force(unit, day))
        for number, unit in register.units.items()
        if unit["valid_from"] <= day
    }
    words: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for code, said in register.words.items():
        for one in said:
            if _in_force(one, day):
                words[one["theme"], code].append(one)
    amended = {shown["code"]: register.plans[number]["amends"] for number, shown in plans.items()}
    themes = {
        number: tuple(theme.key for theme in THEMES if theme.tells_of(plan["level"], plan["kind"]))
        for number, plan in plans.items()
    }
    return Day(plans, themes, amended, units, dict(words))


def _shown(register: Register, plan: Record, day: str) -> Record | None:
    """The plan as an answer shows it; None where a merger ended it."""
    decided = next((one for one in register.carried.get(plan["code"], ()) if one["effective"] <= day), None)
    decision = decided["decision"] if decided else None
    if decision in ENDS:
        return None
    vi, en = STATUS[decision]
    return {
        **{name: plan[name] for name in PLAN_FIELDS},
        "office_now": _office_now(register, plan["approver"], day),
        "standing": "not_carried_over" if decision == "undecided" else "in_force",
        "legal_status": {"vi": vi, "en": en},
        "carried": {name: decided[name] for name in ("decision", "resolution", "effective", "basis")}
        if decided
        else None,
        **documents_shown(plan["documents"]),
    }


def _office_now(register: Register, approver: str | None, day: str) -> Record | None:
    """Who answers for the approver's plans on the day, where the list of offices says so."""
    found = next((one for one in register.offices.get(approver or "", ()) if _in_force(one, day)), None)
    return {"name": found["name_now"], "basis": found["basis"]} if found else None


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
