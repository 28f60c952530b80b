"""The declared schema. The migrations build it; a test holds the two equal.

Conventions: `release_from`/`release_to` is known time (a row belongs to releases from … up to, not including, to; a release that
is not yet published is the draft). `valid_from`/`valid_to` is legal time, half-open days. `geom` is in the deployment's storage
CRS, `geom_web` the same shape in EPSG:3857, `geom_source` the shape as it came where the file was in another CRS.
A deployment in another zone has the same tables with its own SRID: the migrations write it.
"""

from geoalchemy2 import Geometry
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
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.schema import SchemaItem

STORAGE_SRID = 9214

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    }
)


def _id() -> Column[int]:
    return Column("id", BigInteger, Identity(always=False), primary_key=True)


def _known_time() -> tuple[SchemaItem, ...]:
    return (
        Column("release_from", Integer, ForeignKey("release.number"), nullable=False),
        Column("release_to", Integer, ForeignKey("release.number")),
        CheckConstraint("release_to > release_from", name="known_in_order"),
    )


def _legal_time() -> tuple[SchemaItem, ...]:
    return Column("valid_from", Date, nullable=False), Column("valid_to", Date)


def _in_order() -> CheckConstraint:
    return CheckConstraint("valid_to > valid_from", name="valid_in_order")


def _dataset() -> Column[int]:
    return Column("dataset_id", BigInteger, ForeignKey("dataset.id"), nullable=False)


def _shape(name: str, srid: int) -> Column[object]:
    return Column(name, Geometry("MULTIPOLYGON", srid=srid, spatial_index=False), nullable=False)


def _shapes() -> tuple[SchemaItem, ...]:
    return (
        _shape("geom", STORAGE_SRID),
        _shape("geom_web", 3857),
        Column("geom_source", Geometry(geometry_type=None, srid=-1, spatial_index=False)),
        CheckConstraint("ST_IsValid(geom)", name="geom_valid"),
        CheckConstraint("NOT ST_IsEmpty(geom)", name="geom_not_empty"),
    )


def _one_version_at_a_time(key: str, table: str) -> ExcludeConstraint:
    """No two versions of one code in force on the same day in the same release."""
    return ExcludeConstraint(
        (Column(key, Text), "="),
        (func.daterange(text("valid_from"), text("valid_to")), "&&"),
        (func.int4range(text("release_from"), text("release_to")), "&&"),
        name=f"{table}_one_version_at_a_time",
        using="gist",
    )


deployment = Table(
    "deployment",
    metadata,
    Column("singleton", Boolean, primary_key=True, server_default=text("true")),
    Column("storage_srid", Integer, nullable=False),
    Column("operation", Text, nullable=False),
    CheckConstraint("singleton", name="one_row"),
)

release = Table(
    "release",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("published_at", DateTime(timezone=True)),
    Column("note", Text),
    Column("illustration", Boolean, nullable=False, server_default=text("false")),
    CheckConstraint("number > 0", name="numbered_from_one"),
    # publishing and importing: there is one draft at most
    Index(
        "release_one_draft", text("(published_at IS NULL)"), unique=True, postgresql_where=text("published_at IS NULL")
    ),
)

