"""Construction plans held against land-use plans and safety corridors: where their zones lie over each other and do not go together.

Which functions go together is no law: `VERDICTS` is a default to be corrected by the operator, who may hand in a table of his own.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import shapely

from planning.checks.records import ZoneRecord
from planning.checks.rule import Rule
from planning.coverage.widths import NOISE_M, SLIVER_M, wider
from planning.findings import Finding, Severity
from planning.functions import Scheme, function_of
from planning.geometry import Shapes

Group = Literal[
    "residential", "mixed", "public", "service", "industry", "green", "heritage", "defence", "transport",
    "infrastructure", "cemetery", "agriculture", "production_forest", "protected_forest", "water", "unused", "other",
]  # fmt: skip
Verdict = Literal["agrees", "tolerable", "conflict"]
Verdicts = Mapping[tuple[Group, Group], Verdict]
Places = npt.NDArray[np.intp]

HARMONY_WIDTH_M = 1.0
"""Up to here two plans drawn at 1/5000 and less differ by the pen."""

BUILDABLE: frozenset[Group] = frozenset({"residential", "mixed", "public", "service", "industry"})
"""What buildings for people to live or work in are planned on; a safety corridor forbids it."""

GROUPS: dict[Scheme, dict[Group, str]] = {
    "planning": {
        "residential": "Nhomnhao Langxom",
        "mixed": "Honhop",
        "public": "Truonghoc TruongTHPT Yte Vanhoa TDTT DaotaoNC Coquan",
        "service": "Dichvu Dulich",
        "industry": "Congnghiep Vatlieu",
        "green": "CayxanhCC",
        "heritage": "Ditich_tongiao",
        "defence": "Anninh Quocphong",
        "transport": "DuongGT",
        "infrastructure": "Hatangkhac",
        "cemetery": "Nghiatrang",
        "agriculture": "Nongnghiep Thuysan",
        "production_forest": "Rungsanxuat",
        "protected_forest": "Rungdacdung Rungphongho",
        "water": "Honuoc Songsuoi",
        "unused": "Chuasudung",
    },
    "land_use": {
        "residential": "ONT ODT",
        "public": "TSC DVH DXH DYT DGD DTT",
        "service": "TMD DCH",
        "industry": "SKK SKN SKC SKS SKX",
        "green": "DKV",
        "heritage": "TON TIN",
        "defence": "CQP CAN",
        "transport": "DGT",
        "infrastructure": "DNL DBV DRA",
        "cemetery": "NTD",
        "agriculture": "LUC LUK HNK CLN NKH NTS",
        "production_forest": "RSX",
        "protected_forest": "RPH RDD",
        "water": "SON MNC DTL",
        "unused": "CSD BCS DCS NCS",
        "other": "PNK",
    },
}
"""Scheme → group → its function codes."""

COLUMNS: tuple[Group, ...] = tuple(GROUPS["land_use"])
_KINDS: tuple[Group | None, ...] = (*get_args(Group), None)
_WORDS: dict[str, Verdict] = {"a": "agrees", "t": "tolerable", "c": "conflict"}
_TABLE: dict[Group, str] = {
    #                    res pub srv ind grn her def trn inf cem agr pfo fop wat uns oth
    "residential":      " a   t   t   c   c   c   c   t   c   c   c   c   c   c   t   t ",
    "mixed":            " a   t   a   c   t   c   c   t   t   c   c   c   c   c   t   t ",
    "public":           " t   a   t   c   t   t   c   t   t   c   c   c   c   c   t   t ",
    "service":          " t   t   a   t   c   c   c   t   t   c   c   c   c   c   t   t ",
    "industry":         " c   c   t   a   c   c   c   t   t   c   c   c   c   c   t   t ",
    "green":            " t   t   t   t   a   t   c   t   t   t   t   t   t   a   t   t ",
    "heritage":         " t   t   t   c   t   a   c   c   c   t   c   c   t   c   t   t ",
    "defence":          " c   c   c   c   c   c   a   c   c   c   c   c   c   c   t   t ",
    "transport":        " t   t   t   t   t   c   c   a   t   c   c   c   c   t   t   t ",
    "infrastructure":   " c   t   t   t   t   c   c   t   a   t   c   c   c   t   t   t ",
    "cemetery":         " c   c   c   c   t   t   c   c   t   a   c   c   c   c   t   t ",
    "agriculture":      " c   c   c   c   t   c   c   t   c   c   a   t   c   t   t   c ",
    "production_forest": "c   c   c   c   t   c   c   t   c   c   t   a   t   t   t   c ",
    "protected_forest": " c   c   c   c   t   t   c   c   c   c   c   t   a   t   t   c ",
    "water":            " c   c   c   c   t   c   c   t   t   c   t   t   t   a   t   c ",
    "unused":           " t   t   t   t   t   t   t   t   t   t   t   t   t   t   a   t ",
}  # fmt: skip

VERDICTS: Verdicts = {
    (row, column): _WORDS[letter]
    for row, letters in _TABLE.items()
    for column, letter in zip(COLUMNS, letters.split(), strict=True)
}
"""(group of the construction plan, group of the land-use plan) → how they go together."""

HARMONY = Rule(
    "plan.harmony",
    "warning",
    "authority",
    "Chức năng trong quy hoạch xây dựng không phù hợp với quy hoạch sử dụng đất",
    "The function in the construction plan does not go with that in the land-use plan",
    "Rà soát hai quy hoạch tại vị trí này: điều chỉnh đồ án xây dựng, hoặc cập nhật chức năng vào quy hoạch sử dụng đất.",
    "Review both plans at this place: adjust the construction plan, or carry its function into the land-use plan.",
    "practice: default table of functions, to be corrected by the operator; law 47/2024/QH15 article 8 names no precedence",
)
CROSSED = Rule(
    "zone.corridor-crossed",
    "error",
    "planner",
    "Khu chức năng được xây dựng nằm trong hành lang an toàn",
    "A zone meant for building reaches into a safety corridor",
    "Cắt phần nằm trong hành lang khỏi khu chức năng và chuyển thành cây xanh cách ly, giao thông hoặc hạ tầng kỹ thuật.",
    "Cut the part inside the corridor out of the zone and plan it as a green buffer, a road or infrastructure.",
    "Law 135/2025/QH15, article 44.1: infrastructure, dyke, energy and transport corridors are respected",
)
RULES: tuple[Rule, ...] = (HARMONY, CROSSED)


class NoWidth(ValueError):
    """A corridor is a line and nobody says how wide."""


@dataclass(frozen=True, slots=True)
class Corridor:
    """A safety corridor: a polygon, or a line (or the body of a work) with the metres it reaches on every side. `plan` drew it, if any.

    `subject` is what it protects, one of `control_lines.SUBJECTS`.
    """

    name: str
    shape: Any
    half_width_m: float | None = None
    plan: str | None = None
    subject: str | None = None

    @property
    def ground(self) -> Any:
        """The land it takes, in the storage CRS; round at the ends. Raises `NoWidth`."""
        if self.half_width_m is not None and self.half_width_m > 0:
            return shapely.buffer(self.shape, self.half_width_m, quad_segs=16)
        if shapely.get_dimensions(self.shape) < 2:
            raise NoWidth(f"corridor {self.name} is a line without a half-width in metres")
        return self.shape


@dataclass(frozen=True, slots=True)
class Meeting:
    """Where the shape at place `first` of one lot and that at place `second` of another lie over each other."""

    first: int
    second: int
    shape: Any


def group_of(code: str, scheme: Scheme) -> Group | None:
    """The group of a function code, its prefix of phase set aside; None where the code is in no group."""
    function = function_of(code, scheme)
    return next((group for group, codes in GROUPS[scheme].items() if function and function.code in codes.split()), None)


def harmony_findings(
    construction: Sequence[ZoneRecord], land_use: Sequence[ZoneRecord], level: str, *, verdicts: Verdicts = VERDICTS
) -> list[Finding]:
    """Zones of construction plans of a level over zones of land-use plans they conflict with, by more than a metre's width.

    One finding for each pair of zones. A function in no group is not judged here: `zone.function-unknown` tells it.
    """
    conflict = np.array([[verdicts.get((row, column)) == "conflict" for column in _KINDS] for row in _KINDS])  # type: ignore[arg-type]
    rows, columns = (
        np.array([_KINDS.index(group) for group in _groups(zones)], np.intp) for zones in (construction, land_use)
    )
    met = meetings(
        _shapes(construction),
        _shapes(land_use),
        lambda one, other: conflict[rows[one], columns[other]],
        HARMONY_WIDTH_M,
    )
    return [_disharmony(construction[one.first], land_use[one.second], one.shape, level) for one in met]


def _disharmony(zone: ZoneRecord, land: ZoneRecord, shape: Any, level: str) -> Finding:
    facts = {
        "construction": zone.function_code,
        "construction_group": group_of(zone.function_code, zone.function_scheme),
        "land_use": land.function_code,
        "land_use_group": group_of(land.function_code, land.function_scheme),
        "share_pct": _share_pct(shape, zone),
    }
    plans = (zone.plan, land.plan)
    return Finding(HARMONY.code, HARMONY.severity, level, (), plans, shape, (zone.name, land.name), facts)


def corridor_findings(corridors: Sequence[Corridor], zones: Sequence[ZoneRecord], level: str) -> list[Finding]:
    """Zones meant for building that reach into a corridor: a warning where no more than a sliver of their level does.

    One finding for each corridor and zone. Raises `NoWidth`.
    """
    grounds = np.array([corridor.ground for corridor in corridors], dtype=object)
    buildable = np.array([group in BUILDABLE for group in _groups(zones)], np.bool_)
    met = [*meetings(grounds, _shapes(zones), lambda _, zone: buildable[zone], NOISE_M)]
    wide = wider(np.array([one.shape for one in met], dtype=object), SLIVER_M[level])
    return [
        _crossing(corridors[one.first], zones[one.second], one.shape, level, CROSSED.severity if defect else "warning")
        for one, defect in zip(met, wide.tolist(), strict=True)
    ]


def _crossing(corridor: Corridor, zone: ZoneRecord, shape: Any, level: str, severity: Severity) -> Finding:
    facts = {
        "function": zone.function_code,
        "subject": corridor.subject,
        "half_width_m": corridor.half_width_m,
        "share_pct": _share_pct(shape, zone),
    }
    plans = tuple(dict.fromkeys(plan for plan in (corridor.plan, zone.plan) if plan))
    return Finding(CROSSED.code, severity, level, (), plans, shape, (corridor.name, zone.name), facts)


def _share_pct(shape: Any, zone: ZoneRecord) -> float:
    [whole] = _valid(_shapes([zone]))
    return round(float(100 * shape.area / whole.area), 2)


def _groups(zones: Sequence[ZoneRecord]) -> list[Group | None]:
    """The group of every zone; each code is looked up once."""
    kinds = [(zone.function_code, zone.function_scheme) for zone in zones]
    known = {kind: group_of(*kind) for kind in set(kinds)}
    return [known[kind] for kind in kinds]


def _shapes(zones: Sequence[ZoneRecord]) -> Shapes:
    return np.array([zone.shape for zone in zones], dtype=object)


def meetings(
    first: Shapes, second: Shapes, wanted: Callable[[Places, Places], npt.NDArray[np.bool_]], width_m: float
) -> Iterator[Meeting]:
    """Where polygons of two lots lie over each other by more than a width; only pairs whose places are wanted are looked at.

    What is narrower is left out of the shape. In order of places. An invalid polygon counts as what `make_valid` makes of it.
    """
    first, second = _valid(first), _valid(second)
    one, other = shapely.STRtree(second).query(first)
    kept = wanted(one, other)
    one, other = one[kept], other[kept]
    shapely.prepare(first)
    met = shapely.intersects(first[one], second[other])
    one, other = one[met], other[met]
    order = np.lexsort([other, one])
    one, other = one[order], other[order]
    parts, pair = shapely.get_parts(shapely.intersection(first[one], second[other]), return_index=True)
    parts, pair = _wide_polygons(parts, pair, width_m)
    starts = np.flatnonzero(np.diff(pair, prepend=-1))
    for at, pieces in zip(pair[starts].tolist(), np.split(parts, starts[1:]), strict=False):
        yield Meeting(int(one[at]), int(other[at]), pieces[0] if len(pieces) == 1 else shapely.MultiPolygon([*pieces]))


def _wide_polygons(parts: Shapes, pair: Places, width_m: float) -> tuple[Shapes, Places]:
    solid = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    parts, pair = parts[solid], pair[solid]
    wide = wider(parts, width_m)
    return parts[wide], pair[wide]


def _valid(shapes: Shapes) -> Shapes:
    bad = ~shapely.is_valid(shapes)
    if not bad.any():
        return shapes
    out = shapes.copy()
    out[bad] = shapely.make_valid(shapes[bad], method="structure", keep_collapsed=False)
    return out
