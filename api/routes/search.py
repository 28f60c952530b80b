"""One box for every way to ask: a text, and what it may mean."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api import schemas
from api.places import Searched
from api.routes.choosing import Edition, Meant, meant_by
from api.routes.wiring import Asked, answered, heading
from planning.asking.records import NameReading, ParcelReading
from planning.register import Record

router = APIRouter(prefix="/v1", tags=["Tra cứu / Lookup"])

NOTHING = {
    "vi": "Không có xã, thôn, đường hay thửa nào như vậy trong dữ liệu.",
    "en": "No commune, village, street or parcel of that name or number is on record.",
}


@router.get("/search", response_model=schemas.Choices, responses=schemas.PROBLEMS, summary="Tìm / search")
async def search(question: Annotated[Searched, Query()], asked: Asked) -> Response:
    """Một ô cho mọi cách hỏi. / One box for every way to ask: what a text may mean, each with the address of its answer.

    Longitude and latitude in any writing; VN-2000 coordinates with or without their zone; a pasted list of corners; sheet and
    number of a parcel with its commune, former or present; the name of a commune, village or street in any spelling, with its words
    in any order. What can be read in several ways comes as several choices; `why` says why there is none.
    """
    found = await meant_by(question.q, Edition(question.day, question.release), asked, question.limit)
    return answered(document(found, question))


def document(found: Meant, question: Searched) -> Record:
    """The choices as they are sent."""
    why = {"vi": found.heard.why.vi, "en": found.heard.why.en} if found.heard.why else None
    looked_for = any(isinstance(one, NameReading | ParcelReading) for one in found.heard.readings)
    if looked_for and not found.choices:
        why = NOTHING
    own = {"q": question.q, "choices": found.choices, "total": found.total, "why": why}
    return {**heading(found.row, question.day), **own}
