"""Run migrations on the database of the application: all or nothing, one process at a time, waiting briefly for tables.

`flask db upgrade -x lock_timeout_ms=60000` waits longer. CONTRIBUTING.md has the rules for migrations.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from alembic.runtime.migration import MigrationContext, MigrationInfo
from alembic.util import CommandError
from flask import current_app
from sqlalchemy import Connection, Engine, delete, func, insert, select
from sqlalchemy.exc import DBAPIError

from visionai.database import postgresql, sqlite
from visionai.database.partitions import is_ours_to_migrate
from visionai.database.revisions import COMPATIBILITY
from visionai.extensions import Base, db

logger = logging.getLogger("migrations")
# Which migrations ran is for an operator to see.
logging.getLogger("alembic.runtime.migration").setLevel(logging.INFO)

# Any number will do, so long as nothing else takes the same advisory lock.
MIGRATION_LOCK = 0x56415F01
PAUSE_SECONDS = 0.2

# Whoever wants a table for itself makes everybody wait who comes after, so that it must not wait long.
LOCK_TIMEOUT_MS = 5000
LOCK_NOT_AVAILABLE = "55P03"
IN_USE = (
    "A table was in use for %.1f s, and the migration that needs it was rolled back. Run it again in a quieter moment, "
    "or with more patience (-x lock_timeout_ms=60000), during which clients wait too. Who holds tables: SELECT pid, "
    "application_name, state, xact_start FROM pg_stat_activity WHERE xact_start IS NOT NULL ORDER BY xact_start"
)


def note_compatibility(*, ctx: MigrationContext, step: MigrationInfo, **_: Any) -> None:
    """Write down what a migration says of older code, in its own transaction."""
    oldest = getattr(step.up_revision.module, "compatible_with", None) if step.is_upgrade else None
    if oldest:
        ctx.execute(delete(COMPATIBILITY).where(COMPATIBILITY.c.revision == step.up_revision_id))
        ctx.execute(insert(COMPATIBILITY).values(revision=step.up_revision_id, compatible_with=oldest))


SHARED = {
    "target_metadata": Base.metadata,
    "include_object": is_ours_to_migrate,
    "on_version_apply": note_compatibility,
    # SQLite too, as database.sqlite begins its transactions: a migration that fails leaves nothing behind.
    "transactional_ddl": True,
    **current_app.extensions["migrate"].configure_args,
}


def migrate_online(connection: Connection) -> None:
    """Migrate over `connection`."""
    context.configure(connection=connection, **SHARED)
    with context.begin_transaction():
        context.run_migrations()


def migrate_postgresql(engine: Engine) -> None:
    """Migrate once no other process does; raises CommandError where a table is in use."""
    timeouts = timeouts_of_migrations()
    patient = engine.execution_options(**{postgresql.TIMEOUTS: timeouts})
    try:
        with alone(patient), patient.connect() as connection:
            migrate_online(connection)
    except DBAPIError as error:
        if getattr(error.orig, "pgcode", None) != LOCK_NOT_AVAILABLE:
            raise
        raise CommandError(IN_USE % (timeouts["lock_timeout"] / 1000)) from error


def timeouts_of_migrations() -> dict[str, int]:
    """Return PostgreSQL's timeouts: a statement may take its time, and so may a transaction that only holds a lock."""
    told = context.get_x_argument(as_dictionary=True).get("lock_timeout_ms", str(LOCK_TIMEOUT_MS))
    if not str(told).isdecimal():
        raise CommandError("lock_timeout_ms takes milliseconds, such as 60000.")
    return {"lock_timeout": int(told), "statement_timeout": 0, "idle_in_transaction_session_timeout": 0}


@contextmanager
def alone(engine: Engine) -> Iterator[None]:
    """Wait until no other process migrates, and let none do so until the end of the block.

    The lock is of a transaction on a connection of its own: one that a migration commits in between, to make an index
    concurrently, keeps it. Whoever waits asks again and again, since making an index waits for every statement that
    runs, one that waits for a lock among them.
    """
    said = False
    with engine.connect() as connection:
        while True:
            with connection.begin():
                if connection.scalar(select(func.pg_try_advisory_xact_lock(MIGRATION_LOCK))):
                    yield
                    return
            if not said:
                logger.warning("Another process migrates this database; waiting for it")
            said = True
            time.sleep(PAUSE_SECONDS)


def migrate_offline() -> None:
    """Print the SQL of the migrations."""
    context.configure(url=db.engine.url, literal_binds=True, **SHARED)
    with context.begin_transaction():
        if db.engine.dialect.name == "postgresql":
            context.execute(postgresql.local_settings(timeouts_of_migrations()))
        context.run_migrations()


if context.is_offline_mode():
    migrate_offline()
elif db.engine.dialect.name == "postgresql":
    migrate_postgresql(db.engine)
else:
    with sqlite.begin_writing(db.engine) as connection:
        migrate_online(connection)
