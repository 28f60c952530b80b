"""Scanned drawings beside their plans."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api import schemas
from api.questions import Scans
from api.routes.wiring import Asked, answered, heading

router = APIRouter(prefix="/v1", tags=["Bản quét / Scans"])


@router.get(
    "/scans", response_model=schemas.ScanList, responses=schemas.PROBLEMS, summary="Bản quét / scanned drawings"
)
async def scans(question: Annotated[Scans, Query()], asked: Asked) -> Response:
    """Bản quét của các đồ án và độ chính xác. / Scanned drawings of plans, and how exact each lies."""
    row = await asked.scans(question.plan, question.release, question.limit)
    return answered({**heading(row, question.day), "total": row["total"], "scans": row["scans"] or []})
