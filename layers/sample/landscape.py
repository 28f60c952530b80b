"""What the land of the sample province is like: river, hills, towns, villages, fields, roads, industry."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from layers.sample.lattice import HEIGHT_M, WIDTH_M, Size
from layers.sample.mesh import Mask
from layers.sample.noise import Numbers, Whole, curve, field, stream
from layers.sample.patches import Nearest, nearest
from layers.sample.province import FORMER, Former


class Land(IntEnum):
    """Kinds of land, before any plan names them."""

    PADDY = 0
    DRY = 1
    ORCHARD = 2
    POND = 3
    FOREST = 4
    PROTECTED = 5
    VILLAGE = 6
    TOWN = 7
    INDUSTRY = 8
    CEMETERY = 9
    LAKE = 10
    RIVER = 11
    ROAD = 12


ESTATES = ((8_300.0, 6_050.0, 900.0, 520.0), (15_900.0, 6_300.0, 760.0, 600.0), (20_300.0, 4_300.0, 820.0, 430.0))
"""Industrial estates: centre and half sides, in lattice metres."""

ROAD_HALF_M, RIVER_HALF_M, BROOK_HALF_M = 18.0, 95.0, 32.0


@dataclass(frozen=True, slots=True)
class Ground:
    """The centres of the cells of the zone lattice, in metres before the warp."""

    u_m: Numbers
    v_m: Numbers
    cell_m: float

    @classmethod
    def of(cls, size: Size) -> "Ground":
        """The ground under a lattice."""
        return cls.over(size.columns // size.stride, size.rows // size.stride)

    @classmethod
    def over(cls, columns: int, rows: int) -> "Ground":
        """The ground under that many zone cells."""
        u, v = (np.arange(columns) + 0.5) * (WIDTH_M / columns), (np.arange(rows) + 0.5) * (HEIGHT_M / rows)
        return cls(np.asarray(u, dtype=np.float64), np.asarray(v, dtype=np.float64), WIDTH_M / columns)

    def field(self, spacing_m: float, seed: int, name: str) -> Numbers:
        """A smooth random field on the ground."""
        return field(self.u_m, self.v_m, spacing_m=spacing_m, source=stream(seed, "land", name))

    def nearest(self, spacing_m: float, seed: int, name: str) -> Nearest:
        """Scattered points, the cells nearest to each bounded by wavy lines."""
        wave = 0.16 * spacing_m
        u = self.u_m[:, None] + wave * self.field(0.45 * spacing_m, seed, name + " u")
        v = self.v_m[None, :] + wave * self.field(0.45 * spacing_m, seed, name + " v")
        return nearest(u, v, spacing_m=spacing_m, source=stream(seed, "points", name))


@dataclass(frozen=True, slots=True)
class Taste:
    """How one kind of plan sees the land: how far built-up land reaches (1 as it is today), how coarse its features are."""

    growth: float
    grain_m: float


def landscape(ground: Ground, taste: Taste, seed: int) -> Whole:
    """The kind of land of every cell. Later lines lie over earlier ones."""
    height = _height(ground, seed)
    low = ground.field(2_100, seed, "wet") + 0.35 * ground.field(600, seed, "wet edge")
    land = np.full(height.shape, int(Land.PADDY), dtype=np.int64)
    land[low > 0.42] = Land.DRY
    land[(low < -0.3) & (ground.field(750, seed, "ponds") > 0.8)] = Land.POND
    villages = ground.nearest(max(1_050.0, 1.25 * taste.grain_m), seed, "villages")
    reach = _village_reach(villages, taste, seed) * (1 + 0.45 * ground.field(420, seed, "village edge"))
    land[(villages.distance_m < 1.5 * reach) & (low > -0.1)] = Land.ORCHARD
    land[height > 0.62] = Land.FOREST
    land[height > 0.95] = Land.PROTECTED
    land[(height > 0.3) & (height < 0.8) & (ground.field(1_900, seed, "lakes") > 1.0)] = Land.LAKE
    land[(villages.distance_m < reach) & (height < 0.7)] = Land.VILLAGE
    land[_town(ground, taste, seed)] = Land.TOWN
    land[_cemeteries(ground, taste, seed) & (land <= Land.ORCHARD)] = Land.CEMETERY
    wider = taste.growth**0.5
    for east, north, half_u, half_v in ESTATES:
        across, along = np.abs(ground.u_m - east) < half_u * wider, np.abs(ground.v_m - north) < half_v * wider
        land[np.ix_(across, along)] = Land.INDUSTRY
    land[_water(ground, seed)] = Land.RIVER
    land[_roads(ground, seed)] = Land.ROAD
    return land


def town_centre(commune: Former) -> tuple[float, float]:
    """The middle of a commune, in lattice metres."""
    return sum(commune.columns) / 2 * WIDTH_M, sum(commune.rows) / 2 * HEIGHT_M


def around(ground: Ground, centre: tuple[float, float], radius_m: float, seed: int) -> Mask:
    """A round place with bays and headlands, free of holes: its radius depends on the direction only."""
    across, along = ground.u_m[:, None] - centre[0], ground.v_m[None, :] - centre[1]
    distance = np.sqrt(across**2 + along**2) + 1e-6
    c, s = across / distance, along / distance
    a = stream(seed, "around", f"{centre[0]:.0f} {centre[1]:.0f}").uniform(-0.13, 0.13, 6)
    two = a[0] * (c * c - s * s) + a[1] * 2 * c * s
    three = a[2] * (c * c * c - 3 * c * s * s) + a[3] * (3 * c * c * s - s * s * s)
    four = a[4] * (8 * c * c * s * s - 1) + a[5] * 4 * c * s * (c * c - s * s)
    return np.asarray(distance < radius_m * (1 + two + three + four))


def _height(ground: Ground, seed: int) -> Numbers:
    ramp = 1.5 * (ground.v_m[None, :] / HEIGHT_M) - 0.9 * np.abs(ground.u_m[:, None] / WIDTH_M - 0.12) - 0.72
    return np.asarray(ramp + 0.42 * ground.field(3_400, seed, "hills") + 0.1 * ground.field(900, seed, "hillocks"))


def _village_reach(villages: Nearest, taste: Taste, seed: int) -> Numbers:
    source = stream(seed, "village sizes")
    size = source.uniform(0.15, 0.27, villages.points) * (source.random(villages.points) < 0.82)
    spacing = max(1_050.0, 1.25 * taste.grain_m)
    return np.asarray((size * spacing * taste.growth**0.5)[villages.point])


def _town(ground: Ground, taste: Taste, seed: int) -> Mask:
    built = np.zeros((len(ground.u_m), len(ground.v_m)), dtype=bool)
    edge = 1 + 0.3 * ground.field(600, seed, "town edge")
    for commune in FORMER:
        if commune.town_m:
            east, north = town_centre(commune)
            distance = np.sqrt((ground.u_m[:, None] - east) ** 2 + (ground.v_m[None, :] - north) ** 2)
            built |= distance < 0.72 * commune.town_m * taste.growth**0.5 * edge
    return built


def _cemeteries(ground: Ground, taste: Taste, seed: int) -> Mask:
    spots = ground.nearest(max(1_900.0, 1.8 * taste.grain_m), seed, "cemeteries")
    kept = stream(seed, "cemetery choice").random(spots.points) < 0.4
    return np.asarray(kept[spots.point] & (spots.distance_m < max(110.0, 1.6 * ground.cell_m)))


def _water(ground: Ground, seed: int) -> Mask:
    u, v = ground.u_m, ground.v_m
    course = 0.34 * HEIGHT_M + 0.10 * HEIGHT_M * (1 - u / WIDTH_M)
    course = course + 1_500 * curve(u, spacing_m=6_500, source=stream(seed, "river"))
    course = course + 900 * curve(u, spacing_m=1_700, source=stream(seed, "meanders"))
    river = _band(v[None, :] - course[:, None], course, ground.cell_m, max(RIVER_HALF_M, 1.1 * ground.cell_m))
    brook = 0.63 * WIDTH_M + 900 * curve(v, spacing_m=3_600, source=stream(seed, "brook"))
    brook = brook + 330 * curve(v, spacing_m=1_300, source=stream(seed, "brook bends"))
    band = _band((u[:, None] - brook[None, :]).T, brook, ground.cell_m, max(BROOK_HALF_M, 0.8 * ground.cell_m)).T
    return np.asarray(river | (band & (v[None, :] > course[:, None])))


def _roads(ground: Ground, seed: int) -> Mask:
    u, v = ground.u_m, ground.v_m
    half = max(ROAD_HALF_M, 0.95 * ground.cell_m)
    main = 0.50 * HEIGHT_M + 700 * curve(u, spacing_m=5_200, source=stream(seed, "main road")) - 0.03 * u
    cross = 0.39 * WIDTH_M + 800 * curve(v, spacing_m=4_600, source=stream(seed, "cross road")) + 0.06 * v
    east = 0.74 * WIDTH_M + 700 * curve(v, spacing_m=4_200, source=stream(seed, "east road")) - 0.08 * v
    ways = _band(v[None, :] - main[:, None], main, ground.cell_m, half)
    for line in (cross, east):
        ways = ways | _band((u[:, None] - line[None, :]).T, line, ground.cell_m, half).T
    return np.asarray(ways)


def _band(offset: Numbers, line: Numbers, cell_m: float, half_m: float) -> Mask:
    """Cells within `half_m` of a line given as a function: the offset along one axis, shortened where the line is steep."""
    steep = np.sqrt(1 + (np.gradient(line) / cell_m) ** 2)
    return np.asarray(np.abs(offset) < half_m * steep[:, None])
