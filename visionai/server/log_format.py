"""Log formatters, text and JSON, for the application and for gunicorn's own lines alike.

Imports neither Flask nor anything of ours: gunicorn's master logs too, before its workers have patched themselves.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from datetime import UTC, datetime
from typing import Any, TextIO

HANDLER_NAME = "visionai"


class StderrHandler(logging.StreamHandler[TextIO]):
    """Writes to what stderr is at that moment: who replaces it, such as a test, gets the lines."""

    def __init__(self, formatter: logging.Formatter) -> None:
        logging.Handler.__init__(self)
        self.set_name(HANDLER_NAME)
        self.setFormatter(formatter)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # as in logging._StderrHandler
        """The current stderr, or what is below it where it makes log lines of what is printed."""
        stderr: TextIO = getattr(sys.stderr, "inner", sys.stderr)
        return stderr


def formatter(log_format: str) -> logging.Formatter:
    """Return the formatter of a LOG_FORMAT, "text" or "json"; both write UTC, whatever `TZ` says."""
    return JSONFormatter() if log_format == "json" else TextFormatter()


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """Return what a line says beside time, level, logger and message; fields that are not known are left out."""
    known = {
        "request_id": getattr(record, "request_id", None),
        "trace_id": getattr(record, "trace_id", None),
        "span_id": getattr(record, "span_id", None),
        "user_id": getattr(record, "user_id", None),
        **getattr(record, "fields", {}),
    }
    return {name: value for name, value in known.items() if value is not None}


class JSONFormatter(logging.Formatter):
    """One JSON object a line, so that a line break in a value cannot start a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; an exception goes into the field `exception`."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **fields_of(record),
        }
        if record.exc_info and record.exc_info[0]:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class TextFormatter(logging.Formatter):
    """`2026-01-01T10:30:00Z INFO visionai.requests: request method=GET route=/ status=200 ms=1.2`."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%SZ")

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Return the line without an exception, control characters escaped."""
        fields = "".join(f" {name}={value}" for name, value in fields_of(record).items())
        return "".join(
            character if character.isprintable() else character.encode("unicode_escape").decode()
            for character in super().formatMessage(record) + fields
        )
