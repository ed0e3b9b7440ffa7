"""What is no proper HTTP is refused in our shape, and nothing of it reaches the log, in both modes."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import pytest

from tests.support.servers import Server, start_server

SECRET = "eyJhbGciOiJIUzI1NiJ9.secret"
UPGRADE = [
    "Connection: Upgrade, close",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
]


@pytest.fixture(scope="module", params=["eventlet", "threading"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that logs all it can, and at its end has logged no secret and no fault."""
    server = start_server(tmp_path_factory.mktemp(request.param), ASYNC_MODE=request.param, LOG_LEVEL="debug")
    yield server
    assert server.stop() == 0
    log = server.log.read_text()
    assert "secret" not in log.lower()
    assert "Traceback" not in log


def exchange(server: Server, *lines: str, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
    """Send a request as it stands; return the status, the headers and everything that follows them."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
        received = b""
        while chunk := connection.recv(65_536):
            received += chunk
            if b"\r\n\r\n" in received and b"101 " in received:
                break
    head, _, rest = received.partition(b"\r\n\r\n")
    first, *fields = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
    return int(first.split()[1]), headers, rest


def code_of(answer: tuple[int, dict[str, str], bytes]) -> str:
    """Return the code of an answer, which holds one error of the contract's shape and nothing after it."""
    _, headers, body = answer
    assert headers["content-type"].startswith("application/json")
    error = json.loads(body)["error"]
    assert error.keys() == {"code", "message", "details"}
    assert error["message"]
    assert "secret" not in body.decode().lower()
    return str(error["code"])


HEADS = {
    "a header without its colon": ("GET /api/v1/health HTTP/1.1", "Host: localhost", f"Authorization Bearer {SECRET}"),
    "a header with a space before its colon": (
        "GET /api/v1/health HTTP/1.1",
        "Host: localhost",
        f"Authorization : Bearer {SECRET}",
    ),
    "a header with a control character": (
        "GET /api/v1/health HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {SECRET}\x00",
    ),
    "a folded header": ("GET /api/v1/health HTTP/1.1", "Host: localhost", "Authorization: Bearer", f" {SECRET}"),
    "a request line of a header": (f"Authorization: Bearer {SECRET}", "Host: localhost"),
    "a method that is none": (f"{SECRET} / HTTP/1.1", "Host: localhost"),
    "a version that is none": (f"GET /?token={SECRET} HTTP/9{SECRET}", "Host: localhost"),
    "a request line that is too long": (f"GET /?token={SECRET}{'x' * 9000} HTTP/1.1", "Host: localhost"),
    "a header that is too long": ("GET / HTTP/1.1", "Host: localhost", f"Authorization: Bearer {SECRET * 900}"),
    "too many headers": ("GET / HTTP/1.1", "Host: localhost", *[f"X-{number}: {SECRET}" for number in range(300)]),
    "a length that is none": ("POST /api/v1/predict HTTP/1.1", "Host: localhost", f"Content-Length: {SECRET}"),
    "two lengths": ("POST /api/v1/predict HTTP/1.1", "Host: localhost", "Content-Length: 4", "Content-Length: 5"),
    "an unknown transfer coding": ("POST / HTTP/1.1", "Host: localhost", f"Transfer-Encoding: {SECRET}"),
    "an expectation that is none": ("POST / HTTP/1.1", "Host: localhost", f"Expect: {SECRET}", "Content-Length: 1"),
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_a_head_that_cannot_be_read_is_a_bad_request(server: Server, head: tuple[str, ...]) -> None:
    answer = exchange(server, *head, body=b"x" if "Content-Length: 1" in head else b"")
    assert 400 <= answer[0] < 500
    assert code_of(answer) == "bad_request"


CHUNKS = {
    "a size that is none": b"secret\r\nabc\r\n0\r\n\r\n",
    "no size": b"\r\nabc\r\n0\r\n\r\n",
    "a negative size": b"-3\r\nabc\r\n0\r\n\r\n",
    "a chunk longer than its size": b"3\r\nabcsecret\r\n0\r\n\r\n",
    "a size line without end": b"1" * 70_000,
    "an extension with a bare return": b"3;secret\rx\r\nabc\r\n0\r\n\r\n",
    "a trailer that is none": b"3\r\nabc\r\n0\r\nsecret\r\n\r\n",
}
CALLS = {
    "/api/v1/predict": "image/jpeg",
    "/api/v1/predict/batch": "multipart/form-data; boundary=B",
    "/api/v1/auth/login": "application/json",
    "/language": "application/x-www-form-urlencoded",
}


@pytest.mark.parametrize("path", CALLS)
@pytest.mark.parametrize("chunks", CHUNKS.values(), ids=CHUNKS)
def test_a_body_that_cannot_be_taken_apart_is_a_bad_request(server: Server, path: str, chunks: bytes) -> None:
    head = f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Type: {CALLS[path]}", "Transfer-Encoding: chunked"
    answer = exchange(server, *head, body=chunks)
    assert answer[0] == 400
    assert code_of(answer) == "bad_request"


@pytest.mark.parametrize("path", ["/api/v1/emotions", "/socket.io/?EIO=4&transport=polling"])
def test_what_follows_a_broken_body_is_never_taken_for_a_request(server: Server, path: str) -> None:
    hidden = b"zz\r\nGET /api/v1/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
    answer = exchange(server, f"GET {path} HTTP/1.1", "Host: localhost", "Transfer-Encoding: chunked", body=hidden)
    assert b"HTTP/1.1" not in answer[2]
    assert b"alive" not in answer[2]


ORIGINS = ["http://[", "http://[::1", "//[", "null", "http://[secret]", "http://evil.example/secret"]


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("path", ["/ws", "/", "/socket.io/"])
def test_a_stream_is_refused_to_an_origin_that_is_none_or_anothers(server: Server, path: str, origin: str) -> None:
    query = f"?EIO=4&transport=websocket&token={SECRET}"
    answer = exchange(server, f"GET {path}{query} HTTP/1.1", "Host: localhost", f"Origin: {origin}", *UPGRADE)
    assert 400 <= answer[0] < 500
    assert code_of(answer) in ("forbidden", "bad_request")


def test_a_host_that_is_none_is_refused(server: Server) -> None:
    answer = exchange(server, "GET /ws HTTP/1.1", "Host: [", "Origin: http://[", *UPGRADE)
    assert 400 <= answer[0] < 500
    assert code_of(answer) in ("forbidden", "bad_request")


@pytest.mark.parametrize("query", ["sid=secret", "transport=secret", "EIO=secret", "sid=secret&transport=websocket"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_socket_io_request_that_does_not_fit_is_a_bad_request(server: Server, method: str, query: str) -> None:
    head = f"{method} /socket.io/?{query} HTTP/1.1", "Host: localhost", "Content-Length: 0", "Connection: close"
    answer = exchange(server, *head)
    assert answer[0] == 400
    assert code_of(answer) == "bad_request"


@pytest.mark.parametrize("callback", ["0", "secret", "1"])
def test_long_polling_does_not_answer_with_a_script(server: Server, callback: str) -> None:
    query = f"EIO=4&transport=polling&j={callback}"
    answer = exchange(server, f"GET /socket.io/?{query} HTTP/1.1", "Host: localhost", "Connection: close")
    assert answer[0] == 400
    assert code_of(answer) == "bad_request"


@pytest.mark.parametrize("path", ["/dashboard/users/secret", "/api/v1/dashboard/users/secret", "/secret?token=secret"])
def test_a_path_is_logged_by_its_rule(server: Server, path: str) -> None:
    answer = exchange(server, f"GET {path} HTTP/1.1", "Host: localhost", "Connection: close")
    assert answer[0] in (401, 404)


def test_the_server_goes_on(server: Server) -> None:
    answer = exchange(server, "GET /api/v1/health/live HTTP/1.1", "Host: localhost", "Connection: close")
    assert answer[0] == 200
    assert "/api/v1/health/live" in server.log.read_text()
