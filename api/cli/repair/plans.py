"""`quyhoach check repair plans`: plans of one level against each other and their communes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

import numpy as np
import typer

from api.cli.deployment import settings
from api.cli.repair.shown import Apply, Day, Out, Width, refuse_suffix, refuse_unproved, told, told_draft
from api.cli.screen import LISTED, OUT
from planning.coverage.dossier import Chapter, as_record
from planning.coverage.levels import LevelRepair, LevelWishes, level_proposed
from planning.coverage.pairwise import Pairwise, contradiction
from planning.coverage.widths import SLIVER_M
from planning.errors import BadQuestion, NotAllowed
from planning.geometry import Shapes
from planning.periods import today
from planning.plans import LEVELS
from planning.store.boundary_mending import drawn_units
from planning.store.events import current_view
from planning.store.mending import Redrawing, ZonedPlan, plans_of_level, redraw
from planning.store.records import Scope
from planning.store.redrawing import recorded_repair
from planning.store.session import writing

LONGEST = 300
"""Signs of a number or the name of an authority."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The act that says which plan keeps the land (Law 47/2024/QH15, article 8.2)."""

    number: str
    date: date
    authority: str


def plans(
    level: Annotated[str, typer.Argument(help=f"cấp quy hoạch / level: {', '.join(LEVELS)}")],
    keep: Annotated[
        list[str] | None,
        typer.Option(help="GIỮ:NHƯỜNG, đồ án giữ đất và đồ án nhường, dùng nhiều lần / KEEPS:GIVES-WAY, codes of two plans; repeatable"),
    ] = None,
    decision: Annotated[str | None, typer.Option(help="số quyết định thứ tự áp dụng / number of the decision on precedence")] = None,
    decision_date: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="ngày quyết định / its date")] = None,
    authority: Annotated[str | None, typer.Option(help="cơ quan quyết định / who decided")] = None,
    snap: Annotated[bool, typer.Option("--snap", help="bắt vào ranh giới xã, phường / bring boundaries up to their communes")] = False,
    width_m: Width = None,
    on: Day = None,
    out: Out = None,
    apply: Apply = False,
) -> None:  # fmt: skip
    """Các đồ án cùng cấp với nhau và với xã, phường. / Plans of one level, against each other and their communes.

    An overlap is split only as `--keep` says, at any width; the authority decides which plan applies (Law 47/2024, article 8.2), so
    `--apply` needs its decision. Slivers between plans are closed, `--snap` brings boundaries up to the communes. Zones follow their plan;
    those lost entirely are listed. Amendments are left as they are: they lie over the plan they amend.

    Example: `quyhoach check repair plans general --snap --keep QH-A:QH-B --out plans.html`, and when it is decided, the same with
    `--decision 12/QĐ-UBND --decision-date 2026-03-01 --authority "UBND tỉnh" --apply`
    """
    refuse_suffix(out)
    if level not in LEVELS:
        known = ", ".join(LEVELS)
        raise BadQuestion(parameter="LEVEL", vi=f"các cấp: {known}.", en=f"the levels are {known}.")
    act = _decision(decision, decision_date, authority, needed=bool(keep) and apply)
    with writing(settings()) as session:
        scope = Scope(current_view(session), on.date() if on else today(), level=level)
        mine = _that_stand_alone(plans_of_level(session, scope))
        pairs = [_pair(words, [one.code for one in mine]) for words in keep or []]
        wishes = LevelWishes(width_m or SLIVER_M[level], snap, _pairwise(pairs, [one.code for one in mine]))
        communes = [one.shape for one in drawn_units(session, scope) if one.level == "commune"]
        found = level_proposed(
            _array([one.boundary for one in mine]), [one.shapes for one in mine], _array(communes), wishes
        )
        chapters = _chapters(mine, found)
        told(f"Đề xuất sửa cấp / repair of the level {level}, {wishes.width_m:g} m", chapters, out, session)
        if not apply or not found.changed:
            return
        refuse_unproved(holds=found.holds)
        draft = redraw(session, [_redrawing(mine[place], place, found) for place in found.changed])
        asked: dict[str, Any] = {"of": "plans", "level": level, "on": str(scope.on), "width_m": wishes.width_m, "snap": snap,
            "keep": sorted(map(list, pairs)), "decision": _as_record(act)}  # fmt: skip
        recorded_repair(session, draft, asked, as_record(chapters), mine[found.changed[0]].dataset)
    told_draft(draft)


