"""A connection to one IP address with one deadline for all of it: connecting, TLS, sending, each byte of the answer.

It runs on native threads and must not touch what eventlet patches: sockets are those of C.
"""

from __future__ import annotations

import _socket
import contextlib
import io
import time

MAX_ANSWER = 65_536
"""How many bytes of an answer are read, those of TLS with them; its status and headers have room in them."""


class Wire:
    """What `http.client` takes for a socket, or `TLSConnection` for what is below it."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._socket: _socket.socket | None = None
        self._read = 0
        self._aborted = False

    def connect(self, address: str, port: int, patience: float) -> None:
        """Connect to an address, within `patience` seconds and the deadline; raises OSError, TimeoutError."""
        family = _socket.AF_INET6 if ":" in address else _socket.AF_INET
        self._socket = _socket.socket(family, _socket.SOCK_STREAM)
        try:
            self._socket.settimeout(min(patience, self._left()))
            self._socket.connect((address, port))
        except OSError:
            self.hang_up()
            raise

    def sendall(self, data: bytes) -> None:
        """Send all of `data`."""
        view = memoryview(data)
        while view:
            view = view[self._connected().send(view) :]

    def recv(self, most: int) -> bytes:
        """Return what is there, nothing at the end. Raises OSError beyond MAX_ANSWER."""
        if self._read > MAX_ANSWER:
            raise OSError("The answer is too long")
        data = self._connected().recv(most)
        self._read += len(data)
        return data

    def makefile(self, _mode: str = "rb") -> io.BufferedReader:
        """Return the answer as a file."""
        return io.BufferedReader(_Answer(self))

    def close(self) -> None:
        """Do nothing: `http.client` calls it while the answer is still to be read."""

    def abort(self) -> None:
        """Have what waits on another thread fail now."""
        self._aborted = True
        if (connected := self._socket) is not None:
            with contextlib.suppress(OSError):
                connected.shutdown(_socket.SHUT_RDWR)

    def hang_up(self) -> None:
        """Let go of the connection, read or not."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _connected(self) -> _socket.socket:
        """Return the socket, which waits no longer than is left."""
        if self._socket is None or self._aborted:
            raise OSError("The connection is closed")
        self._socket.settimeout(self._left())
        return self._socket

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _Answer(io.RawIOBase):
    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self._wire = wire

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._wire.recv(len(buffer))
        buffer[: len(data)] = data
        return len(data)
