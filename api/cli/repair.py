"""`quyhoach check repair`: what mending a plan's zones would change, and putting it into the draft."""

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from api.cli.deployment import settings
from api.cli.screen import LISTED, OUT
from planning.coverage.examination import examined
from planning.coverage.misfits import REASONS, Wishes
from planning.coverage.repair import Repair, proposed
from planning.coverage.widths import SLIVER_M
from planning.errors import NotAllowed
from planning.periods import today
from planning.store.events import current_view
from planning.store.mending import ZonedPlan, redraw, zoned_plan
from planning.store.records import Scope
from planning.store.session import writing

app = typer.Typer()

ACTIONS = {
    "close": "khép khoảng hở / close a gap",
    "cut": "cắt phần chồng / cut an overlap",
    "trim": "cắt theo ranh giới / trim at the boundary",
    "drop": "bỏ khu trùng / drop a duplicate",
}


@app.command("repair")
def repair(
    plan: Annotated[str, typer.Argument(help="mã đồ án / code of the plan")],
    width_m: Annotated[
        float | None,
        typer.Option(min=0.001, max=1000, help="bề rộng tối đa tự sửa, m; mặc định: sai số bản vẽ của cấp / widest misfit mended, m"),
    ] = None,
    snap: Annotated[bool, typer.Option("--snap", help="bắt vào ranh giới đồ án / mend along the plan's boundary, too")] = False,
    duplicates: Annotated[bool, typer.Option("--duplicates", help="bỏ khu vẽ hai lần / drop zones drawn twice")] = False,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="ngày / day; today by default")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="đưa vào bản nháp / put it into the draft")] = False,
) -> None:  # fmt: skip
    """Đề xuất sửa khe hở, chồng lấn hẹp của một đồ án, kèm chứng minh trước – sau. / Propose how to mend a plan's zones, with proof.

    A gap goes to the zone with the longest shared edge, an overlap to the zone that runs along it furthest. Nothing is stored without
    `--apply`; then the draft gets a new version of the plan, and `quyhoach discard` undoes it. What is wider goes to a person.

    Example: `quyhoach check repair QH-01 --snap --apply`
    """
    with writing(settings()) as session:
        scope = Scope(current_view(session), on.date() if on else today())
        zoned = zoned_plan(session, plan, scope)
        wishes = Wishes(width_m or SLIVER_M[zoned.level], snapped=snap, duplicates=duplicates)
        found = proposed(zoned.shapes, zoned.boundary, examined(zoned.shapes, zoned.boundary), wishes)
        _show(zoned, found, wishes)
        if not apply or not found.changed:
            return
        if not found.proof.holds:
            raise NotAllowed(
                vi="sửa như vậy làm sai chỗ khác; không lưu gì.",
                en="mending would break something else; nothing was stored.",
            )
        draft = redraw(session, zoned, found.changed)
    OUT.print(
        f"Vào bản nháp / into draft {draft}; hoàn tác / undo: quyhoach discard; xem / check: quyhoach check coverage --draft"
    )


def _show(zoned: ZonedPlan, found: Repair, wishes: Wishes) -> None:
    proof = found.proof
    OUT.print(
        f"{zoned.code}: đến bề rộng / up to a width of {wishes.width_m:g} m, {len(found.proposals)} đề xuất / proposals"
    )
    table = Table("việc / action", "khu nhận / to", "khu nhường / from", "m²")
    for one in sorted(found.proposals, key=lambda one: -one.area_m2)[: LISTED * 3]:
        to = "–" if one.to is None else zoned.names[one.to]
        table.add_row(
            ACTIONS[one.action], to, " ".join(zoned.names[place] for place in one.cut_from), f"{one.area_m2:,.4f}"
        )
    if found.proposals:
        OUT.print(table)
    counts = Table("lỗi / misfits", "trước / before", "sau / after")
    for kind in proof.before:
        counts.add_row(kind, str(proof.before[kind]), str(proof.after[kind]))
    OUT.print(counts)
    OUT.print(
        f"Đất chuyển / land moved: {proof.moved_m2:,.4f} m²; khu đổi / zones changed: {len(found.changed)}; "
        f"khu khác bị đổi / bystanders: {len(proof.bystanders)}; lỗi mới / made: {len(proof.made)}"
    )
    for rest in proof.left[:LISTED]:
        names = " ".join(zoned.names[place] for place in rest.misfit.places)
        vi, en = REASONS[rest.reason]
        OUT.print(
            f"  để người xem / for a person: {rest.misfit.kind} {names}, {rest.misfit.shape.area:,.3f} m²: {vi} / {en}",
            markup=False,
        )
