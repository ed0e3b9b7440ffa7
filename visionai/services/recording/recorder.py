"""From predictions to committed rows, in groups: nobody who streams waits, and nothing that was promised is lost.

A row waits in memory until the next commit, a moment later, which takes all that gathered. While the database is away
rows go to the disk instead, and from there into the database when it is back.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Flask, current_app

from ...extensions import db
from .ledger import Ledger
from .queue import Recording
from .row import Row

__all__ = ["Recorder", "Row", "recorder"]


class Recorder:
    """The recorder of a process, as an extension; its calls need an application context.

    Settings: `RECORDER_BUFFER`, how many rows may wait in memory; `RECORDER_FLUSH_MS`, how long rows gather before
    they are committed where nobody waits for one; `INSTANCE_PATH`, where rows wait while the database is away.
    """

    def init_app(self, app: Flask) -> None:
        """Bind to `app`, whose database must have been bound before; start nothing."""
        with app.app_context():
            ledger = Ledger(db.engine)
        app.extensions["recorder"] = Recording(
            ledger,
            Path(app.config["INSTANCE_PATH"]) / "spool",
            buffer=app.config["RECORDER_BUFFER"],
            flush_seconds=app.config["RECORDER_FLUSH_MS"] / 1000,
        )

    def start(self) -> None:
        """Begin to write, first of all what earlier processes left on the disk; otherwise the first row begins it."""
        _recording().start()

    def write(self, row: Row, timeout: float | None = None) -> int | None:
        """Wait until `row` is committed and return its id, or until it is safe on the disk and return None.

        Raises Busy where too many rows wait, and DatabaseUnavailable where neither the database nor the disk took it
        (within `timeout` seconds, where one is given).
        """
        return _recording().write(row, timeout)

    def offer(self, row: Row) -> bool:
        """Queue `row` without waiting; False where too many rows wait, and then it is not recorded."""
        return _recording().offer(row)

    def on_commit(self, callback: Callable[[], None]) -> None:
        """Call `callback` after each commit; it must not wait."""
        _recording().on_commit(callback)

    def flush(self, timeout: float = 10.0) -> bool:
        """Commit what waits in memory, or put it on the disk; False where that took longer than `timeout` seconds."""
        return _recording().flush(timeout)

    def close(self) -> None:
        """Flush and take no more rows; safe to call twice."""
        _recording().close()

    @property
    def state(self) -> str:
        """ "ok", or "degraded" while rows wait on the disk or the database does not take any."""
        return "degraded" if _recording().degraded else "ok"

    @property
    def set_aside(self) -> int:
        """How many lines and files of waiting rows could not be read so far, and are on the disk under another name."""
        return _recording().set_aside

    @property
    def backlog(self) -> int:
        """How many rows wait to be committed, in memory and on the disk."""
        return _recording().backlog


def _recording() -> Recording:
    """Return what `init_app` bound to the current application."""
    recording: Recording | None = current_app.extensions.get("recorder")
    if recording is None:
        raise RuntimeError("There is no recorder here: did you forget to call recorder.init_app(app)?")
    return recording


recorder = Recorder()
