"""The VN-2000 zone that a text names: an EPSG code, or a central meridian with or without the width of the zone."""

import re
from dataclasses import dataclass

from planning.asking.records import Said
from planning.geometry import LONLAT, VN2000_LONLAT, VN2000_WIDE_ZONES, VN2000_ZONES

ZONES: dict[int, float] = VN2000_ZONES | VN2000_WIDE_ZONES
"""EPSG code → central meridian of every zone that is tried."""

_EPSG = re.compile(r"\bepsg\s*[:：]?\s*(\d{4,5})\b", re.IGNORECASE)
_WORD = r"(?:kinh tuyến trục|kinh tuyen truc|kinh tuyến|kinh tuyen|k\.?t\.?t\.?|central meridian|cm|múi chiếu|mui chieu|zone|múi|mui)"
_DEGREES = r"(1[01]\d)(?:\s*[°ºo˚-]\s*|\s*độ\s*|\s+)(\d{2})\s*(?:['′’]|phút)?(?![\d.,])"
_NAMED = re.compile(rf"{_WORD}\s*[:=]?\s*{_DEGREES}", re.IGNORECASE)
_ALONE = re.compile(rf"{_WORD}\s*[:=]?\s*(1[01]\d)(?:[.,](\d+))?\s*[°ºo]?(?![\d.,])", re.IGNORECASE)
_BARE = re.compile(r"(?<![\d.,°'′])(1[01]\d)(?:-|[°º]\s*)(00|15|30|45)['′’]?(?![\d.,\-–'′°])")
_WIDTH = re.compile(r"(?:múi|mui|zone)\s*(?:chiếu|chieu)?\s*([36])\s*(?:°|độ|do|deg)?(?![\d.,])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """What a text says of its CRS, and the text without it. `zones`: the EPSG codes that fit; empty where nothing was said.

    `unknown`: what was named is no CRS that can be asked in. `bare`: the meridian stood alone, and could be a part of an angle.
    """

    rest: str
    zones: tuple[int, ...] = ()
    unknown: Said | None = None
    bare: bool = False


def mentions(text: str) -> tuple[Mention, ...]:
    """The ways to read what a text says of its CRS: one, or two where a meridian may be a part of an angle as well."""
    code = _EPSG.search(text)
    if code:
        return (_of_code(int(code[1]), _without(text, code)),)
    width = _WIDTH.search(text)
    within = {"3": VN2000_ZONES, "6": VN2000_WIDE_ZONES}.get(width[1], ZONES) if width else ZONES
    rest = _without(text, width) if width else text
    for pattern in (_NAMED, _ALONE):
        named = pattern.search(rest)
        if named:
            return (_of_meridian(_degrees(named, pattern), within, _without(rest, named)),)
    bare = _BARE.search(rest)
    if bare:
        own = _of_meridian(_degrees(bare, _BARE), within, _without(rest, bare))
        return (Mention(own.rest, own.zones, own.unknown, bare=True), Mention(text))
    return (Mention(rest, tuple(within) if width else ()),)


def _degrees(found: re.Match[str], pattern: re.Pattern[str]) -> float:
    if pattern is _ALONE:
        return float(f"{found[1]}.{found[2] or 0}")
    return int(found[1]) + int(found[2]) / 60


def _without(text: str, found: re.Match[str]) -> str:
    before, after = text[: found.start()].rstrip(" ,;:("), text[found.end() :].lstrip(" ,;:)")
    return f"{before} {after}".strip()


def _of_code(epsg: int, rest: str) -> Mention:
    if epsg in {*ZONES, LONLAT, VN2000_LONLAT}:
        return Mention(rest, (epsg,))
    unknown = Said(
        f"EPSG:{epsg} không dùng được ở đây; dùng một múi VN-2000, ví dụ EPSG:9214.",
        f"EPSG:{epsg} cannot be asked in; use a VN-2000 zone, for example EPSG:9214.",
    )
    return Mention(rest, (), unknown)


def _of_meridian(degrees: float, within: dict[int, float], rest: str) -> Mention:
    zones = tuple(epsg for epsg, meridian in within.items() if abs(meridian - degrees) < 1e-6)
    if zones:
        return Mention(rest, zones)
    named = shown(degrees)
    unknown = Said(
        f"VN-2000 không có múi kinh tuyến trục {named}.", f"VN-2000 has no zone of central meridian {named}."
    )
    return Mention(rest, (), unknown)


def shown(degrees: float) -> str:
    """A meridian as it is written on maps: 105°30′."""
    whole, minutes = divmod(round(degrees * 60), 60)
    return f"{whole}°{minutes:02}′"


def crs_named(epsg: int) -> str:
    """A CRS in words that are the same in both languages."""
    if epsg == LONLAT:
        return "WGS 84"
    if epsg == VN2000_LONLAT:
        return "VN-2000 (EPSG:4756)"
    wide = "6°" if epsg in VN2000_WIDE_ZONES else "3°"
    return f"VN-2000 {shown(ZONES[epsg])}, {wide} (EPSG:{epsg})"
