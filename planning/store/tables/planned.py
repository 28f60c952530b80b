"""Plans, their zones, control lines, and what offices state of them."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from planning.store.tables.conventions import (
    dataset_of_origin,
    in_order,
    known_time,
    legal_time,
    metadata,
    one_version_at_a_time,
    own_id,
    shapes,
)

plan = Table(
    "plan",
    metadata,
    own_id(),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("scale", Integer),
    Column("decision_number", Text),
    Column("decision_date", Date),
    Column("approver", Text),
    Column("amends", Text),
    Column("supersedes", Text),
    Column("declared_area_ha", Double),
    # where a plan that supersedes it ended it: that plan, and the end it had before
    Column("ended_by", Text),
    Column("ran_to", Date),
    # how its lines came into the data, and how exact they are; null: nobody said
    Column("origin", Text),
    Column("accuracy_m", Double),
    *legal_time(),
    *known_time(),
    dataset_of_origin(),
    *shapes(),
    in_order(),
    CheckConstraint("code <> ''", name="code_given"),
    CheckConstraint(
        "level IN ('general', 'subdivision', 'detailed', 'site_layout', 'urban_design', 'land_use')", name="level_known"
    ),
    CheckConstraint("scale > 0", name="scale_positive"),
    CheckConstraint("origin IN ('drawn', 'digitised', 'traced')", name="origin_known"),
    CheckConstraint("accuracy_m >= 0", name="accuracy_not_negative"),
    one_version_at_a_time("plan", "code"),
    # plan boundaries around a point (lookup), plan × unit (coverage)
    Index("plan_geom_idx", "geom", postgresql_using="gist"),
    # tiles of plan boundaries
    Index("plan_geom_web_idx", "geom_web", postgresql_using="gist"),
)

zone = Table(
    "zone",
    metadata,
    own_id(),
    Column("plan_id", BigInteger, ForeignKey("plan.id", ondelete="CASCADE"), nullable=False),
    Column("lot_symbol", Text),
    Column("function_code", Text, nullable=False),
    Column("function_scheme", Text, nullable=False),
    Column("declared_area_m2", Double),
    Column("density_pct", Double),
    Column("floors_min", SmallInteger),
    Column("floors_max", SmallInteger),
    Column("height_max_m", Double),
    Column("far_max", Double),
    Column("setback_m", Double),
    # where the plan's management rules speak of it
    Column("article", Text),
    # of more than 256 vertices: questions about a place ask its pieces
    Column("pieced", Boolean, Computed("ST_NPoints(geom) > 256", persisted=True)),
    Column("attributes", JSONB, nullable=False, server_default=text("'{}'")),
    *shapes(),
    CheckConstraint("function_scheme IN ('land_use', 'planning')", name="scheme_known"),
    CheckConstraint("density_pct BETWEEN 0 AND 100", name="density_is_a_percentage"),
    CheckConstraint("floors_min <= floors_max", name="floors_in_order"),
    CheckConstraint("far_max >= 0", name="far_not_negative"),
    # zones of a plan (coverage, replacing a draft)
    Index("zone_plan_id_idx", "plan_id"),
    # point or parcel in zone (lookup, parcels)
    Index("zone_geom_idx", "geom", postgresql_using="gist"),
    # tiles of zones
    Index("zone_geom_web_idx", "geom_web", postgresql_using="gist"),
)

control_line = Table(
    "control_line",
    metadata,
    own_id(),
    # the plan that draws it, which it is in force with; null: it stands by itself
    Column("plan_code", Text),
    Column("kind", Text, nullable=False),
    Column("code", Text),
    Column("name", Text),
    # what a corridor protects
    Column("subject", Text),
    # how far a corridor reaches on every side of what is drawn
    Column("half_width_m", Double),
    Column("setback_m", Double),
    Column("legal_basis", Text),
    Column("attributes", JSONB, nullable=False, server_default=text("'{}'")),
    *legal_time(),
    *known_time(),
    dataset_of_origin(),
    *shapes(drawn="GEOMETRY"),
    in_order(),
    CheckConstraint("GeometryType(geom) <> 'GEOMETRYCOLLECTION'", name="geom_of_one_dimension"),
    CheckConstraint("kind IN ('red_line', 'building_line', 'corridor', 'boundary_marker')", name="kind_known"),
    CheckConstraint(
        "CASE kind WHEN 'boundary_marker' THEN ST_Dimension(geom) = 0"
        " WHEN 'corridor' THEN ST_Dimension(geom) = 2 OR half_width_m IS NOT NULL ELSE ST_Dimension(geom) > 0 END",
        name="kind_drawn",
    ),
    CheckConstraint("half_width_m > 0", name="half_width_positive"),
    CheckConstraint("setback_m >= 0", name="setback_not_negative"),
    CheckConstraint("code IS NOT NULL OR plan_code IS NOT NULL", name="code_or_plan"),
    # a plan's file may draw one line in many pieces; what stands by itself is one row a version
    one_version_at_a_time("control_line", "code", where="plan_code IS NULL"),
    # the lines of a plan (replacing them)
    Index("control_line_plan_code_idx", "plan_code"),
    # lines around a place, a corridor by how far it reaches (lookup, parcel, area)
    Index("control_line_reach_idx", text("ST_Expand(geom, coalesce(half_width_m, 0))"), postgresql_using="gist"),
    # tiles of control lines
    Index("control_line_geom_web_idx", "geom_web", postgresql_using="gist"),
)

availability = Table(
    "availability",
    metadata,
    own_id(),
    Column("theme", Text, nullable=False),
    Column("unit_code", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("on_whose_word", Text, nullable=False),
    *legal_time(),
    *known_time(),
    dataset_of_origin(),
    in_order(),
    CheckConstraint("state IN ('complete', 'partial', 'missing')", name="state_known"),
    one_version_at_a_time("availability", "unit_code", "theme"),
    # what the unit's data is worth for each theme (lookup, coverage)
    UniqueConstraint("unit_code", "theme", "valid_from", "release_from", name="availability_version_key"),
)

coverage_target = Table(
    "coverage_target",
    metadata,
    own_id(),
    Column("level", Text, nullable=False),
    # one commune; null: every commune that has no target of its own
    Column("unit_code", Text),
    Column("target_pct", Double, nullable=False),
    Column("on_whose_word", Text, nullable=False),
    *legal_time(),
    *known_time(),
    dataset_of_origin(),
    in_order(),
    CheckConstraint(
        "level IN ('general', 'subdivision', 'detailed', 'site_layout', 'urban_design', 'land_use')", name="level_known"
    ),
    CheckConstraint("unit_code ~ '^[0-9]{5}$'", name="unit_is_a_commune"),
    CheckConstraint("target_pct > 0 AND target_pct <= 100", name="target_is_a_percentage"),
    one_version_at_a_time("coverage_target", "level", "coalesce(unit_code, '')"),
)

carry_over = Table(
    "carry_over",
    metadata,
    own_id(),
    Column("plan_code", Text, nullable=False),
    Column("resolution", Text, nullable=False),
    Column("effective", Date, nullable=False),
    Column("decision", Text, nullable=False),
    Column("basis", Text, nullable=False),
    # the former units of the merger that the plan lies in; null where an office's list did not say
    Column("unit_codes", ARRAY(Text)),
    *known_time(),
    dataset_of_origin(),
    CheckConstraint("decision IN ('kept', 'replaced', 'expired', 'undecided')", name="decision_known"),
    # what became of a plan at a merger (lookup)
    UniqueConstraint("plan_code", "effective", "release_from", name="carry_over_version_key"),
)
