"""`quyhoach import …`: bring files into the draft."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from api.cli import inspecting
from api.cli.bringing import bringing
from layers.ingest.control_lines import bring_in_control_lines
from layers.ingest.delivery import Delivery, Wish
from layers.ingest.intake import Terms
from layers.ingest.merger_parts import bring_in_merger_parts
from layers.ingest.mergers import COLUMNS, MergerTerms, bring_in_mergers
from layers.ingest.parcels import bring_in_parcels
from layers.ingest.plans import Described, Sources, bring_in_plans, with_boundary
from layers.ingest.statements import (
    AVAILABILITY_COLUMNS,
    CARRY_OVER_COLUMNS,
    TARGET_COLUMNS,
    bring_in_availability,
    bring_in_carry_over,
    bring_in_targets,
)
from layers.ingest.unit_list import bring_in_unit_list
from layers.ingest.units import bring_in_units
from layers.profiles.loading import profile_of
from layers.sources.facts import Reading
from layers.sources.opening import layers_of
from layers.sources.tables import read_table
from layers.sources.vector import read
from planning.control_lines import KINDS
from planning.errors import BadQuestion, MissingField
from planning.mergers.clauses import LOCATED, Located

app = typer.Typer(
    no_args_is_help=True,
    help="Nhập tệp vào bản nháp; quyhoach publish để công bố. / Bring files into the draft; nothing is public until quyhoach publish.",
)

app.command()(inspecting.inspect)

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
ReportTo = Annotated[
    Path | None,
    typer.Option("--report", help="ghi báo cáo / write the report: .json, .html, .gpkg (with the refused shapes)"),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="chạy thử: báo cáo như thật, không lưu gì / the same report, nothing stored")
]
ProfileName = Annotated[
    str | None, typer.Option("--profile", help="bảng ánh xạ: tên hoặc tệp .yaml / a profile: quyhoach profile list")
]
Said = Annotated[
    list[str] | None,
    typer.Option("--set", help="cột=GIÁ TRỊ cho mọi đối tượng / column=VALUE for every feature, with --profile"),
]
Accepted = Annotated[
    bool,
    typer.Option("--accept-crs", help="chấp nhận hệ tọa độ suy từ tọa độ / take the CRS that the coordinates tell"),
]
NorthingFirst = Annotated[
    bool, typer.Option("--northing-first", help="tệp ghi tọa độ bắc (X) trước / the file writes the northing (X) first")
]
Illustration = Annotated[bool, typer.Option("--illustration", help="dữ liệu minh họa / mark as illustration, not real")]


@app.command()
def units(
    file: File, layer: Layer = None, crs: Crs = None, encoding: Encoding = None, names: Names = None,
    valid_from: From = None, valid_to: To = None, report: ReportTo = None, dry_run: DryRun = False, illustration: Illustration = False,
    boundary: Annotated[str, typer.Option(help="ranh giới có từ đâu / how they were got: official, digitised, derived")] = "official",
) -> None:  # fmt: skip
    """Đơn vị hành chính: tỉnh, xã, phường. / Administrative units with their boundaries.

    Fields: **code**, **name** (its kind first: “Xã Lục Ngạn”), province_code, district, declared_km2, population, legal_basis,
    coastal (yes, no: the area of a unit on the sea is not judged).

    Example: `quyhoach import units former.gpkg --map code=old_code --map name=old_name --valid-from 2025-03-01 --valid-to 2025-07-01`
    """
    with bringing(file, report, dry_run=dry_run) as it:
        source = read(file, Reading(layer, crs, encoding, pairs(names)))
        it.result = bring_in_units(
            it.session, source, terms(valid_from, valid_to, illustration), it.progress, got(boundary)
        )


@app.command("unit-list")
def unit_list(
    file: Csv, names: Names = None, valid_from: From = None, valid_to: To = None, report: ReportTo = None, dry_run: DryRun = False,
    illustration: Illustration = False,
    where: Annotated[list[str] | None, typer.Option(help="chỉ các dòng / only rows: COLUMN=VALUE[,VALUE…]; repeatable")] = None,
) -> None:  # fmt: skip
    """Danh mục đơn vị, không có ranh giới. / Units by their names alone, where nobody has the boundaries.

    Columns: **code**, **name**, district, province_code, declared_km2, population, coastal. A place in such a unit is answered as unknown.

    Example: `quyhoach import unit-list communes.csv --where province_code=30,31 --valid-from 2025-03-01 --valid-to 2025-07-01`
    """
    with bringing(file, report, dry_run=dry_run) as it:
        wanted = {column: set(values.split(",")) for column, values in pairs(where).items()}
        source = read_table(file, ()).only(wanted).renamed(pairs(names))
        it.result = bring_in_unit_list(it.session, source, terms(valid_from, valid_to, illustration), it.progress)


@app.command("merger-parts")
def merger_parts(
    file: File, how: Annotated[str, typer.Option(help="có từ đâu / how the land was got: official, digitised")], layer: Layer = None,
    crs: Crs = None, encoding: Encoding = None, names: Names = None, report: ReportTo = None, dry_run: DryRun = False,
    illustration: Illustration = False,
) -> None:  # fmt: skip
    """Phần đất của đơn vị bị chia. / The land of parts of divided units, once an office has it.

    Fields: **resolution**, **clause**, **old_code**. All of it or nothing.
    """
    with bringing(file, report, dry_run=dry_run) as it:
        source = read(file, Reading(layer, crs, encoding, pairs(names)))
        it.result = bring_in_merger_parts(it.session, source, got(how), terms(None, None, illustration), it.progress)


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
    dry_run: DryRun = False,
    illustration: Illustration = False,
) -> None:
    """Các khoản của nghị quyết sắp xếp đơn vị hành chính. / Clauses of a resolution that merges units, one row per old unit.

    The table proves itself: every old unit once, whole, or as parts and one rest that names the clauses which took them. Else nothing is
    stored, and each breach is named with its rows.

    Example: `quyhoach import mergers resolution-1658.csv --effective 2025-07-01`
    """
    with bringing(file, report, dry_run=dry_run) as it:
        source = read_table(file, COLUMNS)
        own_terms = MergerTerms(day_of(effective), illustration, despite_breaches)
        it.result = bring_in_mergers(it.session, source, own_terms, it.progress)


@app.command()
def plan(
    file: File, crs: Crs = None, encoding: Encoding = None, names: Names = None, valid_from: From = None,
    valid_to: To = None, report: ReportTo = None, dry_run: DryRun = False, illustration: Illustration = False,
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
    profile: ProfileName = None, said: Said = None, accepted: Accepted = False, northing_first: NorthingFirst = False,
    amends: Annotated[str | None, typer.Option(help="mã đồ án được điều chỉnh / code of the plan it amends")] = None,
    supersedes: Annotated[str | None, typer.Option(help="mã đồ án bị thay thế / code of the plan it supersedes")] = None,
    origin: Annotated[str | None, typer.Option(help="nét vẽ có từ đâu / how its lines came about: drawn, digitised, traced")] = None,
    accuracy_m: Annotated[float | None, typer.Option(min=0, help="độ chính xác, m / how exact they are, m")] = None,
) -> None:  # fmt: skip
    """Đồ án quy hoạch và các khu chức năng. / Plans with their zones.

    A GeoPackage with layers `plan` and `zone` may hold many plans. Any other file holds the zones of one plan, described by
    `--code --name --level`; without `--boundary` its boundary is the union of its zones, and the report says so.
    """
    own_terms = terms(valid_from, valid_to, illustration)
    with bringing(file, report, dry_run=dry_run) as it:
        if code is None:
            plans = read(file, Reading("plan", crs, encoding))
            sources = Sources(
                plans,
                Delivery.opened(
                    file, wish(Reading(layer or "zone", crs, encoding, pairs(names)), profile, said), it.country
                ),
            )
        else:
            day = decision_date.date() if decision_date else None
            described = Described(
                code,
                given("name", name),
                kind,
                given("level", level),
                scale,
                decision_number,
                day,
                approver,
                amends,
                supersedes,
                origin,
                accuracy_m,
            )
            constants = {"plan_code": code} | ({"function_scheme": scheme} if scheme and not profile else {})
            reading = Reading(layer, crs, encoding, pairs(names), None if profile else constants)
            wanted = replace(
                wish(reading, profile, said, {"plan_code": code}), accepted=accepted, northing_first=northing_first
            )
            zones = Delivery.opened(file, wanted, it.country)
            sources = with_boundary(zones, described, read(boundary, Reading(None, crs)) if boundary else None)
        it.result = bring_in_plans(it.session, sources, own_terms, it.progress)
        if code and not boundary:
            it.result.warnings.append("ranh giới là hợp của các khu chức năng / the boundary is the union of the zones")


@app.command("control-lines")
def control_lines(
    file: File, layer: Layer = None, crs: Crs = None, encoding: Encoding = None, names: Names = None,
    valid_from: From = None, valid_to: To = None, report: ReportTo = None, dry_run: DryRun = False, illustration: Illustration = False,
    plan: Annotated[str | None, typer.Option(help="mã đồ án; FILE là toàn bộ chỉ giới của đồ án / plan: FILE is its whole set")] = None,
    kind: Annotated[str | None, typer.Option(help=f"loại, khi mọi đối tượng cùng loại / {', '.join(KINDS)}")] = None,
) -> None:  # fmt: skip
    """Đường chỉ giới, hành lang an toàn, mốc giới. / Red lines, building lines, safety corridors, boundary markers.

    Fields: **kind** (or --kind), code, name, subject (of a corridor), half_width_m, setback_m, legal_basis, valid_from, valid_to;
    others are kept as attributes. Without --plan the lines belong to no plan: then **code** and a first day are needed.

    Example: `quyhoach import control-lines HanhLangAnToan.shp --kind corridor --plan QHC-01 --map half_width_m=BeRong`
    """
    constants = {"kind": kind} if kind else None
    with bringing(file, report, dry_run=dry_run) as it:
        source = read(file, Reading(layer, crs, encoding, pairs(names), constants))
        own_terms = terms(valid_from, valid_to, illustration)
        it.result = bring_in_control_lines(it.session, source, plan, own_terms, it.progress)


@app.command()
def parcels(
    file: File, layer: Layer = None, crs: Crs = None, encoding: Encoding = None, names: Names = None,
    valid_from: From = None, valid_to: To = None, report: ReportTo = None, dry_run: DryRun = False, illustration: Illustration = False,
    profile: ProfileName = None, said: Said = None, accepted: Accepted = False, northing_first: NorthingFirst = False,
) -> None:  # fmt: skip
    """Thửa đất: xã cũ, tờ bản đồ, số thửa. / Parcels, keyed by former commune, sheet and number. Owners are never read.

    Fields: **former_code**, **sheet**, **number**, land_use_code, declared_m2.
    """
    with bringing(file, report, dry_run=dry_run) as it:
        wanted = wish(Reading(layer, crs, encoding, pairs(names)), profile, said)
        source = Delivery.opened(file, replace(wanted, accepted=accepted, northing_first=northing_first), it.country)
        it.result = bring_in_parcels(it.session, source, terms(valid_from, valid_to, illustration), it.progress)


@app.command()
def availability(
    file: Csv, report: ReportTo = None, dry_run: DryRun = False, illustration: Illustration = False
) -> None:
    """Dữ liệu nào đầy đủ, theo lời cơ quan nào. / Which data is complete for which unit: what lets an answer say “none”.

    Columns: theme, unit_code, state (complete, partial, missing), on_whose_word, valid_from, valid_to.
    """
    with bringing(file, report, dry_run=dry_run) as it:
        source = read_table(file, AVAILABILITY_COLUMNS)
        it.result = bring_in_availability(it.session, source, terms(None, None, illustration), it.progress)


@app.command("carry-over")
def carry_over(file: Csv, report: ReportTo = None, dry_run: DryRun = False, illustration: Illustration = False) -> None:
    """Đồ án của đơn vị cũ: giữ, thay thế, hết hạn hay chưa quyết định. / What became of each plan at a merger.

    Columns: plan_code, resolution, effective, decision (kept, replaced, expired, undecided), basis.
    """
    with bringing(file, report, dry_run=dry_run) as it:
        source = read_table(file, CARRY_OVER_COLUMNS)
        it.result = bring_in_carry_over(it.session, source, terms(None, None, illustration), it.progress)


@app.command()
def targets(file: Csv, report: ReportTo = None, dry_run: DryRun = False, illustration: Illustration = False) -> None:
    """Chỉ tiêu phủ kín theo cấp, của mọi xã, phường hoặc của một xã. / How much of a commune each level is to cover.

    Columns: **level**, unit_code (empty: every commune), **target_pct**, **on_whose_word**, **valid_from**, valid_to.
    """
    with bringing(file, report, dry_run=dry_run) as it:
        source = read_table(file, TARGET_COLUMNS)
        it.result = bring_in_targets(it.session, source, terms(None, None, illustration), it.progress)


@app.command()
def layers(file: File) -> None:
    """Liệt kê các lớp trong tệp. / List the layers of a file."""
    for one in layers_of(file):
        typer.echo(one.name)


def wish(reading: Reading, profile: str | None, said: list[str] | None, also: dict[str, str] | None = None) -> Wish:
    """How a file is to be taken: with a profile, what a person says goes into its columns."""
    if profile is None:
        if said:
            raise BadQuestion(parameter="--set", vi="chỉ dùng cùng --profile.", en="it goes with --profile only.")
        return Wish(reading)
    found = profile_of(profile)
    told = replace(reading, crs=reading.crs or found.crs, encoding=reading.encoding or found.encoding)
    return Wish(told, found, {**(also or {}), **pairs(said)})


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
