"""Mergers: the clauses of resolutions, and whether they account for every old unit once."""

import re
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from layers.ingest.intake import SHOWN_REFUSALS, DoesNotAddUp, Intake, opened
from layers.ingest.report import Refusal, Report
from layers.sources.tables import TableSource
from layers.sources.values import date_or_none, not_negative, whole_or_none
from planning.errors import NotAllowed
from planning.mergers.accounts import Breach, against_other_clauses, against_the_record, breaches, standing
from planning.mergers.clauses import EXTENTS, SCOPES, Event, Part, clause_numbers
from planning.store.copying import Progress
from planning.store.events import carried_out_labels, events_on_record
from planning.store.incoming import Dataset, Rows, ids_of
from planning.store.parts import locate_parts
from planning.store.session import WriteSession
from planning.store.situations import beginnings, units_around
from planning.store.tables import unit_event, unit_event_part
from planning.units import CODE, declared_area, kind_of

TOLD_ONLY = {"left-out"}
"""Breaches that do not refuse a table: few acts rearrange a province whole."""

LONGEST_NAME = 200
RESOLUTION = re.compile(r"[^#\s](?:[^#\n\r\t]{0,98}[^#\s])?")

UNNUMBERED = "final"
"""The last clause of a resolution, which names the units that stay as they are, may bear no number."""

COLUMNS = ("resolution", "clause", "new_code", "new_name", "old_code", "old_name", "extent", "scope")


@dataclass(frozen=True, slots=True)
class MergerTerms:
    """What a person says of a table of clauses: its day, where the rows do not say it, and whether it must add up."""

    effective: date | None
    illustration: bool = False
    despite_breaches: bool = False

    def as_parameters(self) -> dict[str, Any]:
        """What tells one import of a table from another import of the same table."""
        return {"effective": self.effective.isoformat() if self.effective else None, "illustration": self.illustration}


def bring_in_mergers(
    session: WriteSession, source: TableSource, terms: MergerTerms, progress: Progress | None = None
) -> Report:
    """Bring in the clauses of whole resolutions, one row per old unit; an earlier edition of a resolution gives way whole.

    The table proves itself: rows that cannot be read, and breaches of the accounts, refuse the whole of it (`DoesNotAddUp`), unless it
    is to be stored despite them; then they are warnings. Parts whose land the units on record tell are located at once.
    """
    wanted = Dataset("mergers", source.path.name, source.sha256, terms.as_parameters(), illustration=terms.illustration)
    report = Report("mergers", source.path.name, source.sha256, counts={"read": len(source.rows)})
    intake = opened(session, wanted, report, [unit_event], progress)
    if intake is None:
        return report
    events = _events(source, terms.effective, report)
    _refuse_rewriting(session, events, intake.draft)
    report.findings += [*breaches(events), *_against_the_record(session, events, intake.draft, report)]
    report.findings += _against_other_clauses(session, events, intake.draft)
    report.warn(*(one.sentence for one in report.findings))
    _prove(report, despite=terms.despite_breaches)
    if events:
        intake.store(_event_rows(events, intake), ["resolution"])
        intake.add(_part_rows(events, intake))
        report.counts |= asdict(locate_parts(session, intake.draft))
    return intake.concluded()


def _refuse_rewriting(session: WriteSession, events: list[Event], draft: int) -> None:
    """History is not written over: neither an act that repeals, nor a clause that has been carried out, gets another content."""
    ours = {event.resolution: event for event in events}
    on_record = [one for one in events_on_record(session, draft) if one.resolution in ours]
    repeal = next((one for one in on_record if one.repeals), None)
    if repeal is not None:
        raise NotAllowed(vi=f"{repeal.resolution} đã được ghi là văn bản bãi bỏ {repeal.repeals}; không nhập khoản nào.",
            en=f"{repeal.resolution} is on record as the act that repeals {repeal.repeals}; no clause was brought in.")  # fmt: skip
    done = carried_out_labels(session, draft)
    new = {event.label: event for event in events}
    changed = [one.label for one in on_record if one.label in done and _content(one) != _content(new.get(one.label))]
    if changed:
        raise NotAllowed(vi=f"{changed[0]} đã được thực hiện; bãi bỏ bằng quyhoach merge revert rồi hãy nhập nội dung khác.",
            en=f"{changed[0]} has been carried out; take it back with quyhoach merge revert, then bring in another content.")  # fmt: skip


