"""Localities: a list of villages, streets, residential groups and landmarks, with points, lines or areas."""

from typing import Any, get_args

from layers.ingest.delivery import Delivery, gathered
from layers.ingest.intake import Intake, Terms, dataset_of, opened, report_of
from layers.ingest.report import Refusal, Report
from layers.ingest.shapes import ANYTHING_DRAWN, Sifted, sifted
from layers.sources.values import date_or_none, in_order, text_or_none
from layers.sources.vector import Source
from planning.errors import MissingField
from planning.geometry import operation
from planning.localities import LocalityKind, sought
from planning.store.copying import Progress
from planning.store.incoming import Rows
from planning.store.localities import clear_list
from planning.store.session import WriteSession
from planning.store.tables import locality
from planning.units import CODE_LENGTHS, folded

LONGEST_NAME = 200

Record = dict[str, Any]


def bring_in_localities(
    session: WriteSession, delivery: Delivery, name: str, terms: Terms, progress: Progress | None = None
) -> Report:
    """Bring in the list of that name. Fields: name, kind, and where known unit_code, valid_from, valid_to.

    The file is the whole list: what was on record of it gives way.
    """
    delivery.require("name", "kind")
    if terms.valid_from is None and not delivery.has("valid_from"):
        raise MissingField(file=delivery.name, field="valid_from", present=", ".join(delivery.features.field_names))
    by = operation(delivery.crs, session.storage_srid).name
    report = report_of("localities", delivery, by)
    wanted = dataset_of("localities", delivery, by, terms)
    wanted.parameters["list"] = name
    intake = opened(session, wanted, report, [locality], progress)
    if intake is None:
        return report
    source = gathered(delivery, report)
    sift = sifted(source.shapes, source.crs, session.storage_srid, ANYTHING_DRAWN, numbers=source.numbers)
    report.note(sift.refused, sift.repairs, source.layer)
    records, places = _sound(source, sift, terms, report)
    if records:
        report.counts["superseded"] = clear_list(session, name, intake.draft)
        intake.add(_rows(intake, name, records, sift.shapes(places)))
    return intake.concluded()


def _sound(source: Source, sift: Sifted, terms: Terms, report: Report) -> tuple[list[Record], list[int]]:
    records, places = [], []
    for place, record in enumerate(source.fields.iloc[sift.places].to_dict("records")):
        origin = int(sift.places[place])
        try:
            records.append(_locality(record, terms))
            places.append(place)
        except ValueError as error:
            report.refuse(
                Refusal.of(source.feature(origin), "bad-value", str(error), source.shapes[origin], layer=source.layer)
            )
    return records, places


def _locality(record: Record, terms: Terms) -> Record:
    """The columns of a locality but for its shape; ValueError says what is wrong with it."""
    name, code = text_or_none(record["name"]), text_or_none(record.get("unit_code"))
    kind = _kind(record)
    if name is None or not any(letter.isalnum() for letter in name) or len(name) > LONGEST_NAME:
        raise ValueError(f"name is empty, without a letter, or longer than {LONGEST_NAME} letters")
    if code is not None and not (code.isascii() and code.isdigit() and len(code) == CODE_LENGTHS["commune"]):
        raise ValueError(f"unit_code “{code}” is not five digits of text")
    since = date_or_none(record.get("valid_from")) or terms.valid_from
    until = date_or_none(record.get("valid_to")) or terms.valid_to
    if since is None:
        raise ValueError("valid_from is empty")
    in_order(since, until)
    return {
        "kind": kind, "name": name, "name_folded": folded(name), "sought": sought(kind, name), "unit_code": code,
        "valid_from": since, "valid_to": until,
    }  # fmt: skip


def _kind(record: Record) -> LocalityKind:
    kind = text_or_none(record["kind"])
    for known in get_args(LocalityKind):
        if kind == known:
            return known  # type: ignore[no-any-return]
    raise ValueError(f"kind “{kind}” is none of {', '.join(get_args(LocalityKind))}")


def _rows(intake: Intake, name: str, records: list[Record], shapes: dict[str, Any]) -> Rows:
    columns: dict[str, Any] = {column: [record[column] for record in records] for column in records[0]}
    constants = {"list": name, "release_from": intake.draft, "dataset_id": intake.dataset_id}
    columns |= {column: [value] * len(records) for column, value in constants.items()}
    return Rows(locality, columns, shapes)
