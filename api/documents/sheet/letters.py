"""Letters a sheet can print: those of its fonts. Any other is written by its number, never left out and never an empty box."""

import re
import unicodedata
from typing import Any

LETTERS = (
    r"\n\x20-\x7e\xa0-\xac\xae-\u017f\u01a0\u01a1\u01af\u01b0\u0300-\u0304\u0306-\u030c\u031b\u0323\u0384-\u038a\u038c\u038e-\u03a1"
    r"\u03a3-\u03ce\u0400-\u045f\u1e80-\u1e85\u1ea0-\u1ef9\u200b\u2010-\u2022\u2026\u2030\u2032\u2033\u2039\u203a\u2044\u2070\u2074-\u2079"
    r"\u2080-\u2089\u20ab\u20ac\u2116\u2122\u2190-\u2199\u2212\u2215\u221e\u2248\u2260\u2264\u2265\u25a0\u25a1\u25b2\u25cf"
)
"""Be Vietnam Pro holds Vietnamese and its neighbours; Greek, Cyrillic, arrows and signs come from the fonts Typst carries."""
PRINTABLE = re.compile(f"[{LETTERS}]")
UNPRINTABLE = re.compile(f"[^{LETTERS}]")


def printable(value: Any) -> Any:
    """Every text within a document with letters composed (NFC); what no font has as [U+4E2D]."""
    if isinstance(value, str):
        return UNPRINTABLE.sub(lambda one: f"[U+{ord(one[0]):04X}]", unicodedata.normalize("NFC", value))
    if isinstance(value, dict):
        return {name: printable(one) for name, one in value.items()}
    return [printable(one) for one in value] if isinstance(value, list | tuple) else value
