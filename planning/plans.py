"""Plans: levels, kinds and the themes of an answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Level = Literal["general", "subdivision", "detailed", "site_layout", "urban_design", "land_use"]


@dataclass(frozen=True, slots=True)
class Theme:
    """One subject of an answer: a plan level. `covers` tells that the level is meant to cover every commune whole."""

    level: Level
    vi: str
    en: str
    covers: bool


THEMES: tuple[Theme, ...] = (
    Theme("general", "Quy hoạch chung", "General plan", covers=True),
    Theme("subdivision", "Quy hoạch phân khu", "Subdivision plan", covers=False),
    Theme("detailed", "Quy hoạch chi tiết", "Detailed plan", covers=False),
    Theme("site_layout", "Quy hoạch tổng mặt bằng", "Site layout plan", covers=False),
    Theme("urban_design", "Thiết kế đô thị riêng", "Separate urban design", covers=False),
    Theme("land_use", "Quy hoạch sử dụng đất", "Land-use plan", covers=True),
)
"""Levels of Law 47/2024/QH15, and the land-use plan of the Land Law beside them. The order is the order of an answer."""

LEVELS: tuple[Level, ...] = tuple(theme.level for theme in THEMES)

KINDS: dict[str, str] = {
    "urban": "đô thị",
    "rural": "nông thôn",
    "functional_zone": "khu chức năng",
    "underground": "không gian ngầm",
    "infrastructure": "hạ tầng kỹ thuật",
    "land_use": "sử dụng đất",
}
"""What a plan is made for, beside its level."""

ORIGINS: dict[str, str] = {
    "drawn": "bản vẽ số",
    "digitised": "số hóa từ bản giấy",
    "traced": "tự động lần vết từ bản quét",
}
"""How the lines of a plan came into the data: from its own drawing files, by a hand on a scan, or traced from a scan's colours."""

AVAILABILITY_STATES = ("complete", "partial", "missing")
"""What a theme's data in a unit is worth, on an office's word; only complete data lets an answer say “none”."""

CARRY_OVER_DECISIONS = ("kept", "replaced", "expired", "undecided")
"""What became of a plan at a merger. Without a decision a plan stays in force to its term (Law 47/2024/QH15, article 59.1)."""

ENDS = frozenset(("replaced", "expired"))
"""Decisions that end a plan at the merger."""


def amends(one: str, other: str, amended: Mapping[str, str | None]) -> bool:
    """Whether plan `one` amends plan `other`, itself or by way of others; `amended`: code → code of the plan it amends."""
    seen: set[str] = set()
    at: str | None = one
    while at is not None and at not in seen:
        seen.add(at)
        at = amended.get(at)
        if at == other:
            return True
    return False


def related(one: str, other: str, amended: Mapping[str, str | None]) -> bool:
    """Whether one of two plans amends the other, so that they are meant to lie on each other."""
    return amends(one, other, amended) or amends(other, one, amended)


def replaces(one: str, other: str, amended: Mapping[str, str | None]) -> bool:
    """Whether the zones of plan `one` hold in the place of those of `other`: it amends it. Of two that amend each other neither does."""
    return amends(one, other, amended) and not amends(other, one, amended)
