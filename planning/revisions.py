"""What a new version of a plan changes: facts, boundary, zones added, gone and changed, and land that goes from one function to another.

Shapes are compared exactly, in the storage CRS; areas are plane m². A zone of the old version is the zone of the new one that has its lot
symbol and its place; a zone without a symbol, or with another one, is told by its place alone: the common land is more than half of either.
Where zones of one version lie on each other, their common land counts once for each.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import numpy as np
import shapely

LEAST_M2 = 1e-6
"""Less land than this is rounding of coordinates."""

SAME_PLACE = 0.5
"""The share of either zone that must be common where the lot symbol does not tell."""

Change = Literal["added", "gone", "changed"]


@dataclass(frozen=True, slots=True)
class ZoneState:
    """A zone of one version. `facts`: everything said of it but its symbol, function and shape."""

    symbol: str | None
    function: str
    shape: Any
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanState:
    """One version of a plan: its facts by name, its boundary, its zones."""

    code: str
    since: date
    facts: Mapping[str, Any]
    shape: Any
    zones: tuple[ZoneState, ...] = ()


@dataclass(frozen=True, slots=True)
class FactChange:
    """One fact, as it was and as it is now."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class ZoneChange:
    """A zone that came, went or changed. `gained` and `lost` are the land it has more and less; equal land may be drawn otherwise."""

    change: Change
    before: ZoneState | None
    after: ZoneState | None
    facts: tuple[FactChange, ...]
    gained: Any
    lost: Any

    @property
    def shape(self) -> Any:
        """The zone as it is now, or as it was before it went."""
        return (self.after or self.before).shape  # type: ignore[union-attr]


@dataclass(frozen=True, slots=True)
class Revision:
    """What changes from one version of a plan to the next; without `before` the plan is new, without `after` it is withdrawn.

    `moved`: (function before, function now) → m²; None where the land was, or is now, in no zone.
    """

    before: PlanState | None
    after: PlanState | None
    facts: tuple[FactChange, ...]
    gained: Any
    lost: Any
    zones: tuple[ZoneChange, ...]
    moved: Mapping[tuple[str | None, str | None], float]

    @property
    def plan(self) -> PlanState:
        """The plan as it is now, or as it was."""
        return self.after or self.before  # type: ignore[return-value]

    @property
    def changes(self) -> bool:
        """Whether anything differs at all."""
        outline = self.before is None or self.after is None or not _identical(self.before.shape, self.after.shape)
        return bool(self.facts or self.zones or outline)


def revision(before: PlanState | None, after: PlanState | None) -> Revision:
    """Compare two versions of a plan, at least one of which is there."""
    old, new = (one.zones if one else () for one in (before, after))
    still, rest = _identical_zones(old, new)
    land = _common_land([old[i] for i in rest[0]], [new[j] for j in rest[1]])
    pairs = [*still, *((rest[0][i], rest[1][j]) for i, j in _same_zones(land))]
    return Revision(
        before, after, _fact_changes(before.facts if before else {}, after.facts if after else {}),
        _less(after, before), _less(before, after), tuple(_zone_changes(old, new, pairs)), _moved(old, new, still, land),
    )  # fmt: skip


def _less(one: PlanState | None, other: PlanState | None) -> Any:
    return _difference(one.shape if one else None, other.shape if other else None)


def _difference(one: Any, other: Any) -> Any:
    """The polygons of one shape that lie outside another."""
    if one is None:
        return shapely.MultiPolygon()
    rest = one if other is None else shapely.difference(one, other)
    parts = [part for part in shapely.get_parts(shapely.get_parts(rest)) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)


def _identical(one: Any, other: Any) -> bool:
    return bool(shapely.equals_exact(shapely.normalize(one), shapely.normalize(other), tolerance=0.0))


def _fact_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[FactChange, ...]:
    names = dict.fromkeys([*before, *after])
    changes = (FactChange(name, before.get(name), after.get(name)) for name in names)
    return tuple(one for one in changes if one.before != one.after)


def _identical_zones(
    old: Sequence[ZoneState], new: Sequence[ZoneState]
) -> tuple[list[tuple[int, int]], tuple[list[int], list[int]]]:
    """Pairs with the same symbol and the same outline to the last bit, and what is left on both sides."""
    keys = [[(one.symbol, shapely.normalize(one.shape).wkb) for one in zones] for zones in (old, new)]
    places: dict[Any, list[int]] = defaultdict(list)
    for place, key in enumerate(keys[0]):
        places[key].append(place)
    still = [(places[key].pop(0), place) for place, key in enumerate(keys[1]) if places.get(key)]
    taken = {i for i, _ in still}, {j for _, j in still}
    return still, ([i for i in range(len(old)) if i not in taken[0]], [j for j in range(len(new)) if j not in taken[1]])


