"""Names of layers in an old encoding: found by what a person reads, whichever encoding it is that reads so."""

import unicodedata
from collections.abc import Sequence

from layers.encodings.conversion import Encoding, NotInEncoding, converted


def layer_read_as(said: str, present: Sequence[str]) -> str | None:
    """The one layer whose name, byte by byte, reads as `said` in some encoding, capitals aside; None where none or several do."""
    wanted = unicodedata.normalize("NFC", said).casefold()
    found = {name for name in present for encoding in Encoding if _reading(name, encoding) == wanted}
    return found.pop() if len(found) == 1 else None


def _reading(name: str, encoding: Encoding) -> str | None:
    try:
        return converted(name, encoding).casefold()
    except NotInEncoding:
        return None
