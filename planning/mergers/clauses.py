"""Clauses of resolutions that build new units out of old ones.

A clause builds one unit, on one day, out of the whole of an old unit, a part of it, or the rest that other clauses left. A unit
is identified by its code *and* its period: codes are reused.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

Extent = Literal["whole", "part", "rest"]
Scope = Literal["area_population", "area"]
EventKind = Literal["merge", "absorb", "split", "part_transfer", "rename", "keep", "code_reuse", "repeal"]
Located = Literal["official", "derived", "digitised"]
Decision = Literal["kept", "replaced", "expired", "undecided"]

EXTENTS: dict[str, Extent] = {
    "whole": "whole", "full": "whole", "toàn bộ": "whole",
    "part": "part", "partial": "part", "một phần": "part",
    "rest": "rest", "phần còn lại": "rest",
}  # fmt: skip
SCOPES: dict[str, Scope] = {"area+population": "area_population", "area_population": "area_population", "area": "area"}

KINDS: dict[EventKind, tuple[str, str]] = {
    "merge": ("nhập thành đơn vị mới", "merged into a new unit"),
    "absorb": ("nhập vào đơn vị giữ mã", "merged into a unit that keeps its code"),
    "split": ("chia từ một đơn vị", "split from one unit"),
    "part_transfer": ("điều chỉnh một phần", "parts transferred"),
    "rename": ("đổi tên hoặc đổi loại", "renamed, or of another type"),
    "keep": ("giữ nguyên", "kept as it is"),
    "code_reuse": ("dùng lại mã của đơn vị không nhập trọn", "takes the code of a unit that it does not take whole"),
    "repeal": ("bãi bỏ", "repealed"),
}

LOCATED: dict[Located, tuple[str, str]] = {
    "official": ("theo hồ sơ địa giới", "from the official boundary file"),
    "derived": ("suy ra từ ranh giới cũ và mới", "derived from former and new boundaries"),
    "digitised": ("số hóa", "digitised"),
}
"""How the geometry of a part or a unit was got; where none was, the part is unknown."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one clause takes from one old unit. `code` is None for land that was no unit (a military range).

    `line` is the row of the file it was read from; declared figures are those of the clause, where it gives any.
    """

    code: str | None
    name: str
    extent: Extent
    scope: Scope = "area_population"
    after_clauses: tuple[str, ...] = ()
    district: str | None = None
    province_code: str | None = None
    note: str | None = None
    declared_area_km2: float | None = None
    population: int | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One clause: on `effective` the unit `code` is made out of `parts`. The last clause of a resolution may bear no number: “final”.

    A repeal names the resolution whose changes it takes back, and has no parts. `text` is the wording of the clause, where it is known.
    """

    resolution: str
    clause: str
    effective: date
    code: str
    name: str
    parts: tuple[Part, ...]
    repeals: str | None = None
    text: str | None = None

    @property
    def kind(self) -> EventKind:
        """What happened, told from the parts."""
        if self.repeals:
            return "repeal"
        whole = {part.code for part in self.parts if part.extent == "whole"}
        divided = {part.code for part in self.parts if part.extent != "whole"}
        if whole == {self.code} and not divided:
            return "keep" if all(part.name == self.name for part in self.parts) else "rename"
        if len(divided) == 1 and not whole:
            return "split"
        if self.code in divided:
            return "code_reuse"
        if divided and whole <= {self.code}:
            return "part_transfer"
        return "absorb" if self.code in whole else "merge"

    @property
    def label(self) -> str:
        """“1658/NQ-UBTVQH15 khoản 34”, as people cite it."""
        return f"{self.resolution} khoản {self.clause}"


def clause_numbers(text: str) -> tuple[str, ...]:
    """The clauses named in “khoản 1”, “khoản 1 và khoản 5” or “1;5”."""
    return tuple(re.findall(r"[0-9]+", text))
