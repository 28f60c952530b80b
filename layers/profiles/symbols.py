"""The symbol of a lot among the texts that a drawing has in it: “OM-01” beside “Đất ở mới” and “4.800 m²”."""

import json
import re

from layers.profiles.reasons import Problem

SYMBOL = re.compile(r"[A-ZĐ]{1,6}\d{0,3}(?:[-._][A-ZĐ]{0,4}\d{1,4}[a-zA-Z]?)*")
"""Capital letters with a number: OM-01, CX1, B2-LK03, O.12a. No blanks, so that “MD 40” is none."""


def symbol_picked(text: str) -> str | Problem | None:
    """The one symbol of a list of texts (JSON, as readers of drawings write it) or of a single text.

    None where no text reads like a symbol; a problem where several do, for none is chosen by guess.
    """
    found = dict.fromkeys(one for one in _texts(text) if SYMBOL.fullmatch(one) and re.search(r"\d", one))
    if len(found) > 1:
        return Problem.of("several-symbols", symbols=", ".join(found))
    return next(iter(found), None)


def _texts(text: str) -> list[str]:
    try:
        listed = json.loads(text) if text.startswith("[") else [text]
    except ValueError:
        return [text]
    return [" ".join(str(one).split()) for one in listed]
