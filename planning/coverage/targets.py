"""How much of a commune a level is to cover, as an office has set it: of every commune, or of one."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """A target in force. `unit_code` None: of every commune that has none of its own at the level."""

    level: str
    unit_code: str | None
    target_pct: float
    on_whose_word: str


def target_of(targets: Sequence[Target], level: str, unit_code: str) -> Target | None:
    """The commune's own target at the level, else that of every commune, else none."""
    of_level = {one.unit_code: one for one in targets if one.level == level}
    return of_level.get(unit_code) or of_level.get(None)
