"""The two lines that each WebSocket leaves."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from flask import Flask

from visionai.observability import streams
from visionai.observability.trace_context import current

Wsgi = Callable[[dict[str, Any], Callable[..., object]], Iterable[bytes]]


def lines_of(wsgi_app: Wsgi, caplog: pytest.LogCaptureFixture, path: str, **headers: str) -> list[dict[str, Any]]:
    """What is logged of a request that `wsgi_app` answers."""
    caplog.set_level(logging.INFO, "visionai.streams")
    app = Flask(__name__)
    app.wsgi_app = wsgi_app  # type: ignore[method-assign]
    streams.init_app(app)
    environ = {"PATH_INFO": path, **{f"HTTP_{name.upper()}": value for name, value in headers.items()}}
    with contextlib.suppress(ConnectionError):  # As a web server takes it that the response is out.
        list(app.wsgi_app(environ, lambda *_: None))
    return [{"message": record.message, **record.fields} for record in caplog.records]


def accept(_: dict[str, Any], __: Callable[..., object]) -> Iterable[bytes]:
    raise ConnectionError


def refuse(_: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    start_response("403 Forbidden", [])
    return [b""]


def test_a_stream_leaves_a_line_as_it_comes_and_one_as_it_goes(caplog: pytest.LogCaptureFixture) -> None:
    begins, ends = lines_of(accept, caplog, "/ws", upgrade="websocket", x_request_id="abc")
    assert begins == {"message": "stream begins", "request_id": "abc", "route": "/ws"}
    assert (ends["message"], ends["request_id"], ends["route"], ends["status"]) == ("stream ends", "abc", "/ws", 101)
    assert ends["seconds"] >= 0


def test_one_that_is_refused_says_how(caplog: pytest.LogCaptureFixture) -> None:
    assert lines_of(refuse, caplog, "/ws", upgrade="WebSocket")[-1]["status"] == 403


@pytest.mark.parametrize(
    ("path", "route"),
    [("/socket.io/", "/socket.io"), ("/ws", "/ws"), ("/", "/"), ("/secret", "(none)"), ("/ws/secret", "(none)")],
)
def test_an_address_that_is_no_streams_is_not_logged(caplog: pytest.LogCaptureFixture, path: str, route: str) -> None:
    assert {line["route"] for line in lines_of(refuse, caplog, path, upgrade="websocket")} == {route}


def test_any_other_request_leaves_none_and_has_its_trace(caplog: pytest.LogCaptureFixture) -> None:
    traces = []

    def answer(*_: Any) -> Iterable[bytes]:
        traces.append(current())
        return [b""]

    assert lines_of(answer, caplog, "/ws") == []
    assert traces != [None]
