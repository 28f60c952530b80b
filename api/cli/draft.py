"""`quyhoach draft …`: what waits to be published, plan by plan. Only who asks sees it; the service never shows a draft."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.cli.deployment import settings
from api.cli.publishing import AcceptAll, Accepted, By, Note, publish_and_tell
from api.cli.screen import LISTED, OUT
from layers.outputs.revisions import SUFFIXES, change_of, write_revisions
from planning.errors import BadQuestion, NotAllowed
from planning.revisions import Revision, ZoneChange
from planning.store import drafts, releases
from planning.store.parting import let_go, selected, waiting_plans
from planning.store.session import ReadSession, reading, writing

app = typer.Typer(
    no_args_is_help=True,
    help="Bản nháp, theo từng đồ án: xem, so sánh, công bố, bỏ. / The draft, plan by plan: list, show, diff, publish, discard.",
)

Plan = Annotated[str, typer.Argument(help="mã đồ án / code of the plan")]
Plans = Annotated[list[str] | None, typer.Argument(help="mã đồ án; không ghi: tất cả / codes of plans; all by default")]

CHANGES = {"added": "mới / new", "gone": "rút / gone", "changed": "thay đổi / changed", "same": "không đổi / same"}
SEVERITIES = {"error": "lỗi / errors", "warning": "cảnh báo / warnings", "info": "lưu ý / notes"}


@app.command("list")
def listing() -> None:
    """Những gì đang chờ công bố. / What waits: each plan and other data, from which file, when, with what was found in it.

    Example: `quyhoach draft list`
    """
    with reading(settings()) as session:
        number = releases.existing_draft(session).number
        rows, checked = drafts.waiting(session, number), drafts.checked_at(session, number)
        levels = drafts.checked_levels(session, number)
    table = Table(
        "loại / kind",
        "đồ án / plan",
        "thêm / come",
        "thay / give way",
        "tệp / file",
        "nhập lúc / brought in",
        *SEVERITIES.values(),
    )
    for one in rows:
        when = f"{one.imported_at:%Y-%m-%d %H:%M}" if one.imported_at else "–"
        counted = one.kind == "plan" and checked
        found = [str(one.found.get(severity, 0)) if counted else "–" for severity in SEVERITIES]
        table.add_row(one.kind, one.code or "–", f"{one.comes:,}", f"{one.gives_way:,}", one.file or "–", when, *found)
    OUT.print(f"Bản nháp / draft {number}")
    OUT.print(table)
    _say_whether_checked(checked, levels)


@app.command("show")
def show(plan: Plan) -> None:
    """Một đồ án trong bản nháp. / A plan of the draft: its facts, what it amends or supersedes, its zones, what was found in it.

    Example: `quyhoach draft show QH-01`
    """
    with reading(settings()) as session:
        number, found = _revisions(session, [plan])
        counts, checked = drafts.found_by_plan(session, number).get(plan, {}), drafts.checked_at(session, number)
        levels = drafts.checked_levels(session, number)
    for one in found:
        table = Table(
            show_header=False,
            title=f"{plan}, từ / since {one.plan.since}: {CHANGES[change_of(one)]}",
            title_justify="left",
        )
        for name, value in one.plan.facts.items():
            table.add_row(name, "–" if value is None else str(value))
        table.add_row("m²", f"{one.plan.shape.area:,.2f}")
        table.add_row("khu / zones", f"{len(one.plan.zones):,}")
        OUT.print(table)
    if checked or {one.plan.facts["level"] for one in found} <= {one.level for one in levels}:
        OUT.print(", ".join(f"{word}: {counts.get(severity, 0)}" for severity, word in SEVERITIES.items()))
    _say_whether_checked(checked, levels)


@app.command("diff")
def diff(
    plan: Annotated[
        str | None, typer.Argument(help="mã đồ án; không ghi: mọi đồ án / code of a plan; all by default")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="ghi ra / write: .json (m²), .gpkg (hình / shapes)")] = None,
) -> None:
    """So bản nháp với bản đã công bố. / Compare with what is published: facts, boundary, zones added, gone and changed in m².

    Zones are matched by lot symbol and place and compared exactly; land that goes from one function to another is summed by code.

    Example: `quyhoach draft diff QH-01 --out changes.gpkg`
    """
    if out is not None and out.suffix not in SUFFIXES:
        raise BadQuestion(
            parameter="--out", vi=f"đuôi tệp: {', '.join(SUFFIXES)}.", en=f"end it in {', '.join(SUFFIXES)}."
        )
    with reading(settings()) as session:
        _, found = _revisions(session, [plan] if plan else None)
        if out:
            write_revisions(out, found, session.storage_srid)
    for one in found:
        _show_revision(one)
    if not found:
        OUT.print("Không đồ án nào chờ / no plan waits")


@app.command("publish")
def publish(
    plans: Plans = None, note: Note = None, accepted: Accepted = None, accept_all: AcceptAll = None, by: By = None
) -> None:
    """Công bố các đồ án đã chọn, phần còn lại chờ. / Publish these plans; all else waits in the next draft.

    What is published is checked as it will be. New errors stand in the way until each is mended, or accepted by its number with a reason.

    Example: `quyhoach draft publish QH-01 --by "Sở Xây dựng" --accept 17="chờ đo lại"`
    """
    publish_and_tell(plans or (), note, (accepted, accept_all, by))


@app.command("discard")
def discard(plans: Plans = None) -> None:
    """Bỏ các đồ án đã chọn khỏi bản nháp. / Let these plans go from the draft; without a code, all of it.

    Example: `quyhoach draft discard QH-01`
    """
    with writing(settings()) as session:
        if not plans:
            rows, along = releases.discard(session), ()
        else:
            chosen = selected(session, plans)
            rows, along = let_go(session, chosen.codes), chosen.along  # type: ignore[assignment]
    if along:
        OUT.print(
            f"Cùng bỏ, vì một đồ án chấm dứt đồ án kia / along with them, for one ends the other: {', '.join(along)}"
        )
    OUT.print(f"Đã bỏ ({rows} dòng) / let go ({rows} rows)")


def _say_whether_checked(checked: datetime | None, levels: Sequence[drafts.CheckedLevel]) -> None:
    if checked:
        return
    if not levels:
        OUT.print(
            "Chưa kiểm tra từ lần thay đổi sau cùng / not checked since its last change: quyhoach check all --draft"
        )
        return
    OUT.print(
        "Từ lần thay đổi sau cùng chỉ kiểm tra cấp / since its last change only these levels were checked: "
        f"{', '.join(map(_level, levels))}; toàn bộ / all of it: quyhoach check all --draft"
    )


def _level(one: drafts.CheckedLevel) -> str:
    return f"{one.level} ({one.at:%Y-%m-%d %H:%M}{'' if one.records else ', chỉ độ phủ kín / coverage only'})"


def _revisions(session: ReadSession, codes: list[str] | None) -> tuple[int, list[Revision]]:
    number = releases.existing_draft(session).number
    found = drafts.revisions(session, number, codes)
    if codes and not found:
        only = codes[0] in waiting_plans(session, number)
        more = (": chỉ có tài liệu", ": only documents of it do") if only else ("", "")
        raise NotAllowed(
            vi=f"bản nháp không có đồ án {codes[0]}{more[0]}; xem quyhoach draft list.",
            en=f"no plan {codes[0]} waits in the draft{more[1]}; see quyhoach draft list.",
        )
    return number, found


def _show_revision(one: Revision) -> None:
    OUT.print(f"\n[bold]{one.plan.code}[/], từ / since {one.plan.since}: {CHANGES[change_of(one)]}")
    for fact in one.facts if one.before and one.after else ():
        OUT.print(f"  {fact.name}: {_shown(fact.before)} → {_shown(fact.after)}", markup=False)
    OUT.print(f"  ranh giới / boundary: +{one.gained.area:,.2f} m², −{one.lost.area:,.2f} m²")
    if one.zones:
        OUT.print(_zone_table(one.zones))
    if one.moved and one.before and one.after:
        table = Table("từ / from", "sang / to", "m²", title="đất đổi chức năng / land that changes its function")
        for (before, after), area in [*one.moved.items()][: LISTED * 3]:
            table.add_row(before or "–", after or "–", f"{area:,.2f}")
        OUT.print(table)


def _zone_table(zones: Sequence[ZoneChange]) -> Table:
    counts = ", ".join(
        f"{CHANGES[kind]}: {sum(one.change == kind for one in zones)}" for kind in ("added", "gone", "changed")
    )
    table = Table(
        "khu / zone",
        "",
        "chức năng / function",
        "m² trước / before",
        "m² nay / now",
        "+ m²",
        "− m²",
        "đổi gì / what",
        title=counts,
    )
    for one in sorted(zones, key=lambda one: -(one.gained.area + one.lost.area))[: LISTED * 3]:
        symbols = dict.fromkeys(state.symbol or "–" for state in (one.before, one.after) if state)
        functions = dict.fromkeys(state.function for state in (one.before, one.after) if state)
        areas = [f"{state.shape.area:,.2f}" if state else "–" for state in (one.before, one.after)]
        table.add_row(" → ".join(symbols), CHANGES[one.change], " → ".join(functions), *areas, f"{one.gained.area:,.2f}",
            f"{one.lost.area:,.2f}", " ".join(fact.name for fact in one.facts))  # fmt: skip
    if len(zones) > LISTED * 3:
        table.caption = f"… {len(zones) - LISTED * 3} nữa / more: --out"
    return table


def _shown(value: object) -> str:
    return "–" if value is None else str(value)
