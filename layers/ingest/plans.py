"""Plans with their zones. One file may hold many plans (layers `plan` and `zone`) or the zones of one plan."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely

from layers.ingest.bearing import Country
from layers.ingest.delivery import Delivery, InLots, Lot, Wish, gathered
from layers.ingest.derived import tell_edges, tell_holes
from layers.ingest.intake import Intake, Terms, dataset_of, opened, report_of
from layers.ingest.repairs import repaired
from layers.ingest.report import Refusal, Report
from layers.ingest.shapes import Sifted, sifted
from layers.ingest.zones import read_zones
from layers.sources.facts import Reading
from layers.sources.values import date_or_none, in_order, not_negative, number_or_none, text_or_none, whole_or_none
from layers.sources.vector import Source, required
from planning.errors import BadFile
from planning.geometry import operation
from planning.plans import KINDS, LEVELS, ORIGINS
from planning.store.copying import Progress
from planning.store.incoming import Rows, ids_of
from planning.store.session import WriteSession
from planning.store.succession import end_superseded
from planning.store.tables import plan, zone

PLAN_TEXTS = ("code", "name", "kind", "level", "decision_number", "approver", "amends", "supersedes", "origin")


class Sources(NamedTuple):
    """The boundaries of the plans of a file, read whole, and their zones, read in lots."""

    plans: Source
    zones: InLots
    derived: bool = False
    """Whether the boundary is the union of the zones."""
    about: Report | None = None
    """What is known of the file of the boundaries, where it is not that of the zones or was read by itself."""


@dataclass(frozen=True, slots=True)
class Described:
    """One plan as a person describes it, where the file holds its zones only."""

    code: str
    name: str
    kind: str
    level: str
    scale: int | None = None
    decision_number: str | None = None
    decision_date: date | None = None
    approver: str | None = None
    amends: str | None = None
    supersedes: str | None = None
    origin: str | None = None
    accuracy_m: float | None = None


@dataclass(frozen=True, slots=True)
class Outlines:
    """Boundaries of plans, and what is to be reported of their file."""

    source: Source
    about: Report


def outlines_of(path: Path, wish: Wish, country: Country) -> Outlines:
    """The boundaries of plans, their CRS and their axes settled as those of zones are."""
    delivery = Delivery.opened(path, wish, country)
    about = Report("plan", delivery.name, delivery.sha256)
    source = gathered(delivery, about)
    delivery.tell(about)
    return Outlines(source, about)


def with_boundary(zones: InLots, described: Described, boundary: Outlines | None) -> Sources:
    """The zones of one plan with its boundary: the given one, or where none is given the union of the zones."""
    if boundary is not None and len(boundary.source) != 1:
        raise BadFile(
            file=boundary.source.name, vi="ranh giới phải là một đối tượng.", en="the boundary must be one feature."
        )
    fields = pd.DataFrame({name: pd.Series([getattr(described, name)], dtype=object) for name in Described.__slots__})
    if boundary is not None:
        return Sources(replace(boundary.source, fields=fields), zones, about=boundary.about)
    shapes = np.array([_union_of_sound(zones)], dtype=object)
    reading = Reading(zones.layer)
    return Sources(
        Source(zones.path, zones.layer, zones.sha256, zones.crs, zones.crs_said_by, fields, shapes, reading),
        zones,
        derived=True,
    )


def _union_of_sound(zones: InLots) -> Any:
    """The union of what can be stored; what cannot is refused by itself when the zones are sifted."""
    united = []
    for lot in zones.lots():
        shapes = lot.shapes[~shapely.is_missing(lot.shapes)]
        mended = repaired(shapes[np.isfinite(shapely.bounds(shapes)).all(axis=1)])
        united.append(shapely.union_all(mended.shapes[mended.valid]))
    return shapely.orient_polygons(shapely.union_all(united))


def bring_in_plans(session: WriteSession, sources: Sources, terms: Terms, progress: Progress | None = None) -> Report:
    """Bring in plans and zones; a zone that cannot be stored is refused by itself, a plan with all its zones."""
    required(sources.plans, "code", "name", "kind", "level")
    sources.zones.require("plan_code", "function_code", "function_scheme")
    by = operation(sources.zones.crs, session.storage_srid).name
    report = report_of("plan", sources.zones, by)
    report.counts["read"] += len(sources.plans)
    if sources.about:
        report.join(sources.about)
    wanted = dataset_of("plan", sources.zones, by, terms)
    wanted.parameters["boundary"] = sources.plans.sha256
    wanted.parameters["plans"] = [
        {name: text_or_none(value) for name, value in record.items()}
        for record in sources.plans.fields.to_dict("records")
    ]
    intake = opened(session, wanted, report, [plan], progress)
    if intake is None:
        return report
    ids = _store_plans(intake, sources, terms)
    with intake.in_lots():
        for lot in sources.zones.lots():
            _store_zones(intake, sources.zones, lot, ids)
    for one in end_superseded(session, intake.draft):
        report.warn(
            f"{one.code} kết thúc ngày {one.ends}, {one.by} thay thế / {one.code} ends on {one.ends}, superseded by {one.by}"
        )
    return intake.concluded()


def _store_plans(intake: Intake, sources: Sources, terms: Terms) -> dict[str, int]:
    """Store the boundaries; plan code → row."""
    source = sources.plans
    sift = sifted(source.shapes, source.crs, intake.session.storage_srid, numbers=source.numbers)
    intake.report.note(sift.refused, sift.repairs, source.layer)
    codes = source.fields["code"].map(text_or_none)
    twice = set(codes[codes.duplicated()])
    records, places = _sound(source, sift, intake.report, lambda record: _plan(record, terms, twice))
    if not records:
        return {}
    intake.store(_rows(intake, records, sift, places), ["code"])
    if sources.derived:
        to_source = operation(intake.session.storage_srid, source.crs)
        for record, place in zip(records, places, strict=True):
            tell_holes(intake.report, sift.geom[place], record["level"], to_source)
            tell_edges(intake.report, sift.geom[place], record["level"], to_source)
    return {code: row for (code,), row in ids_of(intake.session, plan, ("code",), intake.dataset_id).items()}


def _store_zones(intake: Intake, source: InLots, lot: Lot, ids: dict[str, int]) -> None:
    intake.came(len(lot) + len(lot.refused), source.count)
    intake.report.refuse(*lot.refused)
    intake.report.warn(*lot.warnings)
    sift = sifted(lot.shapes, source.crs, intake.session.storage_srid, numbers=lot.numbers)
    intake.report.note(sift.refused, sift.repairs, source.layer)
    zones = read_zones(lot.fields.iloc[sift.places], ids)
    intake.report.refuse(
        *(
            Refusal.of(
                int(lot.numbers[sift.places[at]]),
                "bad-value",
                f"{source.layer}: {why}",
                lot.shapes[sift.places[at]],
                layer=source.layer,
            )
            for at, why in zones.refused.items()
        )
    )
    if len(zones.places):
        intake.add(Rows(zone, zones.columns, sift.shapes(zones.places)))


def _sound(source: Source, sift: Sifted, report: Report, read: Any) -> tuple[list[dict[str, Any]], list[int]]:
    records, places = [], []
    for place, record in enumerate(source.fields.iloc[sift.places].to_dict("records")):
        try:
            records.append(read(record))
            places.append(place)
        except ValueError as error:
            origin = int(sift.places[place])
            report.refuse(
                Refusal.of(source.feature(origin), "bad-value", f"{source.layer}: {error}", source.shapes[origin])
            )
    return records, places


def _plan(record: dict[str, Any], terms: Terms, twice: set[str | None]) -> dict[str, Any]:
    values: dict[str, Any] = {name: text_or_none(record.get(name)) for name in PLAN_TEXTS}
    for name in ("code", "name"):
        if values[name] is None:
            raise ValueError(f"{name} is empty")
    if values["code"] in twice:
        raise ValueError(
            f"code {values['code']} stands more than once in the file: bring each version in by its own file"
        )
    if values["kind"] not in KINDS:
        raise ValueError(f"kind “{values['kind']}” is none of {', '.join(KINDS)}")
    if values["level"] not in LEVELS:
        raise ValueError(f"level “{values['level']}” is none of {', '.join(LEVELS)}")
    if values["origin"] not in {None, *ORIGINS}:
        raise ValueError(f"origin “{values['origin']}” is none of {', '.join(ORIGINS)}")
    values["accuracy_m"] = not_negative("accuracy_m", number_or_none(record.get("accuracy_m")))
    values["scale"] = whole_or_none(record.get("scale"))
    values["declared_area_ha"] = number_or_none(record.get("declared_ha"))
    values["decision_date"] = date_or_none(record.get("decision_date"))
    values["valid_from"] = date_or_none(record.get("valid_from")) or terms.valid_from
    values["valid_to"] = date_or_none(record.get("valid_to")) or terms.valid_to
    if values["valid_from"] is None:
        raise ValueError("valid_from is neither in the file nor said: when did the plan come into force?")
    in_order(values["valid_from"], values["valid_to"])
    if values["scale"] is not None and values["scale"] <= 0:
        raise ValueError(f"scale {values['scale']} is not the denominator of a scale")
    return values


def _rows(intake: Intake, records: list[dict[str, Any]], sift: Sifted, places: list[int]) -> Rows:
    columns: dict[str, Any] = {name: [record[name] for record in records] for name in records[0]}
    columns["release_from"] = [intake.draft] * len(records)
    columns["dataset_id"] = [intake.dataset_id] * len(records)
    return Rows(plan, columns, sift.shapes(places))
