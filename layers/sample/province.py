"""The administrative side of the sample province: two former provinces, twelve former communes, four new ones.

All of it is fictional. Communes are rectangles of the lattice, with other column splits in every row, so that three-way
corners and T-junctions occur as they do in life.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from layers.sample.lattice import Size
from layers.sample.noise import Whole

FORMER_FROM = date(2020, 1, 1)
MERGED_ON = date(2025, 7, 1)
COMMUNE_RESOLUTION = "SAMPLE/NQ-MH"
PROVINCE_RESOLUTION = "SAMPLE/NQ-MH-TINH"
OFFICE = "Sở Xây dựng (minh họa)"


@dataclass(frozen=True, slots=True)
class Province:
    """A former or new province, and the CRS its maps were drawn in."""

    code: str
    name: str
    epsg: int


WEST = Province("90", "Tỉnh Đông Lĩnh (minh họa)", 9214)
EAST = Province("91", "Tỉnh Thụy Hòa (minh họa)", 9209)
NEW = Province("92", "Tỉnh Lĩnh Hòa (minh họa)", 9214)


@dataclass(frozen=True, slots=True)
class Former:
    """A former commune: shares of the lattice's width and height, the new communes it went to and the size of its town."""

    code: str
    name: str
    district: str
    province: Province
    columns: tuple[float, float]
    rows: tuple[float, float]
    into: str
    town_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Successor:
    """A commune made by one clause of the merger."""

    clause: int
    code: str
    name: str


_LUONG_DA, _THUY_AN, _YEN_HOA, _KIM_DUC = "Lương Đà", "Thụy An", "Yên Hòa", "Kim Đức"

FORMER = (
    Former("90001", "Xã Tân Hòa", _LUONG_DA, WEST, (0.0, 0.18), (0.0, 0.34), "90101"),
    Former("90002", "Thị trấn Thụy Phú", _LUONG_DA, WEST, (0.18, 0.36), (0.0, 0.34), "90101", 1_250.0),
    Former("90003", "Xã Đông Khê", _LUONG_DA, WEST, (0.36, 0.55), (0.0, 0.34), "90101"),
    Former("90004", "Xã Hòa Lĩnh", _THUY_AN, WEST, (0.0, 0.26), (0.34, 0.69), "90101 90102"),
    Former("90005", "Phường Đình Thượng", _THUY_AN, WEST, (0.26, 0.55), (0.34, 0.69), "90102", 2_300.0),
    Former("90006", "Xã Quỳnh Lộc Đoài", _THUY_AN, WEST, (0.0, 0.21), (0.69, 1.0), "90102"),
    Former("90007", "Xã Nghĩa Thủy", _THUY_AN, WEST, (0.21, 0.55), (0.69, 1.0), "90102"),
    Former("90008", "Phường Đức Thắng", _YEN_HOA, EAST, (0.55, 0.79), (0.0, 0.44), "90008", 1_900.0),
    Former("90009", "Xã Khánh Hòa", _YEN_HOA, EAST, (0.79, 1.0), (0.0, 0.44), "90008"),
    Former("90010", "Xã Tân Hòa", _KIM_DUC, EAST, (0.55, 0.69), (0.44, 1.0), "90103"),
    Former("90011", "Thị trấn Yên Thụy", _KIM_DUC, EAST, (0.69, 0.85), (0.44, 1.0), "90103", 1_150.0),
    Former("90012", "Xã Đồng Tiến Thượng", _KIM_DUC, EAST, (0.85, 1.0), (0.44, 1.0), "90103"),
)
"""90004 was divided; the two communes named Tân Hòa lie in different districts; 90008 lives on as a larger commune."""

SUCCESSORS = (
    Successor(1, "90101", "Xã Thụy Phú"),
    Successor(2, "90102", "Phường Đình Hòa"),
    Successor(3, "90008", "Phường Đức Thắng"),
    Successor(4, "90103", "Xã Yên Thụy"),
)

DIVIDED = "90004"
DIVIDED_AT = 0.49
"""The row at which the divided commune was cut: what lies south of it went to the first of its successors."""

AREA_IN_HECTARES = "90003"
"""The commune whose area stands in the list with the wrong unit of measure."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a former commune that went whole to one successor, as a rectangle of lattice cells."""

    former: int
    successor: int
    columns: tuple[int, int]
    rows: tuple[int, int]


def parts_of(size: Size) -> tuple[Part, ...]:
    """The former communes, the divided one in two."""
    parts = []
    for index, commune in enumerate(FORMER):
        columns = size.column(commune.columns[0]), size.column(commune.columns[1])
        south, north = commune.rows
        cuts = (south, DIVIDED_AT, north) if commune.code == DIVIDED else commune.rows
        for code, low, high in zip(commune.into.split(), cuts, cuts[1:], strict=False):
            parts.append(Part(index, _place_of(code), columns, (size.row(low), size.row(high))))
    return tuple(parts)


def _place_of(successor: str) -> int:
    return next(place for place, one in enumerate(SUCCESSORS) if one.code == successor)


def part_raster(size: Size, parts: tuple[Part, ...]) -> Whole:
    """The part that every cell of the zone lattice lies in."""
    raster = np.full((size.columns // size.stride, size.rows // size.stride), -1, dtype=np.int64)
    for index, part in enumerate(parts):
        (left, right), (low, high) = part.columns, part.rows
        raster[left // size.stride : right // size.stride, low // size.stride : high // size.stride] = index
    return raster


def merger_rows() -> list[dict[str, str | int]]:
    """The clauses of both resolutions, one row for each old unit they name."""
    rows: list[dict[str, str | int]] = []
    for successor in SUCCESSORS:
        for former in FORMER:
            takers = former.into.split()
            if successor.code not in takers:
                continue
            extent = "full" if len(takers) == 1 else ("partial" if takers[0] == successor.code else "rest")
            after = f"khoản {SUCCESSORS[_place_of(takers[0])].clause}" if extent == "rest" else ""
            rows.append({
                "resolution": COMMUNE_RESOLUTION, "clause": successor.clause, "new_province_code": NEW.code,
                "new_code": successor.code, "new_name": successor.name, "old_province_code": former.province.code,
                "old_district": former.district, "old_code": former.code, "old_name": former.name, "extent": extent,
                "scope": "area+population", "after_clause": after, "note": "minh họa",
            })  # fmt: skip
    rows += [
        {
            "resolution": PROVINCE_RESOLUTION, "clause": 1, "new_province_code": NEW.code, "new_code": NEW.code,
            "new_name": NEW.name, "old_province_code": old.code, "old_district": "", "old_code": old.code,
            "old_name": old.name, "extent": "full", "scope": "area+population", "after_clause": "", "note": "minh họa",
        }
        for old in (WEST, EAST)
    ]  # fmt: skip
    return rows
