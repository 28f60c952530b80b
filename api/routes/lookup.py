"""What planning applies to a place or a parcel, on a day, as known in a release."""

from typing import Annotated, Any

from fastapi import APIRouter, Response

from api import schemas
from api.asked import asked_as, parameters_of
from api.questions import LookedUp, ParcelOf
from api.routes.answering import of_area, of_parcel, of_point, sent
from api.routes.units import point_as_wkb, unknown_parts
from api.routes.wiring import Asked, CommuneCode, Number, answered, heading
from planning.errors import OutsideProvince, UnknownParcel, UnknownPart
from planning.geometry import LONLAT, operation
from planning.parcels import ParcelKey
from planning.register import Record
from planning.store.reading import Readings, Row

router = APIRouter(prefix="/v1", tags=["Tra cứu / Lookup"])


@router.get(
    "/lookup",
    response_model=schemas.Answer,
    responses=schemas.PROBLEMS | schemas.TOO_LARGE,
    summary="Một nơi / a point or an area",
    openapi_extra=parameters_of(LookedUp),
)
async def lookup(place: Annotated[LookedUp, asked_as(LookedUp)], asked: Asked) -> Response:
    """Quy hoạch nào áp dụng tại một điểm, hoặc trong một vùng vẽ ra. / What planning applies at a point, or in an area that is drawn.

    For each theme one of four states: **applies**, **none** (on an office's word that its data is complete), **no_data**,
    **not_carried_over** (a plan of the former unit awaits a decision). A point on a border, within 1 mm, answers with every side.
    """
    if place.shape is not None:
        return sent(await of_area(place.shape, place, asked), place.format)
    first, second, epsg = place.coordinates
    x, y = operation(epsg, asked.storage_srid).point(first, second)
    document = await of_point((x, y), place, asked, (first, second) if epsg == LONLAT else None)
    if not any(unit["level"] == "commune" for unit in document["units"]):
        await _refuse_unknown_part((x, y), place, document["release"]["number"], asked)
    if not document["units"]:
        raise OutsideProvince(x=first, y=second, crs=f"EPSG:{epsg}", on=place.day)
    return sent(document, place.format)


async def _refuse_unknown_part(point: tuple[float, float], place: LookedUp, release: int, asked: Readings) -> None:
    """No commune on record lies here on the day: say so where a unit before or after it tells which it may have been."""
    unknown = unknown_parts(await asked.units_at(point_as_wkb(point), place.day, release))
    if not unknown:
        return
    known, candidates = unknown[0]["unit"], [one for entry in unknown for one in entry["candidates"]]
    first, second, epsg = place.coordinates
    raise UnknownPart(
        x=first,
        y=second,
        crs=f"EPSG:{epsg}",
        on=place.day,
        effective=known["effective"],
        known=f"{known['name']} ({known['code']})",
        named=", ".join(dict.fromkeys(f"{one['name']} ({one['code'] or '–'})" for one in candidates)),
        candidates=[{name: one[name] for name in CANDIDATE} for one in candidates],
    )


CANDIDATE = ("code", "name", "extent", "clause", "resolution")

SEVERAL: dict[int | str, dict[str, Any]] = {
    300: {"model": schemas.ParcelChoices, "description": "Nhiều thửa cùng số; chọn một / several parcels; choose one"}
}


@router.get(
    "/parcels/{code}/{sheet}/{number}",
    response_model=schemas.Answer,
    responses=schemas.PROBLEMS | SEVERAL,
    summary="Một thửa / a parcel",
    openapi_extra=parameters_of(ParcelOf),
)
async def parcel(
    code: CommuneCode, sheet: Number, number: Number, question: Annotated[ParcelOf, asked_as(ParcelOf)], asked: Asked
) -> Response:
    """Quy hoạch nào áp dụng trên một thửa, theo m² và %. / What planning applies to a parcel, in m² and %.

    The key is the former commune, the sheet and the number: sheets restart at 1 in every former commune. Asked by a present
    commune, or by a code that stands for both, several parcels may answer: then 300 with the choices, and none is picked.
    """
    key = ParcelKey(code, sheet, number)
    if question.by == "former":
        return sent(await of_parcel(key, question, asked), question.format)
    row = await asked.parcel_keys(key, question.by, question.day, question.release)
    choices = row["choices"] or []
    if len(choices) > 1:
        return _several(key, choices, row, question)
    if not choices:
        raise UnknownParcel(former_code=code, sheet=sheet, number=number, on=question.day)
    only = ParcelKey(choices[0]["former_code"], sheet, number)
    return sent(await of_parcel(only, question, asked, row["release"]), question.format)


def _several(key: ParcelKey, choices: list[Record], row: Row, question: ParcelOf) -> Response:
    same = f"by=former&on={question.day}" + (f"&release={question.release}" if question.release else "")
    shown = []
    for choice in choices:
        own = str(ParcelKey(choice["former_code"], key.sheet, key.number))
        shown.append({"key": own, **choice, "href": f"/v1/parcels/{own}?{same}"})
    asked_for = {"code": key.former_code, "sheet": key.sheet, "number": key.number}
    answer = answered({**heading(row, question.day), "asked": asked_for, "choices": shown})
    answer.status_code = 300
    return answer
