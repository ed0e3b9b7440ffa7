"""Request ids, trace ids and access log: one line for each HTTP request."""

from __future__ import annotations

import logging
import re
import time
from typing import Any
from uuid import uuid4

from flask import Flask, Response, g, request

from .trace_context import trace_of

log = logging.getLogger("visionai.requests")

HEADER = "X-Request-ID"
TRACE_HEADER = "traceresponse"
# A caller's own id is kept where it cannot be anything else: no spaces, no control characters, no flood.
_SANE = re.compile(r"[A-Za-z0-9._:/+=-]{1,64}")
PROBES = ("/api/v1/health", "/metrics", "/static/")
"""What machines ask every few seconds: logged for those who debug, and no span of a trace."""

NO_ROUTE = "(none)"
SPAN = "visionai.span"
"""The name in the WSGI environment of the span that is made of a request, where one is: it is told its route."""


def init_app(app: Flask) -> None:
    """Number each request as it comes and log it, and what it raises, as it goes."""
    app.before_request(_begin)
    app.after_request(_finish)
    app.log_exception = log_exception  # type: ignore[method-assign]


def request_id(sent: str | None) -> str:
    """Return the id that a caller sent where it is a sane one, else a new one of 32 hexadecimal digits."""
    return sent if sent and _SANE.fullmatch(sent) else uuid4().hex


def elapsed_seconds() -> float:
    """Return the seconds since the current request began."""
    return time.perf_counter() - float(g.get("began", time.perf_counter()))


def route() -> str:
    """Return the rule that the current request matched, such as `/dashboard/users/<username>`.

    A path holds names of people and whatever a client mistook for an address, so that no log has it.
    """
    return request.url_rule.rule if request.url_rule is not None else NO_ROUTE


def log_exception(exc_info: Any) -> None:
    """Log what a view raised under the rule of its request, where Flask would write the path."""
    logging.getLogger("visionai").error("A request failed: %s %s", request.method, route(), exc_info=exc_info)


def _begin() -> None:
    g.began = time.perf_counter()
    g.request_id = request_id(request.headers.get(HEADER))


def _finish(response: Response) -> Response:
    # A request that an extension refused before us got no id yet.
    response.headers[HEADER] = g.setdefault("request_id", request_id(request.headers.get(HEADER)))
    response.headers[TRACE_HEADER] = trace_of(request.environ).header()
    if (span := request.environ.get(SPAN)) is not None:
        span.route = route()
    level = logging.DEBUG if request.path.startswith(PROBES) else logging.INFO
    if log.isEnabledFor(level):
        fields = {
            "method": request.method,
            "route": route(),
            "status": response.status_code,
            "ms": round(elapsed_seconds() * 1000, 1),
        }
        log.log(level, "request", extra={"fields": fields})
    return response
