"""What an office states without drawing: which data is complete, what became of plans at a merger, how much is to be covered,
who took over from an office."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from layers.ingest.intake import Terms, opened
from layers.ingest.report import Refusal, Report
from layers.sources.tables import TableSource
from layers.sources.values import date_or_none, in_order, number_or_none
from planning.plans import AVAILABILITY_STATES, CARRY_OVER_DECISIONS, LEVELS
from planning.store.copying import Progress
from planning.store.incoming import Dataset, Rows, Stored
from planning.store.session import WriteSession
from planning.store.tables import availability, carry_over, coverage_target, office
from planning.themes import THEMES
from planning.units import CODE

COMMUNE_CODE = re.compile(r"[0-9]{5}")


class _Statement(NamedTuple):
    table: Stored
    key: tuple[str, ...]
    read: Callable[[dict[str, str]], dict[str, Any]]


AVAILABILITY_COLUMNS = ("theme", "unit_code", "state", "on_whose_word", "valid_from")
TARGET_COLUMNS = ("level", "target_pct", "on_whose_word", "valid_from")
OFFICE_COLUMNS = ("name", "name_now", "basis", "valid_from")
CARRY_OVER_COLUMNS = ("plan_code", "resolution", "effective", "decision", "basis")


def bring_in_availability(
    session: WriteSession, source: TableSource, terms: Terms, progress: Progress | None = None
) -> Report:
    """Which theme's data is complete, partial or missing for which unit, on whose word."""
    return _bring_in(session, source, "availability", terms, progress)


def bring_in_carry_over(
    session: WriteSession, source: TableSource, terms: Terms, progress: Progress | None = None
) -> Report:
    """What became of each plan at a merger: kept, replaced, expired or undecided, on what basis."""
    return _bring_in(session, source, "carry-over", terms, progress)


def bring_in_targets(
    session: WriteSession, source: TableSource, terms: Terms, progress: Progress | None = None
) -> Report:
    """How much of every commune, or of one, a level is to cover, on whose word."""
    return _bring_in(session, source, "targets", terms, progress)


def bring_in_offices(
    session: WriteSession, source: TableSource, terms: Terms, progress: Progress | None = None
) -> Report:
    """Who answers today for what an office approved, and by which decision."""
    return _bring_in(session, source, "offices", terms, progress)


def _bring_in(session: WriteSession, source: TableSource, kind: str, terms: Terms, progress: Progress | None) -> Report:
    statement = _STATEMENTS[kind]
    wanted = Dataset(kind, source.path.name, source.sha256, terms.as_parameters(), illustration=terms.illustration)
    report = Report(kind, source.path.name, source.sha256, counts={"read": len(source.rows)})
    intake = opened(session, wanted, report, [statement.table], progress)
    if intake is None:
        return report
    records: list[dict[str, Any]] = []
    known: set[tuple[Any, ...]] = set()
    for place, row in enumerate(source.rows):
        try:
            record = statement.read(row)
            key = tuple(record[name] for name in (*statement.key, "valid_from") if name in record)
            if key in known:
                raise ValueError(f"{' '.join(map(str, key))} stands more than once in the file")  # noqa: TRY301
            known.add(key)
            records.append(record)
        except ValueError as error:
            report.refuse(Refusal(place + 2, "bad-value", f"line {place + 2}: {error}", None))
    if records:
        columns: dict[str, Any] = {name: [record[name] for record in records] for name in records[0]}
        columns["release_from"] = [intake.draft] * len(records)
        columns["dataset_id"] = [intake.dataset_id] * len(records)
        intake.store(Rows(statement.table, columns), statement.key)
    return intake.concluded()


def _one_of(value: str, known: tuple[str, ...], name: str) -> str:
    if value not in known:
        raise ValueError(f"{name} “{value}” is none of {', '.join(known)}")
    return value


def _given(row: dict[str, str], name: str) -> str:
    if not row[name]:
        raise ValueError(f"{name} is empty")
    return row[name]


def _availability(row: dict[str, str]) -> dict[str, Any]:
    if not CODE.fullmatch(row["unit_code"]):
        raise ValueError(f"unit_code “{row['unit_code']}” is not two or five digits")
    since, until = date_or_none(_given(row, "valid_from")), date_or_none(row.get("valid_to"))
    in_order(since, until)
    return {
        "theme": _one_of(row["theme"], tuple(theme.key for theme in THEMES), "theme"),
        "unit_code": row["unit_code"],
        "state": _one_of(row["state"], AVAILABILITY_STATES, "state"),
        "on_whose_word": _given(row, "on_whose_word"),
        "valid_from": since,
        "valid_to": until,
    }


def _carry_over(row: dict[str, str]) -> dict[str, Any]:
    return {
        "plan_code": _given(row, "plan_code"),
        "resolution": _given(row, "resolution"),
        "effective": date_or_none(_given(row, "effective")),
        "decision": _one_of(row["decision"], CARRY_OVER_DECISIONS, "decision"),
        "basis": _given(row, "basis"),
    }


def _target(row: dict[str, str]) -> dict[str, Any]:
    code = row.get("unit_code") or None
    if code is not None and not COMMUNE_CODE.fullmatch(code):
        raise ValueError(f"unit_code “{code}” is not the five digits of a commune; leave it empty for every commune")
    target = number_or_none(_given(row, "target_pct"))
    if target is None or not 0 < target <= 100:
        raise ValueError(f"target_pct {row['target_pct']} is not above 0 and up to 100 per cent")
    since, until = date_or_none(_given(row, "valid_from")), date_or_none(row.get("valid_to"))
    in_order(since, until)
    return {
        "level": _one_of(row["level"], LEVELS, "level"),
        "unit_code": code,
        "target_pct": target,
        "on_whose_word": _given(row, "on_whose_word"),
        "valid_from": since,
        "valid_to": until,
    }


def _office(row: dict[str, str]) -> dict[str, Any]:
    since, until = date_or_none(_given(row, "valid_from")), date_or_none(row.get("valid_to"))
    in_order(since, until)
    return {
        **{name: _given(row, name) for name in ("name", "name_now", "basis")},
        "valid_from": since,
        "valid_to": until,
    }


_STATEMENTS = {
    "availability": _Statement(availability, ("unit_code", "theme"), _availability),
    "targets": _Statement(coverage_target, ("level", "unit_code"), _target),
    "carry-over": _Statement(carry_over, ("plan_code", "effective"), _carry_over),
    "offices": _Statement(office, ("name",), _office),
}
