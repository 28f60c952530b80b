"""Localities: what people name a place by that is no administrative unit. Pure."""

import re
from typing import Literal

from planning.names import asked_name

LocalityKind = Literal["village", "residential_group", "street", "landmark"]

KINDS: dict[LocalityKind, tuple[str, str]] = {
    "village": ("thôn", "village"),
    "residential_group": ("tổ dân phố", "residential group"),
    "street": ("đường", "street"),
    "landmark": ("địa điểm", "landmark"),
}
"""Kind → Vietnamese, English."""

_WORD = re.compile(r"[^\W_]+")


def search_words(text: str) -> tuple[str, ...]:
    """The words of a name as they are looked for: folded, abbreviations written out, letters and digits only."""
    return tuple(_WORD.findall(asked_name(text).phrase))


def sought(kind: LocalityKind, name: str) -> str:
    """What a locality is looked for by: its kind and its name."""
    return " ".join(search_words(f"{KINDS[kind][0]} {name}"))


def prefix_query(words: tuple[str, ...]) -> str | None:
    """The words as a text search of PostgreSQL: each begins a word of what is found. None without a word."""
    return " & ".join(f"{word}:*" for word in words) or None
