"""How much of each commune is covered, and what the checks found."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api import schemas
from api.questions import Coverage, Findings
from api.routes.wiring import Asked, answered, feature_collection, heading
from planning.checks.catalogue import RULES
from planning.errors import NotChecked

router = APIRouter(prefix="/v1", tags=["Độ phủ kín / Coverage"])


@router.get(
    "/coverage", response_model=schemas.CoverageAnswer, responses=schemas.PROBLEMS, summary="Tỷ lệ phủ kín / ratios"
)
async def coverage(question: Annotated[Coverage, Query()], asked: Asked) -> Response:
    """Tỷ lệ phủ kín quy hoạch của từng xã, phường ở từng cấp. / Share of each commune inside a plan of each level."""
    row = await asked.coverage(question.level, question.unit, question.day, question.release)
    if not row["checked"]:
        raise NotChecked(on=question.day, release=row["release"])
    document = {**heading(row, question.day), "holds_from": row["holds_from"], "holds_to": row["holds_to"]}
    return answered({**document, "rows": row["rows"] or [], "undrawn": row["undrawn"] or []})


@router.get("/findings", response_model=schemas.FindingList, responses=schemas.PROBLEMS, summary="Phát hiện / findings")
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
