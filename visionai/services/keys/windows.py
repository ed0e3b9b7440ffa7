"""Counts within windows of the clock (a minute, an hour, a day of UTC), shared between processes over Redis.

Where there is no Redis, or while it is away, each process counts for itself.
"""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any, cast

from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.storage.base import Storage

MINUTE, HOUR, DAY = 60, 3600, 86_400

AWAY_SECONDS = 5.0
"""How long a Redis that did not answer is not asked again: each question would cost its caller the timeout."""

_MEMORY = "memory://"


class WindowCounts:
    """Counters by name and window; `storage_uri` and `options` say where they are shared."""

    def __init__(self, storage_uri: str, options: dict[str, Any]) -> None:
        self._own = MemoryStorage()
        self._shared: Storage | None = None
        if storage_uri != _MEMORY:
            self._shared = cast(Storage, storage_from_string(storage_uri, wrap_exceptions=True, **options))
        self._away_until = 0.0

    def add(self, name: str, seconds: int, now: datetime, amount: int = 1) -> int:
        """Add to the count of a window and return what it is then."""
        key = f"keys/{name}/{seconds}/{int(now.timestamp()) // seconds}"
        if self._shared is not None and time.monotonic() >= self._away_until:
            try:
                return self._shared.incr(key, seconds, amount)
            except StorageError:
                self._away_until = time.monotonic() + AWAY_SECONDS
        return self._own.incr(key, seconds, amount)


def seconds_left(seconds: int, now: datetime) -> int:
    """Return how long the window lasts that `now` lies in, at least 1."""
    return seconds - int(now.timestamp()) % seconds
