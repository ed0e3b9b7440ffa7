"""The Engine.IO server under Socket.IO, on our own WebSocket.

python-engineio keeps three tasks and an unbounded queue for every client and looks at the size of a message after it
has arrived. Here a client is one task at most, what it does not read is bounded, and one heartbeat serves all.
"""

from __future__ import annotations

import base64
import contextlib
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIEnvironment

import engineio
from engineio import packet
from engineio.exceptions import ContentTooLongError, EngineIOError
from engineio.socket import Socket

from ... import concurrency
from ...contract.errors import status_of
from ...errors import Busy, Forbidden, MalformedRequest, MethodNotAllowed, RateLimited, RequestTimeout, VisionAIError
from ...locale import language_of
from ..clients import Clients
from ..heartbeat import Heartbeat
from ..origins import origin_allowed
from ..refusals import refuse
from ..websocket.conversation import Talker
from ..websocket.handshake import HandshakeError, serve
from ..websocket.protocol import CloseCode, WebSocket
from .opening import Direct, Upgrade

JOIN_SECONDS = 20.0
"""A client that joins no namespace for so long is sent away, and so is a WebSocket that no client goes over to."""

MAX_UNPOLLED = 64
"""Packets that a long-polling client may leave unfetched."""

MAX_PACKETS = 16
"""Packets in one request of a long-polling client, as python-engineio has it."""

# By the status that Engine.IO answers with; every other one is a request that does not fit.
_ERRORS: dict[int, type[VisionAIError]] = {
    HTTPStatus.METHOD_NOT_ALLOWED: MethodNotAllowed,
    HTTPStatus.TOO_MANY_REQUESTS: RateLimited,
}

_OF_CONNECT = ("REMOTE_ADDR", "HTTP_ACCEPT_LANGUAGE")
"""What Socket.IO's `connect` reads of a request."""

_SEPARATOR = "\x1e"
_PIECE = 1 << 18
_PONG, _MESSAGE, _CLOSE = str(packet.PONG), str(packet.MESSAGE), str(packet.CLOSE)


