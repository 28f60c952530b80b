"""A looked-up place in any way of asking: one reading is answered, several are asked back, and none is told why."""

from fastapi import Response

from api.documents.plain_page import choices_page
from api.documents.sheet.blocks import Tongue
from api.places import ASKABLE, LookedUp, ParcelOf
from api.routes.answering import Question, drawn, in_degrees, of_area, of_point, on_parcel
from api.routes.choosing import Meant, edition_of, meant, parcels_meant
from api.routes.units import point_as_wkb, unknown_parts
from api.routes.wiring import OLDEST_SECONDS, answered, heading
from planning.asking.meridians import ZONES, Mention
from planning.asking.points import ordered, orders, read_in
from planning.asking.reading import read, read_coordinates
from planning.asking.records import AreaReading, Heard, Order, ParcelReading, PointReading, Province, Said
from planning.errors import BadQuestion, NothingFound, OutsideProvince, UnknownPart
from planning.geometry import LONLAT, VN2000_LONLAT, known_epsg, operation
from planning.register import Record
from planning.store.reading import Readings

OF_CORNERS = {*ZONES, LONLAT, VN2000_LONLAT}
"""In which CRS corners are listed."""

CANDIDATE = ("code", "name", "extent", "clause", "resolution")


async def looked_up(place: LookedUp, asked: Readings) -> Record | Meant:
    """The answer on a place, or what was perhaps meant by it. Raises where it is nothing."""
    if place.shape is not None or place.lon is not None:
        return await answer_at(place, asked)
    if place.x is not None and place.y is not None:
        return await _of_plane(place.x, place.y, place, asked)
    if place.corners is not None:
        return await _heard("corners", place.corners, _corners(place, await asked.province()), place, asked)
    if place.q is not None:
        return await _heard("q", place.q, read(place.q, await asked.province()), place, asked)
    return await _of_number(place, asked)


async def answer_at(place: LookedUp, asked: Readings) -> Record:
    """The answer on a place that can be read in one way only: a shape, a longitude and latitude, or x, y and their CRS."""
    if place.shape is not None:
        return await in_area(place.shape, place, asked)
    return await at_point(*place.coordinates, place, asked)


async def in_area(drawing: str, question: Question, asked: Readings) -> Record:
    """The answer in an area. Raises as `at_point` does where no unit on record has a part of it."""
    document = await of_area(drawing, question, asked)
    if not document["units"]:
        subject = document["subject"]
        said = {"x": subject["lon"], "y": subject["lat"], "crs": f"EPSG:{LONLAT}", "on": question.day}
        await _refuse_unknown_part((subject["x"], subject["y"]), said, question, document["release"]["number"], asked)
        raise OutsideProvince(**said)
    return document


async def at_point(first: float, second: float, epsg: int, question: LookedUp, asked: Readings) -> Record:
    """The answer at a point. Raises `OutsideProvince`, or `UnknownPart` where its former unit has no boundary on record."""
    document = await of_point((first, second, epsg), question, asked)
    said = {"x": first, "y": second, "crs": f"EPSG:{epsg}", "on": question.day}
    if not any(unit["level"] == "commune" for unit in document["units"]):
        point = operation(epsg, asked.storage_srid).point(first, second)
        await _refuse_unknown_part(point, said, question, document["release"]["number"], asked)
    if not document["units"]:
        raise OutsideProvince(**said)
    return document


def asked_back(found: Meant, place: LookedUp) -> Response:
    """300 with the choices: none is picked. Of a page that was asked for, a page of links; of a PDF the choices as JSON, each with the
    address of its PDF.
    """
    text = place.q or place.corners or ""
    if place.format == "html":
        return page_of_choices(text, found.choices, found.total, place)
    own = {"q": text, "choices": found.choices, "total": found.total, "why": None}
    answer = answered({**heading(found.row, place.day), **own})
    answer.status_code = 300
    return answer


def page_of_choices(text: str, choices: list[Record], total: int, question: LookedUp | ParcelOf) -> Response:
    """300 as a page."""
    page = choices_page(text, choices, total, question.day, Tongue(question.lang))
    headers = {"Cache-Control": f"public, max-age={OLDEST_SECONDS}"}
    return Response(page, 300, headers, "text/html; charset=utf-8")


