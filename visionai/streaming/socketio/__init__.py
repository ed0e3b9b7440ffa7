"""Socket.IO: everything that overrides python-socketio, python-engineio and Flask-SocketIO."""

from __future__ import annotations

from flask import Flask

from ... import concurrency
from ...extensions import socketio as extension
from ..clients import Clients
from ..origins import origin_allowed
from .engine import EngineServer
from .server import StreamServer


def init_app(app: Flask, clients: Clients) -> None:
    """Let Flask-SocketIO build its middleware, around a server of ours."""
    extension.init_app(app, client_manager=None, async_mode=concurrency.mode())
    server = StreamServer(
        clients,
        async_mode=concurrency.mode(),
        cors_allowed_origins=lambda _, environ: origin_allowed(environ, clients.origins),
        http_compression=False,
        ping_interval=clients.wire_limits.ping_interval,
        ping_timeout=clients.wire_limits.ping_timeout,
    )
    extension.server = extension.sockio_mw.engineio_app = server


def engine() -> EngineServer:
    """Return the Engine.IO server of the application that was bound last."""
    server: EngineServer = extension.server.eio
    return server
