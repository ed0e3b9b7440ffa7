"""Live frames over Socket.IO (`/stream`) and a plain WebSocket (`/ws`), both over one kind of client."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask

from .. import concurrency
from . import socketio
from .clients import Clients, clients_of
from .raw import RawStreams
from .websocket.protocol import LINGER_SECONDS


def init_app(app: Flask) -> None:
    """Bind streams to `app`; starts nothing.

    Reads what `Clients` reads, and ASYNC_MODE.
    """
    clients = app.extensions["clients"] = Clients(app)
    socketio.init_app(app, clients)
    raw = RawStreams(clients)
    inner: Any = app.wsgi_app

    def wsgi_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        chosen: Any = raw.answer if raw.takes(environ) else inner
        answer: Iterable[bytes] = chosen(environ, start_response)
        return answer

    app.wsgi_app = wsgi_app  # type: ignore[method-assign]
    app.extensions["raw_streams"] = raw


def start(app: Flask) -> None:
    """Begin what a server process does beside answering its clients, and see to its end."""
    clients_of(app).start()
    concurrency.at_stop(lambda: _stop(app))


def _stop(app: Flask) -> None:
    """Answer what was accepted, then say goodbye to everybody."""
    clients, raw, engine = clients_of(app), app.extensions["raw_streams"], socketio.engine()
    clients.drain()
    engine.end()
    raw.end()
    clients.wait_until_empty(LINGER_SECONDS)
    engine.abort()
    raw.abort()
