"""Zones held against themselves: indicators that cannot be, functions nobody knows, lot symbols that stand for two things.

Columns are judged whole; a record is looked at only where its column is wrong.
"""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from planning.checks.harmony import meetings
from planning.checks.records import ZoneRecord
from planning.checks.rule import Rule
from planning.coverage.widths import NOISE_M
from planning.findings import Finding
from planning.functions import PREFIXES, SCHEMES, Scheme, function_of
from planning.units import folded

Column = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

DENSITY_ROUNDING_PCT = 0.5
FAR_ROUNDING = 0.05
"""Densities are declared in whole per cent, floor-area ratios with one decimal: half of the last digit each. Practice."""

STOREY_M = (2.7, 6.0)
"""Least and greatest height of a building for each of its floors: practice, from low storeys of houses to halls of shops."""

LAST_BITS = 1e-9

INDICATORS = ("density_pct", "floors_min", "floors_max", "height_max_m", "far_max", "setback_m")

DENSITY = Rule(
    "zone.density-range",
    "error",
    "planner",
    "Mật độ xây dựng nằm ngoài khoảng 0–100 %",
    "The building density is not between 0 and 100 %",
    "Sửa mật độ xây dựng theo bảng chỉ tiêu của đồ án; ghi theo phần trăm: 60 nghĩa là 60 %.",
    "Correct the density from the plan's table of indicators; in per cent: 60 means 60 %.",
    "QCVN 01:2021/BXD: built ground as a share of the lot",
)
FLOORS = Rule(
    "zone.floors-order",
    "error",
    "planner",
    "Tầng cao tối thiểu lớn hơn tầng cao tối đa",
    "The fewest floors are more than the most",
    "Kiểm tra hai giá trị tầng cao với bảng chỉ tiêu của đồ án; thường là bị đổi chỗ cho nhau.",
    "Compare both with the plan's table of indicators; most often they have been exchanged.",
    "practice: a minimum is not above its maximum",
)
FAR = Rule(
    "zone.far-exceeds",
    "error",
    "planner",
    "Hệ số sử dụng đất lớn hơn mật độ xây dựng nhân tầng cao tối đa",
    "The floor-area ratio is more than density times most floors",
    "Tính lại: hệ số sử dụng đất không vượt quá mật độ (%) / 100 × tầng cao tối đa; sửa chỉ tiêu nào trong ba chỉ tiêu ghi sai.",
    "Work it out again: at most density (%) / 100 × floors; correct whichever of the three is wrong.",
    "QCVN 01:2021/BXD, definitions; tolerance: density ± 0.5 %, ratio ± 0.05 (practice)",
)
HEIGHT = Rule(
    "zone.height-floors",
    "warning",
    "planner",
    "Chiều cao tối đa không tương xứng với tầng cao tối đa",
    "The greatest height does not suit the most floors",
    "Kiểm tra chiều cao (m) và tầng cao (số tầng): mỗi tầng thường cao 2,7–6 m; nhà xưởng, công trình đặc biệt có thể giữ nguyên.",
    "Check height (m) and number of floors: 2.7–6 m a floor is usual; factory halls and special buildings may stay.",
    "practice: storeys of 2.7 to 6 m",
)
SETBACK = Rule(
    "zone.setback-negative",
    "error",
    "planner",
    "Khoảng lùi xây dựng nhỏ hơn 0",
    "The setback is negative",
    "Ghi khoảng lùi bằng số mét từ chỉ giới đường đỏ đến chỉ giới xây dựng; không lùi thì ghi 0.",
    "Give the metres from the red line to the building line; 0 where there is none.",
    "QCVN 01:2021/BXD: the building line coincides with the red line or lies behind it",
)
FUNCTION = Rule(
    "zone.function-unknown",
    "error",
    "planner",
    "Mã chức năng sử dụng đất không có trong bảng mã",
    "The function code is not in the table of its scheme",
    "Thay bằng mã đúng trong bảng mã, chú ý chữ hoa, chữ thường và không dùng dấu; mã gần nhất được ghi trong kết quả.",
    "Use a code of the table, with its own capitals and no diacritics; the finding names the nearest.",
    "TT 16/2025/TT-BXD, annex I, and the codes of the land-use map",
)
TWICE = Rule(
    "zone.symbol-twice",
    "info",
    "planner",
    "Một ký hiệu lô đất dùng cho nhiều khu của cùng một đồ án",
    "One lot symbol stands for several zones of a plan",
    "Nếu là một lô vẽ thành nhiều phần thì gộp lại; nếu là các lô khác nhau thì đặt cho mỗi lô một ký hiệu riêng.",
    "Join the pieces if they are one lot; give every lot a symbol of its own if they are several.",
    "TT 16/2025/TT-BXD, annex II (kyHieuLoDat): a symbol names one lot of its plan",
)
DIFFER = Rule(
    "zone.attributes-differ",
    "warning",
    "planner",
    "Hai khu chồng nhau, cùng ký hiệu lô đất nhưng khác chỉ tiêu",
    "Two zones over each other carry one lot symbol and different indicators",
    "Xác định bản đúng theo quyết định mới nhất, sửa chỉ tiêu cho thống nhất hoặc bỏ khu bị trùng.",
    "Find out which is right by the latest decision; make the indicators agree or drop the duplicate.",
    "practice: one lot has one set of indicators",
)
RULES: tuple[Rule, ...] = (DENSITY, FLOORS, FAR, HEIGHT, SETBACK, FUNCTION, TWICE, DIFFER)


