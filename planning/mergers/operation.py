"""Carrying out a merger and taking it back: what stands in the way. Pure; the store does what is decided here.

Nothing is carried out in part: either every clause asked for can be, or each reason why not is named with its rows.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from planning.errors import NotAllowed
from planning.mergers.accounts import against_other_clauses, against_the_record, breaches
from planning.mergers.clauses import Event
from planning.mergers.situation import Situation

SHOWN_REASONS = 4


class CannotMerge(NotAllowed):
    """The merger, or its repeal, contradicts itself or what is on record; nothing was changed."""

    code = "cannot-merge"
    vi = "không thực hiện được, không có gì thay đổi ({count} lý do): {reasons}"
    en = "it cannot be carried out, nothing was changed ({count} reasons): {reasons}"

    def __init__(self, reasons: Collection[str]) -> None:
        shown = [*reasons][:SHOWN_REASONS]
        more = len(reasons) - len(shown)
        super().__init__(count=len(reasons), reasons="; ".join(shown) + (f"; … +{more}" if more else ""))
        self.reasons = tuple(reasons)


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What the store knows around the day of a merger, by code.

    `ends`: the day on which each former unit already ends, None where its end is open. `begun`: new units that already begin
    on the day. `standing`: units in force on the day under a code that the clauses build, but begun earlier. `repealed`: labels
    of clauses already repealed. `rivals`: clauses of other resolutions that stand. `again`: days after the merger on which a unit
    under a code that the clauses build begins.
    """

    ends: Mapping[str, date | None]
    begun: Collection[str] = ()
    standing: Collection[str] = ()
    repealed: Collection[str] = ()
    rivals: Collection[Event] = ()
    again: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Later:
    """What was built on a unit: an event on record that takes it, and whether its land already moved on."""

    code: str
    label: str
    effective: date


def obstacles(situation: Situation, record: OnRecord) -> list[str]:
    """Why the events cannot be carried out; nothing when they can. Each reason names the clause, the unit and the rows.

    Units of the province that no clause takes stay as they are: few acts rearrange a province whole.
    """
    events = situation.events
    accounts = breaches(events) + against_the_record(events, situation.former, (), ())
    accounts += against_other_clauses(events, [one for one in record.rivals if one.effective == situation.effective])
    found = [one.sentence for one in accounts]
    found += [
        f"{event.label} đã bị bãi bỏ / was repealed"
        for event in events
        if event.label in record.repealed or event.repeals
    ]
    if found:
        return found
    built = {event.code for event in events}
    if built <= set(record.begun) and all(record.ends.get(code) == situation.effective for code in situation.former):
        return ["sự kiện đã được thực hiện / the event has been carried out already"]
    found += [
        f"{code} {situation.former[code].name} đã hết hiệu lực ngày {until} theo văn bản khác / already ends on {until} by another act"
        for code, until in sorted(record.ends.items())
        if until is not None and until != situation.effective
    ]
    found += [
        f"mã {code} đang thuộc một đơn vị mà không khoản nào nhập / code {code} belongs to a unit in force that no clause takes"
        for code in sorted(set(record.standing) - set(situation.former))
    ]
    found += [
        f"mã {code} được dùng lại từ {day} theo văn bản khác / another unit begins under code {code} on {day}"
        for code, day in sorted(record.again.items())
    ]
    return [*found, *_far_away(situation)]


def _far_away(situation: Situation) -> list[str]:
    """Official boundaries that meet none of the former units they are made of, where all of these are drawn."""
    found = []
    for event in situation.events:
        shape = situation.new[event.code].shape
        drawn = [unit.shape for part in event.parts if part.code and (unit := situation.former.get(part.code))]
        if shape is not None and drawn and None not in drawn and not any(shape.intersects(one) for one in drawn):
            found.append(
                f"ranh giới của {event.code} không chạm đơn vị cũ nào của nó / the boundary of {event.code} meets none of its former units"
            )
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands around a repeal. `begun`: codes of the new units that are as the events left them. `later`: what was built on them.

    `others`: further events of the same day. `in_use`: codes that would be reopened and that another unit bears, with the day it began.
    """

    begun: Collection[str]
    later: Collection[Later] = ()
    others: Collection[Event] = ()
    in_use: Mapping[str, date] = field(default_factory=dict)


def obstacles_to_repeal(events: Collection[Event], record: Standing, *, by: str, effective: date) -> list[str]:
    """Why the events cannot be taken back on `effective`: not carried out, divided from others, or later events build on them."""
    if not events:
        return ["không có sự kiện nào / there is no such event"]
    found = []
    began = {event.effective for event in events}
    if effective < max(began):
        found.append(
            f"ngày bãi bỏ {effective} trước ngày hiệu lực {max(began)} / the repeal takes effect before the merger"
        )
    if any(event.resolution == by for event in events):
        found.append(f"{by} không thể tự bãi bỏ / cannot repeal itself")
    missing = sorted({event.code for event in events} - set(record.begun) - {one.code for one in record.later})
    if missing:
        found.append(f"chưa thực hiện, hoặc đã bãi bỏ / not carried out, or repealed already: {', '.join(missing)}")
    taken = {part.code for event in events for part in event.parts if part.code}
    found += [
        f"{one.label} cũng lấy đất của {part.code} / takes land of {part.code} too: bãi bỏ cùng lúc / repeal both at once"
        for one in record.others
        for part in one.parts
        if part.code in taken
    ]
    found += [
        f"mã {code} thuộc đơn vị khác từ {day}: bãi bỏ văn bản đó trước / code {code} is another unit's since {day}: repeal that first"
        for code, day in sorted(record.in_use.items())
    ]
    found += [
        f"{one.label} ({one.effective}) dựa trên đơn vị {one.code} / builds on unit {one.code}: bãi bỏ nó trước / repeal that first"
        for one in sorted(record.later, key=lambda one: (one.effective, one.label, one.code))
    ]
    return found