@dataclass(frozen=True, slots=True)
class _Land:
    """Zones of both versions that are not identical, and what land each pair has in common."""

    old: Sequence[ZoneState]
    new: Sequence[ZoneState]
    common: Mapping[tuple[int, int], float]


def _common_land(old: Sequence[ZoneState], new: Sequence[ZoneState]) -> _Land:
    if not old or not new:
        return _Land(old, new, {})
    shapes = [np.array([one.shape for one in zones], dtype=object) for zones in (old, new)]
    second, first = shapely.STRtree(shapes[0]).query(shapes[1], predicate="intersects")
    areas = shapely.area(shapely.intersection(shapes[0][first], shapes[1][second]))
    common = zip(first.tolist(), second.tolist(), areas.tolist(), strict=True)
    return _Land(old, new, {(i, j): area for i, j, area in common if area > LEAST_M2})


def _same_zones(land: _Land) -> Iterator[tuple[int, int]]:
    """Which of the two sides are one zone: by symbol and place, by a symbol that is unique on both sides, by place alone."""
    claims = [(*_claim(land.old[i], land.new[j], area), i, j) for (i, j), area in land.common.items()]
    counts = [Counter(one.symbol for one in zones) for zones in (land.old, land.new)]
    by_symbol = {one.symbol: place for place, one in enumerate(land.new)}
    for i, one in enumerate(land.old):
        if one.symbol and counts[0][one.symbol] == counts[1][one.symbol] == 1:
            claims.append((1, 0.0, i, by_symbol[one.symbol]))
    given: tuple[set[int], set[int]] = set(), set()
    for kind, _, i, j in sorted(claims):
        if kind < _NO_CLAIM and i not in given[0] and j not in given[1]:
            given[0].add(i)
            given[1].add(j)
            yield i, j


_NO_CLAIM = 3


def _claim(one: ZoneState, other: ZoneState, area: float) -> tuple[int, float]:
    if one.symbol and one.symbol == other.symbol:
        return 0, -area
    return (2 if area > SAME_PLACE * max(one.shape.area, other.shape.area) else _NO_CLAIM), -area


def _zone_changes(
    old: Sequence[ZoneState], new: Sequence[ZoneState], pairs: Sequence[tuple[int, int]]
) -> Iterator[ZoneChange]:
    paired = {i for i, _ in pairs}, {j for _, j in pairs}
    none = shapely.MultiPolygon()
    for i, j in sorted(pairs):
        facts = _fact_changes(_said(old[i]), _said(new[j]))
        if _identical(old[i].shape, new[j].shape):
            gained = lost = none
        else:
            gained, lost = _difference(new[j].shape, old[i].shape), _difference(old[i].shape, new[j].shape)
            facts = facts or (FactChange("outline", None, None),)
        if facts:
            yield ZoneChange("changed", old[i], new[j], facts, gained, lost)
    for i in sorted(set(range(len(old))) - paired[0]):
        yield ZoneChange("gone", old[i], None, (), none, _difference(old[i].shape, None))
    for j in sorted(set(range(len(new))) - paired[1]):
        yield ZoneChange("added", None, new[j], (), _difference(new[j].shape, None), none)


def _said(zone: ZoneState) -> dict[str, Any]:
    return {"symbol": zone.symbol, "function": zone.function, **zone.facts}


def _moved(
    old: Sequence[ZoneState], new: Sequence[ZoneState], still: Sequence[tuple[int, int]], land: _Land
) -> dict[tuple[str | None, str | None], float]:
    moved: dict[tuple[str | None, str | None], float] = defaultdict(float)
    for i, j in still:
        moved[old[i].function, new[j].function] += float(new[j].shape.area)
    left = [one.shape.area for one in land.old], [one.shape.area for one in land.new]
    for (i, j), area in land.common.items():
        moved[land.old[i].function, land.new[j].function] += area
        left[0][i] -= area
        left[1][j] -= area
    for one, rest in zip(land.old, left[0], strict=True):
        moved[one.function, None] += max(0.0, rest)
    for one, rest in zip(land.new, left[1], strict=True):
        moved[None, one.function] += max(0.0, rest)
    ordered = sorted(moved.items(), key=lambda item: -item[1])
    return {pair: area for pair, area in ordered if pair[0] != pair[1] and area > 1000 * LEAST_M2}
