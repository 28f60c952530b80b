"""`quyhoach import localities`: the names that people ask by."""

from dataclasses import replace
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
    NorthingFirst,
    ProfileName,
    ReportTo,
    Said,
    To,
    pairs,
    terms,
    wish,
)
from layers.ingest.delivery import Delivery
from layers.ingest.localities import bring_in_localities
from layers.sources.facts import Reading
from planning.localities import KINDS

app = typer.Typer()


@app.command()
def localities(
    file: File, layer: Layer = None, crs: Crs = None, encoding: Encoding = None, names: Names = None,
    valid_from: From = None, valid_to: To = None, report: ReportTo = None, dry_run: DryRun = False, illustration: Illustration = False,
    name: Annotated[str | None, typer.Option("--list", help="tên danh mục mà FILE là toàn bộ / list that FILE is the whole of")] = None,
    kind: Annotated[str | None, typer.Option(help=f"loại, khi mọi đối tượng cùng loại / {', '.join(KINDS)}")] = None,
    profile: ProfileName = None, said: Said = None, accepted: Accepted = False, northing_first: NorthingFirst = False,
) -> None:  # fmt: skip
    """Địa danh: thôn, tổ dân phố, đường, địa điểm. / Names to find a place by: villages, residential groups, streets, landmarks.

    Fields: **name**, **kind** (or --kind), unit_code (the commune, former or present), valid_from, valid_to; points, lines or areas.
    FILE is a whole list: what was on record under the same --list gives way.

    Example: `quyhoach import localities duong.gpkg --kind street --map name=TenDuong --valid-from 2025-07-01`
    """
    constants = {"kind": kind} if kind else None
    with bringing(file, report, dry_run=dry_run) as it:
        wanted = wish(Reading(layer, crs, encoding, pairs(names), None if profile else constants), profile, said)
        source = Delivery.opened(file, replace(wanted, accepted=accepted, northing_first=northing_first), it.country)
        own_terms = terms(valid_from, valid_to, illustration)
        it.result = bring_in_localities(it.session, source, name or file.stem, own_terms, it.progress)
