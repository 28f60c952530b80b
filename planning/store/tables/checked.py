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
    Identity,
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
    # the target that held on those days; null: none was set
    Column("target_pct", Double),
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

kept_run = Table(
    "kept_run",
    metadata,
    Column("number", BigInteger, Identity(always=False), primary_key=True),
    Column("release", Integer, ForeignKey("release.number"), nullable=False),
    Column("on_day", Date, nullable=False),
    # one commune and one level, where the run was limited to these
    Column("unit_code", Text),
    Column("level", Text),
    Column("checks", ARRAY(Text), nullable=False),
    Column("tolerance_m", Double, nullable=False),
    # rule → findings
    Column("counts", JSONB, nullable=False),
    Column("run_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    # runs of a release (check runs, letting go of the oldest)
    Index("kept_run_release_idx", "release"),
)

kept_run_case = Table(
    "kept_run_case",
    metadata,
    Column("run", BigInteger, ForeignKey("kept_run.number", ondelete="CASCADE"), primary_key=True),
    Column("case_id", BigInteger, ForeignKey("finding_case.id"), primary_key=True),
    Column("area_m2", Double, nullable=False),
    Column("width_m", Double, nullable=False),
    # whether a run still names a case (checks)
    Index("kept_run_case_case_id_idx", "case_id"),
)

coverage_change = Table(
    "coverage_change",
    metadata,
    Column("release", Integer, ForeignKey("release.number"), primary_key=True),
    Column("holds_from", Date, primary_key=True),
    Column("unit_code", Text, primary_key=True),
    Column("level", Text, primary_key=True),
    # the day of the last merger that made the commune, the former communes it took land of, and which of these nobody has drawn
    Column("merged_on", Date, nullable=False),
    Column("former_codes", ARRAY(Text), nullable=False),
    Column("undrawn", ARRAY(Text), nullable=False),
    # the land of the commune that drawn former ones held; covered on the eve; covered now. Null where a former one is not drawn
    Column("land_m2", Double),
    Column("before_m2", Double),
    Column("after_m2", Double),
    # plans that ended, gave way, changed or came since: code, name, change, area_m2
    Column("plans", JSONB, nullable=False),
    CheckConstraint("num_nulls(land_m2, before_m2, after_m2) IN (0, 3)", name="known_whole"),
    CheckConstraint("land_m2 > 0 AND before_m2 >= 0 AND after_m2 >= 0", name="areas_sensible"),
)

former_quality = Table(
    "former_quality",
    metadata,
    Column("release", Integer, ForeignKey("release.number"), primary_key=True),
    Column("holds_from", Date, primary_key=True),
    Column("unit_code", Text, primary_key=True),
    Column("merged_on", Date, primary_key=True),
    # communes in force that hold its land
    Column("now_codes", ARRAY(Text), nullable=False),
    # from here on null where nobody has drawn the former commune
    Column("area_m2", Double),
    # findings on its land, uncovered land apart
    Column("errors", Integer),
    Column("warnings", Integer),
    Column("infos", Integer),
    # land under errors and warnings, each square metre once
    Column("faulty_m2", Double),
    Column("seams", Integer),
    Column("seam_m2", Double),
    Column("zones", Integer),
    Column("faulty_zones", Integer),
    # level → m² of its land inside plans in force
    Column("planned_m2", JSONB),
    CheckConstraint(
        "num_nulls(area_m2, errors, warnings, infos, faulty_m2, seams, seam_m2, zones, faulty_zones, planned_m2) IN (0, 10)",
        name="known_whole",
    ),
    CheckConstraint("faulty_zones <= zones", name="zones_sensible"),
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
