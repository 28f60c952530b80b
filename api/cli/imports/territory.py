"""`quyhoach import units | unit-list | merger-parts | mergers | parcels`: the ground that plans lie on."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer

from api.cli.bringing import bringing
from api.cli.imports.options import (
    Accepted,
    Crs,
    Csv,
    DryRun,
    Encoding,
    File,
    From,
    Illustration,
    Layer,
    Names,
    NorthingFirst,
    ProfileName,
    ReportTo,
    Said,
    To,
    day_of,
    got,
    pairs,
    terms,
    wish,
)
from layers.ingest.delivery import Delivery, Wish
from layers.ingest.merger_parts import bring_in_merger_parts
from layers.ingest.mergers import COLUMNS, MergerTerms, bring_in_mergers
from layers.ingest.parcels import bring_in_parcels
from layers.ingest.unit_list import bring_in_unit_list
from layers.ingest.units import bring_in_units
from layers.sources.facts import Reading
from layers.sources.tables import read_table

app = typer.Typer()


@app.command()
def units(
    file: File, layer: Layer = None, crs: Crs = None, encoding: Encoding = None, names: Names = None,
    valid_from: From = None, valid_to: To = None, report: ReportTo = None, dry_run: DryRun = False, illustration: Illustration = False,
    boundary: Annotated[str, typer.Option(help="ranh giới có từ đâu / how they were got: official, digitised, derived")] = "official",
    accepted: Accepted = False, northing_first: NorthingFirst = False,
) -> None:  # fmt: skip
    """Đơn vị hành chính: tỉnh, xã, phường. / Administrative units with their boundaries.

    Fields: **code**, **name** (its kind first: “Xã Lục Ngạn”), province_code, district, declared_km2, population, legal_basis,
    coastal (yes, no: the area of a unit on the sea is not judged).

    Example: `quyhoach import units former.gpkg --map code=old_code --map name=old_name --valid-from 2025-03-01 --valid-to 2025-07-01`
    """
    with bringing(file, report, dry_run=dry_run) as it:
        wanted = Wish(Reading(layer, crs, encoding, pairs(names)), accepted=accepted, northing_first=northing_first)
        source = Delivery.opened(file, wanted, it.country)
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
    illustration: Illustration = False, accepted: Accepted = False, northing_first: NorthingFirst = False,
) -> None:  # fmt: skip
    """Phần đất của đơn vị bị chia. / The land of parts of divided units, once an office has it.

    Fields: **resolution**, **clause**, **old_code**. All of it or nothing.
    """
    with bringing(file, report, dry_run=dry_run) as it:
        wanted = Wish(Reading(layer, crs, encoding, pairs(names)), accepted=accepted, northing_first=northing_first)
        source = Delivery.opened(file, wanted, it.country)
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
def parcels(
    file: File, layer: Layer = None, crs: Crs = None, encoding: Encoding = None, names: Names = None,
    valid_from: From = None, valid_to: To = None, report: ReportTo = None, dry_run: DryRun = False, illustration: Illustration = False,
    profile: ProfileName = None, said: Said = None, accepted: Accepted = False, northing_first: NorthingFirst = False,
    accuracy_m: Annotated[float | None, typer.Option(min=0, max=1000, help="sai số của ranh thửa / how exact outlines are, m")] = None,
) -> None:  # fmt: skip
    """Thửa đất: xã cũ, tờ bản đồ, số thửa. / Parcels, keyed by former commune, sheet and number. Owners are never read.

    Fields: **former_code**, **sheet**, **number**, land_use_code, declared_m2. Every answer on a parcel tells its file and how exact it is.

    Example: `quyhoach import parcels thua.gpkg --valid-from 2020-01-01 --accuracy-m 0.1`
    """
    with bringing(file, report, dry_run=dry_run) as it:
        wanted = wish(Reading(layer, crs, encoding, pairs(names)), profile, said)
        source = Delivery.opened(file, replace(wanted, accepted=accepted, northing_first=northing_first), it.country)
        own_terms = replace(terms(valid_from, valid_to, illustration), accuracy_m=accuracy_m)
        it.result = bring_in_parcels(it.session, source, own_terms, it.progress)
