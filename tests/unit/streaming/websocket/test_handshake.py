"""The opening handshake, from environments as gunicorn and werkzeug make them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from visionai.streaming.websocket.handshake import HandshakeError, is_upgrade, serve
from visionai.streaming.websocket.protocol import WebSocket, WireLimits

from .client import close, closed, frames_until_end, text

LIMITS = WireLimits(text=100, binary=100)

# RFC 6455, section 1.3.
SAMPLE_KEY, SAMPLE_ACCEPT = "dGhlIHNhbXBsZSBub25jZQ==", b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

REQUEST = {
    "REQUEST_METHOD": "GET",
    "HTTP_CONNECTION": "Upgrade",
    "HTTP_UPGRADE": "websocket",
    "HTTP_SEC_WEBSOCKET_VERSION": "13",
    "HTTP_SEC_WEBSOCKET_KEY": SAMPLE_KEY,
}

ENDS = {"gunicorn.socket": StopIteration, "werkzeug.socket": ConnectionError}
"""Where each web server keeps its socket, and what it takes as a response that is already out."""


@pytest.fixture
def line() -> Iterator[tuple[socket.socket, socket.socket]]:
    client, server_end = socket.socketpair()
    client.settimeout(10)
    with client, server_end:
        yield client, server_end


class Talker:
    """Notes what it is asked to do."""

    def __init__(self) -> None:
        self.called: list[str | bytes] = []

    def begin(self, websocket: WebSocket) -> None:
        self.called.append("begin")

    def take(self, message: str | bytes) -> None:
        self.called.append(message)

    def gone(self) -> None:
        self.called.append("gone")


class Never(Talker):
    """Is never asked to do anything."""

    def begin(self, websocket: WebSocket) -> None:
        pytest.fail("handled without a handshake")


class Broken(Talker):
    """Fails as it greets."""

    def begin(self, websocket: WebSocket) -> None:
        raise LookupError


# Which requests ask to become a WebSocket ---------------------------------------------------------------------------


@pytest.mark.parametrize("connection", ["Upgrade", "upgrade", "keep-alive, Upgrade"])
@pytest.mark.parametrize("upgrade", ["websocket", "WebSocket"])
def test_an_upgrade_is_asked_for_in_any_case_and_beside_other_words(connection: str, upgrade: str) -> None:
    assert is_upgrade({"HTTP_CONNECTION": connection, "HTTP_UPGRADE": upgrade})


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HTTP_CONNECTION": "Upgrade"},
        {"HTTP_UPGRADE": "websocket"},
        {"HTTP_CONNECTION": "keep-alive", "HTTP_UPGRADE": "websocket"},
        {"HTTP_CONNECTION": "Upgrade", "HTTP_UPGRADE": "h2c"},
    ],
    ids=str,
)
def test_anything_else_is_no_upgrade(headers: dict[str, str]) -> None:
    assert not is_upgrade(headers)


# Refusals -----------------------------------------------------------------------------------------------------------

REFUSED: dict[str, tuple[dict[str, Any], int]] = {
    "no upgrade": ({"HTTP_UPGRADE": ""}, 426),
    "a connection that stays HTTP": ({"HTTP_CONNECTION": "keep-alive"}, 426),
    "an old version": ({"HTTP_SEC_WEBSOCKET_VERSION": "8"}, 426),
    "no version": ({"HTTP_SEC_WEBSOCKET_VERSION": None}, 426),
    "another method": ({"REQUEST_METHOD": "POST"}, 400),
    "no key": ({"HTTP_SEC_WEBSOCKET_KEY": ""}, 400),
    "a short key": ({"HTTP_SEC_WEBSOCKET_KEY": "dGhlIHNhbXBsZQ=="}, 400),
    "a long key": ({"HTTP_SEC_WEBSOCKET_KEY": SAMPLE_KEY * 2}, 400),
}


@pytest.mark.parametrize(("change", "status"), REFUSED.values(), ids=REFUSED)
def test_a_bad_handshake_is_refused_and_nothing_is_sent(
    line: tuple[socket.socket, socket.socket], change: dict[str, Any], status: int
) -> None:
    client, server_end = line
    with pytest.raises(HandshakeError) as refusal:
        serve({**REQUEST, "gunicorn.socket": server_end, **change}, LIMITS, Never())
    assert refusal.value.status.startswith(f"{status} ")
    server_end.close()
    assert client.recv(100) == b""


def test_a_web_server_that_hands_out_no_socket_is_refused() -> None:
    with pytest.raises(HandshakeError) as refusal:
        serve(REQUEST, LIMITS, Never())
    assert refusal.value.status == "501 Not Implemented"


# Opening and ending -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("place", "ending"), ENDS.items(), ids=ENDS)
def test_a_websocket_opens_is_served_and_ends_as_its_web_server_takes_it(
    line: tuple[socket.socket, socket.socket], place: str, ending: type[Exception]
) -> None:
    client, server_end = line
    talker = Talker()
    client.sendall(text("hello") + close())
    client.shutdown(socket.SHUT_WR)
    with pytest.raises(ending):
        serve({**REQUEST, place: server_end}, LIMITS, talker)
    answer = client.recv(129)
    assert answer == (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + SAMPLE_ACCEPT + b"\r\n\r\n"
    )
    assert talker.called == ["begin", "hello", "gone"]
    assert frames_until_end(client) == [closed()]


@pytest.mark.parametrize(("place", "ending"), ENDS.items(), ids=ENDS)
def test_a_client_that_has_gone_is_not_served(
    line: tuple[socket.socket, socket.socket], place: str, ending: type[Exception]
) -> None:
    client, server_end = line
    client.close()
    with pytest.raises(ending):
        serve({**REQUEST, place: server_end}, LIMITS, Never())


def test_a_talker_that_fails_says_goodbye_and_its_error_goes_on(line: tuple[socket.socket, socket.socket]) -> None:
    client, server_end = line
    client.shutdown(socket.SHUT_WR)
    talker = Broken()
    with pytest.raises(LookupError):
        serve({**REQUEST, "gunicorn.socket": server_end}, LIMITS, talker)
    client.recv(129)
    assert frames_until_end(client) == [closed()]
    assert talker.called == ["gone"]
