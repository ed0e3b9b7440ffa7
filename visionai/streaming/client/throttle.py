"""Throttles of one client: of frames that it sends without awaiting answers, and of what it may seldom do."""

from __future__ import annotations

_BURST = 2
_MEMORY_SECONDS = 1.0


class FrameThrottle:
    """Throttle a client that sends without awaiting answers to `max_fps`; one that awaits them is left alone.

    All times are seconds of one steady clock.
    """

    def __init__(self, max_fps: int) -> None:
        self._interval = 1 / max_fps
        self._due = 0.0
        self._piling_until = 0.0

    def piled(self, now: float) -> None:
        """Note that a frame came while another was being answered."""
        self._piling_until = now + _MEMORY_SECONDS

    def delay(self, now: float) -> float:
        """Return how long to wait before the next frame is read; 0 for none."""
        if now >= self._piling_until:
            return 0.0
        return max(0.0, self._due - _BURST * self._interval - now)

    def took(self, now: float) -> None:
        """Note that a frame is being read."""
        self._due = max(now, self._due) + self._interval if now < self._piling_until else now


class Throttle:
    """Lets something happen `most` times within any `seconds`."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._times: list[float] = []  # A deque begins with room for 64, for each client that never needs it.

    def allows(self, now: float) -> bool:
        """Count another time in and return True, or False where there were too many; `now` is of a steady clock."""
        if len(self._times) == self._most:
            if now - self._times[0] < self._seconds:
                return False
            del self._times[0]
        self._times.append(now)
        return True
