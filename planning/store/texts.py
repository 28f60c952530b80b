"""The questions of the service as they stand in the folder sql, each with the parts that it shares with others."""

import re
from pathlib import Path

_TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in (Path(__file__).parent / "sql").glob("*.sql")}


def _whole(name: str) -> str:
    """A text with what it names “-- with PART.sql”, and what that names."""
    return re.sub(r"-- with (\w+)\.sql\n", lambda part: _whole(part[1]), _TEXTS[name])


QUESTIONS = {name: _whole(name) for name in _TEXTS}
"""Name of the file → its text."""
