"""The service itself: its health, its releases, the legend of its maps."""

from importlib.metadata import version
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api import schemas
from api.questions import Dated
from api.routes.wiring import Asked, answered, release_of
from planning.functions import SCHEMES
from planning.plans import THEMES
from planning.register import Record

router = APIRouter(prefix="/v1", tags=["Dịch vụ / Service"])


class SchemaResponse(Response):
    """A JSON Schema, by the media type of its own."""

    media_type = "application/schema+json"


@router.get("/health", response_model=schemas.Health, responses=schemas.PROBLEMS, summary="Tình trạng / health")
async def health(question: Annotated[Dated, Query()], asked: Asked) -> Response:
    """Dịch vụ có trả lời được không, và về vùng nào. / Whether the service can answer, and of what area."""
    row = await asked.health(question.day, question.release)
    extent = [row["west"], row["south"], row["east"], row["north"]]
    return answered({
        "status": "ok",
        "version": version("quyhoach"),
        "release": release_of(row) if row["release"] else None,
        "storage_crs": f"EPSG:{row['storage_srid']}",
        "bounds": extent if row["west"] is not None else None,
        "example": {"lon": row["lon"], "lat": row["lat"]} if row["lon"] is not None else None,
    })  # fmt: skip


@router.get(
    "/releases", response_model=schemas.ReleaseList, responses=schemas.PROBLEMS, summary="Các lần công bố / releases"
)
async def releases(question: Annotated[Dated, Query()], asked: Asked) -> Response:
    """Các lần công bố, mới nhất trước. / All publications, newest first."""
    published = await asked.releases()
    if question.release is not None and question.release not in {one["number"] for one in published}:
        raise await asked.unknown_release(question.release)
    return answered({"releases": [one for one in published if question.release in {None, one["number"]}]})


@router.get("/legend", response_model=schemas.Legend, responses=schemas.PROBLEMS, summary="Chú giải / legend")
async def legend(question: Annotated[Dated, Query()]) -> Response:  # noqa: ARG001 - refuses unknown parameters
    """Mã chức năng, tên và màu chuẩn. / Function codes, their names and standard fills; the levels of plans."""
    rows: Record = {
        scheme: [{"code": one.code, "name": one.vi, "fill": one.fill} for one in functions.values()]
        for scheme, functions in SCHEMES.items()
    }
    return answered({**rows, "levels": [{"level": one.level, "vi": one.vi, "en": one.en} for one in THEMES]})


@router.get(
    "/schemas/answer.json",
    response_class=SchemaResponse,
    responses=schemas.PROBLEMS,
    summary="Lược đồ của câu trả lời / JSON Schema of an answer",
)
async def answer_schema(question: Annotated[Dated, Query()]) -> Response:  # noqa: ARG001 - refuses unknown parameters
    """Lược đồ JSON (2020-12) của mọi câu trả lời tra cứu. / The JSON Schema of every answer on a point, a parcel or an area.

    Of `format=geojson` it holds for the `properties`.
    """
    return answered(schemas.answer_schema(), media_type=SchemaResponse.media_type)
