"""`quyhoach check …`: is what was brought in sound?"""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Column, Table

from api.cli import cases, repair
from api.cli import coverage as coverage_report
from api.cli.deployment import settings
from api.cli.found import show_findings
from api.cli.screen import LISTED, OUT, progress_bar
from layers.outputs.findings import SUFFIXES, Written, write_findings
from planning.checks.catalogue import RULES
from planning.checks.rule import MENDERS
from planning.coverage.audit import Audit
from planning.coverage.widths import NOISE_M
from planning.errors import BadQuestion, NotAllowed
from planning.periods import today
from planning.plans import LEVELS
from planning.store import releases
from planning.store.auditing import Asked, audited, something_to_check
from planning.store.records import Scope
from planning.store.session import WriteSession, writing

app = typer.Typer(
    no_args_is_help=True,
    help="Kiểm tra dữ liệu; thoát 1 khi có phát hiện. / Check the data; exit 1 when something is found.\n\n"
    "`quyhoach check all` applies every rule, `coverage` those on gaps and overlaps, `--list` shows the catalogue. What is found is kept as"
    " a case from run to run: `findings`, `accept`, `reopen`; `runs`, `diff`.",
)

app.registered_commands += [*cases.app.registered_commands, *coverage_report.app.registered_commands]
app.add_typer(repair.app, name="repair")

Unit = Annotated[str | None, typer.Option(help="mã xã, phường / code of one commune")]
OneLevel = Annotated[str | None, typer.Option(help=f"cấp quy hoạch / {', '.join(LEVELS)}")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="ngày / day; today by default")]
OfDraft = Annotated[
    bool, typer.Option("--draft", help="xét bản nháp / look at the draft instead of the latest release")
]
Out = Annotated[
    Path | None,
    typer.Option(help="ghi kết quả / write what is found: .geojson, .json, .csv, .gpkg (lon/lat; .gpkg: storage CRS)"),
]
Scheduler = Annotated[
    str | None, typer.Option(help="địa chỉ Dask / Dask scheduler, tcp://HOST:8786; without it the work is done here")
]


@app.callback(invoke_without_command=True)
def checks(
    *, catalogue: Annotated[bool, typer.Option("--list", help="danh mục quy tắc / the catalogue of rules")] = False
) -> None:
    """Kiểm tra dữ liệu. / Check the data."""
    if catalogue:
        OUT.print(_catalogue())


@app.command("all")
def everything(
    level: OneLevel = None, on: Day = None, draft: OfDraft = False, out: Out = None, scheduler: Scheduler = None
) -> None:  # fmt: skip
    """Mọi quy tắc: độ phủ, hình học, hệ tọa độ, quyết định, chỉ tiêu, hài hòa. / Every rule of the catalogue.

    Example: `quyhoach check all --draft --out findings.gpkg`
    """
    _run(Asked(NOISE_M, records=True, scheduler=scheduler), (None, level), on, draft=draft, out=out)


@app.command()
def coverage(
    unit: Unit = None, level: OneLevel = None, on: Day = None, draft: OfDraft = False,
    tolerance_mm: Annotated[
        float, typer.Option(min=0.01, max=1000, help="bề rộng bỏ qua, mm / width passed over, mm")
    ] = NOISE_M * 1000,
    out: Out = None, scheduler: Scheduler = None,
) -> None:  # fmt: skip
    """Tỷ lệ phủ kín, khoảng hở, chồng lấn. / Coverage ratio per commune and level, gaps and overlaps.

    What is found is stored beside the release. The service shows it once everything was checked for that day; a check of
    one unit or level refreshes its part. Exit 1 when something is found.

    Example: `quyhoach check coverage --level general --on 2025-07-01 --out findings.geojson`
    """
    _run(Asked(tolerance_mm / 1000, scheduler=scheduler), (unit, level), on, draft=draft, out=out)


