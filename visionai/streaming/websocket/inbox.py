"""Buffered reads from a client's socket."""

from __future__ import annotations

from typing import Any

CHUNK_BYTES = 65_536


class Inbox:
    """What a client sends, in pieces of the sizes that are asked for. Only one task reads."""

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self._buffer = b""
        self._read = 0
        self.received = 0
        """Bytes that have come since the connection opened."""

    @property
    def empty(self) -> bool:
        """Whether all that was read has been taken."""
        return not self._buffer

    def take(self, size: int) -> bytes:
        """Return exactly `size` bytes; raises EOFError where the connection ends before.

        Memory is taken as they arrive, not as they are announced.
        """
        if len(self._buffer) - self._read < size:
            self._fill(size)
        taken = self._buffer[self._read : self._read + size]
        self._read += size
        if self._read == len(self._buffer):
            self._buffer, self._read = b"", 0
        return taken

    def discard(self) -> bool:
        """Read and forget what is there next; return whether anything came."""
        return bool(self._sock.recv(CHUNK_BYTES))

    def _fill(self, size: int) -> None:
        parts = [self._buffer[self._read :]]
        there = len(parts[0])
        self._buffer, self._read = b"", 0
        while there < size:
            chunk = self._sock.recv(CHUNK_BYTES)
            if not chunk:
                raise EOFError
            parts.append(chunk)
            there += len(chunk)
            self.received += len(chunk)
        self._buffer = b"".join(parts)
