"""REST as gunicorn serves it, in both modes: what a test client cannot show."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
import requests
from PIL import Image
from skimage.data import astronaut

from tests.support.servers import Server, start_server
from tests.unit.api.images import encoded
from visionai import ROOT

MIB = 1024 * 1024
PHOTO = encoded(Image.fromarray(astronaut()), "JPEG", quality=90)
STATIC = ROOT / "static"


@pytest.fixture(scope="module", params=["eventlet", "threading"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = start_server(tmp_path_factory.mktemp(request.param), ASYNC_MODE=request.param)
    yield server
    assert server.stop() == 0


def begin(server: Server, path: str, *headers: str) -> socket.socket:
    """Send the head of a POST and return the connection."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    lines = [f"POST /api/v1{path} HTTP/1.1", "Host: localhost", *headers]
    connection.sendall("\r\n".join([*lines, "", ""]).encode())
    return connection


def send_until(connection: socket.socket, over: threading.Event) -> None:
    """Send chunks, as fast as they are taken, until it is over or the server hangs up."""
    chunk = b"100000\r\n" + bytes(MIB) + b"\r\n"
    with suppress(OSError):
        while not over.is_set():
            connection.sendall(chunk)


@pytest.mark.parametrize("path", ["/predict", "/predict/batch", "/auth/login"])
@pytest.mark.parametrize("kind", ["image/jpeg", "application/json", "multipart/form-data; boundary=B"])
def test_a_body_that_is_too_large_is_refused_before_any_of_it_came(server: Server, path: str, kind: str) -> None:
    with begin(server, path, f"Content-Type: {kind}", f"Content-Length: {5 * 1024 * MIB}") as connection:
        assert connection.recv(4096).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("ends", ["Connection: close", "Connection: keep-alive"])
def test_who_sends_all_of_a_body_that_is_too_large_reads_why(server: Server, ends: str) -> None:
    size = 12 * MIB
    with begin(server, "/predict", "Content-Type: image/jpeg", f"Content-Length: {size}", ends) as connection:
        connection.sendall(bytes(size))
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"too_large"' in answer


def test_a_body_without_end_is_refused_and_takes_no_memory_to_speak_of(server: Server) -> None:
    requests.post(f"{server.url}/api/v1/predict", data=PHOTO, headers={"Content-Type": "image/jpeg"}, timeout=30)
    before = server.memory
    chunk = b"100000\r\n" + bytes(MIB) + b"\r\n"
    for _ in range(3):
        with begin(server, "/predict", "Content-Type: image/jpeg", "Transfer-Encoding: chunked") as connection:
            try:
                for _ in range(200):
                    connection.sendall(chunk)
            except OSError:
                continue  # It hung up, as it may: it knows enough.
            assert connection.recv(4096).startswith(b"HTTP/1.1 413 ")
    # 600 MB were sent; each thread may keep what it read up to the limit for its next request.
    assert server.memory < before + 120 * MIB


@pytest.mark.parametrize("length", ["Transfer-Encoding: chunked", f"Content-Length: {50 * 1024 * MIB}"])
def test_others_are_answered_while_somebody_sends_what_nobody_reads(server: Server, length: str) -> None:
    with begin(server, "/predict", "Content-Type: image/jpeg", length) as connection:
        over = threading.Event()
        flood = threading.Thread(target=send_until, args=(connection, over))
        flood.start()
        try:
            for _ in range(20):
                assert requests.get(f"{server.url}/api/v1/health/live", timeout=10).status_code == 200
        finally:
            over.set()
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            flood.join()


def test_the_server_goes_on_after_refusals(server: Server) -> None:
    answer = requests.post(f"{server.url}/api/v1/predict", files={"file": ("a.jpg", PHOTO)}, timeout=30)
    assert answer.json()["emotion_name"] == "happy"


def test_a_batch_of_photographs_is_read(server: Server) -> None:
    files = [("files", (f"{number}.jpg", PHOTO)) for number in range(8)]
    results = requests.post(f"{server.url}/api/v1/predict/batch", files=files, timeout=60).json()["results"]
    assert [item["prediction"]["emotion_name"] for item in results] == ["happy"] * 8
    assert len({item["prediction"]["id"] for item in results}) == 8


@pytest.mark.parametrize("name", ["js/pages/docs.js", "favicon.svg"])
def test_a_file_arrives_whole(server: Server, name: str) -> None:
    answer = requests.get(f"{server.url}/static/{name}", timeout=30)
    assert answer.content == (STATIC / name).read_bytes()