class Connection(Socket):
    """A client of Engine.IO, over long polling, a WebSocket, or first the one and then the other."""

    def __init__(self, server: EngineServer, sid: str, address: str) -> None:
        self._queue: Any = None
        super().__init__(server, sid)
        self.joined = False
        self._address = address
        self._websocket: WebSocket | None = None
        self._tried: WebSocket | None = None
        self._tried_since = 0.0
        self._begun = time.monotonic()
        self._ping_at = self._begun + server.ping_interval
        self._pinged_at: float | None = None
        self._lock = concurrency.Guard()

    @property
    def queue(self) -> Any:
        """What waits for the next poll, made at the first need: a client with a WebSocket has none, and it is 1 KB."""
        if self._queue is None:
            self._queue = self.server.create_queue()
        return self._queue

    @queue.setter
    def queue(self, queue: Any) -> None:
        """Leave out the one that python-engineio makes for every client."""

    def open(self, environ: WSGIEnvironment, start_response: StartResponse, greeting: packet.Packet) -> Iterable[bytes]:
        """Serve a client that comes with a WebSocket from the start, until it has gone."""
        return self._handshake(environ, start_response, Direct(self, greeting))

    def send(self, pkt: packet.Packet) -> None:
        """Send a packet, or keep it for the next poll; a client that fetches nothing is let go."""
        with self._lock:
            websocket = self._websocket
            if websocket is None:
                self.queue.put(pkt)
        if websocket is not None:
            websocket.send(pkt.encode())
        elif self.queue.qsize() > MAX_UNPOLLED:
            self.close(abort=True, reason=self.server.reason.TRANSPORT_ERROR)

    def handle_post_request(self, environ: WSGIEnvironment) -> None:
        """Take what a long-polling client sent; raises EngineIOError for what cannot be read."""
        try:
            size = int(environ.get("CONTENT_LENGTH") or 0)
            if not 0 <= size <= self.server.max_http_buffer_size:
                raise ContentTooLongError
            # Its bytes, its text, and its packets.
            with contextlib.closing(self.server.clients.shared.memory.hold(3 * size)):
                body: str = environ["wsgi.input"].read(size).decode()
                packets = body.split(_SEPARATOR, MAX_PACKETS)
                if len(packets) > MAX_PACKETS:
                    raise ContentTooLongError
                for text in packets:
                    self.take(_attachment(text) if text.startswith("b") else text)
        except (ValueError, Busy, RequestTimeout) as err:
            raise EngineIOError from err

    def close(self, wait: bool = True, abort: bool = False, reason: str | None = None) -> None:  # noqa: ARG002
        """End the connection and tell Socket.IO; never waits for the client to fetch what is left."""
        if not self.closed and not self.closing:
            self.server.clients.leave_place(self._address)
        super().close(wait=False, abort=abort, reason=reason)
        for websocket in (self._websocket, self._tried):
            if websocket is not None:
                websocket.close(CloseCode.GOING_AWAY if self.server.clients.shared.closing else CloseCode.NORMAL)

    def abort(self) -> None:
        """Cut a WebSocket that did not say goodbye back."""
        if self._websocket is not None:
            self._websocket.abort()

    def schedule_ping(self) -> None:
        """Take a pong for what it is: the next ping is due an interval from now."""
        self._pinged_at = None
        self._ping_at = time.monotonic() + self.server.ping_interval

    def beat(self, now: float) -> None:
        """Ping the client when it is due, and let it go when it does not answer or never joined."""
        if self._websocket is not None:
            self._websocket.let_go_if_late(now)
        if self._tried is not None and now - self._tried_since > JOIN_SECONDS:
            self._tried.abort()
        if self._pinged_at is not None and now - self._pinged_at > self.server.ping_timeout:
            self.close(abort=True, reason=self.server.reason.PING_TIMEOUT)
        elif not self.joined and now - self._begun > JOIN_SECONDS:
            self.close(reason=self.server.reason.SERVER_DISCONNECT)
        elif self._pinged_at is None and now >= self._ping_at:
            self._pinged_at = now
            self.send(packet.Packet(packet.PING))

    def _upgrade_websocket(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Turn a long-polling client into one with a WebSocket."""
        if self.upgraded or self.upgrading:
            start_response("400 Bad Request", [])
            return []
        return self._handshake(environ, start_response, Upgrade(self))

    def try_out(self, websocket: WebSocket | None) -> None:
        """Begin to go over to `websocket`, or give that up."""
        self._tried, self._tried_since = websocket, time.monotonic()
        self.upgrading = websocket is not None

    def adopt(self, websocket: WebSocket) -> None:
        """Send what waits for a poll over `websocket`, and everything from here on."""
        with self._lock:
            self._websocket = websocket
            self.connected = self.upgraded = True
            self.try_out(None)
            while self._queue is not None and not self._queue.empty():
                if kept := self._queue.get(block=False):
                    websocket.send(kept.encode())

    def _handshake(self, environ: WSGIEnvironment, start_response: StartResponse, talker: Talker) -> Iterable[bytes]:
        try:
            return serve(environ, self.server.wire_limits, talker)
        except HandshakeError as error:
            self.close(abort=True, reason=self.server.reason.TRANSPORT_ERROR)
            start_response(error.status, [("Connection", "close")])
            return []

    def take(self, message: str | bytes) -> None:
        """Take a packet."""
        if isinstance(message, bytes):
            self.server._trigger_event("message", self.sid, message)
        elif message.startswith(_MESSAGE):
            self.server._trigger_event("message", self.sid, message[1:])
        elif message == _PONG:
            self.schedule_ping()
        elif message == _CLOSE:
            self.close(abort=True, reason=self.server.reason.CLIENT_DISCONNECT)

    def lost(self) -> None:
        """End with the WebSocket that is gone."""
        self.close(abort=True, reason=self.server.reason.TRANSPORT_CLOSE)
        self.server.sockets.pop(self.sid, None)


class EngineServer(engineio.Server):
    """The Engine.IO server of one application."""

    def __init__(self, *, clients: Clients, **options: Any) -> None:
        super().__init__(monitor_clients=False, **options)
        self.clients = clients
        self.wire_limits = clients.wire_limits
        self.max_http_buffer_size = self.wire_limits.text
        self.on_beat: Callable[[float], None] = _ignore
        self._heartbeat = Heartbeat(self._beat)
        self._ending: tuple[Connection, ...] = ()

    def end(self) -> None:
        """Close every connection, saying that the server goes away."""
        self._ending = tuple(self.sockets.values())
        for connection in self._ending:
            connection.close(reason=self.reason.SERVER_DISCONNECT)

    def abort(self) -> None:
        """Cut what `end` said goodbye to and is still there."""
        for connection in self._ending:
            connection.abort()

    def handle_request(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        """Answer a request of the transport; what Engine.IO refuses is refused in our shape and language."""
        language = language_of(environ.get("HTTP_ACCEPT_LANGUAGE"))
        if not origin_allowed(environ, self.clients.origins):
            return refuse(Forbidden(), language, start_response)
        if "j" in parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True):
            # JSONP is a script that a page of any origin can load, and no client needs it any more.
            return refuse(MalformedRequest(), language, start_response)
        refused: list[int] = []

        def begin(status: str, headers: list[tuple[str, str]]) -> None:
            code = int(status.partition(" ")[0])
            if code < HTTPStatus.BAD_REQUEST:
                start_response(status, headers)
            else:
                refused.append(code)

        answer = super().handle_request(environ, begin)
        if refused:
            return refuse(_ERRORS.get(refused[0], MalformedRequest)(), language, start_response)
        return answer

    def _log_error_once(self, message: str, message_key: str) -> None:
        """Log nothing: the messages quote what a client sent, and it is told what is wrong."""

    def _handle_connect(
        self, environ: WSGIEnvironment, start_response: StartResponse, transport: str, jsonp_index: int | None = None
    ) -> Any:
        """Let a client in, as `engineio.Server` does, with a connection of ours."""
        address = environ.get("REMOTE_ADDR", "")
        try:
            self.clients.take_place(address)
        except RateLimited as error:
            return {"status": f"{status_of(error)} ", "headers": [], "response": b""}
        self._heartbeat.start()
        sid = self.generate_id()
        connection = self.sockets[sid] = Connection(self, sid, address)
        # It is kept for as long as the client is there, and is 5 KB as a whole.
        self._trigger_event("connect", sid, {name: environ[name] for name in _OF_CONNECT if name in environ})
        greeting = packet.Packet(packet.OPEN, self._greeting(sid, transport))
        if transport == "websocket":
            return connection.open(environ, start_response, greeting)
        connection.send(greeting)
        connection.connected = True
        return self._ok(connection.poll(), jsonp_index=jsonp_index)

    def _greeting(self, sid: str, transport: str) -> dict[str, Any]:
        return {
            "sid": sid,
            "upgrades": self._upgrades(sid, transport),
            "pingTimeout": int(self.ping_timeout * 1000),
            "pingInterval": int(self.ping_interval * 1000),
            "maxPayload": self.max_http_buffer_size,
        }

    def _beat(self, now: float) -> None:
        """Look after every connection."""
        self.on_beat(now)
        for sid, connection in tuple(self.sockets.items()):
            connection.beat(now)
            if connection.closed:
                self.sockets.pop(sid, None)


def _attachment(text: str) -> bytes:
    """Return the bytes of a base64 packet, letting others run between its pieces."""
    pieces = []
    for start in range(1, len(text), _PIECE):
        pieces.append(base64.b64decode(text[start : start + _PIECE]))
        concurrency.sleep(0)
    return b"".join(pieces)


def _ignore(now: float) -> None:
    """What is done at a beat where nobody wants more."""
