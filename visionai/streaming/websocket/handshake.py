"""WebSocket opening handshake (RFC 6455, section 4): an HTTP request becomes a WebSocket."""

from __future__ import annotations

import base64
import contextlib
import hashlib
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import WSGIEnvironment

from ...concurrency import hand_over
from .conversation import Conversation, Talker
from .protocol import WireLimits

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_KEY_LENGTH = 24
"""Sixteen bytes in base64. Nothing asks a server to decode them (section 4.2.2)."""


class HandshakeError(Exception):
    """The request is no WebSocket handshake; `status` is the HTTP status to answer it with."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


def is_upgrade(environ: WSGIEnvironment) -> bool:
    """Tell whether a request asks to become a WebSocket."""
    wants = environ.get("HTTP_CONNECTION", "").lower()
    return "upgrade" in wants and environ.get("HTTP_UPGRADE", "").lower() == "websocket"


def serve(environ: WSGIEnvironment, limits: WireLimits, talker: Talker) -> Iterable[bytes]:
    """Turn a request into a WebSocket, have `talker` answer over it, and let the web server close what is left.

    A web server that hands connections over has that done once the request has ended. Raises HandshakeError for what is
    no handshake; otherwise does not return, but ends as each web server takes it that the response is already out.
    """
    sock = environ.get("gunicorn.socket") or environ.get("werkzeug.socket")
    answer = _handshake_answer(environ)

    def go_on(sock: Any, over: Callable[[], object]) -> None:
        Conversation(sock, limits, talker, over, rests=True).go_on()

    if sock is None:
        raise HandshakeError("501 Not Implemented")
    with contextlib.suppress(OSError):
        sock.sendall(answer)
        if not hand_over(environ, go_on):
            Conversation(sock, limits, talker, _nothing, rests=False).go_on()
    # Returning would make either write a response into the stream. Gunicorn's workers end a request silently at
    # StopIteration, werkzeug's server at a connection that is lost.
    if "gunicorn.socket" in environ:
        raise StopIteration
    raise ConnectionError


def _nothing() -> None:
    """Leave the end of a connection to the request that it came with."""


def _handshake_answer(environ: WSGIEnvironment) -> bytes:
    """Return the response that opens a WebSocket (RFC 6455, section 4.2.2)."""
    if not is_upgrade(environ):
        raise HandshakeError("426 Upgrade Required")
    if environ.get("HTTP_SEC_WEBSOCKET_VERSION") != "13":
        raise HandshakeError("426 Upgrade Required")
    key = environ.get("HTTP_SEC_WEBSOCKET_KEY", "").encode("latin-1")
    if environ.get("REQUEST_METHOD") != "GET" or len(key) != _KEY_LENGTH:
        raise HandshakeError("400 Bad Request")
    accept = base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest())
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )
