"""What planning applies to a place or a parcel, on a day, as known in a release."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api import schemas
from api.questions import Drawn, Place
from api.routes.wiring import Asked, FormerCode, Number, answered, feature, heading
from planning.answers import Record, Recorded, conflicting_at_point, disclaimer, significant, themes, units_now_and_then
from planning.errors import OutsideProvince, UnknownParcel
from planning.geometry import LONLAT, PINNED_OPERATION, operation
from planning.parcels import ParcelKey
from planning.store.reading import Row

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


@router.get(
    "/parcels/{former_code}/{sheet}/{number}",
    response_model=schemas.ParcelAnswer,
    responses=schemas.PROBLEMS,
    summary="Một thửa / a parcel",
)
async def parcel(
    former_code: FormerCode, sheet: Number, number: Number, question: Annotated[Drawn, Query()], asked: Asked
) -> Response:
    """Quy hoạch nào áp dụng trên một thửa, theo m² và %. / What planning applies to a parcel, in m² and %.

    The key is the former commune, the sheet and the number: sheets restart at 1 in every former commune.
    """
    key = (former_code, sheet, number)
    row = await asked.parcel(key, question.day, question.release, shape=question.format == "geojson")
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
        "parcel": {"key": str(ParcelKey(*key)), **found, "lon": lon, "lat": lat, "operation": PINNED_OPERATION},
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
