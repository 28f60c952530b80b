"""What routes share: the readings of this process, and answers as bytes."""

from datetime import date
from typing import Annotated, Any

import orjson
from fastapi import Depends, Path, Request, Response

from planning.errors import BadQuestion
from planning.register import Record
from planning.store.reading import Readings, Row

OLDEST_SECONDS = 60
"""How long an answer without a release may be kept by others: a publication shows within a minute."""


async def asked_once(request: Request) -> None:
    """A parameter given twice is refused: neither value would be the one that was meant."""
    names = [name for name, _ in request.query_params.multi_items()]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise BadQuestion(parameter=twice, vi="được cho hai lần.", en="it is given twice.")


async def readings_of(request: Request) -> Readings:
    """The readings opened when this process started."""
    readings: Readings = request.app.state.readings
    return readings


Asked = Annotated[Readings, Depends(readings_of)]
Code = Annotated[
    str, Path(pattern=r"^[0-9]{2}([0-9]{3})?$", description="Mã đơn vị / code of the unit", examples=["90001"])
]
CommuneCode = Annotated[
    str, Path(pattern=r"^[0-9]{5}$", description="Mã xã, cũ hay mới / code of the commune", examples=["90001"])
]
Number = Annotated[int, Path(ge=1, le=2_147_483_647, description="Số tờ, số thửa / sheet, number", examples=[1])]


def answered(document: Record, *, media_type: str = "application/json") -> Response:
    """A document as JSON."""
    headers = {"Cache-Control": f"public, max-age={OLDEST_SECONDS}"}
    return Response(orjson.dumps(document), 200, headers, media_type)


def feature(document: Record, shape: Any) -> Response:
    """A document as one GeoJSON feature."""
    return answered({"type": "Feature", "geometry": shape, "properties": document}, media_type="application/geo+json")


def feature_collection(document: Record, rows: str) -> Response:
    """A document whose rows have shapes as a GeoJSON collection; the rest of it stays beside the features."""
    features = [{"type": "Feature", "geometry": row.pop("shape"), "properties": row} for row in document.pop(rows)]
    return answered({"type": "FeatureCollection", **document, "features": features}, media_type="application/geo+json")


def heading(row: Row, on: date) -> Record:
    """The release and the day of an answer."""
    return {"release": release_of(row), "on": on}


def release_of(row: Row) -> Record:
    """The release of a row."""
    return {
        "number": row["release"],
        "published_at": row["published_at"],
        "note": row["note"],
        "illustration": row["illustration"],
    }
