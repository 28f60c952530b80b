"""`quyhoach check findings|accept|reopen|runs|diff`: findings as work."""

from collections import Counter
from datetime import UTC, datetime
from typing import Annotated, Literal

import typer
from rich.table import Column, Table

from api.cli.deployment import settings
from api.cli.found import and_more
from api.cli.screen import OUT
from planning.checks.cases import CaseCourse, Fate
from planning.checks.catalogue import RULES
from planning.coverage.widths import NOISE_M
from planning.errors import BadQuestion, UnknownRelease
from planning.periods import VIETNAM, today
from planning.store import cases, releases
from planning.store import runs as history
from planning.store.session import reading, writing

Status = Literal["open", "accepted", "mended"]
STATUSES: dict[str, str] = {
    "open": "đang mở / open",
    "accepted": "đã chấp nhận / accepted",
    "mended": "đã khắc phục / mended",
}
FATES: dict[Fate, str] = {
    "new": "mới / new",
    "gone": "đã hết / gone",
    "grown": "lớn thêm / grown",
    "shrunk": "nhỏ đi / shrunk",
    "still": "còn / still",
}
MOST = 200

OF_A_RULE = 20
"""Cases listed of one rule where no rule is named."""

LAST_NUMBER = 2_000_000_000
"""Numbers of cases and releases asked about; the service has the same limit."""

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
    rule = Column("quy tắc / rule", no_wrap=True)
    table = Table("việc / case", rule, "cấp / level", "đồ án / plans", "khu / zones", "m²", "lần / releases",
        "trạng thái / status", "lý do / reason")  # fmt: skip
    listed = found[:MOST] if check else _some_of_each(found)
    for one in listed:
        until = f" → {one.accepted_until}" if one.accepted_until else ""
        reason = f"{one.accepted_by}{until}: {one.accepted_why}" if one.accepted_by else ""
        span = f"{one.first_release}–{one.last_release}" + (f", {one.mended_in} ✓" if one.mended_in else "")
        table.add_row(str(one.id), one.check, one.level, " ".join(one.plan_codes), " ".join(one.subjects), f"{one.area_m2:,.3f}",
            span, STATUSES[one.status], reason)  # fmt: skip
    OUT.print(table if found else "Không có việc nào / no case")
    rest = Counter(one.check for one in found) - Counter(one.check for one in listed)
    for code, number in rest.items():
        OUT.print(f"… {number} nữa / more" if check else and_more(number, code))


def _some_of_each(found: list[cases.Case]) -> list[cases.Case]:
    """The first of each rule, in their order: a rule that is broken often does not push the others out."""
    seen: Counter[str] = Counter()
    kept = []
    for one in found:
        seen[one.check] += 1
        if seen[one.check] <= OF_A_RULE:
            kept.append(one)
    return kept


