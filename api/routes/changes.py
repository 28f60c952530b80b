"""What publications changed: for a place or a parcel its answers side by side, for a commune its plans, decisions and parcels."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api import schemas
from api.documents.sheet.change_words import change_rows
from api.places import ChangesOf, LookedUp, ParcelOf
from api.routes.answering import of_parcel
from api.routes.looking_up import answer_at
from api.routes.wiring import Asked, answered, heading
from planning.answer_changes import changes as told
from planning.errors import BadQuestion, NotFound, UnknownUnit
from planning.parcels import ParcelKey
from planning.register import Record
from planning.store.reading import Readings

router = APIRouter(prefix="/v1", tags=["Tra cứu / Lookup"])

MOST_RELEASES = 30
"""Releases gone through for one place."""


@router.get(
    "/changes",
    response_model=schemas.Changes,
    responses=schemas.PROBLEMS | schemas.TOO_LARGE,
    summary="Thay đổi / what changed",
)
async def changes(question: Annotated[ChangesOf, Query()], asked: Asked) -> Response:
    """Các lần công bố sau một lần, hay từ một ngày, đã đổi gì ở một nơi, một thửa, một xã.

    What each publication after a release, or from a day on, changed for a place, a parcel or a commune, as it is asked on one day
    (`on`). `release` is the last one told of; the latest by default.
    """
    since, known = await _span(question, asked)
    if question.unit is not None:
        row = await asked.changes(question.unit, question.day, since, known[-1]["number"])
        if row["code"] is None:
            raise UnknownUnit(unit=question.unit, on=question.day, known_from=None)
        subject = {"kind": "unit", "code": row["code"], "name": row["name"]}
        return answered(
            {
                **heading(row, question.day),
                "since": since,
                "subject": subject,
                "commune": row["steps"] or [],
                "answers": [],
            }
        )
    steps, last = await _steps(question, since, known, asked)
    subject = {"kind": "parcel" if question.parcel else "place", "code": question.parcel, "name": None}
    return answered({**last, "since": since, "subject": subject, "commune": [], "answers": steps})


async def _span(question: ChangesOf, asked: Readings) -> tuple[int, list[Record]]:
    """The release after which changes are told, 0 before the first, and all releases up to the last one told of."""
    known = sorted(await asked.releases(), key=lambda one: one["number"])
    if question.release is not None:
        known = [one for one in known if one["number"] <= question.release]
        if not known or known[-1]["number"] != question.release:
            raise await asked.unknown_release(question.release)
    if not known:
        raise await asked.unknown_release(question.release)
    if question.since.isdigit():
        since = int(question.since)
    else:
        day = _day(question.since)
        since = max((one["number"] for one in known if one["published_at"].date() < day), default=0)
    if since > known[-1]["number"]:
        raise BadQuestion(
            parameter="since",
            vi=f"lần công bố {since} chưa có; mới nhất là {known[-1]['number']}.",
            en=f"there is no release {since} yet; the latest is {known[-1]['number']}.",
        )
    if sum(one["number"] > since for one in known) > MOST_RELEASES and question.unit is None:
        raise BadQuestion(
            parameter="since",
            vi=f"quá {MOST_RELEASES} lần công bố từ đó; hãy cho since muộn hơn.",
            en=f"there are more than {MOST_RELEASES} releases since; give a later since.",
        )
    return since, known


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadQuestion(
            parameter="since", vi=f"“{text}” không phải ngày có thật.", en=f"“{text}” is no day."
        ) from None


async def _steps(question: ChangesOf, since: int, known: list[Record], asked: Readings) -> tuple[list[Record], Record]:
    """For each release after one, what it answers otherwise than the one before; and the heading of the last. Raises `NotFound` where
    none of them answers.
    """
    steps: list[Record] = []
    first = [one["number"] for one in known if one["number"] <= since][-1:]
    before = await _answer(question, first[0], asked) if first else None
    never = before is None
    for release in (one for one in known if one["number"] > since):
        after = await _answer(question, release["number"], asked)
        steps.append({
            "release": release["number"],
            "published_at": release["published_at"],
            "note": release["note"],
            "hash": after and after["hash"],
            "appeared": before is None and after is not None,
            "disappeared": before is not None and after is None,
            "changes": change_rows(told(before, after)) if before and after else [],
        })  # fmt: skip
        before, never = after, never and after is None
    if never:
        await _told(question, known[-1]["number"], asked)
    register = await asked.register(known[-1]["number"])
    return steps, {"release": register.release, "on": question.day}


async def _answer(question: ChangesOf, release: int, asked: Readings) -> Record | None:
    """What a release answers; None where it knows no such parcel or nothing at the place."""
    try:
        return await _told(question, release, asked)
    except NotFound:
        return None


async def _told(question: ChangesOf, release: int, asked: Readings) -> Record:
    if question.parcel is not None:
        code, sheet, number = question.parcel.split("/")
        key = ParcelKey(code, int(sheet), int(number))
        return await of_parcel(key, ParcelOf(on=question.day, release=release, by="former"), asked)
    place = question.model_dump(include={"lon", "lat", "x", "y", "crs", "shape"})
    return await answer_at(LookedUp(on=question.day, release=release, **place), asked)
