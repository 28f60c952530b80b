"""What lies under parcels, measured once for every day and release instead of at every question.

Revision ID: 0014
Revises: 0013
Back: downgrade drops the table, which is computed: `quyhoach shares` fills it again.
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE parcel_share (
    parcel_id BIGINT NOT NULL,
    amended BOOLEAN NOT NULL,
    units JSON,
    plans JSON,
    conflicts JSON,
    zone_ids BIGINT[],
    zone_m2 FLOAT[],
    zone_width_m FLOAT[],
    CONSTRAINT parcel_share_pkey PRIMARY KEY (parcel_id),
    CONSTRAINT parcel_share_parcel_id_fkey FOREIGN KEY (parcel_id) REFERENCES parcel (id) ON DELETE CASCADE
)
"""


def upgrade() -> None:
    """Add the table, empty: what it does not hold is measured when it is asked."""
    op.execute(UP)


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP TABLE parcel_share")
