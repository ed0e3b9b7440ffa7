"""Presence: how many clients are connected over sockets, in this process and in the others of this service."""

from __future__ import annotations

import threading

_lock = threading.Lock()
_here = 0
_elsewhere = 0
_other_processes = 0


def entered() -> None:
    """Count a client that connected over Socket.IO or `/ws`."""
    global _here  # noqa: PLW0603
    with _lock:
        _here += 1


def left() -> None:
    """Count out a client that had entered."""
    global _here  # noqa: PLW0603
    with _lock:
        _here -= 1


def elsewhere(clients: int, processes: int = 0) -> None:
    """Note how many other processes there are, and how many clients they have."""
    global _elsewhere, _other_processes
    _elsewhere, _other_processes = clients, processes


def here() -> int:
    """Return how many clients this process has."""
    return _here


def count() -> int:
    """Return how many clients are connected, wherever."""
    return _here + _elsewhere


def processes() -> int:
    """Return how many processes of this service hear of each other over Redis; 1 without it."""
    return 1 + _other_processes
