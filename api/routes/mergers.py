"""Mergers: the resolutions on record, their impact reports, the ledger of plans."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api import schemas
from api.documents.impact_page import as_page
from api.questions import Dated, Ledger, OfMerger
from api.routes.wiring import OLDEST_SECONDS, Asked, answered, heading
from planning.errors import UnknownReport
from planning.store.reading import Row

router = APIRouter(tags=["Sắp xếp đơn vị / Mergers"])


@router.get(
    "/v1/mergers", response_model=schemas.MergerList, responses=schemas.PROBLEMS, summary="Các nghị quyết / resolutions"
)
async def mergers(question: Annotated[Dated, Query()], asked: Asked) -> Response:
    """Các nghị quyết sắp xếp đã biết. / The resolutions on record, what each does, and whether it was repealed."""
    row = await asked.mergers(question.release)
    return answered({**heading(row, question.day), "mergers": row["mergers"] or []})


@router.get(
    "/v1/mergers/report",
    response_model=schemas.MergerReport,
    responses=schemas.PROBLEMS,
    summary="Báo cáo tác động / impact report",
)
async def report(question: Annotated[OfMerger, Query()], asked: Asked) -> Response:
    """Báo cáo tác động của một nghị quyết. / The impact report of a resolution, as kept with the release."""
    row = await _kept(question, asked)
    return answered({**heading(row, question.day), "report": row["document"]})


@router.get("/mergers/report", include_in_schema=False)
async def page(question: Annotated[OfMerger, Query()], asked: Asked) -> Response:
    """The same report as a page that prints."""
    row = await _kept(question, asked)
    headers = {"Cache-Control": f"public, max-age={OLDEST_SECONDS}"}
    return Response(as_page(row["document"], row["release"]), 200, headers, "text/html; charset=utf-8")


@router.get(
    "/v1/carry-over", response_model=schemas.LedgerAnswer, responses=schemas.PROBLEMS, summary="Kế thừa đồ án / ledger"
)
async def ledger(question: Annotated[Ledger, Query()], asked: Asked) -> Response:
    """Mỗi đồ án ra sao khi đơn vị được sắp xếp. / What became of each plan at a merger, and by what basis."""
    filters = (question.plan, question.unit, question.decision)
    row = await asked.carry_over(filters, question.release, question.limit)
    return answered({**heading(row, question.day), "total": row["total"], "entries": row["entries"] or []})


async def _kept(question: OfMerger, asked: Asked) -> Row:
    row = await asked.merger_report(question.resolution, question.effective, question.release)
    if row["document"] is None:
        raise UnknownReport(resolution=question.resolution)
    return row
