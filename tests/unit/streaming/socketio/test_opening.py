"""A long-polling client that goes over to a WebSocket, or tries to."""

from __future__ import annotations

import queue
import socket
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from engineio import packet

from visionai.streaming.socketio.engine import JOIN_SECONDS, Connection, EngineServer
from visionai.streaming.socketio.opening import Upgrade
from visionai.streaming.websocket.frames import CloseCode, Opcode
from visionai.streaming.websocket.protocol import WebSocket, WireLimits

from ..websocket.client import closed, frames_until_end

LIMITS = WireLimits(text=100, binary=100)


class Line:
    """The server's end of a WebSocket, and what was sent over it."""

    def __init__(self) -> None:
        self._client, self._server_end = socket.socketpair()
        self._client.settimeout(10)
        self.websocket = WebSocket(self._server_end, LIMITS)

    def sent(self) -> list[tuple[int, bytes]]:
        """Every frame that was sent, the server's end being shut by now."""
        return frames_until_end(self._client)

    def close(self) -> None:
        self._client.close()
        self._server_end.close()


@pytest.fixture
def lines() -> Iterator[list[Line]]:
    two = [Line(), Line()]
    yield two
    for line in two:
        line.close()


@pytest.fixture
def connection() -> Connection:
    server: Any = SimpleNamespace(
        create_queue=queue.Queue,
        ping_interval=25.0,
        ping_timeout=20.0,
        reason=EngineServer.reason,
        sockets={},
        clients=SimpleNamespace(leave_place=lambda _: None, shared=SimpleNamespace(closing=False)),
        _trigger_event=lambda *_, **__: None,
    )
    polling = Connection(server, "sid", "127.0.0.1")
    polling.connected = polling.joined = True
    return polling


def text(content: str) -> tuple[int, bytes]:
    return Opcode.TEXT, content.encode()


def test_what_waits_for_a_poll_goes_over_the_websocket_once_the_probe_is_through(
    connection: Connection, lines: list[Line]
) -> None:
    line, _ = lines
    connection.send(packet.Packet(packet.MESSAGE, "early"))
    upgrade = Upgrade(connection)
    upgrade.begin(line.websocket)
    upgrade.take("2probe")
    # An open poll returns, so that the client may stop polling.
    assert [connection.queue.get(), connection.queue.get()][1].packet_type == packet.NOOP
    connection.send(packet.Packet(packet.MESSAGE, "late"))
    upgrade.take("5")
    connection.send(packet.Packet(packet.MESSAGE, "last"))
    line.websocket.close()
    assert line.sent() == [text("3probe"), text("4late"), text("4last"), closed()]
    assert (connection.upgraded, connection.upgrading) == (True, False)


@pytest.mark.parametrize("said", [["5"], ["2"], ["2probe", "2probe"], [b"2probe"]], ids=str)
def test_who_says_anything_else_stays_with_long_polling(
    connection: Connection, lines: list[Line], said: list[str | bytes]
) -> None:
    line, _ = lines
    upgrade = Upgrade(connection)
    upgrade.begin(line.websocket)
    for message in said:
        upgrade.take(message)
    upgrade.gone()
    assert line.sent()[-1] == closed()
    assert (connection.closed, connection.upgraded, connection.upgrading) == (False, False, False)


def test_of_two_upgrades_of_one_client_the_second_is_let_go(connection: Connection, lines: list[Line]) -> None:
    one, other = lines
    first, second = Upgrade(connection), Upgrade(connection)
    first.begin(one.websocket)
    second.begin(other.websocket)
    second.take("2probe")
    second.gone()
    assert other.sent() == [closed()]
    first.take("2probe")
    first.take("5")
    assert connection.upgraded
    assert not connection.closed


def test_a_client_that_went_over_ends_with_its_websocket(connection: Connection, lines: list[Line]) -> None:
    upgrade = Upgrade(connection)
    upgrade.begin(lines[0].websocket)
    upgrade.take("2probe")
    upgrade.take("5")
    upgrade.gone()
    assert connection.closed


def test_a_websocket_that_nobody_goes_over_to_is_cut_in_time(connection: Connection, lines: list[Line]) -> None:
    line, _ = lines
    Upgrade(connection).begin(line.websocket)
    connection.beat(connection._tried_since + JOIN_SECONDS)
    connection.beat(connection._tried_since + JOIN_SECONDS + 1)
    assert line.sent() == []
    assert line.websocket.receive() is None
    assert not connection.closed


def test_a_websocket_that_was_tried_ends_with_its_client(connection: Connection, lines: list[Line]) -> None:
    line, _ = lines
    Upgrade(connection).begin(line.websocket)
    connection.close()
    assert line.sent() == [closed(CloseCode.NORMAL)]
