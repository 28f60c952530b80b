"""The sample province as drawn, before it is written: units, plans with zones, parcels, and what is wrong with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np

from layers.sample.borders import planted_in_units
from layers.sample.defects import planted
from layers.sample.drawings import Drawing, drawings_of
from layers.sample.files import Progress
from layers.sample.landscape import Ground, Taste, landscape
from layers.sample.lattice import HEIGHT_M, WIDTH_M, Size, nodes_of, size_for
from layers.sample.mesh import Mesh, seamed_mesh
from layers.sample.noise import Whole
from layers.sample.parcels import Parcels, parcels_of
from layers.sample.placing import Place, earlier_version, placed_sites
from layers.sample.plans import REDRAWN, general_plans, land_use_plans, quarters
from layers.sample.province import Part, part_raster, parts_of
from layers.sample.truth import Truth, uncovered_around, uncovered_cells
from layers.sample.units import Units, units_of
from layers.sample.zoning import Drawn, Layer, drawn, general_layer, land_use_layer, quarter_raster, subdivision_layer

DETAILED_SHARE = 0.06
"""Of all zones, those of detailed plans."""

CLOSE_ENOUGH, MOST_TRIES = 0.05, 9
"""How far the number of zones may be off, as a share, and how often to try."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much of what, and the seed that everything follows from."""

    parcels: int
    zones: int
    seed: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole sample province."""

    units: Units
    plans: tuple[Drawing, ...]
    earlier: tuple[Drawing, ...]
    """Versions of plans that others have taken the place of."""
    parcels: Parcels
    land_use: Whole
    """The land use of every parcel, as a place in `mixes.CODES`."""
    truth: tuple[Truth, ...]
    noise: tuple[Truth, ...]


@dataclass(frozen=True, slots=True)
class _Base:
    size: Size
    parts: tuple[Part, ...]
    raster: Whole
    mesh: Mesh
    ground: Ground


def laid_out(wanted: Wanted, progress: Progress) -> Layout:
    """Draw the province."""
    progress("draw", 0, 4)
    base = _base(wanted)
    progress("draw", 1, 4)
    layers = _layers(base, wanted)
    progress("draw", 2, 4)
    drawings, uncovered, units = _plans(base, layers, wanted)
    progress("draw", 3, 4)
    land = landscape(base.ground, Taste(1.0, 0.0), wanted.seed)
    parcels = parcels_of(base.mesh.fine, base.size, base.parts, land, wanted.parcels, wanted.seed)
    outcome = planted_in_units(units, uncovered)
    defects = planted(drawings, outcome.units, wanted.seed)
    earlier = [earlier_version(one, wanted.seed) for one in drawings if one.plan.code == REDRAWN]
    progress("draw", 4, 4)
    return Layout(
        outcome.units, tuple(drawings), tuple(earlier), parcels, _land_use(parcels, layers[1], base.size),
        (*outcome.uncovered, *outcome.planted, *defects.truth), defects.noise,
    )  # fmt: skip


def _base(wanted: Wanted) -> _Base:
    size = size_for(wanted.parcels, wanted.zones)
    parts = parts_of(size)
    raster = part_raster(size, parts)
    mesh = seamed_mesh(nodes_of(size, wanted.seed), size.stride, raster)
    return _Base(size, parts, raster, mesh, Ground.of(size))


def _layers(base: _Base, wanted: Wanted) -> tuple[Layer, Layer, Layer]:
    """The layers of zones; their grain is tried until the number of zones is about right."""
    target = log(wanted.zones * (1 - DETAILED_SHARE))
    grain, slope = 0.5 * (log(2.1 * WIDTH_M * HEIGHT_M) - target), -1.15
    town_plans = quarter_raster(base.ground, quarters(), wanted.seed)
    tried: list[tuple[float, float]] = []
    while True:
        layers = (
            general_layer(base.ground, base.raster, base.parts, exp(grain), wanted.seed),
            land_use_layer(base.ground, base.raster, base.parts, exp(grain), wanted.seed),
            subdivision_layer(base.ground, town_plans, exp(grain), wanted.seed),
        )
        tried.append((log(sum(layer.zones for layer in layers)) - target, grain))
        off, closest = min(tried, key=lambda one: abs(one[0]))
        if abs(off) < CLOSE_ENOUGH or (len(tried) > MOST_TRIES and grain == closest):
            return layers
        grain = closest if len(tried) >= MOST_TRIES else round(grain - tried[-1][0] / slope, 6)


def _plans(base: _Base, layers: Sequence[Layer], wanted: Wanted) -> tuple[list[Drawing], list[Truth], Units]:
    plans = general_plans(), land_use_plans(), [quarter.plan for quarter in quarters()]
    successor = np.array([part.successor for part in base.parts])
    drawings: list[Drawing] = []
    uncovered: list[Truth] = []
    for layer, ours in zip(layers, plans, strict=True):
        shapes: Drawn = drawn(layer, base.mesh, wanted.seed)
        drawings += drawings_of(ours, shapes)
        uncovered += uncovered_cells(layer.plan, base.raster, successor, shapes.mesh, layer.level)
    units = units_of(base.mesh, base.raster, base.parts)
    place = Place(
        base.mesh, base.raster, base.parts, units, tuple(one for one in drawings if one.plan.level == "subdivision")
    )
    sites = placed_sites(place, wanted.zones * DETAILED_SHARE, wanted.seed)
    detailed = [one for one in sites if one.plan.level == "detailed"]
    return drawings + sites, uncovered + uncovered_around(detailed, units, "detailed"), units


def _land_use(parcels: Parcels, layer: Layer, size: Size) -> Whole:
    """The function of the land-use zone in the middle of each parcel."""
    column = (parcels.pieces.left + parcels.pieces.right) // 2 // size.stride
    row = (parcels.pieces.low + parcels.pieces.high) // 2 // size.stride
    return np.asarray(layer.function[layer.zone[column, row]])
