"""Names of places that are no units."""

from sqlalchemy import CheckConstraint, Column, Index, Table, Text, text

from planning.store.tables.conventions import (
    dataset_of_origin,
    in_order,
    known_time,
    legal_time,
    metadata,
    own_id,
    shapes,
)

locality = Table(
    "locality",
    metadata,
    own_id(),
    # the list it stands in: a list is brought in whole, and gives way to its next edition whole
    Column("list", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_folded", Text, nullable=False),
    # words as people look for them: folded, abbreviations written out, its kind first
    Column("sought", Text, nullable=False),
    # the commune that the list names, former or present; null: it names none
    Column("unit_code", Text),
    *legal_time(),
    *known_time(),
    dataset_of_origin(),
    *shapes(drawn="GEOMETRY"),
    in_order(),
    CheckConstraint("GeometryType(geom) <> 'GEOMETRYCOLLECTION'", name="geom_of_one_dimension"),
    CheckConstraint("kind IN ('village', 'residential_group', 'street', 'landmark')", name="kind_known"),
    CheckConstraint("name <> '' AND sought <> ''", name="name_given"),
    CheckConstraint("unit_code ~ '^[0-9]{5}$'", name="unit_is_a_commune"),
    # localities by the beginnings of words (search)
    Index("locality_sought_idx", text("to_tsvector('simple'::regconfig, sought)"), postgresql_using="gin"),
    # the edition of a list that gives way (import localities)
    Index("locality_list_idx", "list"),
)
