"""Repairs on the screen and as files: proposals, counts before and after, what is left to a person."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.cli.screen import LISTED, OUT
from api.documents.repair_page import ACTIONS, as_page
from layers.outputs.repairs import SUFFIXES, write_repairs
from planning.coverage.dossier import Chapter
from planning.coverage.misfits import REASONS
from planning.errors import BadQuestion, NotAllowed
from planning.store.session import WriteSession

Width = Annotated[
    float | None,
    typer.Option(min=0.001, max=1000, help="bề rộng tối đa tự sửa, m; mặc định: sai số bản vẽ của cấp / widest misfit mended, m"),
]  # fmt: skip
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="ngày / day; today by default")]
Out = Annotated[
    Path | None,
    typer.Option(help="ghi đề xuất / write the proposals: .gpkg (storage CRS), .geojson (lon/lat), .html (pictures)"),
]
Apply = Annotated[bool, typer.Option("--apply", help="đưa vào bản nháp / put it into the draft")]


def refuse_suffix(out: Path | None) -> None:
    """Refuse a file whose form is not known, before any work is done."""
    if out is not None and out.suffix not in SUFFIXES:
        raise BadQuestion(
            parameter="--out", vi=f"đuôi tệp: {', '.join(SUFFIXES)}.", en=f"end it in {', '.join(SUFFIXES)}."
        )


def told(title: str, chapters: Sequence[Chapter], out: Path | None, session: WriteSession) -> None:
    """Show the repairs, and write them where asked."""
    OUT.print(f"[bold]{title}[/]")
    for one in chapters:
        _show(one)
    if out:
        write_repairs(out, chapters, session.storage_srid, lambda: as_page(title, chapters))
        OUT.print(f"Đã ghi / written: {out}", markup=False)


def _show(chapter: Chapter) -> None:
    proof, proposals = chapter.repair.proof, chapter.repair.proposals
    OUT.print(f"{chapter.subject}: {len(proposals)} đề xuất / proposals", markup=False)
    table = Table("việc / action", "bên nhận / to", "bên nhường / from", "m²")
    for one in sorted(proposals, key=lambda one: -one.area_m2)[: LISTED * 3]:
        to = "–" if one.to is None else chapter.names[one.to]
        table.add_row(" / ".join(ACTIONS[one.action]), to, chapter.named(one.cut_from), f"{one.area_m2:,.4f}")
    if proposals:
        OUT.print(table)
    if len(proposals) > LISTED * 3:
        OUT.print(f"  … {len(proposals) - LISTED * 3} nữa: --out / more: --out")
    counts = "; ".join(f"{kind} {proof.before[kind]} → {proof.after[kind]}" for kind in proof.before)
    OUT.print(f"  lỗi trước → sau / misfits before → after: {counts}")
    OUT.print(
        f"  đất chuyển / land moved: {proof.moved_m2:,.4f} m²; vùng đổi / changed: {len(chapter.repair.changed)}; "
        f"vùng khác bị đổi / bystanders: {len(proof.bystanders)}; lỗi mới / made: {len(proof.made)}"
    )
    gone = [place for place, shape in sorted(chapter.repair.changed.items()) if shape.is_empty]
    if gone:
        OUT.print(f"  mất hẳn / lost entirely: {chapter.named(gone)}", markup=False)
    _show_left(chapter)


def _show_left(chapter: Chapter) -> None:
    left = sorted(chapter.repair.proof.left, key=lambda one: -one.misfit.shape.area)
    for one in left[:LISTED]:
        vi, en = REASONS[one.reason]
        what = f"{one.misfit.kind} {chapter.named(one.misfit.places)}".strip() + f", {one.misfit.shape.area:,.3f} m²"
        OUT.print(f"  để người xem / for a person: {what}: {vi} / {en}", markup=False)
    if len(left) > LISTED:
        OUT.print(f"  … {len(left) - LISTED} nữa: --out / more: --out")


def refuse_unproved(*, holds: bool) -> None:
    """Store nothing that its proof does not hold for."""
    if not holds:
        raise NotAllowed(
            vi="sửa như vậy làm sai chỗ khác; không lưu gì.",
            en="mending would break something else; nothing was stored.",
        )


def told_draft(draft: int) -> None:
    """Say where the repair went, and how to undo it."""
    OUT.print(
        f"Vào bản nháp / into draft {draft}; hoàn tác / undo: quyhoach discard; xem / check: quyhoach check coverage --draft"
    )
