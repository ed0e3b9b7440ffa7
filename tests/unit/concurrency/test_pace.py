"""How slowly somebody may send."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from visionai.concurrency import Pace, PacedSocket
from visionai.concurrency.pace import GRACE_SECONDS


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_a_sender_has_a_grace_before_its_rate_counts() -> None:
    assert Pace(500, 300).left(GRACE_SECONDS - 1, 0) == 1
    assert Pace(500, 300).left(GRACE_SECONDS + 1, 0) < 0


def test_a_sender_who_keeps_the_rate_has_the_whole_time_and_no_more() -> None:
    pace = Pace(500, 300)
    assert all(pace.left(second, 500 * second) > 0 for second in range(300))
    assert pace.left(301, 10**9) < 0


def test_a_byte_every_25_seconds_is_too_slow() -> None:
    assert Pace(500, 300).left(25, 1) < 0


def test_a_rate_of_0_is_any_rate() -> None:
    assert Pace(0, 300).left(299, 1) == 1


def test_whoever_is_late_is_told_so(ends: tuple[socket.socket, socket.socket]) -> None:
    paced = PacedSocket(ends[0])
    paced.begin(Pace(seconds=0.05), ZeroDivisionError)
    with pytest.raises(ZeroDivisionError):
        paced.recv(10)


def test_a_shorter_time_out_of_the_socket_stays_one(ends: tuple[socket.socket, socket.socket]) -> None:
    ends[0].settimeout(0.01)
    paced = PacedSocket(ends[0])
    paced.begin(Pace(seconds=60), ZeroDivisionError)
    with pytest.raises(TimeoutError):
        paced.recv(10)


def test_what_comes_in_time_is_read_and_the_time_out_is_left_as_it_was(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    paced = PacedSocket(ends[0])
    paced.begin(Pace(500, 60), ZeroDivisionError)
    ends[1].sendall(b"some bytes")
    assert paced.recv(10) == b"some bytes"
    assert ends[0].gettimeout() is None
