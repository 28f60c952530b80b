"""The coverage of a province, or the plans of one commune, as a page that prints."""

from typing import Any

from api.documents.impact_page import environment
from planning.checks.catalogue import RULES

Record = dict[str, Any]


def as_page(report: Record) -> str:
    """HTML in Vietnamese and English from the report's document."""
    return environment().get_template("coverage.html").render(**report, RULES=RULES)
