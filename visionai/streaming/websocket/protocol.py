"""WebSocket for a server (RFC 6455) over the socket that the web server hands out.

One implementation under Socket.IO and `/ws`, under greenlets and threads. Nothing in it grows without bound: messages
and their fragments are limited as they arrive, nothing is ever inflated (permessage-deflate is not negotiated: JPEG
does not compress), and what a client does not read is kept up to a limit, then the client is let go.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np

from ... import concurrency
from ...concurrency import Share
from ...errors import Busy
from .outbox import Outbox

IDLE_SECONDS = 15.0
"""A connection that is silent for so much longer than a pong may take is gone."""

MEMORY_SECONDS, MEMORY_PAUSE = 5.0, 0.05
"""How long a message waits for memory before its connection is closed, and how often it asks."""

LINGER_SECONDS = 2.0
MAX_FRAGMENTS = 1024
MAX_CONTROL_BYTES = 125
_CHUNK = 65_536
_TURN = 8
"""Frames after which others get their turn: a socket that always has more never makes its task wait."""

_SEND_BUFFER = 262_144
_TEXT_COPIES = 3
"""How many times a text is held at its peak: its bytes, itself, and what is parsed of it."""


class Opcode(IntEnum):
    """The kinds of frames (RFC 6455, section 5.2)."""

    CONTINUATION = 0
    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10


class CloseCode(IntEnum):
    """Why a connection is closed (RFC 6455, section 7.4.1)."""

    NORMAL = 1000
    GOING_AWAY = 1001
    PROTOCOL_ERROR = 1002
    NOT_TEXT = 1007
    POLICY = 1008
    TOO_BIG = 1009
    TRY_AGAIN = 1013


@dataclass(frozen=True, slots=True)
class WireLimits:
    """What a client may do.

    The most bytes of a text message, of a binary one, and of what a client has not read yet; how slowly a message may
    come; how often a client is asked for a sign of life, and how many seconds it has to give one.
    """

    text: int
    binary: int
    unread: int = 1_048_576
    hold: Callable[[int], Share] | None = None
    """Holds memory for so many bytes of a message; raises Busy where there is none."""
    pace: concurrency.Pace = field(default_factory=concurrency.Pace)
    ping_interval: float = 25.0
    ping_timeout: float = 20.0


class _Violation(Exception):
    """The client broke the protocol or a limit; the connection is closed with `code`."""

    def __init__(self, code: CloseCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class _Gone(Exception):
    """The connection ended."""


def unmask(data: bytes, key: bytes) -> bytes:
    """Return `data` with the four bytes of `key` taken off again (RFC 6455, section 5.3)."""
    whole = len(data) & ~3
    rest = bytes(byte ^ mask for byte, mask in zip(data[whole:], key, strict=False))
    if not whole:
        return rest
    words = np.frombuffer(data, "<u4", count=whole // 4) ^ np.frombuffer(key, "<u4")
    unmasked: bytes = words.tobytes()
    return unmasked + rest


def frame(opcode: Opcode, payload: bytes) -> bytes:
    """Return an unmasked, final frame."""
    size = len(payload)
    if size < 126:
        head = bytes((0x80 | opcode, size))
    elif size < 65_536:
        head = bytes((0x80 | opcode, 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((0x80 | opcode, 127)) + size.to_bytes(8, "big")
    return head + payload


class WebSocket:
    """An open connection. One task receives; any task may send, and none waits for the client to read."""

    def __init__(self, sock: Any, limits: WireLimits) -> None:
        self._sock = sock
        self._limits = limits
        self._buffer = b""
        self._read = 0
        self._share: Share | None = None
        self._frames = 0
        # Since when a message is on its way, and the bytes that came since.
        self._begun: float | None = None
        self._received = 0
        self._ping_at = time.monotonic() + limits.ping_interval
        self._pinged = False
        self._outbox = Outbox(sock, limits.unread)
        sock.settimeout(limits.ping_interval + limits.ping_timeout + IDLE_SECONDS)
        with contextlib.suppress(OSError):  # A Unix socket has no TCP_NODELAY.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def receive(self) -> str | bytes | None:
        """Return the next message, or None when the connection is over, whoever ended it and how."""
        self._share = None  # The message before this one has been dealt with.
        try:
            return self._message()
        except _Violation as violation:
            self.close(violation.code, str(violation))
        except (_Gone, OSError, EOFError):
            pass
        finally:
            self._begun = None
        self._share = None
        return None

    def send(self, message: str | bytes) -> None:
        """Send a message, or keep it until the client reads; a client that reads nothing is let go."""
        if isinstance(message, str):
            self._outbox.put(frame(Opcode.TEXT, message.encode()))
        else:
            self._outbox.put(frame(Opcode.BINARY, message))

    def let_go_if_late(self, now: float) -> None:
        """Close the connection where a message comes too slowly; to be called about once a second."""
        begun = self._begun
        if begun is not None and self._limits.pace.left(now - begun, self._received) <= 0:
            self._let_go("too slow")

    def ping_if_due(self, now: float) -> None:
        """Ask for a pong when it is time, and close the connection where none came; to be called once a second.

        Who is in the middle of a message cannot answer yet.
        """
        if now < self._ping_at:
            return
        if not self._pinged:
            self._pinged, self._ping_at = True, now + self._limits.ping_timeout
            self._outbox.put(frame(Opcode.PING, b""))
        elif self._begun is None:
            self._let_go("no pong")
        else:
            self._ping_at = now + self._limits.ping_timeout

    def _let_go(self, reason: str) -> None:
        self.close(CloseCode.POLICY, reason)
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RD)

    def close(self, code: CloseCode = CloseCode.NORMAL, reason: str = "") -> None:
        """Say goodbye; the task that receives then sees the end."""
        self._outbox.finish(frame(Opcode.CLOSE, code.to_bytes(2, "big") + reason.encode()[:120]))

    def abort(self) -> None:
        """End the connection at once, whatever is unsent."""
        self._outbox.abort()

    def end(self) -> None:
        """Say goodbye if nobody did, and take what still comes for a moment.

        A socket that is closed over unread bytes resets the connection, and the client never sees the reason.
        """
        self._share = None  # Whoever ended it may have asked for no other message after the last one.
        self.close()
        deadline = time.monotonic() + LINGER_SECONDS
        with contextlib.suppress(OSError, EOFError):
            self._sock.settimeout(LINGER_SECONDS)
            while self._sock.recv(_CHUNK) and time.monotonic() < deadline:
                pass

    def _message(self) -> str | bytes | None:
        """Collect the fragments of a message, answering control frames between them."""
        kind: int | None = None
        parts: list[bytes] = []
        size = 0
        while True:
            final, opcode, payload = self._frame(kind, size)
            if opcode >= Opcode.CLOSE:
                if not self._control(opcode, payload):
                    return None
                if kind is None:
                    self._begun = None
                continue
            kind = opcode if kind is None else kind
            if final and not parts:
                return _content(kind, payload)
            parts.append(payload)
            size += len(payload)
            if len(parts) > MAX_FRAGMENTS:
                raise _Violation(CloseCode.POLICY, "too many fragments")
            if final:
                return _content(kind, b"".join(parts))

    def _frame(self, kind: int | None, received: int) -> tuple[bool, int, bytes]:
        """Read a frame of a message of `kind` of which `received` bytes are here; return final, opcode, payload."""
        if self._outbox.ended:
            raise _Gone
        self._frames += 1
        if self._frames % _TURN == 0:
            concurrency.sleep(0)
        first, second = self._take(2)
        if self._begun is None:
            self._begun, self._received = time.monotonic(), 0
        final, opcode, size = bool(first & 0x80), first & 0x0F, second & 0x7F
        if first & 0x70 or not second & 0x80:
            raise _Violation(CloseCode.PROTOCOL_ERROR, "compressed, extended or unmasked")
        if size == 126:
            size = int.from_bytes(self._take(2), "big")
        elif size == 127:
            size = int.from_bytes(self._take(8), "big")
        self._check(kind, final, opcode, size, received)
        if opcode < Opcode.CLOSE:
            self._hold(received + size, text=(kind or opcode) == Opcode.TEXT)
        key = self._take(4)
        return final, opcode, unmask(self._take(size), key)

    def _check(self, kind: int | None, final: bool, opcode: int, size: int, received: int) -> None:
        """Refuse a frame by its head, before its payload is read."""
        if opcode in (Opcode.CLOSE, Opcode.PING, Opcode.PONG):
            if size > MAX_CONTROL_BYTES or not final:
                raise _Violation(CloseCode.PROTOCOL_ERROR, "control frame too long")
            return
        allowed = (Opcode.TEXT, Opcode.BINARY) if kind is None else (Opcode.CONTINUATION,)
        if opcode not in allowed:
            raise _Violation(CloseCode.PROTOCOL_ERROR, "frame out of order")
        limit = self._limits.text if (kind or opcode) == Opcode.TEXT else self._limits.binary
        if received + size > limit:
            raise _Violation(CloseCode.TOO_BIG, f"over {limit} bytes")

    def _hold(self, size: int, *, text: bool) -> None:
        """Hold memory for a message before its payload is read, waiting a while: the client waits to send meanwhile."""
        if self._limits.hold is None:
            return
        deadline = time.monotonic() + MEMORY_SECONDS
        self._share = None
        while True:
            try:
                self._share = self._limits.hold(size * _TEXT_COPIES if text else size)
                return
            except Busy as busy:
                if time.monotonic() > deadline:
                    raise _Violation(CloseCode.TRY_AGAIN, "the server is full") from busy
            concurrency.sleep(MEMORY_PAUSE)

    def _control(self, opcode: int, payload: bytes) -> bool:
        """Answer a control frame; return whether the connection goes on."""
        if opcode == Opcode.PING:
            self._outbox.put(frame(Opcode.PONG, payload))
        if opcode == Opcode.PONG and self._pinged:
            self._pinged, self._ping_at = False, time.monotonic() + self._limits.ping_interval
        if opcode != Opcode.CLOSE:
            return True
        self._outbox.finish(frame(Opcode.CLOSE, payload[:2]))
        return False

    def _take(self, size: int) -> bytes:
        """Return exactly `size` bytes; memory is taken as they arrive, not as they are announced."""
        if len(self._buffer) - self._read < size:
            self._fill(size)
        taken = self._buffer[self._read : self._read + size]
        self._read += size
        if self._read == len(self._buffer):
            self._buffer, self._read = b"", 0
        return taken

    def _fill(self, size: int) -> None:
        parts = [self._buffer[self._read :]]
        there = len(parts[0])
        self._buffer, self._read = b"", 0
        while there < size:
            chunk = self._sock.recv(_CHUNK)
            if not chunk:
                raise _Gone
            parts.append(chunk)
            there += len(chunk)
            self._received += len(chunk)
        self._buffer = b"".join(parts)


def _content(kind: int, data: bytes) -> str | bytes:
    if kind == Opcode.BINARY:
        return data
    try:
        return data.decode()
    except UnicodeDecodeError as err:
        raise _Violation(CloseCode.NOT_TEXT, "not UTF-8") from err
