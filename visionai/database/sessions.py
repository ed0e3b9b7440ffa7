"""Short transactions: a connection is held for a query or a change and not for a request.

A request may wait for an image to be read, and a connection held meanwhile would be one that nobody else has.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.orm import Session

from .. import concurrency
from ..errors import DatabaseUnavailable
from ..extensions import db
from . import sqlite

BROWSERS = "visionai_browsers"
"""The execution option of an engine that says how many connections reading for the dashboard may hold."""

_MAX_BROWSERS = 10
"""Where the engine does not say (SQLite)."""

BROWSING_PATIENCE_SECONDS = 5.0

_browsing: WeakKeyDictionary[Engine, concurrency.Semaphore] = WeakKeyDictionary()

# Advisory locks: on the counters as a whole, and for work that one process does at a time. Any number will do, so long
# as nothing else takes it; migrations/env.py has the first.
COUNTERS_LOCK = 0x56415F02
PRUNING_LOCK = 0x56415F03
PARTITIONS_LOCK = 0x56415F04
DELETION_LOCK = 0x56415F05
RESUMING_LOCK = 0x56415F06
AUDIT_LOCK = 0x56415F07


@contextmanager
def reading() -> Iterator[Session]:
    """Yield a session that only reads; what it read may be used after the block."""
    with Session(db.engine, expire_on_commit=False) as session:
        yield session


@contextmanager
def browsing() -> Iterator[Session]:
    """Yield a session for what people look at; raises DatabaseUnavailable where too many others wait for answers.

    Counters of a table that somebody locked would otherwise take every connection, and each login would wait for one.
    """
    places = _places(db.engine)
    if not places.acquire(timeout=BROWSING_PATIENCE_SECONDS):
        raise DatabaseUnavailable
    try:
        with reading() as session:
            yield session
    finally:
        places.release()


def _places(engine: Engine) -> concurrency.Semaphore:
    most = engine.get_execution_options().get(BROWSERS, _MAX_BROWSERS)
    return _browsing.setdefault(engine, concurrency.Semaphore(most))


@contextmanager
def writing() -> Iterator[Session]:
    """Yield a session whose changes are committed at the end of the block, all of them or, if it raises, none.

    Raises what SQLAlchemy raises where the database is away, or, on SQLite, where others write for too long.
    """
    with (
        sqlite.begin_writing(db.engine) as connection,
        Session(connection, expire_on_commit=False) as session,
        session.begin(),
    ):
        yield session


def unhurried(connection: Connection, wait_for_locks: bool = False) -> None:
    """Until the end of the transaction, let statements take as long as they need; nothing on SQLite.

    STATEMENT_TIMEOUT_MS is for answers that somebody waits for. LOCK_TIMEOUT_MS still holds unless told otherwise.
    """
    if connection.dialect.name == "postgresql":
        limits = ("statement_timeout", "lock_timeout") if wait_for_locks else ("statement_timeout",)
        connection.execute(select(*[func.set_config(limit, "0", True) for limit in limits]))


def share_counters(connection: Connection) -> None:
    """Until the end of the transaction, let others add to the counters but nobody recount or subtract.

    For the recorder alone, which waits as long as it takes: its rows are on the disk meanwhile.
    """
    unhurried(connection, wait_for_locks=True)
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock_shared(COUNTERS_LOCK)))


def own_counters(connection: Connection) -> None:
    """Until the end of the transaction, let nobody else change the counters. SQLite has one writer at a time anyway.

    Whoever changes counters as a whole touches any number of rows, so that the transaction is an unhurried one.
    """
    unhurried(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(COUNTERS_LOCK)))


def own_deletion(connection: Connection) -> None:
    """Until the end of the transaction, let nobody else delete rows of the log; recorders go on.

    Whoever deletes rows counts them first, and two who delete the same would count them twice.
    """
    unhurried(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(DELETION_LOCK)))


@contextmanager
def alone(lock: int) -> Iterator[bool]:
    """Yield whether no other process is in such a block. SQLite has one process anyway."""
    if db.engine.dialect.name != "postgresql":
        yield True
        return
    with db.engine.connect() as connection, connection.begin():
        # The lock is the transaction's (a session's would not outlive a pooler's turn), which is idle meanwhile.
        connection.execute(select(func.set_config("idle_in_transaction_session_timeout", "0", True)))
        yield bool(connection.scalar(select(func.pg_try_advisory_xact_lock(lock))))
