"""Erased rows that remain in SQLite's write-ahead log, until it is checkpointed and truncated.

Deleted content of the main file is overwritten as it is deleted (`secure_delete`).
"""

from __future__ import annotations

import logging
import sqlite3
import time

from sqlalchemy import Engine

from ... import concurrency
from ...database import sqlite
from ...errors import Busy

logger = logging.getLogger(__name__)

WAIT_SECONDS = 2.0
"""How long whoever erases waits for the log to be cut off; where readers still need it, that goes on without them."""

GIVE_UP_SECONDS = 600.0
_PAUSE_SECONDS = 0.05
_LONG_PAUSE_SECONDS = 1.0


def remove(engine: Engine) -> None:
    """Have what was deleted leave the log as well; other tasks go on meanwhile. Nothing on other databases."""
    file = engine.url.database
    if engine.dialect.name != "sqlite" or not file or file.startswith((":", "file:")):
        return
    if not _try(file, WAIT_SECONDS, _PAUSE_SECONDS):
        concurrency.spawn(_go_on, file)


def _go_on(file: str) -> None:
    if not _try(file, GIVE_UP_SECONDS, _LONG_PAUSE_SECONDS):
        logger.warning("Erased rows are still in the log of SQLite, since somebody reads without end")


def _try(file: str, seconds: float, pause: float) -> bool:
    deadline = time.monotonic() + seconds
    while True:
        try:
            if concurrency.call_native(sqlite.empty_log, file):
                return True
        except (Busy, sqlite3.Error):
            pass  # The threads are full, or the file is away: later, if at all.
        if time.monotonic() >= deadline:
            return False
        concurrency.sleep(pause)
