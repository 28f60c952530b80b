"""Control lines: red lines, building lines, safety corridors, boundary markers; the set of one plan, or lines that stand by themselves."""

import json
from dataclasses import replace
from datetime import date
from typing import Any, get_args

import numpy as np
import shapely

from layers.ingest.delivery import Delivery, gathered
from layers.ingest.intake import Intake, Terms, dataset_of, opened, report_of
from layers.ingest.report import Refusal, Report
from layers.ingest.shapes import ANYTHING_DRAWN, Sifted, sifted
from layers.sources.values import date_or_none, in_order, not_negative, number_or_none, text_or_none
from layers.sources.vector import Source
from planning.control_lines import SUBJECTS, WIDEST_M, ControlKind, unsound
from planning.errors import BadQuestion, MissingField, NotAllowed
from planning.geometry import operation
from planning.periods import Period
from planning.store.control_lines import clear_lines, plan_versions
from planning.store.copying import Progress
from planning.store.incoming import Rows
from planning.store.session import WriteSession
from planning.store.tables import control_line

TEXTS = ("code", "name", "subject", "legal_basis")
METRES = ("half_width_m", "setback_m")
LINES = ("red_line", "building_line")
DRAWINGS = {"DXF", "DGN"}
"""Kinds of files in which a line that ends where it began is written as an area."""

FIELDS = {"attributes", "kind", "valid_from", "valid_to", *TEXTS, *METRES}

Record = dict[str, Any]


def bring_in_control_lines(
    session: WriteSession, delivery: Delivery, plan: str | None, terms: Terms, progress: Progress | None = None
) -> Report:
    """Bring in control lines. Fields: kind, and where known code, name, subject, half_width_m, setback_m, legal_basis, valid_from,
    valid_to; other fields are kept as attributes.

    With a plan (its code) the file is the whole set of the kinds of line it holds, for that version of the plan: what was on record of
    these gives way. Lines of no plan need a code and a first day, and supersede the line of the same code and first day.
    """
    delivery.require("kind", *([] if plan else ["code"]))
    within = _version(session, plan, terms) if plan else None
    if within is None and terms.valid_from is None and not delivery.has("valid_from"):
        raise MissingField(file=delivery.name, field="valid_from", present=", ".join(delivery.features.field_names))
    by = operation(delivery.crs, session.storage_srid).name
    report = report_of("control-lines", delivery, by)
    wanted = dataset_of("control-lines", delivery, by, terms)
    wanted.parameters["plan"] = plan
    intake = opened(session, wanted, report, [control_line], progress)
    if intake is None:
        return report
    source = gathered(delivery, report)
    if delivery.features.kind in DRAWINGS:
        source = _outlined(source)
    sift = sifted(source.shapes, source.crs, session.storage_srid, ANYTHING_DRAWN, numbers=source.numbers)
    report.note(sift.refused, sift.repairs, source.layer)
    records, places = _sound(source, sift, _Reader(plan, within, terms), report)
    if records:
        _store(intake, _rows(intake, records, sift, places), plan, within)
    return intake.concluded()


def _outlined(source: Source) -> Source:
    """Red lines and building lines that a drawing closes are lines still; a closed corridor is the land it goes around."""
    closed = source.fields["kind"].isin(LINES).to_numpy() & np.isin(shapely.get_type_id(source.shapes), (3, 6))
    shapes = source.shapes.copy()
    shapes[closed] = shapely.boundary(shapes[closed])
    return replace(source, shapes=shapes)


def _version(session: WriteSession, code: str, terms: Terms) -> Period:
    """The days of the version of the plan that the file is of: the one that holds the first day said, or the only one."""
    versions = plan_versions(session, code)
    if not versions.periods:
        raise NotAllowed(
            vi=f"chưa có đồ án {code}; nhập đồ án trước.", en=f"there is no plan {code}; bring the plan in first."
        )
    found = versions.holding(terms.valid_from) if terms.valid_from else versions.periods[0]
    if found is None or (terms.valid_from is None and len(versions.periods) > 1):
        days = ", ".join(f"{one.since} … {one.until or ''}".strip() for one in versions.periods)
        raise BadQuestion(
            parameter="--valid-from", vi=f"chọn một ngày trong thời hạn của đồ án {code}: {days}.",
            en=f"name a day on which the version of plan {code} is in force: {days}.",
        )  # fmt: skip
    return found


