"""Boundaries, and shapes of findings, in pieces of 64 vertices at most, for questions about a place. The database cuts them."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table

from planning.store.tables.conventions import STORAGE_SRID, metadata, shape

unit_piece = Table(
    "unit_piece",
    metadata,
    Column("unit_id", BigInteger, ForeignKey("unit.id", ondelete="CASCADE"), nullable=False),
    shape("geom", STORAGE_SRID, drawn="POLYGON"),
    # units at a point, under a parcel (lookup, parcel, area)
    Index("unit_piece_geom_idx", "geom", postgresql_using="gist"),
    # a boundary is drawn anew, a unit deleted
    Index("unit_piece_unit_id_idx", "unit_id"),
)

plan_piece = Table(
    "plan_piece",
    metadata,
    Column("plan_id", BigInteger, ForeignKey("plan.id", ondelete="CASCADE"), nullable=False),
    shape("geom", STORAGE_SRID, drawn="POLYGON"),
    # plans at a point, under a parcel (lookup, parcel, area)
    Index("plan_piece_geom_idx", "geom", postgresql_using="gist"),
    # a boundary is drawn anew, a plan deleted
    Index("plan_piece_plan_id_idx", "plan_id"),
)

finding_piece = Table(
    "finding_piece",
    metadata,
    Column("finding_id", BigInteger, ForeignKey("finding.id", ondelete="CASCADE"), nullable=False),
    shape("geom", STORAGE_SRID, drawn="POLYGON"),
    # findings that touch a place (lookup, parcel, area)
    Index("finding_piece_geom_idx", "geom", postgresql_using="gist"),
    # a check is run anew
    Index("finding_piece_finding_id_idx", "finding_id"),
)

zone_piece = Table(
    "zone_piece",
    metadata,
    Column("zone_id", BigInteger, ForeignKey("zone.id", ondelete="CASCADE"), nullable=False),
    shape("geom", STORAGE_SRID, drawn="POLYGON"),
    # large zones at a point, under a parcel (lookup, parcel, area)
    Index("zone_piece_geom_idx", "geom", postgresql_using="gist"),
    # a zone is drawn anew, deleted
    Index("zone_piece_zone_id_idx", "zone_id"),
)
