"""A text, read in every way that makes sense. One reading may be answered; of several a person chooses."""

from dataclasses import replace

from planning.asking.corners import Ring, area_reading, fault, placings, rings, too_large, without_headings
from planning.asking.meridians import Mention, mentions
from planning.asking.parcel_numbers import parcel_readings
from planning.asking.points import point_readings
from planning.asking.records import AreaReading, Heard, NameReading, PointReading, Province, Reading, Said
from planning.asking.writing import Written, tidy, written
from planning.outlines import LONGEST_TEXT
from planning.units import CODE

LONGEST_NAME = 200
"""Letters of a question that is no list of corners."""

EMPTY = Said("câu hỏi chưa có chữ số hay chữ cái nào.", "the question holds neither a digit nor a letter.")
TOO_LONG = Said(f"câu hỏi dài hơn {LONGEST_TEXT} ký tự.", f"the question is longer than {LONGEST_TEXT} characters.")
NO_NAME = Said(
    "không phải tọa độ, danh sách góc hay số thửa, và quá dài để là một tên.",
    "it is no coordinates, list of corners or parcel, and too long for a name.",
)
COMMA = Said(
    "dấu phẩy có thể là dấu thập phân hoặc ngăn hai tọa độ; hãy viết hai tọa độ cách nhau bằng dấu cách hoặc “;”.",
    "the comma may be a decimal sign or part two coordinates; write them with a space or “;” between.",
)
ELSEWHERE = Said(
    "tọa độ không rơi vào tỉnh này theo bất kỳ múi VN-2000 hay thứ tự nào{zone}; hãy kiểm tra lại.",
    "the coordinates fall into this province under no VN-2000 zone and order{zone}; check them.",
)
NUMBERS = Said(
    "chỉ có chữ số: không phải mã đơn vị (2 hoặc 5 chữ số), hai tọa độ hay số thửa.",
    "it is digits alone, and no code of a unit (2 or 5 digits), two coordinates or a parcel.",
)
NO_COMMUNE = Said(
    "cần thêm xã, phường (cũ hoặc mới): số tờ đánh lại từ 1 ở mỗi xã cũ.",
    "name the commune, former or present: sheets are numbered from 1 in every former commune.",
)


def read(text: str, province: Province) -> Heard:
    """What a text may mean in a province."""
    if len(text) > LONGEST_TEXT:
        return Heard((), TOO_LONG)
    plain = tidy(text).strip()
    if not any(letter.isalnum() for letter in plain):
        return Heard((), EMPTY)
    parcels = parcel_readings(plain) if len(plain) <= LONGEST_NAME else []
    if parcels:
        named = all(one.commune for one in parcels)
        return Heard(tuple(parcels)) if named else Heard((), NO_COMMUNE)
    return read_coordinates(plain, province) or _named(plain)


def read_coordinates(text: str, province: Province, said: Mention | None = None) -> Heard | None:
    """The text as a point or as corners; None where it is neither. `said`: the CRS, where it was asked for apart from the text."""
    plain = tidy(text)
    ways = [replace(said, rest=plain)] if said else mentions(plain)
    unknown = next((way.unknown for way in ways if way.unknown and _numeric(way.rest)), None)
    if unknown:
        return Heard((), unknown)
    found = [_in_one_way(way, province) for way in ways]
    points = [one for heard in found if heard for one in heard.readings]
    if points:
        return Heard(tuple(_distinct(points)))
    return next((heard for heard in found if heard), None)


def _in_one_way(way: Mention, province: Province) -> Heard | None:
    bare = without_headings(way.rest)
    texts = dict.fromkeys((way.rest, bare))
    ways = [one for text in texts for one in written(text)]
    if not ways or not any(one.numbers for one in ways):
        return None
    if all(_one_comma(one) for one in ways[:1]) and "," in way.rest:
        return Heard((), COMMA)
    points = [reading for one in ways for reading in point_readings(one, way, province)]
    areas = _areas(dict.fromkeys(ring for one in ways for ring in rings(one)), way, province)
    if isinstance(areas, Said):
        return Heard((), areas)
    if points or areas:
        return Heard((*points, *areas))
    return Heard((), _elsewhere(way)) if _coordinates_meant(ways) else None


def _areas(found: dict[Ring, None], way: Mention, province: Province) -> list[AreaReading] | Said:
    """The areas within the province; a sentence where what lies in it bounds no parcel."""
    readings, wrong = [], None
    for ring in found:
        placed = list(placings(ring, way, province))
        crossed = fault(ring) if placed else None
        if crossed:
            wrong = crossed
            continue
        for reading in (area_reading(one, province) for one in placed):
            wrong = too_large(reading)
            if wrong is None:
                readings.append(reading)
    return readings or wrong or []


def _distinct(readings: list[Reading]) -> list[Reading]:
    """Each place once, however many ways of writing lead to it."""
    found: dict[object, Reading] = {}
    for one in readings:
        if isinstance(one, PointReading):
            found.setdefault((round(one.lon, 8), round(one.lat, 8)), one)
        elif isinstance(one, AreaReading):
            found.setdefault(tuple(round(number, 8) for number in one.lonlat.bounds), one)
    return list(found.values())


def _one_comma(way: Written) -> bool:
    """“106,21”: two whole numbers parted by a comma alone."""
    return (
        [one.kind for one in way.tokens] == ["number", "apart", "number"]
        and all(one.whole and one.value <= 180 for one in way.numbers)
        and way.tokens[1].text == ","
    )


def _coordinates_meant(ways: list[Written]) -> bool:
    """Whether the numbers are too many or too large to be anything but coordinates: a name or a code is none."""
    fewest = min(len(one.numbers) for one in ways)
    return fewest >= 2 or any(one.kind in {"degree", "minute"} for one in ways[0].tokens)


def _elsewhere(way: Mention) -> Said:
    if not way.zones:
        return Said(ELSEWHERE.vi.format(zone=""), ELSEWHERE.en.format(zone=""))
    named = ", ".join(f"EPSG:{one}" for one in way.zones)
    return Said(ELSEWHERE.vi.format(zone=f" ({named})"), ELSEWHERE.en.format(zone=f" ({named})"))


def _numeric(text: str) -> bool:
    return any(len(one.numbers) >= 2 for one in written(without_headings(text)))


def _named(text: str) -> Heard:
    line = " ".join(text.split())
    if len(line) > LONGEST_NAME:
        return Heard((), NO_NAME)
    lettered = any(sign.isalpha() for sign in line) or CODE.fullmatch(line)
    return Heard((NameReading(line),)) if lettered else Heard((), NUMBERS)