def _run(
    asked: Asked, part: tuple[str | None, str | None], on: datetime | None, *, draft: bool, out: Path | None
) -> None:
    unit, level = part
    if level is not None and level not in LEVELS:
        known = ", ".join(LEVELS)
        raise BadQuestion(parameter="--level", vi=f"các cấp: {known}.", en=f"the levels are {known}.")
    if out is not None and out.suffix not in SUFFIXES:
        raise BadQuestion(
            parameter="--out", vi=f"đuôi tệp: {', '.join(SUFFIXES)}.", en=f"end it in {', '.join(SUFFIXES)}."
        )
    with writing(settings()) as session, progress_bar("kiểm tra / check") as progress:
        release = _release(session, draft=draft)
        scope = Scope(release.number, on.date() if on else today(), unit, level)
        something_to_check(session, scope, asked)
        result = audited(session, scope, asked, progress)
        if out:  # before the transaction ends: a result that cannot be written is not kept either
            write_findings(out, result, scope, Written(session.storage_srid, release.illustration))
    if release.illustration:
        OUT.print("[yellow]Dữ liệu minh họa, không có giá trị pháp lý / illustration, without legal force[/]")
    _show(result, scope)
    if result.findings:
        raise typer.Exit(1)


def _release(session: WriteSession, *, draft: bool) -> releases.Release:
    if not draft:
        return releases.published(session)
    waiting = releases.draft(session)
    if waiting is None:
        raise NotAllowed(vi="không có bản nháp nào để kiểm tra.", en="there is no draft to check.")
    return waiting


def _show(result: Audit, scope: Scope) -> None:
    table = Table(
        "xã, phường / commune",
        "cấp / level",
        "phủ kín / covered",
        "chỉ tiêu / target",
        "ha",
        "hở / uncovered ha",
        "đồ án / plans",
    )
    for one in result.covered:
        uncovered = max(0.0, one.area_m2 - one.planned_m2) / 1e4
        table.add_row(f"{one.unit_code} {one.unit_name}", one.level, f"{one.ratio:.2%}",
            "–" if one.target_pct is None else f"{one.target_pct:g}%", f"{one.area_m2 / 1e4:,.1f}",
            f"{uncovered:,.2f}", str(len(one.plan_codes)))  # fmt: skip
    OUT.print(
        f"Độ phủ kín ngày {scope.on}, lần công bố {scope.release}, lần kiểm tra {result.run}"
        f" / coverage on {scope.on}, release {scope.release}, run {result.run}"
    )
    if result.covered:
        OUT.print(table)
    elif not result.undrawn:
        OUT.print(
            "[yellow]Không có đồ án nào có hiệu lực để tính độ phủ kín / no plan in force, so no coverage can be told[/]"
        )
    if result.undrawn:
        names = ", ".join(f"{code} {name}" for code, name in result.undrawn[:LISTED])
        more = "…" if len(result.undrawn) > LISTED else ""
        OUT.print(
            f"[yellow]{len(result.undrawn)} xã, phường chưa có ranh giới, không xét được"
            f" / communes without a boundary, nothing can be said of them:[/] {names}{more}"
        )
    if result.mended:
        OUT.print(f"[green]{result.mended} việc đã khắc phục từ lần trước / cases mended since the last release[/]")
    if not result.findings:
        OUT.print("Không có phát hiện nào / nothing found")
        return
    show_findings(result.findings)


def _catalogue() -> Table:
    table = Table(
        Column("mã / code", no_wrap=True),
        "mức / severity",
        "quy tắc / rule",
        "ai sửa / who mends",
        "nên làm / advice",
        "căn cứ / basis",
        show_lines=True,
    )
    for rule in RULES.values():
        table.add_row(rule.code, rule.severity, f"{rule.vi}\n{rule.en}", "\n".join(MENDERS[rule.mends]),
            f"{rule.advice_vi}\n{rule.advice_en}", rule.basis)  # fmt: skip
    return table
