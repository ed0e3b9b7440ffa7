"""A budget: a bounded amount, such as bytes of memory, shared by all threads and tasks."""

from __future__ import annotations

import time

from .tasks import native_condition


class Budget:
    """An amount of which parts are taken and given back. Only a native thread may wait for its part."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._used = 0
        self._changed = native_condition()

    @property
    def used(self) -> int:
        """How much is taken now."""
        return self._used

    def take(self, amount: int, *, wait_seconds: float = 0.0, leave: int = 0) -> bool:
        """Take `amount` where at least `leave` stays free, waiting for it if told to; return whether it was taken."""
        deadline = time.monotonic() + wait_seconds
        with self._changed:
            while self._used + amount > self.limit - leave:
                left = deadline - time.monotonic()
                if left <= 0:
                    return False
                self._changed.wait(left)
            self._used += amount
            return True

    def force(self, amount: int) -> None:
        """Take `amount` even where there is no more."""
        with self._changed:
            self._used += amount

    def give(self, amount: int) -> None:
        """Give back what was taken."""
        with self._changed:
            self._used -= amount
            self._changed.notify_all()


class Share:
    """A part of a budget that goes back when it is closed, or at the latest with the object that holds it."""

    def __init__(self, budget: Budget, amount: int) -> None:
        self._budget = budget
        self.amount = amount

    def close(self) -> None:
        """Give the part back; safe to call twice."""
        amount, self.amount = self.amount, 0
        if amount:
            self._budget.give(amount)

    def __del__(self) -> None:
        self.close()
