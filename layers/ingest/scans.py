"""Georeferenced drawings, brought in beside their plan: the row into the draft, the picture into the file store."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from layers.digitise.drawings import Drawing
from layers.documents.shelf import Shelf
from layers.ingest.intake import opened
from layers.ingest.report import Report
from layers.ingest.shapes import sifted
from planning.errors import NotAllowed
from planning.store.events import current_view
from planning.store.incoming import Dataset, Rows
from planning.store.scans import plan_on_record
from planning.store.session import WriteSession
from planning.store.tables import scan

LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class Kept:
    """What a person says of a drawing that is to be kept."""

    plan_code: str
    title: str
    illustration: bool = False


def bring_in_scan(session: WriteSession, drawing: Drawing, about: Kept, shelf: Shelf) -> Report:
    """Bring one drawing in; the same picture placed anew supersedes the earlier placing.

    The file goes in first: a transaction that fails leaves at most a file that nothing names.
    """
    title, plan_code = " ".join(about.title.split()), about.plan_code
    if not 0 < len(title) <= LONGEST_TITLE:
        raise NotAllowed(
            vi=f"tên bản quét cần 1 đến {LONGEST_TITLE} chữ.", en=f"a scan's title has 1 to {LONGEST_TITLE} letters."
        )
    if not plan_on_record(session, current_view(session), plan_code):
        raise NotAllowed(
            vi=f"chưa có đồ án {plan_code} trong dữ liệu; hãy nhập đồ án trước (quyhoach import plan).",
            en=f"no plan {plan_code} is on record; bring the plan in first (quyhoach import plan).",
        )
    report = Report("scan", drawing.path.name, drawing.sha256, session.storage_srid, "file", drawing.operation)
    report.counts["read"] = 1
    parameters = {"plan": plan_code, "title": title, "source": drawing.source_sha256}
    wanted = Dataset(
        "scan", drawing.path.name, drawing.sha256, parameters, drawing.map_crs, drawing.operation, about.illustration
    )
    intake = opened(session, wanted, report, [scan], None)
    if intake is None:
        return report
    if drawing.accuracy_m is None:
        report.warn("chưa rõ độ chính xác: không có điểm kiểm tra / its accuracy is not known: no point judged it")
    shelf.put_file(drawing.sha256, drawing.path)
    known = {"plan_code": plan_code, "title": title, "release_from": intake.draft, "dataset_id": intake.dataset_id}
    frame = sifted(np.array([drawing.frame], dtype=object), session.storage_srid, session.storage_srid)
    report.refuse(*frame.refused)
    if not frame.refused:
        columns: dict[str, Sequence[Any]] = {name: [value] for name, value in (known | _columns(drawing)).items()}
        rows = Rows(scan, columns, {"geom": frame.geom, "geom_web": frame.geom_web})
        intake.store(rows, ["plan_code", "source_sha256"])
    return intake.concluded()


def _columns(drawing: Drawing) -> dict[str, object]:
    return {
        "sha256": drawing.sha256, "source_sha256": drawing.source_sha256, "source_name": drawing.source_name,
        "bytes": drawing.path.stat().st_size, "width": drawing.width, "height": drawing.height, "map_crs": drawing.map_crs,
        "method": drawing.method, "scale": drawing.scale, "gsd_m": drawing.gsd_m, "accuracy_m": drawing.accuracy_m,
    }  # fmt: skip
