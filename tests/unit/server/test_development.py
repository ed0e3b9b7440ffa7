"""The development server and what is no HTTP."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.serving import make_server

from visionai.server.development import RequestHandler


@pytest.fixture
def port() -> Iterator[int]:
    server = make_server("127.0.0.1", 0, Flask(__name__), threaded=True, request_handler=RequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.port
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "line", ["Authorization: Bearer secret", "GET /?token=secret HTTP/secret", "GET / HTTP/9.secret"]
)
def test_a_request_line_that_is_none_is_refused_and_not_logged(
    port: int, line: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(f"{line}\r\nHost: localhost\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["code"] == "bad_request"
    written = caplog.text + "".join(capsys.readouterr())
    assert "secret" not in written + answer.decode()
