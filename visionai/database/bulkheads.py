"""Bulkheads of the connection pool: no kind of call takes every connection, and the recorder always finds one.

A table that somebody locked keeps whoever needs it waiting with a connection in hand: without bounds, a flood of logins
to locked accounts would leave none for figures, and figures of a locked table none for logins.
https://learn.microsoft.com/en-us/azure/architecture/patterns/bulkhead
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.exc import TimeoutError as PoolTimeout

from .. import concurrency

CONNECTIONS = "visionai_connections"
"""The execution option of an engine that says how many connections its pool opens at most."""

PATIENCE_SECONDS = 5.0

_OF_SQLITE = 15
"""What SQLAlchemy's pool opens where it is told nothing."""


class Kind(Enum):
    """The kinds of calls that share a pool; the recorder is none of them."""

    BROWSING = auto()
    READING = auto()
    WRITING = auto()


class Bulkheads:
    """How many of the `connections` of a pool (2 or more) each kind may hold: a third; all together leave one free."""

    def __init__(self, connections: int) -> None:
        share = max(1, (connections - 1) // len(Kind))
        self._shares = {kind: concurrency.Semaphore(share) for kind in Kind}
        self._all = concurrency.Semaphore(connections - 1)

    @contextmanager
    def place(self, kind: Kind) -> Iterator[None]:
        """Hold a place of that kind; raises SQLAlchemy's TimeoutError where none came free for `PATIENCE_SECONDS`."""
        with _held(self._shares[kind], kind), _held(self._all, kind):
            yield


@contextmanager
def _held(places: concurrency.Semaphore, kind: Kind) -> Iterator[None]:
    if not places.acquire(timeout=PATIENCE_SECONDS):
        raise PoolTimeout(f"The connections for {kind.name.lower()} are all in use.")
    try:
        yield
    finally:
        places.release()


_of_engines: WeakKeyDictionary[Engine, Bulkheads] = WeakKeyDictionary()


def of(engine: Engine) -> Bulkheads:
    """Return the bulkheads of an engine's pool."""
    connections = engine.get_execution_options().get(CONNECTIONS, _OF_SQLITE)
    return _of_engines.get(engine) or _of_engines.setdefault(engine, Bulkheads(connections))
