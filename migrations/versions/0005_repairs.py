"""Repairs on record: a data set of the kind “repair” holds what was asked, on whose decision, and what it changed.

Revision ID: 0005
Revises: 0004
Back: downgrade refuses, by the constraint it restores, where a repair is on record.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KINDS = "'units', 'unit-list', 'mergers', 'merger-parts', 'merge', 'plan', 'parcels', 'availability', 'carry-over'"


def upgrade() -> None:
    """Let a repair be a data set."""
    _kinds(f"{KINDS}, 'repair'")


def downgrade() -> None:
    """Without repairs again."""
    _kinds(KINDS)


def _kinds(kinds: str) -> None:
    op.execute("ALTER TABLE dataset DROP CONSTRAINT dataset_kind_known")
    op.execute(f"ALTER TABLE dataset ADD CONSTRAINT dataset_kind_known CHECK (kind IN ({kinds}))")
