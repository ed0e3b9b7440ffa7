"""Waiting for a socket to have something: with a task for a moment, then without, at no cost of a stack and frames."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import copy_context
from typing import Any

from .tasks import mode, spawn_within


class Readiness:
    """A call to come, as a task, once a socket can be read or has ended, in the context that it was asked for in."""

    __slots__ = ("_context", "_function", "_hub", "_listener")

    def __init__(self, hub: Any, sock: Any, function: Callable[[], object]) -> None:
        self._function = function
        self._context = copy_context()
        self._hub = hub
        self._listener = hub.add(hub.READ, sock.fileno(), self.call, self.call, None)

    def call(self, _: object = None) -> None:
        """Make the call now, unless it was made."""
        listener, self._listener = self._listener, None
        if listener is not None:
            self._hub.remove(listener)
            spawn_within(self._context, self._function)


def on_readable(sock: Any, function: Callable[[], object]) -> Readiness | None:
    """Have `function` called, as a task, once `sock` can be read or has ended.

    None under threads, where a task has to wait. `sock` must not be closed before the call.
    """
    if mode() != "eventlet":
        return None
    import eventlet.hubs

    return Readiness(eventlet.hubs.get_hub(), sock, function)


def readable_within(sock: Any, seconds: float) -> bool:
    """Wait until `sock` can be read or has ended; False where nothing came for so long. Under threads, ask nothing."""
    if mode() != "eventlet":
        return True
    import eventlet.hubs

    try:
        eventlet.hubs.trampoline(sock.fileno(), read=True, timeout=seconds, timeout_exc=TimeoutError)
    except TimeoutError:
        return False
    return True
