"""The kinds of records a profile can make, and the columns of each: the names that the imports take."""

from dataclasses import dataclass
from typing import Literal, get_args

from planning.localities import KINDS as LOCALITIES
from planning.plans import KINDS, LEVELS

Kind = Literal["plan", "zone", "control_line", "parcel", "unit", "locality"]
RECORD_KINDS: tuple[Kind, ...] = get_args(Kind)

LINE_KINDS: dict[str, str] = {
    "red_line": "chỉ giới đường đỏ",
    "building_line": "chỉ giới xây dựng",
    "corridor": "hành lang an toàn",
    "boundary_marker": "mốc giới",
}
"""What a control line is."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of ours. `reads`: text, word, function, land_use, date, yes_no, or a name of `quantities.QUANTITIES`."""

    reads: str
    needed: bool = False
    words: tuple[str, ...] = ()


TEXT, DATE = Column("text"), Column("date")
NEEDED = Column("text", needed=True)

COLUMNS: dict[Kind, dict[str, Column]] = {
    "plan": {
        "code": NEEDED, "name": NEEDED,
        "kind": Column("word", needed=True, words=tuple(KINDS)),
        "level": Column("word", needed=True, words=LEVELS),
        "scale": Column("scale"), "decision_number": TEXT, "decision_date": DATE, "approver": TEXT, "amends": TEXT,
        "supersedes": TEXT, "declared_ha": Column("area_ha"), "valid_from": DATE, "valid_to": DATE,
    },
    "zone": {
        "plan_code": NEEDED, "lot_symbol": TEXT, "function": Column("function", needed=True),
        "declared_m2": Column("area_m2"), "density_pct": Column("percent"), "floors": Column("floors"),
        "floors_min": Column("floors_low"), "floors_max": Column("floors_high"), "height_max_m": Column("height"),
        "far_max": Column("ratio"), "setback_m": Column("setback"), "article": TEXT,
    },
    "control_line": {
        "kind": Column("word", needed=True, words=tuple(LINE_KINDS)), "name": TEXT, "subject": TEXT,
        "half_width_m": Column("width"), "setback_m": Column("setback"), "legal_basis": TEXT,
    },
    "parcel": {
        "former_code": NEEDED, "sheet": Column("ordinal", needed=True), "number": Column("ordinal", needed=True),
        "land_use_code": TEXT, "declared_m2": Column("area_m2"),
    },
    "unit": {
        "code": NEEDED, "name": NEEDED, "province_code": TEXT, "district": TEXT, "declared_km2": Column("area_km2"),
        "population": Column("count"), "legal_basis": TEXT, "coastal": Column("yes_no"), "valid_from": DATE, "valid_to": DATE,
    },
    "locality": {
        "name": NEEDED, "kind": Column("word", needed=True, words=tuple(LOCALITIES)), "unit_code": TEXT,
        "valid_from": DATE, "valid_to": DATE,
    },
}  # fmt: skip
"""Kind → columns. A zone's `function` becomes function_code and function_scheme, its `floors` floors_min and floors_max."""

FLOORS, FLOOR_ENDS = "floors", ("floors_min", "floors_max")
"""One field holds both ends of the floors, or each end has its own: never both, for they could contradict each other."""

WITH_ATTRIBUTES: tuple[Kind, ...] = ("zone", "control_line")
"""Kinds that keep the fields which are not mapped, as JSON text in the column `attributes`."""

PERSONAL = (
    "tenchu", "tenchusd", "tenchusudung", "tenchusohuu", "chusudung", "chusohuu", "chusd", "hoten", "nguoisudung",
    "nguoisohuu", "diachichu", "diachi", "cccd", "cmnd", "cmtnd", "sodinhdanh", "sogiayto", "namsinh", "ngaysinh", "dienthoai",
    "sodienthoai", "sdt", "email", "owner", "ownername",
)  # fmt: skip
"""Fields of owners, without capitals and signs: they are never read, whatever a profile says."""
