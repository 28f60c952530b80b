"""Units on record by their names alone: official lists of codes and names, where nobody has the boundaries."""

from collections import Counter
from typing import Any

from layers.ingest.intake import Terms, opened
from layers.ingest.report import Refusal, Report
from layers.ingest.units import unit_values
from layers.sources.tables import TableSource
from planning.errors import MissingField
from planning.store.copying import Progress
from planning.store.incoming import Dataset, Rows
from planning.store.parts import with_boundary_on_record
from planning.store.session import WriteSession
from planning.store.tables import unit
from planning.units import declared_area

COLUMNS = ("code", "name")


def bring_in_unit_list(
    session: WriteSession, source: TableSource, terms: Terms, progress: Progress | None = None
) -> Report:
    """Bring in units without a boundary. Columns: code, name, and where known district, province_code, declared_km2, population,
    coastal, valid_from, valid_to. A unit that is on record with its boundary keeps it: its row is refused.
    """
    if terms.valid_from is None and source.rows and "valid_from" not in source.rows[0]:
        raise MissingField(file=source.path.name, field="valid_from", present=", ".join(source.rows[0]))
    _columns_present(source)
    wanted = Dataset(
        "unit-list", source.path.name, source.sha256, terms.as_parameters(), illustration=terms.illustration
    )
    wanted.parameters["rows"] = len(source.rows)
    report = Report("unit-list", source.path.name, source.sha256, counts={"read": len(source.rows)})
    intake = opened(session, wanted, report, [unit], progress)
    if intake is None:
        return report
    records = _sound(source, terms, with_boundary_on_record(session), report)
    if records:
        columns: dict[str, Any] = {name: [record[name] for record in records] for name in records[0]}
        columns["release_from"] = [intake.draft] * len(records)
        columns["dataset_id"] = [intake.dataset_id] * len(records)
        intake.store(Rows(unit, columns), ["code"])
    return intake.concluded()


def _columns_present(source: TableSource) -> None:
    """The columns are those of our names once they are renamed."""
    for name in COLUMNS:
        if source.rows and name not in source.rows[0]:
            raise MissingField(file=source.path.name, field=name, present=", ".join(source.rows[0]))


def _sound(source: TableSource, terms: Terms, drawn: set[tuple[str, Any]], report: Report) -> list[dict[str, Any]]:
    codes = [row["code"] for row in source.rows]
    twice = {code for code, number in Counter(codes).items() if number > 1}
    records = []
    for place, row in enumerate(source.rows):
        try:
            values = unit_values(
                {name: value or None for name, value in row.items()}, terms, twice=row["code"] in twice
            )
            if (values["code"], values["valid_from"]) in drawn:
                raise ValueError(f"{values['code']} is on record with its boundary, which it keeps")  # noqa: TRY301
            written = row.get("declared_km2")
            area = declared_area(written) if written else None
            records.append({**values, "declared_area_km2": area.area_km2 if area else None})
        except ValueError as error:
            line = source.lines[place]
            report.refuse(Refusal(line, "bad-value", f"line {line}: {error}", None))
    return records
