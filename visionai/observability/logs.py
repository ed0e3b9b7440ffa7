"""Logging to stderr, for people (`LOG_FORMAT=text`) or for machines (`json`, one object a line)."""

from __future__ import annotations

import logging

from flask import Flask, g, has_request_context, request

from ..server.log_format import HANDLER_NAME, StderrHandler, formatter
from ..services.accounts.identity import IDENTITY

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
    logging.getLogger("visionai").setLevel(app.config["LOG_LEVEL"])
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def add_context(record: logging.LogRecord) -> bool:
    """Add the id of the current request and of its user, where there is one, to `record`."""
    within = has_request_context()
    record.request_id = g.get("request_id") if within else None
    record.user_id = getattr(request.environ.get(IDENTITY), "user_id", None) if within else None
    return True
