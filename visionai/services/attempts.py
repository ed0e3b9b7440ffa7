"""How often somebody may guess: failures are counted for a name and an address, and a success forgets them.

Counts are shared between processes over Redis where there is one; while it is away each process counts for itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from flask import current_app
from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from .. import concurrency
from ..errors import BadCredentials, RateLimited

T = TypeVar("T")


@contextmanager
def attempt(name: str, address: str) -> Iterator[None]:
    """Let the block try a password: its BadCredentials counts, its success forgets. Raises RateLimited beforehand.

    Attempts with one name from one address take turns, so that many at once are not more guesses than one by one.
    """
    kept = current_app.extensions
    # Several may come first at once, and all of them get the one that was kept.
    attempts: Attempts = kept.get("attempts") or kept.setdefault("attempts", _configured())
    with attempts.made(name, address):
        yield


class Attempts:
    """The failures of the last minute; `storage_uri` and `options` name where they are counted."""

    def __init__(self, storage_uri: str, options: dict[str, Any], per_minute: int) -> None:
        self._limit = RateLimitItemPerMinute(per_minute)
        self._shared = MovingWindowRateLimiter(storage_from_string(storage_uri, wrap_exceptions=True, **options))
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._turns = _Turns()

    @contextmanager
    def made(self, name: str, address: str) -> Iterator[None]:
        """Let the block try a password; see `attempt`."""
        key = ("login", name, address)
        with self._turns.turn(key):
            if not self._ask(lambda limiter: limiter.test(self._limit, *key)):
                raise RateLimited(retry_after=self._seconds_left(key))
            try:
                yield
            except BadCredentials:
                self._ask(lambda limiter: limiter.hit(self._limit, *key))
                raise
            self._ask(lambda limiter: limiter.clear(self._limit, *key))

    def _seconds_left(self, key: tuple[str, ...]) -> int:
        window = self._ask(lambda limiter: limiter.get_window_stats(self._limit, *key))
        return min(60, max(1, round(window.reset_time - time.time())))

    def _ask(self, question: Callable[[MovingWindowRateLimiter], T]) -> T:
        try:
            return question(self._shared)
        except StorageError:
            return question(self._own)


class _Turns:
    """A lock for each key that somebody wants, and for no other."""

    def __init__(self) -> None:
        self._locks: dict[Any, tuple[Any, int]] = {}
        self._own = concurrency.Lock()

    @contextmanager
    def turn(self, key: Any) -> Iterator[None]:
        """Hold the key's lock for the block."""
        with self._own:
            lock, wanted = self._locks.get(key) or (concurrency.Lock(), 0)
            self._locks[key] = (lock, wanted + 1)
        try:
            with lock:
                yield
        finally:
            with self._own:
                lock, wanted = self._locks.pop(key)
                if wanted > 1:
                    self._locks[key] = (lock, wanted - 1)


def _configured() -> Attempts:
    config = current_app.config
    uri, options = config["RATELIMIT_STORAGE_URI"], config["RATELIMIT_STORAGE_OPTIONS"]
    return Attempts(uri, options, config["LOGIN_ATTEMPTS_PER_MINUTE"])
