"""Live frames over Socket.IO (`/stream`) and a plain WebSocket (`/ws`), both over one session."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Flask

from .. import concurrency
from ..extensions import socketio
from .clients import Streams, streams_of
from .raw import RawStreams
from .socketio.namespace import StreamServer
from .websocket.handshake import Environ, StartResponse, origin_allowed
from .websocket.protocol import LINGER_SECONDS


def init_app(app: Flask) -> None:
    """Bind streams to `app`; starts nothing.

    Reads what `Streams` reads, and ASYNC_MODE.
    """
    streams = app.extensions["streams"] = Streams(app)
    _bind_socketio(app, streams)
    raw = RawStreams(streams)
    inner: Any = app.wsgi_app

    def wsgi_app(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        chosen: Any = raw.answer if raw.takes(environ) else inner
        answer: Iterable[bytes] = chosen(environ, start_response)
        return answer

    app.wsgi_app = wsgi_app  # type: ignore[method-assign]
    app.extensions["raw_streams"] = raw


def start(app: Flask) -> None:
    """Begin what a server process does beside answering its clients, and see to its end."""
    streams_of(app).start()
    concurrency.at_stop(lambda: _stop(app))


def _bind_socketio(app: Flask, streams: Streams) -> None:
    """Let Flask-SocketIO build its middleware, around a server of ours."""
    socketio.init_app(app, client_manager=None, async_mode=concurrency.mode())
    server = StreamServer(
        streams,
        async_mode=concurrency.mode(),
        cors_allowed_origins=lambda _, environ: origin_allowed(environ, streams.origins),
        http_compression=False,
        ping_interval=streams.limits.ping_interval,
        ping_timeout=streams.limits.ping_timeout,
    )
    socketio.server = socketio.sockio_mw.engineio_app = server


def _stop(app: Flask) -> None:
    """Answer what was accepted, then say goodbye to everybody."""
    streams, raw, transport = streams_of(app), app.extensions["raw_streams"], socketio.server.eio
    streams.drain()
    transport.end()
    raw.end()
    streams.wait_until_empty(LINGER_SECONDS)
    transport.abort()
    raw.abort()
