"""Scanned drawings: what is known of each; the picture itself is a file of the store, named by its sha256."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Double, Integer, Table, Text, UniqueConstraint

from planning.store.tables.conventions import (
    STORAGE_SRID,
    dataset_of_origin,
    known_time,
    metadata,
    own_id,
    shape,
)

scan = Table(
    "scan",
    metadata,
    own_id(),
    Column("plan_code", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("source_sha256", Text, nullable=False),
    Column("source_name", Text, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("map_crs", Integer, nullable=False),
    Column("method", Text, nullable=False),
    Column("scale", Integer, nullable=False),
    Column("gsd_m", Double, nullable=False),
    # root mean square of points left out; null where no point judged the placing
    Column("accuracy_m", Double),
    *known_time(),
    dataset_of_origin(),
    # the part of the sheet that is shown
    shape("geom", STORAGE_SRID),
    shape("geom_web", 3857),
    CheckConstraint("ST_IsValid(geom)", name="geom_valid"),
    CheckConstraint("NOT ST_IsEmpty(geom)", name="geom_not_empty"),
    CheckConstraint("title <> ''", name="title_given"),
    CheckConstraint("sha256 ~ '^[0-9a-f]{64}$' AND source_sha256 ~ '^[0-9a-f]{64}$'", name="sha256_hex"),
    CheckConstraint("method IN ('affine', 'polynomial', 'thin-plate', 'world-file')", name="method_known"),
    CheckConstraint("bytes > 0 AND width > 0 AND height > 0 AND scale > 0 AND gsd_m > 0", name="sizes_positive"),
    CheckConstraint("accuracy_m >= 0", name="accuracy_not_negative"),
    # scans of a plan (scan list, scans); one picture of a plan in a release
    UniqueConstraint("plan_code", "source_sha256", "release_from", name="scan_version_key"),
)
