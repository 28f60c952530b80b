"""What lies under parcels, measured once: a row holds for every day and every release published so far.

A publication deletes the rows of parcels that it touches; what has no row is measured when it is asked. Never written by hand.
"""

from sqlalchemy import ARRAY, JSON, BigInteger, Boolean, Column, Double, ForeignKey, Table

from planning.store.tables.conventions import metadata

parcel_share = Table(
    "parcel_share",
    metadata,
    Column("parcel_id", BigInteger, ForeignKey("parcel.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    # a plan here amends another: which cuts which depends on the day, so it is measured when it is asked
    Column("amended", Boolean, nullable=False),
    # as shares.sql gives them
    Column("units", JSON),
    Column("plans", JSON),
    Column("conflicts", JSON),
    # zones, largest share first: m² and width (2 · area / perimeter, m) of each share
    Column("zone_ids", ARRAY(BigInteger)),
    Column("zone_m2", ARRAY(Double)),
    Column("zone_width_m", ARRAY(Double)),
)
