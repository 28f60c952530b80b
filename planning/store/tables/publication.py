"""Releases, data sets, and which deployment this is."""

from sqlalchemy import Boolean, CheckConstraint, Column, DateTime, ForeignKey, Index, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from planning.store.tables.conventions import metadata, own_id

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
    own_id(),
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
    CheckConstraint(
        "kind IN ('units', 'unit-list', 'mergers', 'merger-parts', 'merge', 'plan', 'parcels', 'availability', 'carry-over',"
        " 'repair', 'control-lines', 'targets', 'document', 'scan', 'offices', 'localities')",
        name="kind_known",
    ),
    CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256_hex"),
    # recognising a file that was brought in before
    Index("dataset_sha256_idx", "sha256"),
)
