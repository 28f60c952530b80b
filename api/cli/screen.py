"""What the command line shows: progress bars on stderr, tables and reports on stdout."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from api.documents.words import COUNTED, left_off
from layers.ingest.intake import NothingStored
from layers.ingest.repairs import REPAIRS
from layers.ingest.report import Report
from layers.outputs.whole_files import written_whole
from layers.sources.facts import LayerFacts
from planning.store.copying import Progress as Told

WIDE = 160
"""Columns of a table that goes into a file or a pipe."""

OUT = Console(soft_wrap=True, width=None if sys.stdout.isatty() else WIDE)
ERR = Console(stderr=True)

LISTED = 10
"""Refusals and warnings listed on the screen; all of them are in the report that --report writes."""


LONGEST_CRS = 60


@contextmanager
def progress_bar(title: str) -> Iterator[Told]:
    """A bar per phase, gone when the work is done."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=ERR, transient=True, disable=not ERR.is_terminal) as bars:
        known: dict[str, TaskID] = {}
        reading = bars.add_task(f"{title}: đọc / read", total=None)

        def tell(phase: str, done: int, total: int) -> None:
            bars.update(reading, visible=False)
            if phase not in known:
                known[phase] = bars.add_task(f"{title}: {phase}", total=total)
            bars.update(known[phase], completed=done, total=total)

        yield tell


@contextmanager
def kept_report(to: Path | None) -> Iterator[None]:
    """Where every feature is refused, the report is written all the same: nothing is lost."""
    try:
        yield
    except NothingStored as error:
        if to:
            write_report(to, error.report)
        raise


def show_report(report: Report) -> None:
    """Print what came of an import."""
    if report.skipped:
        OUT.print(
            f"[bold]{report.file}[/]: đã nhập trước đây, bỏ qua / brought in before, skipped (dataset {report.recognised_as})"
        )
    else:
        _show_counts(report)
    if report.dry_run:
        OUT.print("[bold]chạy thử, chưa lưu gì / a dry run, nothing was stored[/]")
    for line in report.evidence:
        OUT.print(f"  {line}", markup=False)
    for before, after in report.letters[:3]:
        OUT.print(f"  “{before}” → “{after}”", markup=False)
    _show_lines("cảnh báo / warnings", report.warned, report.warnings)
    _show_lines("bị từ chối / refused", report.refused_in_all, [one.sentence for one in report.refused[:LISTED]])
    if report.left_off:
        OUT.print(f"  {left_off(report)}", markup=False)


def _show_lines(title: str, number: int, lines: list[str]) -> None:
    if lines:
        OUT.print(f"[yellow]{number:,} {title}[/]")
    for line in lines[:LISTED]:
        OUT.print(f"  - {line}", markup=False)
    if number > LISTED:
        OUT.print(f"  … {number - LISTED:,} nữa: --report / more: --report")


def _show_counts(report: Report) -> None:
    table = Table(show_header=False, title=f"Nhập {report.file} / import", title_justify="left")
    table.add_column(no_wrap=True)
    table.add_column(justify="right")
    if report.source_crs:
        table.add_row("hệ tọa độ / CRS", f"EPSG:{report.source_crs} ({report.crs_said_by}); {report.operation}")
    table.add_row("vào bản nháp / into draft", str(report.release))
    for name, number in report.counts.items():
        stem, _, what = name.partition("_") if name.startswith("stored_") else (name, "", "")
        table.add_row(COUNTED[stem] + (f": {what}" if what else ""), f"{number:,}")
    for (name, layer), features in report.repairs.items():
        vi, en = REPAIRS[name]
        table.add_row(f"{layer}: {vi} / {en}", f"{len(features):,}")
    OUT.print(table)


def write_report(path: Path, report: Report) -> None:
    """The report of an import in the form that the name asks for: .json, .html, .gpkg."""
    if path.suffix == ".gpkg":
        from layers.outputs.imports import write_geopackage  # noqa: PLC0415 - most imports write no such report

        write_geopackage(path, report)
    elif path.suffix == ".html":
        from api.documents.import_page import as_page  # noqa: PLC0415 - most imports write no page

        write_text(path, as_page(report))
    else:
        write_json(path, report.as_json())


def show_layers(layers: list[LayerFacts]) -> None:
    """A row per layer of a file; a CRS that answers to no EPSG code is shown as the file writes it."""
    table = Table("lớp / layer", "hình / shapes", "số / count", "hệ tọa độ / CRS", "trường / fields")
    for one in layers:
        crs = f"EPSG:{one.crs}" if one.crs else (one.crs_text or "–")[:LONGEST_CRS]
        count = "?" if one.count is None else f"{one.count:,}"
        cells = (one.name, one.geometry or "–", count, crs, ", ".join(one.fields))
        table.add_row(*map(escape, cells))
    OUT.print(table)


def write_json(path: Path, content: object) -> None:
    """Write a report or a result; one clear line when the place cannot be written."""
    write_text(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write a text; one clear line when the place cannot be written."""
    with written_whole(path) as made:
        made.write_text(text, encoding="utf-8")
