"""How many clients are connected over sockets."""

from __future__ import annotations

_connected = 0


def entered() -> None:
    """Count a client that connected over Socket.IO or `/ws`."""
    global _connected  # noqa: PLW0603
    _connected += 1


def left() -> None:
    """Count out a client that had entered."""
    global _connected  # noqa: PLW0603
    _connected = max(0, _connected - 1)


def count() -> int:
    """Return how many clients are connected."""
    return _connected
