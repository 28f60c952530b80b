"""The questions of the service as they stand in the folder sql, each with the parts that it shares with others."""

import re
from pathlib import Path

_TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in (Path(__file__).parent / "sql").glob("*.sql")}

QUESTIONS = {
    name: re.sub(r"-- with (\w+)\.sql\n", lambda shared: _TEXTS[shared[1]], text) for name, text in _TEXTS.items()
}
"""Name of the file → its text."""
