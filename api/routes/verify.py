"""Whether a printed sheet is genuine, and what a newer release answers. Nothing is kept: the question is asked again."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api import schemas
from api.asked import asked_as, parameters_of
from api.documents.sheet.blocks import Tongue
from api.documents.verify_page import as_document, as_page
from api.places import LookedUp, ParcelOf, Proving
from api.routes.answering import of_parcel
from api.routes.looking_up import answer_at
from api.routes.wiring import Asked, answered
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
    responses=schemas.PROBLEMS,
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
    judged = await _judged(claimed.lower(), question, asked) if question.complete else Verdict("no_question")
    form = question.format or ("html" if "text/html" in request.headers.get("accept", "") else "json")
    if form == "json":
        answer = answered(as_document(claimed, judged))
        answer.headers["Vary"] = "Accept"
        return answer
    headers = {"Cache-Control": "no-cache", "Vary": "Accept"}
    return Response(as_page(claimed, question, judged, Tongue(question.lang)), 200, headers, "text/html; charset=utf-8")


async def _judged(claimed: str, question: Proving, asked: Readings) -> Verdict:
    """The question as the sheet asked it, with shapes; a hash out of the plain JSON is as genuine."""
    try:
        pinned = await _answer(question, asked, question.release, geometry=True)
        if pinned["hash"] != claimed:
            pinned = await _answer(question, asked, question.release, geometry=False)
    except (Refused, NotFound) as error:
        return Verdict("not_ours", reason=error.said(question.lang))
    try:
        newest = await _answer(question, asked, None, geometry="geometry" in pinned["subject"])
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
