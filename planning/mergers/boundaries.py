"""Boundaries of a merger: contract only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import shapely

from planning.mergers.clauses import Event, Located

NOISE_WIDTH_M = 12.0


@dataclass(frozen=True, slots=True)
class PartLand:
    """The land of one part of one clause. `shape` is a MultiPolygon; `how` tells how it was got."""

    shape: Any
    how: Located


PartKey = tuple[str, int]
"""A part: the label of its event and its place among the event's parts."""


def located(
    events: tuple[Event, ...],
    former: Mapping[str, Any],
    new: Mapping[str, Any],
    given: Mapping[tuple[str, str], tuple[Any, Located]],
) -> dict[PartKey, PartLand]:
    """The land of every part that can be told; a part that is not in the result is unknown."""
    found: dict[PartKey, PartLand] = {}
    for event in events:
        for place, part in enumerate(event.parts):
            land = _land(event, place, former, new, given)
            if part.code and land is not None:
                found[event.label, place] = land
    return found


def _land(
    event: Event,
    place: int,
    former: Mapping[str, Any],
    new: Mapping[str, Any],
    given: Mapping[tuple[str, str], tuple[Any, Located]],
) -> PartLand | None:
    part = event.parts[place]
    if (event.label, part.code or "") in given:
        return PartLand(*given[event.label, part.code or ""])
    old, built = former.get(part.code or ""), new.get(event.code)
    if part.extent == "whole":
        if old is None and built is not None and len(event.parts) == 1:
            return PartLand(built, "derived")
        return PartLand(old, "derived") if old is not None else None
    if old is None or built is None:
        return None
    common = shapely.intersection(old, built)
    wide = [
        piece
        for piece in shapely.get_parts(common)
        if piece.geom_type == "Polygon" and not piece.buffer(-NOISE_WIDTH_M / 2).is_empty
    ]
    return PartLand(shapely.MultiPolygon(wide), "derived") if wide else None


def derived(lands: list[Any]) -> Any:
    """The boundary of a new unit from the land of its parts."""
    return shapely.union_all(lands)


@dataclass(frozen=True, slots=True)
class Difference:
    """A connected piece of a former unit that lies in another new unit than the clauses say."""

    former: str | None
    new: str | None
    expected: tuple[str, ...]
    shape: Any
    area_m2: float
    width_m: float
    verdict: Literal["noise", "shift", "transfer"]
    explained_by: tuple[str, ...]
