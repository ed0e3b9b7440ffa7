"""Run migrations on the database of the application, all or nothing, one process at a time."""

from __future__ import annotations

import logging

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

from visionai.database import sqlite
from visionai.database.partitions import is_ours_to_migrate
from visionai.extensions import Base, db

logger = logging.getLogger("alembic.env")
# Which migrations ran is for an operator to see.
logging.getLogger("alembic.runtime.migration").setLevel(logging.INFO)

# Any number will do, so long as nothing else takes the same advisory lock.
MIGRATION_LOCK = 0x56415F01

SHARED = {
    "target_metadata": Base.metadata,
    "include_object": is_ours_to_migrate,
    # SQLite too, as models.sqlite begins its transactions: a migration that fails leaves nothing behind.
    "transactional_ddl": True,
    **current_app.extensions["migrate"].configure_args,
}


def migrate_online(connection: Connection) -> None:
    """Migrate over `connection`; where several processes start at once, one migrates and the others find it done."""
    context.configure(connection=connection, **SHARED)
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            # A table may take its time, and so may the process that migrates already.
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        context.run_migrations()


def migrate_offline() -> None:
    """Print the SQL of the migrations."""
    context.configure(url=db.engine.url, literal_binds=True, **SHARED)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    migrate_offline()
else:
    with sqlite.begin_writing(db.engine) as connection:
        migrate_online(connection)
