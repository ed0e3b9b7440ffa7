"""Short transactions: a connection is held for a query or a change and not for a request.

A request may wait for an image to be read, and a connection held meanwhile would be one that nobody else has.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.orm import Session

from ..extensions import db
from . import bulkheads, sqlite
from .bulkheads import Kind

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
    """Yield a session that only reads; what it read may be used after the block.

    Not within another such block: raises what SQLAlchemy raises where the database is away, or where too many others
    wait for answers of this kind.
    """
    with bulkheads.of(db.engine).place(Kind.READING), Session(db.engine, expire_on_commit=False) as session:
        yield session


@contextmanager
def browsing() -> Iterator[Session]:
    """Yield a session for what people look at, as `reading` does for what a call needs on its way."""
    with bulkheads.of(db.engine).place(Kind.BROWSING), Session(db.engine, expire_on_commit=False) as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """Yield a session whose changes are committed at the end of the block, all of them or, if it raises, none.

    Raises what SQLAlchemy raises where the database is away, or where others write for too long.
    """
    with (
        _place_to_write(db.engine),
        sqlite.begin_writing(db.engine) as connection,
        Session(connection, expire_on_commit=False) as session,
        session.begin(),
    ):
        yield session


def _place_to_write(engine: Engine) -> AbstractContextManager[None]:
    """Return a place among those who write; on SQLite they take turns anyway."""
    return nullcontext() if engine.dialect.name == "sqlite" else bulkheads.of(engine).place(Kind.WRITING)


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
