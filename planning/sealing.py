"""The seal of an answer: a hash of what it says, so that a printed sheet can be held against the service."""

import hashlib
from collections.abc import Callable
from typing import Any

UNSEALED = ("hash", "checks")
"""Fields the hash does not cover: itself, and what the checks say, which may be found anew within one release."""


def seal(document: dict[str, Any], as_bytes: Callable[[dict[str, Any]], bytes]) -> str:
    """SHA-256 of the document without what is unsealed; `as_bytes` writes JSON with sorted keys, without spaces, in UTF-8."""
    sealed = {name: value for name, value in document.items() if name not in UNSEALED}
    return hashlib.sha256(as_bytes(sealed)).hexdigest()