def _content(event: Event | None) -> object:
    """What carrying a clause out rests on; its wording and declared figures may be corrected."""
    return event and (
        event.effective,
        event.code,
        event.name,
        sorted((part.code or part.name, part.extent) for part in event.parts),
    )


def _prove(report: Report, *, despite: bool) -> None:
    """Refuse a table that does not add up. Units that no clause names may be meant so: these are told, not refused."""
    grave = [one.sentence for one in report.findings if one.rule not in TOLD_ONLY]
    grave += [refusal.sentence for refusal in report.refused]
    if grave and not despite:
        more = f"; … +{len(grave) - SHOWN_REFUSALS}" if len(grave) > SHOWN_REFUSALS else ""
        raise DoesNotAddUp(report, file=report.file, count=len(grave), reasons="; ".join(grave[:SHOWN_REFUSALS]) + more)


def _against_the_record(session: WriteSession, events: list[Event], draft: int, report: Report) -> list[Breach]:
    """The clauses of each day against the units on record; where no former unit is on record there is nothing to compare."""
    found = []
    ours = {event.resolution for event in events}
    others = [one for one in standing(events_on_record(session, draft)) if one.resolution not in ours]
    for day in sorted({event.effective for event in events}):
        known = units_around(session, day, draft)
        theirs = [one for one in others if one.effective == day]
        elsewhere = {one.code for one in theirs} | {part.code for one in theirs for part in one.parts}
        of_day = [event for event in events if event.effective == day]
        named = {part.code for event in of_day for part in event.parts if part.code}
        if not named & known.former.keys():
            report.warn(
                f"{day}: không có đơn vị cũ nào trong dữ liệu để đối chiếu / no former units on record to compare with"
            )
            continue
        provinces = {known.former[code] for code in named & known.former.keys()}
        left = [
            code
            for code, province in known.former.items()
            if province in provinces and len(code) == 5 and code not in elsewhere
        ]
        new = [code for code in known.new if len(code) == 5 and code not in elsewhere]
        found += against_the_record(of_day, known.former, new, left)
    return found


def _against_other_clauses(session: WriteSession, events: list[Event], draft: int) -> list[Breach]:
    """The clauses against those of other resolutions; an earlier edition of the same resolution gives way and is no rival."""
    ours = {event.resolution for event in events}
    others = [one for one in standing(events_on_record(session, draft)) if one.resolution not in ours]
    named = {part.code for event in events for part in event.parts if part.code}
    rivals = [one for one in others if one.code in named or any(part.code in named for part in one.parts)]
    return against_other_clauses(events, rivals, beginnings(session, sorted(named), draft)) if rivals else []


def _events(source: TableSource, effective: date | None, report: Report) -> list[Event]:
    clauses: dict[tuple[str, str], list[tuple[dict[str, str], Part, date]]] = {}
    for line, row in enumerate(source.rows, start=2):
        try:
            clauses.setdefault((row["resolution"], _clause(row)), []).append(
                (row, _part(row, line), _day(row, effective))
            )
        except ValueError as error:
            report.refuse(Refusal(line, "bad-value", f"line {line}: {error}", None))
    events = []
    for (resolution, clause), entries in sorted((key, rows) for key, rows in clauses.items() if rows):
        days = sorted({day for *_, day in entries})
        if len(days) > 1:
            lines = ", ".join(str(part.line) for _, part, _ in entries)
            message = f"lines {lines}: {resolution} clause {clause} takes effect on {' and on '.join(map(str, days))}"
            report.refuse(Refusal(entries[0][1].line or 0, "bad-value", message, None))
            continue
        [day] = days
        new = {(row["new_code"], row["new_name"]) for row, *_ in entries}
        if len(new) > 1:
            lines = ", ".join(str(part.line) for _, part, _ in entries)
            message = f"lines {lines}: {resolution} clause {clause} names more than one new unit"
            report.refuse(Refusal(entries[0][1].line or 0, "bad-value", message, None))
            continue
        [(code, name)] = new
        wording = next((row["clause_text"] for row, *_ in entries if row.get("clause_text")), None)
        events.append(Event(resolution, clause, day, code, name, tuple(part for _, part, _ in entries), text=wording))
    return events


