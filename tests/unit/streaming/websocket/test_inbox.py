"""Reads of exact sizes from a socket that gives what it has."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from visionai.streaming.websocket.inbox import Inbox


@pytest.fixture
def line() -> Iterator[tuple[socket.socket, Inbox]]:
    client, server_end = socket.socketpair()
    server_end.settimeout(10)
    with client, server_end:
        yield client, Inbox(server_end)


def test_pieces_are_taken_across_and_within_what_was_sent(line: tuple[socket.socket, Inbox]) -> None:
    client, inbox = line
    client.sendall(b"abc")
    assert inbox.take(2) == b"ab"
    client.sendall(b"defg")
    assert (inbox.take(3), inbox.take(0), inbox.take(2)) == (b"cde", b"", b"fg")


def test_it_counts_what_came_and_not_what_was_taken(line: tuple[socket.socket, Inbox]) -> None:
    client, inbox = line
    client.sendall(b"abcdef")
    inbox.take(1)
    assert inbox.received == 6


def test_an_end_before_the_last_byte_is_told(line: tuple[socket.socket, Inbox]) -> None:
    client, inbox = line
    client.sendall(b"ab")
    client.close()
    with pytest.raises(EOFError):
        inbox.take(3)


def test_discarding_tells_whether_there_was_anything(line: tuple[socket.socket, Inbox]) -> None:
    client, inbox = line
    client.sendall(b"ab")
    assert inbox.discard()
    client.close()
    assert not inbox.discard()
