"""How a client of Engine.IO comes to its WebSocket: with it from the start, or from long polling."""

from __future__ import annotations

from typing import Any, Protocol

from engineio import packet

from ..websocket.protocol import WebSocket

_PROBE, _PROBED, _GO = f"{packet.PING}probe", f"{packet.PONG}probe", str(packet.UPGRADE)


class Connection(Protocol):
    """A client of Engine.IO that a WebSocket is opened for."""

    upgraded: bool
    upgrading: bool
    queue: Any

    def try_out(self, websocket: WebSocket | None) -> None:
        """Begin to go over to a WebSocket, or give that up."""

    def adopt(self, websocket: WebSocket) -> None:
        """Send what waits for a poll over a WebSocket, and everything from here on."""

    def take(self, message: str | bytes) -> None:
        """Take a packet."""

    def lost(self) -> None:
        """End with the WebSocket that is gone."""


class Direct:
    """Talks with a client that comes with a WebSocket."""

    def __init__(self, connection: Connection, greeting: packet.Packet) -> None:
        self._connection = connection
        self._greeting = greeting

    def begin(self, websocket: WebSocket) -> None:
        """Say who it is, and everything from here on."""
        websocket.send(self._greeting.encode())
        self._connection.adopt(websocket)

    def take(self, message: str | bytes) -> None:
        """Take a packet."""
        self._connection.take(message)

    def gone(self) -> None:
        """End the connection."""
        self._connection.lost()


class Upgrade:
    """Goes through Engine.IO's probe with a long-polling client, then talks with it over the WebSocket alone."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._websocket: WebSocket | None = None
        self._steps = [_PROBE, _GO]

    def begin(self, websocket: WebSocket) -> None:
        """Wait for the probe, unless another upgrade came first while this one was handed over."""
        if self._connection.upgraded or self._connection.upgrading:
            websocket.close()
        else:
            self._websocket = websocket
            self._connection.try_out(websocket)

    def take(self, message: str | bytes) -> None:
        """Take the next step of the upgrade, or a packet; who does anything else instead stays with long polling."""
        if self._websocket is None:
            return
        if not self._steps:
            self._connection.take(message)
        elif message != self._steps.pop(0):
            self._websocket.close()
        elif self._steps:
            self._websocket.send(_PROBED)
            self._connection.queue.put(packet.Packet(packet.NOOP))
        else:
            self._connection.adopt(self._websocket)

    def gone(self) -> None:
        """End the connection, or leave it to long polling where it was not upgraded."""
        if self._websocket is None:
            return
        if self._connection.upgraded:
            self._connection.lost()
        else:
            self._connection.try_out(None)