@app.command("accept")
def accept(
    case: Annotated[
        int, typer.Argument(min=1, max=LAST_NUMBER, help="số việc / number of the case: quyhoach check findings")
    ],
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
def reopen(case: Annotated[int, typer.Argument(min=1, max=LAST_NUMBER, help="số việc / number of the case")]) -> None:
    """Bỏ chấp nhận: việc lại mở. / Take an acceptance back: the case is open again."""
    with writing(settings()) as session:
        cases.reopen(session, case)
    OUT.print(f"Việc lại mở / case {case} is open again")


@app.command("runs")
def runs(
    release: Annotated[int | None, typer.Option(min=1, max=LAST_NUMBER, help="lần công bố / of one release")] = None,
) -> None:
    """Các lần kiểm tra còn giữ. / The runs that are kept: when, of which release and day, how many findings.

    The last 20 of a release and scope are kept. Compare two: `quyhoach check diff --runs 12 15`
    """
    with reading(settings()) as session:
        found = history.kept_runs(session, release)
    table = Table(
        "lần / run",
        "lúc / at",
        "công bố / release",
        "ngày / day",
        "phạm vi / scope",
        "quy tắc / rules",
        "phát hiện / findings",
    )
    for one in found:
        moment = (one.run_at.astimezone(UTC) + VIETNAM).strftime("%Y-%m-%d %H:%M:%S")
        table.add_row(str(one.number), moment, str(one.extent.release), str(one.extent.on), _scope(one), str(len(one.extent.checks)),
            str(sum(one.counts.values())))  # fmt: skip
    OUT.print(table if found else "Chưa có lần kiểm tra nào / no run")


@app.command("diff")
def diff(
    earlier: Annotated[int | None, typer.Argument(min=1, help="lần công bố trước / earlier release")] = None,
    later: Annotated[int | None, typer.Argument(min=1, help="lần công bố sau, hoặc bản nháp / later release, or the draft")] = None,
    runs: Annotated[tuple[int, int] | None, typer.Option(help="hai lần kiểm tra / two runs: quyhoach check runs")] = None,
) -> None:  # fmt: skip
    """Phát hiện mới, đã hết, còn lại. / What is new, gone, grown, shrunk and still there between two runs, or two releases.

    Without arguments: the last two runs of one scope. Two releases must both have been checked: `quyhoach check diff 3 4`

    Example: `quyhoach check diff --runs 12 15`
    """
    if earlier is not None and later is not None and runs is None:
        _releases_compared(earlier, later)
    elif earlier is None:
        _runs_compared(runs)
    else:
        raise BadQuestion(
            parameter="EARLIER LATER, --runs", vi="ghi hai lần công bố, hoặc hai lần kiểm tra.",
            en="give two releases, or two runs.",
        )  # fmt: skip


def _releases_compared(earlier: int, later: int) -> None:
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


def _runs_compared(numbers: tuple[int, int] | None) -> None:
    with reading(settings()) as session:
        pair = [history.run_numbered(session, number) for number in numbers] if numbers else history.last_two(session)
        before, after = pair
        found = history.courses(session, before, after)
    for word, one in (("trước / before", before), ("sau / after", after)):
        when = f"lần kiểm tra / run {one.number}, công bố / release {one.extent.release}, ngày / day {one.extent.on}"
        OUT.print(f"{word}: {when}, {_scope(one)}")
    alone = sorted(set(before.extent.checks) ^ set(after.extent.checks))
    if alone:
        OUT.print(
            f"[yellow]{len(alone)} quy tắc chỉ một lần xét, bỏ qua / rules that only one of them applied, left out[/]"
        )
    OUT.print(_by_rule(found) if found else "Cả hai lần không có phát hiện nào / neither found anything")
    listed = [one for one in found if one.fate != "still"]
    if listed:
        OUT.print(_courses(listed[:MOST]))
    if len(listed) > MOST:
        OUT.print(f"… {len(listed) - MOST} nữa / more")


def _by_rule(found: list[CaseCourse]) -> Table:
    table = Table("quy tắc / rule", *FATES.values())
    counts = Counter((one.check, one.fate) for one in found)
    for check in sorted({one.check for one in found}):
        table.add_row(check, *(str(counts[check, fate]) for fate in FATES))
    return table


def _courses(found: list[CaseCourse]) -> Table:
    table = Table(
        "việc / case", "", "quy tắc / rule", "cấp / level", "đồ án / plans", "khu / zones", "m²", "rộng / width, m"
    )
    for one in found:
        table.add_row(str(one.case), FATES[one.fate], one.check, one.level, " ".join(one.plan_codes), " ".join(one.subjects),
            _from_to(one.before_m2, one.after_m2, 3), _from_to(one.before_width_m, one.after_width_m, 4))  # fmt: skip
    return table


def _from_to(before: float | None, after: float | None, digits: int) -> str:
    return " → ".join("–" if one is None else f"{one:,.{digits}f}" for one in (before, after))


def _scope(run: history.Run) -> str:
    words = [word for word in (run.extent.unit, run.extent.level) if word]
    width = "" if run.extent.tolerance_m == NOISE_M else f" > {run.extent.tolerance_m * 1000:g} mm"
    return (" ".join(words) or "tất cả / all") + width
