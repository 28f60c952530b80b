"""`quyhoach check …`: is what was brought in sound?"""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import shapely
import typer
from rich.table import Table

from api.cli.deployment import settings
from api.cli.screen import LISTED, OUT, progress_bar, write_json
from planning.coverage.audit import Audit
from planning.coverage.widths import NOISE_M
from planning.errors import BadQuestion, NotAllowed
from planning.findings import CHECKS
from planning.geometry import LONLAT, operation
from planning.periods import today
from planning.plans import LEVELS
from planning.store import releases
from planning.store.auditing import Scope, audited
from planning.store.session import WriteSession, writing

app = typer.Typer(
    no_args_is_help=True,
    help="Kiểm tra dữ liệu; thoát 1 khi có phát hiện. / Check the data; exit 1 when something is found.",
)

SEVERITIES = ("error", "warning", "info")


@app.callback()
def checks() -> None:
    """Kiểm tra dữ liệu. / Check the data."""


@app.command()
def coverage(
    unit: Annotated[str | None, typer.Option(help="mã xã, phường / code of one commune")] = None,
    level: Annotated[str | None, typer.Option(help=f"cấp quy hoạch / {', '.join(LEVELS)}")] = None,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="ngày / day; today by default")] = None,
    draft: Annotated[
        bool, typer.Option("--draft", help="xét bản nháp / look at the draft instead of the latest release")
    ] = False,
    tolerance_mm: Annotated[
        float, typer.Option(min=0.01, max=1000, help="bề rộng bỏ qua, mm / width passed over, mm")
    ] = NOISE_M * 1000,
    out: Annotated[Path | None, typer.Option(help="ghi GeoJSON / write the findings as GeoJSON (lon/lat)")] = None,
) -> None:
    """Tỷ lệ phủ kín, khoảng hở, chồng lấn. / Coverage ratio per commune and level, gaps and overlaps.

    What is found is stored beside the release. The service shows it once everything was checked for that day; a check of
    one unit or level refreshes its part. Exit 1 when something is found.

    Example: `quyhoach check coverage --level general --on 2025-07-01 --out findings.geojson`
    """
    if level is not None and level not in LEVELS:
        known = ", ".join(LEVELS)
        raise BadQuestion(parameter="--level", vi=f"các cấp: {known}.", en=f"the levels are {known}.")
    with writing(settings()) as session, progress_bar("độ phủ kín / coverage") as progress:
        release = _release(session, draft=draft)
        scope = Scope(release.number, on.date() if on else today(), unit, level)
        result = audited(session, scope, tolerance_mm / 1000, progress)
        if out:  # before the transaction ends: a result that cannot be written is not kept either
            write_json(out, {"illustration": release.illustration, **_geojson(result, scope, session.storage_srid)})
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
        "xã, phường / commune", "cấp / level", "phủ kín / covered", "ha", "hở / uncovered ha", "đồ án / plans"
    )
    for one in result.covered:
        uncovered = max(0.0, one.area_m2 - one.planned_m2) / 1e4
        table.add_row(f"{one.unit_code} {one.unit_name}", one.level, f"{one.ratio:.2%}", f"{one.area_m2 / 1e4:,.1f}",
            f"{uncovered:,.2f}", str(len(one.plan_codes)))  # fmt: skip
    OUT.print(
        f"Độ phủ kín ngày {scope.on}, lần công bố {scope.release} / coverage on {scope.on}, release {scope.release}"
    )
    if result.covered:
        OUT.print(table)
    if result.undrawn:
        names = ", ".join(f"{code} {name}" for code, name in result.undrawn[:LISTED])
        more = "…" if len(result.undrawn) > LISTED else ""
        OUT.print(
            f"[yellow]{len(result.undrawn)} xã, phường chưa có ranh giới, không xét được"
            f" / communes without a boundary, nothing can be said of them:[/] {names}{more}"
        )
    if not result.findings:
        OUT.print("Không có phát hiện nào / nothing found")
        return
    OUT.print(_findings_table(result))
    if len(result.findings) > LISTED * 3:
        OUT.print(f"… {len(result.findings) - LISTED * 3} nữa: --out / more: --out")


def _findings_table(result: Audit) -> Table:
    """Findings, the most severe and the largest first; below them what each check means."""
    ordered = sorted(result.findings, key=lambda one: (SEVERITIES.index(one.severity), one.check, -one.area_m2))
    found = dict.fromkeys(one.check for one in ordered)
    meaning = "\n".join(f"{code}: {CHECKS[code].vi} / {CHECKS[code].en}" for code in found)
    title = f"{len(ordered)} phát hiện / findings"
    table = Table(
        "kiểm tra / check", "mức", "cấp / level", "đơn vị / units", "đồ án / plans", title=title, caption=meaning
    )
    for heading in ("m²", "rộng / width, m"):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in ordered[: LISTED * 3]:
        codes = (" ".join(one.unit_codes), " ".join(one.plan_codes))
        table.add_row(one.check, one.severity, one.level, *codes, f"{one.area_m2:,.3f}", f"{one.width_m:,.4f}")
    return table


def _geojson(result: Audit, scope: Scope, storage_srid: int) -> dict[str, Any]:
    to_lonlat = operation(storage_srid, LONLAT)
    return {
        "type": "FeatureCollection",
        "release": scope.release,
        "on": scope.on.isoformat(),
        "features": [
            {
                "type": "Feature",
                "geometry": json.loads(shapely.to_geojson(shapely.transform(one.shape, to_lonlat.coordinates))),
                "properties": {
                    "check": one.check, "severity": one.severity, "level": one.level, "unit_codes": one.unit_codes,
                    "plan_codes": one.plan_codes, "area_m2": one.area_m2, "width_m": one.width_m,
                },
            }
            for one in result.findings
        ],
    }  # fmt: skip
