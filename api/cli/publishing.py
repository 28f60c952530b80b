"""`quyhoach publish`, `discard`, `status`: the draft and the releases."""

from typing import Annotated

import typer

from api.cli.deployment import settings
from api.cli.screen import OUT
from planning.store import releases
from planning.store.session import reading, writing


def publish(note: Annotated[str | None, typer.Option(help="ghi chú / what this release brings")] = None) -> None:
    """Công bố bản nháp thành lần công bố kế tiếp. / Publish the draft as the next release; all of it or nothing."""
    with writing(settings()) as session:
        release = releases.publish(session, note)
    OUT.print(f"Đã công bố lần {release.number} / published release {release.number}")


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
