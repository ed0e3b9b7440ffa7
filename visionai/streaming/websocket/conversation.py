"""A WebSocket and who talks over it, from the greeting to the end."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Protocol

from .protocol import Only, WebSocket, WireLimits

LIVELY_SECONDS = 1.0
"""A client who speaks again within this is waited for as long: to begin a task for each frame of a camera costs."""


class Talker(Protocol):
    """What answers a client over a WebSocket; nothing of it is called while something of it runs."""

    def begin(self, websocket: WebSocket) -> None:
        """Greet the client."""

    def take(self, message: str | bytes) -> None:
        """Take a message."""

    def gone(self) -> None:
        """Let go of a client who was greeted and has gone."""


class Conversation:
    """Hands a talker what comes, and calls `over` when the connection has ended.

    With `rests` it holds no task while the client says nothing for longer than a moment: `go_on` returns, and is called
    again when something comes.
    """

    __slots__ = ("_heard_at", "_limits", "_over", "_rests", "_sock", "_talker", "_websocket")

    def __init__(
        self, sock: Any, limits: WireLimits, talker: Talker, over: Callable[[], object], *, rests: bool
    ) -> None:
        self._sock = sock
        self._limits = limits
        self._talker = talker
        self._over = over
        self._rests = rests
        self._websocket: WebSocket | None = None
        self._heard_at = 0.0

    def go_on(self) -> None:
        """Greet the client, once, and take what comes until it has gone or rests; what the talker raises goes on."""
        resting = False
        try:
            websocket = self._websocket or self._greet()
            resting = self._talk(websocket)
        finally:
            if not resting:
                self._end()

    def _greet(self) -> WebSocket:
        self._websocket = WebSocket(self._sock, self._limits)
        self._talker.begin(self._websocket)
        return self._websocket

    def _talk(self, websocket: WebSocket) -> bool:
        """Hand on what comes; return whether the client rests, and has not gone."""
        while (received := websocket.receive()) is not None:
            if received is not Only.CONTROL:
                self._talker.take(received)
            if self._rests and not self._says_more(websocket) and websocket.rest(self.go_on):
                return True
        return False

    def _says_more(self, websocket: WebSocket) -> bool:
        """Wait a moment for one who also spoke a moment ago; tell whether they said more."""
        now, before = time.monotonic(), self._heard_at
        self._heard_at = now
        return now - before < LIVELY_SECONDS and websocket.more_within(LIVELY_SECONDS)

    def _end(self) -> None:
        with ExitStack() as ends:
            ends.callback(self._over)
            if self._websocket is not None:
                ends.callback(self._websocket.end)
                self._talker.gone()
