"""Units, the clauses that changed them, and parcels."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from planning.store.tables.conventions import (
    STORAGE_SRID,
    dataset_of_origin,
    in_order,
    known_time,
    legal_time,
    metadata,
    one_version_at_a_time,
    own_id,
    shape,
    shapes,
)

unit = Table(
    "unit",
    metadata,
    own_id(),
    Column("code", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_folded", Text, nullable=False),
    # name and district as people look for them: folded, with the kind first
    Column("sought", Text, nullable=False),
    Column("province_code", Text),
    Column("district", Text),
    Column("declared_area_km2", Double),
    Column("population", Integer),
    Column("legal_basis", Text),
    # on the sea: its declared area cannot be held against the drawn one; null: not said
    Column("coastal", Boolean),
    # how the boundary was got; null where the unit is on record without one
    Column("boundary_how", Text),
    *legal_time(),
    *known_time(),
    dataset_of_origin(),
    *shapes(required=False),
    in_order(),
    CheckConstraint("(geom IS NULL) = (boundary_how IS NULL)", name="boundary_how_given"),
    CheckConstraint("boundary_how IN ('official', 'derived', 'digitised')", name="boundary_how_known"),
    CheckConstraint("(geom IS NULL) = (geom_web IS NULL)", name="shapes_together"),
    CheckConstraint("code ~ '^[0-9]{2}([0-9]{3})?$'", name="code_is_digits"),
    CheckConstraint("level IN ('province', 'district', 'commune')", name="level_known"),
    # units in force by code (units/{code}); the exclusion's own index serves it
    one_version_at_a_time("unit", "code"),
    # point in unit (lookup), plan × unit (coverage)
    Index("unit_geom_idx", "geom", postgresql_using="gist"),
    # tiles of units
    Index("unit_geom_web_idx", "geom_web", postgresql_using="gist"),
)

unit_event = Table(
    "unit_event",
    metadata,
    own_id(),
    Column("resolution", Text, nullable=False),
    Column("clause", Text, nullable=False),
    Column("effective", Date, nullable=False),
    Column("kind", Text, nullable=False),
    Column("to_code", Text, nullable=False),
    Column("to_name", Text, nullable=False),
    # the wording of the clause, where the table gave it
    Column("text", Text),
    # of a repeal: the resolution whose changes it takes back
    Column("repeals", Text),
    *known_time(),
    dataset_of_origin(),
    CheckConstraint(
        "kind IN ('merge', 'absorb', 'split', 'part_transfer', 'rename', 'keep', 'code_reuse', 'repeal')",
        name="kind_known",
    ),
    CheckConstraint("(kind = 'repeal') = (repeals IS NOT NULL)", name="repeal_names_what"),
    # a clause once a release; one act may repeal clauses of several resolutions
    Index(
        "unit_event_clause_idx",
        "resolution",
        "clause",
        text("coalesce(repeals, ''::text)"),
        "release_from",
        unique=True,
    ),
    # what became of a unit: predecessors of a unit (units/{code})
    Index("unit_event_to_code_idx", "to_code"),
)

unit_event_part = Table(
    "unit_event_part",
    metadata,
    own_id(),
    Column("event_id", BigInteger, ForeignKey("unit_event.id", ondelete="CASCADE"), nullable=False),
    Column("from_code", Text),
    Column("from_name", Text, nullable=False),
    Column("from_district", Text),
    Column("from_province_code", Text),
    Column("extent", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("after_clauses", ARRAY(Text), nullable=False),
    Column("note", Text),
    Column("declared_area_km2", Double),
    Column("population", Integer),
    # row of the file the clause was read from
    Column("source_line", Integer),
    # the land itself, where it is known, and how it was got; its plane area
    shape("geom", STORAGE_SRID, required=False),
    shape("geom_web", 3857, required=False),
    Column("how", Text),
    Column("area_m2", Double),
    CheckConstraint("(geom IS NULL) = (how IS NULL)", name="how_given"),
    CheckConstraint("(geom IS NULL) = (geom_web IS NULL)", name="shapes_together"),
    CheckConstraint("(geom IS NULL) = (area_m2 IS NULL)", name="area_given"),
    CheckConstraint("how IN ('official', 'derived', 'digitised')", name="how_known"),
    CheckConstraint("extent IN ('whole', 'part', 'rest')", name="extent_known"),
    CheckConstraint("scope IN ('area_population', 'area')", name="scope_known"),
    # parts of one clause; successors of a unit (units/{code})
    Index("unit_event_part_event_id_idx", "event_id"),
    Index("unit_event_part_from_code_idx", "from_code"),
)

parcel = Table(
    "parcel",
    metadata,
    own_id(),
    Column("former_code", Text, nullable=False),
    Column("sheet", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("land_use_code", Text),
    Column("declared_area_m2", Double),
    *legal_time(),
    *known_time(),
    dataset_of_origin(),
    *shapes(),
    in_order(),
    CheckConstraint("former_code ~ '^[0-9]{5}$'", name="former_code_is_digits"),
    CheckConstraint("sheet > 0 AND number > 0", name="numbers_positive"),
    # a parcel by its key (parcels/{former code}/{sheet}/{number}); also keeps one row per key and beginning in a release
    UniqueConstraint("former_code", "sheet", "number", "valid_from", "release_from", name="parcel_version_key"),
    # point in parcel (lookup)
    Index("parcel_geom_idx", "geom", postgresql_using="gist"),
    # tiles of parcels
    Index("parcel_geom_web_idx", "geom_web", postgresql_using="gist"),
)
