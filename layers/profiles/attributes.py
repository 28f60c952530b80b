"""What a record keeps beside our columns: fields as they came, as the JSON text of the column `attributes`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from layers.profiles.columns import Texts

LONGEST_TEXT = 10_000
"""Letters of the longest text that is taken over."""


def storable(text: str) -> bool:
    """Whether the database can hold a text."""
    return len(text) <= LONGEST_TEXT and "\0" not in text


@dataclass(frozen=True, slots=True)
class Kept:
    """One attribute: its name, and its text in the rows that have it."""

    key: str
    texts: Texts


def attributes_of(kept: Sequence[Kept], rows: int) -> list[str]:
    """A JSON object for every row, of what is filled there and can be stored. Where a name comes twice in a row the first holds."""
    if not kept:
        return ["{}"] * rows
    by_key: dict[str, list[Kept]] = {}
    for one in kept:
        by_key.setdefault(one.key, []).append(one)
    columns = [_pairs(key, several) for key, several in by_key.items()]
    return ["{" + ", ".join(filter(None, pairs)) + "}" for pairs in zip(*columns, strict=True)]


def _pairs(key: str, several: list[Kept]) -> list[str]:
    """`"key": "text"` for every row, empty where there is none."""
    written = json.dumps(key, ensure_ascii=False)
    found: list[str] = []
    for one in several:
        texts = [
            f"{written}: {json.dumps(text, ensure_ascii=False)}" if storable(text) else ""
            for text in one.texts.distinct
        ]
        spread = one.texts.spread(texts, "").tolist()
        found = [first or second for first, second in zip(found, spread, strict=True)] if found else spread
    return found
