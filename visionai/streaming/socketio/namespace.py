"""The Socket.IO namespace `/stream`: connect and disconnect."""

from __future__ import annotations

from functools import partial
from typing import Any
from wsgiref.types import WSGIEnvironment

import socketio
from socketio.exceptions import ConnectionRefusedError

from ...errors import InvalidToken, VisionAIError
from ...locale import language_of
from ..client.answers import failure_body
from ..client.client import Client
from ..clients import Clients

NAMESPACE = "/stream"


class StreamNamespace(socketio.Namespace):
    """The clients of `/stream`."""

    def __init__(self, clients: Clients) -> None:
        super().__init__(NAMESPACE)
        self.joined: dict[str, Client] = {}
        self.claims: dict[str, dict[str, Any]] = {}
        """The recorded sessions that clients want to go on with, until they were greeted."""

        self._clients = clients

    def on_connect(self, sid: str, environ: WSGIEnvironment, auth: Any = None) -> None:
        """Let a client in, with the token of its `auth` if there is one; raises ConnectionRefusedError."""
        language = language_of(environ.get("HTTP_ACCEPT_LANGUAGE"))
        try:
            client = Client(
                self._clients.shared,
                "socketio",
                environ.get("REMOTE_ADDR"),
                language,
                partial(self._push, sid),
                _token_of(auth),
            )
        except VisionAIError as error:
            body = failure_body(error, language)
            raise ConnectionRefusedError(body["message"], body) from error
        self.joined[sid] = client
        if claim := claim_of(auth):
            self.claims[sid] = claim
        self._clients.enter(client)

    def on_disconnect(self, sid: str, reason: str | None = None) -> None:  # noqa: ARG002
        """Let a client go."""
        self.claims.pop(sid, None)
        if client := self.joined.pop(sid, None):
            self._clients.leave(client)

    def _push(self, sid: str, event: str, body: dict[str, Any]) -> None:
        self.server.push(sid, event, body)


def _token_of(auth: Any) -> str | None:
    """Return the token of a Socket.IO `auth`; raises InvalidToken for what is none."""
    token = auth.get("token") if isinstance(auth, dict) else None
    if token is None or token == "":
        return None
    if not isinstance(token, str):
        raise InvalidToken
    return token


def claim_of(auth: Any) -> dict[str, Any] | None:
    """Return what of a Socket.IO `auth` names a recorded session to go on with, None where nothing does."""
    if not isinstance(auth, dict) or auth.get("session") is None:
        return None
    return {"session": auth["session"], "receipt": auth.get("receipt")}
