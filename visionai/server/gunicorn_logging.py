"""gunicorn's log lines in the form of ours: start, stop and errors, and what anybody prints beside."""

from __future__ import annotations

import logging
from typing import Any

from gunicorn.glogging import Logger

from .log_format import HANDLER_NAME, StderrHandler, formatter
from .stray_output import log_everything, plain


class _FormattedLogger(Logger):
    """Logs as LOG_FORMAT says; workers inherit it, and the application then replaces the root's handler."""

    log_format: str

    def setup(self, cfg: Any) -> None:
        """Set up gunicorn's loggers, then the root's, which warnings and uncaught exceptions go to.

        A reload (HUP) comes here again, and finds streams that make lines of what is printed.
        """
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(formatter(self.log_format))
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(plain(handler.stream))
        root = logging.getLogger()
        for former in [handler for handler in root.handlers if handler.get_name() == HANDLER_NAME]:
            root.removeHandler(former)
        root.addHandler(StderrHandler(formatter(self.log_format)))
        log_everything(self.log_format)


class TextLogger(_FormattedLogger):
    """Lines for people."""

    log_format = "text"


class JSONLogger(_FormattedLogger):
    """One JSON object a line."""

    log_format = "json"