def _decision(number: str | None, day: datetime | None, authority: str | None, *, needed: bool) -> Decision | None:
    words = [(word or "").strip() for word in (number, authority)]
    given = [bool(words[0]), day is not None, bool(words[1])]
    if not any(given) and not needed:
        return None
    if not all(given):
        raise BadQuestion(
            parameter="--decision, --decision-date, --authority",
            vi="cần cả số, ngày và cơ quan ra quyết định thứ tự áp dụng (Luật 47/2024/QH15, khoản 2 Điều 8).",
            en="give the number, the date and the authority of the decision on precedence (Law 47/2024/QH15, article 8.2).",
        )
    assert day is not None
    if day.date() > today() or max(map(len, words)) > LONGEST:
        raise BadQuestion(
            parameter="--decision", vi=f"ngày không được ở tương lai, chữ không quá {LONGEST} ký tự.",
            en=f"its date cannot lie ahead, its words have {LONGEST} signs at most.")  # fmt: skip
    return Decision(words[0], day.date(), words[1])


def _as_record(act: Decision | None) -> dict[str, str] | None:
    return None if act is None else {"number": act.number, "date": str(act.date), "authority": act.authority}


def _pair(words: str, codes: Sequence[str]) -> tuple[str, str]:
    """Two plans of the level; a code may hold colons itself."""
    halves = [(words[:at], words[at + 1 :]) for at, sign in enumerate(words) if sign == ":"]
    known = [pair for pair in halves if pair[0] in codes and pair[1] in codes]
    if len(known) != 1:
        raise BadQuestion(
            parameter="--keep", vi=f"“{words}” không nêu hai đồ án của cấp này; viết GIỮ:NHƯỜNG, đồ án điều chỉnh không được nêu.",
            en=f"“{words}” does not name two plans of this level; write KEEPS:GIVES-WAY, amendments cannot be named.")  # fmt: skip
    return known[0]


def _pairwise(pairs: list[tuple[str, str]], codes: list[str]) -> Pairwise:
    wrong = contradiction(pairs)
    if wrong:
        raise BadQuestion(
            parameter="--keep", vi=f"{wrong[0]} và {wrong[1]} được quyết định ngược nhau.",
            en=f"{wrong[0]} and {wrong[1]} are decided both ways.")  # fmt: skip
    return Pairwise(frozenset((codes.index(one), codes.index(other)) for one, other in pairs))


def _that_stand_alone(every: list[ZonedPlan]) -> list[ZonedPlan]:
    """Plans that amend no other; those that do are told."""
    codes = [one.code for one in every if one.amends]
    if codes:
        some = " ".join(codes[:LISTED]) + (" …" if len(codes) > LISTED else "")
        OUT.print(f"Đồ án điều chỉnh, không xét / amendments, left as they are: {some}", markup=False)
    return [one for one in every if not one.amends]


def _array(shapes: list[Any]) -> Shapes:
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return out


def _chapters(mine: list[ZonedPlan], found: LevelRepair) -> list[Chapter]:
    """The boundaries, step by step where anything was seen, then the zones of each plan that moved."""
    steps = [
        Chapter("Ranh giới đồ án / plan boundaries", [mine[place].code for place in step.places], step.shapes, step.repair)
        for step in found.steps if step.repair.changed or step.repair.proof.left or step is found.steps[-1]
    ]  # fmt: skip
    return steps + [
        Chapter(f"Khu của / zones of {mine[place].code}", mine[place].names, mine[place].shapes, one)
        for place, one in found.zones.items()
    ]


def _redrawing(one: ZonedPlan, place: int, found: LevelRepair) -> Redrawing:
    zones = found.zones[place].changed if place in found.zones else {}
    left = len(one.shapes) - sum(shape.is_empty for shape in zones.values())
    if len(one.shapes) and not left:
        raise NotAllowed(
            vi=f"{one.code} sẽ không còn khu nào; hãy thay đồ án thay vì cắt.",
            en=f"{one.code} would have no zone left; replace the plan instead.")  # fmt: skip
    return Redrawing(one, found.after[place], zones)
