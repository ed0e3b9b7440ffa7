"""TLS over a connection of one's own, for native threads.

`SSLContext.wrap_socket` is green in a patched process, whatever socket it is given, and changes `ssl` for a moment to
be so. `wrap_bio` knows no sockets at all
(https://docs.python.org/3/library/ssl.html#memory-bio-support).
"""

from __future__ import annotations

import contextlib
import io
import ssl
from collections.abc import Callable
from typing import Protocol, TypeVar

T = TypeVar("T")

PIECE = 16_384
"""As much as a record of TLS holds."""


class Plain(Protocol):
    """What bytes go through as they are: a native socket, or what stands before one."""

    def sendall(self, data: bytes, /) -> None:
        """Send all of `data`."""

    def recv(self, most: int, /) -> bytes:
        """Return what is there, nothing at the end."""


class TLSConnection:
    """As much of a socket with TLS as `http.client` needs, for whoever holds a certificate for `host`.

    Made by a handshake. Raises ssl.SSLError, and what `plain` raises; whoever made that closes it.
    """

    def __init__(self, plain: Plain, context: ssl.SSLContext, host: str) -> None:
        self._plain = plain
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        self._do(self._tls.do_handshake)

    def sendall(self, data: bytes) -> None:
        """Send all of `data`."""
        view = memoryview(data)
        while view:
            tls, piece = self._tls, view[:PIECE]
            view = view[self._do(lambda tls=tls, piece=piece: tls.write(piece)) :]  # type: ignore[misc]

    def receive_into(self, buffer: memoryview) -> int:
        """Receive into `buffer` and return how many bytes, 0 at the end."""
        try:
            return self._do(lambda: self._tls.read(len(buffer), buffer))  # type: ignore[return-value]
        except ssl.SSLZeroReturnError:
            return 0

    def makefile(self, _: str = "rb") -> io.BufferedReader:
        """Return what is received as a file to read bytes from."""
        return io.BufferedReader(_Received(self))

    def close(self) -> None:
        """Do nothing: `http.client` hangs up before it has read its answer."""

    def _do(self, step: Callable[[], T]) -> T:
        """Take a step of the protocol, moving bytes until it is done."""
        while True:
            try:
                result = step()
            except ssl.SSLWantReadError:
                self._flush()
                self._feed()
            except ssl.SSLError:
                # The alert that tells the other side why.
                with contextlib.suppress(OSError):
                    self._flush()
                raise
            else:
                self._flush()
                return result

    def _feed(self) -> None:
        if data := self._plain.recv(PIECE):
            self._incoming.write(data)
        else:
            self._incoming.write_eof()

    def _flush(self) -> None:
        if self._outgoing.pending:
            self._plain.sendall(self._outgoing.read())


class _Received(io.RawIOBase):
    """What a connection receives, as a file."""

    def __init__(self, connection: TLSConnection) -> None:
        super().__init__()
        self._connection = connection

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        return self._connection.receive_into(buffer)
