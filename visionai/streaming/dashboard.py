"""Publish/subscribe of the dashboard's statistics: pushed as rows are committed, throttled."""

from __future__ import annotations

import logging
from typing import Any, Protocol

from flask import Flask

from .. import concurrency
from ..contract.schemas.statistics import StatsSchema
from ..database.availability import DATABASE_AWAY, unavailable
from ..errors import InvalidToken
from ..services.accounts.identity import Identity
from ..services.statistics import queries
from ..services.statistics.filters import Filters

logger = logging.getLogger(__name__)

PUSH_SECONDS = 1.0
"""The figures are sent at most so often, however many predictions are recorded, here or elsewhere."""


_STATS = StatsSchema(exclude=("period", "emotions", "uncertain_share"))


class Subscriber(Protocol):
    """A client that may be sent events."""

    def push(self, event: str, body: dict[str, Any], /) -> None:
        """Send an event that was not asked for."""


class Dashboard:
    """The subscribers of this process."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._public: bool = app.config["DASHBOARD_PUBLIC"]
        self._subscribers: set[Subscriber] = set()
        self._changed = concurrency.Event()

    def enter(self, subscriber: Subscriber, identity: Identity | None) -> None:
        """Let a client subscribe; raises InvalidToken for a stranger where the dashboard is private."""
        if identity is None and not self._public:
            raise InvalidToken
        self._subscribers.add(subscriber)

    def leave(self, subscriber: Subscriber) -> None:
        """Send a client nothing more."""
        self._subscribers.discard(subscriber)

    def recheck(self, subscriber: Subscriber) -> None:
        """Consider a client whose token holds no longer."""
        if not self._public:
            self.leave(subscriber)

    def changed(self) -> None:
        """Note that the figures are others now."""
        self._changed.set()

    def run(self) -> None:
        """Send the figures whenever they changed; does not return."""
        while True:
            self._changed.wait()
            self._changed.clear()
            if self._subscribers:
                self._push()
            concurrency.sleep(PUSH_SECONDS)

    def _push(self) -> None:
        try:
            with self._app.app_context():
                body = {"type": "stats", **_STATS.dump(queries.stats(Filters()))}
        except DATABASE_AWAY as error:
            unavailable(error)
            return
        for subscriber in tuple(self._subscribers):
            subscriber.push("stats", body)
