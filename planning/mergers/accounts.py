"""Whether clauses account for every old unit exactly once and build every new one: the proof of a table of clauses.

Every old unit goes once: whole to one clause, or as parts and exactly one rest that names the clauses which took the parts.
A failure is a breach: it names the rule, the unit and the rows of the file.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Literal

from planning.mergers.clauses import Event, Part

Rule = Literal[
    "taken-twice", "no-rest", "two-rests", "rest-of-nothing", "rest-names-no-clause", "nothing-taken", "built-twice", "cycle",
    "overlapping-dates", "unknown-code", "left-out", "not-built", "mixed-levels",
]  # fmt: skip

BREACHES: dict[Rule, tuple[str, str]] = {
    "taken-twice": ("đơn vị cũ được nhập nhiều lần", "an old unit is taken more than once"),
    "no-rest": ("không khoản nào nhận phần còn lại", "no clause takes the rest"),
    "two-rests": ("có nhiều phần còn lại", "there is more than one rest"),
    "rest-of-nothing": ("phần còn lại của đơn vị chưa bị chia", "a rest of a unit of which no part was taken"),
    "rest-names-no-clause": (
        "phần còn lại nêu sai khoản",
        "the rest names other clauses than those that took the parts",
    ),
    "nothing-taken": ("khoản không nhận đơn vị nào", "a clause takes no unit"),
    "built-twice": ("đơn vị mới được lập ở nhiều khoản", "a new unit is built by more than one clause"),
    "cycle": ("các đơn vị nhập vòng quanh nhau", "units are taken whole in a circle"),
    "overlapping-dates": (
        "cùng đơn vị, các ngày hiệu lực chồng nhau",
        "one unit, effective dates that contradict each other",
    ),
    "unknown-code": (
        "mã đơn vị không có hiệu lực trước ngày sắp xếp",
        "no unit of this code was in force the day before",
    ),
    "left-out": ("đơn vị cũ không khoản nào nhắc tới", "an old unit that no clause takes"),
    "mixed-levels": ("tỉnh và xã lẫn trong một khoản", "a clause makes a province of communes, or the reverse"),
    "not-built": ("đơn vị mới không khoản nào lập", "a new unit that no clause builds"),
}
"""Rules by which clauses account for every unit, in both languages."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A way in which the clauses fail to account for a unit. `lines` are rows of the file, the header being row 1."""

    rule: Rule
    code: str
    message: str
    lines: tuple[int, ...] = ()

    @property
    def sentence(self) -> str:
        """Both languages in a line, Vietnamese first, with the rows."""
        rows = f" (dòng / rows {', '.join(map(str, self.lines))})" if self.lines else ""
        return f"{self.rule}: {BREACHES[self.rule][0]} / {self.message}{rows}"


@dataclass(slots=True)
class _Taken:
    """What clauses take of one old unit."""

    whole: list[tuple[str, Part]] = field(default_factory=list)
    part: list[tuple[str, Part]] = field(default_factory=list)
    rest: list[tuple[str, Part]] = field(default_factory=list)

    @property
    def all(self) -> list[tuple[str, Part]]:
        return [*self.whole, *self.part, *self.rest]


def breaches(events: Collection[Event]) -> list[Breach]:
    """What the clauses say against themselves, without any list of units."""
    taken: dict[tuple[str, str], _Taken] = defaultdict(_Taken)
    for event in events:
        for part in event.parts:
            if part.code is not None:
                getattr(taken[event.resolution, part.code], part.extent).append((event.clause, part))
    found = [breach for (_, code), entry in sorted(taken.items()) for breach in _of_one(code, entry)]
    found += [
        Breach("nothing-taken", event.code, f"clause {event.clause} takes no unit")
        for event in events
        if not event.parts and not event.repeals
    ]
    found += [
        Breach("mixed-levels", event.code, f"clause {event.clause} makes {event.code} of {part.code}", _lines([part]))
        for event in events
        for part in event.parts
        if part.code and len(part.code) != len(event.code)
    ]
    return [*found, *_built_twice(events), *_circles(events), *_contradicting_days(events)]


def against_the_record(
    events: Collection[Event], former: Collection[str], new: Collection[str], provinces: Collection[str]
) -> list[Breach]:
    """What clauses say against the units on record.

    `former`: codes in force the day before, `new`: codes that begin on the day (empty where none are on record yet);
    `provinces`: codes of the former units of the provinces that are rearranged, each of which a clause must name.
    """
    named: dict[str, list[Part]] = defaultdict(list)
    for event in events:
        for part in event.parts:
            if part.code is not None:
                named[part.code].append(part)
    built = {event.code for event in events}
    found = [
        Breach("unknown-code", code, f"{code} {parts[0].name} was not in force the day before", _lines(parts))
        for code, parts in sorted(named.items())
        if code not in former
    ]
    found += [Breach("left-out", code, f"no clause takes {code}") for code in sorted(set(provinces) - set(named))]
    found += [Breach("not-built", code, f"no clause builds {code}") for code in sorted(set(new) - built)]
    return found


def against_other_clauses(
    events: Collection[Event], others: Collection[Event], begins: Collection[tuple[str, date]] = ()
) -> list[Breach]:
    """What clauses say against clauses of other resolutions on record, none of which is repealed.

    A unit goes once: not to two resolutions on one day, nor again on a later day unless a unit of its code began in between, by a
    clause or, as `begins` (code, day) tells, on record without one.
    """
    named = {part.code for event in events for part in event.parts if part.code}
    together = [*events, *others]
    found = [one for one in [*_built_twice(together), *_contradicting_days(together)]
        if one.code in named | {event.code for event in events}]  # fmt: skip
    starts = {(event.code, event.effective) for event in together} | set(begins)
    takes: dict[str, dict[date, Event]] = defaultdict(dict)
    for event in together:
        for part in event.parts:
            if part.code in named:
                takes[part.code][event.effective] = event
    for code, days in sorted(takes.items()):
        for first, again in pairwise(sorted(days)):
            if not any(one == code and first <= day < again for one, day in starts):
                message = f"{code} is taken on {first} by {days[first].label}, again on {again} by {days[again].label}, not begun between"
                found.append(Breach("overlapping-dates", code, message, _lines_of(code, days[first], days[again])))
    return found


