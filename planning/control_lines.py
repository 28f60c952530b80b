"""Control lines: what a plan or an office draws beside the zones, and where building stops. Widths and setbacks are metres."""

from typing import Literal

ControlKind = Literal["red_line", "building_line", "corridor", "boundary_marker"]

KINDS: dict[ControlKind, tuple[str, str]] = {
    "red_line": ("chỉ giới đường đỏ", "red line: where the street ends and lots begin"),
    "building_line": ("chỉ giới xây dựng", "building line: as far as a building may come"),
    "corridor": ("hành lang an toàn", "safety corridor of a work, a river or a monument"),
    "boundary_marker": ("mốc giới", "boundary marker on the ground"),
}

SUBJECTS: dict[str, tuple[str, str]] = {
    "power": ("điện", "power"),
    "transport": ("giao thông", "transport"),
    "dyke": ("đê điều", "dyke"),
    "water": ("nguồn nước, thủy lợi", "water, irrigation"),
    "heritage": ("di tích", "heritage"),
    "gas": ("xăng dầu, khí", "oil and gas"),
    "telecom": ("viễn thông", "telecommunications"),
    "defence": ("quốc phòng, an ninh", "defence, security"),
    "cemetery": ("nghĩa trang", "cemetery"),
    "other": ("khác", "other"),
}
"""What a corridor protects."""

WIDEST_M = 5_000.0
"""No corridor reaches farther on a side, and no building stands farther back: more is a mistake of the unit of measure."""


def unsound(kind: ControlKind, dimension: int, half_width_m: float | None) -> str | None:
    """Why a line of this kind cannot be drawn so, or None. `dimension`: 0 points, 1 lines, 2 areas."""
    if kind == "boundary_marker" and dimension != 0:
        return "a boundary marker is a point"
    if kind in {"red_line", "building_line"} and dimension == 0:
        return f"a {kind} is a line, not a point"
    if kind == "corridor" and dimension < 2 and not half_width_m:
        return "a corridor is an area, or a line or point with half_width_m, the metres it reaches on every side"
    return None
