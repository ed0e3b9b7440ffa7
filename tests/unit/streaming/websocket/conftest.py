"""A server that echoes what it receives, as the Autobahn test suite wants it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from visionai.streaming.websocket.protocol import WebSocket, WireLimits

from .client import WHOLE, Echo, Frame, frames_until_end, next_message, send_in_pieces


@pytest.fixture
def echo() -> Iterator[Echo]:
    """Send bytes in writes of a size to a server that echoes, and return the frames that it sends until it ends."""
    line, server_end = socket.socketpair()
    line.settimeout(10)

    def serve() -> None:
        server = WebSocket(server_end, WireLimits(text=300_000, binary=300_000))
        while (message := next_message(server)) is not None:
            server.send(message)
        server.end()

    def exchange(data: bytes, size: int = WHOLE) -> list[Frame]:
        send_in_pieces(line, data, size)
        return frames_until_end(line)

    serving = threading.Thread(target=serve)
    serving.start()
    yield exchange
    line.close()
    serving.join()
    server_end.close()
