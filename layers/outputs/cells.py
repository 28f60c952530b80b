"""Cells of the CSV files that are written for spreadsheets."""

from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def inert(row: dict[str, Any]) -> dict[str, Any]:
    """A row in which a text that a spreadsheet would take for a formula has an apostrophe before it."""
    return {
        name: f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
        for name, value in row.items()
    }
