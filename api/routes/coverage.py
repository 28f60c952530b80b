"""How much of each commune is covered, and what the checks found."""

import os
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from api import schemas
from api.documents.coverage_files import KEPT_SECONDS, ReportFiles, pieces
from api.documents.coverage_page import as_page
from api.documents.coverage_report import as_table, report_document, without_shapes
from api.questions import Coverage, Findings, OfCoverage, ReportOfCoverage
from api.routes.wiring import OLDEST_SECONDS, Asked, answered, feature_collection, heading
from planning.checks.catalogue import RULES
from planning.errors import NotChecked
from planning.register import Record

router = APIRouter(tags=["Độ phủ kín / Coverage"])

KEPT = {"Cache-Control": f"public, max-age={OLDEST_SECONDS}"}


@router.get(
    "/v1/coverage", response_model=schemas.CoverageAnswer, responses=schemas.PROBLEMS, summary="Tỷ lệ phủ kín / ratios"
)
async def coverage(question: Annotated[Coverage, Query()], asked: Asked) -> Response:
    """Tỷ lệ phủ kín quy hoạch của từng xã, phường ở từng cấp. / Share of each commune inside a plan of each level."""
    row = await asked.coverage(question.level, question.unit, question.day, question.release)
    if not row["checked"]:
        raise NotChecked(on=question.day, release=row["release"])
    document = {**heading(row, question.day), "holds_from": row["holds_from"], "holds_to": row["holds_to"]}
    return answered({**document, "rows": row["rows"] or [], "undrawn": row["undrawn"] or []})


@router.get(
    "/v1/coverage/report", response_model=schemas.CoverageReport, responses=schemas.PROBLEMS, summary="Báo cáo / report"
)
async def report(question: Annotated[ReportOfCoverage, Query()], asked: Asked, request: Request) -> Response:
    """Tỷ lệ, thứ hạng, trước và sau sáp nhập, chất lượng theo xã cũ, diễn biến, phát hiện; của một xã: đồ án và chỗ chưa có quy hoạch.
    / Ratios, ranks, before and after, former communes, their course, findings; of one commune its plans and uncovered places.
    """
    document = await _reported(question, asked, shapes=False)
    if question.format == "gpkg":
        return await _geopackage(document, request.app.state.report_files)
    if question.format == "csv":
        headers = {**KEPT, "Content-Disposition": f'attachment; filename="{_file_name(document)}.csv"'}
        return Response(as_table(document), 200, headers, "text/csv; charset=utf-8")
    return answered(document)


async def _geopackage(document: Record, files: ReportFiles) -> Response:
    """The file is as old as KEPT_SECONDS at most when it leaves, and may be kept for what is then left of a minute."""
    file = await files.opened(document)
    headers = {
        "Cache-Control": f"public, max-age={OLDEST_SECONDS - KEPT_SECONDS}",
        "Content-Disposition": f'attachment; filename="{_file_name(document)}.gpkg"',
        "Content-Length": str(os.fstat(file.fileno()).st_size),
    }
    return StreamingResponse(pieces(file), 200, headers, "application/geopackage+sqlite3")


@router.get("/coverage/report", include_in_schema=False)
async def page(question: Annotated[OfCoverage, Query()], asked: Asked) -> Response:
    """The same report as a page that prints."""
    document = await _reported(question, asked, shapes=question.unit is not None)
    headers = {**KEPT, "Content-Disposition": f'inline; filename="{_file_name(document)}.html"'}
    return Response(as_page(document), 200, headers, "text/html; charset=utf-8")


async def _reported(question: OfCoverage, asked: Asked, *, shapes: bool) -> Record:
    row = await asked.coverage_report(question.unit, question.day, question.release, shapes=shapes)
    document = report_document(row, unit=question.unit, on=question.day, srid=asked.storage_srid)
    return document if shapes else without_shapes(document)


def _file_name(document: Record) -> str:
    """Of codes and numbers alone: a header has no room for Vietnamese letters."""
    place = [document["unit"]["code"]] if document["unit"] else []
    return "-".join(["do-phu-kin", *place, document["on"].isoformat(), f"r{document['release']['number']}"])


@router.get(
    "/v1/findings", response_model=schemas.FindingList, responses=schemas.PROBLEMS, summary="Phát hiện / findings"
)
async def findings(question: Annotated[Findings, Query()], asked: Asked) -> Response:
    """Khoảng hở và chồng lấn, lớn nhất trước. / Gaps and overlaps, the largest first; `total` counts all of them, `by_rule` those of each
    rule, `next_offset` is where the next page begins.
    """
    wanted = question.model_dump(include={"level", "unit", "check", "severity", "limit", "offset", "per_rule"})
    drawn = question.format == "geojson"
    row = await asked.findings(wanted, question.day, question.release, shapes=drawn)
    if not row["checked"]:
        raise NotChecked(on=question.day, release=row["release"])
    found = row["findings"] or []
    for one in found:
        rule = RULES[one["check"]]
        one["title"] = {"vi": rule.vi, "en": rule.en}
        one["advice"] = {"vi": rule.advice_vi, "en": rule.advice_en}
    document = {**heading(row, question.day), **{name: row[name] for name in ("total", "next_offset")}}
    document |= {"offset": question.offset, "by_rule": row["by_rule"] or [], "findings": found}
    if drawn:
        return feature_collection(document, "findings")
    for one in found:
        del one["shape"]
    return answered(document)
