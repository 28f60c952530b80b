"""Which fields of a file look like which columns of ours: by their names, and by what stands in them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from layers.profiles.chunk import is_personal
from layers.profiles.columns import Texts
from layers.profiles.filling import number_piece
from layers.profiles.loading import shipped
from layers.profiles.quantities import QUANTITIES, Asked, Seen
from layers.profiles.reading import reader_of
from layers.profiles.reasons import Problem
from layers.profiles.records import COLUMNS, FLOOR_ENDS, FLOORS, RECORD_KINDS, Column, Kind
from layers.profiles.words import Listed, plain
from planning.functions import SCHEMES, Scheme

EXAMPLES = 5
"""Values that a draft shows of those it could not read."""

OTHER_NAMES: dict[str, tuple[str, ...]] = {
    "code": ("ma", "ma so", "mã đơn vị"),
    "name": ("ten", "tên gọi"),
    "lot_symbol": ("ký hiệu", "ký hiệu lô", "tên lô", "số lô", "lô", "lô đất"),
    "function": ("chức năng", "chức năng sử dụng đất", "loại đất", "mục đích sử dụng"),
    "declared_m2": ("diện tích", "dt", "diện tích m2"),
    "density_pct": ("mật độ xây dựng", "mật độ", "mdxd"),
    "floors": ("tầng cao", "số tầng", "tầng cao xây dựng"),
    "floors_min": ("tầng cao tối thiểu",),
    "floors_max": ("tầng cao tối đa",),
    "height_max_m": ("chiều cao", "chiều cao tối đa"),
    "far_max": ("hệ số sử dụng đất", "hssdd", "hsd"),
    "setback_m": ("khoảng lùi",),
    "article": ("điều", "điều khoản", "quy định"),
    "half_width_m": ("nửa bề rộng", "bề rộng mỗi bên"),
    "scale": ("tỷ lệ", "tỉ lệ"),
    "decision_number": ("số quyết định", "quyết định"),
    "decision_date": ("ngày quyết định",),
    "approver": ("cơ quan phê duyệt",),
    "population": ("dân số",),
    "declared_km2": ("diện tích km2",),
    "declared_ha": ("diện tích ha",),
    "land_use_code": ("loại đất", "mục đích"),
    "district": ("huyện", "tên huyện"),
    "province_code": ("mã tỉnh",),
}
"""Names of fields in use beside those of the shipped profiles."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How much of what a field holds can be read as a column of ours. `unread`: the commonest values that cannot be."""

    source: str
    filled: int
    read: int
    unread: tuple[tuple[str, int, Problem], ...]
    seen: Seen | None = None

    @property
    def share(self) -> float:
        """Of the rows that hold something, those that can be read."""
        return self.read / self.filled if self.filled else 0.0


@cache
def known_names(kind: Kind) -> dict[str, list[str]]:
    """Column of ours → the plain names of fields known for it, the likeliest first."""
    names: dict[str, list[str]] = {name: [plain(name)] for name in COLUMNS[kind]}
    for profile in shipped().values():
        if profile.makes == kind:
            for name, rule in profile.fields.items():
                names[name] += [plain(source) for source in rule.source or ()]
    for name, others in OTHER_NAMES.items():
        if name in names:
            names[name] += [plain(other) for other in others]
    return {name: list(dict.fromkeys(found)) for name, found in names.items()}


def named_alike(kind: Kind, fields: pd.DataFrame) -> dict[str, list[str]]:
    """Column of ours → the fields of a file with a name known for it; a field stands at one column only."""
    present = {plain(str(name)): str(name) for name in fields.columns if not is_personal(str(name))}
    found: dict[str, list[str]] = {}
    for column, names in known_names(kind).items():
        sources = [present.pop(name) for name in names if name in present]
        if sources:
            found[column] = sources
    if any(end in found for end in FLOOR_ENDS):
        found.pop(FLOORS, None)
    return found


def likeliest_kind(fields: pd.DataFrame, layer: str, *, areas: bool) -> tuple[Kind, int]:
    """The kind of record whose columns a file has most of, and how many; needed columns count twice.

    A shipped profile for a layer of this name decides between equals; shapes that are no areas leave control lines only.
    """
    drafted = [kind for kind in RECORD_KINDS if kind != "locality"]  # a name alone tells no locality from anything else
    kinds: tuple[Kind, ...] = tuple(kind for kind in drafted if areas == (kind != "control_line"))
    hinted = {profile.makes for profile in shipped().values() if profile.suits(layer)}
    scores = {kind: _score(kind, fields) for kind in kinds}
    best = max(kinds, key=lambda kind: (scores[kind] + (3 if kind in hinted else 0), kind == "zone"))
    return best, len(named_alike(best, fields))


def _score(kind: Kind, fields: pd.DataFrame) -> int:
    return sum(2 if COLUMNS[kind][name].needed else 1 for name in named_alike(kind, fields))


def evidence(source: str, values: "pd.Series", column: Column, schemes: tuple[Scheme, ...], listed: Listed) -> Evidence:
    """Read a whole field as a column of ours, and count."""
    if column.reads in QUANTITIES:
        return _of_numbers(source, values, column)
    texts = Texts.of(values)
    read = reader_of(column, schemes, listed, "iso")
    found = [read(text) for text in texts.distinct]
    return _counted(source, texts, {place: one for place, one in enumerate(found) if isinstance(one, Problem)})


def _of_numbers(source: str, values: "pd.Series", column: Column) -> Evidence:
    piece = number_piece(source, values, column.reads)
    assert piece.numbers is not None
    seen = piece.numbers.seen
    found = piece.numbers.numbers(Asked(QUANTITIES[column.reads], seen=seen))
    return _counted(source, piece.texts, found.problems, seen)


def _counted(source: str, texts: Texts, problems: dict[int, Problem], seen: Seen | None = None) -> Evidence:
    counts = np.bincount(texts.places[texts.filled], minlength=len(texts.distinct))
    wrong = Counter({place: int(counts[place]) for place in problems if counts[place]})
    unread = tuple((texts.distinct[place], count, problems[place]) for place, count in wrong.most_common(EXAMPLES))
    filled = int(texts.filled.sum())
    return Evidence(source, filled, filled - sum(wrong.values()), unread, seen)


LEAST_SHARE = 0.5
"""Share of known values from which a field under an unknown name is proposed for the function of land."""


def function_fields(fields: pd.DataFrame, taken: Iterable[str]) -> list[tuple[Evidence, Scheme]]:
    """Fields that hold functions of land, whatever they are called: the one with the most known values first."""
    found = []
    for name in map(str, fields.columns):
        if name not in taken and not is_personal(name) and not pd.api.types.is_numeric_dtype(fields[name]):
            found += [
                (one, scheme)
                for scheme in SCHEMES
                if (one := function_evidence(fields, name, scheme)).share >= LEAST_SHARE
            ]
    return sorted(found, key=lambda pair: -pair[0].read)


def function_evidence(fields: pd.DataFrame, name: str, scheme: Scheme) -> Evidence:
    """How many values of a field are functions of a scheme."""
    return evidence(name, fields[name], COLUMNS["zone"]["function"], (scheme,), Listed.of({}))
