"""Control points that do not fit the others, and what was probably written wrong: exchanged digits, exchanged axes, a wrong digit."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from layers.digitise.fitting import FEWEST, Method, Undetermined, left_out
from planning.geometry import Coordinates

FALLS_TO = 1 / 3
"""A point is suspected where, without it, the others' error falls to this share."""

MOST_SHARE = 3
"""At most one point in so many is suspected: with more, it is the map or the method that does not fit."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A point at a place of the input, metres off, with the likely cause in two languages; empty where none is likely."""

    place: int
    off_m: float
    vi: str
    en: str


def suspects(method: Method, pixels: Coordinates, points: Coordinates, bearable_m: float) -> list[Suspect]:
    """Points that are off by more than `bearable_m` and spoil the rest, the worst first.

    With no point to spare, any of them may be the wrong one: then a point is named only where a slip explains it and no other.
    """
    found: list[Suspect] = []
    kept = np.arange(len(pixels))
    while len(found) < len(pixels) // MOST_SHARE:
        one = _worst(method, pixels, points, kept, bearable_m)
        if one is None:
            break
        found.append(one)
        kept = kept[kept != one.place]
    return found


def rmse(offsets: Coordinates) -> float:
    """Root of the mean square of distances."""
    return float(np.sqrt((offsets**2).sum(axis=1).mean()))


def _worst(
    method: Method, pixels: Coordinates, points: Coordinates, kept: np.ndarray, bearable_m: float
) -> Suspect | None:
    if len(kept) < FEWEST[method]:
        return None
    offsets = left_out(method, pixels[kept], points[kept])
    distances = np.hypot(*offsets.T)
    explained: list[Suspect] = []
    for local in np.argsort(-distances):
        if distances[local] <= bearable_m:
            break
        place, others = int(kept[local]), np.delete(kept, local)
        cause = _cause(points[place], points[place] + offsets[local], bearable_m)
        one = Suspect(place, float(distances[local]), *(cause or ("", "")))
        if _fits_without(method, pixels[others], points[others], rmse(offsets)):
            return one
        explained += [one] if cause else []
    spare = len(kept) > FEWEST[method]
    return explained[0] if explained and (spare or len(explained) == 1) else None


def _fits_without(method: Method, pixels: Coordinates, points: Coordinates, before: float) -> bool:
    """Whether the others agree among themselves; they cannot be asked where they are too few."""
    try:
        return rmse(left_out(method, pixels, points)) <= FALLS_TO * before
    except Undetermined:
        return False


def _cause(measured: Coordinates, predicted: Coordinates, bearable_m: float) -> tuple[str, str] | None:
    """The slip of the pen that brings the point to where the others expect it."""
    if np.hypot(*(measured[::-1] - predicted)) <= bearable_m:
        return "x và y bị hoán đổi", "x and y are exchanged"
    for axis, name in enumerate("xy"):
        other = 1 - axis
        if abs(measured[other] - predicted[other]) > bearable_m:
            continue
        for value, vi, en in _misread(measured[axis]):
            if abs(value - predicted[axis]) <= bearable_m:
                return vi.format(name, f"{value:.3f}"), en.format(name, f"{value:.3f}")
    return None


def _misread(value: float) -> Iterator[tuple[float, str, str]]:
    """What a number may have been before two of its digits were exchanged, or one was written wrong."""
    digits = f"{value:.3f}"
    places = [place for place, digit in enumerate(digits) if digit.isdigit()]
    for one, other in combinations(places, 2):
        letters = [*digits]
        letters[one], letters[other] = letters[other], letters[one]
        yield (
            float("".join(letters)),
            "{} có hai chữ số bị đảo, có lẽ là {}",
            "two digits of {} are exchanged, perhaps {}",
        )
    for place in places:
        for digit in "0123456789":
            changed = float(digits[:place] + digit + digits[place + 1 :])
            yield changed, "{} sai một chữ số, có lẽ là {}", "one digit of {} is wrong, perhaps {}"
