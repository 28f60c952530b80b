"""How much of each commune is covered, and what the checks found."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api import schemas
from api.documents.coverage_page import as_page
from api.questions import Coverage, Findings, OfCoverage
from api.routes.wiring import OLDEST_SECONDS, Asked, answered, feature_collection, heading
from planning.answers import Record
from planning.checks.catalogue import RULES
from planning.errors import NotChecked, UnknownUnit

router = APIRouter(tags=["Độ phủ kín / Coverage"])


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
async def report(question: Annotated[OfCoverage, Query()], asked: Asked) -> Response:
    """Tỷ lệ, diễn biến, phát hiện theo quy tắc; của một xã: kèm các đồ án. / Ratios, their course, findings by rule, plans of a commune."""
    return answered(await _reported(question, asked))


@router.get("/coverage/report", include_in_schema=False)
async def page(question: Annotated[OfCoverage, Query()], asked: Asked) -> Response:
    """The same report as a page that prints."""
    headers = {"Cache-Control": f"public, max-age={OLDEST_SECONDS}"}
    document = await _reported(question, asked)
    return Response(as_page({**document, "on": document["on"].isoformat()}), 200, headers, "text/html; charset=utf-8")


async def _reported(question: OfCoverage, asked: Asked) -> Record:
    row = await asked.coverage_report(question.unit, question.day, question.release)
    if not row["checked"]:
        raise NotChecked(on=question.day, release=row["release"])
    if question.unit is not None and row["unit"] is None:
        raise UnknownUnit(unit=question.unit, on=question.day)
    lists = {name: row[name] or [] for name in ("rows", "findings", "trend", "plans")}
    return {**heading(row, question.day), "unit": row["unit"], **lists}


@router.get(
    "/v1/findings", response_model=schemas.FindingList, responses=schemas.PROBLEMS, summary="Phát hiện / findings"
)
async def findings(question: Annotated[Findings, Query()], asked: Asked) -> Response:
    """Khoảng hở và chồng lấn, lớn nhất trước. / Gaps and overlaps, the largest first; `total` counts all of them."""
    wanted = question.model_dump(include={"level", "unit", "check", "severity", "limit"})
    drawn = question.format == "geojson"
    row = await asked.findings(wanted, question.day, question.release, shapes=drawn)
    if not row["checked"]:
        raise NotChecked(on=question.day, release=row["release"])
    found = row["findings"] or []
    for one in found:
        rule = RULES[one["check"]]
        one["title"] = {"vi": rule.vi, "en": rule.en}
        one["advice"] = {"vi": rule.advice_vi, "en": rule.advice_en}
    document = {**heading(row, question.day), "total": row["total"], "findings": found}
    if drawn:
        return feature_collection(document, "findings")
    for one in found:
        del one["shape"]
    return answered(document)
