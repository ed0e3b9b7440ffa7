"""Deadlines for slow senders: a least rate and a longest time (against slowloris)."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .tasks import sleep

GRACE_SECONDS = 20.0
"""How long a sender may take for its first bytes; a phone between two cells is silent for some seconds."""


@dataclass(frozen=True, slots=True)
class Pace:
    """At least `bytes_per_second` on the whole, after a grace, and at most `seconds` in all; a rate of 0 is any."""

    bytes_per_second: float = 0.0
    seconds: float = math.inf

    def left(self, elapsed: float, received: int) -> float:
        """Return the seconds until a sender is too slow who sent `received` bytes in `elapsed` seconds."""
        by_rate = GRACE_SECONDS + received / self.bytes_per_second if self.bytes_per_second else math.inf
        return min(self.seconds, by_rate) - elapsed


class PacedSocket:
    """What a parser of HTTP reads from: a socket whose sender must keep a pace while `begin` says so.

    Between two reads other tasks get their turn: who sends faster than is read would keep the hub.
    """

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self._pace: Pace | None = None
        self._when_late: Callable[[], BaseException] = TimeoutError
        self._waited = 0.0
        self._received = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def begin(self, pace: Pace, when_late: Callable[[], BaseException]) -> None:
        """Hold the sender to `pace` from now on, and raise what `when_late` returns once it is too slow."""
        self._pace, self._when_late = pace, when_late
        self._waited, self._received = 0.0, 0

    def recv(self, size: int) -> bytes:
        """Return up to `size` bytes, none at the end; raises what was told to `begin`."""
        sleep(0)
        data: bytes = self._sock.recv(size) if self._pace is None else self._recv_in_time(size, self._pace)
        return data

    def _recv_in_time(self, size: int, pace: Pace) -> bytes:
        usual = self._sock.gettimeout()
        left = pace.left(self._waited, self._received)
        if left <= 0:
            raise self._when_late()
        begun = time.monotonic()
        self._sock.settimeout(left if usual is None else min(left, usual))
        try:
            data: bytes = self._sock.recv(size)
        except TimeoutError as err:
            if usual is not None and usual < left:
                raise
            raise self._when_late() from err
        finally:
            self._sock.settimeout(usual)
            self._waited += time.monotonic() - begun
        self._received += len(data)
        return data
