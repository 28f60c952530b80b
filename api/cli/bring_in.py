"""`quyhoach import …`: bring files into the draft."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from api.cli.deployment import settings
from api.cli.screen import kept_report, progress_bar, show_layers, show_report
from layers.ingest.intake import Terms
from layers.ingest.merger_parts import bring_in_merger_parts
from layers.ingest.mergers import COLUMNS, MergerTerms, bring_in_mergers
from layers.ingest.parcels import bring_in_parcels
from layers.ingest.plans import Described, Sources, bring_in_plans, with_boundary
from layers.ingest.statements import (
    AVAILABILITY_COLUMNS,
    CARRY_OVER_COLUMNS,
    bring_in_availability,
    bring_in_carry_over,
)
from layers.ingest.unit_list import bring_in_unit_list
from layers.ingest.units import bring_in_units
from layers.sources.facts import Reading
from layers.sources.opening import layers_of
from layers.sources.tables import read_table
from layers.sources.vector import read
from planning.errors import BadQuestion, MissingField
from planning.mergers.clauses import LOCATED, Located
from planning.store.session import writing

app = typer.Typer(
    no_args_is_help=True,
    help="Nhập tệp vào bản nháp; quyhoach publish để công bố. / Bring files into the draft; nothing is public until quyhoach publish.",
)

File = Annotated[Path, typer.Argument(metavar="FILE", help="GeoPackage, GeoJSON hoặc/or Shapefile")]
Csv = Annotated[Path, typer.Argument(metavar="FILE.csv", help="CSV, UTF-8")]
Layer = Annotated[str | None, typer.Option(help="lớp trong tệp / layer of the file, where it has several")]
Crs = Annotated[
    str | None, typer.Option(help="hệ tọa độ, khi tệp không ghi / CRS where the file names none, e.g. EPSG:9209")
]
Encoding = Annotated[
    str | None, typer.Option(help="bảng mã chữ của Shapefile không có .cpg / encoding of a Shapefile without .cpg")
]
Names = Annotated[
    list[str] | None, typer.Option("--map", help="trường=TÊN TRONG TỆP / field=NAME IN THE FILE, e.g. code=old_code")
]
From = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="ngày bắt đầu hiệu lực / first day in force")]
To = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="ngày hết hiệu lực / first day no longer in force")
]
ReportTo = Annotated[Path | None, typer.Option("--report", help="ghi báo cáo JSON / write the report as JSON")]
Illustration = Annotated[bool, typer.Option("--illustration", help="dữ liệu minh họa / mark as illustration, not real")]


@app.command()
def units(
    file: File, layer: Layer = None, crs: Crs = None, encoding: Encoding = None, names: Names = None,
    valid_from: From = None, valid_to: To = None, report: ReportTo = None, illustration: Illustration = False,
    boundary: Annotated[str, typer.Option(help="ranh giới có từ đâu / how they were got: official, digitised, derived")] = "official",
) -> None:  # fmt: skip
    """Đơn vị hành chính: tỉnh, xã, phường. / Administrative units with their boundaries.

    Fields: **code**, **name** (its kind first: “Xã Lục Ngạn”), province_code, district, declared_km2, population, legal_basis,
    coastal (yes, no: the area of a unit on the sea is not judged).

    Example: `quyhoach import units former.gpkg --map code=old_code --map name=old_name --valid-from 2025-03-01 --valid-to 2025-07-01`
    """
    with kept_report(report), writing(settings()) as session, progress_bar(file.name) as progress:
        source = read(file, Reading(layer, crs, encoding, pairs(names)))
        result = bring_in_units(session, source, terms(valid_from, valid_to, illustration), progress, got(boundary))
    show_report(result, report)


@app.command("unit-list")
def unit_list(
    file: Csv, names: Names = None, valid_from: From = None, valid_to: To = None, report: ReportTo = None,
    illustration: Illustration = False,
    where: Annotated[list[str] | None, typer.Option(help="chỉ các dòng / only rows: COLUMN=VALUE[,VALUE…]; repeatable")] = None,
) -> None:  # fmt: skip
    """Danh mục đơn vị, không có ranh giới. / Units by their names alone, where nobody has the boundaries.

    Columns: **code**, **name**, district, province_code, declared_km2, population, coastal. A place in such a unit is answered as unknown.

    Example: `quyhoach import unit-list communes.csv --where province_code=30,31 --valid-from 2025-03-01 --valid-to 2025-07-01`
    """
    with kept_report(report), writing(settings()) as session, progress_bar(file.name) as progress:
        wanted = {column: set(values.split(",")) for column, values in pairs(where).items()}
        source = read_table(file, ()).only(wanted).renamed(pairs(names))
        result = bring_in_unit_list(session, source, terms(valid_from, valid_to, illustration), progress)
    show_report(result, report)


@app.command("merger-parts")
def merger_parts(
    file: File, how: Annotated[str, typer.Option(help="có từ đâu / how the land was got: official, digitised")], layer: Layer = None,
    crs: Crs = None, encoding: Encoding = None, names: Names = None, report: ReportTo = None, illustration: Illustration = False,
) -> None:  # fmt: skip
    """Phần đất của đơn vị bị chia. / The land of parts of divided units, once an office has it.

    Fields: **resolution**, **clause**, **old_code**. All of it or nothing.
    """
    with kept_report(report), writing(settings()) as session, progress_bar(file.name) as progress:
        source = read(file, Reading(layer, crs, encoding, pairs(names)))
        result = bring_in_merger_parts(session, source, got(how), terms(None, None, illustration), progress)
    show_report(result, report)


@app.command()
def mergers(
    file: Csv,
    effective: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="ngày có hiệu lực, khi tệp không có cột effective / day it takes effect"
        ),
    ] = None,
    despite_breaches: Annotated[
        bool,
        typer.Option(
            "--despite-breaches", help="nhập dù các khoản không khớp / store it although the clauses do not add up"
        ),
    ] = False,
    report: ReportTo = None,
    illustration: Illustration = False,
) -> None:
    """Các khoản của nghị quyết sắp xếp đơn vị hành chính. / Clauses of a resolution that merges units, one row per old unit.

    The table proves itself: every old unit once, whole, or as parts and one rest that names the clauses which took them. Else nothing is
    stored, and each breach is named with its rows.

    Example: `quyhoach import mergers resolution-1658.csv --effective 2025-07-01`
    """
    with kept_report(report), writing(settings()) as session, progress_bar(file.name) as progress:
        source = read_table(file, COLUMNS)
        own_terms = MergerTerms(day_of(effective), illustration, despite_breaches)
        result = bring_in_mergers(session, source, own_terms, progress)
    show_report(result, report)


@app.command()
def plan(
    file: File, crs: Crs = None, encoding: Encoding = None, names: Names = None, valid_from: From = None,
    valid_to: To = None, report: ReportTo = None, illustration: Illustration = False,
    layer: Annotated[str | None, typer.Option(help="lớp phân khu chức năng / layer of the zones; by default “zone”")] = None,
    boundary: Annotated[Path | None, typer.Option(help="ranh giới đồ án / plan boundary, where FILE holds zones only")] = None,
    code: Annotated[str | None, typer.Option(help="mã đồ án / plan code: says that FILE holds the zones of one plan")] = None,
    name: Annotated[str | None, typer.Option(help="tên đồ án / plan name")] = None,
    kind: Annotated[str, typer.Option(help="urban, rural, functional_zone, land_use …")] = "urban",
    level: Annotated[str | None, typer.Option(help="general, subdivision, detailed, land_use …")] = None,
    scheme: Annotated[str | None, typer.Option(help="bảng mã chức năng / scheme of function codes: planning, land_use")] = None,
    scale: Annotated[int | None, typer.Option(help="mẫu số tỷ lệ / scale denominator, e.g. 5000")] = None,
    decision_number: Annotated[str | None, typer.Option(help="số quyết định / number of the decision")] = None,
    decision_date: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="ngày quyết định / its date")] = None,
    approver: Annotated[str | None, typer.Option(help="cơ quan phê duyệt / approver")] = None,
) -> None:  # fmt: skip
    """Đồ án quy hoạch và các khu chức năng. / Plans with their zones.

    A GeoPackage with layers `plan` and `zone` may hold many plans. Any other file holds the zones of one plan, described by
    `--code --name --level`; without `--boundary` its boundary is the union of its zones, and the report says so.
    """
    own_terms = terms(valid_from, valid_to, illustration)
    with kept_report(report), writing(settings()) as session, progress_bar(file.name) as progress:
        if code is None:
            plans = read(file, Reading("plan", crs, encoding))
            sources = Sources(plans, read(file, Reading(layer or "zone", crs, encoding, pairs(names))))
        else:
            day = decision_date.date() if decision_date else None
            described = Described(
                code, given("name", name), kind, given("level", level), scale, decision_number, day, approver
            )
            constants = {"function_scheme": scheme} if scheme else None
            zones = read(file, Reading(layer, crs, encoding, pairs(names), constants))
            sources = with_boundary(zones, described, read(boundary, Reading(None, crs)) if boundary else None)
        result = bring_in_plans(session, sources, own_terms, progress)
    if code and not boundary:
        result.warnings.append("ranh giới là hợp của các khu chức năng / the boundary is the union of the zones")
    show_report(result, report)


@app.command()
def parcels(
    file: File, layer: Layer = None, crs: Crs = None, encoding: Encoding = None, names: Names = None,
    valid_from: From = None, valid_to: To = None, report: ReportTo = None, illustration: Illustration = False,
) -> None:  # fmt: skip
    """Thửa đất: xã cũ, tờ bản đồ, số thửa. / Parcels, keyed by former commune, sheet and number. Owners are never read.

    Fields: **former_code**, **sheet**, **number**, land_use_code, declared_m2.
    """
    with kept_report(report), writing(settings()) as session, progress_bar(file.name) as progress:
        source = read(file, Reading(layer, crs, encoding, pairs(names)))
        result = bring_in_parcels(session, source, terms(valid_from, valid_to, illustration), progress)
    show_report(result, report)


@app.command()
def availability(file: Csv, report: ReportTo = None, illustration: Illustration = False) -> None:
    """Dữ liệu nào đầy đủ, theo lời cơ quan nào. / Which data is complete for which unit: what lets an answer say “none”.

    Columns: theme, unit_code, state (complete, partial, missing), on_whose_word, valid_from, valid_to.
    """
    with kept_report(report), writing(settings()) as session, progress_bar(file.name) as progress:
        source = read_table(file, AVAILABILITY_COLUMNS)
        result = bring_in_availability(session, source, terms(None, None, illustration), progress)
    show_report(result, report)


@app.command("carry-over")
def carry_over(file: Csv, report: ReportTo = None, illustration: Illustration = False) -> None:
    """Đồ án của đơn vị cũ: giữ, thay thế, hết hạn hay chưa quyết định. / What became of each plan at a merger.

    Columns: plan_code, resolution, effective, decision (kept, replaced, expired, undecided), basis.
    """
    with kept_report(report), writing(settings()) as session, progress_bar(file.name) as progress:
        source = read_table(file, CARRY_OVER_COLUMNS)
        result = bring_in_carry_over(session, source, terms(None, None, illustration), progress)
    show_report(result, report)


@app.command()
def layers(file: File) -> None:
    """Các lớp trong tệp: kiểu hình, số đối tượng, hệ tọa độ, trường. / The layers of a file: shapes, features, CRS, fields.

    Reads GeoPackage, GeoJSON, Shapefile, FlatGeobuf, GML, KML, File Geodatabase, MapInfo, GeoParquet, CSV, DXF, DGN v7 and zips of them.
    """
    show_layers(layers_of(file))


def terms(valid_from: datetime | None, valid_to: datetime | None, illustration: bool) -> Terms:
    """What the options say of the file."""
    since, until = day_of(valid_from), day_of(valid_to)
    if since and until and until <= since:
        raise BadQuestion(parameter="--valid-to", vi="phải sau --valid-from.", en="it must be after --valid-from.")
    return Terms(since, until, illustration)


def got(how: str) -> Located:
    """How boundaries or land were got."""
    if how not in LOCATED:
        raise BadQuestion(
            parameter="--boundary, --how", vi=f"dùng {', '.join(LOCATED)}.", en=f"use one of {', '.join(LOCATED)}."
        )
    return how


def day_of(moment: datetime | None) -> date | None:
    """The day of an option."""
    return moment.date() if moment else None


def pairs(names: list[str] | None) -> dict[str, str]:
    """`--map code=old_code` as a dictionary."""
    split = [name.partition("=") for name in names or []]
    for ours, equals, theirs in split:
        if not (ours and equals and theirs):
            raise BadQuestion(parameter="--map", vi="viết là trường=TÊN.", en="write it as field=NAME.")
    return {ours: theirs for ours, _, theirs in split}


def given(option: str, value: str | None) -> str:
    """The value of an option that is needed here."""
    if value is None:
        raise MissingField(file="--code", field=option, present="–")
    return value