@dataclass(frozen=True, slots=True)
class Columns:
    """The indicators of all zones; what is not declared is nan, which no comparison holds of."""

    density_pct: Column
    floors_min: Column
    floors_max: Column
    height_max_m: Column
    far_max: Column
    setback_m: Column

    @classmethod
    def of(cls, zones: Sequence[ZoneRecord]) -> "Columns":
        """Read from records."""
        return cls(*(np.array([getattr(zone, name) for zone in zones], np.float64) for name in INDICATORS))


def indicator_findings(
    zones: Sequence[ZoneRecord], level: str, standing: Sequence[ZoneRecord] | None = None
) -> list[Finding]:
    """What is wrong with the zones of plans of one level, one finding for a zone and rule.

    Zones of several plans or layers may be given together: those over each other with one symbol are compared, as far as amendments left
    them, which is `standing`; without it, as they are.
    """
    columns = Columns.of(zones)
    judged = (
        (DENSITY, _density_out_of_range(columns), ("density_pct",)),
        (FLOORS, columns.floors_min > columns.floors_max, ("floors_min", "floors_max")),
        (FAR, _far_exceeding(columns), ("far_max", "density_pct", "floors_max")),
        (HEIGHT, _height_unfit(columns), ("height_max_m", "floors_max")),
        (SETBACK, columns.setback_m < 0, ("setback_m",)),
    )
    found = [
        _finding(rule, [zones[at]], {name: getattr(zones[at], name) for name in names}, level)
        for rule, wrong, names in judged
        for at in np.flatnonzero(wrong).tolist()
    ]
    return [
        *found,
        *_unknown_functions(zones, level),
        *_symbols_twice(zones, level),
        *_differing(zones if standing is None else standing, level),
    ]


def _finding(
    rule: Rule, zones: Sequence[ZoneRecord], facts: Mapping[str, Any], level: str, shape: Any = None
) -> Finding:
    plans = tuple(dict.fromkeys(zone.plan for zone in zones))
    names = tuple(zone.name for zone in zones)
    return Finding(rule.code, rule.severity, level, (), plans, zones[0].shape if shape is None else shape, names, facts)


def _density_out_of_range(columns: Columns) -> Mask:
    return (columns.density_pct < 0) | (columns.density_pct > 100)


def _far_exceeding(columns: Columns) -> Mask:
    """Not judged where the density itself is out of range."""
    most = (columns.density_pct + DENSITY_ROUNDING_PCT) / 100 * columns.floors_max + FAR_ROUNDING
    return (columns.far_max > most + LAST_BITS) & ~_density_out_of_range(columns)


def _height_unfit(columns: Columns) -> Mask:
    least, most = (metres * columns.floors_max for metres in STOREY_M)
    unfit = (columns.height_max_m < least - LAST_BITS) | (columns.height_max_m > most + LAST_BITS)
    return unfit & (columns.floors_max > 0)


