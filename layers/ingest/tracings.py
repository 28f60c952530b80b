"""A traced drawing as the zones of a plan: marked as traced, with the accuracy of its lines."""

from dataclasses import replace

import numpy as np
import pandas as pd

from layers.digitise.tracing import Tracing
from layers.ingest.delivery import Whole
from layers.ingest.plans import Described, Sources, with_boundary
from layers.sources.facts import Reading
from layers.sources.vector import Source
from planning.geometry import Shapes


def sources_of(tracing: Tracing, described: Described, storage_crs: int) -> Sources:
    """Plan and zones as an import takes them; the plan's boundary is the union of the zones."""
    zones = Source(
        tracing.drawing.path, "zone", tracing.drawing.sha256, storage_crs, "file", fields_of(tracing), tracing.shapes,
        Reading(constants=tracing.parameters()),
    )  # fmt: skip
    return with_boundary(
        Whole(zones.coded(described.code)), replace(described, origin="traced", accuracy_m=tracing.accuracy_m), None
    )


def fields_of(tracing: Tracing) -> pd.DataFrame:
    """A row for each zone."""
    return pd.DataFrame({
        "lot_symbol": [None] * len(tracing.codes), "function_code": tracing.codes,
        "function_scheme": [tracing.asked.scheme] * len(tracing.codes), "traced_colour": tracing.colours,
        "traced_read_pct": tracing.read_pct,
    })  # fmt: skip


def unread_area_m2(unread: Shapes) -> float:
    """How much of the drawing was of no known colour."""
    return float(np.sum([shape.area for shape in unread]))
