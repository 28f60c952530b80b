"""`quyhoach scan`: scanned plans brought to their place, kept beside their plans, traced into zones."""

from pathlib import Path
from typing import Annotated, get_args

import typer
from rich.table import Table

from api.cli import trace
from api.cli.deployment import settings
from api.cli.imports.options import Crs, Illustration, Names, pairs
from api.cli.screen import OUT, progress_bar, show_report, write_json, write_report, write_text
from api.documents.scan_page import as_page
from layers.digitise.drawings import read_drawing
from layers.digitise.fitting import METHODS, Method
from layers.digitise.georeference import THRESHOLD_MM, TooInaccurate, Wanted
from layers.digitise.georeference import georeference as place
from layers.digitise.georeference_report import ScanReport
from layers.documents.shelf import open_shelf
from layers.ingest.scans import Kept, bring_in_scan
from planning.errors import BadQuestion
from planning.store.events import current_view
from planning.store.scans import scans_on_record
from planning.store.session import reading, writing

app = typer.Typer(
    no_args_is_help=True,
    help="Bản quét: nắn về đúng vị trí, lưu cùng đồ án, lần vết thành khu chức năng. / Scanned plans: placed, kept, traced into zones.",
)

app.registered_commands += trace.app.registered_commands

Image = Annotated[Path, typer.Argument(metavar="IMAGE", help="TIFF, JPEG, PNG, JPEG 2000")]
Cog = Annotated[Path, typer.Argument(metavar="DRAWING.tif", help="bản vẽ đã nắn / made by quyhoach scan georeference")]
Scale = Annotated[
    int, typer.Option(min=100, max=1_000_000, help="mẫu số tỷ lệ bản đồ / denominator of the map's scale, e.g. 5000")
]
Reports = Annotated[
    list[Path] | None,
    typer.Option("--report", help="ghi báo cáo .json, .html; dùng được nhiều lần / write the report; repeatable"),
]


@app.command()
def georeference(
    image: Image, scale: Scale,
    gcps: Annotated[Path | None, typer.Option(help="điểm khống chế, CSV / control points: col, row, x, y[, crs][, name]")] = None,
    method: Annotated[str, typer.Option(help=f"{', '.join(METHODS)}")] = "affine",
    world: Annotated[Path | None, typer.Option(help="tệp định vị / world file .tfw .jgw .pgw; --gcps then only judges it")] = None,
    crs: Crs = None, names: Names = None,
    frame: Annotated[Path | None, typer.Option(help="khung bản đồ, CSV / corners of the map frame, to crop: col, row or x, y")] = None,
    threshold_mm: Annotated[float, typer.Option(min=0.01, max=10, help="sai số cho phép, mm / error allowed on the map")] = THRESHOLD_MM,
    pixel_m: Annotated[float | None, typer.Option(min=0.001, max=1000, help="kích thước điểm ảnh, m / pixel size; the scan's own")] = None,
    out: Annotated[Path | None, typer.Option(help="tệp kết quả / the drawing; by default IMAGE.cog.tif here")] = None,
    report: Reports = None,
) -> None:  # fmt: skip
    """Nắn bản quét theo điểm khống chế. / Place a scan by control points, as a cloud-optimised GeoTIFF in the storage CRS.

    col and row count from the upper left corner of the picture, to the right and down; x is the easting (where the list has X for the
    northing, say `--map x=Y --map y=X`). Each point is judged by a fit to all the others; what is worse than the scale bears is refused.

    Example: `quyhoach scan georeference sheet.jpg --gcps points.csv --crs EPSG:9209 --scale 5000 --report sheet.html`
    """
    if method not in get_args(Method):
        raise BadQuestion(
            parameter="--method", vi=f"dùng {', '.join(METHODS)}.", en=f"use one of {', '.join(METHODS)}."
        )
    result = out or Path(f"{image.stem}.cog.tif")
    _endings(result, report)
    wanted = Wanted(scale, gcps, world, method, crs, pairs(names), frame, threshold_mm, pixel_m)  # type: ignore[arg-type]
    with progress_bar(image.name) as progress:
        try:
            found = place(image, wanted, result, settings().storage_crs, progress)
        except TooInaccurate as error:
            _write(error.report, report)
            raise
    _write(found, report)
    _show(found)
    OUT.print(f"Đã ghi / written: {result}", markup=False)


