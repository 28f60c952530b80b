"""What the checks found, and for which days."""

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint

from planning.store.tables.conventions import STORAGE_SRID, metadata, own_id, shape

check_run = Table(
    "check_run",
    metadata,
    Column("release", Integer, ForeignKey("release.number"), primary_key=True),
    Column("holds_from", Date, primary_key=True),
    Column("holds_to", Date),
    Column("checked_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    CheckConstraint("holds_to > holds_from", name="holds_in_order"),
    ExcludeConstraint(
        (Column("release", Integer), "="),
        (func.daterange(text("holds_from"), text("holds_to")), "&&"),
        name="check_run_one_a_day",
        using="gist",
    ),
)

coverage = Table(
    "coverage",
    metadata,
    Column("release", Integer, ForeignKey("release.number"), primary_key=True),
    Column("holds_from", Date, primary_key=True),
    Column("holds_to", Date),
    Column("unit_code", Text, primary_key=True),
    Column("level", Text, primary_key=True),
    Column("area_m2", Double, nullable=False),
    Column("planned_m2", Double, nullable=False),
    Column("zoned_m2", Double, nullable=False),
    Column("plan_codes", ARRAY(Text), nullable=False),
    CheckConstraint("holds_to > holds_from", name="holds_in_order"),
    CheckConstraint("planned_m2 >= 0 AND zoned_m2 >= 0 AND area_m2 > 0", name="areas_sensible"),
)

finding = Table(
    "finding",
    metadata,
    own_id(),
    Column("check_code", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("unit_codes", ARRAY(Text), nullable=False),
    Column("plan_codes", ARRAY(Text), nullable=False),
    Column("area_m2", Double, nullable=False),
    Column("width_m", Double, nullable=False),
    Column("status", Text, nullable=False, server_default=text("'open'")),
    Column("release", Integer, ForeignKey("release.number"), nullable=False),
    Column("holds_from", Date, nullable=False),
    Column("holds_to", Date),
    Column("found_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    shape("geom", STORAGE_SRID),
    shape("geom_web", 3857),
    CheckConstraint("severity IN ('error', 'warning', 'info')", name="severity_known"),
    CheckConstraint("status IN ('open', 'accepted', 'mended')", name="status_known"),
    CheckConstraint("holds_to > holds_from", name="holds_in_order"),
    # findings of a release and date (findings, coverage), newest run replaces
    Index("finding_release_holds_from_idx", "release", "holds_from"),
    # tiles of findings
    Index("finding_geom_web_idx", "geom_web", postgresql_using="gist"),
)

merger_report = Table(
    "merger_report",
    metadata,
    Column("resolution", Text, primary_key=True),
    Column("effective", Date, primary_key=True),
    # the report as computed when the merger went into this release; a later release without one of its own shows it
    Column("release", Integer, ForeignKey("release.number"), primary_key=True),
    Column("document", JSONB, nullable=False),
)
