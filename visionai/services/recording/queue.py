"""Bounded in-memory queue of rows that wait for the next commit, and each caller's handle on its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from ... import concurrency
from ...errors import DatabaseUnavailable, VisionAIError
from .row import Row


class Pending:
    """A row on its way; if anybody waits for it, they are told when it is committed or on the disk, or is neither."""

    __slots__ = ("done", "error", "id", "kept", "row")

    def __init__(self, row: Row, waited_for: bool) -> None:
        self.row = row
        self.kept = False
        self.done = concurrency.Event() if waited_for else None
        self.id: int | None = None
        self.error: VisionAIError | None = None

    def settle(self, row_id: int | None = None, error: VisionAIError | None = None) -> None:
        """Tell whoever waits; only the first time counts."""
        if self.done and not self.done.is_set():
            self.id, self.error = row_id, error
            self.done.set()

    def wait(self, timeout: float | None) -> int | None:
        """Return the id of the row when it is committed, None when it is safe on the disk.

        Raises DatabaseUnavailable where it is neither within `timeout` seconds, or what it was settled with.
        """
        assert self.done is not None, "Somebody waits for it."
        if not self.done.wait(timeout):
            raise DatabaseUnavailable
        if self.error:
            raise self.error
        return self.id


class Queue:
    """Rows in the order in which they came, at most `capacity` of them; `len` is how many wait."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._rows: deque[Pending] = deque()
        self._something = concurrency.Event()
        self._urgent = concurrency.Event()

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def has_room(self) -> bool:
        """Whether another row would be taken."""
        return len(self._rows) < self._capacity

    def put(self, pending: Pending, *, promised: bool = False) -> bool:
        """Queue a row, and end the gathering of more where somebody waits for it; False where the queue is full.

        A row that was promised while there was room is taken even beyond the capacity.
        """
        if not promised and not self.has_room:
            return False
        self._rows.append(pending)
        self._something.set()
        if pending.done:
            self._urgent.set()
        return True

    def take(self, limit: int | None = None) -> list[Pending]:
        """Remove and return the first rows, at most `limit`, or those that there are now."""
        left = len(self._rows) if limit is None else limit
        taken: list[Pending] = []
        while self._rows and len(taken) < left:
            taken.append(self._rows.popleft())
        return taken

    def put_back(self, batch: Sequence[Pending]) -> None:
        """Queue rows again that nobody waits for; those who wait are told that theirs was not recorded.

        They come before all others, even beyond the capacity: they were accepted once.
        """
        self._rows.extendleft(pending for pending in reversed(batch) if pending.done is None)
        for pending in batch:
            pending.settle(error=DatabaseUnavailable())

    def gather(self, idle_seconds: float, gather_seconds: float) -> None:
        """Wait up to `idle_seconds` for a row, then `gather_seconds` for more, unless somebody waits for one."""
        if self._something.wait(idle_seconds):
            self._urgent.wait(gather_seconds)
        self._something.clear()
        self._urgent.clear()

    def wake(self) -> None:
        """End the gathering, whether there are rows or not."""
        self._something.set()
        self._urgent.set()
