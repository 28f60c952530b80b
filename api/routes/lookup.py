"""What planning applies to a place or a parcel, on a day, as known in a release."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from api import schemas
from api.asked import parameters_of, question_in
from api.places import LookedUp, ParcelOf, Sent
from api.routes.answering import drawn, of_parcel, on_parcel
from api.routes.bodies import body_of, polygon_in
from api.routes.choosing import Meant, edition_of, parcel_choice
from api.routes.looking_up import asked_back, in_area, looked_up, page_of_choices
from api.routes.sending import sent
from api.routes.wiring import Asked, CommuneCode, Number, answered, asked_once
from api.straight import Way
from planning.errors import BadQuestion, TooLarge, UnknownParcel, Unusable
from planning.outlines import LONGEST_BODY
from planning.parcels import ParcelKey
from planning.register import Record

router = APIRouter(prefix="/v1", tags=["Tra cứu / Lookup"])

ASKED_BACK: dict[int | str, dict[str, Any]] = {
    300: {"model": schemas.Choices, "description": "Nhiều cách hiểu; chọn một / several readings; choose one"}
}
LARGE = schemas.TOO_LARGE
UNUSABLE: dict[int | str, dict[str, Any]] = {
    422: {
        "model": schemas.Problem,
        "description": "Không dùng được / unusable",
        "content": {"application/problem+json": {}},
    }
}

SENT = {
    "schema": {"type": "object"},
    "example": {
        "type": "Polygon",
        "coordinates": [[[106.17, 21.25], [106.171, 21.25], [106.171, 21.251], [106.17, 21.251], [106.17, 21.25]]],
    },
}


@router.post(
    "/lookup",
    response_model=schemas.Answer,
    responses=schemas.PROBLEMS | LARGE | UNUSABLE,
    summary="Một vùng gửi lên / an area that is sent",
    dependencies=[Depends(asked_once)],
    openapi_extra={"requestBody": {"required": True, "content": {"application/geo+json": SENT}}},
)
async def lookup_sent(question: Annotated[Sent, Query()], asked: Asked, request: Request) -> Response:
    """Quy hoạch trong một đa giác GeoJSON gửi lên; không lưu gì. / What applies in a polygon that is sent as GeoJSON; nothing is stored.

    The body is a Polygon or MultiPolygon, or one Feature of it, in longitude and latitude: at most 100 kB, 1,000 vertices, 100 km².
    """
    text = polygon_in(await body_of(request, LONGEST_BODY))
    try:
        return await sent(await in_area(text, question, asked), question, request)
    except TooLarge:
        raise
    except BadQuestion as error:
        raise Unusable(vi=error.facts["vi"], en=error.facts["en"]) from error


@router.get(
    "/lookup",
    response_model=schemas.Answer,
    responses=schemas.PROBLEMS | ASKED_BACK | LARGE,
    summary="Một nơi / a point, a parcel or an area",
    openapi_extra=parameters_of(LookedUp),
)
async def lookup(request: Request) -> Response:
    """Quy hoạch nào áp dụng tại một điểm, hoặc trong một vùng vẽ ra. / What planning applies at a point, or in an area that is drawn.

    For each theme one of four states: **applies**, **none** (on an office's word that its data is complete), **no_data**,
    **not_carried_over** (a plan of the former unit awaits a decision). A point on a border, within 1 mm, answers with every side.

    Ways to ask: `lon`, `lat`; `x`, `y` (with `crs`, with `order`); `corners`; `sheet`, `number`, `commune`; `shape`; or `q`, any of
    these as a text. What can be read in several ways is asked back: 300 with choices, each with its address; none is picked (of
    `format=html` a page of links; of `pdf` the choices as JSON, each with the address of its PDF). A name alone is always asked
    back, for it is no place with limits of its own.
    """
    place = question_in(request, LookedUp)
    found = await looked_up(place, request.app.state.readings)
    if isinstance(found, Meant):
        return asked_back(found, place)
    return await sent(found, place, request)


SEVERAL: dict[int | str, dict[str, Any]] = {
    300: {"model": schemas.ParcelChoices, "description": "Nhiều thửa cùng số; chọn một / several parcels; choose one"}
}


@router.get(
    "/parcels/{code}/{sheet}/{number}",
    response_model=schemas.Answer,
    responses=schemas.PROBLEMS | SEVERAL | {429: LARGE[429]},
    summary="Một thửa / a parcel",
    openapi_extra=parameters_of(ParcelOf),
)
async def parcel(code: CommuneCode, sheet: Number, number: Number, request: Request) -> Response:
    """Quy hoạch nào áp dụng trên một thửa, theo m² và %. / What planning applies to a parcel, in m² and %.

    The key is the former commune, the sheet and the number: sheets restart at 1 in every former commune. Asked by a present
    commune, or by a code that stands for both, several parcels may answer: then 300 with the choices, and none is picked.
    """
    question, asked = question_in(request, ParcelOf), request.app.state.readings
    key = ParcelKey(code, sheet, number)
    if question.by == "former":
        return await sent(await of_parcel(key, question, asked), question, request)
    row = await asked.parcel_keys(key, question.by, question.day, question.release, shapes=drawn(question))
    choices = row["choices"] or []
    if len(choices) > 1:
        release = (await asked.register(row["release"])).release
        return _several(key, choices, {"release": release, "on": question.day}, question)
    if not choices:
        raise UnknownParcel(former_code=code, sheet=sheet, number=number, on=question.day)
    return await sent(await on_parcel(row, question, asked), question, request)


def _several(key: ParcelKey, choices: list[Record], named: Record, question: ParcelOf) -> Response:
    numbers, edition = {"sheet": key.sheet, "number": key.number}, edition_of(question)
    links = [parcel_choice({**choice, **numbers}, edition) for choice in choices]
    if question.format == "html":
        return page_of_choices(str(key), links, len(links), question)
    shown = [{"key": link["key"], **choice, "href": link["href"]} for choice, link in zip(choices, links, strict=True)]
    asked_for = {"code": key.former_code, **numbers}
    answer = answered({**named, "asked": asked_for, "choices": shown})
    answer.status_code = 300
    return answer


async def _lookup_straight(request: Request, _: tuple[str, ...]) -> Response:
    return await lookup(request)


async def _parcel_straight(request: Request, parts: tuple[str, ...]) -> Response:
    code, sheet, number = parts
    return await parcel(code, int(sheet), int(number), request)


WAYS = (
    Way(re.compile("/v1/lookup"), _lookup_straight),
    Way(re.compile("/v1/parcels/([0-9]{5})/([1-9][0-9]{0,8})/([1-9][0-9]{0,8})"), _parcel_straight),
)