def _lines_of(code: str, *events: Event) -> tuple[int, ...]:
    return _lines(part for event in events for part in event.parts if part.code == code)


def standing(events: Collection[Event]) -> list[Event]:
    """The events that nothing repeals, without the repeals themselves."""
    repealed = {(event.repeals, event.clause) for event in events if event.repeals}
    return [event for event in events if not event.repeals and (event.resolution, event.clause) not in repealed]


def _of_one(code: str, taken: _Taken) -> list[Breach]:
    found = []
    if len(taken.whole) > 1 or (taken.whole and (taken.part or taken.rest)):
        clauses = sorted(clause for clause, _ in taken.all)
        found.append(
            _breach("taken-twice", code, f"{code} is taken whole and again, in clauses {_listed(clauses)}", taken.all)
        )
    if taken.part and not taken.rest:
        clauses = [clause for clause, _ in taken.part]
        found.append(
            _breach(
                "no-rest",
                code,
                f"{code} gives parts in clauses {_listed(clauses)} but no clause takes its rest",
                taken.part,
            )
        )
    twice = sorted(clause for clause, number in Counter(clause for clause, _ in taken.all).items() if number > 1)
    if twice and not taken.whole:
        found.append(
            _breach("taken-twice", code, f"{code} is taken more than once by clause {_listed(twice)}", taken.all)
        )
    if len(taken.rest) > 1:
        clauses = [clause for clause, _ in taken.rest]
        found.append(
            _breach("two-rests", code, f"{code} has {len(taken.rest)} rests, in clauses {_listed(clauses)}", taken.rest)
        )
    return [*found, *(breach for clause, part in taken.rest for breach in _of_a_rest(code, clause, part, taken))]


def _of_a_rest(code: str, clause: str, rest: Part, taken: _Taken) -> list[Breach]:
    true = {one for one, _ in taken.part}
    if not true:
        return [
            _breach(
                "rest-of-nothing",
                code,
                f"clause {clause} takes the rest of {code}, of which no part was taken",
                [(clause, rest)],
            )
        ]
    if set(rest.after_clauses) == true:
        return []
    said = f"after clauses {_listed(rest.after_clauses)}" if rest.after_clauses else "after no clause"
    message = f"clause {clause} takes the rest of {code} {said}, but the parts are in clauses {_listed(true)}"
    return [_breach("rest-names-no-clause", code, message, [(clause, rest), *taken.part])]


def _built_twice(events: Collection[Event]) -> list[Breach]:
    by_code: dict[tuple[str, date], list[Event]] = defaultdict(list)
    for event in events:
        if not event.repeals:
            by_code[event.code, event.effective].append(event)
    return [
        Breach(
            "built-twice",
            code,
            f"{code} is built by {'; '.join(one.label for one in several)}",
            _lines(p for one in several for p in one.parts),
        )
        for (code, _), several in sorted(by_code.items())
        if len(several) > 1
    ]


def _circles(events: Collection[Event]) -> list[Breach]:
    """Units taken whole by each other: none of them would have an origin."""
    goes: dict[tuple[date, str], tuple[str, Part]] = {
        (event.effective, part.code): (event.code, part)
        for event in events
        for part in event.parts
        if part.extent == "whole" and part.code not in {None, event.code}
    }
    found, seen = [], set()
    for day, start in sorted(goes):
        path, parts = [start], []
        while (day, path[-1]) in goes and (day, path[-1]) not in seen:
            seen.add((day, path[-1]))
            code, part = goes[day, path[-1]]
            parts.append(part)
            if code in path:
                circle = path[path.index(code) :]
                found.append(Breach("cycle", code, f"{' → '.join([*circle, code])}", _lines(parts)))
                break
            path.append(code)
    return found


def _contradicting_days(events: Collection[Event]) -> list[Breach]:
    """A unit that one resolution ended cannot be taken by another on the same day; nor may a clause have two days."""
    takers: dict[tuple[str, date], dict[str, list[Part]]] = defaultdict(lambda: defaultdict(list))
    days: dict[tuple[str, str], set[date]] = defaultdict(set)
    for event in events:
        days[event.resolution, event.clause].add(event.effective)
        for part in event.parts:
            if part.code is not None:
                takers[part.code, event.effective][event.resolution].append(part)
    found = [
        Breach(
            "overlapping-dates",
            code,
            f"{code} is taken on {day} by {' and '.join(sorted(by))}",
            _lines(p for parts in by.values() for p in parts),
        )
        for (code, day), by in sorted(takers.items())
        if len(by) > 1
    ]
    found += [
        Breach(
            "overlapping-dates", clause, f"{resolution} clause {clause} takes effect on {_listed(map(str, several))}"
        )
        for (resolution, clause), several in sorted(days.items())
        if len(several) > 1
    ]
    return found


def _breach(rule: Rule, code: str, message: str, rows: list[tuple[str, Part]]) -> Breach:
    return Breach(rule, code, message, _lines(part for _, part in rows))


def _lines(parts: Iterable[Part]) -> tuple[int, ...]:
    return tuple(sorted({part.line for part in parts if part.line is not None}))


def _listed(values: Iterable[str]) -> str:
    return ", ".join(sorted(values))
