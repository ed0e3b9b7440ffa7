"""Waiting and WebSockets without asyncio."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from threading import Event, Lock
from typing import TypeVar

from websockets.sync.client import ClientConnection, connect

__all__ = ["ClientConnection", "Event", "Lock", "each", "open_websocket", "pause", "receive"]

T = TypeVar("T")

MOST_BYTES = 16 << 20


def pause(seconds: float) -> None:
    time.sleep(seconds)


def open_websocket(url: str, headers: dict[str, str], timeout: float) -> ClientConnection:
    # Pictures are compressed already.
    return connect(url, additional_headers=headers, compression=None, open_timeout=timeout, max_size=MOST_BYTES)


def receive(connection: ClientConnection, timeout: float) -> str | bytes:
    """Return the next message; raises TimeoutError."""
    return connection.recv(timeout)


def each(source: Iterable[T]) -> Iterator[T]:
    """Go through a source."""
    yield from source
