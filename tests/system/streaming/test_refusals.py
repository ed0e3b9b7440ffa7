"""A stream that is refused over HTTP is refused in the shape of every other error: code, language, `Retry-After`."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import requests
import websocket

from tests.support.servers import Server, start_server

from .conftest import MODES, RawClient

MESSAGES = {"en": "Too many", "es": "Demasiad"}


@pytest.fixture(params=MODES)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    server = start_server(tmp_path, ASYNC_MODE=request.param, MAX_CLIENTS_PER_ADDRESS="1")
    yield server
    assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


def refused(server: Server, **headers: str) -> tuple[int, dict[str, str], dict[str, Any]]:
    """Status, headers and error of a refused `/ws`."""
    with pytest.raises(websocket.WebSocketBadStatusException) as refusal:
        RawClient(server.websocket_url + "/ws", header=headers)
    error = refusal.value
    return error.status_code, error.resp_headers or {}, json.loads(error.resp_body)["error"]


@pytest.mark.parametrize("language", MESSAGES)
def test_one_client_too_many(server: Server, language: str) -> None:
    first = RawClient(server.websocket_url + "/ws")
    status, headers, error = refused(server, **{"Accept-Language": language})
    assert (status, error["code"], error["details"]) == (429, "rate_limited", {})
    assert int(headers["retry-after"]) >= 1
    assert MESSAGES[language] in error["message"]
    first.close()


@pytest.mark.parametrize("language", MESSAGES)
def test_one_client_too_many_over_socket_io(server: Server, language: str) -> None:
    first = RawClient(server.websocket_url + "/ws")
    answer = requests.get(
        f"{server.url}/socket.io/?EIO=4&transport=polling", headers={"Accept-Language": language}, timeout=10
    )
    error = answer.json()["error"]
    assert (answer.status_code, answer.headers["Content-Type"]) == (429, "application/json")
    assert (error["code"], error["details"]) == ("rate_limited", {})
    assert int(answer.headers["Retry-After"]) >= 1
    assert MESSAGES[language] in error["message"]
    first.close()


def test_a_token_that_cannot_be_checked_now(server: Server) -> None:
    ana = {"username": "ana", "password": "a long enough one"}
    requests.post(f"{server.url}/api/v1/auth/register", json=ana, timeout=10)
    token = requests.post(f"{server.url}/api/v1/auth/login", json=ana, timeout=10).json()["access_token"]
    with sqlite3.connect(server.folder / "visionai.sqlite3") as database:
        database.execute("ALTER TABLE auth_sessions RENAME TO elsewhere")
    database.close()
    status, headers, error = refused(server, Authorization=f"Bearer {token}")
    assert (status, error["code"]) == (503, "database_unavailable")
    assert int(headers["retry-after"]) >= 1


def test_another_version_of_the_protocol_is_told_which_one_is_spoken(server: Server) -> None:
    handshake = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "8",
    }
    answer = requests.get(f"{server.url}/ws", headers=handshake, timeout=10)
    assert (answer.status_code, answer.json()["error"]["code"]) == (426, "bad_request")
    assert (answer.headers["Upgrade"], answer.headers["Sec-WebSocket-Version"]) == ("websocket", "13")
