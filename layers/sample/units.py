"""Units of the sample province with their shapes, as the lists of both editions hold them."""

from dataclasses import dataclass, replace

import numpy as np
import shapely

from layers.sample.mesh import Mesh, outlines
from layers.sample.noise import Whole
from layers.sample.province import (
    AREA_IN_HECTARES,
    COMMUNE_RESOLUTION,
    EAST,
    FORMER,
    FORMER_FROM,
    MERGED_ON,
    NEW,
    PROVINCE_RESOLUTION,
    SUCCESSORS,
    WEST,
    Part,
)


@dataclass(frozen=True, slots=True)
class Unit:
    """One row of a list of units."""

    code: str
    name: str
    province_code: str | None
    district: str | None
    declared_km2: str
    population: int
    legal_basis: str
    valid_from: str
    valid_to: str | None
    shape: shapely.Polygon


@dataclass(frozen=True, slots=True)
class Units:
    """The former edition and the new one."""

    former: tuple[Unit, ...]
    new: tuple[Unit, ...]

    def new_commune(self, code: str) -> Unit:
        """A commune of the new edition."""
        return next(unit for unit in self.new if unit.code == code)

    def with_new(self, changed: Unit) -> "Units":
        """The same units with one of the new edition exchanged."""
        return replace(self, new=tuple(changed if unit.code == changed.code else unit for unit in self.new))


def units_of(mesh: Mesh, raster: Whole, parts: tuple[Part, ...]) -> Units:
    """Both editions, cut from the parts: their outer borders are the same, vertex by vertex."""
    former = np.array([part.former for part in parts])
    successor = np.array([part.successor for part in parts])
    east = np.array([FORMER[part.former].province is EAST for part in parts]).astype(np.int64)
    old = [_former(index, shape) for index, shape in enumerate(outlines(former[raster], mesh))]
    new = [_successor(index, shape) for index, shape in enumerate(outlines(successor[raster], mesh))]
    provinces = [
        _province(province.code, province.name, shape, (FORMER_FROM.isoformat(), MERGED_ON.isoformat()))
        for province, shape in zip((WEST, EAST), outlines(east[raster], mesh), strict=True)
    ]
    whole = _province(NEW.code, NEW.name, outlines(np.zeros_like(raster), mesh)[0], (MERGED_ON.isoformat(), None))
    return Units((*old, *provinces), (*new, whole))


def _former(index: int, shape: shapely.Polygon) -> Unit:
    commune = FORMER[index]
    basis = "Danh mục đơn vị hành chính cũ (minh họa)"
    area = _hectares(shape) if commune.code == AREA_IN_HECTARES else _square_kilometres(shape)
    period = FORMER_FROM.isoformat(), MERGED_ON.isoformat()
    return Unit(
        commune.code,
        commune.name,
        commune.province.code,
        commune.district,
        area,
        _people(shape, commune.town_m),
        basis,
        *period,
        shape,
    )


def _successor(index: int, shape: shapely.Polygon) -> Unit:
    one = SUCCESSORS[index]
    people = sum(commune.town_m for commune in FORMER if one.code in commune.into.split())
    basis = f"Khoản {one.clause}, {COMMUNE_RESOLUTION} (minh họa)"
    return Unit(
        one.code,
        one.name,
        NEW.code,
        None,
        _square_kilometres(shape),
        _people(shape, people),
        basis,
        MERGED_ON.isoformat(),
        None,
        shape,
    )


def _province(code: str, name: str, shape: shapely.Polygon, period: tuple[str, str | None]) -> Unit:
    basis = f"{PROVINCE_RESOLUTION} (minh họa)" if code == NEW.code else "Danh mục đơn vị hành chính cũ (minh họa)"
    return Unit(code, name, None, None, _square_kilometres(shape), _people(shape, 7_000), basis, *period, shape)


def _square_kilometres(shape: shapely.Polygon) -> str:
    """Near the drawn area, as lists give it: surveyed at another time, two decimals."""
    off = 1 + (round(shape.length) % 21 - 10) / 4_000
    return f"{shape.area * off / 1e6:.2f}"


def _hectares(shape: shapely.Polygon) -> str:
    """The mistake of one printed report: the number is in square kilometres, the unit beside it is the hectare."""
    return f"{shape.area / 1e6:.2f} ha".replace(".", ",")


def _people(shape: shapely.Polygon, town_m: float) -> int:
    return int(shape.area / 1e6 * 640 + town_m * 14.7)