def _day(row: dict[str, str], effective: date | None) -> date:
    day = date_or_none(row.get("effective")) or effective
    if day is None:
        raise ValueError("its day is neither in a column “effective” nor said with --effective")
    return day


def _clause(row: dict[str, str]) -> str:
    if not RESOLUTION.fullmatch(row["resolution"]):
        raise ValueError(
            f"resolution “{row['resolution'][:40]}” is empty, longer than 100 signs, or has a # or a line break in it"
        )
    if not (re.fullmatch("[0-9]{1,6}", row["clause"]) or row["clause"] == UNNUMBERED):
        raise ValueError(f"clause “{row['clause']}” is neither a number nor “{UNNUMBERED}”")
    if not CODE.fullmatch(row["new_code"]):
        raise ValueError(f"new_code “{row['new_code']}” is not two or five digits")
    if len(row["new_name"]) > LONGEST_NAME or kind_of(row["new_name"]) is None:
        raise ValueError(
            f"new_name “{row['new_name'][:40]}” does not begin with its kind (xã, phường …), or is too long"
        )
    return row["clause"]


def _part(row: dict[str, str], line: int) -> Part:
    extent, scope = EXTENTS.get(row["extent"].lower()), SCOPES.get(row["scope"].lower())
    if extent is None or scope is None:
        raise ValueError(f"extent “{row['extent']}” or scope “{row['scope']}” is not known")
    if row["old_code"] and not CODE.fullmatch(row["old_code"]):
        raise ValueError(f"old_code “{row['old_code']}” is not two or five digits")
    if not 0 < len(row["old_name"]) <= LONGEST_NAME:
        raise ValueError("old_name is empty or too long")
    return Part(
        row["old_code"] or None,
        row["old_name"],
        extent,
        scope,
        clause_numbers(row.get("after_clause", "")),
        row.get("old_district") or None,
        row.get("old_province_code") or None,
        row.get("note") or None,
        _declared(row),
        not_negative("population", whole_or_none(row.get("population") or None)),
        line,
    )


def _declared(row: dict[str, str]) -> float | None:
    written = row.get("declared_km2")
    area = declared_area(written) if written else None
    if written and area is None:
        raise ValueError(f"declared_km2 “{written}” can be read in two ways, or in none")
    return area.area_km2 if area else None


def _event_rows(events: list[Event], intake: Intake) -> Rows:
    names = {"resolution": "resolution", "clause": "clause", "effective": "effective", "kind": "kind",
        "to_code": "code", "to_name": "name"}  # fmt: skip
    columns: dict[str, Any] = {column: [getattr(event, name) for event in events] for column, name in names.items()}
    columns["repeals"] = [event.repeals for event in events]
    columns["text"] = [event.text for event in events]
    columns["release_from"] = [intake.draft] * len(events)
    columns["dataset_id"] = [intake.dataset_id] * len(events)
    return Rows(unit_event, columns)


def _part_rows(events: list[Event], intake: Intake) -> Rows:
    ids = ids_of(intake.session, unit_event, ("resolution", "clause"), intake.dataset_id)
    parts = [(ids[event.resolution, event.clause], part) for event in events for part in event.parts]
    names = {"from_code": "code", "from_name": "name", "from_district": "district", "from_province_code": "province_code",
        "extent": "extent", "scope": "scope", "note": "note", "declared_area_km2": "declared_area_km2", "population": "population",
        "source_line": "line"}  # fmt: skip
    columns: dict[str, Any] = {column: [getattr(part, name) for _, part in parts] for column, name in names.items()}
    columns["event_id"] = [event_id for event_id, _ in parts]
    columns["after_clauses"] = [list(part.after_clauses) for _, part in parts]
    return Rows(unit_event_part, columns)
