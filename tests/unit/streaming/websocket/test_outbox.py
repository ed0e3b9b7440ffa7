"""What goes to a client over a pair of sockets of which the other end reads late, or never."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.support.waiting import eventually
from visionai import concurrency
from visionai.streaming.websocket.outbox import Outbox

LIMIT = 200_000
PIECE = 10_000


class Line:
    """An outbox, and the client's end of its socket."""

    def __init__(self) -> None:
        self.server_end, self.client = socket.socketpair()
        self.server_end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        self.server_end.settimeout(10)
        self.client.settimeout(10)
        self.outbox = Outbox(self.server_end, LIMIT)

    def fill(self) -> bytes:
        """Put more than the kernel takes and less than the limit; return it."""
        pieces = [bytes((number,)) * PIECE for number in range(LIMIT // PIECE // 2)]
        for piece in pieces:
            self.outbox.put(piece)
        return b"".join(pieces)

    def read(self, size: int) -> bytes:
        received = b""
        while len(received) < size and (chunk := self.client.recv(65_536)):
            received += chunk
        return received

    def read_to_end(self) -> bytes:
        return self.read(1 << 30)


@pytest.fixture
def line() -> Iterator[Line]:
    line = Line()
    yield line
    line.outbox.abort()
    line.client.close()
    line.server_end.close()


@pytest.fixture
def spawned(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every task that the outbox starts."""
    spawned: list[object] = []
    spawn = concurrency.spawn

    def noted(function: object, *args: object) -> None:
        spawned.append(function)
        spawn(function, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(concurrency, "spawn", noted)
    return spawned


def test_what_the_kernel_takes_is_sent_at_once_and_without_a_task(line: Line, spawned: list[object]) -> None:
    line.outbox.put(b"hello")
    assert (line.client.recv(100), spawned) == (b"hello", [])


def test_what_the_kernel_does_not_take_is_kept_in_order(line: Line) -> None:
    sent = line.fill()
    assert line.read(len(sent)) == sent


def test_one_task_at_a_time_sends_what_is_kept(line: Line, spawned: list[object]) -> None:
    line.fill()
    assert len(spawned) == 1


def test_a_client_that_has_caught_up_is_sent_to_at_once_again(line: Line, spawned: list[object]) -> None:
    line.read(len(line.fill()))
    assert eventually(lambda: not line.outbox._kept_bytes)
    line.outbox.put(b"again")
    assert (line.read(5), len(spawned)) == (b"again", 1)


def test_nobody_who_puts_waits_for_the_client(line: Line) -> None:
    begun = time.monotonic()
    line.fill()
    assert time.monotonic() - begun < 5


def test_messages_of_many_tasks_stay_whole(line: Line) -> None:
    putting = [
        threading.Thread(target=lambda mark=mark: [line.outbox.put(bytes((mark,)) * 1000) for _ in range(20)])
        for mark in range(5)
    ]
    for thread in putting:
        thread.start()
    received = line.read(5 * 20 * 1000)
    for thread in putting:
        thread.join()
    pieces = [received[start : start + 1000] for start in range(0, len(received), 1000)]
    assert all(len(set(piece)) == 1 for piece in pieces)
    assert len(pieces) == 100


def test_a_client_with_more_unread_than_the_limit_is_let_go(line: Line) -> None:
    for _ in range(2 * LIMIT // PIECE):
        line.outbox.put(b"x" * PIECE)
    assert line.outbox.ended
    assert len(line.read_to_end()) < LIMIT


def test_a_client_that_has_gone_ends_it(line: Line) -> None:
    line.client.close()
    line.outbox.put(b"hello")
    assert line.outbox.ended


def test_a_client_that_goes_while_something_is_kept_ends_it(line: Line) -> None:
    line.fill()
    line.client.close()
    assert eventually(lambda: line.outbox.ended)


def test_a_socket_that_times_out_over_what_is_kept_ends_it(line: Line) -> None:
    line.server_end.settimeout(0.05)
    line.fill()
    assert eventually(lambda: line.outbox.ended)


def test_finish_sends_a_last_frame_and_ends(line: Line) -> None:
    line.outbox.put(b"one")
    line.outbox.finish(b"last")
    line.outbox.put(b"late")
    line.outbox.finish(b"later")
    assert line.read_to_end() == b"onelast"


def test_finish_leaves_the_other_direction_open(line: Line) -> None:
    line.outbox.finish(b"last")
    line.client.sendall(b"goodbye")
    assert line.server_end.recv(100) == b"goodbye"


def test_finish_over_unread_bytes_cuts_the_connection(line: Line) -> None:
    sent = line.fill()
    line.outbox.finish(b"last")
    received = line.read_to_end()
    assert sent.startswith(received)
    assert len(received) < len(sent)


def test_finish_never_overtakes_what_is_on_its_way(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concurrency, "spawn", lambda *_: None)  # What is kept stays kept, though the kernel has room.
    sent = line.fill()
    line.client.recv(len(sent))
    line.outbox.finish(b"last")
    assert not line.read_to_end().endswith(b"last")


def test_abort_cuts_the_connection_and_drops_what_is_kept(line: Line) -> None:
    sent = line.fill()
    line.outbox.abort()
    line.outbox.put(b"late")
    assert len(line.read_to_end()) < len(sent)


def test_abort_may_come_twice_and_after_finish(line: Line) -> None:
    line.outbox.finish(b"last")
    line.outbox.abort()
    line.outbox.abort()
    assert line.outbox.ended
