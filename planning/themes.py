"""The themes of an answer. The set is data: themes.toml beside this module says which there are, what each is told from, and its law."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planning.control_lines import KINDS as LINE_KINDS
from planning.plans import KINDS, LEVELS


@dataclass(frozen=True, slots=True)
class Theme:
    """One subject of an answer, told from plans of `levels` (of `kinds`, where these are named) or from control lines of `lines`."""

    key: str
    vi: str
    en: str
    basis: tuple[dict[str, str], ...]
    levels: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()

    @property
    def name(self) -> dict[str, str]:
        """Its name in both languages."""
        return {"vi": self.vi, "en": self.en}

    def tells_of(self, level: str, kind: str) -> bool:
        """Whether a plan of this level and kind belongs to the theme."""
        return level in self.levels and (not self.kinds or kind in self.kinds)


def read_themes(text: str) -> tuple[Theme, ...]:
    """Themes as a TOML text writes them. Raises ValueError naming the theme that cannot be."""
    themes = tuple(_theme(entry) for entry in tomllib.loads(text).get("theme", []))
    keys = [theme.key for theme in themes]
    if not keys or len(set(keys)) < len(keys):
        raise ValueError("themes need at least one entry, each with a key of its own")
    return themes


def _theme(entry: dict[str, Any]) -> Theme:
    sets = {name: frozenset(entry.get(name, ())) for name in ("levels", "kinds", "lines")}
    known: dict[str, set[str]] = {"levels": set(LEVELS), "kinds": set(KINDS), "lines": set(LINE_KINDS)}
    for name, given in sets.items():
        if strange := given - known[name]:
            raise ValueError(f"theme {entry.get('key')}: {name} {sorted(strange)} are none of {sorted(known[name])}")
    if bool(sets["levels"]) == bool(sets["lines"]):
        raise ValueError(f"theme {entry.get('key')}: it is told from levels of plans or from lines, one of the two")
    return Theme(entry["key"], entry["vi"], entry["en"], tuple(entry.get("basis", ())), **sets)


THEMES = read_themes(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
"""The order is that of an answer."""
