"""Administrative units on a day, with what they came from and what became of them."""

from datetime import date
from typing import Annotated, Any

import numpy as np
import shapely
from fastapi import APIRouter, Query, Request, Response

from api import schemas
from api.places import Whereabouts
from api.questions import Drawn, LineageOf, Units
from api.routes.wiring import Asked, Code, answered, feature, feature_collection, heading
from planning.answers import significant
from planning.errors import UnknownUnit
from planning.geometry import operation
from planning.mergers.lineage import (
    Version,
    per_cent,
    steps_of,
    successors_on,
    taken_whole_by,
    versions_of,
    with_shares,
)
from planning.outlines import outline
from planning.register import Record
from planning.store.reading import Row, Span

router = APIRouter(prefix="/v1", tags=["Đơn vị hành chính / Units"])

ENDED: dict[int | str, dict[str, Any]] = {
    301: {"model": schemas.UnitAnswer, "description": "Đã nhập trọn vào đơn vị ở Location / merged whole into the one in Location"},
    410: {"model": schemas.UnitAnswer, "description": "Đã giải thể; xem now / dissolved; now says who holds its land"},
}  # fmt: skip


@router.get("/units", response_model=schemas.UnitList, responses=schemas.PROBLEMS, summary="Tìm đơn vị / search units")
async def units(question: Annotated[Units, Query()], asked: Asked) -> Response:
    """Đơn vị có hiệu lực vào một ngày; `former=true` thêm đơn vị cũ. / Units in force on a day, former ones on request.

    `q` finds the words of kind, name and former district, with or without diacritics, abbreviated (TT., P., X., H., TP.) or not;
    homonyms are all listed, each with its former district.
    """
    wanted = {**question.model_dump(include={"level", "former", "limit"}), "name": question.name}
    drawn = question.format == "geojson"
    row = await asked.units(wanted, question.day, question.release, shapes=drawn)
    document = {**heading(row, question.day), "total": row["total"], "units": row["units"] or []}
    if drawn:
        return feature_collection(document, "units")
    for unit in document["units"]:
        del unit["shape"]
    return answered(document)


@router.get(
    "/units/at",
    response_model=schemas.UnitsAt,
    responses=schemas.PROBLEMS | schemas.TOO_LARGE,
    summary="Đơn vị tại nơi / units at a place",
)
async def units_at(place: Annotated[Whereabouts, Query()], asked: Asked) -> Response:
    """Đơn vị có hiệu lực tại một điểm hoặc dưới một đa giác. / Units in force at a point or under a polygon, with m² and %.

    `unknown`: the place lay in a unit whose boundary is not on record; one of the candidates.
    """
    row = await asked.units_at(_stored(place, asked.storage_srid), place.day, place.release)
    whole_m2 = row["place_m2"] or None
    units = significant(row["units"] or [], whole_m2)
    for unit in units:
        area = unit["area_m2"] if whole_m2 else None
        unit |= {"area_m2": area, "share_pct": per_cent(area / whole_m2) if area and whole_m2 else None}
    return answered({**heading(row, place.day), "units": units, "unknown": unknown_parts(row)})


@router.get(
    "/units/{code}",
    response_model=schemas.UnitAnswer,
    responses=schemas.PROBLEMS | ENDED,
    summary="Một đơn vị / one unit",
)
async def unit(code: Code, question: Annotated[Drawn, Query()], asked: Asked, request: Request) -> Response:
    """Một đơn vị theo mã: ranh giới, nguồn gốc, kế thừa. / One unit: its predecessors and, once ended, its successors.

    A unit is its code and its period. One that ended answers 301 where another in force took it whole, else 410; both with the
    document, whose `now` says which units hold its land on the day.
    """
    drawn = question.format == "geojson"
    row = await asked.unit(code, question.day, question.release, shape=drawn)
    if row["unit"] is None:
        raise UnknownUnit(unit=code, on=question.day, known_from=row["known_from"])
    document, taker = _of_unit(row, question.day)
    answer = feature(document, row["shape"]) if drawn else answered(document)
    answer.status_code = {"in_force": 200, "merged": 301, "dissolved": 410}[document["status"]]
    if taker is not None:
        asked_so = f"?{request.url.query}" if request.url.query else ""
        answer.headers["Location"] = f"{request.url.path.rsplit('/', 1)[0]}/{taker.code}{asked_so}"
    return answer


@router.get(
    "/units/{code}/lineage", response_model=schemas.Lineage, responses=schemas.PROBLEMS, summary="Phả hệ / lineage"
)
async def lineage(code: Code, question: Annotated[LineageOf, Query()], asked: Asked) -> Response:
    """Đơn vị từ đâu mà có, đã thành gì, qua mọi lần sắp xếp. / All predecessors and successors, through every event on record.

    Ancestors come with their other successors, so that a divided unit shows where its other parts went.
    """
    drawn = question.format == "geojson"
    span = Span(question.since, question.until)
    row = await asked.lineage(code, question.day, question.release, span, shapes=drawn)
    if not row["nodes"]:
        raise UnknownUnit(unit=code, on=question.day, known_from=row["known_from"])
    nodes, edges = row["nodes"], [with_shares(edge) for edge in row["edges"] or []]
    document = {**heading(row, question.day), "code": code, "truncated": row["truncated"]}
    if drawn:
        features = [{"role": "unit", **node} for node in nodes]
        features += [{"role": "part", **edge} for edge in edges if edge["shape"]]
        return feature_collection({**document, "features": features}, "features")
    for one in (*nodes, *edges):
        del one["shape"]
    return answered({**document, "nodes": nodes, "edges": edges})


def unknown_parts(row: Row) -> list[Record]:
    """Units next to the day, before it or after, whose neighbours in time are not known at the place, with the candidates."""
    found = significant(row["unknown"] or [], row["place_m2"] or None)
    return [
        {
            "side": one["side"],
            "unit": one["unit"],
            "candidates": [with_shares(candidate) for candidate in one["candidates"]],
        }
        for one in found
    ]


def _of_unit(row: Row, day: date) -> tuple[Record, Version | None]:
    """The document of a unit, and the unit that took it whole where there is one."""
    document = {
        **heading(row, day),
        "status": "in_force",
        "unit": row["unit"],
        "earlier": row["earlier"] or [],
        "predecessors": [with_shares(one) for one in row["predecessors"] or []],
        "successors": [with_shares(one) for one in row["successors"] or []],
    }
    if row["unit"]["in_force"]:
        return document, None
    versions = versions_of(row["heirs"])
    names = {(one["code"], one["since"]): one["name"] for one in row["heirs"]}
    steps = steps_of(row["steps"] or [], versions)
    ended = versions[row["unit"]["code"], date.fromisoformat(row["unit"]["valid_from"])]
    taker = taken_whole_by(ended, steps, day)
    now = [
        {"code": unit.code, "name": names[unit.code, unit.since.isoformat()], "share_pct": per_cent(share)}
        for unit, share in ((heir.unit, heir.share) for heir in successors_on(day, ended, steps))
    ]
    return document | {"status": "merged" if taker else "dissolved", "now": now}, taker


def _stored(place: Whereabouts, storage_srid: int) -> bytes:
    """The place in the storage CRS, as WKB."""
    if place.shape is not None:
        return bytes(shapely.to_wkb(outline(place.shape, storage_srid)))
    first, second, epsg = place.coordinates
    return point_as_wkb(operation(epsg, storage_srid).point(first, second))


def point_as_wkb(place: tuple[float, float]) -> bytes:
    """A point of a plane, as WKB."""
    return bytes(shapely.to_wkb(shapely.Point(np.asarray(place))))
