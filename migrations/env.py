"""Alembic's door: runs the migrations on the connection it is handed, gently on a database in use."""

import os

from alembic import context
from sqlalchemy import text

from planning.store.tables import metadata

MIGRATION_LOCK = 7_241_001
"""Advisory lock: two processes that start together do not migrate together."""


def migrate() -> None:
    connection = context.config.attributes["connection"]
    lock_ms = int(1000 * float(os.environ.get("QUYHOACH_MIGRATION_LOCK_SECONDS", "10")))
    connection.execute(text(f"SET LOCAL lock_timeout = {lock_ms}"))
    connection.execute(text("SET LOCAL statement_timeout = '10min'"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=False)
    with context.begin_transaction():
        context.run_migrations()


migrate()
