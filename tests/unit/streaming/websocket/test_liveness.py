"""Pings, pongs and the pace of messages, at times that the tests make up."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from visionai.concurrency import Pace
from visionai.concurrency.pace import GRACE_SECONDS
from visionai.streaming.websocket.frames import CloseCode, Opcode, close_frame, frame
from visionai.streaming.websocket.protocol import WebSocket, WireLimits

from .client import binary, more, next_message, ping, pong, text

INTERVAL, TIMEOUT, LONGEST, RATE = 10.0, 5.0, 100.0, 100.0
PING = frame(Opcode.PING, b"")
NO_PONG = close_frame(CloseCode.POLICY, "no pong")
TOO_SLOW = close_frame(CloseCode.POLICY, "too slow")


class Line:
    """A server that receives on a thread of its own, and the client's end."""

    def __init__(self) -> None:
        self.client, self.server_end = socket.socketpair()
        self.client.settimeout(10)
        limits = WireLimits(
            text=100, binary=100_000, pace=Pace(RATE, LONGEST), ping_interval=INTERVAL, ping_timeout=TIMEOUT
        )
        self.server = WebSocket(self.server_end, limits)
        self.begun = time.monotonic()
        self.received: list[str | bytes] = []
        self._receiving = threading.Thread(target=self._receive)
        self._receiving.start()

    def send(self, data: bytes) -> None:
        """Send `data` and wait until the server has read it."""
        self.client.sendall(data + ping(b"read?"))
        assert self.client.recv(100) == frame(Opcode.PONG, b"read?")

    def beat(self, seconds: float) -> None:
        """Look after the connection as if `seconds` had passed."""
        self.server.let_go_if_late(self.begun + seconds)
        self.server.ping_if_due(self.begun + seconds)

    def sent(self) -> bytes:
        """What the server has sent, which never waits for the client."""
        self.client.setblocking(False)
        try:
            return self.client.recv(1000)
        except BlockingIOError:
            return b""
        finally:
            self.client.settimeout(10)

    def close(self) -> None:
        self.client.close()
        self._receiving.join()
        self.server_end.close()

    def _receive(self) -> None:
        while (message := next_message(self.server)) is not None:
            self.received.append(message)


@pytest.fixture
def line() -> Iterator[Line]:
    line = Line()
    yield line
    line.close()


def test_a_ping_is_sent_when_it_is_due_and_not_before(line: Line) -> None:
    line.beat(INTERVAL - 1)
    assert line.sent() == b""
    line.beat(INTERVAL + 1)
    assert line.sent() == PING


def test_a_client_that_gives_no_pong_in_time_is_let_go(line: Line) -> None:
    line.beat(INTERVAL + 1)
    line.beat(INTERVAL + TIMEOUT)
    assert line.sent() == PING
    line.beat(INTERVAL + 1 + TIMEOUT)
    assert line.sent() == NO_PONG


def test_a_client_that_gives_its_pong_is_asked_again_an_interval_later(line: Line) -> None:
    line.beat(INTERVAL + 1)
    assert line.sent() == PING
    line.send(pong())
    line.beat(INTERVAL + 1 + TIMEOUT)
    assert line.sent() == PING


def test_a_pong_that_nobody_asked_for_puts_off_no_ping(line: Line) -> None:
    line.send(pong())
    line.beat(INTERVAL)
    assert line.sent() == PING


def test_a_client_in_the_middle_of_a_message_may_be_late_with_its_pong(line: Line) -> None:
    line.send(text("a", final=False))
    line.beat(INTERVAL + 1)
    line.beat(INTERVAL + 1 + TIMEOUT)
    assert line.sent() == PING
    line.send(more("b"))
    assert line.received == ["ab"]


def test_a_message_that_takes_too_long_is_not_waited_for(line: Line) -> None:
    line.send(text("a", final=False))
    line.server.let_go_if_late(line.begun + GRACE_SECONDS - 1)
    assert line.sent() == b""
    line.server.let_go_if_late(line.begun + LONGEST + 1)
    assert line.sent() == TOO_SLOW


def test_only_the_bytes_of_a_message_count_for_its_pace(line: Line) -> None:
    line.send(binary(bytes(50_000)))
    line.send(text("a", final=False))
    line.server.let_go_if_late(line.begun + GRACE_SECONDS + 5)
    assert line.sent() == TOO_SLOW
