"""The zones of the plans that cover land: labelled cells of the zone lattice, cut into polygons."""

from dataclasses import dataclass

import numpy as np

from layers.sample.landscape import Ground, Land, Taste, around, landscape
from layers.sample.lattice import HEIGHT_M, WIDTH_M
from layers.sample.mesh import Mask, Mesh, outlines, shaken, smoothed
from layers.sample.mixes import CODES, GENERAL, LAND_USE_PLAN, SUBDIVISION, Mix, functions_of
from layers.sample.noise import Whole, stream
from layers.sample.patches import absorbed, components, first_cells
from layers.sample.plans import UNPLANNED, Quarter, district_number
from layers.sample.province import FORMER, Part
from planning.geometry import Shapes
from planning.plans import Level

BUILT_UP = (Land.VILLAGE, Land.TOWN, Land.INDUSTRY)


@dataclass(frozen=True, slots=True)
class Layer:
    """One level's zones as a raster, before they are polygons."""

    level: Level
    plan: Whole
    """The plan of every cell, −1 for none."""
    zone: Whole
    """The zone of every cell, −1 for none."""
    function: Whole
    """The function of every zone, as a place in `CODES`."""

    @property
    def zones(self) -> int:
        """How many zones there are."""
        return len(self.function)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Zones and plan boundaries as polygons, and the mesh they were drawn on."""

    zones: Shapes
    zone_plan: Whole
    function: list[str]
    boundaries: Shapes
    mesh: Mesh


def general_layer(ground: Ground, parts: Whole, communes: tuple[Part, ...], grain_m: float, seed: int) -> Layer:
    """General plans: one for each former commune that has one; built-up land grows by a third."""
    numbers, number = [], 0
    for commune in FORMER:
        numbers.append(-1 if commune.code == UNPLANNED else number)
        number += commune.code != UNPLANNED
    plan = np.array([numbers[part.former] for part in communes])[parts]
    land = landscape(ground, Taste(1.35, grain_m), seed)
    return _layer("general", plan, land, _patches(ground, land, grain_m, seed, "general"), GENERAL)


def land_use_layer(ground: Ground, parts: Whole, communes: tuple[Part, ...], grain_m: float, seed: int) -> Layer:
    """Land-use plans: one for each former district, close to the land as it is."""
    plan = np.array([district_number(FORMER[part.former]) for part in communes])[parts]
    land = landscape(ground, Taste(1.05, grain_m), seed)
    return _layer("land_use", plan, land, _patches(ground, land, grain_m, seed, "land use"), LAND_USE_PLAN)


def subdivision_layer(ground: Ground, plan: Whole, grain_m: float, seed: int) -> Layer:
    """Subdivision plans: quarters of towns with blocks and streets between them."""
    land = landscape(ground, Taste(1.35, grain_m), seed)
    blocks = ground.nearest(max(0.5 * grain_m, 6 * ground.cell_m), seed, "blocks")
    street = (blocks.lead_m < 1.7 * ground.cell_m) & ~np.isin(land, (Land.RIVER, Land.LAKE, Land.INDUSTRY))
    patch = np.where(street, blocks.points, blocks.point)
    land = np.where(street, Land.ROAD, land)
    luck = stream(seed, "luck", "subdivision").random(blocks.points + 1)
    return _layer("subdivision", plan, land, _Patches(patch, luck), SUBDIVISION)


def quarter_raster(ground: Ground, quarters: list[Quarter], seed: int) -> Whole:
    """Quarters around one centre share it along a bent line; of every quarter only what hangs together is kept."""
    plan = np.full((len(ground.u_m), len(ground.v_m)), -1, dtype=np.int64)
    for number, quarter in enumerate(quarters):
        centre = quarter.centre[0] * WIDTH_M, quarter.centre[1] * HEIGHT_M
        inside = around(ground, centre, quarter.radius_m, seed) & (plan < 0)
        if any(other.centre == quarter.centre for other in quarters[number + 1 :]):
            inside &= ground.u_m[:, None] < centre[0] + 350 * ground.field(1_300, seed, "quarter line")
        plan[_largest(inside)] = number
    return plan


def _largest(mask: Mask) -> Mask:
    pieces = components(np.where(mask, 0, -1))
    return np.asarray(pieces == np.argmax(np.bincount(pieces[pieces >= 0])))


@dataclass(frozen=True, slots=True)
class _Patches:
    patch: Whole
    luck: np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def _patches(ground: Ground, land: Whole, grain_m: float, seed: int, name: str) -> _Patches:
    """Coarse patches of open land and finer ones of built-up land."""
    wide = ground.nearest(1.1 * grain_m, seed, name)
    close = ground.nearest(0.4 * grain_m, seed, name + " built-up")
    patch = np.where(np.isin(land, BUILT_UP), close.point + wide.points, wide.point)
    return _Patches(patch, stream(seed, "luck", name).random(wide.points + close.points))


def _layer(level: Level, plan: Whole, land: Whole, patches: _Patches, mix: Mix) -> Layer:
    function = functions_of(land, patches.patch, mix, patches.luck)
    key = (plan * len(patches.luck) + patches.patch) * len(CODES) + function
    key[plan < 0] = -1
    pieces = components(key)
    zone = absorbed(pieces, plan, least_cells=8)
    return Layer(level, plan, zone, function.ravel()[_main_cells(pieces, zone)])


def _main_cells(pieces: Whole, zone: Whole) -> Whole:
    """A cell of the largest piece of every zone: what the zone is, whatever small pieces it took in."""
    first = first_cells(pieces)
    by_size = first[np.argsort(np.bincount(pieces[pieces >= 0]), kind="stable")]
    cells = np.empty(int(zone.max()) + 1, dtype=np.int64)
    cells[zone.ravel()[by_size]] = by_size
    return cells


def drawn(layer: Layer, mesh: Mesh, seed: int) -> Drawn:
    """The layer as polygons; seams stay where the units have them."""
    own = smoothed(shaken(mesh, share=0.22, seed=seed, name=layer.level), layer.zone)
    plan = layer.plan.ravel()[first_cells(layer.zone)]
    return Drawn(
        outlines(layer.zone, own), plan, [CODES[place] for place in layer.function], outlines(layer.plan, own), own
    )
