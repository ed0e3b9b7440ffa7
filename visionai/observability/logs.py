"""Logging to stderr, for people (`LOG_FORMAT=text`) or for machines (`json`, one object a line)."""

from __future__ import annotations

import logging

from flask import Flask, g, has_request_context, request

from ..server.log_format import HANDLER_NAME, StderrHandler, formatter
from ..server.stray_output import log_uncaught
from ..services.accounts.identity import IDENTITY
from . import trace_context

# Libraries that tell every step of theirs, or a client's address or token, at INFO.
_QUIET = ("werkzeug", "engineio", "socketio", "alembic", "PIL")


def init_app(app: Flask) -> None:
    """Send what is logged to stderr in the configured form; a second application replaces the first one's."""
    handler = StderrHandler(formatter(app.config["LOG_FORMAT"]))
    handler.addFilter(add_context)
    root = logging.getLogger()
    for former in [handler for handler in root.handlers if handler.get_name() == HANDLER_NAME]:
        root.removeHandler(former)
    root.addHandler(handler)
    log_uncaught()
    logging.getLogger("visionai").setLevel(app.config["LOG_LEVEL"])
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def add_context(record: logging.LogRecord) -> bool:
    """Add the ids of the current request, its trace and its user, where there are, to `record`."""
    within = has_request_context()
    trace = trace_context.trace_of(request.environ) if within else trace_context.current()
    record.request_id = g.get("request_id") if within else None
    record.trace_id = trace.trace_id if trace else None
    record.span_id = trace.span_id if trace and trace.recorded else None
    record.user_id = getattr(request.environ.get(IDENTITY), "user_id", None) if within else None
    return True
