"""Waiting and WebSockets over asyncio."""

from __future__ import annotations

import asyncio
from asyncio import Event, Lock
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from typing import TypeVar

from websockets.asyncio.client import ClientConnection, connect

__all__ = ["AsyncIterable", "ClientConnection", "Event", "Lock", "each", "open_websocket", "pause", "receive"]

T = TypeVar("T")

MOST_BYTES = 16 << 20


async def pause(seconds: float) -> None:
    await asyncio.sleep(seconds)


async def open_websocket(url: str, headers: dict[str, str], timeout: float) -> ClientConnection:
    # Pictures are compressed already.
    return await connect(url, additional_headers=headers, compression=None, open_timeout=timeout, max_size=MOST_BYTES)


async def receive(connection: ClientConnection, timeout: float) -> str | bytes:
    """Return the next message; raises TimeoutError."""
    return await asyncio.wait_for(connection.recv(), timeout)


async def each(source: Iterable[T] | AsyncIterable[T]) -> AsyncIterator[T]:
    """Go through a source, whether its frames are there or have to be waited for."""
    if isinstance(source, AsyncIterable):
        async for one in source:
            yield one
        return
    for one in source:
        yield one
        await asyncio.sleep(0)