dataset = Table(
    "dataset",
    metadata,
    _id(),
    Column("kind", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("parameters", JSONB, nullable=False),
    Column("source_crs", Integer),
    Column("operation", Text),
    Column("counts", JSONB, nullable=False),
    Column("report", JSONB, nullable=False),
    Column("illustration", Boolean, nullable=False, server_default=text("false")),
    Column("release_from", Integer, ForeignKey("release.number"), nullable=False),
    Column("imported_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    CheckConstraint("kind IN ('units', 'mergers', 'plan', 'parcels', 'availability', 'carry-over')", name="kind_known"),
    CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256_hex"),
    # recognising a file that was brought in before
    Index("dataset_sha256_idx", "sha256"),
)

unit = Table(
    "unit",
    metadata,
    _id(),
    Column("code", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_folded", Text, nullable=False),
    Column("province_code", Text),
    Column("district", Text),
    Column("declared_area_km2", Double),
    Column("population", Integer),
    Column("legal_basis", Text),
    *_legal_time(),
    *_known_time(),
    _dataset(),
    *_shapes(),
    _in_order(),
    CheckConstraint("code ~ '^[0-9]{2}([0-9]{3})?$'", name="code_is_digits"),
    CheckConstraint("level IN ('province', 'district', 'commune')", name="level_known"),
    # units in force by code (units/{code}); the exclusion's own index serves it
    _one_version_at_a_time("code", "unit"),
    # point in unit (lookup), plan × unit (coverage)
    Index("unit_geom_idx", "geom", postgresql_using="gist"),
    # tiles of units
    Index("unit_geom_web_idx", "geom_web", postgresql_using="gist"),
)

unit_event = Table(
    "unit_event",
    metadata,
    _id(),
    Column("resolution", Text, nullable=False),
    Column("clause", Text, nullable=False),
    Column("effective", Date, nullable=False),
    Column("kind", Text, nullable=False),
    Column("to_code", Text, nullable=False),
    Column("to_name", Text, nullable=False),
    *_known_time(),
    _dataset(),
    CheckConstraint(
        "kind IN ('merge', 'absorb', 'split', 'part_transfer', 'rename', 'code_reuse', 'repeal')", name="kind_known"
    ),
    UniqueConstraint("resolution", "clause", "release_from", name="unit_event_clause_key"),
    # what became of a unit: predecessors of a unit (units/{code})
    Index("unit_event_to_code_idx", "to_code"),
)

unit_event_part = Table(
    "unit_event_part",
    metadata,
    _id(),
    Column("event_id", BigInteger, ForeignKey("unit_event.id", ondelete="CASCADE"), nullable=False),
    Column("from_code", Text),
    Column("from_name", Text, nullable=False),
    Column("from_district", Text),
    Column("from_province_code", Text),
    Column("extent", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("after_clauses", ARRAY(Text), nullable=False),
    Column("note", Text),
    CheckConstraint("extent IN ('whole', 'part', 'rest')", name="extent_known"),
    CheckConstraint("scope IN ('area_population', 'area')", name="scope_known"),
    # parts of one clause; successors of a unit (units/{code})
    Index("unit_event_part_event_id_idx", "event_id"),
    Index("unit_event_part_from_code_idx", "from_code"),
)

plan = Table(
    "plan",
    metadata,
    _id(),
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
    *_legal_time(),
    *_known_time(),
    _dataset(),
    *_shapes(),
    _in_order(),
    CheckConstraint("code <> ''", name="code_given"),
    CheckConstraint(
        "level IN ('general', 'subdivision', 'detailed', 'site_layout', 'urban_design', 'land_use')", name="level_known"
    ),
    CheckConstraint("scale > 0", name="scale_positive"),
    _one_version_at_a_time("code", "plan"),
    # plan boundaries around a point (lookup), plan × unit (coverage)
    Index("plan_geom_idx", "geom", postgresql_using="gist"),
    # tiles of plan boundaries
    Index("plan_geom_web_idx", "geom_web", postgresql_using="gist"),
)

zone = Table(
    "zone",
    metadata,
    _id(),
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
    Column("attributes", JSONB, nullable=False, server_default=text("'{}'")),
    *_shapes(),
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

parcel = Table(
    "parcel",
    metadata,
    _id(),
    Column("former_code", Text, nullable=False),
    Column("sheet", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("land_use_code", Text),
    Column("declared_area_m2", Double),
    *_legal_time(),
    *_known_time(),
    _dataset(),
    *_shapes(),
    _in_order(),
    CheckConstraint("former_code ~ '^[0-9]{5}$'", name="former_code_is_digits"),
    CheckConstraint("sheet > 0 AND number > 0", name="numbers_positive"),
    # a parcel by its key (parcels/{former code}/{sheet}/{number}); also keeps one row per key and beginning in a release
    UniqueConstraint("former_code", "sheet", "number", "valid_from", "release_from", name="parcel_version_key"),
    # point in parcel (lookup)
    Index("parcel_geom_idx", "geom", postgresql_using="gist"),
    # tiles of parcels
    Index("parcel_geom_web_idx", "geom_web", postgresql_using="gist"),
)

availability = Table(
    "availability",
    metadata,
    _id(),
    Column("theme", Text, nullable=False),
    Column("unit_code", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("on_whose_word", Text, nullable=False),
    *_legal_time(),
    *_known_time(),
    _dataset(),
    _in_order(),
    CheckConstraint("state IN ('complete', 'partial', 'missing')", name="state_known"),
    # what the unit's data is worth for each theme (lookup, coverage)
    UniqueConstraint("unit_code", "theme", "valid_from", "release_from", name="availability_version_key"),
)

carry_over = Table(
    "carry_over",
    metadata,
    _id(),
    Column("plan_code", Text, nullable=False),
    Column("resolution", Text, nullable=False),
    Column("effective", Date, nullable=False),
    Column("decision", Text, nullable=False),
    Column("basis", Text, nullable=False),
    *_known_time(),
    _dataset(),
    CheckConstraint("decision IN ('kept', 'replaced', 'expired', 'undecided')", name="decision_known"),
    # what became of a plan at a merger (lookup)
    UniqueConstraint("plan_code", "resolution", "release_from", name="carry_over_version_key"),
)

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
    _id(),
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
    _shape("geom", STORAGE_SRID),
    _shape("geom_web", 3857),
    CheckConstraint("severity IN ('error', 'warning', 'info')", name="severity_known"),
    CheckConstraint("status IN ('open', 'accepted', 'mended')", name="status_known"),
    CheckConstraint("holds_to > holds_from", name="holds_in_order"),
    # findings of a release and date (findings, coverage), newest run replaces
    Index("finding_release_holds_from_idx", "release", "holds_from"),
    # tiles of findings
    Index("finding_geom_web_idx", "geom_web", postgresql_using="gist"),
)
