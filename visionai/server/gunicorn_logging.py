"""gunicorn's log lines in the form of ours: start, stop and errors, warnings of libraries, stray exceptions."""

from __future__ import annotations

import logging
import sys
from types import TracebackType
from typing import Any

from gunicorn.glogging import Logger

from .log_format import HANDLER_NAME, StderrHandler, formatter


class _FormattedLogger(Logger):
    """Logs as LOG_FORMAT says; workers inherit it, and the application then replaces the root's handler."""

    log_format: str

    def setup(self, cfg: Any) -> None:
        """Set up gunicorn's loggers, then the root's, which warnings and uncaught exceptions go to."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(formatter(self.log_format))
        root = logging.getLogger()
        for former in [handler for handler in root.handlers if handler.get_name() == HANDLER_NAME]:
            root.removeHandler(former)
        root.addHandler(StderrHandler(formatter(self.log_format)))
        logging.captureWarnings(True)
        sys.excepthook = _log_uncaught


class TextLogger(_FormattedLogger):
    """Lines for people."""

    log_format = "text"


class JSONLogger(_FormattedLogger):
    """One JSON object a line."""

    log_format = "json"


def _log_uncaught(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    logging.getLogger("visionai").critical("Uncaught exception", exc_info=(kind, error, traceback))
