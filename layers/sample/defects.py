"""Planting defects in plans: slivers of known width, and zones that are missing, doubled, pierced or one inside another."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from layers.sample.drawings import Drawing
from layers.sample.noise import stream
from layers.sample.plans import UNDECIDED, Plan
from layers.sample.province import EAST, WEST, Province
from layers.sample.strips import length_m, middle_of, push, shared_runs
from layers.sample.truth import Truth, in_force
from layers.sample.units import Units
from planning.geometry import Coordinates
from planning.plans import Level

Communes = dict[str, shapely.Geometry]
"""New communes, drawn in a little, by code."""

LONGEST_M = 450.0
PLAN_OVERLAP_M = 2.5
OVERLAPPING = ("QHPK-01", "QHPK-02")
CLEARANCE_M = 1.0
"""Between a defect and the border of a commune, so that there is no doubt in which commune it lies."""

HOLE_M2 = 0.2


@dataclass(frozen=True, slots=True)
class Change:
    """One way to plant a defect: the finding it makes, and what becomes of the zones of the plan."""

    check: str
    shape: shapely.Polygon
    exchanged: dict[int, shapely.Polygon] = field(default_factory=dict)
    beside: tuple[int, ...] = ()
    """Zones that stay as they are but take part."""
    doubled: int | None = None
    """The zone of whose function a new one is added, as large as the finding."""
    removed: int | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """One defect to plant: how, in which plan, how wide where it is a sliver."""

    how: Callable[[Drawing, float, np.random.Generator], Iterator[Change]]
    level: Level
    province: Province
    words: str
    width_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Planted:
    """What a checker must report, and what is too narrow to be reported."""

    truth: tuple[Truth, ...]
    noise: tuple[Truth, ...]


def planted(drawings: Sequence[Drawing], units: Units, seed: int) -> Planted:
    """Plant everything, each defect well inside one new commune."""
    communes = {unit.code: shapely.buffer(unit.shape, -CLEARANCE_M) for unit in units.new if len(unit.code) == 5}
    shapely.prepare([*communes.values()])
    by_code = {drawing.plan.code: drawing for drawing in drawings}
    real = [_planted(wish, drawings, communes, seed) for wish in WISHES]
    noise = [_planted(wish, drawings, communes, seed) for wish in NOISE]
    real.append(_plan_overlap(by_code[OVERLAPPING[0]], by_code[OVERLAPPING[1]], communes))
    return Planted(tuple(real), tuple(noise))


def _planted(wish: Wish, drawings: Sequence[Drawing], communes: Communes, seed: int) -> Truth:
    """Plant one defect in a plan that has few yet."""
    source = stream(seed, "defect", wish.level, wish.words)
    for drawing in sorted((one for one in drawings if _fit(one.plan, wish)), key=lambda one: len(one.taken)):
        for change in wish.how(drawing, wish.width_m, source):
            home = _home(change.shape, communes)
            if home:
                _carry_out(change, drawing)
                drawn_in = "" if wish.province is WEST else f", drawn in EPSG:{wish.province.epsg}"
                words, codes = wish.words + drawn_in, (drawing.plan.code,)
                return Truth(change.check, wish.level, change.shape, words, (home,), codes)
    raise ValueError(f"no plan of level {wish.level} has room for this defect: {wish.words}")


def _fit(plan: Plan, wish: Wish) -> bool:
    plain = plan.code != UNDECIDED and plan.amends is None
    return plain and in_force(plan) and (plan.level, plan.province) == (wish.level, wish.province)


def _home(shape: shapely.Polygon, communes: Communes) -> str | None:
    return next((code for code, commune in communes.items() if commune.contains(shape)), None)


def _carry_out(change: Change, drawing: Drawing) -> None:
    drawing.taken |= {*change.exchanged, *change.beside}
    for zone, shape in change.exchanged.items():
        drawing.zones[zone] = shape
    if change.doubled is not None:
        drawing.taken |= {change.doubled, len(drawing.zones)}
        drawing.zones.append(change.shape)
        drawing.function.append(drawing.function[change.doubled])
    if change.removed is not None:
        drawing.taken = {zone - (zone > change.removed) for zone in drawing.taken}
        del drawing.zones[change.removed], drawing.function[change.removed]


def _gaps(drawing: Drawing, width_m: float, source: np.random.Generator) -> Iterator[Change]:
    for zone, other, run in _seams(drawing, width_m, source):
        pushed = push(drawing.zones[zone], run, -width_m)
        if pushed:
            yield Change("plan.zone-gap", pushed.strip, {zone: pushed.shape}, (other,))


def _overlaps(drawing: Drawing, width_m: float, source: np.random.Generator) -> Iterator[Change]:
    for zone, other, run in _seams(drawing, width_m, source):
        pushed = push(drawing.zones[zone], run, width_m)
        if pushed and _inside(pushed.strip, drawing.zones[other]):
            yield Change("plan.zone-overlap", pushed.strip, {zone: pushed.shape}, (other,))


def _edge_gaps(drawing: Drawing, width_m: float, source: np.random.Generator) -> Iterator[Change]:
    for zone, run in _edges(drawing, source):
        pushed = push(drawing.zones[zone], run, -width_m)
        if pushed:
            yield Change("plan.zone-gap", pushed.strip, {zone: pushed.shape})


def _overhangs(drawing: Drawing, width_m: float, source: np.random.Generator) -> Iterator[Change]:
    for zone, run in _edges(drawing, source):
        pushed = push(drawing.zones[zone], run, width_m)
        if pushed and pushed.strip.intersection(drawing.boundary).area < 1e-6 * pushed.strip.area:
            yield Change("plan.zone-overhang", pushed.strip, {zone: pushed.shape})


def _missing(drawing: Drawing, _: float, source: np.random.Generator) -> Iterator[Change]:
    for zone in _ordinary(drawing, source):
        yield Change("plan.zone-gap", drawing.zones[zone], removed=zone)


def _doubled(drawing: Drawing, _: float, source: np.random.Generator) -> Iterator[Change]:
    for zone in _ordinary(drawing, source):
        yield Change("plan.zone-overlap", drawing.zones[zone], doubled=zone)


def _contained(drawing: Drawing, _: float, source: np.random.Generator) -> Iterator[Change]:
    for zone in _ordinary(drawing, source):
        inner = _hexagon(drawing.zones[zone], 0.1 * drawing.zones[zone].area ** 0.5)
        if drawing.zones[zone].contains(shapely.buffer(inner, 1.0)):
            yield Change("plan.zone-overlap", inner, doubled=zone)


def _pierced(drawing: Drawing, _: float, source: np.random.Generator) -> Iterator[Change]:
    for zone in _ordinary(drawing, source):
        shell = drawing.zones[zone]
        hole = _hexagon(shell, (HOLE_M2 / 2.25) ** 0.5)
        if shell.contains(shapely.buffer(hole, 1.0)):
            pierced = shapely.Polygon(shell.exterior, [*shell.interiors, hole.exterior.coords[::-1]])
            yield Change("plan.zone-gap", hole, {zone: pierced})


def _plan_overlap(one: Drawing, other: Drawing, communes: Communes) -> Truth:
    """Let the first plan reach into the second, its own zone with it."""
    for zone in sorted({*range(len(one.zones))} - one.taken):
        for run in shared_runs(one.zones[zone], other.boundary):
            chain = middle_of(run, at_most_m=LONGEST_M)
            if len(chain) < 2 or length_m(chain) < 10 * PLAN_OVERLAP_M:
                continue
            wider, widened = push(one.zones[zone], chain, PLAN_OVERLAP_M), push(one.boundary, chain, PLAN_OVERLAP_M)
            home = wider and _home(wider.strip, communes)
            if wider and widened and home and _inside(wider.strip, other.boundary):
                one.zones[zone], one.boundary = wider.shape, widened.shape
                one.taken.add(zone)
                words = f"the boundary of one subdivision plan reaches {PLAN_OVERLAP_M} m into the other"
                return Truth("plan.overlap", one.plan.level, wider.strip, words, (home,), OVERLAPPING)
    raise ValueError("the first two subdivision plans share no border long enough")


def _seams(drawing: Drawing, width_m: float, source: np.random.Generator) -> Iterator[tuple[int, int, Coordinates]]:
    """Two zones that take part in no defect yet, and the middle of a border they share."""
    tree = shapely.STRtree(drawing.zones)
    for zone in _free(drawing, source):
        for other in sorted(tree.query(drawing.zones[zone], predicate="touches")):
            if other in drawing.taken:
                continue
            for run in shared_runs(drawing.zones[zone], drawing.zones[other])[:1]:
                chain = middle_of(run, at_most_m=LONGEST_M)
                if len(chain) >= 2 and length_m(chain) > 8 + 4 * width_m:
                    yield zone, int(other), chain


def _edges(drawing: Drawing, source: np.random.Generator) -> Iterator[tuple[int, Coordinates]]:
    """A zone that takes part in no defect yet, and the middle of its border with the outside of the plan."""
    for zone in _free(drawing, source):
        for run in shared_runs(drawing.zones[zone], drawing.boundary)[:1]:
            chain = middle_of(run, at_most_m=LONGEST_M)
            if len(chain) >= 2:
                yield zone, chain


def _free(drawing: Drawing, source: np.random.Generator) -> list[int]:
    return [int(place) for place in source.permutation(len(drawing.zones)) if place not in drawing.taken]


def _ordinary(drawing: Drawing, source: np.random.Generator) -> list[int]:
    """Free zones of middling size without holes."""
    area = shapely.area(np.array(drawing.zones))
    low, high = np.quantile(area, 0.2), np.quantile(area, 0.85)
    return [
        place for place in _free(drawing, source) if low <= area[place] <= high and not drawing.zones[place].interiors
    ]


def _inside(strip: shapely.Polygon, shape: shapely.Polygon) -> bool:
    return bool(strip.difference(shape).area < 1e-6 * strip.area)


def _hexagon(around: shapely.Polygon, radius_m: float) -> shapely.Polygon:
    """A hexagon of area 2.25 r² inside a polygon."""
    at = around.representative_point()
    corners = np.array([(1, 0), (0.5, 0.75), (-0.5, 0.75), (-1, 0), (-0.5, -0.75), (0.5, -0.75)])
    return shapely.Polygon(corners * radius_m + (at.x, at.y))


WISHES = (
    Wish(_missing, "general", WEST, "a zone is missing"),
    Wish(_contained, "general", EAST, "a zone lies inside another"),
    Wish(_doubled, "land_use", WEST, "a zone stands twice"),
    Wish(_gaps, "land_use", WEST, "a gap 1 m wide between two zones", 1.0),
    Wish(_overlaps, "general", WEST, "two zones overlap by 1 m", 1.0),
    Wish(_gaps, "subdivision", EAST, "a gap 10 cm wide between two zones", 0.1),
    Wish(_overhangs, "general", EAST, "a zone reaches 3 cm beyond its plan", 0.03),
    Wish(_gaps, "general", EAST, "a gap 1 cm wide between two zones", 0.01),
    Wish(_overlaps, "land_use", WEST, "two zones overlap by 1 cm", 0.01),
    Wish(_overlaps, "detailed", WEST, "two zones overlap by 1 cm", 0.01),
    Wish(_gaps, "land_use", EAST, "a gap 5 mm wide between two zones", 0.005),
    Wish(_edge_gaps, "general", WEST, "a gap 5 mm wide between a zone and the plan's boundary", 0.005),
    Wish(_gaps, "general", WEST, "a gap 2.05 mm wide between two zones", 0.00205),
    Wish(_gaps, "land_use", EAST, "a gap 2.05 mm wide between two zones", 0.00205),
    Wish(_overlaps, "general", EAST, "two zones overlap by 2.05 mm", 0.00205),
    Wish(_pierced, "land_use", EAST, "a hole of 0.2 m² in a zone"),
)
"""The wide ones first: they need more room."""

NOISE = (
    Wish(_gaps, "general", WEST, "a gap 0.5 mm wide between two zones", 0.0005),
    Wish(_overlaps, "land_use", EAST, "two zones overlap by 0.5 mm", 0.0005),
)
