"""How well a scan fits its control points, as a page that prints: the sheet with its points and their residuals, enlarged."""

from base64 import b64encode
from typing import Any

import numpy as np

from api.documents.impact_page import environment
from layers.digitise.georeference_report import ScanReport

ARROW_SHARE = 0.06
"""Length of the longest arrow, as a share of the longer side of the sheet."""


def as_page(report: ScanReport) -> str:
    """HTML in Vietnamese and English."""
    longest = max((one.pixels for one in report.residuals), default=0.0)
    size = max(report.width, report.height)
    enlarged = ARROW_SHARE * size / longest if longest else 0.0
    arrows = [_arrow(one, enlarged) for one in report.residuals]
    picture = "data:image/jpeg;base64," + b64encode(report.thumbnail).decode() if report.thumbnail else ""
    context: dict[str, Any] = {
        "report": report,
        "arrows": arrows,
        "enlarged": enlarged,
        "size": size,
        "picture": picture,
    }
    return environment().get_template("scan.html").render(**context)


def _arrow(one: Any, enlarged: float) -> dict[str, Any]:
    """From where the point was picked towards where the others put it; north is taken as up the sheet."""
    heading = np.arctan2(-one.dy_m, one.dx_m)
    length = one.pixels * enlarged
    tip = {"x": one.col + length * np.cos(heading), "y": one.row + length * np.sin(heading)}
    return {"name": one.name, "col": one.col, "row": one.row, "suspected": one.suspected, **tip}
