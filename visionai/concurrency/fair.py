"""A semaphore that serves keys round robin, so that who asks most does not get most."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from ..errors import Busy
from .tasks import Event, Lock


class FairSlots:
    """So many tasks at once; those that wait have a line for each key, and the lines are served in turns.

    A task waits `patience` seconds at most. At most `waiting_per_key` wait in a line and `waiting` in all; beyond,
    the newest of the longest line is sent away, so that a crowd under one key closes the door for nobody else.
    """

    def __init__(self, count: int, *, waiting: int, waiting_per_key: int, patience: float) -> None:
        self._free = count
        self._most = waiting
        self._most_per_key = waiting_per_key
        self._patience = patience
        self._waiting = 0
        self._lines: OrderedDict[Hashable, deque[_Waiter]] = OrderedDict()
        self._lock = Lock()

    @contextmanager
    def taken(self, key: Hashable) -> Iterator[None]:
        """Hold a slot for the block; raises Busy where too many wait, or for too long."""
        self._enter(key)
        try:
            yield
        finally:
            self._leave()

    def _enter(self, key: Hashable) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            waiter = self._line_up(key)
        waiter.settled.wait(self._patience)
        with self._lock:
            if waiter.admitted:
                return
            self._step_out(key, waiter)
        raise Busy

    def _leave(self) -> None:
        """Hand the slot to the first of the line whose turn it is."""
        with self._lock:
            if not self._lines:
                self._free += 1
                return
            key, line = self._lines.popitem(last=False)
            waiter = line.popleft()
            self._waiting -= 1
            if line:
                self._lines[key] = line
            waiter.admitted = True
            waiter.settled.set()

    def _line_up(self, key: Hashable) -> _Waiter:
        own = len(self._lines.get(key, ()))
        if own >= self._most_per_key:
            raise Busy
        if self._waiting >= self._most:
            self._send_newest_away(longer_than=own)
        waiter = _Waiter()
        self._lines.setdefault(key, deque()).append(waiter)
        self._waiting += 1
        return waiter

    def _send_newest_away(self, longer_than: int) -> None:
        """Make room at the cost of the longest line; raises Busy where that is no longer than one's own would be."""
        key = max(self._lines, key=lambda each: len(self._lines[each]))
        if len(self._lines[key]) <= longer_than + 1:
            raise Busy
        newest = self._lines[key][-1]
        self._step_out(key, newest)
        newest.settled.set()

    def _step_out(self, key: Hashable, waiter: _Waiter) -> None:
        line = self._lines.get(key)
        if line is None or waiter not in line:
            return
        line.remove(waiter)
        self._waiting -= 1
        if not line:
            del self._lines[key]


class _Waiter:
    """A task in a line; `settled` when it is its turn or it was sent away."""

    __slots__ = ("admitted", "settled")

    def __init__(self) -> None:
        self.admitted = False
        self.settled = Event()
