"""Mergers: clauses of resolutions that build new units out of old ones, and whether they account for everything once."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Extent = Literal["whole", "part", "rest"]
Scope = Literal["area_population", "area"]

EXTENTS: dict[str, Extent] = {
    "whole": "whole", "full": "whole", "toàn bộ": "whole",
    "part": "part", "partial": "part", "một phần": "part",
    "rest": "rest", "phần còn lại": "rest",
}  # fmt: skip
SCOPES: dict[str, Scope] = {"area+population": "area_population", "area_population": "area_population", "area": "area"}


@dataclass(frozen=True, slots=True)
class Part:
    """What one clause takes from one old unit. `code` is None for land that was no unit (a military range)."""

    code: str | None
    name: str
    extent: Extent
    scope: Scope = "area_population"
    after_clauses: tuple[str, ...] = ()
    district: str | None = None
    province_code: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One clause: on `effective` the unit `code` is made out of `parts`. The last clause of a resolution may bear no number: “final”."""

    resolution: str
    clause: str
    effective: date
    code: str
    name: str
    parts: tuple[Part, ...]

    @property
    def kind(self) -> Literal["merge", "absorb", "rename", "part_transfer"]:
        """What happened, told from the parts: keeping one code whole and alone is a rename or change of type."""
        codes = {part.code for part in self.parts}
        if all(part.extent != "whole" for part in self.parts):
            return "part_transfer"
        if codes == {self.code}:
            return "rename"
        return "absorb" if self.code in codes else "merge"


@dataclass(frozen=True, slots=True)
class Breach:
    """A way in which the clauses fail to account for an old unit exactly once."""

    rule: Literal["taken-twice", "no-rest", "two-rests", "rest-of-nothing", "rest-names-no-clause", "nothing-taken"]
    code: str
    message: str


BREACHES = {
    "taken-twice": "đơn vị cũ được nhập nhiều lần",
    "no-rest": "không khoản nào nhận phần còn lại",
    "two-rests": "có nhiều phần còn lại",
    "rest-of-nothing": "phần còn lại của đơn vị chưa bị chia",
    "rest-names-no-clause": "phần còn lại nêu sai khoản",
    "nothing-taken": "khoản không nhận đơn vị nào",
}
"""Rules by which clauses account for every old unit, in Vietnamese."""


@dataclass(slots=True)
class _Taken:
    whole: list[str] = field(default_factory=list)
    part: list[str] = field(default_factory=list)
    rest: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)


def breaches(events: list[Event]) -> list[Breach]:
    """Every old unit must go once: whole to one clause, or as parts and exactly one rest naming the parts' clauses."""
    taken: dict[tuple[str, str], _Taken] = defaultdict(_Taken)
    for event in events:
        for part in event.parts:
            if part.code is None:
                continue
            entry = taken[event.resolution, part.code]
            if part.extent == "rest":
                entry.rest.append((event.clause, part.after_clauses))
            else:
                getattr(entry, part.extent).append(event.clause)
    found = [breach for (_, code), entry in sorted(taken.items()) for breach in _of_one(code, entry)]
    empty = [event for event in events if not event.parts]
    return found + [Breach("nothing-taken", event.code, f"clause {event.clause} takes no unit") for event in empty]


def _of_one(code: str, taken: _Taken) -> list[Breach]:
    found = []
    if len(taken.whole) > 1 or (taken.whole and (taken.part or taken.rest)):
        clauses = sorted([*taken.whole, *taken.part, *(clause for clause, _ in taken.rest)])
        found.append(Breach("taken-twice", code, f"{code} is taken whole and again, in clauses {clauses}"))
    if taken.part and not taken.rest:
        found.append(
            Breach("no-rest", code, f"{code} gives parts in clauses {taken.part} but no clause takes its rest")
        )
    if len(taken.rest) > 1:
        found.append(
            Breach("two-rests", code, f"{code} has {len(taken.rest)} rests, in clauses {[c for c, _ in taken.rest]}")
        )
    for clause, after in taken.rest:
        if not taken.part:
            found.append(
                Breach("rest-of-nothing", code, f"clause {clause} takes the rest of {code}, of which no part was taken")
            )
        elif set(after) != set(taken.part):
            said, true = sorted(after), sorted(taken.part)
            message = (
                f"clause {clause} takes the rest of {code} after clauses {said}, but the parts are in clauses {true}"
            )
            found.append(Breach("rest-names-no-clause", code, message))
    return found


def clause_numbers(text: str) -> tuple[str, ...]:
    """The clauses named in “khoản 1”, “khoản 1 và khoản 5” or “1;5”."""
    return tuple(re.findall(r"[0-9]+", text))
