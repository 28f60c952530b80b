"""The coverage of a province, or the plans of one commune, as a page that prints."""

from typing import Any

from api.documents.impact_page import environment
from planning.checks.catalogue import RULES
from planning.plans import LEVELS

Record = dict[str, Any]

SEVERITIES = {"error": ("lỗi", "error"), "warning": ("cảnh báo", "warning"), "info": ("thông tin", "information")}
_ORDER = {level: place for place, level in enumerate(("unit", *LEVELS))}
_GRAVITY = {severity: place for place, severity in enumerate(SEVERITIES)}


def as_page(report: Record) -> str:
    """HTML in Vietnamese and English from the report's document; levels in the order of the law, grave findings first."""
    shown = {
        name: sorted(report[name], key=lambda row: _ORDER[row["level"]])
        for name in ("rows", "trend", "plans", "findings")
    }
    shown["findings"].sort(key=lambda row: _GRAVITY[row["severity"]])
    return environment().get_template("coverage.html").render(**{**report, **shown}, RULES=RULES, SEVERITIES=SEVERITIES)
