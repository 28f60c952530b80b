"""Mergers: the clauses of resolutions, and whether they account for every old unit once."""

from datetime import date
from itertools import groupby
from typing import Any

from layers.ingest.intake import Intake, Terms, opened
from layers.ingest.report import Refusal, Report
from layers.sources.tables import TableSource
from planning.mergers.accounts import breaches
from planning.mergers.clauses import EXTENTS, SCOPES, Event, Part, clause_numbers
from planning.store.incoming import Dataset, Progress, Rows, ids_of
from planning.store.session import WriteSession
from planning.store.tables import unit_event, unit_event_part
from planning.units import CODE

UNNUMBERED = "final"
"""The last clause of a resolution, which names the units that stay as they are, may bear no number."""

COLUMNS = ("resolution", "clause", "new_code", "new_name", "old_code", "old_name", "extent", "scope")


def bring_in_mergers(
    session: WriteSession, source: TableSource, effective: date, terms: Terms, progress: Progress | None = None
) -> Report:
    """Bring in the clauses of whole resolutions, one row per old unit; an earlier edition of a resolution gives way whole.

    What the clauses fail to account for is warned of by name, and stored all the same.
    """
    parameters = {"effective": effective.isoformat(), "illustration": terms.illustration}
    wanted = Dataset("mergers", source.path.name, source.sha256, parameters, illustration=terms.illustration)
    report = Report("mergers", source.path.name, source.sha256, counts={"read": len(source.rows)})
    intake = opened(session, wanted, report, [unit_event], progress)
    if intake is None:
        return report
    events = _events(source, effective, report)
    report.warnings += [breach.sentence for breach in breaches(events)]
    if events:
        intake.store(_event_rows(events, intake), ["resolution"])
        intake.add(_part_rows(events, intake))
    return intake.concluded()


def _events(source: TableSource, effective: date, report: Report) -> list[Event]:
    sound = []
    for place, row in enumerate(source.rows):
        try:
            sound.append((row["resolution"], _clause(row), row, _part(row)))
        except ValueError as error:
            report.refused.append(Refusal(place + 2, "bad-value", f"line {place + 2}: {error}", None))
    events = []
    for (resolution, clause), rows in groupby(sorted(sound, key=lambda one: one[:2]), key=lambda one: one[:2]):
        entries = list(rows)
        first = entries[0][2]
        if len({row["new_code"] for _, _, row, _ in entries}) > 1:
            message = f"{resolution} clause {clause} names more than one new unit"
            report.refused.append(Refusal(0, "bad-value", message, None))
            continue
        parts = tuple(part for *_, part in entries)
        events.append(Event(resolution, clause, effective, first["new_code"], first["new_name"], parts))
    return events


def _clause(row: dict[str, str]) -> str:
    if not row["resolution"]:
        raise ValueError("resolution is empty")
    if not (row["clause"].isdecimal() or row["clause"] == UNNUMBERED):
        raise ValueError(f"clause “{row['clause']}” is neither a number nor “{UNNUMBERED}”")
    if not CODE.fullmatch(row["new_code"]):
        raise ValueError(f"new_code “{row['new_code']}” is not two or five digits")
    return row["clause"]


def _part(row: dict[str, str]) -> Part:
    extent, scope = EXTENTS.get(row["extent"].lower()), SCOPES.get(row["scope"].lower())
    if extent is None or scope is None:
        raise ValueError(f"extent “{row['extent']}” or scope “{row['scope']}” is not known")
    if row["old_code"] and not CODE.fullmatch(row["old_code"]):
        raise ValueError(f"old_code “{row['old_code']}” is not two or five digits")
    if not row["old_name"]:
        raise ValueError("old_name is empty")
    return Part(
        row["old_code"] or None,
        row["old_name"],
        extent,
        scope,
        clause_numbers(row.get("after_clause", "")),
        row.get("old_district") or None,
        row.get("old_province_code") or None,
        row.get("note") or None,
    )


def _event_rows(events: list[Event], intake: Intake) -> Rows:
    names = {"resolution": "resolution", "clause": "clause", "effective": "effective", "kind": "kind",
        "to_code": "code", "to_name": "name"}  # fmt: skip
    columns: dict[str, Any] = {column: [getattr(event, name) for event in events] for column, name in names.items()}
    columns["repeals"] = [event.repeals for event in events]
    columns["release_from"] = [intake.draft] * len(events)
    columns["dataset_id"] = [intake.dataset_id] * len(events)
    return Rows(unit_event, columns)


def _part_rows(events: list[Event], intake: Intake) -> Rows:
    ids = ids_of(intake.session, unit_event, ("resolution", "clause"), intake.dataset_id)
    parts = [(ids[event.resolution, event.clause], part) for event in events for part in event.parts]
    names = {"from_code": "code", "from_name": "name", "from_district": "district", "from_province_code": "province_code",
        "extent": "extent", "scope": "scope", "note": "note"}  # fmt: skip
    columns: dict[str, Any] = {column: [getattr(part, name) for _, part in parts] for column, name in names.items()}
    columns["event_id"] = [event_id for event_id, _ in parts]
    columns["after_clauses"] = [list(part.after_clauses) for _, part in parts]
    return Rows(unit_event_part, columns)
