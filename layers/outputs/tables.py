"""Tables for spreadsheets: CSV that Excel opens with its Vietnamese letters whole and takes for no formula."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from layers.outputs.cells import inert

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads UTF-8 as the letters of Windows."""


def as_csv(columns: Sequence[str], rows: Sequence[dict[str, Any]]) -> str:
    """A table with its heading; a value that is None is an empty field, which is not 0."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(inert(row) for row in rows)
    return BYTE_ORDER_MARK + text.getvalue()
