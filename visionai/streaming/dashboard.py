"""The figures of the dashboard, sent to who subscribed as predictions are recorded."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from flask import Flask

from .. import concurrency
from ..database.availability import DATABASE_AWAY, unavailable
from ..errors import InvalidToken
from ..services.statistics import queries

if TYPE_CHECKING:
    from ..services.accounts.accounts import Identity
    from .client.session import ClientSession

logger = logging.getLogger(__name__)

PUSH_SECONDS = 1.0
"""The figures are sent at most so often, however many predictions are recorded, here or elsewhere."""


class Dashboard:
    """The subscribers of this process."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._public: bool = app.config["DASHBOARD_PUBLIC"]
        self._subscribers: set[ClientSession] = set()
        self._changed = concurrency.Event()

    def enter(self, session: ClientSession, identity: Identity | None) -> None:
        """Let a client subscribe; raises InvalidToken for a stranger where the dashboard is private."""
        if identity is None and not self._public:
            raise InvalidToken
        self._subscribers.add(session)

    def leave(self, session: ClientSession) -> None:
        """Send a client nothing more."""
        self._subscribers.discard(session)

    def recheck(self, session: ClientSession) -> None:
        """Consider a client whose token holds no longer."""
        if not self._public:
            self.leave(session)

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
                body = {"type": "stats", **_figures()}
        except DATABASE_AWAY as error:
            unavailable(error)
            return
        for session in tuple(self._subscribers):
            session.push("stats", body)


def _figures() -> dict[str, Any]:
    figures = queries.stats(queries.Filters())
    most_common = figures.most_common_emotion
    return {
        "total_predictions": figures.total_predictions,
        "most_common_emotion": {"name": most_common.name, "count": most_common.count} if most_common else None,
        "average_confidence": figures.average_confidence,
        "predictions_by_emotion": dict(figures.predictions_by_emotion),
    }
