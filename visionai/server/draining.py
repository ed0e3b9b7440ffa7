"""Draining at SIGTERM: say on /health/ready that no more is wanted, and serve on until balancers have seen it."""

from __future__ import annotations

import signal
from typing import Any

from .. import concurrency


class Draining:
    """A worker that serves on for STOP_DELAY_SECONDS before it stops; to be inherited from before gunicorn's worker.

    Meanwhile each answer closes its connection, so that no proxy sends a request on one that is about to end.
    """

    wsgi: Any
    alive: bool
    booted: bool

    def heed_exit(self) -> None:
        """Heed the signal from here on: until gunicorn's worker does, some tenths of a second later, it is lost."""
        signal.signal(signal.SIGTERM, self.handle_exit)

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Begin to drain, then stop; a second signal stops at once. A worker that still boots stops when it has."""
        if not self.booted:
            self.alive = False
            return
        delay = self.wsgi.config["STOP_DELAY_SECONDS"]
        if delay and not concurrency.draining():
            concurrency.begin_draining()
            concurrency.spawn(self._stop_after, delay, sig, frame)
        else:
            self.leave(sig, frame)

    def leave(self, sig: int, frame: Any) -> None:
        """Stop accepting, as gunicorn's worker does on the signal."""
        super().handle_exit(sig, frame)  # type: ignore[misc]

    def _stop_after(self, delay: int, sig: int, frame: Any) -> None:
        concurrency.sleep(delay)
        self.leave(sig, frame)
