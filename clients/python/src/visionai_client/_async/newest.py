"""A place for one frame, where a newer one takes the place of an older."""

from __future__ import annotations

from collections.abc import AsyncIterator

from ..pictures import Picture
from .io import Event


class AsyncNewest:
    """Frames of a source that pushes them, such as a camera: going through it gives the newest, and waits for one."""

    def __init__(self) -> None:
        self._frame: Picture | None = None
        self._changed = Event()
        self._closed = False

    def put(self, frame: Picture) -> bool:
        """Put a frame there; returns whether an older one was given up for it."""
        older, self._frame = self._frame, frame
        self._changed.set()
        return older is not None

    def close(self) -> None:
        """There are no more: who goes through it gets what is there, and ends."""
        self._closed = True
        self._changed.set()

    async def __aiter__(self) -> AsyncIterator[Picture]:
        while True:
            await self._changed.wait()
            self._changed.clear()
            frame, self._frame = self._frame, None
            if frame is not None:
                yield frame
            if self._closed and self._frame is None:
                return
