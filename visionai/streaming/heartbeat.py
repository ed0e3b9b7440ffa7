"""Heartbeat of connections: one task that looks after all of them once a second."""

from __future__ import annotations

import time
from collections.abc import Callable

from .. import concurrency

BEAT_SECONDS = 1.0


class Heartbeat:
    """Calls `beat` with the seconds of the monotonic clock, once a second from the first `start` on."""

    def __init__(self, beat: Callable[[float], object]) -> None:
        self._beat = beat
        self._started = False

    def start(self) -> None:
        """Begin; starting twice changes nothing."""
        if not self._started:
            self._started = True
            concurrency.spawn(self._run)

    def _run(self) -> None:
        while True:
            concurrency.sleep(BEAT_SECONDS)
            self._beat(time.monotonic())
