"""Plans with their zones. One file may hold many plans (layers `plan` and `zone`) or the zones of one plan."""

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import shapely

from layers.ingest.intake import Intake, Terms, dataset_of, opened, report_of
from layers.ingest.report import Refusal, Report
from layers.ingest.shapes import Sifted, sifted
from layers.sources.values import date_or_none, in_order, not_negative, number_or_none, text_or_none, whole_or_none
from layers.sources.vector import Source, required
from planning.errors import BadFile
from planning.functions import SCHEMES, function_of
from planning.geometry import Shapes, operation
from planning.plans import KINDS, LEVELS, ORIGINS
from planning.store.incoming import Progress, Rows, ids_of
from planning.store.session import WriteSession
from planning.store.tables import plan, zone

PLAN_TEXTS = ("code", "name", "kind", "level", "decision_number", "approver", "amends", "supersedes", "origin")
ZONE_NUMBERS = {"declared_m2": "declared_area_m2", "density_pct": "density_pct", "height_max_m": "height_max_m",
    "far_max": "far_max", "setback_m": "setback_m"}  # fmt: skip
MOST_FLOORS = 300
ZONE_WHOLES = ("floors_min", "floors_max")
ZONE_FIELDS = {"plan_code", "lot_symbol", "function_code", "function_scheme", *ZONE_NUMBERS, *ZONE_WHOLES}


class Sources(NamedTuple):
    """The boundary and the zones of the plans of a file."""

    plans: Source
    zones: Source


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
    origin: str | None = None
    accuracy_m: float | None = None


def with_boundary(zones: Source, described: Described, boundary: Source | None) -> Sources:
    """The zones of one plan with its boundary: the given one, or where none is given the union of the zones."""
    shapes = boundary.shapes if boundary else np.array([_union_of_sound(zones.shapes)], dtype=object)
    if len(shapes) != 1:
        name = boundary.path.name if boundary else zones.path.name
        raise BadFile(file=name, vi="ranh giới phải là một đối tượng.", en="the boundary must be one feature.")
    fields = zones.fields.iloc[:0].reindex(columns=[*Described.__slots__]).astype(object)
    fields.loc[0] = [getattr(described, name) for name in Described.__slots__]
    origin = boundary or zones
    plans = replace(origin, fields=fields, shapes=shapes)
    return Sources(plans, replace(zones, fields=zones.fields.assign(plan_code=described.code)))


def _union_of_sound(shapes: Shapes) -> Any:
    """The union of what can be stored; what cannot is refused by itself when the zones are sifted."""
    flat = shapely.force_2d(shapes[~shapely.is_missing(shapes)])
    return shapely.union_all(flat[shapely.is_valid(flat)])


def bring_in_plans(session: WriteSession, sources: Sources, terms: Terms, progress: Progress | None = None) -> Report:
    """Bring in plans and zones; a zone that cannot be stored is refused by itself, a plan with all its zones."""
    required(sources.plans, "code", "name", "kind", "level")
    required(sources.zones, "plan_code", "function_code", "function_scheme")
    by = operation(sources.zones.crs, session.storage_srid).name
    report = report_of("plan", sources.zones, by)
    report.counts["read"] += len(sources.plans)
    wanted = dataset_of("plan", sources.zones, by, terms)
    wanted.parameters["boundary"] = sources.plans.sha256
    wanted.parameters["plans"] = [
        {name: text_or_none(value) for name, value in record.items()}
        for record in sources.plans.fields.to_dict("records")
    ]
    intake = opened(session, wanted, report, [plan], progress)
    if intake is None:
        return report
    ids = _store_plans(intake, sources.plans, terms)
    _store_zones(intake, sources.zones, ids)
    return intake.concluded()


def _store_plans(intake: Intake, source: Source, terms: Terms) -> dict[str, int]:
    """Store the boundaries; plan code → row."""
    sift = sifted(source.shapes, source.crs, intake.session.storage_srid)
    intake.report.refused += sift.refused
    codes = source.fields["code"].map(text_or_none)
    twice = set(codes[codes.duplicated()])
    records, places = _sound(source, sift, intake.report, lambda record: _plan(record, terms, twice))
    if not records:
        return {}
    intake.store(_rows(plan, intake, records, sift, places), ["code"])
    return {code: row for (code,), row in ids_of(intake.session, plan, ("code",), intake.dataset_id).items()}


def _store_zones(intake: Intake, source: Source, ids: dict[str, int]) -> None:
    sift = sifted(source.shapes, source.crs, intake.session.storage_srid)
    intake.report.refused += sift.refused
    records, places = _sound(source, sift, intake.report, lambda record: _zone(record, ids))
    if records:
        intake.add(_rows(zone, intake, records, sift, places))


def _sound(source: Source, sift: Sifted, report: Report, read: Any) -> tuple[list[dict[str, Any]], list[int]]:
    records, places = [], []
    for place, record in enumerate(source.fields.iloc[sift.places].to_dict("records")):
        try:
            records.append(read(record))
            places.append(place)
        except ValueError as error:
            origin = int(sift.places[place])
            report.refused.append(
                Refusal.of(origin + 1, "bad-value", f"{source.layer}: {error}", source.shapes[origin])
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


def _zone(record: dict[str, Any], ids: dict[str, int]) -> dict[str, Any]:
    code, scheme = text_or_none(record["function_code"]), text_or_none(record["function_scheme"])
    plan_code = text_or_none(record["plan_code"])
    if plan_code not in ids:
        raise ValueError(f"its plan “{plan_code}” is not among the plans stored")
    if scheme not in SCHEMES:
        raise ValueError(f"function_scheme “{scheme}” is none of {', '.join(SCHEMES)}")
    if code is None or function_of(code, scheme) is None:
        raise ValueError(f"function code “{code}” is not in the scheme {scheme}")
    values: dict[str, Any] = {"plan_id": ids[plan_code], "function_code": code, "function_scheme": scheme}
    values["lot_symbol"] = text_or_none(record.get("lot_symbol"))
    values |= {ours: not_negative(theirs, number_or_none(record.get(theirs))) for theirs, ours in ZONE_NUMBERS.items()}
    values |= {name: not_negative(name, whole_or_none(record.get(name), MOST_FLOORS)) for name in ZONE_WHOLES}
    if values["density_pct"] is not None and not 0 <= values["density_pct"] <= 100:
        raise ValueError(f"density {values['density_pct']:g} % is not between 0 and 100")
    if None not in (values["floors_min"], values["floors_max"]) and values["floors_min"] > values["floors_max"]:
        raise ValueError(f"floors {values['floors_min']}-{values['floors_max']} are not in order")
    values["attributes"] = json.dumps(
        {k: text_or_none(v) for k, v in record.items() if k not in ZONE_FIELDS}, ensure_ascii=False
    )
    return values


def _rows(table: Any, intake: Intake, records: list[dict[str, Any]], sift: Sifted, places: list[int]) -> Rows:
    columns: dict[str, Any] = {name: [record[name] for record in records] for name in records[0]}
    if table is plan:
        columns["release_from"] = [intake.draft] * len(records)
        columns["dataset_id"] = [intake.dataset_id] * len(records)
    shapes = {"geom": sift.geom[places], "geom_web": sift.geom_web[places], "geom_source": sift.geom_source[places]}
    return Rows(table, columns, shapes)
