"""`quyhoach check repair zones`: the zones of one plan."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from api.cli.deployment import settings
from api.cli.repair.shown import Apply, Day, Out, Width, refuse_suffix, refuse_unproved, told, told_draft
from planning.coverage.dossier import Chapter, as_record
from planning.coverage.examination import examined
from planning.coverage.misfits import Wishes
from planning.coverage.repair import proposed
from planning.coverage.widths import SLIVER_M
from planning.errors import BadQuestion
from planning.periods import today
from planning.store.events import current_view
from planning.store.mending import Redrawing, ZonedPlan, redraw, zoned_plan
from planning.store.records import Scope
from planning.store.redrawing import recorded_repair
from planning.store.session import writing

MOST_NAMED = 20


def zones(
    plan: Annotated[str, typer.Argument(help="mã đồ án / code of the plan")],
    width_m: Width = None,
    snap: Annotated[bool, typer.Option("--snap", help="bắt vào ranh giới đồ án / mend along the plan's boundary, too")] = False,
    duplicates: Annotated[bool, typer.Option("--duplicates", help="bỏ khu vẽ hai lần / drop zones drawn twice")] = False,
    contained: Annotated[
        bool, typer.Option("--contained", help="khu nằm trọn trong khu khác, theo --keep / zones within others, as --keep says")
    ] = False,
    keep: Annotated[
        list[str] | None,
        typer.Option(help="ký hiệu lô giữ đất khi chồng lấn, dùng nhiều lần / lot that keeps its land against others; repeatable"),
    ] = None,
    on: Day = None,
    out: Out = None,
    apply: Apply = False,
) -> None:  # fmt: skip
    """Các khu của một đồ án. / The zones of one plan.

    A gap goes to the zone with the longest shared edge, an overlap to the zone named by `--keep`, else to the one that runs along it
    furthest. What is wider goes to a person. Nothing is stored without `--apply`.

    Example: `quyhoach check repair zones QH-01 --snap --contained --keep CX-03 --out repair.html --apply`
    """
    refuse_suffix(out)
    kept = sorted(set(keep or ()))
    if contained and not kept:
        raise BadQuestion(
            parameter="--contained", vi="cần --keep KÝ-HIỆU-LÔ.", en="say who keeps the land: --keep LOT."
        )
    with writing(settings()) as session:
        scope = Scope(current_view(session), on.date() if on else today())
        zoned = zoned_plan(session, plan, scope)
        wishes = Wishes(
            width_m or SLIVER_M[zoned.level], snapped=snap, duplicates=duplicates, contained=contained,
            precedence=_precedence(zoned, kept) if kept else None,
        )  # fmt: skip
        seen = examined(zoned.shapes, zoned.boundary)
        found = proposed(zoned.shapes, zoned.boundary, seen, wishes)
        chapter = Chapter(f"Khu của / zones of {plan}", zoned.names, zoned.shapes, found)
        told(f"Đề xuất sửa {plan}, đến bề rộng / repair up to a width of {wishes.width_m:g} m", [chapter], out, session)
        if not apply or not found.changed:
            return
        refuse_unproved(holds=found.proof.holds)
        draft = redraw(session, [Redrawing(zoned, None, found.changed)])
        asked: dict[str, Any] = {"of": "zones", "plan": plan, "on": str(scope.on), "width_m": wishes.width_m, "snap": snap,
            "duplicates": duplicates, "contained": contained, "keep": kept}  # fmt: skip
        recorded_repair(session, draft, asked, as_record([chapter]), zoned.dataset)
    told_draft(draft)


def _precedence(zoned: ZonedPlan, kept: Sequence[str]) -> list[int]:
    """Zones that are kept go before all others; between two of them nothing is decided."""
    number = Counter(zoned.names)
    for name in kept:
        if number[name] > 1:
            raise BadQuestion(
                parameter="--keep", vi=f"{number[name]} khu của {zoned.code} mang ký hiệu “{name}”; không rõ khu nào.",
                en=f"{number[name]} zones of {zoned.code} bear the symbol “{name}”; which is meant cannot be told.")  # fmt: skip
        if not number[name]:
            some = ", ".join(sorted(number)[:MOST_NAMED]) + ("…" if len(number) > MOST_NAMED else "")
            raise BadQuestion(
                parameter="--keep", vi=f"{zoned.code} không có khu “{name}”; các khu: {some}.",
                en=f"{zoned.code} has no zone “{name}”; its zones: {some}.")  # fmt: skip
    return [int(name in kept) for name in zoned.names]
