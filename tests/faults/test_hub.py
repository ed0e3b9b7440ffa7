"""Whatever a client sends, the others are answered meanwhile.

Every bound here is far above what is measured and far below what one of these messages takes where it runs on the hub
in one go.
"""

from __future__ import annotations

import socket
from contextlib import suppress

import pytest

from tests.servers import Server

from .watch import Watch

LONGEST_SECONDS = 1.5
N = 14_900_000


def exchange(server: Server, sent: bytes) -> bytes:
    """Send bytes over a connection of their own and return what comes back until it is closed."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        with suppress(ConnectionError):
            connection.sendall(sent)
        received = b""
        with suppress(ConnectionError):
            while piece := connection.recv(65_536):
                received += piece
    return received


def post(body: bytes, kind: str, path: str = "/api/v1/predict") -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {kind}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


JSON = {
    "lists": b'{"image":[' + b"[]," * (N // 3) + b"[]]}",
    "objects": b'{"image":[' + b"{}," * (N // 3) + b"{}]}",
    "keys": b"{" + b",".join(b'"%d":0' % number for number in range(1_200_000)) + b"}",
    "digits": b'{"image":' + b"9" * N + b"}",
    "depth": b"[" * N,
    "base64 with blanks": b'{"image":"' + b"AA " * (13_700_000 // 3) + b'"}',
    "escapes": b'{"image":"' + b"\\u0041" * (N // 6) + b'"}',
}


@pytest.mark.parametrize("body", JSON.values(), ids=JSON)
def test_fifteen_megabytes_of_json_hold_up_nobody(server: Server, body: bytes) -> None:
    with Watch(server) as watch:
        for _ in range(2):
            answer = exchange(server, post(body, "application/json"))
            assert answer.startswith(b"HTTP/1.1 4")
    assert watch.longest < LONGEST_SECONDS
    assert watch.refused == 0
