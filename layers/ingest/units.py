"""Administrative units: provinces and communes with their boundaries."""

from dataclasses import dataclass
from typing import Any

import shapely

from layers.ingest.delivery import Delivery, gathered
from layers.ingest.intake import Terms, dataset_of, opened, report_of
from layers.ingest.report import Refusal, Report
from layers.ingest.shapes import Sifted, sifted
from layers.sources.values import date_or_none, in_order, not_negative, text_or_none, whole_or_none, yes_or_no
from layers.sources.vector import Source
from planning.errors import MissingField
from planning.geometry import operation
from planning.mergers.clauses import Located
from planning.store.copying import Progress
from planning.store.incoming import Rows
from planning.store.parts import locate_parts
from planning.store.session import WriteSession
from planning.store.tables import unit
from planning.units import CODE, CODE_LENGTHS, area_verdict, declared_area, folded, kind_of, sought


@dataclass(slots=True)
class _Unit:
    place: int
    values: dict[str, Any]


def bring_in_units(
    session: WriteSession, delivery: Delivery, terms: Terms, progress: Progress | None = None, how: Located = "official"
) -> Report:
    """Bring in units. Fields: code, name (with its kind first), and where known province_code, district, declared_km2,
    population, legal_basis, coastal, valid_from, valid_to. The period comes from the fields or from `terms`; it is never assumed.
    `how` is how the boundaries were got. Parts of clauses in the draft whose land they tell are located.
    """
    delivery.require("code", "name")
    if terms.valid_from is None and not delivery.has("valid_from"):
        raise MissingField(file=delivery.name, field="valid_from", present=", ".join(delivery.features.field_names))
    by = operation(delivery.crs, session.storage_srid).name
    report = report_of("units", delivery, by)
    intake = opened(session, dataset_of("units", delivery, by, terms), report, [unit], progress)
    if intake is None:
        return report
    source = gathered(delivery, report)
    sift = sifted(source.shapes, source.crs, session.storage_srid, numbers=source.numbers)
    report.note(sift.refused, sift.repairs, source.layer)
    units = _sound(source, sift, terms, report)
    if units:
        intake.store(_rows(units, sift, how, {"release_from": intake.draft, "dataset_id": intake.dataset_id}), ["code"])
        locate_parts(session, intake.draft)
    return intake.concluded()


def _sound(source: Source, sift: Sifted, terms: Terms, report: Report) -> list[_Unit]:
    records = source.fields.iloc[sift.places].to_dict("records")
    codes = [text_or_none(record["code"]) for record in records]
    units = []
    for place, record in enumerate(records):
        feature, shape = source.feature(int(sift.places[place])), source.shapes[sift.places[place]]
        try:
            values = unit_values(record, terms, twice=codes.count(codes[place]) > 1)
        except ValueError as error:
            report.refuse(Refusal.of(feature, "bad-value", str(error), shape))
            continue
        values["declared_area_km2"] = _declared(record, sift.geom[place], values, report)
        units.append(_Unit(place, values))
    return units


def unit_values(record: dict[str, Any], terms: Terms, *, twice: bool) -> dict[str, Any]:
    """The columns of a unit but for its shape and declared area; ValueError says what is wrong with the record."""
    code, name = text_or_none(record["code"]), text_or_none(record["name"])
    if code is None or not CODE.fullmatch(code):
        raise ValueError(
            f"code “{code}” is not two digits (province) or five (commune), as text with its leading zeros"
        )
    if twice:
        raise ValueError(f"code {code} stands more than once in the file")
    kind = kind_of(name or "")
    if name is None or kind is None:
        raise ValueError(
            f"the name “{name}” does not begin with its kind (Tỉnh, Thành phố, Xã, Phường, Thị trấn, Đặc khu)"
        )
    if len(code) != CODE_LENGTHS[kind.level]:
        raise ValueError(f"code {code} of {name} has not {CODE_LENGTHS[kind.level]} digits: were leading zeros lost?")
    since = date_or_none(record.get("valid_from")) or terms.valid_from
    if since is None:
        raise ValueError("valid_from is empty")
    until = date_or_none(record.get("valid_to")) or terms.valid_to
    in_order(since, until)
    return {
        "code": code,
        "level": kind.level,
        "kind": kind.kind,
        "name": name,
        "name_folded": folded(name),
        "sought": sought(name, text_or_none(record.get("district"))),
        "province_code": text_or_none(record.get("province_code")),
        "district": text_or_none(record.get("district")),
        "population": not_negative("population", whole_or_none(record.get("population"))),
        "legal_basis": text_or_none(record.get("legal_basis")),
        "coastal": yes_or_no(record.get("coastal")),
        "valid_from": since,
        "valid_to": until,
    }


def _declared(record: dict[str, Any], shape: Any, values: dict[str, Any], report: Report) -> float | None:
    """The declared area; one that cannot be read, or is doubtful beside the drawn one, is warned of."""
    written = text_or_none(record.get("declared_km2"))
    if written is None:
        return None
    label = f"{values['code']} {values['name']}"
    area = (
        declared_area(written)
        if not isinstance(record["declared_km2"], float)
        else declared_area(f"{record['declared_km2']:.6f}")
    )
    if area is None:
        report.warn(f"{label}: diện tích “{written}” đọc được hơn một cách / can be read in two ways; left empty")
        return None
    verdict = area_verdict(area.area_km2, float(shapely.area(shape)) / 1e6, coastal=values["coastal"])
    if verdict.judgement == "doubtful":
        report.warn(f"{label}: diện tích công bố “{written}” đáng ngờ / the declared area is doubtful: {verdict.why}")
    return area.area_km2


def _rows(units: list[_Unit], sift: Sifted, how: Located, constants: dict[str, int]) -> Rows:
    places = [one.place for one in units]
    columns: dict[str, Any] = {name: [one.values[name] for one in units] for name in units[0].values}
    columns |= {name: [value] * len(units) for name, value in (constants | {"boundary_how": how}).items()}
    return Rows(unit, columns, sift.shapes(places))
