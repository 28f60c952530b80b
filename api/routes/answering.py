"""An answer as a document: asked in one round trip, put together by the pure rules, sealed."""

from collections.abc import Callable
from typing import Any, Protocol

import orjson
import shapely

from api.documents.sheet.address import proof_path
from planning.answers import Found, disclaimer, planning_at
from planning.checks.catalogue import RULES
from planning.errors import UnknownParcel
from planning.geometry import LONLAT, PINNED_OPERATION, from_hex, operation
from planning.outlines import as_wkt, outline
from planning.parcels import ParcelKey
from planning.register import Record, Register
from planning.sealing import seal
from planning.store.reading import Readings, Row


class Question(Protocol):
    """What every question about a place says."""

    release: int | None
    geometry: bool
    format: Any

    @property
    def day(self) -> Any:
        """The day asked about."""


async def of_point(place: tuple[float, float, int], question: Question, asked: Readings) -> Record:
    """The answer at a point: its first and second coordinate and their EPSG code.

    Outside of what is on record it names no unit: whoever asks judges that.
    """
    first, second, epsg = place
    point = operation(epsg, asked.storage_srid).point(first, second)
    wanted = drawn(question)
    row = await asked.at(*point, question.day, question.release, shapes=wanted)
    register = await asked.register(row["release"])
    found = Found(
        units=dict.fromkeys(row["units"] or []),
        plans=[{"id": number} for number in row["plans"] or []],
        zones=row["zones"] or [],
        lines=row["lines"] or [],
        inside=frozenset(row["inside"] or []),
        draw=_drawing(asked.storage_srid, row) if wanted else None,
    )
    x, y = point
    lonlat = (first, second) if epsg == LONLAT else None
    subject = {"kind": "point", **_place(x, y, asked.storage_srid, lonlat)}
    if wanted:
        subject["geometry"] = {"type": "Point", "coordinates": [subject["lon"], subject["lat"]]}
    parcels = [_named(parcel, register) for parcel in row["parcels"] or []]
    said = {"lon": first, "lat": second} if lonlat else {"x": first, "y": second, "crs": f"EPSG:{epsg}"}
    return _document(register, question, {"subject": subject, "parcels": parcels}, found, row, said)


async def of_parcel(key: ParcelKey, question: Question, asked: Readings) -> Record:
    """The answer on a parcel, by shares. Raises `UnknownParcel`."""
    numbers = (key.former_code, key.sheet, key.number)
    row = await asked.parcel(numbers, question.day, question.release, shapes=drawn(question))
    if row["parcel"] is None:
        former_code, sheet, number = numbers
        raise UnknownParcel(former_code=former_code, sheet=sheet, number=number, on=question.day)
    return await on_parcel(row, question, asked)


async def on_parcel(row: Row, question: Question, asked: Readings) -> Record:
    """The answer on the one parcel of a row of the store."""
    register, held = await asked.register(row["release"]), row["parcel"]
    key = ParcelKey(held["former_code"], held["sheet"], held["number"])
    source = register.sources.get(held.pop("dataset_id"))
    own = {"subject": {"kind": "parcel", **_named(held, register), "source": source}, "parcels": []}
    return _shared(register, question, own, row, asked.storage_srid, {"parcel": str(key)})


async def of_area(drawing: str, question: Question, asked: Readings) -> Record:
    """The answer in a polygon, by shares, with the parcels under it. It is given as WKT or GeoJSON in longitude and latitude."""
    shape = outline(drawing, asked.storage_srid)
    stored = bytes(shapely.to_wkb(shapely.set_srid(shape, asked.storage_srid), include_srid=True))
    row = await asked.area(stored, question.day, question.release, shapes=drawn(question))
    register = await asked.register(row["release"])
    parcels = [_named(parcel, register) for parcel in row["parcels"] or []]
    own = {"subject": {"kind": "area", **row["area"]}, "parcels": parcels, "parcels_total": row["parcels_total"]}
    return _shared(register, question, own, row, asked.storage_srid, {"shape": as_wkt(drawing)})


def in_degrees(shape: Any, srid: int) -> str:
    """A polygon of the storage CRS as WKT in longitude and latitude: a question that can be asked again, and means this very polygon.

    The pinned operation and its reverse, each without heights, close to a millimetre only; what is written here is what the reverse
    brings back to the polygon within a micrometre.
    """
    there, back = operation(srid, LONLAT).coordinates, operation(LONLAT, srid).coordinates

    def turned(xy: Any) -> Any:
        aim = xy
        for _ in range(3):
            aim = aim - (back(there(aim)) - xy)
        return there(aim)

    return str(shapely.to_wkt(shapely.transform(shape, turned), rounding_precision=12))


