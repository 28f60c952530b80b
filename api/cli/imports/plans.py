"""`quyhoach import plan | control-lines`: plans, their zones and lines."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from api.cli.bringing import bringing
from api.cli.imports.options import (
    Accepted,
    Crs,
    DryRun,
    Encoding,
    File,
    From,
    Illustration,
    Layer,
    Names,
    Northing,
    NorthingFirst,
    ProfileName,
    ReportTo,
    Said,
    SnapM,
    To,
    given,
    pairs,
    terms,
    wish,
)
from layers.ingest.bearing import Country
from layers.ingest.control_lines import bring_in_control_lines
from layers.ingest.delivery import Delivery, Wish
from layers.ingest.plans import Described, Outlines, Sources, bring_in_plans, outlines_of, with_boundary
from layers.sources.facts import Reading
from layers.sources.opening import chosen, layers_of
from planning.control_lines import KINDS

app = typer.Typer()


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
    boundary_layer: Annotated[str | None, typer.Option(help="lớp ranh giới trong FILE / layer of FILE with the boundary")] = None,
    profile: ProfileName = None, said: Said = None, accepted: Accepted = False, northing_first: NorthingFirst = False,
    northing: Northing = None, snap_m: SnapM = None,
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
            chosen(file, layers_of(file), "plan")  # a file without it is of one plan: said before anything else
            wanted = wish(Reading(layer or "zone", crs, encoding, pairs(names)), profile, said)
            zones = Delivery.opened(file, replace(wanted, accepted=accepted, northing_first=northing_first), it.country)
            plans = _outline(zones, None, Reading("plan", crs, encoding), it.country)
            sources = Sources(plans.source, zones, about=plans.about)
        else:
            day = decision_date.date() if decision_date else None
            described = Described(
                code, given("name", name), kind, given("level", level), scale, decision_number, day, approver, amends, supersedes,
                origin, accuracy_m,
            )  # fmt: skip
            constants = {"plan_code": code} | ({"function_scheme": scheme} if scheme and not profile else {})
            reading = Reading(layer, crs, encoding, pairs(names), None if profile else constants, northing, snap_m)
            wanted = replace(
                wish(reading, profile, said, {"plan_code": code}), accepted=accepted, northing_first=northing_first
            )
            zones = Delivery.opened(file, wanted, it.country)
            asked = Reading(boundary_layer, crs, encoding, snap_m=snap_m)
            outline = _outline(zones, boundary, asked, it.country) if boundary_layer or boundary else None
            sources = with_boundary(zones, described, outline)
        it.result = bring_in_plans(it.session, sources, own_terms, it.progress)
        if code and not (boundary or boundary_layer):
            it.result.warn("ranh giới là hợp của các khu chức năng / the boundary is the union of the zones")


def _outline(zones: Delivery, apart: Path | None, asked: Reading, country: Country) -> Outlines:
    """The boundaries of plans, from a file of their own or from a layer beside the zones: where that names no CRS, it is theirs."""
    told = asked.crs or (None if apart or _names_crs(zones, asked.layer) else f"EPSG:{zones.crs}")
    wanted = Wish(replace(asked, crs=told), accepted=zones.wish.accepted, northing_first=zones.bearing.swapped)
    return outlines_of(apart or zones.path, wanted, country)


def _names_crs(zones: Delivery, layer: str | None) -> bool:
    """Whether a layer beside the zones says its CRS itself, in a file that can."""
    return zones.crs_said_by == "file" and any(one.crs for one in layers_of(zones.path) if one.name == layer)


@app.command("control-lines")
def control_lines(
    file: File, layer: Layer = None, crs: Crs = None, encoding: Encoding = None, names: Names = None,
    valid_from: From = None, valid_to: To = None, report: ReportTo = None, dry_run: DryRun = False, illustration: Illustration = False,
    plan: Annotated[str | None, typer.Option(help="mã đồ án; FILE là toàn bộ chỉ giới của đồ án / plan: FILE is its whole set")] = None,
    kind: Annotated[str | None, typer.Option(help=f"loại, khi mọi đối tượng cùng loại / {', '.join(KINDS)}")] = None,
    profile: ProfileName = None, said: Said = None, accepted: Accepted = False, northing_first: NorthingFirst = False,
) -> None:  # fmt: skip
    """Đường chỉ giới, hành lang an toàn, mốc giới. / Red lines, building lines, safety corridors, boundary markers.

    Fields: **kind** (or --kind), code, name, subject (of a corridor), half_width_m, setback_m, legal_basis, valid_from, valid_to;
    others are kept as attributes. With --plan FILE is the whole set of the kinds it holds. Of a drawing lines are taken as lines
    (closed ones of red lines and building lines too), by layer: `--kind red_line --layer CGDD`, or `--profile cad-lines`.

    Without --plan the lines belong to no plan: then **code** and a first day are needed.

    Example: `quyhoach import control-lines HanhLangAnToan.shp --kind corridor --plan QHC-01 --map half_width_m=BeRong`
    """
    constants = {"kind": kind} if kind else None
    with bringing(file, report, dry_run=dry_run) as it:
        reading = Reading(layer, crs, encoding, pairs(names), None if profile else constants, linework=True)
        wanted = wish(reading, profile, said, constants if profile else None)
        source = Delivery.opened(file, replace(wanted, accepted=accepted, northing_first=northing_first), it.country)
        own_terms = terms(valid_from, valid_to, illustration)
        it.result = bring_in_control_lines(it.session, source, plan, own_terms, it.progress)
