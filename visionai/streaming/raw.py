"""The plain WebSocket endpoint `/ws`: JSON commands and binary frames."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIEnvironment

from ..concurrency import until_gone
from ..contract.bearer import bearer_token
from ..contract.bounded_json import load_object
from ..errors import Forbidden, InvalidToken, MalformedRequest, VisionAIError
from ..locale import language_of
from .client.answers import failure_body, greeting_body
from .client.client import Client
from .clients import Clients
from .heartbeat import Heartbeat
from .messages import render
from .origins import origin_allowed
from .refusals import refuse
from .websocket.handshake import HandshakeError, is_upgrade, serve
from .websocket.protocol import CloseCode, WebSocket

_PATH = "/ws"


class RawStreams:
    """The clients of `/ws`, and of `/` where a WebSocket is asked for."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._limits = clients.wire_limits
        self._open: set[WebSocket] = set()
        self._heartbeat = Heartbeat(self._beat)

    def takes(self, environ: WSGIEnvironment) -> bool:
        """Tell whether a request is for us."""
        path = environ.get("PATH_INFO")
        return path == _PATH or (path == "/" and is_upgrade(environ))

    def answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve a client until it has gone, in this task or another, or refuse it."""
        language = language_of(environ.get("HTTP_ACCEPT_LANGUAGE"))
        address = environ.get("REMOTE_ADDR", "")
        try:
            if not origin_allowed(environ, self._clients.origins):
                raise Forbidden
            token = _token_of(environ)
            self._clients.take_place(address)
        except VisionAIError as error:
            return refuse(error, language, start_response)
        with until_gone(environ, lambda: self._clients.leave_place(address)):
            try:
                # The greeting cannot go out before the handshake, the refusal of a token not after it.
                connection = _Connection(self, self._clients, address, language, token)
                return serve(environ, self._limits, connection)
            except HandshakeError as error:
                # The version that we speak goes with the refusal of any other (RFC 6455, section 4.2.2).
                understood = ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13")
                return refuse(MalformedRequest(), language, start_response, error.status, *understood)
            except VisionAIError as error:
                return refuse(error, language, start_response)

    def end(self) -> None:
        """Close every connection, saying that the server goes away."""
        for websocket in tuple(self._open):
            websocket.close(CloseCode.GOING_AWAY)

    def abort(self) -> None:
        """Cut every connection that is still there."""
        for websocket in tuple(self._open):
            websocket.abort()

    def watch(self, websocket: WebSocket) -> None:
        """Look after a connection until `forget` is called for it."""
        self._open.add(websocket)
        self._heartbeat.start()

    def forget(self, websocket: WebSocket) -> None:
        """Look after a connection no longer."""
        self._open.discard(websocket)

    def _beat(self, now: float) -> None:
        """Look after every connection."""
        for websocket in tuple(self._open):
            websocket.let_go_if_late(now)
            websocket.ping_if_due(now)


class _Connection:
    """One client of `/ws`."""

    def __init__(self, streams: RawStreams, clients: Clients, address: str, language: str, token: str | None) -> None:
        self._streams = streams
        self._clients = clients
        self._client = Client(clients.shared, "ws", address, language, self._send, token)
        self._websocket: WebSocket | None = None

    def begin(self, websocket: WebSocket) -> None:
        """Greet the client."""
        self._websocket = websocket
        self._streams.watch(websocket)
        self._clients.enter(self._client)
        self._send("connection", greeting_body(self._client))

    def gone(self) -> None:
        """Let go of the client."""
        if self._websocket is not None:
            self._streams.forget(self._websocket)
        self._clients.leave(self._client)

    def take(self, message: str | bytes) -> None:
        """Answer a message: a command in JSON, or a frame in bytes."""
        if isinstance(message, bytes):
            self._client.receive("predict", message, self._send)
            return
        try:
            payload = load_object(message)
        except VisionAIError as error:
            self._send("error", failure_body(error, self._client.language))
            return
        self._client.receive(payload.get("command"), payload, self._send)

    def _send(self, _: str, body: dict[str, Any]) -> None:
        if self._websocket is not None:
            self._websocket.send(render(body))


def _token_of(environ: WSGIEnvironment) -> str | None:
    """Return the token of the `Authorization` header; raises InvalidToken for another scheme or one in the query.

    Addresses end up in logs and histories, so a token in one is as good as lost.
    """
    if "token" in parse_qs(environ.get("QUERY_STRING", "")):
        raise InvalidToken
    return bearer_token(environ.get("HTTP_AUTHORIZATION"))