def _shared(register: Register, question: Question, own: Record, row: Row, srid: int, said: Record) -> Record:
    """The answer on a subject with an area."""
    subject = own["subject"]
    centre, shape = subject.pop("centre"), subject.pop("shape")
    draw = _drawing(srid, row, shape) if drawn(question) else None
    point = shapely.from_wkb(centre)
    subject |= _place(point.x, point.y, srid)
    if draw is not None:
        subject |= {"geometry": draw(shape), "corners": _corners(shape)}
    found = Found(
        units=dict(row["units"] or []),
        plans=row["plans"] or [],
        zones=row["zones"] or [],
        lines=row["lines"] or [],
        overlaps=frozenset((one, other) for one, other in row["conflicts"] or []),
        area_m2=subject["area_m2"],
        draw=draw,
    )
    return _document(register, question, own, found, row, said)


def _document(register: Register, question: Question, own: Record, found: Found, row: Row, said: Record) -> Record:
    """`said`: how the place is asked for again."""
    day = register.on(question.day)
    document = {
        "release": register.release,
        "on": question.day,
        **own,
        **planning_at(found, day),
        "disclaimer": disclaimer(illustration=register.release["illustration"]),
    }
    document["hash"] = seal(document, _as_bytes)
    document["verify"] = proof_path(document, said)
    document["checks"] = _checks(row, document["themes"])
    return document


def _as_bytes(document: Record) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


def _checks(row: Row, themes: list[Record]) -> Record:
    """What the checks found here, and what was decided of plans that are in conflict."""
    findings = [
        {**one, "name": {"vi": RULES[one["check"]].vi, "en": RULES[one["check"]].en}} for one in row["findings"] or []
    ]
    pairs = [tuple(conflict["plans"]) for theme in themes for conflict in theme["conflicts"]]
    decisions = [
        {"plans": sorted(one["plan_codes"]), **one["accepted"]}
        for one in findings
        if one["check"] == "plan.overlap" and one["accepted"] and tuple(sorted(one["plan_codes"])) in pairs
    ]
    return {"checked_at": row["checked_at"], "findings": findings, "decisions": decisions}


def drawn(question: Question) -> bool:
    """Whether an answer is to have shapes: they are asked for, or its form shows them."""
    return question.geometry or question.format != "json"


def _drawing(srid: int, row: Row, *more: str) -> Callable[[str], Any]:
    """From a shape of the store, hexadecimal EWKB, to GeoJSON in longitude and latitude, by the pinned operation.

    The shapes of a row, and `more`, are turned all at once: a large area has hundreds. What lies deeper in a row is turned when its
    turn comes.
    """
    held = [one for name in ("plans", "zones", "lines") for one in row[name] or [] if isinstance(one, dict)]
    texts = list(dict.fromkeys([*more, *(one["shape"] for one in held if one.get("shape"))]))
    turned = dict(zip(texts, _in_geojson(texts, srid), strict=True))
    return lambda shape: orjson.loads(turned[shape] if shape in turned else _in_geojson([shape], srid)[0])


def _in_geojson(shapes: list[str], srid: int) -> Any:
    read = from_hex(shapes)
    turned = shapely.orient_polygons(shapely.transform(read, operation(srid, LONLAT).coordinates))
    return shapely.to_geojson(shapely.transform(turned, lambda xy: xy.round(9)))


def _corners(shape: str) -> list[Any]:
    return [
        shapely.get_coordinates(ring).round(3).tolist()
        for ring in shapely.get_rings(shapely.get_parts(shapely.from_wkb(shape)))
    ]


def _place(x: float, y: float, srid: int, lonlat: tuple[float, float] | None = None) -> Record:
    lon, lat = lonlat or operation(srid, LONLAT).point(x, y)
    return {"lon": round(lon, 9), "lat": round(lat, 9), "x": round(x, 4), "y": round(y, 4), "crs": f"EPSG:{srid}",
        "operation": PINNED_OPERATION}  # fmt: skip


def _named(parcel: Record, register: Register) -> Record:
    """A parcel with its key and the name its former commune had first."""
    key = ParcelKey(parcel["former_code"], parcel["sheet"], parcel["number"])
    return {"key": str(key), "former_name": register.first_name(key.former_code), **parcel}