async def _of_plane(x: float, y: float, place: LookedUp, asked: Readings) -> Record | Meant:
    """A pair of metres: with its CRS as it is written, unless only the other order lies in the province; without it, asked back."""
    province = await asked.province()
    epsg = _crs(place.crs)
    if epsg is not None and (place.order or epsg not in ZONES):
        first, second = (y, x) if place.order == "yx" else (x, y)
        return await at_point(first, second, epsg, place, asked)
    zones = [epsg] if epsg else ordered(list(ZONES), province)
    tried: tuple[Order, ...] = (place.order,) if place.order else orders("", "")
    found = [one for zone in zones for order in tried if (one := read_in(x, y, zone, order, province))]
    if epsg is not None and len(found) <= 1:
        only = found[0] if found else PointReading(x, y, epsg, "xy", 0.0, 0.0, Said("", ""))
        return await at_point(only.x, only.y, epsg, place, asked)
    if not found:
        raise BadQuestion(
            parameter="x, y",
            vi="không rơi vào tỉnh này theo bất kỳ múi VN-2000 hay thứ tự nào; hãy cho crs.",
            en="they fall into this province under no VN-2000 zone and order; give crs.",
        )
    return await _heard("x, y", f"{x} {y}", Heard(tuple(found)), place, asked)


def _corners(place: LookedUp, province: Province) -> Heard:
    epsg = _crs(place.crs)
    if epsg is not None and epsg not in OF_CORNERS:
        raise _bad_crs(place.crs, OF_CORNERS)
    text = place.corners or ""
    heard = read_coordinates(text, province, Mention(text, (epsg,)) if epsg else None)
    if heard is None:
        return Heard((), Said("không đọc được là danh sách tọa độ góc.", "it cannot be read as a list of corners."))
    areas = tuple(one for one in heard.readings if isinstance(one, AreaReading))
    kept = tuple(one for one in areas if place.order in {None, one.order})
    if heard.readings and not areas:
        return Heard((), Said("cần ít nhất ba góc.", "at least three corners are needed."))
    if areas and not kept:
        return Heard(
            (),
            Said("không rơi vào tỉnh này theo thứ tự đã cho.", "they fall outside this province in the order given."),
        )
    return Heard(kept, heard.why)


def _crs(text: str | None) -> int | None:
    if text is None:
        return None
    epsg = known_epsg(text)
    if epsg not in ASKABLE:
        raise _bad_crs(text, ASKABLE)
    return epsg


def _bad_crs(text: str | None, askable: set[int]) -> BadQuestion:
    known = ", ".join(f"EPSG:{code}" for code in sorted(askable))
    return BadQuestion(
        parameter="crs", vi=f"“{text}” không dùng được; dùng {known}.", en=f"“{text}” is not one of {known}."
    )


async def _of_number(place: LookedUp, asked: Readings) -> Record | Meant:
    sheet, number, commune = place.sheet or 0, place.number or 0, place.commune or ""
    if not any(letter.isalnum() for letter in commune):
        raise BadQuestion(parameter="commune", vi="không có chữ.", en="it holds no letter.")
    text = f"{number}/{sheet} {commune}"
    reading = ParcelReading(sheet, number, commune, Said(text, text))
    words = {"vi": f"thửa {number}, tờ {sheet}, {commune}", "en": f"parcel {number}, sheet {sheet}, {commune}"}
    return await _heard("commune", words[place.lang], Heard((reading,)), place, asked)


async def _heard(parameter: str, text: str, heard: Heard, place: LookedUp, asked: Readings) -> Record | Meant:
    """The answer where exactly one place is meant. A name is no place with limits of its own: it is asked back even if it is one."""
    if heard.why:
        raise BadQuestion(parameter=parameter, vi=heard.why.vi, en=heard.why.en)
    only = heard.readings[0] if len(heard.readings) == 1 else None
    if isinstance(only, AreaReading):
        return await in_area(in_degrees(only.shape, asked.storage_srid), place, asked)
    if isinstance(only, PointReading):
        return await at_point(only.x, only.y, only.epsg, place, asked)
    edition, of_parcels = edition_of(place), isinstance(heard.readings[0], ParcelReading)
    if of_parcels:
        found = await parcels_meant(heard, edition, asked, shapes=drawn(place))
    else:
        found = await meant(heard, edition, asked)
    if not found.choices:
        raise NothingFound(text=text[:100], on=place.day)
    return await on_parcel(found.row, place, asked) if of_parcels and len(found.choices) == 1 else found


async def _refuse_unknown_part(
    point: tuple[float, float], said: Record, question: Question, release: int, asked: Readings
) -> None:
    """No commune on record lies here on the day: say so where a unit before or after it tells which it may have been."""
    unknown = unknown_parts(await asked.units_at(point_as_wkb(point), question.day, release))
    if not unknown:
        return
    known, candidates = unknown[0]["unit"], [one for entry in unknown for one in entry["candidates"]]
    raise UnknownPart(
        **said,
        effective=known["effective"],
        known=f"{known['name']} ({known['code']})",
        named=", ".join(dict.fromkeys(f"{one['name']} ({one['code'] or '–'})" for one in candidates)),
        candidates=[{name: one[name] for name in CANDIDATE} for one in candidates],
    )
