"""WebSocket connection of a server (RFC 6455) over the socket that the web server hands out.

One implementation under Socket.IO and `/ws`, under greenlets and threads. Nothing in it grows without bound: messages
and their fragments are limited as they arrive, and what a client does not read is kept up to a limit, then the client
is let go.

The framing is our own, and not the `websockets` package's `Protocol`, because that parser reads all of what it is fed
and tells nothing of a frame until its payload is in memory. Here memory is held between a frame's head and its payload,
and other tasks get their turn between frames.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from ... import concurrency
from ...concurrency import Share
from ...errors import Busy
from .frames import CloseCode, Head, Opcode, Violation, close_frame, close_reply, frame, read_head, unmask
from .inbox import Inbox
from .message import Message
from .outbox import Outbox

__all__ = ["LINGER_SECONDS", "CloseCode", "Only", "WebSocket", "WireLimits"]

IDLE_SECONDS = 15.0
"""A connection that is silent for so much longer than a pong may take is gone."""

MEMORY_SECONDS, MEMORY_PAUSE = 5.0, 0.05
"""How long a message waits for memory before its connection is closed, and how often it asks."""

LINGER_SECONDS = 2.0

_FRAMES_A_TURN = 8
"""Frames after which others get their turn: a socket that always has more never makes its task wait."""

_SEND_BUFFER = 262_144
_TEXT_COPIES = 3
"""How many times a text is held at its peak: its bytes, itself, and what is parsed of it."""


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


class Only(Enum):
    """What was received where it was no message."""

    CONTROL = "control frames"


class WebSocket:
    """An open connection. One task receives; any task may send, and none waits for the client to read."""

    def __init__(self, sock: Any, limits: WireLimits) -> None:
        self._sock = sock
        self._limits = limits
        self._share: Share | None = None
        self._frames = 0
        # Since when a message is on its way, and what had been received before it.
        self._begun: float | None = None
        self._received_before = 0
        self._ping_at = time.monotonic() + limits.ping_interval
        self._pinged = False
        self._resting: concurrency.Readiness | None = None
        self._inbox = Inbox(sock)
        self._outbox = Outbox(sock, limits.unread)
        sock.settimeout(limits.ping_interval + limits.ping_timeout + IDLE_SECONDS)
        with contextlib.suppress(OSError):  # A Unix socket has no TCP_NODELAY.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def receive(self) -> str | bytes | Only | None:
        """Return the next message, or None when the connection is over, whoever ended it and how.

        It returns as well where control frames came and nothing else has.
        """
        self._share = self._resting = None  # The message before this one has been dealt with.
        try:
            return self._message()
        except Violation as violation:
            self.close(violation.code, str(violation))
        except (OSError, EOFError):
            pass
        finally:
            self._begun = None
        self._share = None
        return None

    def more_within(self, seconds: float) -> bool:
        """Wait for something to receive, or the end; False where nothing came for so long."""
        self._share = None  # The last message has been dealt with.
        return self._outbox.ended or not self._inbox.empty or concurrency.readable_within(self._sock, seconds)

    def rest(self, go_on: Callable[[], object]) -> bool:
        """Have `go_on` called, as a task, once there is something to receive, or the end; the caller's task may end.

        False where that is now, or where a task has to wait for it.
        """
        self._share = None  # The last message has been dealt with.
        if self._outbox.ended or not self._inbox.empty:
            return False
        self._resting = concurrency.on_readable(self._sock, go_on)
        return self._resting is not None

    def send(self, message: str | bytes) -> None:
        """Send a message, or keep it until the client reads; a client that reads nothing is let go."""
        if isinstance(message, str):
            self._outbox.put(frame(Opcode.TEXT, message.encode()))
        else:
            self._outbox.put(frame(Opcode.BINARY, message))

    def let_go_if_late(self, now: float) -> None:
        """Close the connection where a message comes too slowly; to be called about once a second."""
        begun = self._begun
        received = self._inbox.received - self._received_before
        if begun is not None and self._limits.pace.left(now - begun, received) <= 0:
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

    def close(self, code: CloseCode = CloseCode.NORMAL, reason: str = "") -> None:
        """Send a close frame, after which nothing is sent; the task that receives then sees the end."""
        self._outbox.finish(close_frame(code, reason))
        if self._resting is not None:
            self._resting.call()

    def abort(self) -> None:
        """End the connection at once, whatever is unsent."""
        self._outbox.abort()

    def end(self) -> None:
        """Finish the closing handshake: close if nobody did, and take what still comes for a moment (section 7.1.1).

        A socket that is closed over unread bytes resets the connection, and the client never sees the reason.
        """
        self._share = None  # Whoever ended it may have asked for no other message after the last one.
        self.close()
        deadline = time.monotonic() + LINGER_SECONDS
        with contextlib.suppress(OSError, EOFError):
            self._sock.settimeout(LINGER_SECONDS)
            while self._inbox.discard() and time.monotonic() < deadline:
                pass

    def _message(self) -> str | bytes | Only | None:
        """Collect the frames of a message, answering control frames between them; None after a close frame."""
        message = Message(text_limit=self._limits.text, binary_limit=self._limits.binary)
        while True:
            head = self._head()
            if head.opcode is Opcode.CLOSE:
                self._outbox.finish(close_reply(self._payload(head)))
                return None
            if head.is_control:
                self._answer_control(head)
                if not message.begun:
                    return Only.CONTROL
                continue
            message.admit(head)
            self._hold(message)
            content = message.add(self._payload(head), final=head.final)
            if content is not None:
                return content

    def _head(self) -> Head:
        """Read the head of the next frame, after others had their turn."""
        if self._outbox.ended:
            raise EOFError
        self._frames += 1
        if self._frames % _FRAMES_A_TURN == 0:
            concurrency.sleep(0)
        return read_head(self._take_of_message)

    def _take_of_message(self, size: int) -> bytes:
        """Read bytes of a head; the first of a message start its clock."""
        taken = self._inbox.take(size)
        if self._begun is None:
            self._received_before = self._inbox.received
            self._begun = time.monotonic()
        return taken

    def _payload(self, head: Head) -> bytes:
        key = self._inbox.take(4)
        return unmask(self._inbox.take(head.size), key)

    def _hold(self, message: Message) -> None:
        """Hold memory for a message before its payload is read, waiting a while: the client waits to send meanwhile."""
        if self._limits.hold is None:
            return
        size = message.size * _TEXT_COPIES if message.is_text else message.size
        deadline = time.monotonic() + MEMORY_SECONDS
        self._share = None
        while True:
            try:
                self._share = self._limits.hold(size)
                return
            except Busy as busy:
                if time.monotonic() > deadline:
                    raise Violation(CloseCode.TRY_AGAIN, "the server is full") from busy
            concurrency.sleep(MEMORY_PAUSE)

    def _answer_control(self, head: Head) -> None:
        payload = self._payload(head)
        if head.opcode is Opcode.PING:
            self._outbox.put(frame(Opcode.PONG, payload))
        elif self._pinged:
            self._pinged, self._ping_at = False, time.monotonic() + self._limits.ping_interval

    def _let_go(self, reason: str) -> None:
        self.close(CloseCode.POLICY, reason)
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RD)
