"""Access log of streams, and the trace of each: a socket is one request for as long as it is open."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

from .requests import HEADER, request_id
from .trace_context import Environ, serving

log = logging.getLogger("visionai.streams")

_SWITCHED = 101


def init_app(app: Flask) -> None:
    """Serve each request of `app` within its trace, and log each WebSocket as it comes and as it goes.

    Streams are answered around Flask, so that this comes after they have wrapped the application.
    """
    inner: Any = app.wsgi_app

    def wsgi_app(environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        with serving(environ):
            if environ.get("HTTP_UPGRADE", "").lower() != "websocket":
                answered: Iterable[bytes] = inner(environ, start_response)
                return answered
            return _logged(inner, environ, start_response)

    app.wsgi_app = wsgi_app  # type: ignore[method-assign]


def _logged(inner: Any, environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
    """Answer a request for a WebSocket; returns when it has gone, or with the response that refuses it."""
    fields = {
        "request_id": request_id(environ.get(f"HTTP_{HEADER.upper().replace('-', '_')}")),
        "route": _route(environ.get("PATH_INFO", "")),
    }
    log.info("stream begins", extra={"fields": fields})
    began, status = time.monotonic(), _SWITCHED

    def refuse(line: str, *rest: Any, **named: Any) -> object:
        nonlocal status
        status = int(line.split()[0])
        return start_response(line, *rest, **named)

    try:
        answered: Iterable[bytes] = inner(environ, refuse)
        return answered
    finally:
        seconds = round(time.monotonic() - began, 1)
        log.info("stream ends", extra={"fields": {**fields, "status": status, "seconds": seconds}})


def _route(path: str) -> str:
    """Return the address of a stream, which is one of three; another may hold anything."""
    return next(
        (known for known in ("/socket.io", "/ws") if path.rstrip("/") == known), "/" if path == "/" else "(none)"
    )
