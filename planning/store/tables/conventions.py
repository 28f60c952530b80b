"""What the tables have in common: names of constraints, the two time axes, the three shapes."""

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Identity,
    Integer,
    MetaData,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.schema import SchemaItem

STORAGE_SRID = 9214
"""The zone of a deployment that says nothing else."""

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    }
)


def own_id() -> Column[int]:
    """A row's own number; it means nothing outside the database."""
    return Column("id", BigInteger, Identity(always=False), primary_key=True)


def known_time() -> tuple[SchemaItem, ...]:
    """The releases a row belongs to: from one up to, not including, another."""
    return (
        Column("release_from", Integer, ForeignKey("release.number"), nullable=False),
        Column("release_to", Integer, ForeignKey("release.number")),
        CheckConstraint("release_to > release_from", name="known_in_order"),
    )


def legal_time() -> tuple[SchemaItem, ...]:
    """The days a row is in force: from one up to, not including, another."""
    return Column("valid_from", Date, nullable=False), Column("valid_to", Date)


def in_order() -> CheckConstraint:
    """The last day comes after the first."""
    return CheckConstraint("valid_to > valid_from", name="valid_in_order")


def dataset_of_origin() -> Column[int]:
    """The file a row came from."""
    return Column("dataset_id", BigInteger, ForeignKey("dataset.id"), nullable=False)


def shape(name: str, srid: int, *, required: bool = True, drawn: str = "MULTIPOLYGON") -> Column[object]:
    """A multipolygon, or what is `drawn`; its index, where a question needs one, is named beside that question."""
    return Column(name, Geometry(drawn, srid=srid, spatial_index=False), nullable=not required)


def shapes(*, required: bool = True, drawn: str = "MULTIPOLYGON") -> tuple[SchemaItem, ...]:
    """The shape in the storage CRS, in EPSG:3857, and as it came where the file was in another CRS."""
    return (
        shape("geom", STORAGE_SRID, required=required, drawn=drawn),
        shape("geom_web", 3857, required=required, drawn=drawn),
        Column("geom_source", Geometry(geometry_type=None, srid=-1, spatial_index=False)),
        CheckConstraint("ST_IsValid(geom)", name="geom_valid"),
        CheckConstraint("NOT ST_IsEmpty(geom)", name="geom_not_empty"),
    )


def one_version_at_a_time(table: str, *key: str, where: str | None = None) -> ExcludeConstraint:
    """No two versions of one key (columns or expressions) in force on the same day in the same release; `where`: which rows have a key."""
    return ExcludeConstraint(
        *((text(name), "=") for name in key),
        (func.daterange(text("valid_from"), text("valid_to")), "&&"),
        (func.int4range(text("release_from"), text("release_to")), "&&"),
        name=f"{table}_one_version_at_a_time",
        using="gist",
        where=text(where) if where else None,
    )