@app.command()
def add(
    drawing: Cog, plan: Annotated[str, typer.Option(help="mã đồ án / code of the plan")],
    title: Annotated[str, typer.Option(help="tên bản vẽ / title of the drawing")],
    illustration: Illustration = False,
    report: Annotated[Path | None, typer.Option("--report", help="ghi báo cáo JSON / write the report as JSON")] = None,
) -> None:  # fmt: skip
    """Lưu bản vẽ đã nắn cùng đồ án, vào bản nháp. / Keep a placed drawing beside its plan, in the draft.

    Example: `quyhoach scan add sheet.cog.tif --plan QHC-01 --title "Bản đồ sử dụng đất"`
    """
    own = settings()
    with writing(own) as session:
        read = read_drawing(drawing, session.storage_srid)
        result = bring_in_scan(session, read, Kept(plan, title, illustration), open_shelf(own.file_store))
        if report:
            write_report(report, result)
    show_report(result)


@app.command("list")
def listed(plan: Annotated[str | None, typer.Option(help="mã đồ án / code of one plan")] = None) -> None:
    """Các bản quét đang có, kể cả trong bản nháp. / The scans on record, those of the draft too."""
    with reading(settings()) as session:
        found = scans_on_record(session, current_view(session), plan)
    table = Table(
        "đồ án / plan", "tên / title", "tỷ lệ / scale", "điểm ảnh / pixel, m", "sai số / accuracy, m", "sha256"
    )
    for one in found:
        accuracy = "?" if one.accuracy_m is None else f"{one.accuracy_m:.2f}"
        table.add_row(one.plan_code, one.title, f"1:{one.scale}", f"{one.gsd_m:g}", accuracy, one.sha256[:12])
    OUT.print(table)


def _endings(out: Path, reports: list[Path] | None) -> None:
    if out.suffix.lower() not in {".tif", ".tiff"}:
        raise BadQuestion(parameter="--out", vi="đuôi tệp phải là .tif.", en="end it in .tif.")
    for path in reports or []:
        if path.suffix not in {".json", ".html"}:
            raise BadQuestion(
                parameter="--report",
                vi=f"{path.name}: dùng đuôi .json, .html.",
                en=f"{path.name}: end it in .json or .html.",
            )


def _write(found: ScanReport, reports: list[Path] | None) -> None:
    for path in reports or []:
        if path.suffix == ".json":
            write_json(path, found.as_json())
        else:
            write_text(path, as_page(found))


def _show(found: ScanReport) -> None:
    if found.accuracy_m is None or found.accuracy_mm is None:
        OUT.print(
            "[yellow]Chưa rõ sai số: không có điểm kiểm tra / its error is not known: no check points (--gcps)[/]"
        )
        return
    table = Table(
        "điểm / point", "m", "điểm ảnh / pixels", "mm trên bản đồ / on the map", title=found.file, title_justify="left"
    )
    for one in found.residuals:
        table.add_row(one.name, f"{one.metres:.3f}", f"{one.pixels:.3f}", f"{one.millimetres:.3f}")
    OUT.print(table)
    how = {"points left out": "bỏ từng điểm / each point left out", "check points": "điểm kiểm tra / check points"}[
        found.judged_by or ""
    ]
    OUT.print(
        f"Sai số / error: {found.accuracy_m:.2f} m = {found.accuracy_mm:.2f} mm, 1:{found.scale} ({how})", markup=False
    )
