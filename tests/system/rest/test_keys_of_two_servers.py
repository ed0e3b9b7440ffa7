"""A key on two servers of one database: its quota is one, and what ends at one has ended at the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
import socketio

from tests.support.images import face_jpeg
from tests.support.postgres import Cluster
from tests.support.servers import Server, start_server
from tests.support.waiting import eventually

ANA = {"username": "ana", "password": "a password of hers"}
LOST_SECONDS = 20.0
"""How long a stream may go on after its key was revoked; a busy machine is given more."""


@pytest.fixture(scope="module")
def servers(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Server]]:
    database = cluster.new_database()
    first, second = (start_server(tmp_path_factory.mktemp(name), DATABASE_URL=database) for name in ("first", "second"))
    yield first, second
    first.stop()
    second.stop()


@pytest.fixture(scope="module")
def login(servers: tuple[Server, Server]) -> str:
    url = f"{servers[0].url}/api/v1/auth"
    requests.post(f"{url}/register", json={**ANA, "email": "ana@example.com"}, timeout=30).raise_for_status()
    return requests.post(f"{url}/login", json=ANA, timeout=30).json()["access_token"]


def ask(server: Server, method: str, path: str, token: str, **options: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}", **options.pop("headers", {})}
    return requests.request(method, f"{server.url}/api/v1{path}", headers=headers, timeout=30, **options)


def make_key(server: Server, login: str, **wanted: Any) -> dict[str, Any]:
    made = ask(server, "POST", "/keys", login, json={"name": "robot", **wanted})
    assert made.status_code == 201, made.text
    return made.json()


def predict(server: Server, key: str) -> requests.Response:
    return ask(server, "POST", "/predict", key, data=face_jpeg(), headers={"Content-Type": "image/jpeg"})


def used(server: Server, login: str, key_id: str) -> int:
    """How many calls of today the database has of a key."""
    keys = ask(server, "GET", "/auth/users/me/export", login).json()["keys"]
    return next(key["used"] for key in keys if key["id"] == key_id)


def pushed(client: socketio.SimpleClient, wanted: str) -> dict[str, Any]:
    """The next event of that name."""
    event, body = client.receive(timeout=2 * LOST_SECONDS)
    while event != wanted:
        event, body = client.receive(timeout=2 * LOST_SECONDS)
    return body


def test_a_quota_is_one_for_both_servers(servers: tuple[Server, Server], login: str) -> None:
    first, second = servers
    made = make_key(first, login, scopes=["predict"], daily_quota=5)
    assert [predict(first, made["key"]).headers["RateLimit-Remaining"] for _ in range(3)] == ["4", "3", "2"]
    assert eventually(lambda: used(second, login, made["id"]) == 3)

    assert [predict(second, made["key"]).headers["RateLimit-Remaining"] for _ in range(2)] == ["1", "0"]
    refused = predict(second, made["key"])
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "quota_exceeded")
    assert int(refused.headers["Retry-After"]) > 0

    assert eventually(lambda: used(first, login, made["id"]) == 5)
    assert predict(first, made["key"]).status_code == 429


def test_a_key_that_is_revoked_at_one_server_ends_at_the_other_and_in_its_open_stream(
    servers: tuple[Server, Server], login: str
) -> None:
    first, second = servers
    made = make_key(first, login, scopes=["predict", "stream"])
    with socketio.SimpleClient() as client:
        client.connect(second.url, namespace="/stream", transports=["websocket"], auth={"token": made["key"]})
        assert client.call("predict", {"image": face_jpeg(), "seq": 1}, timeout=30)["user"] == "ana"
        assert ask(first, "DELETE", f"/keys/{made['id']}", login).status_code == 204

        refused = predict(second, made["key"])
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "invalid_token")
        assert pushed(client, "auth") == {"type": "auth", "status": "revoked"}
        assert client.call("predict", {"image": face_jpeg(), "seq": 2}, timeout=30)["user"] is None
