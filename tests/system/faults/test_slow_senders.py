"""Clients that send so slowly that they would hold a connection for ever, and those that say nothing at all."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
import requests
import websocket

from tests.support.servers import Server, start_server
from tests.system.streaming.conftest import MODES, RawClient

ENDS_SECONDS = 20.0
"""Far above the two seconds that are allowed here, and far below how long these clients go on."""

SETTINGS = {
    "HEADERS_MAX_SECONDS": "2",
    "BODY_MAX_SECONDS": "2",
    "PING_INTERVAL_SECONDS": "1",
    "PING_TIMEOUT_SECONDS": "1",
}


@pytest.fixture(scope="module", params=MODES)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = start_server(tmp_path_factory.mktemp(request.param), ASYNC_MODE=request.param, **SETTINGS)
    yield server
    assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


def drip(connection: socket.socket, byte: bytes, over: threading.Event) -> None:
    """Send a byte every 0.4 s until it is over."""
    with suppress(OSError):
        while not over.wait(0.4):
            connection.sendall(byte)


def until_closed(connection: socket.socket, byte: bytes) -> tuple[bytes, float]:
    """Drip until the server hangs up; return what it said and how long it took."""
    over, begun, received = threading.Event(), time.monotonic(), b""
    connection.settimeout(ENDS_SECONDS)
    dripping = threading.Thread(target=drip, args=(connection, byte, over))
    dripping.start()
    with suppress(ConnectionError):
        while piece := connection.recv(65_536):
            received += piece
    over.set()
    dripping.join()
    return received, time.monotonic() - begun


def connect(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=60)


def test_a_head_that_drips_ends(server: Server) -> None:
    with connect(server) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        answer, seconds = until_closed(connection, b"a")
    assert answer == b""
    assert seconds < ENDS_SECONDS


HEADS = {
    "of known length": b"Content-Length: 100000\r\n\r\n",
    "in chunks": b"Transfer-Encoding: chunked\r\n\r\nfff\r\n",
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
@pytest.mark.parametrize("kind", ["image/png", "application/json", "multipart/form-data; boundary=b"])
def test_a_body_that_drips_is_answered_408(server: Server, head: bytes, kind: str) -> None:
    with connect(server) as connection:
        start = f"POST /api/v1/predict HTTP/1.1\r\nHost: localhost\r\nAccept-Language: en\r\nContent-Type: {kind}\r\n"
        connection.sendall(start.encode() + head)
        answer, seconds = until_closed(connection, b"a")
    assert seconds < ENDS_SECONDS
    top, _, body = answer.partition(b"\r\n\r\n")
    assert top.startswith(b"HTTP/1.1 408")
    assert b"connection: close" in top.lower()
    assert json.loads(body)["error"]["code"] == "request_timeout"


def test_a_login_that_drips_is_answered_408(server: Server) -> None:
    with connect(server) as connection:
        start = "POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        connection.sendall(f"{start}Content-Length: 100\r\n\r\n".encode())
        answer, _ = until_closed(connection, b" ")
    assert answer.startswith(b"HTTP/1.1 408")


def test_a_post_of_a_polling_client_that_drips_ends(server: Server) -> None:
    with connect(server) as connection:
        greeting = requests.get(f"{server.url}/socket.io/?EIO=4&transport=polling", timeout=60)
        sid = json.loads(greeting.text[1:])["sid"]
        start = f"POST /socket.io/?EIO=4&transport=polling&sid={sid} HTTP/1.1\r\nHost: localhost\r\n"
        connection.sendall(f"{start}Content-Length: 100000\r\n\r\n".encode())
        _, seconds = until_closed(connection, b"a")
    assert seconds < ENDS_SECONDS


PATHS = {"ws": "/ws", "socket.io": "/socket.io/?EIO=4&transport=websocket"}
MESSAGES = {
    "a frame": b"\x82\xfe\x40\x00abcd",
    "fragments": b"\x02\x81abcdx\x00\xfe\x40\x00abcd",
}


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_a_message_that_drips_ends(server: Server, path: str, message: bytes) -> None:
    line = websocket.create_connection(server.websocket_url + path, timeout=60)
    line.recv()
    line.sock.sendall(message)
    _, seconds = until_closed(line.sock, b"a")
    line.shutdown()
    assert seconds < ENDS_SECONDS


def test_fragments_that_drip_each_within_its_time_end(server: Server) -> None:
    line = websocket.create_connection(server.websocket_url + "/ws", timeout=60)
    line.recv()
    line.sock.sendall(b"\x02\x81abcdx")
    _, seconds = until_closed(line.sock, b"\x00\x81abcdx")
    line.shutdown()
    assert seconds < ENDS_SECONDS


def test_a_socket_that_gives_no_pong_is_closed(server: Server) -> None:
    line = websocket.create_connection(server.websocket_url + "/ws", timeout=60)
    line.recv()
    command = websocket.ABNF.create_frame('{"command": "emotions"}', websocket.ABNF.OPCODE_TEXT).format()
    received, seconds = until_closed(line.sock, command)
    line.shutdown()
    assert b"no pong" in received
    assert seconds < ENDS_SECONDS


def test_a_socket_that_gives_its_pongs_stays(server: Server) -> None:
    client = RawClient(server.websocket_url + "/ws")
    client.socket.settimeout(0.5)
    for _ in range(10):
        with suppress(websocket.WebSocketTimeoutException):
            client.socket.recv()  # It answers pings meanwhile.
    client.socket.settimeout(30)
    assert client.ask({"command": "emotions"})["status"] == "success"
    client.close()
