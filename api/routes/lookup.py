"""What planning applies to a place or a parcel, on a day, as known in a release."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api import schemas
from api.questions import ParcelOf, Place
from api.routes.units import point_as_wkb, unknown_parts
from api.routes.wiring import Asked, CommuneCode, Number, answered, feature, heading
from planning.answers import Record, Recorded, conflicting_at_point, disclaimer, significant, themes, units_now_and_then
from planning.errors import OutsideProvince, UnknownParcel, UnknownPart
from planning.geometry import LONLAT, PINNED_OPERATION, operation
from planning.parcels import ParcelKey
from planning.store.reading import Readings, Row

router = APIRouter(prefix="/v1", tags=["Tra cứu / Lookup"])


@router.get("/lookup", response_model=schemas.Answer, responses=schemas.PROBLEMS, summary="Một điểm / a point")
async def lookup(place: Annotated[Place, Query()], asked: Asked) -> Response:
    """Quy hoạch nào áp dụng tại một điểm. / What planning applies at a point.

    For each theme one of four states: **applies**, **none** (on an office's word that its data is complete), **no_data**,
    **not_carried_over** (a plan of the former unit awaits a decision). A point on a border answers with every side.
    """
    first, second, epsg = place.coordinates
    x, y = operation(epsg, asked.storage_srid).point(first, second)
    row = await asked.at(x, y, place.day, place.release)
    units, former = units_now_and_then(row["units"] or [])
    if not any(unit["level"] == "commune" for unit in units):
        await _refuse_unknown_part((x, y), place, row["release"], asked)
    if not units:
        raise OutsideProvince(x=first, y=second, crs=f"EPSG:{epsg}", on=place.day)
    lon, lat = (first, second) if epsg == LONLAT else operation(asked.storage_srid, LONLAT).point(x, y)
    plans = row["plans"] or []
    recorded = Recorded(row["units"], plans, row["zones"] or [], row["availability"] or [], conflicting_at_point(plans))
    where = {"lon": round(lon, 9), "lat": round(lat, 9), "x": round(x, 4), "y": round(y, 4),
        "crs": f"EPSG:{asked.storage_srid}", "operation": PINNED_OPERATION}  # fmt: skip
    return answered({
        **heading(row, place.day),
        "place": where,
        "units": units,
        "former_units": former,
        "parcels": [_parcel(parcel, row) for parcel in row["parcels"] or []],
        "themes": themes(recorded),
        "disclaimer": disclaimer(illustration=row["illustration"]),
    })  # fmt: skip


async def _refuse_unknown_part(point: tuple[float, float], place: Place, release: int, asked: Readings) -> None:
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
    response_model=schemas.ParcelAnswer,
    responses=schemas.PROBLEMS | SEVERAL,
    summary="Một thửa / a parcel",
)
async def parcel(
    code: CommuneCode, sheet: Number, number: Number, question: Annotated[ParcelOf, Query()], asked: Asked
) -> Response:
    """Quy hoạch nào áp dụng trên một thửa, theo m² và %. / What planning applies to a parcel, in m² and %.

    The key is the former commune, the sheet and the number: sheets restart at 1 in every former commune. Asked by a present
    commune, or by a code that stands for both, several parcels may answer: then 300 with the choices, and none is picked.
    """
    key = ParcelKey(code, sheet, number)
    if question.by == "former":
        return await _planning_of(key, question, question.release, asked)
    row = await asked.parcel_keys(key, question.by, question.day, question.release)
    choices = row["choices"] or []
    if len(choices) > 1:
        return _several(key, choices, row, question)
    if not choices:
        raise UnknownParcel(former_code=code, sheet=sheet, number=number, on=question.day)
    only = ParcelKey(choices[0]["former_code"], sheet, number)
    return await _planning_of(only, question, row["release"], asked)


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


async def _planning_of(key: ParcelKey, question: ParcelOf, release: int | None, asked: Readings) -> Response:
    former_code, sheet, number = numbers = (key.former_code, key.sheet, key.number)
    row = await asked.parcel(numbers, question.day, release, shape=question.format == "geojson")
    found = row["parcel"]
    if found is None:
        raise UnknownParcel(former_code=former_code, sheet=sheet, number=number, on=question.day)
    units, former = units_now_and_then(significant(row["units"] or [], found["area_m2"]))
    conflicts = frozenset((one, other) for one, other in row["conflicts"] or [])
    plans, zones = row["plans"] or [], row["zones"] or []
    recorded = Recorded(row["units"] or [], plans, zones, row["availability"] or [], conflicts, found["area_m2"])
    lon, lat = found.pop("centre")["coordinates"]
    document = {
        **heading(row, question.day),
        "parcel": {"key": str(key), **found, "lon": lon, "lat": lat, "operation": PINNED_OPERATION},
        "units": units,
        "former_units": former,
        "themes": themes(recorded),
        "disclaimer": disclaimer(illustration=row["illustration"]),
    }
    return feature(document, row["shape"]) if question.format == "geojson" else answered(document)


def _parcel(found: Record, row: Row) -> Record:
    key = ParcelKey(found["former_code"], found["sheet"], found["number"])
    names = [unit["name"] for unit in row["units"] or [] if unit["code"] == key.former_code and not unit["in_force"]]
    still = [unit["name"] for unit in row["units"] or [] if unit["code"] == key.former_code]
    return {"key": str(key), "former_name": next(iter(names or still), None), **found}
