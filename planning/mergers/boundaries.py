"""The land of parts and the boundaries of new units, told from former and new boundaries; unknown where neither tells it.

Shapes are (multi)polygons in the storage CRS, planar metres; codes map to shapes, and a code that is missing is unknown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from planning.mergers.clauses import Event, Located, Part

NOISE_WIDTH_M = 12.0
"""What vanishes under an opening by this width is digitising noise: about three times the error of two digitisings together.

Source: 3,025 former and 1,000 new communes with errors of 2-3 m and a shift: no false transfer, none of 140 missed.
"""

PartKey = tuple[str, int]
"""A part: the label of its event and its place among the event's parts."""


@dataclass(frozen=True, slots=True)
class PartLand:
    """The land of one part of one clause, and how it was got."""

    shape: Any
    how: Located


@dataclass(frozen=True, slots=True)
class Known:
    """What tells where land lies: former and new units by code, and land given by an office by (clause label, former code)."""

    former: Mapping[str, Any]
    new: Mapping[str, Any]
    given: Mapping[tuple[str, str], tuple[Any, Located]]


def located(
    events: Sequence[Event],
    former: Mapping[str, Any],
    new: Mapping[str, Any],
    given: Mapping[tuple[str, str], tuple[Any, Located]],
) -> dict[PartKey, PartLand]:
    """The land of every part that can be told; a part that is not in the result is unknown.

    Given land comes first. A whole unit is its former boundary, or the new one where the clause takes nothing else. A part is
    the former unit within the new one, without slivers of noise; a rest also the former unit less its other parts.
    """
    known = Known(former, new, given)
    found: dict[PartKey, PartLand] = {}
    for event in events:
        for place, part in enumerate(event.parts):
            land = _land(event, part, known) if part.code else None
            if land is not None:
                found[event.label, place] = land
    return found | _rests(events, found, known)


def derived(lands: Iterable[Any]) -> Any:
    """The boundary of a new unit from the land of its parts: their union, nothing closed or repaired."""
    return shapely.union_all(list(lands))


def surviving(shape: Any, width_m: float = NOISE_WIDTH_M) -> list[Any]:
    """The connected parts of any geometry in which a disc of this diameter fits, each whole, with its thin tails."""
    polygons = _polygons(shape)
    cores = shapely.buffer(polygons, -width_m / 2, quad_segs=4)
    return list(polygons[~shapely.is_empty(cores)])


def opened(shape: Any, width_m: float = NOISE_WIDTH_M) -> list[Any]:
    """What an opening by this width leaves of any geometry: thin tails and necks fall away, sharp corners stay within a mitre."""
    wide = np.array(surviving(shape, width_m), dtype=object)
    cores = shapely.get_parts(shapely.buffer(wide, -width_m / 2, quad_segs=4))
    grown = shapely.buffer(cores, width_m / 2, join_style="mitre", mitre_limit=2.0)
    return list(_polygons(shapely.intersection(shape, shapely.union_all(grown)))) if len(cores) else []


def _polygons(shape: Any) -> Any:
    parts = shapely.get_parts(shapely.get_parts(shape))
    return parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]


def _land(event: Event, part: Part, known: Known) -> PartLand | None:
    code = part.code or ""
    if (event.label, code) in known.given:
        return PartLand(*known.given[event.label, code])
    old, built = known.former.get(code), known.new.get(event.code)
    if part.extent == "whole":
        alone = built if len(event.parts) == 1 else None
        shape = old if old is not None else alone
        return PartLand(shape, "derived") if shape is not None else None
    if old is None or built is None:
        return None
    wide = surviving(shapely.intersection(old, built))
    return PartLand(shapely.union_all(wide), "derived") if wide else None


def _rests(events: Sequence[Event], found: Mapping[PartKey, PartLand], known: Known) -> dict[PartKey, PartLand]:
    """Rests in new units without a boundary: the former unit less its other parts, when all of these are known."""
    divided: dict[tuple[str, str], list[tuple[PartKey, Part]]] = {}
    for event in events:
        for place, part in enumerate(event.parts):
            if part.code and part.extent != "whole":
                divided.setdefault((event.resolution, part.code), []).append(((event.label, place), part))
    rests = {}
    for (_, code), parts in divided.items():
        missing = [(key, part) for key, part in parts if key not in found]
        if len(missing) == 1 and missing[0][1].extent == "rest" and code in known.former:
            others = shapely.union_all([found[key].shape for key, _ in parts if key in found])
            wide = surviving(shapely.difference(known.former[code], others))
            if wide:
                rests[missing[0][0]] = PartLand(shapely.union_all(wide), "derived")
    return rests
