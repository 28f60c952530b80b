"""`quyhoach import inspect | layers`: a first look at a file; nothing is stored."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from api.cli.deployment import settings
from api.cli.screen import OUT, show_layers
from layers.encodings.evidence import evidence_of
from layers.encodings.recognition import Recognition
from layers.sources.facts import Reading
from layers.sources.first_look import FirstLook, first_look
from layers.sources.opening import layers_of
from planning.crs_evidence import MISTAKES, CrsEvidence, CrsReading, crs_evidence, mistake, stated_doubts
from planning.errors import Unavailable
from planning.ground import Ground
from planning.periods import today
from planning.store.records import ground_on
from planning.store.session import reading

app = typer.Typer()

LISTED = 6
"""Candidates, samples and notes shown."""


@app.command()
def inspect(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="tệp có hình, xem hướng dẫn / a file with shapes")],
    layer: Annotated[str | None, typer.Option(help="chỉ một lớp / one layer only")] = None,
    on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="so với ranh giới xã ngày / against the communes of that day; today"),
    ] = None,
    font: Annotated[
        list[str] | None,
        typer.Option(help="phông chữ của bản vẽ / font of the drawing, e.g. .VnTime, VNI-Times; repeatable"),
    ] = None,
) -> None:
    """Xem trước một tệp: lớp, trường, bảng mã chữ, hệ tọa độ. / A first look: layers, fields, letters, coordinates. Stores nothing.

    **Letters**: TCVN3 (ABC), VNI, VISCII or damaged UTF-8 are told by the syllables they spell, shown before and after.

    **Coordinates**: every VN-2000 zone, UTM 48N, 49N and degrees are tried, axes also exchanged: which put the data into the communes?

    A proposal is no decision: a person says the CRS with `--crs` when the file is brought in.

    Example: `quyhoach import inspect QHPK_2015.shp --font .VnTime --on 2025-06-30`
    """
    ground, storage_crs = _ground(on)
    for look in first_look(file, Reading(layer), tuple(font or ())):
        OUT.print(_fields(look))
        for note in look.notes[:LISTED]:
            OUT.print(f"  {note}", markup=False)
        if len(look.notes) > LISTED:
            OUT.print(f"  … {len(look.notes) - LISTED} điều nữa / more")
        _show_letters(look.letters)
        _show_coordinates(look, ground, storage_crs)


def _ground(on: datetime | None) -> tuple[Ground | None, int]:
    """The communes to judge by; a file can be looked at without a database too."""
    wanted = settings()
    try:
        with reading(wanted) as session:
            return ground_on(session, on.date() if on else today()), session.storage_srid
    except Unavailable:
        return None, wanted.storage_crs


def _fields(look: FirstLook) -> Table:
    count = "?" if look.facts.count is None else f"{look.facts.count:,}"
    title = f"{look.facts.name}: {count} đối tượng / features, {look.facts.geometry or '–'}"
    table = Table("trường / field", "kiểu / type", "mẫu / samples", title=escape(title), title_justify="left")
    for field in look.fields:
        table.add_row(escape(field.name), field.kind, escape(" | ".join(field.samples)))
    return table


def _show_letters(found: Recognition) -> None:
    evidence = evidence_of(found)
    OUT.print("[bold]Chữ / letters[/]")
    OUT.print(f"  {evidence.vi}\n  {evidence.en}", markup=False)
    if found.best is None or found.verdict == "foreign":
        return
    for one in found.candidates[: 1 if found.verdict == "certain" else 3]:
        for sample in one.samples[:LISTED]:
            if sample.before != sample.after:
                OUT.print(f"  {one.encoding.value}: {sample.before!r} → {sample.after}", markup=False)


def _show_coordinates(look: FirstLook, ground: Ground | None, storage_crs: int) -> None:
    OUT.print("[bold]Tọa độ / coordinates[/]")
    epsg = look.facts.crs
    stated = f"EPSG:{epsg}" if epsg else look.facts.crs_text or "không ghi / none"
    OUT.print(f"  tệp ghi / the file says: {stated}", markup=False)
    if ground is None:
        OUT.print(
            "  chưa có ranh giới xã để so: nhập đơn vị hành chính trước / no commune boundaries to judge by: bring the units in first"
        )
        return
    evidence = crs_evidence(look.shapes, ground, storage_crs)
    OUT.print(f"  {_verdict(evidence)}", markup=False)
    for one in evidence.candidates[:LISTED]:
        OUT.print(f"  - {one.vi}\n    {one.en}", markup=False)
    if len(evidence.candidates) > LISTED:
        OUT.print(f"  … {len(evidence.candidates) - LISTED} khả năng nữa / more")
    if epsg and evidence.verdict != "none" and (doubts := stated_doubts(evidence, epsg)):
        what = MISTAKES[mistake(CrsReading(epsg), doubts[0].reading)]
        OUT.print(f"  [yellow]EPSG:{epsg} không khớp / does not fit: {what}[/]")


def _verdict(evidence: CrsEvidence) -> str:
    if evidence.proposed:
        how = (
            ("theo ranh giới xã", "by the borders it follows")
            if evidence.by_borders
            else ("theo vị trí", "by its place")
        )
        label = evidence.proposed.label
        return f"đề nghị {label}, {how[0]}; cần người xác nhận / {label} is proposed, {how[1]}; somebody must accept it"
    if evidence.verdict == "several":
        return "nhiều hệ tọa độ khớp như nhau; hãy hỏi đơn vị lập bản vẽ / several fit equally; ask who drew it"
    return "không hệ nào đưa dữ liệu vào các xã đã có / none puts the data into the communes on record"


@app.command()
def layers(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="tệp có hình / a file with shapes")],
) -> None:
    """Các lớp trong tệp: kiểu hình, số đối tượng, hệ tọa độ, trường. / The layers of a file: shapes, features, CRS, fields.

    Reads GeoPackage, GeoJSON, Shapefile, FlatGeobuf, GML, KML, File Geodatabase, MapInfo, GeoParquet, CSV, DXF, DGN v7 and zips of them.
    """
    show_layers(layers_of(file))
