"""The recorder: group commits of predictions, with a spool on disk for when the database is away.

A row waits in memory until the next commit, a moment later, which takes all that gathered. While the database is away
rows go to the disk instead, and from there into the database when it is back: nobody who streams waits, and nothing
that was promised is lost. One task commits; another watches that no commit takes too long.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from ... import concurrency
from ...database.availability import cause_of
from ...errors import Busy, VisionAIError
from ...extensions import db, of_this_application
from ...signals import row_awaited, rows_committed
from .ledger import Ledger
from .queue import Pending, Queue
from .row import Row
from .spool import Spool

logger = logging.getLogger(__name__)

BATCH = 2000
"""How many rows are committed at once, at most: the more, the fewer counters are touched for each of them."""

RETRY_SECONDS = 1.0
"""How long the database is left alone after it did not answer."""

PATIENCE_SECONDS = 0.25
"""How long a commit may take before its rows are put on the disk beside, lest they are lost with the process."""

MOST_PATIENCE_SECONDS, SLOWER = 2.0, 4
"""Where commits take long anyway, one may take `SLOWER` times as long as the last, up to this: rows that go to the disk
as well are written twice, and a busy machine would have twice as much to do."""

CLOSE_SECONDS = 3.0
"""How long a stop waits for the database before it puts the rows on the disk."""

ADOPT_SECONDS = 10.0
"""How often to look for rows that a process left behind when it died."""

REPLAY_TRIES = 3
"""How often a file of waiting rows may fail, for another reason than a database that is away, until it is set aside."""


recorder: Recorder = of_this_application("recorder")


def init_app(app: Flask) -> None:
    """Give `app`, whose database must have been bound before, its recorder; starts nothing.

    Reads RECORDER_BUFFER, RECORDER_FLUSH_MS and INSTANCE_PATH.
    """
    with app.app_context():
        ledger = Ledger(db.engine)
    app.extensions["recorder"] = Recorder(
        ledger,
        Path(app.config["INSTANCE_PATH"]) / "spool",
        buffer=app.config["RECORDER_BUFFER"],
        flush_seconds=app.config["RECORDER_FLUSH_MS"] / 1000,
    )


class Recorder:
    """The recorder of one application: takes predictions, commits them in groups, keeps them on the disk meanwhile.

    `buffer` is how many rows may wait in memory, `flush_seconds` how long rows gather before they are committed where
    nobody waits for one; `folder` is where rows wait while the database is away.
    """

    def __init__(self, ledger: Ledger, folder: Path, buffer: int, flush_seconds: float) -> None:
        self.ledger = ledger
        self._spool = Spool(folder)
        self._disk = concurrency.NativeThreads(1, waiting=1000, name="spool")
        self._flush_seconds = flush_seconds
        self._queue = Queue(buffer)
        self._in_commit: Sequence[Pending] = ()
        self._commit_since: float | None = None
        self._last_seconds = 0.0
        self._away = False
        self._retry_at = 0.0
        self._adopt_at = self._replay_at = 0.0
        self._replay_failures = 0
        self._started = self._closed = False
        self._committing = concurrency.Event()
        self._lock = concurrency.Lock()
        self._starting = concurrency.Lock()

    @property
    def state(self) -> str:
        """ "ok", or "degraded" while rows wait on the disk or the database does not take any."""
        return "degraded" if self._away or self._spool.waiting > 0 else "ok"

    @property
    def set_aside(self) -> int:
        """How many lines and files of waiting rows could not be read so far, and are on the disk under another name."""
        return self._spool.set_aside_count

    @property
    def on_disk(self) -> int:
        """How many rows wait on the disk."""
        return self._spool.waiting

    @property
    def backlog(self) -> int:
        """How many rows wait to be committed, in memory and on the disk."""
        return len(self._queue) + len(self._in_commit) + self.on_disk

    def start(self) -> None:
        """Begin to write, first of all what earlier processes left on the disk; otherwise the first row begins it."""
        with self._starting:
            if self._started or self._closed:
                return
            self._started = True
        concurrency.spawn(self._write_for_ever)
        concurrency.spawn(self._watch_for_ever)

    def write(self, row: Row, timeout: float | None = None) -> int | None:
        """Wait until `row` is committed and return its id, or until it is safe on the disk and return None.

        Raises Busy where too many rows wait, and DatabaseUnavailable where neither the database nor the disk took it
        (within `timeout` seconds, where one is given).
        """
        pending, began = Pending(row, waited_for=True), time.monotonic()
        if not self._enqueue(pending):
            raise Busy
        try:
            return pending.wait(timeout)
        finally:
            row_awaited.send(self, began=began)

    @property
    def has_room(self) -> bool:
        """Whether a row would be taken now."""
        return not self._closed and self._queue.has_room

    @property
    def has_disk_room(self) -> bool:
        """Whether rows could go to the disk if the database went away now."""
        return self._spool.has_room

    def offer(self, row: Row, *, promised: bool = False) -> bool:
        """Queue `row` without waiting; False where too many rows wait, and then it is not recorded.

        One that was `promised` while there was room is taken even where there is none any more.
        """
        return self._enqueue(Pending(row, waited_for=False), promised)

    def flush(self, timeout: float = 10.0) -> bool:
        """Commit what waits in memory, or put it on the disk; False where that took longer than `timeout` seconds."""
        if not self._lock.acquire(timeout=timeout):
            return False
        try:
            self._commit_queue()
        finally:
            self._lock.release()
        return not self._queue

    def close(self) -> None:
        """Flush and take no more rows; safe to call twice."""
        if self._closed:
            return
        self._closed = True
        if not self._started:
            return
        if not self.flush(CLOSE_SECONDS):
            self._keep_or_lose([*self._in_commit, *self._queue.take()])
        self._queue.wake()
        # In this order: whoever still keeps rows would open a file again that nobody closes.
        self._disk.close()
        self._spool.close()

    def _enqueue(self, pending: Pending, promised: bool = False) -> bool:
        if self._closed:
            return False
        if not self._started:
            self.start()
        return self._queue.put(pending, promised=promised)

    # The task that commits ------------------------------------------------------------------------------------------

    def _write_for_ever(self) -> None:
        while not self._closed:
            self._gather()
            try:
                with self._lock:
                    if not self._closed:
                        self._commit_queue()
                        self._replay()
            except Exception:
                logger.exception("The recorder failed and goes on")
                concurrency.sleep(RETRY_SECONDS)

    def _gather(self) -> None:
        """Wait for rows, then a little for more, unless somebody waits for one or there are some on the disk."""
        if self._spool.waiting and not self._away and time.monotonic() >= self._replay_at:
            return
        self._queue.gather(RETRY_SECONDS, self._flush_seconds)

    def _commit_queue(self) -> None:
        """Commit what is queued; what cannot be goes to the disk, and back into the queue where that fails too."""
        while batch := self._queue.take(BATCH):
            ids = None if self._resting else self._commit(batch)
            if ids is not None:
                for pending in batch:
                    pending.settle(ids.get(pending.row.uid))
            elif not self._keep(batch):
                self._queue.put_back(batch)
                return

    def _commit(self, batch: Sequence[Pending]) -> dict[UUID, int] | None:
        self._in_commit = batch
        try:
            return self._record([pending.row for pending in batch])
        except BaseException:
            for pending in batch:
                pending.settle(error=VisionAIError())
            raise
        finally:
            self._in_commit = ()

    def _record(self, rows: Sequence[Row]) -> dict[UUID, int] | None:
        """Commit rows and return their ids, None where the database is away; a broken connection is tried twice."""
        self._commit_since = time.monotonic()
        self._committing.set()
        try:
            for last_try in (self._away, True):
                try:
                    ids = self.ledger.record(rows)
                except SQLAlchemyError as error:
                    if last_try:
                        self._went_away(error)
                        return None
                else:
                    self._last_seconds = time.monotonic() - self._commit_since
                    return self._came_through(ids)
            return None
        finally:
            self._commit_since = None
            self._committing.clear()

    @property
    def _patience(self) -> float:
        return min(max(PATIENCE_SECONDS, SLOWER * self._last_seconds), MOST_PATIENCE_SECONDS)

    @property
    def _resting(self) -> bool:
        """Whether the database did not answer a moment ago and is left alone."""
        return self._away and time.monotonic() < self._retry_at

    def _went_away(self, error: SQLAlchemyError) -> None:
        self._retry_at = time.monotonic() + RETRY_SECONDS
        if not self._away:
            self._away = True
            logger.warning("The database does not take rows, which go to the disk meanwhile: %s", cause_of(error))

    def _came_through(self, ids: dict[UUID, int]) -> dict[UUID, int]:
        if self._away:
            self._away = False
            logger.info("The database takes rows again; %d wait on the disk", self._spool.waiting)
        if ids:
            rows_committed.send(self)
        return ids

    # The disk -------------------------------------------------------------------------------------------------------

    def _keep(self, batch: Sequence[Pending]) -> bool:
        """Put rows on the disk, and tell those who wait for them; False where the disk does not take them."""
        new = [pending for pending in batch if not pending.kept]
        try:
            self._disk.run(self._spool.append, [pending.row for pending in new])
        except Busy:
            return False  # Closed meanwhile, and what there was is kept.
        except OSError as error:
            logger.error("Neither the database nor the disk takes rows: %s", error.strerror or error)
            return False
        for pending in new:
            pending.kept = True
            pending.settle()
        return True

    def _keep_or_lose(self, batch: Sequence[Pending]) -> None:
        """Put rows on the disk at the end, and say how many are lost where it does not take them."""
        if not self._keep(batch) and (lost := sum(not pending.kept for pending in batch)):
            logger.critical("Rows are lost, since neither the database nor the disk took them: %d", lost)

    def _replay(self) -> None:
        """Commit the next rows from the disk: ours, then those of processes that died."""
        if self._closed or self._resting:
            return
        if not self._spool.waiting and time.monotonic() >= self._adopt_at:
            self._adopt_at = time.monotonic() + ADOPT_SECONDS
            self._disk.run(self._spool.adopt)
        if self._spool.waiting and time.monotonic() >= self._replay_at:
            self._write_waiting()
        elif self._away:
            self._record([])

    def _write_waiting(self) -> None:
        """Commit the next rows from the disk; a file that fails again and again is set aside."""
        try:
            rows = self._disk.run(self._spool.read, BATCH)
            if not rows or self._record(rows) is not None:
                self._disk.run(self._spool.done)
            self._replay_failures = 0
        except Exception:
            self._replay_failures += 1
            self._replay_at = time.monotonic() + RETRY_SECONDS
            if self._replay_failures >= REPLAY_TRIES:
                logger.exception("Rows that wait on the disk cannot be written, and their file is set aside")
                self._replay_failures = 0
                self._disk.run(self._spool.set_aside)

    # The task that watches ------------------------------------------------------------------------------------------

    def _watch_for_ever(self) -> None:
        while not self._closed:
            self._committing.wait(RETRY_SECONDS)
            concurrency.sleep(PATIENCE_SECONDS / 4)
            if self._commit_since and time.monotonic() - self._commit_since > self._patience:
                self._keep_meanwhile()

    def _keep_meanwhile(self) -> None:
        """Put on the disk what waits for a commit that takes long: if it succeeds after all, no harm is done."""
        queued = self._queue.take()
        if not self._keep([*self._in_commit, *queued]):
            self._queue.put_back(queued)
