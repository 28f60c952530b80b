"""Control lines: what a plan or an office draws beside the zones, and where building stops. Widths and setbacks are metres."""

from collections.abc import Callable
from typing import Any, Literal

from planning.parcels import NOISE_AREA_M2

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


COMPASS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
TOUCHING_M = 0.001
"""What lies nearer than this touches."""


def line_shown(
    line: dict[str, Any], subject_m2: float | None, draw: Callable[[str], Any] | None = None
) -> dict[str, Any]:
    """A line beside a subject: how far it is, on which side, and what a corridor takes of it.

    `subject_m2`: the area of the subject, None for a point. `side`: the subject is wholly `inside` a corridor; the line or corridor
    `crosses` it (a point: lies on it); a line `touches` it where it runs along its edge, a corridor where it takes no more than
    noise; or it runs `outside`, in `direction`. `draw`: its shape as GeoJSON, where shapes are wanted.
    """
    distance, area = line["distance_m"], line["area_m2"]
    side = _side(line, subject_m2)
    vi, en = KINDS[line["kind"]]
    of = SUBJECTS.get(line["subject"] or "")
    shown = {name: line[name] for name in _LINE_FIELDS}
    return shown | {
        "kind_name": {"vi": vi, "en": en},
        "subject_name": {"vi": of[0], "en": of[1]} if of else None,
        "distance_m": round(distance, 2),
        "side": side,
        "direction": COMPASS[round(line["bearing"] / 45) % 8]
        if side == "outside" and line["bearing"] is not None
        else None,
        "area_m2": round(area, 4) if area and subject_m2 else None,
        "share_pct": round(100 * area / subject_m2, 3) if area and subject_m2 else None,
        **({"geometry": draw(line["shape"])} if draw else {}),
    }


def holds(line: dict[str, Any]) -> bool:
    """Whether a line shown beside a subject has a say on it: a corridor that takes some of it, a line on it or along its edge."""
    return line["side"] in {"inside", "crosses"} or (line["side"] == "touches" and line["kind"] != "corridor")


def _side(line: dict[str, Any], subject_m2: float | None) -> Literal["inside", "crosses", "touches", "outside"]:
    if line["covers"]:
        return "inside"
    if line["distance_m"] > TOUCHING_M:
        return "outside"
    if subject_m2 is None:
        return "crosses"
    if line["kind"] != "corridor":
        return "crosses" if line["enters"] else "touches"
    area = line["area_m2"] or 0.0
    return "touches" if area < min(NOISE_AREA_M2, subject_m2 / 2) else "crosses"


_LINE_FIELDS = (
    "id",
    "kind",
    "code",
    "name",
    "subject",
    "plan_code",
    "half_width_m",
    "setback_m",
    "legal_basis",
    "valid_from",
    "valid_to",
)
