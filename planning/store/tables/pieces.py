"""Boundaries, and shapes of findings, in pieces of 64 vertices at most, for questions about a place. The database cuts them."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table

from planning.store.tables.conventions import STORAGE_SRID, metadata, shape


def _pieces_of(table: str) -> Table:
    """The pieces of a table's shapes; of zones those of more than 256 vertices."""
    whole = f"{table}_id"
    return Table(
        f"{table}_piece",
        metadata,
        Column(whole, BigInteger, ForeignKey(f"{table}.id", ondelete="CASCADE"), nullable=False),
        shape("geom", STORAGE_SRID, drawn="POLYGON"),
        # what lies at a point, under a parcel (lookup, parcel, area)
        Index(f"{table}_piece_geom_idx", "geom", postgresql_using="gist"),
        # a shape is drawn anew, its row deleted
        Index(f"{table}_piece_{whole}_idx", whole),
    )


unit_piece = _pieces_of("unit")
plan_piece = _pieces_of("plan")
finding_piece = _pieces_of("finding")
zone_piece = _pieces_of("zone")
