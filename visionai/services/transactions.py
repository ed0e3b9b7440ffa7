"""Short transactions of our own: a connection is held for a question or a change and not for a request.

A request may wait for a picture to be read, and a connection held meanwhile would be one that nobody else has.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from ..extensions import db
from ..models import sqlite

# The advisory lock on the figures as a whole. Any number will do, so long as nothing else takes it.
FIGURES_LOCK = 0x56415F02
PRUNING_LOCK = 0x56415F03


@contextmanager
def reading() -> Iterator[Session]:
    """Yield a session that only reads; what it read may be used after the block."""
    with Session(db.engine, expire_on_commit=False) as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """Yield a session whose changes are committed at the end of the block, all of them or, if it raises, none."""
    engine = db.engine.execution_options(**sqlite.WRITES)
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


def share_figures(connection: Connection) -> None:
    """Until the end of the transaction, let others add to the figures but nobody recount or subtract."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock_shared(FIGURES_LOCK)))


def own_figures(connection: Connection) -> None:
    """Until the end of the transaction, let nobody else change the figures. SQLite has one writer at a time anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(FIGURES_LOCK)))


@contextmanager
def alone(lock: int) -> Iterator[bool]:
    """Yield whether no other process is in such a block. SQLite has one process anyway."""
    if db.engine.dialect.name != "postgresql":
        yield True
        return
    with db.engine.connect() as connection, connection.begin():
        yield bool(connection.scalar(select(func.pg_try_advisory_xact_lock(lock))))
