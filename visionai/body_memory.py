"""A memory budget for what clients send: request bodies and socket messages, all at once."""

from __future__ import annotations

from flask import Flask, current_app

from .concurrency import Budget, Share
from .errors import Busy

SMALL_BYTES = 64 * 1024
"""What is never refused: what is not an image, and most frames."""

LARGE_BYTES = 1 << 20
"""Beyond this size a body leaves a quarter of the budget to smaller ones."""


class BodyMemory:
    """The bytes of bodies and messages that are held at once, up to `limit`."""

    def __init__(self, limit: int) -> None:
        self._budget = Budget(limit)
        self._reserve = limit // 4

    @property
    def used(self) -> int:
        """How many bytes are held now."""
        return self._budget.used

    @property
    def limit(self) -> int:
        """How many bytes may be held at once."""
        return self._budget.limit

    def hold(self, size: int) -> Share:
        """Return the hold on `size` bytes, or on all that one body may have; raises Busy where they are not free."""
        if size <= SMALL_BYTES:
            self._budget.force(size)
            return Share(self._budget, size)
        leave = self._reserve if size > LARGE_BYTES else 0
        size = min(size, self._budget.limit - leave)
        if not self._budget.take(size, leave=leave):
            raise Busy
        return Share(self._budget, size)


def init_app(app: Flask) -> None:
    """Give `app` its budget; reads BODY_MEMORY_MB."""
    app.extensions["body_memory"] = BodyMemory(app.config["BODY_MEMORY_MB"] << 20)


def body_memory(app: Flask | None = None) -> BodyMemory:
    """Return the budget of `app`, by default of the current application."""
    memory: BodyMemory = (app or current_app).extensions["body_memory"]
    return memory
