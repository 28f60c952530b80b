"""Findings: what a check found wrong, where, how wide, and what kind of thing it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from planning.geometry import mean_width_m

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Check:
    """A check with a stable code and what it says in both languages."""

    code: str
    vi: str
    en: str


CHECKS: dict[str, Check] = {
    check.code: check
    for check in (
        Check("unit.gap", "Khoảng hở giữa các xã, phường", "Gap between communes"),
        Check("unit.overlap", "Xã, phường chồng lấn nhau", "Communes overlap"),
        Check("unit.overhang", "Xã, phường vượt ra ngoài ranh giới tỉnh", "A commune reaches beyond the province"),
        Check(
            "level.uncovered",
            "Phần xã, phường chưa có quy hoạch ở cấp này",
            "Part of a commune without a plan at this level",
        ),
        Check("plan.overlap", "Hai đồ án cùng cấp chồng lấn", "Two plans of one level overlap"),
        Check("plan.zone-gap", "Khoảng hở giữa các khu chức năng của đồ án", "Gap between the zones of a plan"),
        Check("plan.zone-overlap", "Khu chức năng của một đồ án chồng lấn nhau", "Zones of one plan overlap"),
        Check("plan.zone-overhang", "Khu chức năng vượt ra ngoài ranh giới đồ án", "A zone reaches beyond its plan"),
    )
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One connected place where a check failed. `shape` is a polygon in the storage CRS; `level` is “unit” for units.

    `subjects` names the zones concerned within their plans; `facts` holds what was measured and what was declared, by name.
    """

    check: str
    severity: Severity
    level: str
    unit_codes: tuple[str, ...]
    plan_codes: tuple[str, ...]
    shape: Any
    subjects: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def area_m2(self) -> float:
        """Plane area in the storage CRS."""
        return float(self.shape.area)

    @property
    def width_m(self) -> float:
        """2 · area / perimeter."""
        return mean_width_m(self.shape)
