# Written from _async by `python -m scripts.clients`.
"""The connection under a stream: lost, and had again with its session."""

from __future__ import annotations

import json
import random
import time
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from ..errors import StreamError
from ..messages import REPEATABLE, SESSION_OVER, HeldSession, checked, disconnected, is_pushed, websocket_url, written
from .io import ClientConnection, open_websocket, pause, receive
from .transport import Transport

LOST = (ConnectionClosed, InvalidHandshake, OSError)
LISTEN_SECONDS = 0.5


class Connection:
    """One WebSocket after the other; used by one at a time."""

    def __init__(self, transport: Transport, patience: float) -> None:
        self._transport = transport
        self._patience = patience
        self._socket: ClientConnection | None = None
        self._stats: dict[str, Any] | None = None
        self._followed = False
        self.session: HeldSession | None = None
        self.resumed = 0

    def open(self) -> None:
        """Connect, for as long as patience lasts; raises StreamError."""
        deadline = time.monotonic() + self._patience
        wait = 0.2
        while self._socket is None:
            try:
                self._connect(deadline)
            except LOST as error:
                self._drop()
                if time.monotonic() > deadline:
                    raise disconnected() from error
                pause(wait * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, no secret
                wait = min(2 * wait, 3.0)

    def close(self) -> None:
        self.session = None
        self._drop()

    def ask(self, command: str, **fields: Any) -> dict[str, Any]:
        """Return the answer to a command; raises StreamError.

        A connection that is lost meanwhile is had again. A command that would be done twice is not sent twice.
        """
        deadline = time.monotonic() + self._patience
        while True:
            self.open()
            try:
                answer = checked(self._exchange(command, **fields))
            except LOST as error:
                self._drop()
                if command not in REPEATABLE or time.monotonic() > deadline:
                    raise disconnected() from error
            else:
                self._followed |= command == "subscribe"
                return answer

    def next_stats(self) -> dict[str, Any] | None:
        """Return figures that came, None where none did in a moment."""
        self.open()
        try:
            if self._stats is None:
                self._take(LISTEN_SECONDS)
        except LOST:
            self._drop()
        except TimeoutError:
            pass
        stats, self._stats = self._stats, None
        return stats

    def _connect(self, deadline: float) -> None:
        token = self._transport.token
        try:
            self._socket = self._opened(token)
        except InvalidStatus as error:
            # Only what a new token may mend is tried again; a server that is full or starting is waited for.
            if error.response.status_code == 401 and not self._transport.renew(token):
                raise StreamError("invalid_token", "The token or key is not valid.") from error
            raise
        self._receive(self._transport.timeout)  # The greeting.
        if self.session is not None:
            self._take_up_session(deadline)
        if self._followed:
            checked(self._exchange("subscribe", topic="dashboard"))

    def _opened(self, token: str | None) -> ClientConnection:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return open_websocket(websocket_url(self._transport.url), headers, self._transport.timeout)

    def _take_up_session(self, deadline: float) -> None:
        """Go on with the session, which the server may still believe to be with the connection of before."""
        while self.session is not None:
            try:
                checked(self._exchange("session_start", **self.session.claim))
            except StreamError as error:
                if error.code in SESSION_OVER or time.monotonic() > deadline:
                    self.session = None
                    return
                pause(1.0)
            else:
                self.resumed += 1
                return

    def _exchange(self, command: str, **fields: Any) -> dict[str, Any]:
        assert self._socket is not None
        self._socket.send(written(command, **fields))
        deadline = time.monotonic() + self._transport.timeout
        try:
            while True:
                answer = self._take(deadline - time.monotonic())
                if answer is not None:
                    return answer
        except TimeoutError as error:
            # Its answer may still come, and must not be taken for that to the next command.
            self._drop()
            raise StreamError("timeout", "The server did not answer in time.") from error

    def _take(self, seconds: float) -> dict[str, Any] | None:
        """Receive a message; return it unless it answers nothing."""
        message = self._receive(max(seconds, 0.0))
        if not is_pushed(message):
            return message
        if message["type"] == "stats":
            self._stats = message
        elif message["type"] == "session" and self.session is not None and self.session.uid == message["uid"]:
            self.session = None
        elif message["type"] == "auth" and self._transport.renew(self._transport.token):
            self._drop()
            raise OSError("The connection is made anew with the new token.")
        return None

    def _receive(self, seconds: float) -> dict[str, Any]:
        assert self._socket is not None
        message: dict[str, Any] = json.loads(receive(self._socket, seconds))
        return message

    def _drop(self) -> None:
        socket, self._socket = self._socket, None
        if socket is not None:
            socket.close()
