"""What both clients try again, and what they do not, with a server that answers as the test wants."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from visionai_client import ApiError, Client

from scripts.javascript import node

from .conftest import PROGRAMS, run

OK = (200, {}, {"status": "healthy"})
CUT = (0, {}, {})
"""The connection is cut without an answer."""
Answer = tuple[int, dict[str, str], dict[str, Any]]


def refused(status: int, code: str, retry_after: str | None = None) -> Answer:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return status, headers, {"error": {"code": code, "message": "No.", "details": {}}}


@contextmanager
def answering(answers: list[Answer]) -> Iterator[tuple[str, list[str]]]:
    """Serve logins, and these answers to whatever else is called; yield the address and the tokens that were shown."""
    shown: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.answer(*self.chosen())

        do_POST = do_GET

        def chosen(self) -> Answer:
            if self.path.endswith("/auth/login"):
                return 200, {}, {"access_token": "old", "refresh_token": "refresh", "expires_in": 1}
            token = self.headers["Authorization"].removeprefix("Bearer ")
            if self.path.endswith("/auth/refresh"):
                return 200, {}, {"access_token": f"new by {token}", "expires_in": 1}
            shown.append(token)
            return answers.pop(0)

        def answer(self, status: int, headers: dict[str, str], body: dict[str, Any]) -> None:
            if not status:
                self.close_connection = True
                return
            content = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", shown
        server.shutdown()
        thread.join()


def javascript(url: str, call: str, folder: Path) -> Any:
    return json.loads(run([str(node()), str(PROGRAMS / "refusals.mjs"), url, call], folder))


def python(url: str, call: str, _: Path) -> Any:
    with Client(url) as client:
        client.accounts.login("usuario", "una frase larga")
        try:
            return client.predict(bytes(1)) if call == "predict" else client.health()
        except ApiError as error:
            return [error.status, error.code, error.retry_after]


@pytest.mark.parametrize(
    ("call", "answers", "outcome", "tokens"),
    [
        ("predict", [refused(503, "busy", "0"), refused(429, "rate_limited", "0"), OK], OK[2], ["old"] * 3),
        ("predict", [refused(503, "busy", "0")] * 3, [503, "busy", 0], ["old"] * 3),
        ("predict", [refused(503, "busy")], [503, "busy", None], ["old"]),
        ("health", [refused(429, "rate_limited", "3600")], [429, "rate_limited", 3600], ["old"]),
        ("health", [CUT, OK], OK[2], ["old"] * 2),
        ("predict", [CUT], [0, "disconnected", None], ["old"]),
        ("health", [(302, {"Location": "/elsewhere"}, {})], [302, "unknown", None], ["old"]),
        ("predict", [refused(401, "token_expired"), OK], OK[2], ["old", "new by refresh"]),
        ("health", [refused(401, "token_expired")] * 2, [401, "token_expired", None], ["old", "new by refresh"]),
        ("health", [refused(403, "forbidden")], [403, "forbidden", None], ["old"]),
    ],
)
@pytest.mark.parametrize("client", [javascript, python])
def test_a_call_is_tried_again_only_where_that_is_safe(
    client: Any, call: str, answers: list[Answer], outcome: Any, tokens: list[str], tmp_path: Path
) -> None:
    if client is javascript and node() is None:
        pytest.skip("There is no node on this machine.")
    with answering(list(answers)) as (url, shown):
        assert client(url, call, tmp_path) == outcome
    assert shown == tokens