class _Reader:
    """Reads records of one file, for a version of a plan or for none."""

    def __init__(self, plan: str | None, within: Period | None, terms: Terms) -> None:
        self.plan, self.within, self.terms = plan, within, terms
        self.known: set[tuple[str | None, date]] = set()

    def line(self, record: Record, shape: Any) -> Record:
        """The columns of a line but for its shape; ValueError says what is wrong with it."""
        values: Record = {"plan_code": self.plan, "kind": _kind(record)}
        values |= {name: text_or_none(record.get(name)) for name in TEXTS}
        values |= {name: _metres(name, record.get(name)) for name in METRES}
        if values["subject"] is not None and values["subject"] not in SUBJECTS:
            raise ValueError(f"subject “{values['subject']}” is none of {', '.join(SUBJECTS)}")
        if values["half_width_m"] == 0:
            raise ValueError("half_width_m is 0")
        wrong = unsound(values["kind"], int(shapely.get_dimensions(shape)), values["half_width_m"])
        if wrong:
            raise ValueError(wrong)
        values |= self._days(record)
        if self.plan is None:
            self._alone(values)
        own = {name: text_or_none(value) for name, value in record.items() if name not in FIELDS}
        return values | {"attributes": record.get("attributes") or json.dumps(own, ensure_ascii=False)}

    def _days(self, record: Record) -> Record:
        since = date_or_none(record.get("valid_from")) or self.terms.valid_from
        until = date_or_none(record.get("valid_to")) or self.terms.valid_to
        since = since or (self.within.since if self.within else None)
        if since is None:
            raise ValueError("valid_from is empty")
        if self.within and since not in self.within:
            raise ValueError(f"valid_from {since} is not a day on which this version of plan {self.plan} is in force")
        in_order(since, until)
        return {"valid_from": since, "valid_to": until}

    def _alone(self, values: Record) -> None:
        if values["code"] is None:
            raise ValueError("code is empty: a line of no plan is known by its code")
        key = (values["code"], values["valid_from"])
        if key in self.known:
            raise ValueError(f"code {values['code']} stands more than once in the file: draw the pieces as one feature")
        self.known.add(key)


def _kind(record: Record) -> ControlKind:
    kind = text_or_none(record["kind"])
    for known in get_args(ControlKind):
        if kind == known:
            return known  # type: ignore[no-any-return]
    raise ValueError(f"kind “{kind}” is none of {', '.join(get_args(ControlKind))}")


def _metres(name: str, value: Any) -> float | None:
    metres = not_negative(name, number_or_none(value))
    if metres is not None and metres > WIDEST_M:
        raise ValueError(f"{name} {metres:g} is more than {WIDEST_M:g} m: was it written in another unit of measure?")
    return metres


def _sound(source: Source, sift: Sifted, reader: _Reader, report: Report) -> tuple[list[Record], list[int]]:
    records, places = [], []
    for place, record in enumerate(source.fields.iloc[sift.places].to_dict("records")):
        origin = int(sift.places[place])
        try:
            records.append(reader.line(record, sift.geom[place]))
            places.append(place)
        except ValueError as error:
            report.refuse(
                Refusal.of(source.feature(origin), "bad-value", str(error), source.shapes[origin], layer=source.layer)
            )
    return records, places


def _rows(intake: Intake, records: list[Record], sift: Sifted, places: list[int]) -> Rows:
    columns: dict[str, Any] = {name: [record[name] for record in records] for name in records[0]}
    columns["release_from"] = [intake.draft] * len(records)
    columns["dataset_id"] = [intake.dataset_id] * len(records)
    return Rows(control_line, columns, sift.shapes(places))


def _store(intake: Intake, rows: Rows, plan: str | None, within: Period | None) -> None:
    if plan is None or within is None:
        intake.store(rows, ["plan_code", "code"])
        return
    gone = clear_lines(intake.session, plan, within, intake.draft, set(rows.columns["kind"]))
    intake.report.counts["superseded"] = gone
    intake.add(rows)
