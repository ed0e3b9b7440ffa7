"""Each HTTP request gets an id, which its answer and its log lines carry, and one log line when it is over."""

from __future__ import annotations

import logging
import re
import time
from uuid import uuid4

from flask import Flask, Response, g, request

log = logging.getLogger("visionai.requests")

HEADER = "X-Request-ID"
# A caller's own id is kept where it cannot be anything else: no spaces, no control characters, no flood.
_SANE = re.compile(r"[A-Za-z0-9._:/+=-]{1,64}")
# What machines ask every few seconds is logged for those who debug.
_PROBES = ("/api/v1/health", "/metrics", "/static/")


def init_app(app: Flask) -> None:
    """Number each request as it comes and log it as it goes."""
    app.before_request(_begin)
    app.after_request(_finish)


def request_id(sent: str | None) -> str:
    """Return the id that a caller sent where it is a sane one, else a new one of 32 hexadecimal digits."""
    return sent if sent and _SANE.fullmatch(sent) else uuid4().hex


def elapsed_seconds() -> float:
    """Return the seconds since the current request began."""
    return time.perf_counter() - float(g.get("began", time.perf_counter()))


def _begin() -> None:
    g.began = time.perf_counter()
    g.request_id = request_id(request.headers.get(HEADER))


def _finish(response: Response) -> Response:
    # A request that an extension refused before us got no id yet.
    response.headers[HEADER] = g.setdefault("request_id", request_id(request.headers.get(HEADER)))
    level = logging.DEBUG if request.path.startswith(_PROBES) else logging.INFO
    if log.isEnabledFor(level):
        fields = {
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "ms": round(elapsed_seconds() * 1000, 1),
        }
        log.log(level, "request", extra={"fields": fields})
    return response
