"""The wording of a clause beside what it does.

Revision ID: 0003
Revises: 0002
Back: downgrade drops the wordings.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.execute("ALTER TABLE unit_event ADD COLUMN text TEXT")


def downgrade() -> None:
    """Drop it with what it holds."""
    op.execute("ALTER TABLE unit_event DROP COLUMN text")
