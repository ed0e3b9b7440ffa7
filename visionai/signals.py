"""Who wants to know of every answer to a picture, without the transports knowing of them."""

from __future__ import annotations

from collections.abc import Callable

Observer = Callable[[str, str, float], None]
"""Takes the transport ("socketio", "ws"), the status of the answer and its age in milliseconds; must not wait."""

_observers: list[Observer] = []


def observe(observer: Observer) -> None:
    """Call `observer` after each answer from now on; asking twice changes nothing."""
    if observer not in _observers:
        _observers.append(observer)


def answered(transport: str, status: str, age_ms: float) -> None:
    """Tell the observers that a frame was answered with `status`, `age_ms` after it came."""
    for observer in _observers:
        observer(transport, status, age_ms)
