"""Documents of plans: what types there are, and which of them every plan must have made public."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Type = Literal["decision", "regulation", "drawing", "text", "other"]

TYPES: dict[Type, tuple[str, str]] = {
    "decision": ("quyết định phê duyệt", "decision"),
    "regulation": ("quy định quản lý", "management rules"),
    "drawing": ("bản vẽ", "drawing"),
    "text": ("thuyết minh", "explanatory text"),
    "other": ("tài liệu khác", "other document"),
}
"""Types of documents, in both languages; the order is that of a list."""

REQUIRED: tuple[Type, ...] = ("decision", "regulation", "drawing")
"""What of an approved plan is made public (Law 47/2024/QH15, article 50)."""


@dataclass(frozen=True, slots=True)
class Described:
    """What a person says of a document. `title` is the file's name where nothing else is said."""

    plan: str
    type: Type
    title: str
    number: str | None = None
    date: dt.date | None = None


def missing(present: Iterable[str], wanted: Iterable[Type] = REQUIRED) -> tuple[Type, ...]:
    """The types wanted that are not among those present."""
    there = set(present)
    return tuple(one for one in wanted if one not in there)
