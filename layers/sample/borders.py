"""Planting a gap and an overlap between communes of the new edition, and keeping the uncovered land true to it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import shapely

from layers.sample.strips import length_m, push, shared_runs
from layers.sample.truth import Truth
from layers.sample.units import Units
from planning.geometry import Coordinates

GAP_M, OVERLAP_M = 0.40, 0.25
LENGTH_M = 700.0
COVERED = ("general", "land_use")
"""Levels whose plans must lie on both sides, so that nothing else follows there."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Units and uncovered land after planting, and what was planted."""

    units: Units
    uncovered: list[Truth]
    planted: tuple[Truth, ...]


def planted_in_units(units: Units, uncovered: list[Truth]) -> Outcome:
    """Draw one commune back from its border by 40 cm, and let another reach 25 cm into its neighbour."""
    first = _moved(units, uncovered, ("90101", "90008"), -GAP_M)
    second = _moved(first.units, first.uncovered, ("90103", "90008"), OVERLAP_M)
    return Outcome(second.units, second.uncovered, (*first.planted, *second.planted))


def _moved(units: Units, uncovered: list[Truth], codes: tuple[str, str], width_m: float) -> Outcome:
    mover, other = (units.new_commune(code) for code in codes)
    for chain in _stretches(mover.shape, other.shape):
        pushed = push(mover.shape, chain, width_m)
        followed = _followed(uncovered, codes[0], chain, width_m) if pushed else None
        if not pushed or followed is None:
            continue
        gap = width_m < 0
        words = f"{'a gap' if gap else 'an overlap'} {abs(width_m) * 100:.0f} cm wide between two new communes"
        found = Truth("unit.gap" if gap else "unit.overlap", "unit", pushed.strip, words, unit_codes=codes)
        return Outcome(units.with_new(replace(mover, shape=pushed.shape)), followed, (found,))
    raise ValueError(f"communes {codes} share no border with plans on both sides")


def _stretches(one: shapely.Polygon, other: shapely.Polygon) -> Iterator[Coordinates]:
    """Stretches of about `LENGTH_M` of a shared border, from its middle outwards, its ends left out."""
    for run in shared_runs(one, other):
        vertices = max(3, round(len(run) * LENGTH_M / length_m(run)))
        middle = (len(run) - vertices) // 2
        for start in sorted(range(1, len(run) - vertices), key=lambda place: abs(place - middle))[
            :: max(1, vertices // 4)
        ]:
            yield run[start : start + vertices]


def _followed(truths: list[Truth], code: str, chain: Coordinates, width_m: float) -> list[Truth] | None:
    """The uncovered land after the border of `code` moved: what is uncovered in that commune moves with it.

    None where a plan's edge is so near that more would follow: plans of the covering levels must lie on both sides, plans of
    the other levels on neither.
    """
    around = shapely.LineString(chain).buffer(5)
    levels = {truth.level for truth in truths} - set(COVERED)
    if any(truth.shape.intersects(around) for truth in truths if truth.level in COVERED):
        return None
    for level in levels:
        free = shapely.union_all([truth.shape for truth in truths if truth.level == level])
        if around.difference(free).area > 1e-6:
            return None
    found, moved = [], 0
    for truth in truths:
        mine = truth.unit_codes == (code,) and truth.level in levels
        pushed = push(truth.shape, chain, width_m) if mine else None
        found.append(truth.with_shape(pushed.shape) if pushed else truth)
        moved += pushed is not None
    return found if moved == len(levels) else None
