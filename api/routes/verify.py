"""Whether a printed sheet is genuine, and what a newer release answers. Nothing is kept: the question is asked again."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from api import schemas
from api.asked import asked_as, parameters_of
from api.documents.sheet.blocks import Tongue
from api.documents.verify_page import as_document, as_page
from api.places import LookedUp, ParcelOf, Proving, ProvingSent, Sent
from api.questions import Dated
from api.routes.answering import of_parcel
from api.routes.bodies import LONGEST_FORM, body_of, form_in, polygon_in
from api.routes.looking_up import answer_at, in_area
from api.routes.lookup import SENT, UNUSABLE
from api.routes.wiring import Asked, answered, asked_once
from planning.errors import NotFound, Refused
from planning.parcels import ParcelKey
from planning.register import Record
from planning.store.reading import Readings
from planning.verification import Verdict, verdict

router = APIRouter(tags=["Tra cứu / Lookup"])

Hash = Annotated[
    str,
    Path(
        alias="hash",
        pattern=r"^[0-9a-fA-F]{64}$",
        description="Mã in trên phiếu / the hash on the sheet",
        examples=["0f3a" * 16],
    ),
]


@router.get(
    "/verify/{hash}",
    response_model=schemas.Verification,
    responses=schemas.PROBLEMS | schemas.TOO_LARGE,
    summary="Kiểm tra phiếu / a sheet",
    openapi_extra=parameters_of(Proving),
)
async def verify(
    claimed: Hash, question: Annotated[Proving, asked_as(Proving)], asked: Asked, request: Request
) -> Response:
    """Phiếu in có đúng do dịch vụ này trả lời không, và lần công bố mới nhất trả lời thế nào.

    Whether a printed sheet is genuine, and what the newest release answers: the question of the sheet is asked again. The QR of a
    sheet holds it; a hash typed without it is answered with what else to type.
    """
    judged = Verdict("no_question")
    if question.complete:
        judged = await _judged(claimed.lower(), question, partial(_answer, question, asked))
    return _said(claimed, question, judged, request)


@router.post(
    "/verify/{hash}",
    response_model=schemas.Verification,
    responses=schemas.PROBLEMS | schemas.TOO_LARGE | UNUSABLE,
    summary="Kiểm tra phiếu của một vùng gửi lên / a sheet of an area that is sent",
    dependencies=[Depends(asked_once)],
    openapi_extra={"requestBody": {"required": True, "content": {"application/geo+json": SENT}}},
)
async def verify_sent(
    claimed: Hash, question: Annotated[ProvingSent, Query()], asked: Asked, request: Request
) -> Response:
    """Phiếu của một hình quá dài để nằm trong địa chỉ: gửi lại chính hình đó; không lưu gì.

    A sheet of an outline that is too long for an address: the very outline is sent again, as GeoJSON or by the form of the page, with
    the day (`on`) and the release of the sheet. Nothing is stored.
    """
    body = await body_of(request, LONGEST_FORM)
    if request.headers.get("content-type", "").lower().startswith("application/x-www-form-urlencoded"):
        fields = form_in(body)
        text = fields.pop("shape", "")
        question = _of_form(fields)
    else:
        text = polygon_in(body)
    judged = Verdict("no_question")
    if text and question.on is not None and question.release is not None:
        judged = await _judged(claimed.lower(), question, partial(_answer_sent, text, question, asked))
    typed = Proving.model_construct(**question.model_dump(exclude={"format"}), shape=text, format=question.format)
    return _said(claimed, typed, judged, request)


def _of_form(fields: dict[str, str]) -> ProvingSent:
    try:
        return ProvingSent.model_validate({name: value for name, value in fields.items() if value})
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from None


def _said(claimed: str, question: Proving, judged: Verdict, request: Request) -> Response:
    form = question.format or ("html" if "text/html" in request.headers.get("accept", "") else "json")
    if form == "json":
        answer = answered(as_document(claimed, judged))
        answer.headers["Vary"] = "Accept"
        return answer
    headers = {"Cache-Control": "no-cache", "Vary": "Accept"}
    return Response(as_page(claimed, question, judged, Tongue(question.lang)), 200, headers, "text/html; charset=utf-8")


Again = Callable[..., Awaitable[Record]]
"""Asks the question of a sheet again: of a release or, with None, the latest; with shapes or without."""


async def _judged(claimed: str, question: Dated, again: Again) -> Verdict:
    """The question as the sheet asked it, with shapes; a hash out of the plain JSON is as genuine."""
    try:
        pinned = await again(question.release, geometry=True)
        if pinned["hash"] != claimed:
            pinned = await again(question.release, geometry=False)
    except (Refused, NotFound) as error:
        return Verdict("not_ours", reason=error.said(question.lang))
    try:
        newest = await again(None, geometry="geometry" in pinned["subject"])
    except NotFound as error:
        return verdict(claimed, pinned, error.said(question.lang))
    return verdict(claimed, pinned, newest)


async def _answer(question: Proving, asked: Readings, release: int | None, *, geometry: bool) -> Record:
    again = {"on": question.on, "release": release, "geometry": geometry}
    if question.parcel is not None:
        code, sheet, number = question.parcel.split("/")
        return await of_parcel(ParcelKey(code, int(sheet), int(number)), ParcelOf(**again, by="former"), asked)
    place = {name: getattr(question, name) for name in ("lon", "lat", "x", "y", "crs", "shape")}
    return await answer_at(LookedUp(**place, **again), asked)


async def _answer_sent(
    text: str, question: ProvingSent, asked: Readings, release: int | None, *, geometry: bool
) -> Record:
    return await in_area(text, Sent(on=question.on, release=release, geometry=geometry), asked)
