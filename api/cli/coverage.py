"""`quyhoach check report`: the report on coverage as files."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.table import Table

from api.cli.deployment import settings
from api.cli.screen import OUT
from api.documents.coverage_page import as_page
from api.documents.coverage_report import as_table, report_document, without_shapes
from api.documents.words import LEVELS
from layers.outputs.coverage import write_coverage
from layers.outputs.whole_files import written_whole
from planning.errors import BadQuestion
from planning.periods import today
from planning.settings import Settings
from planning.store.outlines import outlines_of_report
from planning.store.reading import open_readings
from planning.store.records import Scope
from planning.store.session import reading

app = typer.Typer()

SUFFIXES = (".html", ".json", ".csv", ".gpkg")

Record = dict[str, Any]


@app.command()
def report(
    out: Annotated[
        list[Path] | None,
        typer.Option(help="ghi báo cáo, nhiều lần được / write the report: .html, .json, .csv, .gpkg"),
    ] = None,
    unit: Annotated[str | None, typer.Option(help="mã xã, phường / code of one commune: its inventory")] = None,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="ngày / day; today by default")] = None,
    release: Annotated[int | None, typer.Option(min=1, help="lần công bố / release; the latest by default")] = None,
) -> None:
    """Báo cáo độ phủ kín: thứ hạng, trước và sau sáp nhập, xã cũ; kê đồ án của một xã. / The report on coverage, as files.

    The service has the same at `/coverage/report`. The release must have been checked for that day.

    Example: `quyhoach check report --out coverage.html --out coverage.csv --out coverage.gpkg --on 2026-01-01`
    """
    for path in out or []:
        _writable(path)
    deployment, day = settings(), on.date() if on else today()
    document = asyncio.run(_asked(deployment, unit, day, release))
    for path in out or []:
        _write(path, document, deployment)
    _show(document, out or [])


async def _asked(deployment: Settings, unit: str | None, day: date, release: int | None) -> Record:
    readings = await open_readings(deployment)
    try:
        row = await readings.coverage_report(unit, day, release, shapes=unit is not None)
    finally:
        await readings.close()
    return report_document(row, unit=unit, on=day, srid=deployment.storage_crs)


def _writable(path: Path) -> None:
    if path.suffix not in SUFFIXES:
        known = ", ".join(SUFFIXES)
        raise BadQuestion(
            parameter="--out", vi=f"{path.name}: đuôi tệp là {known}.", en=f"{path.name}: end it in {known}."
        )
    if not path.parent.is_dir():
        raise BadQuestion(
            parameter="--out", vi=f"không có thư mục {path.parent}.", en=f"there is no folder {path.parent}."
        )


def _write(path: Path, document: Record, deployment: Settings) -> None:
    if path.suffix == ".gpkg":
        scope = Scope(document["release"]["number"], document["on"], unit=(document["unit"] or {}).get("code"))
        with reading(deployment) as session:
            write_coverage(document, outlines_of_report(session, scope), path, session.storage_srid)
        return
    with written_whole(path) as made:
        made.write_bytes(_content(path.suffix, document))


def _content(suffix: str, document: Record) -> bytes:
    if suffix == ".html":
        return as_page(document).encode()
    if suffix == ".csv":
        return as_table(document).encode()
    return orjson.dumps(without_shapes(document), option=orjson.OPT_INDENT_2)


def _show(document: Record, out: Sequence[Path]) -> None:
    """The province's sum a level, and where the report lies."""
    table = Table("cấp / level", title=f"{document['on']}, lần công bố / release {document['release']['number']}")
    for heading in ("phủ kín / covered", "chưa phủ / uncovered, ha", "xã, phường / communes"):
        table.add_column(heading, justify="right")
    for level in LEVELS:
        rows = [one for one in document["rows"] if one["level"] == level]
        if rows:
            area, planned = (sum(one[name] for one in rows) for name in ("area_m2", "planned_m2"))
            uncovered = sum(one["uncovered_m2"] for one in rows) / 1e4
            table.add_row(" / ".join(LEVELS[level]), f"{planned / area:.2%}", f"{uncovered:,.2f}", str(len(rows)))
    OUT.print(table)
    for path in out:
        OUT.print(f"{path}", markup=False)
