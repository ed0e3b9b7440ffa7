"""RFC 6455 over a pair of sockets, the client's side written by hand."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from visionai import concurrency
from visionai.concurrency import Budget, Share
from visionai.errors import Busy
from visionai.streaming.websocket import protocol
from visionai.streaming.websocket.frames import CloseCode, Opcode, frame, unmask
from visionai.streaming.websocket.protocol import WebSocket, WireLimits

from .client import FINAL, KEY, more, next_message, ping, sent_by_client, text


class Pair:
    """A server's WebSocket and the client's raw end of the line."""

    def __init__(self) -> None:
        self.line, server_end = socket.socketpair()
        self.line.settimeout(10)
        self.server_end = server_end
        self.server = WebSocket(server_end, WireLimits(text=100, binary=200_000, unread=100_000))

    def close(self) -> None:
        self.line.close()
        self.server_end.close()


@pytest.fixture
def pair() -> Iterator[Pair]:
    pair = Pair()
    yield pair
    pair.close()


@pytest.mark.parametrize("size", [0, 1, 3, 4, 5, 125, 126, 65_535, 65_536, 150_001])
def test_a_binary_message_arrives_as_it_was_sent(pair: Pair, size: int) -> None:
    payload = os.urandom(size)
    sender = threading.Thread(target=pair.line.sendall, args=(sent_by_client(Opcode.BINARY, payload),))
    sender.start()
    assert next_message(pair.server) == payload
    sender.join()


def test_two_messages_in_one_segment_are_two() -> None:
    pair = Pair()
    pair.line.sendall(sent_by_client(Opcode.TEXT, "año".encode()) + sent_by_client(Opcode.BINARY, b"x"))
    assert (next_message(pair.server), next_message(pair.server)) == ("año", b"x")
    pair.close()


def test_fragments_are_put_together_and_a_ping_between_them_is_answered(pair: Pair) -> None:
    pair.line.sendall(
        sent_by_client(Opcode.TEXT, b"one ", head=0)
        + sent_by_client(Opcode.PING, b"here?")
        + sent_by_client(Opcode.CONTINUATION, b"two")
    )
    assert next_message(pair.server) == "one two"
    assert pair.line.recv(100) == frame(Opcode.PONG, b"here?")


def test_the_mask_is_taken_off_whatever_the_length() -> None:
    for size in range(12):
        payload = os.urandom(size)
        assert unmask(unmask(payload, KEY), KEY) == payload


def test_a_client_that_says_goodbye_hears_it_back(pair: Pair) -> None:
    pair.line.sendall(sent_by_client(Opcode.CLOSE, CloseCode.NORMAL.to_bytes(2, "big")))
    assert next_message(pair.server) is None
    assert pair.line.recv(100) == frame(Opcode.CLOSE, CloseCode.NORMAL.to_bytes(2, "big"))


@pytest.mark.parametrize("data", [b"", sent_by_client(Opcode.BINARY, b"abc")[:4]], ids=["at once", "in a frame"])
def test_a_line_that_is_cut_is_the_end(pair: Pair, data: bytes) -> None:
    pair.line.sendall(data)
    pair.line.close()
    assert next_message(pair.server) is None


VIOLATIONS = {
    "a text over the limit": (sent_by_client(Opcode.TEXT, b"", announced=101), CloseCode.TOO_BIG),
    "bytes over the limit": (sent_by_client(Opcode.BINARY, b"", announced=300_000_000), CloseCode.TOO_BIG),
    "fragments over the limit": (
        sent_by_client(Opcode.TEXT, b"x" * 60, head=0) + sent_by_client(Opcode.CONTINUATION, b"x" * 60, head=0),
        CloseCode.TOO_BIG,
    ),
    "empty fragments without end": (
        sent_by_client(Opcode.TEXT, b"", head=0) + sent_by_client(Opcode.CONTINUATION, b"", head=0) * 2000,
        CloseCode.POLICY,
    ),
    "a compressed message": (sent_by_client(Opcode.BINARY, b"x", head=FINAL | 0x40), CloseCode.PROTOCOL_ERROR),
    "an unmasked message": (frame(Opcode.BINARY, b"x"), CloseCode.PROTOCOL_ERROR),
    "an unknown kind": (sent_by_client(3, b"x"), CloseCode.PROTOCOL_ERROR),
    "a continuation of nothing": (sent_by_client(Opcode.CONTINUATION, b"x"), CloseCode.PROTOCOL_ERROR),
    "a message within a message": (
        sent_by_client(Opcode.TEXT, b"x", head=0) + sent_by_client(Opcode.TEXT, b"y"),
        CloseCode.PROTOCOL_ERROR,
    ),
    "a long ping": (sent_by_client(Opcode.PING, b"x" * 126), CloseCode.PROTOCOL_ERROR),
    "a ping in parts": (sent_by_client(Opcode.PING, b"x", head=0), CloseCode.PROTOCOL_ERROR),
    "a text that is none": (sent_by_client(Opcode.TEXT, b"\xff\xfe"), CloseCode.NOT_TEXT),
}


@pytest.mark.parametrize(("data", "code"), VIOLATIONS.values(), ids=VIOLATIONS)
def test_a_violation_closes_the_connection_and_says_why(pair: Pair, data: bytes, code: CloseCode) -> None:
    pair.line.sendall(data)
    assert next_message(pair.server) is None
    answer = pair.line.recv(200)
    assert answer[0] == 0x80 | Opcode.CLOSE
    assert int.from_bytes(answer[2:4], "big") == code


def test_what_a_client_reads_late_arrives_whole_and_in_order(pair: Pair) -> None:
    pair.server_end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    messages = [bytes((number,)) * 3000 for number in range(25)]
    for message in messages:
        pair.server.send(message)
    expected = b"".join(frame(Opcode.BINARY, message) for message in messages)
    received = b""
    while len(received) < len(expected):
        received += pair.line.recv(65_536)
    assert received == expected


def test_a_client_that_reads_nothing_is_let_go(pair: Pair) -> None:
    for _ in range(10_000):
        pair.server.send(b"x" * 1000)
    assert next_message(pair.server) is None
    with suppress(ConnectionError):
        received = 0
        while chunk := pair.line.recv(65_536):
            received += len(chunk)
        assert received < 2_000_000


# Memory -------------------------------------------------------------------------------------------------------------


def test_a_message_waits_for_memory_and_holds_it_until_the_next_is_asked_for() -> None:
    budget = Budget(200_000)
    budget.take(150_000)

    def hold(size: int) -> Share:
        if not budget.take(size):
            raise Busy
        return Share(budget, size)

    server_end, client_end = socket.socketpair()
    with server_end, client_end:
        server = WebSocket(server_end, WireLimits(text=100, binary=200_000, hold=hold))
        client_end.sendall(b"\x82\xff" + (60_000).to_bytes(8, "big") + b"\0\0\0\0" + bytes(60_000))
        threading.Timer(0.1, budget.give, (150_000,)).start()
        assert next_message(server) == bytes(60_000)
        assert budget.used == 60_000
        client_end.close()
        assert next_message(server) is None
        assert budget.used == 0


def test_a_message_that_waited_for_memory_in_vain_closes_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int) -> Share:
        raise Busy

    monkeypatch.setattr(protocol, "MEMORY_SECONDS", 0.1)
    server_end, client_end = socket.socketpair()
    with server_end, client_end:
        server = WebSocket(server_end, WireLimits(text=100, binary=200_000, hold=refuse))
        client_end.sendall(b"\x82\xff" + (60_000).to_bytes(8, "big") + b"\0\0\0\0")
        assert next_message(server) is None
        assert int.from_bytes(client_end.recv(4)[2:], "big") == CloseCode.TRY_AGAIN


class Held:
    """Memory without end that remembers what was asked of it."""

    def __init__(self) -> None:
        self.budget = Budget(1 << 40)
        self.asked: list[int] = []
        self.first = threading.Event()

    def hold(self, size: int) -> Share:
        self.asked.append(size)
        self.budget.take(size)
        self.first.set()
        return Share(self.budget, size)


@pytest.fixture
def held() -> Held:
    return Held()


@pytest.fixture
def line() -> Iterator[tuple[socket.socket, socket.socket]]:
    client, server_end = socket.socketpair()
    client.settimeout(10)
    with client, server_end:
        yield client, server_end


def test_memory_is_held_by_a_head_alone_before_any_of_its_payload(
    line: tuple[socket.socket, socket.socket], held: Held
) -> None:
    client, server_end = line
    server = WebSocket(server_end, WireLimits(text=100, binary=200_000, hold=held.hold))
    received: list[object] = []
    receiving = threading.Thread(target=lambda: received.append(next_message(server)))
    receiving.start()
    whole = sent_by_client(Opcode.BINARY, b"x" * 150_000)
    client.sendall(whole[:10])
    assert held.first.wait(10)
    assert held.asked == [150_000]
    client.sendall(whole[10:])
    receiving.join()
    assert received == [b"x" * 150_000]


def test_memory_grows_with_the_fragments_and_is_held_for_three_copies_of_a_text(
    line: tuple[socket.socket, socket.socket], held: Held
) -> None:
    client, server_end = line
    server = WebSocket(server_end, WireLimits(text=100, binary=100, hold=held.hold))
    client.sendall(text("12345", final=False) + ping() + more("678"))
    assert next_message(server) == "12345678"
    assert held.asked == [15, 24]
    assert held.budget.used == 24
    client.shutdown(socket.SHUT_WR)
    server.end()
    assert held.budget.used == 0


# Turns --------------------------------------------------------------------------------------------------------------


def test_a_flood_of_pings_gives_other_tasks_their_turn(
    line: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, server_end = line
    turns: list[float] = []
    ours, sleep = threading.get_ident(), concurrency.sleep
    # Heartbeats of other tests sleep too.
    monkeypatch.setattr(concurrency, "sleep", lambda s: turns.append(s) if threading.get_ident() == ours else sleep(s))
    client.sendall(ping() * 160 + text("done"))
    assert next_message(WebSocket(server_end, WireLimits(text=100, binary=100))) == "done"
    assert turns == [0] * 20
