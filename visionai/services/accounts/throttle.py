"""Throttle of password guessing: only failures are counted.

- By name and address: a few a minute; a success forgets them.
- By address, whatever the names: more, for a school class may share one. Not for clients on this machine, which may
  be a proxy that `TRUSTED_PROXIES` does not count, and then everybody.
- By name, from whatever addresses: few in ten minutes, so that a thousand addresses cannot try one name for ever.
  Addresses from which the name signed in within 30 days are exempt, so that strangers do not lock its owner out.

Counts are shared between processes over Redis where there is one. While it is away, or too full to be written to, each
process counts for itself, and both counts hold.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, TypeVar

from flask import Flask
from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from ... import concurrency
from ...addresses import is_local, network_of
from ...errors import BadCredentials, Busy, RateLimited
from ...extensions import of_this_application
from . import passwords

T = TypeVar("T")


FAMILIAR_DAYS = 30
_MINUTES_BY_NAME = 10
_MEMORY = "memory://"
_STEP_SECONDS = 1.0
"""A clock that goes back by more than this was set back."""

Key = tuple[str, ...]
Limit = tuple[RateLimitItem, Key]


login_throttle: LoginThrottle = of_this_application("login_throttle")


def init_app(app: Flask) -> None:
    """Give `app` its throttle; asks no server for anything.

    Reads LOGIN_ATTEMPTS_PER_MINUTE, LOGIN_FAILURES_PER_ADDRESS, LOGIN_FAILURES_PER_NAME, REDIS_URL (where counts are
    shared) and SECRET_KEY.
    """
    app.extensions["login_throttle"] = LoginThrottle(
        app.config["RATELIMIT_STORAGE_URI"],
        app.config["RATELIMIT_STORAGE_OPTIONS"],
        per_minute=app.config["LOGIN_ATTEMPTS_PER_MINUTE"],
        per_address=app.config["LOGIN_FAILURES_PER_ADDRESS"],
        per_name=app.config["LOGIN_FAILURES_PER_NAME"],
        secret=app.config["SECRET_KEY"],
    )


class LoginThrottle:
    """The failures of the last minutes; `storage_uri` and `options` name where they are counted.

    `per_minute` is for a name and an address, `per_address` for an address in a minute, `per_name` for a name in ten;
    0 is no limit. With `secret` it is remembered, unreadably, from which addresses a name signed in.
    """

    def __init__(
        self,
        storage_uri: str,
        options: dict[str, Any],
        per_minute: int,
        per_address: int = 0,
        per_name: int = 0,
        secret: str = "",
    ) -> None:
        self._limit = RateLimitItemPerMinute(per_minute)
        self._by_address = RateLimitItemPerMinute(per_address) if per_address else None
        self._by_name = RateLimitItemPerMinute(per_name, _MINUTES_BY_NAME) if per_name else None
        self._familiar = RateLimitItemPerDay(1, FAMILIAR_DAYS)
        self._secret = secret.encode()
        self._own_counts = MemoryStorage()
        self._own = MovingWindowRateLimiter(self._own_counts)
        self._shared = self._own
        if storage_uri != _MEMORY:
            self._shared = MovingWindowRateLimiter(storage_from_string(storage_uri, wrap_exceptions=True, **options))
        self._latest = 0.0
        self._turns = _Turns()

    @contextmanager
    def attempt(self, name: str, address: str, *, signed_in: bool = False) -> Iterator[ExitStack]:
        """Let the block try a password when it is its turn: its BadCredentials counts, its success forgets.

        Raises RateLimited beforehand, and Busy where too many wait. Attempts with one name from one address take turns,
        so that many at once are not more guesses than one by one. `signed_in` says that a token names the user:
        strangers' failures with the name do not matter then. What is yielded may be closed once the password was
        compared, so that the next may compare theirs.
        """
        self._forget_the_future()
        key = ("login", name, "password change" if signed_in else network_of(address))
        limits = [(self._limit, key), *self._wider(name, address, signed_in)]
        self._check(limits)
        with self._turns.turn(key), ExitStack() as hashing:
            hashing.enter_context(passwords.turn(address))
            self._check(limits)  # Others may have failed while this one waited.
            try:
                yield hashing
            except BadCredentials:
                for limited in limits:
                    self._count(*limited)
                raise
            self._own.clear(self._limit, *key)
            self._ask(lambda limiter: limiter.clear(self._limit, *key))
            if not signed_in:
                self._count(self._familiar, self._familiar_key(name, address))

    def _wider(self, name: str, address: str, signed_in: bool) -> Iterator[Limit]:
        """Yield the limits of the address and of the name that hold for an attempt."""
        if self._by_address and not is_local(address):
            yield self._by_address, ("address", network_of(address))
        if self._by_name and not signed_in and not self._is_familiar(name, address):
            yield self._by_name, ("name", name)

    def _is_familiar(self, name: str, address: str) -> bool:
        return not self._has_room(self._familiar, self._familiar_key(name, address))

    def _familiar_key(self, name: str, address: str) -> Key:
        text = f"{name} {network_of(address)}"
        return ("familiar", hmac.digest(self._secret, text.encode(), "sha256").hex())

    def _check(self, limits: Iterable[Limit]) -> None:
        for limit, key in limits:
            if not self._has_room(limit, key):
                raise RateLimited(retry_after=self._seconds_left(limit, key))

    def _has_room(self, limit: RateLimitItem, key: Key) -> bool:
        # A Redis that is full still answers this, and takes no count: what was counted here instead holds too.
        return self._own.test(limit, *key) and self._ask(lambda limiter: limiter.test(limit, *key))

    def _count(self, limit: RateLimitItem, key: Key) -> None:
        self._ask(lambda limiter: limiter.hit(limit, *key))

    def _seconds_left(self, limit: RateLimitItem, key: Key) -> int:
        window = self._ask(lambda limiter: limiter.get_window_stats(limit, *key))
        return min(limit.get_expiry(), max(1, round(window.reset_time - time.time())))

    def _forget_the_future(self) -> None:
        """Forget this process's counts where the clock was set back: they would stand until it is there again."""
        now = time.time()
        if now < self._latest - _STEP_SECONDS:
            self._own_counts.reset()
        self._latest = now

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
        """Hold the key's lock for the block; raises Busy where others hold it for long."""
        with self._own:
            lock, wanted = self._locks.get(key) or (concurrency.Lock(), 0)
            self._locks[key] = (lock, wanted + 1)
        try:
            if not lock.acquire(timeout=passwords.PATIENCE_SECONDS):
                raise Busy
            try:
                yield
            finally:
                lock.release()
        finally:
            with self._own:
                lock, wanted = self._locks.pop(key)
                if wanted > 1:
                    self._locks[key] = (lock, wanted - 1)
