"""Where the detailed plans go: near where people live, each inside one new commune and away from the others."""

from dataclasses import dataclass, replace
from datetime import date

import shapely

from layers.sample.drawings import Drawing
from layers.sample.landscape import Ground, Land, Taste, landscape
from layers.sample.lattice import HEIGHT_M, WIDTH_M
from layers.sample.mesh import Mesh
from layers.sample.noise import Whole, stream
from layers.sample.plans import REDRAWN_ON, amendment, detailed_plan
from layers.sample.province import FORMER, SUCCESSORS, Part
from layers.sample.sites import Site, site
from layers.sample.units import Units

SPACING_M = 1_150.0
APART_M = 40.0
FEWEST, MOST = 6, 110
EARLIER_FROM = date(2018, 5, 2)


@dataclass(frozen=True, slots=True)
class Place:
    """What detailed plans are placed in."""

    mesh: Mesh
    raster: Whole
    parts: tuple[Part, ...]
    units: Units
    quarters: tuple[Drawing, ...]


def placed_sites(place: Place, zones: float, seed: int) -> list[Drawing]:
    """About `zones` zones in detailed plans, and the amendment of the first subdivision plan."""
    number = min(MOST, max(FEWEST, round(zones / 40)))
    blocks = _blocks(zones / number)
    homes = [place.units.new_commune(one.code).shape.buffer(-APART_M) for one in SUCCESSORS]
    shapely.prepare(homes)
    drawings: list[Drawing] = []
    for index, (centre, former) in enumerate(_candidates(place, seed)):
        if len(drawings) == number:
            break
        drawn = site(centre, blocks, seed, f"{index}")
        free = all(drawn.boundary.distance(other.boundary) > APART_M for other in drawings)
        if free and any(home.contains(drawn.boundary) for home in homes):
            drawings.append(_drawing(drawn, len(drawings) + 1, former))
    return [*drawings, _amendment(place.quarters[0], seed)]


def _blocks(zones: float) -> tuple[int, int]:
    """Blocks across and along for that many zones: a block makes one zone or two."""
    along = max(1, round((zones / 1.6 / 2.2) ** 0.5))
    return max(2, round(zones / 1.6 / along)), along


def _candidates(place: Place, seed: int) -> list[tuple[tuple[float, float], int]]:
    """Points all over the province with the former commune they lie in, those in towns and villages first."""
    nodes, source = place.mesh.nodes, stream(seed, "sites")
    land = landscape(Ground.over(nodes.shape[0] - 1, nodes.shape[1] - 1), Taste(1.35, 0.0), seed)
    order = {Land.TOWN: 0, Land.VILLAGE: 1, Land.ORCHARD: 2, Land.DRY: 3, Land.PADDY: 3}
    found = []
    for across in range(int(WIDTH_M / SPACING_M)):
        for along in range(int(HEIGHT_M / SPACING_M)):
            u = (across + source.uniform(0.3, 0.7)) * SPACING_M / WIDTH_M
            v = (along + source.uniform(0.3, 0.7)) * SPACING_M / HEIGHT_M
            column, row = int(u * land.shape[0]), int(v * land.shape[1])
            rank = order.get(Land(int(land[column, row])))
            former = place.parts[int(place.raster[column, row])].former
            if rank is not None:
                x, y = nodes[column, row]
                found.append((rank + source.random(), (float(x), float(y)), former))
    return [(centre, former) for _, centre, former in sorted(found)]


def _drawing(drawn: Site, number: int, former: int) -> Drawing:
    return Drawing(detailed_plan(number, FORMER[former]), drawn.boundary, list(drawn.zones), drawn.function)


def earlier_version(drawing: Drawing, seed: int) -> Drawing:
    """The plan as it was before it was drawn anew: the same code and place, blocks cut another way."""
    plan = replace(drawing.plan, valid_from=EARLIER_FROM, valid_to=REDRAWN_ON)
    at = drawing.boundary.centroid
    drawn = site((round(at.x), round(at.y)), (2, 1), seed, "earlier")
    return Drawing(plan, drawn.boundary, list(drawn.zones), drawn.function)


def _amendment(quarter: Drawing, seed: int) -> Drawing:
    """Inside the plan that it amends, away from its edge."""
    inside = quarter.boundary.buffer(-APART_M)
    source = stream(seed, "amendment")
    west, south, east, north = inside.bounds
    for attempt in range(500):
        centre = float(source.uniform(west, east)), float(source.uniform(south, north))
        drawn = site(centre, (3, 1), seed, f"amendment {attempt}")
        if inside.contains(drawn.boundary):
            return Drawing(amendment(), drawn.boundary, list(drawn.zones), drawn.function)
    raise ValueError("the first subdivision plan is too small for its amendment")
