"""The wording of a clause beside what it does; one act may repeal clauses of several resolutions.

Revision ID: 0003
Revises: 0002
Back: downgrade drops the wordings. It refuses, by the constraint it restores, where one act repeals clauses of one number.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; a clause is told by what it repeals, too."""
    op.execute("ALTER TABLE unit_event ADD COLUMN text TEXT, DROP CONSTRAINT unit_event_clause_key")
    op.execute(
        "CREATE UNIQUE INDEX unit_event_clause_idx ON unit_event (resolution, clause, coalesce(repeals, ''::text), release_from)"
    )


def downgrade() -> None:
    """Drop the column with what it holds."""
    op.execute("DROP INDEX unit_event_clause_idx")
    op.execute(
        "ALTER TABLE unit_event DROP COLUMN text,"
        " ADD CONSTRAINT unit_event_clause_key UNIQUE (resolution, clause, release_from)"
    )
