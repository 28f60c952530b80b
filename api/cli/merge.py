"""`quyhoach merge`: mergers previewed, carried out, taken back."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from api.cli.bringing import country_of
from api.cli.deployment import settings
from api.cli.imports.options import Accepted, NorthingFirst, pairs
from api.cli.screen import LISTED, OUT, progress_bar, write_json, write_text
from api.documents.impact_markdown import as_markdown
from api.documents.impact_page import as_page
from layers.ingest.boundaries import official_units
from layers.ingest.delivery import Delivery, Wish
from layers.outputs.impact import write_impact
from layers.sources.facts import Reading
from planning.errors import BadQuestion, NotAllowed
from planning.mergers.boundaries import NOISE_WIDTH_M
from planning.mergers.clauses import KINDS, Event
from planning.mergers.document import document
from planning.mergers.impact import Impact, impact
from planning.mergers.situation import Situation, UnitFacts
from planning.store.events import current_view, events_on_record
from planning.store.merging import carry_out, keep_report
from planning.store.repealing import Repeal, repeal
from planning.store.session import ReadSession, reading, writing
from planning.store.situations import situation_of
from planning.units import spelled

app = typer.Typer(
    no_args_is_help=True,
    help="Sắp xếp đơn vị hành chính như một thao tác: xem trước, thực hiện, bãi bỏ. / Mergers as operations: preview, apply, revert.\n\n"
    "An EVENT is a resolution whose clauses were brought in (`quyhoach import mergers`), “1658/NQ-UBTVQH15”, or one clause of it,"
    " “1658/NQ-UBTVQH15#34”. Everything goes into the draft: `quyhoach publish` makes it public, `quyhoach discard` undoes it.",
)

Events = Annotated[
    list[str],
    typer.Argument(metavar="EVENT...", help="nghị quyết, hoặc nghị quyết#khoản / RESOLUTION or RESOLUTION#CLAUSE"),
]
Boundaries = Annotated[
    Path | None,
    typer.Option(help="ranh giới chính thức của đơn vị mới / official boundaries of the new units: field code, and where known name,"
                 " province_code, declared_km2, population"),
]  # fmt: skip
Crs = Annotated[
    str | None, typer.Option(help="hệ tọa độ của --boundaries, khi tệp không ghi / its CRS where the file names none")
]
Names = Annotated[
    list[str] | None, typer.Option("--map", help="trường=TÊN TRONG TỆP / field=NAME IN THE FILE, of --boundaries")
]
Outputs = Annotated[
    list[Path] | None,
    typer.Option(
        "--out",
        help="ghi báo cáo; dạng theo đuôi tệp, dùng được nhiều lần / write the report: .md .json .html .gpkg; repeatable",
    ),
]
NoiseWidth = Annotated[
    float,
    typer.Option("--noise-m", min=0.1, max=1000, help="bề rộng coi là sai số số hóa, m / width of digitising noise, m: about three"
                 " times the error of both digitisings together"),
]  # fmt: skip
SUFFIXES = (".md", ".json", ".html", ".gpkg")


@app.command("list")
def listed() -> None:
    """Các nghị quyết đã nhập. / The resolutions on record, with their clauses and what each does."""
    with reading(settings()) as session:
        events = events_on_record(session, current_view(session))
    table = Table("nghị quyết / resolution", "hiệu lực / effective", "khoản / clauses", "loại / kinds")
    for resolution, day in sorted(
        {(event.resolution, event.effective) for event in events}, key=lambda one: (one[1], one[0])
    ):
        own = [event for event in events if (event.resolution, event.effective) == (resolution, day)]
        kinds = {kind: sum(event.kind == kind for event in own) for kind in KINDS}
        shown = ", ".join(f"{number} {KINDS[kind][0]} / {KINDS[kind][1]}" for kind, number in kinds.items() if number)
        table.add_row(resolution, day.isoformat(), str(len(own)), shown)
    OUT.print(table if events else "Chưa có nghị quyết nào / no resolution on record: quyhoach import mergers")


@app.command()
def preview(
    events: Events,
    boundaries: Boundaries = None,
    crs: Crs = None,
    names: Names = None,
    out: Outputs = None,
    noise: NoiseWidth = NOISE_WIDTH_M,
    accepted: Accepted = False,
    northing_first: NorthingFirst = False,
) -> None:
    """Báo cáo tác động, trước khi thay đổi gì. / The impact report, before anything changes; nothing is stored.

    Units closed and opened; plans touched, each with its carry-over question; parcels that change commune and keys that now
    collide; former × new × plan in m²; communes without a plan at a level; seams along former borders and their causes.

    Example: `quyhoach merge preview 1658/NQ-UBTVQH15 --boundaries new_communes.gpkg --out impact.md --out impact.gpkg`
    """
    _writable(out)
    with reading(settings()) as session, progress_bar("tác động / impact") as progress:
        situation = _situation(session, events, boundaries, _wish(crs, names, accepted, northing_first))
        report = impact(situation, progress, noise)
        _write(report, out or [], session.storage_srid)
    _show(document(report), situation)


@app.command()
def apply(
    events: Events,
    boundaries: Boundaries = None,
    crs: Crs = None,
    names: Names = None,
    out: Outputs = None,
    noise: NoiseWidth = NOISE_WIDTH_M,
    accepted: Accepted = False,
    northing_first: NorthingFirst = False,
) -> None:
    """Thực hiện vào bản nháp, trong một giao dịch. / Carry the merger out, into the draft, in one transaction.

    Former units end on the day, new ones begin on it, with the official boundary where one is given, else the union of their
    parts where all are known. Plans stay on their own footprint; each gets a row of the carry-over ledger.

    Example: `quyhoach merge apply 1658/NQ-UBTVQH15 --boundaries new_communes.gpkg`
    """
    _writable(out)
    with writing(settings()) as session, progress_bar("thực hiện / apply") as progress:
        view = current_view(session)
        situation = _situation(session, events, boundaries, _wish(crs, names, accepted, northing_first))
        report = impact(situation, progress, noise)
        done = carry_out(session, situation, view)
        keep_report(session, document(report), situation, done.release)
        _write(report, out or [], session.storage_srid)
    OUT.print(f"Vào bản nháp / into draft {done.release}: đóng / closed {len(done.closed)}, mở / opened {len(done.opened)}, "
              f"đồ án / plans {done.plans}")  # fmt: skip
    if done.without_boundary:
        OUT.print(f"[yellow]Chưa rõ ranh giới / boundary unknown: {', '.join(done.without_boundary)}[/]")
    if done.statements_closed:
        OUT.print(
            f"Lời cơ quan về đơn vị cũ hết hiệu lực / offices' words on former units ended: {done.statements_closed}"
        )
    OUT.print(
        "Tiếp theo / next: quyhoach import carry-over (quyết định / decisions), quyhoach publish; hoàn tác / undo: quyhoach discard"
    )


@app.command()
def revert(
    events: Events,
    by: Annotated[str, typer.Option(help="văn bản bãi bỏ / the act that repeals it, e.g. 12/NQ-UBTVQH15")],
    effective: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="ngày bãi bỏ có hiệu lực; mặc định: ngày sắp xếp, như chưa từng có /"
                     " first day of the repeal; by default the merger's own day, as if it had never been"),
    ] = None,
) -> None:  # fmt: skip
    """Bãi bỏ một lần sắp xếp; lịch sử vẫn còn. / Take a merger back by a repeal, into the draft; history stays.

    Refused where later events build on what the merger made: repeal those first.

    Example: `quyhoach merge revert 1658/NQ-UBTVQH15 --by 12/NQ-UBTVQH15 --effective 2026-01-01`
    """
    _is_an_act(by)
    with writing(settings()) as session, progress_bar("bãi bỏ / repeal"):
        view = current_view(session)
        chosen = _chosen(session, events, view)
        resolutions = {event.resolution for event in chosen}
        if len(resolutions) > 1:
            raise NotAllowed(vi="mỗi lần chỉ bãi bỏ một nghị quyết.", en="one resolution is repealed at a time.")
        merged = chosen[0].effective
        asked = Repeal(resolutions.pop(), merged, by, effective.date() if effective else merged)
        done = repeal(session, chosen, asked, view)
    OUT.print(f"Vào bản nháp / into draft {done.release}: đóng / closed {len(done.closed)}, mở lại / reopened {len(done.reopened)}, "
              f"đồ án / plans {done.plans}, lời cơ quan / statements {done.statements}")  # fmt: skip


def _is_an_act(by: str) -> None:
    if not re.fullmatch(r"[^#\s\ud800-\udfff](?:[^#\n\r\t\ud800-\udfff]{0,98}[^#\s\ud800-\udfff])?", by):
        raise BadQuestion(parameter="--by", vi="hãy ghi số văn bản, tối đa 100 ký tự, ví dụ 12/NQ-UBTVQH15.",
            en="write the number of the act, 100 signs at most, like 12/NQ-UBTVQH15.")  # fmt: skip


@app.command()
def report(events: Events) -> None:
    """Lập và giữ báo cáo tác động của lần sắp xếp đã công bố. / Compute and keep the impact report of a merger already in force.

    `merge apply` keeps it by itself; this is for mergers whose units were brought in as files. The service shows it.
    """
    with writing(settings()) as session, progress_bar("tác động / impact") as progress:
        situation = _situation(session, events, None, Wish())
        keep_report(session, document(impact(situation, progress)), situation, current_view(session))
    OUT.print(f"Đã lưu báo cáo / the report is kept: {len(situation.former)} → {len(situation.new)}")


def _wish(crs: str | None, names: list[str] | None, accepted: bool, northing_first: bool) -> Wish:
    return Wish(Reading(None, crs, None, pairs(names)), accepted=accepted, northing_first=northing_first)


def _situation(session: ReadSession, events: Sequence[str], boundaries: Path | None, how: Wish) -> Situation:
    view = current_view(session)
    chosen = _chosen(session, events, view)
    official = _official(session, boundaries, how) if boundaries else None
    if official is not None and boundaries is not None:
        _held_to_the_clauses(boundaries.name, official, chosen)
    return situation_of(session, chosen, view, official)


def _official(session: ReadSession, boundaries: Path, how: Wish) -> dict[str, UnitFacts]:
    """The official boundaries; what told their CRS, and what speaks against it, is shown."""
    delivery = Delivery.opened(boundaries, how, country_of(session))
    for line in (*delivery.bearing.evidence, *delivery.bearing.doubts):
        OUT.print(f"{boundaries.name}: {line}", markup=False)
    return official_units(delivery, session.storage_srid)


def _held_to_the_clauses(file: str, official: dict[str, UnitFacts], chosen: Sequence[Event]) -> None:
    """A file without a unit of the events is the wrong one; names that differ from the clauses are told."""
    built = {event.code: event.name for event in chosen}
    if not built.keys() & official.keys():
        raise BadQuestion(parameter="--boundaries", vi=f"{file} không có đơn vị mới nào của các khoản này.",
            en=f"{file} has none of the units that these clauses build.")  # fmt: skip
    for code in sorted(built.keys() & official.keys()):
        name = official[code].name
        if name and spelled(name) != spelled(built[code]):
            OUT.print(
                f"[yellow]{code}: {file} ghi / says “{name}”, khoản ghi / the clause “{built[code]}”[/]", markup=True
            )


def _chosen(session: ReadSession, events: Sequence[str], view: int) -> list[Event]:
    chosen: dict[str, Event] = {}
    for asked in events:
        resolution, _, clause = asked.partition("#")
        found = [
            one for one in events_on_record(session, view, resolution) if clause in {"", one.clause} and not one.repeals
        ]
        if not found:
            raise BadQuestion(
                parameter="EVENT",
                vi=f"không có “{asked}”; xem quyhoach merge list.",
                en=f"there is no “{asked}”; see quyhoach merge list.",
            )
        chosen |= {one.label: one for one in found}
    days = sorted({one.effective for one in chosen.values()})
    if len(days) > 1:
        listing = ", ".join(map(date.isoformat, days))
        raise BadQuestion(parameter="EVENT", vi=f"các sự kiện có ngày khác nhau ({listing}); làm từng ngày một.",
            en=f"the events take effect on different days ({listing}); take one day at a time.")  # fmt: skip
    return list(chosen.values())


def _writable(out: Sequence[Path] | None) -> None:
    for path in out or []:
        if path.suffix not in SUFFIXES:
            known = " ".join(SUFFIXES)
            raise BadQuestion(
                parameter="--out", vi=f"{path.name}: dùng đuôi {known}.", en=f"{path.name}: end it in {known}."
            )
        if not path.parent.is_dir():
            raise BadQuestion(
                parameter="--out", vi=f"không có thư mục {path.parent}.", en=f"there is no folder {path.parent}."
            )


def _write(report: Impact, out: Sequence[Path], srid: int) -> None:
    content = document(report)
    for path in out:
        if path.suffix == ".json":
            write_json(path, content)
        elif path.suffix == ".gpkg":
            write_impact(report, path, srid)
        else:
            write_text(path, as_markdown(content) if path.suffix == ".md" else as_page(content))


def _show(content: dict[str, Any], situation: Situation) -> None:
    OUT.print(
        f"{len(situation.former)} đơn vị đóng / closed → {len(situation.new)} mở / opened, ngày / on {situation.effective}"
    )
    for line in as_markdown(content).splitlines()[:LISTED]:
        OUT.print(line, markup=False)
