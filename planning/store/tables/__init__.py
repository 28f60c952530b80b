"""The declared schema. The migrations build it; a test holds the two equal.

Conventions: `release_from`/`release_to` is known time (a row belongs to releases from … up to, not including, to; a release that
is not yet published is the draft). `valid_from`/`valid_to` is legal time, half-open days. `geom` is in the deployment's storage
CRS, `geom_web` the same shape in EPSG:3857, `geom_source` the shape as it came where the file was in another CRS.
A deployment in another zone has the same tables with its own SRID: the migrations write it.
"""

from planning.store.tables.checked import (
    check_run,
    coverage,
    coverage_change,
    finding,
    finding_case,
    former_quality,
    kept_run,
    kept_run_case,
    merger_report,
)
from planning.store.tables.conventions import STORAGE_SRID, metadata
from planning.store.tables.documents import document
from planning.store.tables.named import locality
from planning.store.tables.offices import office
from planning.store.tables.pieces import finding_piece, plan_piece, unit_piece, zone_piece
from planning.store.tables.planned import availability, carry_over, control_line, coverage_target, plan, zone
from planning.store.tables.publication import dataset, deployment, release
from planning.store.tables.scanned import scan
from planning.store.tables.shares import parcel_share
from planning.store.tables.territory import parcel, unit, unit_event, unit_event_part

__all__ = [
    "STORAGE_SRID",
    "availability",
    "carry_over",
    "check_run",
    "control_line",
    "coverage",
    "coverage_change",
    "coverage_target",
    "dataset",
    "deployment",
    "document",
    "finding",
    "finding_case",
    "finding_piece",
    "former_quality",
    "kept_run",
    "kept_run_case",
    "locality",
    "merger_report",
    "metadata",
    "office",
    "parcel",
    "parcel_share",
    "plan",
    "plan_piece",
    "release",
    "scan",
    "unit",
    "unit_event",
    "unit_event_part",
    "unit_piece",
    "zone",
    "zone_piece",
]
