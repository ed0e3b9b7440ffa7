"""The courier: one task a process that claims due deliveries and sends them on a few native threads.

A receiver that hangs delays nobody: a webhook whose last try failed has one delivery on its way at a time, and all of
such webhooks together at most half of the threads.
"""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any, cast

from flask import Flask, current_app

from ... import concurrency
from ...errors import Busy
from . import claims
from .claims import PER_WEBHOOK, Candidate
from .sending import Outcome, Parcel, Send, Sender

logger = logging.getLogger(__name__)

THREADS = 8
FOR_FAILING = THREADS // 2
POLL_SECONDS = 1.0
"""How often a process looks for due deliveries, and writes down what came of those that it sent."""

_CANDIDATES = 200
_LEASES = 3
_MARGIN = timedelta(seconds=5)


class Courier:
    """The deliveries that a process is sending; a turn settles what was sent and sends what is due."""

    def __init__(self, send: Send, timeout: float) -> None:
        self._send = send
        # Three times what sending takes, since a name may take as long to resolve, and settling waits for its turn.
        self._lease = _LEASES * timedelta(seconds=timeout) + _MARGIN
        self._threads: concurrency.NativeThreads | None = None
        self._sending: dict[int, Parcel] = {}
        self._done: deque[tuple[Parcel, Outcome]] = deque()
        self._closed = False

    @property
    def busy(self) -> int:
        """How many deliveries are on their way or not yet settled."""
        return len(self._sending)

    def turn(self) -> None:
        """Settle what was sent, then send what is due and there is room for."""
        self.settle()
        if self._closed or len(self._sending) >= THREADS:
            return
        chosen = self._choose(claims.due(_CANDIDATES))
        if not chosen:
            return
        for parcel in claims.claim([one.delivery_id for one in chosen], self._lease):
            self._begin(parcel)

    def settle(self) -> None:
        """Write down what came of the deliveries that were sent; those stay ours while the database is away."""
        results = list(self._done)
        claims.settle(results)
        for parcel, _ in results:
            self._done.popleft()
            self._sending.pop(parcel.delivery_id, None)

    def close(self) -> None:
        """Send nothing more; what is being sent comes again after its lease, from whichever process is there then."""
        self._closed = True

    def _choose(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Return the candidates that may be sent now."""
        of_webhook = Counter(parcel.webhook_id for parcel in self._sending.values())
        failing = sum(parcel.failing for parcel in self._sending.values())
        room = THREADS - len(self._sending)
        chosen: list[Candidate] = []
        for one in candidates:
            if len(chosen) == room:
                break
            most = 1 if one.failing else PER_WEBHOOK
            if of_webhook[one.webhook_id] >= most or (one.failing and failing >= FOR_FAILING):
                continue
            of_webhook[one.webhook_id] += 1
            failing += one.failing
            chosen.append(one)
        return chosen

    def _begin(self, parcel: Parcel) -> None:
        if self._threads is None:
            self._threads = concurrency.NativeThreads(THREADS, waiting=THREADS, name="webhooks")
        self._sending[parcel.delivery_id] = parcel
        try:
            self._threads.submit(self._send, parcel, on_done=partial(self._ended, parcel))
        except Busy:
            del self._sending[parcel.delivery_id]

    def _ended(self, parcel: Parcel, outcome: Any, error: BaseException | None) -> None:
        if error is not None:
            logger.error("A delivery broke off", exc_info=error)
            outcome = claims.internal()
        self._done.append((parcel, outcome))


def init_app(app: Flask) -> None:
    """Give `app` a courier, which has sent nothing; reads WEBHOOK_TIMEOUT_SECONDS and WEBHOOK_PRIVATE_TARGETS."""
    sender = Sender(app.config["WEBHOOK_TIMEOUT_SECONDS"], private=app.config["WEBHOOK_PRIVATE_TARGETS"])
    app.extensions["webhook_sender"] = sender
    app.extensions["courier"] = Courier(sender.send, app.config["WEBHOOK_TIMEOUT_SECONDS"])


def of_app() -> Courier:
    """Return the courier of the current application."""
    return cast(Courier, current_app.extensions["courier"])


def turn() -> None:
    """Let the courier of the current application take its turn."""
    of_app().turn()


def close() -> None:
    """Send nothing more in this process, and break off what is being sent."""
    of_app().close()
    current_app.extensions["webhook_sender"].abort()
