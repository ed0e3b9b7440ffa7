"""Admission control for decoding: memory within a budget, large images beside the others and not before them."""

from __future__ import annotations

from functools import partial

from .. import concurrency
from ..concurrency import Budget, NativeThreads
from ..errors import Busy, ImageTooLarge
from ..vision.images.admission import Need

SMALL_BYTES = 32 << 20
SMALL_WORK = 8_000_000
"""What is decoded at once on any thread, in bytes and in pixels gone over: frames of cameras, and most photographs."""

WAIT_SECONDS = 5.0
"""How long a large image waits for its turn and for memory before it is answered `busy`."""

MAX_WAITING = 6
"""Large images that may wait; beyond, they are answered `busy` at once."""


class Gate:
    """Decides when an image may be decoded, on the thread that is about to.

    `memory` is in bytes, for all `count` threads. A quarter of it at most is kept for small images, a share for each
    thread, so that they never wait. Large ones take turns in the rest, half as many at once as there are threads, and
    while one waits or is read another thread stands in for its own. Without `stand_ins` they do without.
    """

    def __init__(self, count: int, memory: int, *, stand_ins: bool = True) -> None:
        self._small = min(SMALL_BYTES, memory // (4 * count))
        self._memory = Budget(memory - count * self._small)
        self._turns = Budget(max(1, count // 2))
        self.stand_ins = self._turns.limit + MAX_WAITING if stand_ins else 0
        self.threads: NativeThreads | None = None

    def __call__(self, need: Need) -> None:
        """Return when the image may be decoded; raises Busy, or ImageTooLarge where it never may."""
        if need.memory <= self._small and need.work <= SMALL_WORK:
            return
        if need.memory > self._memory.limit:
            most = need.width * need.height * self._memory.limit // need.memory
            raise ImageTooLarge(width=need.width, height=need.height, limit=most)
        if self.threads is None:
            return
        self.threads.step_aside()
        self._hold(self.threads, self._turns, 1)
        self._hold(self.threads, self._memory, need.memory)
        self.threads.at_end(concurrency.trim_memory)
        self.threads.start_clock()

    @staticmethod
    def _hold(threads: NativeThreads, budget: Budget, amount: int) -> None:
        """Take a part of a budget until the task of the calling thread ends; raises Busy."""
        if not budget.take(amount, wait_seconds=WAIT_SECONDS):
            raise Busy
        threads.at_end(partial(budget.give, amount))
