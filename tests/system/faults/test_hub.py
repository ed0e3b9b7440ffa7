"""Whatever a client sends, the others are answered meanwhile.

Every bound here is far above what is measured and far below what one of these messages takes where it runs on the hub
in one go.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
import websocket

from tests.support.servers import Server, environment_of, migrate
from tests.support.watch import Watch
from visionai import ROOT

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
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {kind}\r\n"
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


def test_a_flood_of_pings_holds_up_nobody(server: Server) -> None:
    line = websocket.create_connection(server.websocket_url + "/ws", timeout=30)
    line.recv()
    pongs = threading.Thread(target=read_all, args=(line.sock,))
    pongs.start()
    pings, until = b"\x89\x80abcd" * 20_000, time.monotonic() + 3
    with Watch(server) as watch, suppress(OSError):
        while time.monotonic() < until:
            line.sock.sendall(pings)
    line.shutdown()
    pongs.join()
    assert watch.longest < LONGEST_SECONDS


def test_a_million_fragments_hold_up_nobody(server: Server) -> None:
    line = websocket.create_connection(server.websocket_url + "/ws", timeout=30)
    line.recv()
    fragments = b"\x02\x80abcd" + b"\x00\x80abcd" * 1000 + b"\x80\x80abcd"
    until = time.monotonic() + 3
    reading = threading.Thread(target=read_all, args=(line.sock,))
    reading.start()
    with Watch(server) as watch, suppress(OSError):
        while time.monotonic() < until:
            line.sock.sendall(fragments * 10)
    line.shutdown()
    reading.join()
    assert watch.longest < LONGEST_SECONDS


def read_all(connection: socket.socket) -> None:
    """Read what comes and do nothing with it."""
    with suppress(OSError):
        while connection.recv(65_536):
            pass


CHUNKED = b"POST /api/v1/predict HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: image/png\r\n"


def test_chunks_of_one_byte_hold_up_nobody(server: Server) -> None:
    with Watch(server) as watch:
        body = b"1\r\nA\r\n" * 500_000 + b"0\r\n\r\n"
        answer = exchange(server, CHUNKED + b"Transfer-Encoding: chunked\r\n\r\n" + body)
    assert answer.startswith(b"HTTP/1.1 415")
    assert watch.longest < LONGEST_SECONDS


PARTS = {
    "thousands": b"".join(b'--b\r\nContent-Disposition: form-data; name="%d"\r\n\r\nx\r\n' % n for n in range(100_000)),
    "one with a long head": b"--b\r\n" + b"X: y\r\n" * 1_500_000,
    "none, after a long preamble": b"\r\n-" * 3_000_000,
    "one full of what is nearly a boundary": b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    + b"\r\n--" * 2_000_000
    + b"\r\n--b--\r\n",
}


@pytest.mark.parametrize("body", PARTS.values(), ids=PARTS)
def test_parts_of_a_form_hold_up_nobody(server: Server, body: bytes) -> None:
    with Watch(server) as watch:
        exchange(server, post(body, "multipart/form-data; boundary=b"))
    assert watch.longest < LONGEST_SECONDS


STARTED = """
import gc
from visionai.app import create_app, start
start(create_app())
print(len(gc.get_objects()) / gc.get_freeze_count())
"""


def test_a_collection_of_garbage_does_not_walk_over_what_a_server_is_made_of(tmp_path: Path) -> None:
    """While it does, nobody is answered."""
    environment = environment_of(tmp_path)
    migrate(tmp_path, environment)
    command = [sys.executable, "-c", STARTED]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert float(done.stdout) < 0.1
