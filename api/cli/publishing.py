"""`quyhoach publish`, `discard`, `status`, `shares`: the draft as a whole, the releases, and what is measured once for them."""

import re
import shlex
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Table

from api.cli.deployment import settings
from api.cli.screen import LISTED, OUT, progress_bar
from planning.checks.catalogue import RULES
from planning.errors import BadQuestion, NotAllowed
from planning.store import releases
from planning.store.kept_shares import forget_all, keep_shares
from planning.store.publishing import Obstacle, Publication, Refusal, Wish, publish_checked
from planning.store.session import reading, writing

Note = Annotated[str | None, typer.Option(help="ghi chú / what this release brings")]
Accepted = Annotated[
    list[str] | None, typer.Option("--accept", help="VIỆC=LÝ DO / CASE=REASON: để một lỗi mới như hiện trạng / let a new error stand")
]  # fmt: skip
AcceptAll = Annotated[
    str | None, typer.Option("--accept-all-errors", help="một lý do cho mọi lỗi mới / one reason for every new error")
]
By = Annotated[str | None, typer.Option(help="ai chấp nhận / who accepts")]


def publish(note: Note = None, accepted: Accepted = None, accept_all: AcceptAll = None, by: By = None) -> None:
    """Công bố bản nháp thành lần công bố kế tiếp. / Publish the draft as the next release; all of it or nothing.

    The draft is checked first. New errors in what it changes stand in the way until each is mended, or accepted by its number with a
    reason. Some plans only: `quyhoach draft publish PLAN…`.
    """
    publish_and_tell((), note, (accepted, accept_all, by))


def publish_and_tell(
    plans: Sequence[str], note: str | None, acceptance: tuple[list[str] | None, str | None, str | None]
) -> None:
    """Publish, or list what stands in the way with the command that lets it stand; exit 1 then."""
    named, accept_all, by = acceptance
    cases = dict(_case(one) for one in named or [])
    if (cases or accept_all is not None) and not (by or "").strip():
        raise BadQuestion(parameter="--by", vi="hãy ghi ai chấp nhận.", en="say who accepts.")
    if accept_all is not None and not accept_all.strip():
        raise BadQuestion(parameter="--accept-all-errors", vi="hãy ghi lý do.", en="say why.")
    wish = Wish(tuple(plans), cases, accept_all, by, note)
    with writing(settings()) as session, progress_bar("kiểm tra / check") as progress:
        done = publish_checked(session, wish, progress)
    if isinstance(done, Refusal):
        _refuse(done, wish)
    else:
        _tell(done)
        _keep_or_warn()


def _keep_or_warn() -> None:
    """The release is out whether or not its shares could be kept: what is not kept is measured when it is asked."""
    try:
        keep_and_tell()
    except NotAllowed as error:
        OUT.print(f"[yellow]{error.said('vi')} / {error.said('en')}[/]")


def keep_and_tell() -> None:
    """Measure the shares of parcels that have none kept."""
    with progress_bar("tính sẵn / measure") as progress:
        kept = keep_shares(settings(), progress)
    OUT.print(f"Phần thửa tính sẵn: {kept} thửa mới / shares kept of {kept} more parcels")


def shares(
    anew: Annotated[bool, typer.Option("--anew", help="bỏ hết rồi tính lại / let all of them go first")] = False,
) -> None:
    """Tính sẵn phần thửa nằm trong từng khu, đơn vị. / Measure once what lies under each parcel, so that answers need not.

    `publish` and `sample` do this by themselves; run it after `migrate`, or where it was broken off: it goes on where it was. A parcel
    without kept shares is answered all the same, only slower.
    """
    if anew:
        with writing(settings()) as session:
            gone = forget_all(session)
        OUT.print(f"Đã bỏ phần tính sẵn của {gone} thửa / let go the shares of {gone} parcels")
    keep_and_tell()


def _case(text: str) -> tuple[int, str]:
    found = re.fullmatch(r"([0-9]{1,18})=(.*\S.*)", text, flags=re.DOTALL)
    if not found:
        raise BadQuestion(
            parameter="--accept",
            vi=f"“{text}”: viết là VIỆC=LÝ DO, ví dụ 17=“chờ đo lại”.",
            en=f"“{text}”: write it as CASE=REASON.",
        )
    return int(found[1]), found[2].strip()


def _tell(done: Publication) -> None:
    if done.along:
        OUT.print(
            f"Cùng đi, vì một đồ án chấm dứt đồ án kia / along with them, for one ends the other: {', '.join(done.along)}"
        )
    if done.accepted:
        OUT.print(
            f"[yellow]{len(done.accepted)} lỗi mới được chấp nhận / new errors accepted[/]: quyhoach check findings --status accepted"
        )
    OUT.print(f"Đã công bố lần {done.release.number} / published release {done.release.number}")


def _refuse(refusal: Refusal, wish: Wish) -> None:
    open_still = [one for one in refusal.obstacles if one.case not in wish.accepted]
    OUT.print(_obstacles(open_still))
    if len(open_still) > LISTED * 3:
        OUT.print(f"… {len(open_still) - LISTED * 3} nữa / more: quyhoach check findings --status open")
    OUT.print(
        f"Chấp nhận từng lỗi, có lý do / accept each, with its reason:\n  {_command(open_still, wish)}", markup=False
    )
    number = len(open_still)
    raise NotAllowed(
        vi=f"không công bố: {number} lỗi mới chưa sửa hoặc chưa được chấp nhận.",
        en=f"not published: {number} new errors are neither mended nor accepted.",
    )


def _obstacles(found: Sequence[Obstacle]) -> Table:
    table = Table("việc / case", "quy tắc / rule", "cấp / level", "đơn vị / units", "đồ án / plans", "khu / zones", "m²",
        title=f"{len(found)} lỗi mới / new errors")  # fmt: skip
    for one in found[: LISTED * 3]:
        seen, rule = one.finding, RULES[one.finding.check]
        codes = (" ".join(seen.unit_codes), " ".join(seen.plan_codes), " ".join(seen.subjects))
        table.add_row(str(one.case), f"{seen.check}: {rule.vi} / {rule.en}", seen.level, *codes, f"{seen.area_m2:,.3f}")
    return table


def _command(open_still: Sequence[Obstacle], wish: Wish) -> str:
    words = ["quyhoach", *(["draft", "publish", *wish.plans] if wish.plans else ["publish"]), "--by", wish.by or "…"]
    words += [word for case, why in wish.accepted.items() for word in ("--accept", f"{case}={why}")]
    words += [word for one in open_still[: LISTED * 3] for word in ("--accept", f"{one.case}=…")]
    words += ["--note", wish.note] if wish.note else []
    return shlex.join(words)


def discard() -> None:
    """Bỏ bản nháp: mọi thứ nhập từ lần công bố trước. / Undo everything brought in since the last release."""
    with writing(settings()) as session:
        rows = releases.discard(session)
    OUT.print(f"Đã bỏ bản nháp ({rows} dòng) / the draft is gone ({rows} rows)")


def status() -> None:
    """Lần công bố mới nhất và bản nháp. / The latest release and the draft."""
    with reading(settings()) as session:
        newest, waiting = releases.latest(session), releases.draft(session)
    published = f"{newest.number}, {newest.published_at:%Y-%m-%d %H:%M}" if newest and newest.published_at else "–"
    OUT.print(f"Công bố mới nhất / latest release: {published}")
    if newest and newest.illustration:
        OUT.print("[yellow]Dữ liệu minh họa, không có giá trị pháp lý / illustration, without legal force[/]")
    OUT.print(f"Bản nháp / draft: {waiting.number if waiting else '–'}")
