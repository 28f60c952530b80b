"""`quyhoach document …`: decisions, management rules, drawings, texts, attached to plans in the draft."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.cli.deployment import settings
from api.cli.screen import OUT
from layers.documents.recognising import FLAGS, SUFFIXES, recognised
from layers.documents.shelf import open_shelf
from planning.documents import TYPES, Described, Type
from planning.errors import BadQuestion
from planning.periods import today
from planning.store import documents
from planning.store.events import current_view
from planning.store.session import reading, writing

app = typer.Typer(
    no_args_is_help=True,
    help="Tài liệu của đồ án: quyết định, quy định, bản vẽ, thuyết minh. / Documents of plans; in the draft until quyhoach publish.",
)

Plan = Annotated[str, typer.Argument(help="mã đồ án / code of the plan")]
PlanOrAll = Annotated[str | None, typer.Argument(help="mã đồ án; không ghi: tất cả / code of a plan; all by default")]


@app.command("add")
def add(
    plan: Plan,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=", ".join(SUFFIXES))],
    kind: Annotated[Type, typer.Option("--type", help="; ".join(f"{code}: {vi}" for code, (vi, _) in TYPES.items()))],
    title: Annotated[
        str | None, typer.Option(help="tên tài liệu; mặc định tên tệp / title; the file's name by default")
    ] = None,
    number: Annotated[str | None, typer.Option(help="số / number of the decision")] = None,
    day: Annotated[datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="ngày ký / its date")] = None,
) -> None:
    """Gắn một tệp vào đồ án, trong bản nháp. / Attach a file to a plan, in the draft. Its content must be what its name says.

    The same file again takes on the new title, number and date. HTML, SVG and office files with macros are not taken; what a PDF can do
    beside being read is told.

    Example: `quyhoach document add QH-01 12-QD-UBND.pdf --type decision --number 12/QĐ-UBND --date 2021-03-01`
    """
    own = settings()
    found = recognised(file, own.document_mb)
    described = Described(plan, kind, (title or file.stem).strip(), number, day.date() if day else None)
    if not described.title or len(described.title) > 300 or not described.title.isprintable():
        raise BadQuestion(
            parameter="--title", vi="từ 1 đến 300 ký tự, trên một dòng.", en="1 to 300 characters on one line."
        )
    stored = documents.Stored(found.name, found.media_type, len(found.content), found.sha256, found.flags)
    with writing(own) as session:
        open_shelf(own.file_store).put(found.sha256, found.content)  # first: a row never refers to what is not there
        draft = documents.attach(session, described, stored)
    for flag in found.flags:
        OUT.print(f"[yellow]PDF {FLAGS[flag]}[/]")
    OUT.print(
        f"Vào bản nháp / into draft {draft}: {found.name}, {len(found.content):,} B, {found.media_type}, {found.sha256[:12]}"
    )


@app.command("list")
def listing(
    plan: PlanOrAll = None,
    missing: Annotated[
        bool, typer.Option("--missing", help="đồ án thiếu tài liệu phải công bố / plans that lack a public document")
    ] = False,
    draft: Annotated[bool, typer.Option("--draft", help="cả bản nháp / as the draft has it")] = False,
) -> None:
    """Tài liệu đã công bố, hoặc trong bản nháp; đồ án còn thiếu. / Documents that are published, or in the draft; plans that lack some.

    Law 47/2024/QH15, article 50: decision, management rules and drawings of an approved plan are made public.

    Example: `quyhoach document list --missing --draft`
    """
    with reading(settings()) as session:
        view = current_view(session) if draft else documents.published_view(session)
        lacking = documents.lacking(session, view, today(), plan) if missing else []
        found = [] if missing else documents.listed(session, view, plan)
    if missing:
        table = Table("đồ án / plan", "tên / name", "còn thiếu / missing")
        for lack in lacking:
            table.add_row(lack.code, lack.name, ", ".join(" / ".join(TYPES[one]) for one in lack.missing))
        OUT.print(table if lacking else "Không đồ án nào thiếu / no plan lacks any")
        return
    table = Table(
        "đồ án / plan", "loại / type", "tên / title", "số / number", "ngày / date", "tệp / file", "B", "sha256", "PDF"
    )
    for one in found:
        said, file = one.described, one.file
        day = said.date.isoformat() if said.date else "–"
        table.add_row(said.plan, TYPES[said.type][0], said.title, said.number or "–", day, file.file_name, f"{file.size:,}",
            file.sha256[:12], " ".join(file.flags))  # fmt: skip
    OUT.print(table if found else "Không có tài liệu / no document")


@app.command("remove")
def remove(
    plan: Plan, address: Annotated[str, typer.Argument(help="phần đầu sha256 / the beginning of its sha256, as listed")]
) -> None:
    """Rút một tài liệu, từ bản nháp. / Withdraw a document from a plan, from the draft on; earlier releases still show it."""
    with writing(settings()) as session:
        gone = documents.detach(session, plan, address.lower())
    OUT.print(f"Đã rút khỏi bản nháp / withdrawn in the draft: {gone.described.title} ({gone.file.file_name})")


@app.command("sweep")
def sweep() -> None:
    """Xóa tệp trong kho mà không tài liệu nào dùng. / Remove files of the store that no release and no draft refers to."""
    own = settings()
    shelf = open_shelf(own.file_store)
    with writing(own) as session:  # alone among the writers: nothing is being added meanwhile
        wanted = documents.referred(session)
        here = set(shelf.all())
        for sha256 in sorted(here - wanted):
            shelf.remove(sha256)
    OUT.print(f"Đã xóa / removed: {len(here - wanted)}; còn / kept: {len(here & wanted)}")
    if wanted - here:
        OUT.print(
            f"[red]{len(wanted - here)} tệp thiếu trong kho / files are missing from the store:[/] {' '.join(sorted(wanted - here)[:10])}"
        )
