"""The answer: for each theme one of four states, and what applies. Pure: the register of a release and what lies at a place go in.

The four states are never collapsed: a plan applies; none applies, on an office's word that its data is complete; there is no
data; or a plan of the former unit awaits a decision. Plans of one level that lie on each other are all shown and flagged,
for the law knows no automatic precedence (Law 47/2024/QH15, article 8.2). A zone in whose place an amendment has zones of its own applies
there no more, and is told apart with what amended it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Literal

from planning.amendments import cuts
from planning.control_lines import holds, line_shown
from planning.functions import function_of
from planning.parcels import NOISE_AREA_M2, is_noise
from planning.plans import related
from planning.register import Day, Record
from planning.themes import THEMES, Theme

LEFT_M2 = 0.00005
"""What an amendment leaves of a zone by the last bits of coordinates: it is told as 0.0000 m² and so not told."""

UNSPOKEN_SHARE = 0.001
"""What of a subject may lie beyond the communes on record: boundaries are not drawn more exactly than that."""

MOST_MADE = 20_000
"""Entries kept of one day: themes × groups of communes that somebody asked about."""

State = Literal["applies", "none", "no_data", "not_carried_over"]
Pair = tuple[int, int]

DISCLAIMER = {
    "vi": "Thông tin tra cứu từ dữ liệu đã công bố, không thay thế văn bản cung cấp thông tin quy hoạch của cơ quan có thẩm quyền.",
    "en": "Information from published data; it does not replace a written statement of planning by the competent authority.",
}
ILLUSTRATION = {
    "vi": "DỮ LIỆU MINH HỌA, không có thật và không có giá trị pháp lý. ",
    "en": "ILLUSTRATION: invented data without legal force. ",
}


@dataclass(frozen=True, slots=True)
class Found:
    """What the store found at a subject. `units`: id → m² of the subject, None for a point. `inside` (of a point): plans of a level with
    rivals here that have it in their interior; `overlaps` (of an area): pairs of plans of one level that share 1 m² of it or more.
    `area_m2`: that of the subject, None for a point. `draw`: a shape of the store as GeoJSON, where shapes are wanted.
    """

    units: dict[int, float | None]
    plans: list[Record]
    zones: list[Record]
    lines: list[Record] = field(default_factory=list)
    inside: frozenset[int] = frozenset()
    overlaps: frozenset[Pair] = frozenset()
    area_m2: float | None = None
    draw: Callable[[str], Any] | None = None


def planning_at(found: Found, day: Day) -> Record:
    """Units now and then, themes, control lines: the part of an answer that is alike for a point, a parcel and an area."""
    now, then = units_now_and_then(found, day)
    communes = speaking(now, found.area_m2)
    lines = [line_shown(line, found.area_m2, found.draw) for line in found.lines]
    entries = _Entries(found, day, communes, lines)
    themes = [entries.of(theme) for theme in THEMES]
    return {
        "units": now,
        "former_units": then,
        "themes": themes,
        "lines": lines,
        "unaffected": [one["theme"] for one in themes if one["state"] == "none"],
        "without_data": [one["theme"] for one in themes if one["state"] == "no_data"],
        "not_carried_over": [one["theme"] for one in themes if one["state"] == "not_carried_over"],
    }


def units_now_and_then(found: Found, day: Day) -> tuple[list[Record], list[Record]]:
    """Units in force, and units that had ended, of a point all it touches; of an area those that hold more of it than noise."""
    least = 0.0 if found.area_m2 is None else min(NOISE_AREA_M2, found.area_m2 / 2)
    held = [
        (*day.units[number], area)
        for number, area in found.units.items()
        if number in day.units and (area is None or area >= least)
    ]
    held.sort(key=lambda one: (one[0]["level"], -(one[2] or 0.0), one[0]["code"], one[0]["valid_from"]))
    sides: tuple[list[Record], list[Record]] = ([], [])
    for unit, in_force, area in held:
        sides[not in_force].append(unit if area is None else {**unit, "area_m2": round(area, 4)})
    return sides


def speaking(units: list[Record], subject_m2: float | None) -> frozenset[str]:
    """The communes whose words count for the whole subject; none where a part of it lies in no commune, for nobody speaks of that part."""
    communes = [unit for unit in units if unit["level"] == "commune"]
    if subject_m2 is not None:
        beyond = subject_m2 - sum(unit["area_m2"] for unit in communes)
        if beyond > max(NOISE_AREA_M2, subject_m2 * UNSPOKEN_SHARE):
            return frozenset()
    return frozenset(unit["code"] for unit in communes)


def significant(units: list[Record], subject_m2: float | None) -> list[Record]:
    """The units a parcel lies in; one it only touches, or reaches into by noise, has no say. All units of a point."""
    if subject_m2 is None:
        return units
    least = min(NOISE_AREA_M2, subject_m2 / 2)
    return [unit for unit in units if unit["area_m2"] >= least]


def disclaimer(*, illustration: bool) -> Record:
    """What every answer says of its own worth, in both languages."""
    return {language: (ILLUSTRATION[language] if illustration else "") + text for language, text in DISCLAIMER.items()}


class _Entries:
    """The entries of an answer, theme by theme."""

    def __init__(self, found: Found, day: Day, communes: frozenset[str], lines: list[Record]) -> None:
        self._found = found
        self._day = day
        self._communes = communes
        self._lines = lines
        self._plans: dict[str, list[Record]] = defaultdict(list)
        for plan in found.plans:
            for theme in day.themes.get(plan["id"], ()):
                self._plans[theme].append(plan)
        self._zones: dict[int, list[Record]] = defaultdict(list)
        for zone in found.zones:
            self._zones[zone["plan_id"]].append(zone)
        codes = {plan["id"]: day.plans[plan["id"]]["code"] for plan in found.plans if plan["id"] in day.plans}
        self._cuts = cuts(found.zones, codes, day.amended, of_point=found.area_m2 is None)

    def of(self, theme: Theme) -> Record:
        """One theme and its state."""
        plans = self._plans.get(theme.key, [])
        lines = [line["id"] for line in self._lines if line["kind"] in theme.lines and holds(line)]
        if not plans and not lines:
            return _without(theme, self._communes, self._day)
        entries = [entry for plan in plans for entry in self._restrictions(plan)]
        wide = [entry for entry, is_small in entries if not is_small]
        restrictions = [entry for entry in wide if "amended_by" not in entry]
        words, complete = _words(theme, self._communes, self._day)
        state = _state(wide, touched=bool(lines), complete=complete)
        conflicts = self._conflicts(plans)
        return {
            "theme": theme.key,
            "name": theme.name,
            "basis": theme.basis,
            "state": state,
            "on_whose_word": words if state == "none" else None,
            "conflict": bool(conflicts),
            "conflicts": conflicts,
            "restrictions": restrictions,
            "amended": [entry for entry in wide if "amended_by" in entry],
            "noise": [entry for entry, is_small in entries if is_small],
            "lines": lines,
        }

    def _restrictions(self, plan: Record) -> list[tuple[Record, bool]]:
        """What one plan says here, each with whether it is noise: its zones, and the plan alone where none of them lies."""
        shown, subject_m2 = self._day.plans[plan["id"]], self._found.area_m2
        entries = [entry for zone in self._zones.get(plan["id"], []) for entry in self._of_zone(shown, zone)]
        if subject_m2 is None:
            return entries or [self._entry(shown, None)]
        bare = {"area_m2": plan["bare_m2"], "width_m": plan["bare_width_m"], "shape": plan["shape"]}
        entry, small = self._entry(shown, None, bare)
        return [*entries, (entry, small)] if bare["area_m2"] > 0 and not small else entries

    def _of_zone(self, plan: Record, zone: Record) -> Iterator[tuple[Record, bool]]:
        """What of a zone applies, and what amendments replaced of it."""
        cut, subject_m2 = self._cuts.get(zone["id"]), self._found.area_m2
        kept = cut.get("kept") if cut else zone
        if kept and (subject_m2 is None or kept["area_m2"] > (LEFT_M2 if cut else 0)):
            yield self._entry(plan, zone, kept)
        if cut:
            entry, small = self._entry(plan, zone, cut.get("cut"))
            by = sorted((self._day.plans[number] for number in cut["by"]), key=lambda one: str(one["code"]))
            yield {**entry, "amended_by": [{name: one[name] for name in _AMENDMENT_FIELDS} for one in by]}, small

    def _entry(self, plan: Record, zone: Record | None, held: Record | None = None) -> tuple[Record, bool]:
        area, share, small = _shares(held or zone, self._found.area_m2)
        entry = {"plan": plan, "zone": _zone(zone) if zone else None, "area_m2": area, "share_pct": share}
        if self._found.draw is not None:
            drawn = (held or zone or {}).get("shape")
            entry["geometry"] = self._found.draw(drawn) if drawn else None
        return entry, small

    def _conflicts(self, plans: list[Record]) -> list[Record]:
        """Pairs of plans of one level that lie on each other here, and neither amends the other, itself or by way of others."""
        shown = {plan["id"]: self._day.plans[plan["id"]] for plan in plans}
        standing = sorted(number for number, one in shown.items() if one["standing"] == "in_force")
        return [
            {"plans": sorted((shown[one]["code"], shown[other]["code"]))}
            for one, other in combinations(standing, 2)
            if shown[one]["level"] == shown[other]["level"]
            and self._on_each_other(one, other)
            and not related(shown[one]["code"], shown[other]["code"], self._day.amended)
        ]

    def _on_each_other(self, one: int, other: int) -> bool:
        if self._found.area_m2 is None:
            return {one, other} <= self._found.inside
        return (one, other) in self._found.overlaps or (other, one) in self._found.overlaps


def _without(theme: Theme, communes: frozenset[str], day: Day) -> Record:
    """The entry of a theme of which nothing is on record here: alike wherever the communes are the same, so made once a day."""
    made = day.made.get((theme.key, communes))
    if made is None:
        words, complete = _words(theme, communes, day)
        state: State = "none" if complete else "no_data"
        if len(day.made) >= MOST_MADE:
            day.made.clear()
        made = day.made[theme.key, communes] = {
            "theme": theme.key, "name": theme.name, "basis": theme.basis, "state": state,
            "on_whose_word": words if complete else None, "conflict": False, "conflicts": [], "restrictions": [], "amended": [],
            "noise": [], "lines": [],
        }  # fmt: skip
    return made


def _words(theme: Theme, communes: frozenset[str], day: Day) -> tuple[str, bool]:
    """On whose word the theme's data is complete, and whether it is in every commune of the subject."""
    said = [day.words.get((theme.key, code), ()) for code in communes]
    complete = bool(said) and all(words and all(one["state"] == "complete" for one in words) for words in said)
    return "; ".join(sorted({one["on_whose_word"] for words in said for one in words})), complete


def _state(restrictions: list[Record], *, touched: bool, complete: bool) -> State:
    standings = {entry["plan"]["standing"] for entry in restrictions}
    if touched or "in_force" in standings:
        return "applies"
    if "not_carried_over" in standings:
        return "not_carried_over"
    return "none" if complete else "no_data"


def _shares(record: Record | None, subject_m2: float | None) -> tuple[float | None, float | None, bool]:
    if subject_m2 is None or record is None:
        return None, None, False
    area = record["area_m2"]
    small = is_noise(area, record["width_m"] or 0.0) and area < subject_m2 / 2
    return round(area, 4), round(100 * area / subject_m2, 3), small


def _zone(zone: Record) -> Record:
    function = function_of(zone["function_code"], zone["function_scheme"])
    shown = {name: zone[name] for name in _ZONE_FIELDS}
    shown["function_name"] = function.vi if function else None
    shown["fill"] = function.fill if function else None
    return shown


_AMENDMENT_FIELDS = ("code", "name", "level", "decision_number", "decision_date")
_ZONE_FIELDS = ("id", "lot_symbol", "function_code", "function_scheme", "article", "density_pct", "floors_min", "floors_max",
    "height_max_m", "far_max", "setback_m", "declared_area_m2")  # fmt: skip
