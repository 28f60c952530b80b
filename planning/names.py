"""Names as people type them into a search: abbreviated, without diacritics, with the district behind."""

import re
import unicodedata
from dataclasses import dataclass

from planning.units import folded, spelled

ABBREVIATIONS = {
    "tt": "thị trấn",
    "tp": "thành phố",
    "tx": "thị xã",
    "p": "phường",
    "x": "xã",
    "h": "huyện",
    "đ": "đường",
    "tdp": "tổ dân phố",
    "kp": "khu phố",
    "ql": "quốc lộ",
    "tl": "tỉnh lộ",
}
"""Before a name, with a full stop; those of two letters and more also without."""

_WITH_STOP = re.compile(rf"(?<!\w)({'|'.join(ABBREVIATIONS)})\.\s*(?=\w)", re.IGNORECASE)
_WITHOUT = re.compile(r"(?<!\w)(tt|tp|tx|tdp|kp|ql|tl)\s+(?=\w)", re.IGNORECASE)
APART = "-–(),.'’/"
"""Signs that part words, in names and in questions."""


@dataclass(frozen=True, slots=True)
class AskedName:
    """What is looked for: folded words, the same as a phrase, and the words as they are spelled (see `planning.units.spelled`)."""

    words: tuple[str, ...]
    phrase: str
    spelling: tuple[str, ...]


def asked_name(text: str) -> AskedName:
    """Read a question: “TT. Chũ” → thị trấn Chũ. Without any word the result is empty."""
    whole = unicodedata.normalize("NFC", text)
    for pattern in (_WITH_STOP, _WITHOUT):
        whole = pattern.sub(lambda match: f"{ABBREVIATIONS[match[1].lower()]} ", whole)
    parted = whole.translate(str.maketrans(APART, " " * len(APART)))
    words = tuple(folded(parted).split())
    return AskedName(words, " ".join(words), tuple(spelled(parted).split()))
