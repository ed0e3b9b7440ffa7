"""Bounded send buffer of a connection: nobody who sends waits for the client to read (backpressure)."""

from __future__ import annotations

import contextlib
import socket
from typing import Any

from ... import concurrency


class Outbox:
    """What goes to a client: at once where the kernel takes it, else kept in order up to `limit` bytes.

    Any task may put; the socket needs a timeout, after which a client that reads nothing is let go.
    """

    def __init__(self, sock: Any, limit: int) -> None:
        self._sock = sock
        self._limit = limit
        self._lock = concurrency.Guard()
        self._kept: list[bytes] = []
        self._kept_bytes = 0
        self.ended = False

    def put(self, data: bytes) -> None:
        """Send `data` or keep it; where too much is kept the connection is aborted."""
        with self._lock:
            if self.ended:
                return
            if not self._kept_bytes:
                data = self._send_some(data)
                if not data:
                    return
                # A task only for who reads late: most clients take what they are sent at once.
                concurrency.spawn(self._flush)
            self._kept.append(data)
            self._kept_bytes += len(data)
            if self._kept_bytes > self._limit:
                self._end()

    def finish(self, data: bytes) -> None:
        """Send a last frame and no more; a client with unread bytes does without it."""
        with self._lock, contextlib.suppress(OSError):
            if self.ended:
                return
            self.ended = True
            if self._kept_bytes or self._send_some(data):
                self._end()
            else:
                # Only half: the client's own close frame, and what it sent before, are still to be read.
                self._sock.shutdown(socket.SHUT_WR)

    def abort(self) -> None:
        """End the connection at once."""
        with self._lock:
            self._end()

    def _send_some(self, data: bytes) -> bytes:
        """Send what the kernel takes and return the rest."""
        try:
            sent = concurrency.send_now(self._sock, data)
        except OSError:
            self._end()
            return b""
        return data[sent:]

    def _flush(self) -> None:
        """Send what is kept as the client reads it; runs as a task of its own, and only while there is something."""
        while True:
            with self._lock:
                data = b"".join(self._kept)
                self._kept.clear()
            # Outside of the lock, for this may wait; `_kept_bytes` still counts `data`, so that nothing overtakes it.
            try:
                self._sock.sendall(data)
            except OSError:
                self.abort()
                return
            with self._lock:
                self._kept_bytes -= len(data)
                if not self._kept_bytes or self.ended:
                    return

    def _end(self) -> None:
        self.ended = True
        self._kept.clear()
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