def _unknown_functions(zones: Sequence[ZoneRecord], level: str) -> Iterator[Finding]:
    kinds = {(zone.function_code, zone.function_scheme) for zone in zones}
    unknown = {kind: _hint(*kind) for kind in kinds if function_of(*kind) is None}
    for zone in zones:
        hint = unknown.get((zone.function_code, zone.function_scheme))
        if hint is not None:
            yield _finding(FUNCTION, [zone], hint, level)


def _hint(code: str, scheme: Scheme) -> Mapping[str, Any]:
    """`nearest` is the code meant, None where nothing is near; `only_spelling`: it is that code, or its name, typed otherwise."""
    spellings = _spellings(scheme)
    plain = _plain(code)
    for prefix in PREFIXES:
        plain = plain.removeprefix(_plain(prefix))
    near = difflib.get_close_matches(plain, spellings, n=1)
    return {
        "code": code,
        "scheme": scheme,
        "nearest": spellings[near[0]] if near else None,
        "only_spelling": plain in spellings,
        "known_in": [other for other in SCHEMES if function_of(code, other)],
    }


@cache
def _spellings(scheme: Scheme) -> dict[str, str]:
    """Codes and Vietnamese names without capitals, diacritics and signs → code."""
    table = SCHEMES[scheme].values()
    return {_plain(one.vi): one.code for one in table} | {_plain(one.code): one.code for one in table}


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", folded(text))


def _symbol(zone: ZoneRecord) -> str:
    """The lot symbol as it is compared: spaces and capitals are typed as they come."""
    return "".join(unicodedata.normalize("NFC", zone.name).split()).casefold()


def _symbols_twice(zones: Sequence[ZoneRecord], level: str) -> Iterator[Finding]:
    """One finding for a plan and symbol, however many zones carry it; its shape is that of all of them."""
    by_symbol: dict[tuple[str, str], list[ZoneRecord]] = defaultdict(list)
    for zone in zones:
        by_symbol[zone.plan, _symbol(zone)].append(zone)
    for (_, symbol), several in by_symbol.items():
        if symbol and len(several) > 1:
            shape = shapely.union_all(shapely.make_valid([zone.shape for zone in several], method="structure"))
            facts = {"symbol": several[0].name, "zones": len(several)}
            yield _finding(TWICE, several[:1], facts, level, shape)


def _differing(zones: Sequence[ZoneRecord], level: str) -> Iterator[Finding]:
    """Pairs over each other by more than noise, of one symbol. In different plans a bare number is no symbol but a place in a list."""
    symbols = [_symbol(zone) for zone in zones]
    group = _numbers(
        [f"{zone.plan}\0{one}" if one.isdecimal() else one for zone, one in zip(zones, symbols, strict=True)]
    )
    repeated = np.flatnonzero((np.bincount(group, minlength=1)[group] > 1) & np.array([*map(bool, symbols)], np.bool_))
    shapes = np.array([zones[at].shape for at in repeated.tolist()], dtype=object)
    of = group[repeated]
    for one in meetings(shapes, shapes, lambda i, j: (i < j) & (of[i] == of[j]), NOISE_M):
        pair = [zones[repeated[one.first]], zones[repeated[one.second]]]
        if facts := _differences(*pair):
            yield _finding(DIFFER, pair, facts, level, one.shape)


def _numbers(words: list[str]) -> npt.NDArray[np.intp]:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(word, len(numbers)) for word in words], np.intp)


def _differences(one: ZoneRecord, other: ZoneRecord) -> Mapping[str, Any]:
    """Indicator, or function, → both values. What only one of them declares is no difference."""
    pairs = {name: [getattr(one, name), getattr(other, name)] for name in INDICATORS}
    if one.function_scheme == other.function_scheme:
        pairs["function_code"] = [_bare_function(one), _bare_function(other)]
    return {name: pair for name, pair in pairs.items() if None not in pair and pair[0] != pair[1]}


def _bare_function(zone: ZoneRecord) -> str:
    """The code without its phase: existing and planned ground of one function do not differ."""
    known = function_of(zone.function_code, zone.function_scheme)
    return known.code if known else zone.function_code
