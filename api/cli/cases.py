"""`quyhoach check findings|accept|reopen|diff`: findings as work."""

from datetime import datetime
from typing import Annotated, Literal

import typer
from rich.table import Table

from api.cli.deployment import settings
from api.cli.screen import OUT
from planning.checks.catalogue import RULES
from planning.errors import BadQuestion, UnknownRelease
from planning.periods import today
from planning.store import cases, releases
from planning.store.session import reading, writing

Status = Literal["open", "accepted", "mended"]
STATUSES: dict[str, str] = {
    "open": "đang mở / open",
    "accepted": "đã chấp nhận / accepted",
    "mended": "đã khắc phục / mended",
}
MOST = 200

app = typer.Typer()


@app.command("findings")
def findings(
    status: Annotated[Status | None, typer.Option(help="trạng thái / open, accepted, mended")] = None,
    check: Annotated[str | None, typer.Option(help="mã quy tắc / code of a rule")] = None,
) -> None:
    """Các việc: đang mở, đã chấp nhận, đã khắc phục. / Cases: open, accepted by whom and until when, mended by which release.

    Example: `quyhoach check findings --status open --check plan.zone-gap`
    """
    if check is not None and check not in RULES:
        raise BadQuestion(parameter="--check", vi="xem quyhoach check --list.", en="see quyhoach check --list.")
    with reading(settings()) as session:
        found = cases.listed(session, today(), status, check)
    table = Table("việc / case", "quy tắc / rule", "cấp / level", "đồ án / plans", "khu / zones", "m²", "lần / releases",
        "trạng thái / status", "lý do / reason")  # fmt: skip
    for one in found[:MOST]:
        until = f" → {one.accepted_until}" if one.accepted_until else ""
        reason = f"{one.accepted_by}{until}: {one.accepted_why}" if one.accepted_by else ""
        span = f"{one.first_release}–{one.last_release}" + (f", {one.mended_in} ✓" if one.mended_in else "")
        table.add_row(str(one.id), one.check, one.level, " ".join(one.plan_codes), " ".join(one.subjects), f"{one.area_m2:,.3f}",
            span, STATUSES[one.status], reason)  # fmt: skip
    OUT.print(table if found else "Không có việc nào / no case")
    if len(found) > MOST:
        OUT.print(f"… {len(found) - MOST} nữa / more")


@app.command("accept")
def accept(
    case: Annotated[int, typer.Argument(help="số việc / number of the case: quyhoach check findings")],
    by: Annotated[str, typer.Option(help="ai chấp nhận / who accepts it")],
    reason: Annotated[str, typer.Option(help="vì sao / why")],
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="đến hết ngày; không ghi: không thời hạn / last day")
    ] = None,
) -> None:
    """Chấp nhận một phát hiện như hiện trạng. / Let a finding stand as it is, by whom, why and until when.

    Example: `quyhoach check accept 17 --by "Sở Xây dựng" --reason "chờ đo lại" --until 2026-12-31`
    """
    if not by.strip() or not reason.strip():
        raise BadQuestion(parameter="--by, --reason", vi="hãy ghi ai và vì sao.", en="say who and why.")
    if until is not None and until.date() < today():
        raise BadQuestion(parameter="--until", vi="ngày đã qua.", en="the day has passed.")
    with writing(settings()) as session:
        cases.accept(session, case, by.strip(), reason.strip(), until.date() if until else None)
    OUT.print(f"Đã chấp nhận việc / accepted case {case}; bỏ chấp nhận / undo: quyhoach check reopen {case}")


@app.command("reopen")
def reopen(case: Annotated[int, typer.Argument(help="số việc / number of the case")]) -> None:
    """Bỏ chấp nhận: việc lại mở. / Take an acceptance back: the case is open again."""
    with writing(settings()) as session:
        cases.reopen(session, case)
    OUT.print(f"Việc lại mở / case {case} is open again")


@app.command("diff")
def diff(
    earlier: Annotated[int, typer.Argument(min=1, help="lần công bố trước / earlier release")],
    later: Annotated[int, typer.Argument(min=1, help="lần công bố sau, hoặc bản nháp / later release, or the draft")],
) -> None:
    """Phát hiện mới, đã hết, còn lại giữa hai lần công bố. / What is new, gone and still there between two releases.

    Both must have been checked. Example: `quyhoach check diff 3 4`
    """
    with reading(settings()) as session:
        latest = releases.draft(session) or releases.latest(session)
        if latest is None or max(earlier, later) > latest.number:
            raise UnknownRelease(release=max(earlier, later), latest=latest.number if latest else "–")
        rows = cases.changed(session, earlier, later)
    table = Table("quy tắc / rule", "mới / new", "đã hết / gone", "còn / still", "m² mới / new", "m² đã hết / gone")
    for one in rows:
        table.add_row(
            one.check, str(one.new), str(one.gone), str(one.still), f"{one.new_m2:,.2f}", f"{one.gone_m2:,.2f}"
        )
    OUT.print(table if rows else "Chưa lần nào được kiểm tra / neither release was checked, or nothing was found")
