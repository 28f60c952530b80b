"""Cadastral parcels. Their key is (former commune, sheet, number); owners are never read."""

from typing import Any

import numpy as np
import pandas as pd

from layers.ingest.intake import Terms, dataset_of, opened, report_of
from layers.ingest.report import Refusal, Report
from layers.ingest.shapes import Sifted, sifted
from layers.sources.values import text_or_none, whole_numbers
from layers.sources.vector import Source, required
from planning.errors import MissingField
from planning.geometry import operation
from planning.store.copying import Progress
from planning.store.incoming import Rows
from planning.store.session import WriteSession
from planning.store.tables import parcel

KEY = ["former_code", "sheet", "number"]


def bring_in_parcels(session: WriteSession, source: Source, terms: Terms, progress: Progress | None = None) -> Report:
    """Bring in parcels. Fields: former_code, sheet, number, and where known land_use_code, declared_m2."""
    required(source, *KEY)
    if terms.valid_from is None:
        raise MissingField(
            file=source.path.name, field="valid_from", present=", ".join(map(str, source.fields.columns))
        )
    by = operation(source.crs, session.storage_srid).name
    report = report_of("parcels", source, by)
    intake = opened(session, dataset_of("parcels", source, by, terms), report, [parcel], progress)
    if intake is None:
        return report
    sift = sifted(source.shapes, source.crs, session.storage_srid)
    report.note(sift.refused, sift.repairs, source.layer)
    columns, sound = _columns(source, sift, report)
    if sound.any():
        rows = _rows(columns, sift, np.flatnonzero(sound), {
            "valid_from": terms.valid_from, "valid_to": terms.valid_to,
            "release_from": intake.draft, "dataset_id": intake.dataset_id,
        })  # fmt: skip
        intake.store(rows, KEY)
    return intake.concluded()


def _columns(source: Source, sift: Sifted, report: Report) -> tuple[dict[str, list[Any]], np.ndarray]:
    fields = source.fields.iloc[sift.places].reset_index(drop=True)
    codes = fields["former_code"].astype("string").str.strip()
    sheets, bad_sheet = whole_numbers(fields["sheet"])
    numbers, bad_number = whole_numbers(fields["number"])
    key = pd.DataFrame({"code": codes, "sheet": sheets, "number": numbers})
    problems = {
        "former_code is not five digits of text": ~codes.str.fullmatch(r"[0-9]{5}")
        .fillna(value=False)
        .to_numpy(dtype=bool),
        "sheet is not a whole number above 0": bad_sheet | (np.asarray(sheets) <= 0),
        "number is not a whole number above 0": bad_number | (np.asarray(numbers) <= 0),
        "its key (former_code, sheet, number) stands more than once in the file": key.duplicated(keep=False).to_numpy(),
    }
    sound = np.ones(len(fields), dtype=bool)
    for message, bad in problems.items():
        for index in np.flatnonzero(bad & sound):
            place = int(sift.places[index])
            report.refused.append(Refusal.of(place + 1, "bad-key", message, source.shapes[place]))
        sound &= ~bad
    columns: dict[str, list[Any]] = {"former_code": codes.tolist(), "sheet": sheets, "number": numbers}
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
        report.warnings.append(
            f"declared_m2: {int(unread.sum())} giá trị không phải số, để trống / are no numbers, left empty; “{first}”"
        )
    return [None if np.isnan(number) else number for number in numbers.tolist()]


def _rows(columns: dict[str, list[Any]], sift: Sifted, places: np.ndarray, constants: dict[str, Any]) -> Rows:
    chosen: dict[str, Any] = {name: [values[place] for place in places] for name, values in columns.items()}
    chosen |= {name: [value] * len(places) for name, value in constants.items()}
    return Rows(parcel, chosen, sift.shapes(places))
