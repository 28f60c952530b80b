"""Cadastral parcels. Their key is (former commune, sheet, number); owners are never read."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from layers.ingest.delivery import Delivery, Lot
from layers.ingest.intake import Intake, Terms, dataset_of, opened, report_of
from layers.ingest.report import Refusal, Report
from layers.ingest.shapes import Sifted, sifted
from layers.sources.values import text_or_none, whole_numbers
from planning.errors import MissingField
from planning.geometry import operation
from planning.store.copying import Progress
from planning.store.incoming import Rows
from planning.store.session import WriteSession
from planning.store.tables import parcel

KEY = ["former_code", "sheet", "number"]

Mask = npt.NDArray[np.bool_]


def bring_in_parcels(session: WriteSession, source: Delivery, terms: Terms, progress: Progress | None = None) -> Report:
    """Bring in parcels. Fields: former_code, sheet, number, and where known land_use_code, declared_m2.

    The file is gone through twice: for the keys, since one that stands more than once is refused wherever it stands; then for the rest.
    """
    source.require(*KEY)
    if terms.valid_from is None:
        raise MissingField(file=source.name, field="valid_from", present=", ".join(source.features.field_names))
    by = operation(source.crs, session.storage_srid).name
    report = report_of("parcels", source, by)
    intake = opened(session, dataset_of("parcels", source, by, terms), report, [parcel], progress)
    if intake is None:
        return report
    twice = _twice(source)
    with intake.in_lots():
        for lot in source.lots():
            _store(intake, source, lot, twice, terms)
    return intake.concluded()


def _twice(source: Delivery) -> pd.MultiIndex:
    """Keys that stand in the file more than once."""
    keys = pd.concat([_Keys.of(lot.fields).frame for lot in source.lots()] or [pd.DataFrame(columns=KEY)])
    again = keys[keys.duplicated() & keys["former_code"].notna()]
    return pd.MultiIndex.from_frame(again)


class _Keys:
    """The keys of some features, and what is wrong with them."""

    def __init__(self, frame: pd.DataFrame, problems: dict[str, Mask]) -> None:
        self.frame, self.problems = frame, problems

    @classmethod
    def of(cls, fields: pd.DataFrame) -> "_Keys":
        codes = fields["former_code"].astype("string").str.strip().reset_index(drop=True)
        sheets, bad_sheet = whole_numbers(fields["sheet"])
        numbers, bad_number = whole_numbers(fields["number"])
        problems = {
            "former_code is not five digits of text": ~codes.str.fullmatch(r"[0-9]{5}")
            .fillna(value=False)
            .to_numpy(dtype=bool),
            "sheet is not a whole number above 0": bad_sheet | (np.asarray(sheets) <= 0),
            "number is not a whole number above 0": bad_number | (np.asarray(numbers) <= 0),
        }
        return cls(pd.DataFrame({"former_code": codes, "sheet": sheets, "number": numbers}), problems)


def _store(intake: Intake, source: Delivery, lot: Lot, twice: pd.MultiIndex, terms: Terms) -> None:
    intake.came(len(lot) + len(lot.refused), source.features.count)
    report = intake.report
    report.refuse(*lot.refused)
    report.warn(*lot.warnings)
    sift = sifted(lot.shapes, source.crs, intake.session.storage_srid, numbers=lot.numbers)
    report.note(sift.refused, sift.repairs, source.layer)
    columns, sound = _columns(lot, sift, twice, report)
    if sound.any():
        rows = _rows(columns, sift, np.flatnonzero(sound), {
            "valid_from": terms.valid_from, "valid_to": terms.valid_to,
            "release_from": intake.draft, "dataset_id": intake.dataset_id,
        })  # fmt: skip
        intake.store(rows, KEY)


def _columns(lot: Lot, sift: Sifted, twice: pd.MultiIndex, report: Report) -> tuple[dict[str, list[Any]], Mask]:
    fields = lot.fields.iloc[sift.places].reset_index(drop=True)
    keys = _Keys.of(fields)
    again = pd.MultiIndex.from_frame(keys.frame).isin(twice)
    problems = {
        **keys.problems,
        "its key (former_code, sheet, number) stands more than once in the file": np.asarray(again),
    }
    sound = np.ones(len(fields), dtype=bool)
    for message, bad in problems.items():
        for index in np.flatnonzero(bad & sound):
            place = int(sift.places[index])
            report.refuse(Refusal.of(int(lot.numbers[place]), "bad-key", message, lot.shapes[place]))
        sound &= ~bad
    columns: dict[str, list[Any]] = {name: keys.frame[name].tolist() for name in KEY}
    if "land_use_code" in fields:
        columns["land_use_code"] = fields["land_use_code"].map(text_or_none).tolist()
    if "declared_m2" in fields:
        columns["declared_area_m2"] = _declared(fields["declared_m2"], report)
    return columns, sound


def _declared(values: pd.Series, report: Report) -> list[float | None]:
    """Declared areas; what is no number is left empty and warned of, for the parcel itself is sound."""
    numbers = pd.to_numeric(values, errors="coerce").astype(float)
    numbers = numbers.where(np.isfinite(numbers) & (numbers >= 0))
    unread = values.notna() & numbers.isna()
    if unread.any():
        first = values[unread].iloc[0]
        report.warn(
            f"declared_m2: {int(unread.sum())} giá trị không phải số, để trống / are no numbers, left empty; “{first}”"
        )
    return [None if np.isnan(number) else number for number in numbers.tolist()]


def _rows(columns: dict[str, list[Any]], sift: Sifted, places: np.ndarray, constants: dict[str, Any]) -> Rows:
    chosen: dict[str, Any] = {name: [values[place] for place in places] for name, values in columns.items()}
    chosen |= {name: [value] * len(places) for name, value in constants.items()}
    return Rows(parcel, chosen, sift.shapes(places))
