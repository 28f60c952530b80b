"""`quyhoach check repair units`: communes against each other and the province."""

from typing import Annotated, Any

import numpy as np
import shapely
import typer

from api.cli.deployment import settings
from api.cli.repair.shown import Apply, Day, Out, Width, refuse_suffix, refuse_unproved, told, told_draft
from planning.coverage.dossier import Chapter, as_record
from planning.coverage.examination import examined
from planning.coverage.misfits import Wishes
from planning.coverage.repair import proposed
from planning.coverage.widths import SLIVER_M
from planning.errors import BadQuestion, NotAllowed
from planning.periods import today
from planning.store.boundary_mending import Basis, drawn_units, redraw_units
from planning.store.events import current_view
from planning.store.records import Scope
from planning.store.redrawing import recorded_repair
from planning.store.session import writing

LONGEST = 1000


def units(
    width_m: Width = None,
    snap: Annotated[
        bool, typer.Option("--snap", help="bắt vào ranh giới tỉnh trên hồ sơ / mend along the province's outline on record, too")
    ] = False,
    basis: Annotated[str | None, typer.Option(help="căn cứ pháp lý, bắt buộc khi --apply / legal basis, needed with --apply")] = None,
    on: Day = None,
    out: Out = None,
    apply: Apply = False,
) -> None:  # fmt: skip
    """Khe hở, chồng lấn giữa các xã, phường. / Slivers between communes.

    Boundaries of communes are legal facts: what is shown is a proposal for those who keep the boundary files. `--apply` puts new versions
    into the draft and needs `--basis`, which is added to the legal basis of each commune whose land changes.

    Example: `quyhoach check repair units --width-m 1 --basis "Biên bản 03/BB-SNV ngày 2026-02-01" --out units.html --apply`
    """
    refuse_suffix(out)
    words = (basis or "").strip()
    if (apply and not words) or len(words) > LONGEST:
        raise BadQuestion(
            parameter="--basis", vi=f"ranh giới hành chính là sự việc pháp lý: hãy ghi căn cứ, không quá {LONGEST} ký tự.",
            en=f"boundaries of units are legal facts: give the basis, {LONGEST} signs at most.")  # fmt: skip
    with writing(settings()) as session:
        scope = Scope(current_view(session), on.date() if on else today())
        drawn = drawn_units(session, scope)
        communes = [one for one in drawn if one.level == "commune"]
        provinces = [one.shape for one in drawn if one.level == "province"]
        if snap and not provinces:
            raise NotAllowed(
                vi="chưa có ranh giới tỉnh trong dữ liệu; nhập bằng quyhoach import units.",
                en="no outline of a province is on record; bring it in with quyhoach import units.")  # fmt: skip
        shapes = np.array([one.shape for one in communes], dtype=object)
        extent = shapely.union_all(provinces) if provinces else None
        wishes = Wishes(width_m or SLIVER_M["unit"], snapped=snap)
        found = proposed(shapes, extent, examined(shapes, extent), wishes)
        chapter = Chapter("Xã, phường / communes", [f"{one.code} {one.name}" for one in communes], shapes, found)
        told(
            f"Đề xuất sửa ranh giới, đến bề rộng / boundaries up to a width of {wishes.width_m:g} m",
            [chapter],
            out,
            session,
        )
        if not apply or not found.changed:
            return
        refuse_unproved(holds=found.proof.holds)
        moved = {communes[place].code for place, one in found.proof.changes.items() if one.gained_m2 or one.lost_m2}
        changed = [(communes[place], shape) for place, shape in sorted(found.changed.items())]
        draft = redraw_units(session, changed, Basis(words, moved))
        asked: dict[str, Any] = {
            "of": "units",
            "on": str(scope.on),
            "width_m": wishes.width_m,
            "snap": snap,
            "basis": words,
        }
        recorded_repair(session, draft, asked, as_record([chapter]), changed[0][0].dataset)
    told_draft(draft)
