"""Two coordinates, read as a point in every CRS and order that puts them into the province."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from planning.asking.meridians import ZONES, Mention, crs_named
from planning.asking.records import Order, PointReading, Province, Said
from planning.asking.writing import Token, Written
from planning.geometry import LONLAT, VN2000_LONLAT, VN2000_WIDE_ZONES, operation

LEAST_METRES = 1_000.0
"""Two numbers above it are metres, below it degrees: no place of the country has plane coordinates that small."""

MOST_PARTS = 6
"""Numbers of a point: degrees, minutes and seconds, twice."""


@dataclass(frozen=True, slots=True)
class Angle:
    """Degrees, with the letter written beside them: N, S, E, W, or none."""

    degrees: float
    mark: str = ""

    @property
    def signed(self) -> float:
        """West and south are negative."""
        return -self.degrees if self.mark in {"W", "S"} else self.degrees


def point_readings(written: Written, mention: Mention, province: Province) -> list[PointReading]:
    """The readings of one way of writing that lie in the province."""
    return [*_plane(written, mention, province), *_angular(written, mention, province)]


def ordered(epsgs: Sequence[int], province: Province) -> list[int]:
    """The zones to be tried, that of the province first."""
    return sorted(epsgs, key=lambda epsg: (epsg != province.storage_srid, ZONES[epsg], epsg in VN2000_WIDE_ZONES))


def read_in(first: float, second: float, epsg: int, order: Order, province: Province) -> PointReading | None:
    """A pair in one CRS and order; None where it does not lie in the province."""
    x, y = (first, second) if order == "xy" else (second, first)
    lon, lat = operation(epsg, LONLAT).point(x, y)
    return PointReading(x, y, epsg, order, lon, lat, _label(x, y, epsg)) if province.holds(lon, lat) else None


AXES = {"N": "N", "S": "N", "E": "E", "W": "E"}
"""Letter → axis. X and Y say nothing: people write either for the northing."""
FIRST_AND_SECOND: dict[Order, tuple[str, str]] = {"xy": ("E", "N"), "yx": ("N", "E")}


def orders(first: str, second: str) -> tuple[Order, ...]:
    """The orders that the letters beside two coordinates leave open; an empty letter leaves both."""
    said = (AXES.get(first), AXES.get(second))
    return tuple(
        order
        for order, axes in FIRST_AND_SECOND.items()
        if all(one in {None, axis} for one, axis in zip(said, axes, strict=True))
    )


def _plane(written: Written, mention: Mention, province: Province) -> Iterator[PointReading]:
    pair = written.numbers
    if len(pair) != 2 or min(one.value for one in pair) < LEAST_METRES or _has_angles(written):
        return
    first, second = (one.value for one in pair)
    zones = [epsg for epsg in mention.zones or ZONES if epsg in ZONES]
    for epsg in ordered(zones, province):
        for order in orders(*_beside(written)):
            reading = read_in(first, second, epsg, order, province)
            if reading:
                yield reading


def _angular(written: Written, mention: Mention, province: Province) -> Iterator[PointReading]:
    if mention.zones and not {LONLAT, VN2000_LONLAT} & set(mention.zones):
        return
    if not 2 <= len(written.numbers) <= MOST_PARTS:
        return
    epsg = mention.zones[0] if mention.zones else LONLAT
    tokens = tuple(Token("apart", one.text) if one.kind == "line" else one for one in written.tokens)
    for first, second in _two_angles(_trimmed(tokens)):
        for order in orders(first.mark, second.mark):
            reading = read_in(first.signed, second.signed, epsg, order, province)
            if reading:
                yield reading


def _beside(written: Written) -> tuple[str, str]:
    """The letters of two numbers in their order; whose letter a single one is cannot be told."""
    marks = written.marks
    return (marks[0], marks[1]) if len(marks) == 2 else ("", "")


def _has_angles(written: Written) -> bool:
    return any(one.kind in {"degree", "minute", "second", "colon", "hyphen"} for one in written.tokens)


def _trimmed(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    loose = {"space", "apart"}
    while tokens and tokens[0].kind in loose:
        tokens = tokens[1:]
    while tokens and tokens[-1].kind in loose:
        tokens = tokens[:-1]
    return tokens


def _two_angles(tokens: tuple[Token, ...]) -> Iterator[tuple[Angle, Angle]]:
    for first, rest in _angles(tokens):
        between = _trimmed(rest)
        ended = tokens[len(tokens) - len(rest) - 1].kind in {"mark", "second", "space"}
        if not between or (between == rest and not ended):
            continue
        for second, left in _angles(between):
            if not _trimmed(left):
                yield first, second


def _angles(tokens: tuple[Token, ...]) -> Iterator[tuple[Angle, tuple[Token, ...]]]:
    """Every angle that the tokens may begin with, and the tokens behind it: a letter between two angles may belong to either."""
    before, tokens = _mark(tokens)
    for parts, rest in _parts(tokens):
        degrees = sum(part.value / 60**place for place, part in enumerate(parts))
        if degrees > 180:
            continue
        yield Angle(degrees, before), rest
        behind, after = _mark(rest)
        if behind and (not before or AXES.get(before) is None):
            yield Angle(degrees, behind), after


def _mark(tokens: tuple[Token, ...]) -> tuple[str, tuple[Token, ...]]:
    """The letter that the tokens begin with, one that was said twice once (“kinh độ đông”), and what is behind it."""
    found = ""
    while True:
        rest = tokens[1:] if tokens and tokens[0].kind == "space" else tokens
        if not rest or rest[0].kind != "mark" or (found and rest[0].text != found):
            break
        found, tokens = rest[0].text, rest[1:]
    return found, tokens[1:] if found and tokens and tokens[0].kind == "space" and _begins(tokens[1:]) else tokens


def _begins(tokens: tuple[Token, ...]) -> bool:
    return bool(tokens) and tokens[0].kind == "number"


_BEHIND = ("degree", "minute", "second")
"""The signs behind degrees, minutes and seconds."""


def _parts(tokens: tuple[Token, ...]) -> Iterator[tuple[list[Token], tuple[Token, ...]]]:
    """Degrees; degrees and minutes; degrees, minutes and seconds: each number but the last is whole, those behind the first below 60."""
    parts: list[Token] = []
    for place in range(3):
        if not tokens or tokens[0].kind != "number" or (parts and (not parts[-1].whole or tokens[0].value >= 60)):
            return
        parts.append(tokens[0])
        tokens = tokens[1:]
        signed = bool(tokens) and tokens[0].kind == _BEHIND[place]
        tokens = tokens[1:] if signed else tokens
        yield list(parts), tokens
        inner = {"space", "colon", "hyphen"}
        loose = next((n for n, one in enumerate(tokens) if one.kind not in inner), len(tokens))
        if not signed and loose == 0:
            return
        tokens = tokens[loose:]


def _label(x: float, y: float, epsg: int) -> Said:
    if epsg in ZONES:
        return Said(
            f"Đông {x:.2f}, bắc {y:.2f} — {crs_named(epsg)}", f"Easting {x:.2f}, northing {y:.2f} — {crs_named(epsg)}"
        )
    return Said(
        f"Kinh độ {x:.7g}, vĩ độ {y:.7g} — {crs_named(epsg)}",
        f"Longitude {x:.7g}, latitude {y:.7g} — {crs_named(epsg)}",
    )
