"""Offices: who took over the duties of an office that approved plans."""

from sqlalchemy import CheckConstraint, Column, Table, Text

from planning.store.tables.conventions import (
    dataset_of_origin,
    in_order,
    known_time,
    legal_time,
    metadata,
    one_version_at_a_time,
    own_id,
)

office = Table(
    "office",
    metadata,
    own_id(),
    # as plans name their approver, and who answers for it now
    Column("name", Text, nullable=False),
    Column("name_now", Text, nullable=False),
    Column("basis", Text, nullable=False),
    *legal_time(),
    *known_time(),
    dataset_of_origin(),
    in_order(),
    CheckConstraint("name <> '' AND name_now <> ''", name="names_given"),
    one_version_at_a_time("office", "name"),
)
