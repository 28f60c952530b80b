"""`quyhoach scan trace`: a placed, coloured drawing made into the zones of a plan."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated, get_args

import typer
from rich.table import Table

from api.cli.deployment import settings
from api.cli.imports.options import From, Illustration, To, terms
from api.cli.screen import OUT, kept_report, progress_bar, show_report, write_report
from layers.digitise.drawings import read_drawing
from layers.digitise.tracing import FILL_MM, LEAST_MM2, REJECT, TOLERANCE_PX, Asked, Tracing, traced
from layers.ingest.plans import Described, bring_in_plans
from layers.ingest.tracings import sources_of, unread_area_m2
from layers.outputs.tracings import write_tracing
from planning.errors import BadQuestion
from planning.functions import Scheme, function_of
from planning.plans import KINDS, LEVELS
from planning.store.session import writing

app = typer.Typer()


@app.command("trace")
def trace(
    drawing: Annotated[Path, typer.Argument(metavar="DRAWING.tif", help="bản vẽ đã nắn / made by quyhoach scan georeference")],
    scheme: Annotated[str, typer.Option(help="bảng mã chức năng / scheme of function codes: planning, land_use")],
    plan: Annotated[str, typer.Option(help="mã đồ án / plan code")], name: Annotated[str, typer.Option(help="tên đồ án / plan name")],
    level: Annotated[str, typer.Option(help="general, subdivision, detailed, land_use …")],
    kind: Annotated[str, typer.Option(help="urban, rural, functional_zone, land_use …")] = "urban",
    legend: Annotated[Path | None, typer.Option(help="chú giải, CSV / legend: colour (#rrggbb), function_code")] = None,
    pick: Annotated[list[str] | None, typer.Option(help="màu tại điểm ảnh / the colour at a pixel: COL,ROW=CODE; repeatable")] = None,
    reject: Annotated[float, typer.Option(min=1, max=100, help="khác màu tối đa / greatest difference of colour")] = REJECT,
    fill_mm: Annotated[float, typer.Option(min=0, max=20, help="bán kính lấp chữ, nét, mm / radius of ink filled")] = FILL_MM,
    least_mm2: Annotated[float, typer.Option(min=0, max=10_000, help="vùng nhỏ nhất, mm² / smallest region kept")] = LEAST_MM2,
    tolerance_px: Annotated[float, typer.Option(min=0, max=10, help="làm trơn, điểm ảnh / simplification, in pixels")] = TOLERANCE_PX,
    accuracy_m: Annotated[float | None, typer.Option(min=0, help="sai số bản vẽ, khi chưa rõ, m / where the drawing tells none")] = None,
    decision_number: Annotated[str | None, typer.Option(help="số quyết định / number of the decision")] = None,
    decision_date: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="ngày quyết định / its date")] = None,
    approver: Annotated[str | None, typer.Option(help="cơ quan phê duyệt / approver")] = None,
    valid_from: From = None, valid_to: To = None, illustration: Illustration = False,
    out: Annotated[Path | None, typer.Option(help="ghi .gpkg / write the zones, and what was of no known colour")] = None,
    into_draft: Annotated[bool, typer.Option("--into-draft", help="đưa vào bản nháp / put the plan into the draft")] = False,
    report: Annotated[Path | None, typer.Option("--report", help="ghi báo cáo nhập JSON / write the import's report as JSON")] = None,
) -> None:  # fmt: skip
    """Lần vết bản vẽ tô màu thành khu chức năng. / Trace a coloured drawing into zones that share their edges.

    Each pixel takes the nearest colour of the legend; lines and letters are filled from both sides; what is wider and of no known colour
    is left out and reported. The plan is marked as traced, with the accuracy of the drawing's place and its pixels.

    Example: `quyhoach scan trace sheet.cog.tif --legend legend.csv --scheme land_use --plan QH-01 --name QH --level land_use --out z.gpkg`
    """
    _one_of("--scheme", scheme, get_args(Scheme))
    _one_of("--level", level, LEVELS)
    _one_of("--kind", kind, KINDS)
    if out is not None and out.suffix != ".gpkg":
        raise BadQuestion(parameter="--out", vi="đuôi tệp phải là .gpkg.", en="end it in .gpkg.")
    if out is None and not into_draft:
        raise BadQuestion(parameter="--out, --into-draft", vi="cần ít nhất một.", en="at least one of them is needed.")
    own, own_terms = settings(), terms(valid_from, valid_to, illustration)
    with progress_bar(drawing.name) as progress:
        read = read_drawing(drawing, own.storage_crs)
        asked = Asked(scheme, legend, tuple(pick or ()), reject, fill_mm, least_mm2, tolerance_px, accuracy_m)  # type: ignore[arg-type]
        found = traced(read, asked, progress)
    day = decision_date.date() if decision_date else None
    described = Described(plan, name, kind, level, read.scale, decision_number, day, approver)
    sources = sources_of(found, described, own.storage_crs)
    _show(found)
    if out is not None:
        write_tracing(out, sources, found.unread)
        OUT.print(f"Đã ghi / written: {out}", markup=False)
    if into_draft:
        with kept_report(report), writing(own) as session:
            result = bring_in_plans(session, sources, own_terms)
            if report:
                write_report(report, result)
        show_report(result)


def _one_of(option: str, value: str, known: Iterable[str]) -> None:
    if value not in known:
        listed = ", ".join(known)
        raise BadQuestion(parameter=option, vi=f"dùng {listed}.", en=f"use one of {listed}.")


def _show(found: Tracing) -> None:
    table = Table("mã / code", "chức năng / function", "màu / colour", "khu / zones", "ha", "đọc được / read, %")
    for entry in found.legend.entries:
        places = [
            place
            for place, colour in enumerate(found.colours)
            if colour == entry.hex and found.codes[place] == entry.code
        ]
        function = function_of(entry.code, found.legend.scheme) if entry.code else None
        if function is None:
            continue
        area, read = sum(found.shapes[place].area for place in places), [found.read_pct[place] for place in places]
        shown = f"{min(read):.0f} – {max(read):.0f}" if read else "–"
        table.add_row(function.code, function.vi, entry.hex, str(len(places)), f"{area / 1e4:,.2f}", shown)
    OUT.print(table)
    OUT.print(f"Độ chính xác / accuracy: ± {found.accuracy_m:g} m (nắn và điểm ảnh / place and pixel)")
    if len(found.unread):
        area = unread_area_m2(found.unread)
        OUT.print(
            f"[yellow]{len(found.unread)} nơi không thuộc màu nào / places of no known colour: {area / 1e4:,.2f} ha (--out)[/]"
        )
