"""The documents of plans: what was decided, ruled and drawn, as files in the store of files."""

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Column, Date, Index, Table, Text, UniqueConstraint, text

from planning.store.tables.conventions import dataset_of_origin, known_time, metadata, own_id

document = Table(
    "document",
    metadata,
    own_id(),
    Column("plan_code", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("number", Text),
    Column("date", Date),
    Column("file_name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    # the file's address in the store of files
    Column("sha256", Text, nullable=False),
    # what the file could do when opened: javascript, launch …
    Column("flags", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    *known_time(),
    dataset_of_origin(),
    CheckConstraint("type IN ('decision', 'regulation', 'drawing', 'text', 'other')", name="type_known"),
    CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256_hex"),
    CheckConstraint("size > 0", name="size_positive"),
    # documents of a plan (lookup, plans/{code}/documents)
    UniqueConstraint("plan_code", "sha256", "release_from", name="document_version_key"),
    # a document by its address (documents/{sha256}), and whether a file is still referred to (document sweep)
    Index("document_sha256_idx", "sha256"),
)
