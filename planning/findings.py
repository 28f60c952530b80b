"""Findings: what a check found wrong, where, how wide, and what kind of thing it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from planning.geometry import mean_width_m

Severity = Literal["error", "warning", "info"]


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
