"""Mergers as events: units on record without a boundary, located parts, repeals, reports, names as people look for them.

Revision ID: 0002
Revises: 0001
Back: downgrade drops the new columns and the reports. It refuses, by the constraints it restores, where rows exist that the
earlier schema could not hold: units without a boundary, kept units and repeals, data sets of the new kinds.
"""

import unicodedata

from alembic import context, op
from sqlalchemy import text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE unit
    ALTER COLUMN geom DROP NOT NULL,
    ALTER COLUMN geom_web DROP NOT NULL,
    ADD COLUMN sought TEXT,
    ADD COLUMN coastal BOOLEAN,
    ADD COLUMN boundary_how TEXT;
UPDATE unit SET boundary_how = 'official';
ALTER TABLE unit
    ADD CONSTRAINT unit_boundary_how_given CHECK ((geom IS NULL) = (boundary_how IS NULL)),
    ADD CONSTRAINT unit_boundary_how_known CHECK (boundary_how IN ('official', 'derived', 'digitised')),
    ADD CONSTRAINT unit_shapes_together CHECK ((geom IS NULL) = (geom_web IS NULL));
ALTER TABLE unit_event
    ADD COLUMN repeals TEXT,
    DROP CONSTRAINT unit_event_kind_known,
    ADD CONSTRAINT unit_event_kind_known
        CHECK (kind IN ('merge', 'absorb', 'split', 'part_transfer', 'rename', 'keep', 'code_reuse', 'repeal')),
    ADD CONSTRAINT unit_event_repeal_names_what CHECK ((kind = 'repeal') = (repeals IS NOT NULL));
ALTER TABLE unit_event_part
    ADD COLUMN declared_area_km2 DOUBLE PRECISION,
    ADD COLUMN population INTEGER,
    ADD COLUMN source_line INTEGER,
    ADD COLUMN geom geometry(MultiPolygon,{srid}),
    ADD COLUMN geom_web geometry(MultiPolygon,3857),
    ADD COLUMN how TEXT,
    ADD COLUMN area_m2 DOUBLE PRECISION,
    ADD CONSTRAINT unit_event_part_how_given CHECK ((geom IS NULL) = (how IS NULL)),
    ADD CONSTRAINT unit_event_part_shapes_together CHECK ((geom IS NULL) = (geom_web IS NULL)),
    ADD CONSTRAINT unit_event_part_area_given CHECK ((geom IS NULL) = (area_m2 IS NULL)),
    ADD CONSTRAINT unit_event_part_how_known CHECK (how IN ('official', 'derived', 'digitised'));
ALTER TABLE unit_event_part ALTER COLUMN geom SET STORAGE EXTERNAL, ALTER COLUMN geom_web SET STORAGE EXTERNAL;
ALTER TABLE carry_over ADD COLUMN unit_codes TEXT[];
ALTER TABLE dataset
    DROP CONSTRAINT dataset_kind_known,
    ADD CONSTRAINT dataset_kind_known CHECK (kind IN ('units', 'unit-list', 'mergers', 'merger-parts', 'merge', 'plan',
        'parcels', 'availability', 'carry-over'));
CREATE TABLE merger_report (
    resolution TEXT NOT NULL,
    effective DATE NOT NULL,
    release INTEGER NOT NULL,
    document JSONB NOT NULL,
    CONSTRAINT merger_report_pkey PRIMARY KEY (resolution, effective, release),
    CONSTRAINT merger_report_release_fkey FOREIGN KEY(release) REFERENCES release (number)
)
"""

DOWN = """
DROP TABLE merger_report;
ALTER TABLE dataset
    DROP CONSTRAINT dataset_kind_known,
    ADD CONSTRAINT dataset_kind_known CHECK (kind IN ('units', 'mergers', 'plan', 'parcels', 'availability', 'carry-over'));
ALTER TABLE carry_over DROP COLUMN unit_codes;
ALTER TABLE unit_event_part
    DROP COLUMN declared_area_km2, DROP COLUMN population, DROP COLUMN source_line, DROP COLUMN geom,
    DROP COLUMN geom_web, DROP COLUMN how, DROP COLUMN area_m2;
ALTER TABLE unit_event
    DROP COLUMN repeals,
    DROP CONSTRAINT IF EXISTS unit_event_kind_known,
    ADD CONSTRAINT unit_event_kind_known
        CHECK (kind IN ('merge', 'absorb', 'split', 'part_transfer', 'rename', 'code_reuse', 'repeal'));
ALTER TABLE unit
    DROP COLUMN sought, DROP COLUMN coastal, DROP COLUMN boundary_how,
    ALTER COLUMN geom SET NOT NULL,
    ALTER COLUMN geom_web SET NOT NULL
"""


def upgrade() -> None:
    srid = int(context.config.attributes["storage_srid"])
    for statement in UP.format(srid=srid).split(";"):
        op.execute(statement)
    connection = op.get_bind()
    rows = connection.execute(text("SELECT id, name, district FROM unit")).all()
    sought = [{"id": row.id, "sought": _folded(f"{row.name} {row.district or ''}")} for row in rows]
    if sought:
        connection.execute(text("UPDATE unit SET sought = :sought WHERE id = :id"), sought)
    op.execute("ALTER TABLE unit ALTER COLUMN sought SET NOT NULL")


def downgrade() -> None:
    for statement in DOWN.split(";"):
        op.execute(statement)


def _folded(words: str) -> str:
    """Lower case without diacritics, as it was on the day of this migration."""
    letters = unicodedata.normalize("NFD", words.lower().replace("đ", "d"))
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())
