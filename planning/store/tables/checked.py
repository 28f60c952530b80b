"""What the checks found, and for which days."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
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
    # whether the rules on records were applied beside those of coverage; the width passed over, null: not on record
    Column("records", Boolean, nullable=False, server_default=text("false")),
    Column("tolerance_m", Double),
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

finding_case = Table(
    "finding_case",
    metadata,
    own_id(),
    Column("check_code", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("plan_codes", ARRAY(Text), nullable=False),
    Column("subjects", ARRAY(Text), nullable=False),
    Column("first_release", Integer, ForeignKey("release.number"), nullable=False),
    Column("last_release", Integer, ForeignKey("release.number"), nullable=False),
    Column("mended_in", Integer, ForeignKey("release.number")),
    Column("accepted_by", Text),
    Column("accepted_why", Text),
    # last day; null: without end
    Column("accepted_until", Date),
    Column("accepted_at", DateTime(timezone=True)),
    # where it was last seen
    shape("geom", STORAGE_SRID),
    CheckConstraint("num_nulls(accepted_by, accepted_why, accepted_at) IN (0, 3)", name="accepted_whole"),
    CheckConstraint("accepted_until IS NULL OR accepted_by IS NOT NULL", name="accepted_until_somebody"),
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
    Column("release", Integer, ForeignKey("release.number"), nullable=False),
    Column("holds_from", Date, nullable=False),
    Column("holds_to", Date),
    Column("found_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    shape("geom", STORAGE_SRID),
    shape("geom_web", 3857),
    Column("case_id", BigInteger, ForeignKey("finding_case.id")),
    Column("subjects", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("facts", JSONB, nullable=False, server_default=text("'{}'")),
    CheckConstraint("severity IN ('error', 'warning', 'info')", name="severity_known"),
    CheckConstraint("holds_to > holds_from", name="holds_in_order"),
    # findings of a release and date (findings, coverage), newest run replaces
    Index("finding_release_holds_from_idx", "release", "holds_from"),
    # tiles of findings
    Index("finding_geom_web_idx", "geom_web", postgresql_using="gist"),
    # where a case was last seen (checks)
    Index("finding_case_id_idx", "case_id"),
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
