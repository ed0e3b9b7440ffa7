"""Access log of streams, and the trace of each: a socket is one request for as long as it is open."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask

from ..concurrency import until_gone
from .requests import HEADER, NO_ROUTE, request_id
from .trace_context import serving

log = logging.getLogger("visionai.streams")

SPANS = "request_spans"
"""The name of the extension that makes a span of each request, bound where spans are exported."""

_SWITCHED = 101


def init_app(app: Flask) -> None:
    """Serve each request of `app` within its trace, and log each WebSocket as it comes and as it goes.

    Streams are answered around Flask, so that this comes after they have wrapped the application.
    """
    inner: Any = app.wsgi_app

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with serving(environ):
            if environ.get("HTTP_UPGRADE", "").lower() != "websocket":
                answered: Iterable[bytes] = inner(environ, start_response)
                return answered
            return _logged(inner, environ, start_response)

    def wsgi_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        spans = app.extensions.get(SPANS)
        if spans is None:
            return answer(environ, start_response)
        spanned: Iterable[bytes] = spans.serve(answer, environ, start_response)
        return spanned

    app.wsgi_app = wsgi_app  # type: ignore[method-assign]


def _logged(inner: Any, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer a request for a WebSocket, which ends here or is handed over, or with the response that refuses it."""
    fields = {
        "request_id": request_id(environ.get(f"HTTP_{HEADER.upper().replace('-', '_')}")),
        "route": route_of(environ.get("PATH_INFO", "")),
    }
    log.info("stream begins", extra={"fields": fields})
    began, status = time.monotonic(), _SWITCHED

    def refuse(line: str, *rest: Any) -> Callable[[bytes], object]:
        nonlocal status
        status = int(line.split()[0])
        return start_response(line, *rest)

    def end() -> None:
        seconds = round(time.monotonic() - began, 1)
        log.info("stream ends", extra={"fields": {**fields, "status": status, "seconds": seconds}})

    with until_gone(environ, end):
        answered: Iterable[bytes] = inner(environ, refuse)
        return answered


def route_of(path: str) -> str:
    """Return the address of a stream, which is one of three, else NO_ROUTE: another may hold anything."""
    return next(
        (known for known in ("/socket.io", "/ws") if path.rstrip("/") == known), "/" if path == "/" else NO_ROUTE
    )
