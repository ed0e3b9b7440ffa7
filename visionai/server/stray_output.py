"""Warnings, uncaught exceptions and what libraries print, as log lines.

Reads no settings and imports nothing of the application: gunicorn's master calls it before its workers have patched
themselves, and they inherit what it did.
"""

from __future__ import annotations

import io
import logging
import sys
import threading
from types import TracebackType
from typing import Any, TextIO

from .log_format import formatter

logger = logging.getLogger("visionai")


def log_uncaught() -> None:
    """Log warnings, and what nobody catches on the main thread, instead of writing it to stderr."""
    logging.captureWarnings(True)
    sys.excepthook = _log_exception


def log_everything(log_format: str) -> None:
    """Log besides what nobody catches elsewhere; in JSON, what anybody prints becomes a line a line as well."""
    log_uncaught()
    threading.excepthook = _log_thread
    sys.unraisablehook = _log_unraisable
    if log_format == "json":
        sys.stdout, sys.stderr = (
            LineStream(plain(sys.stdout), "stdout", logging.INFO),
            LineStream(plain(sys.stderr), "stderr", logging.ERROR),
        )


def plain(stream: TextIO) -> TextIO:
    """Return the stream below, which lines are written to."""
    return stream.inner if isinstance(stream, LineStream) else stream


class LineStream(io.TextIOBase):
    """A stream whose lines are written to `inner` as log lines of logger `name`, empty ones left out.

    Not by a logger: what one fails at is printed to stderr, which is here.
    """

    def __init__(self, inner: TextIO, name: str, level: int) -> None:
        self.inner = inner
        self._name, self._level = name, level
        self._formatter = formatter("json")
        # Threads write their own lines; no lock, which a native thread and a greenlet could not share.
        self._of_thread = threading.local()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the stream below."""
        return self.inner.encoding

    def fileno(self) -> int:
        """Return the descriptor of the stream below."""
        return self.inner.fileno()

    def isatty(self) -> bool:
        """Tell that nobody reads this on a terminal."""
        return False

    def writable(self) -> bool:
        """Tell that this can be written to."""
        return True

    def write(self, text: str) -> int:
        """Write the lines that `text` ends; the rest waits for its end."""
        *lines, self._of_thread.begun = (getattr(self._of_thread, "begun", "") + text).split("\n")
        for line in lines:
            self._write_line(line)
        return len(text)

    def flush(self) -> None:
        """Hand on what is written; a line that has no end yet waits for it."""
        if not self.inner.closed:
            self.inner.flush()

    def _write_line(self, line: str) -> None:
        if not line.strip():
            return
        record = logging.LogRecord(self._name, self._level, "", 0, "%s", (line,), None)
        self.inner.write(self._formatter.format(record) + "\n")
        self.inner.flush()


def _log_exception(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, traceback)
    else:
        logger.critical("Uncaught exception", exc_info=(kind, error, traceback))


def _log_thread(args: Any) -> None:
    if args.exc_type is not SystemExit:
        caught = (args.exc_type, args.exc_value, args.exc_traceback)
        logger.critical("Uncaught exception in a thread", exc_info=caught)


def _log_unraisable(args: Any) -> None:
    # Not what it happened in: the text of an object may hold anything.
    caught = (args.exc_type, args.exc_value, args.exc_traceback)
    logger.error("An exception could not be raised", exc_info=caught)
