"""Coverage before and after mergers, and the state of the drawings of former communes, worked out with each check.

Revision ID: 0009
Revises: 0008
Back: downgrade drops both tables; the next check of a release builds their rows anew once they are there again.
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE coverage_change (
    release INTEGER NOT NULL,
    holds_from DATE NOT NULL,
    unit_code TEXT NOT NULL,
    level TEXT NOT NULL,
    merged_on DATE NOT NULL,
    former_codes TEXT[] NOT NULL,
    undrawn TEXT[] NOT NULL,
    land_m2 DOUBLE PRECISION,
    before_m2 DOUBLE PRECISION,
    after_m2 DOUBLE PRECISION,
    plans JSONB NOT NULL,
    CONSTRAINT coverage_change_pkey PRIMARY KEY (release, holds_from, unit_code, level),
    CONSTRAINT coverage_change_release_fkey FOREIGN KEY (release) REFERENCES release (number),
    CONSTRAINT coverage_change_known_whole CHECK (num_nulls(land_m2, before_m2, after_m2) IN (0, 3)),
    CONSTRAINT coverage_change_areas_sensible CHECK (land_m2 > 0 AND before_m2 >= 0 AND after_m2 >= 0)
);
CREATE TABLE former_quality (
    release INTEGER NOT NULL,
    holds_from DATE NOT NULL,
    unit_code TEXT NOT NULL,
    merged_on DATE NOT NULL,
    now_codes TEXT[] NOT NULL,
    area_m2 DOUBLE PRECISION,
    errors INTEGER,
    warnings INTEGER,
    infos INTEGER,
    faulty_m2 DOUBLE PRECISION,
    seams INTEGER,
    seam_m2 DOUBLE PRECISION,
    zones INTEGER,
    faulty_zones INTEGER,
    planned_m2 JSONB,
    CONSTRAINT former_quality_pkey PRIMARY KEY (release, holds_from, unit_code, merged_on),
    CONSTRAINT former_quality_release_fkey FOREIGN KEY (release) REFERENCES release (number),
    CONSTRAINT former_quality_known_whole CHECK (num_nulls(area_m2, errors, warnings, infos, faulty_m2, seams, seam_m2,
        zones, faulty_zones, planned_m2) IN (0, 10)),
    CONSTRAINT former_quality_zones_sensible CHECK (faulty_zones <= zones)
)
"""


def upgrade() -> None:
    """Add both tables, empty: what was checked before has no rows in them until its next check."""
    for statement in UP.split(";"):
        op.execute(statement)


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP TABLE coverage_change, former_quality")
