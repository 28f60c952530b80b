"""Administrative units on a day, with what they came from and what became of them."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api import schemas
from api.questions import Drawn, Units
from api.routes.wiring import Asked, Code, answered, feature, feature_collection, heading
from planning.errors import UnknownUnit

router = APIRouter(prefix="/v1", tags=["Đơn vị hành chính / Units"])


@router.get("/units", response_model=schemas.UnitList, responses=schemas.PROBLEMS, summary="Tìm đơn vị / search units")
async def units(question: Annotated[Units, Query()], asked: Asked) -> Response:
    """Đơn vị có hiệu lực vào một ngày; `former=true` thêm đơn vị cũ. / Units in force on a day, former ones on request.

    `q` finds names with or without diacritics, whatever the tone placement (Hòa = Hoà); homonyms are all listed.
    """
    wanted = question.model_dump(include={"level", "former", "limit"})
    wanted["name"] = question.name
    drawn = question.format == "geojson"
    row = await asked.units(wanted, question.day, question.release, shapes=drawn)
    document = {**heading(row, question.day), "total": row["total"], "units": row["units"] or []}
    if drawn:
        return feature_collection(document, "units")
    for unit in document["units"]:
        del unit["shape"]
    return answered(document)


@router.get(
    "/units/{code}", response_model=schemas.UnitAnswer, responses=schemas.PROBLEMS, summary="Một đơn vị / one unit"
)
async def unit(code: Code, question: Annotated[Drawn, Query()], asked: Asked) -> Response:
    """Một đơn vị theo mã: ranh giới, nguồn gốc, kế thừa. / One unit: its predecessors and, once ended, its successors."""
    drawn = question.format == "geojson"
    row = await asked.unit(code, question.day, question.release, shape=drawn)
    if row["unit"] is None:
        raise UnknownUnit(unit=code, on=question.day)
    document = {
        **heading(row, question.day),
        "unit": row["unit"],
        "predecessors": row["predecessors"] or [],
        "successors": row["successors"] or [],
    }
    return feature(document, row["shape"]) if drawn else answered(document)
