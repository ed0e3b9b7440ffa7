"""Webhooks of two servers on one database: each delivery once, verified by the standard's own package, none lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.support import receivers
from tests.support.postgres import Cluster
from tests.support.receivers import Receiver, receiving
from tests.support.scripts import answer_of
from tests.support.servers import Server, start_server
from tests.support.waiting import eventually

SCRIPT = Path(__file__).with_name("verify_webhook.mjs")
PASSWORD = "una frase larga"
PATIENCE = 60.0


class Owner:
    """A user of a server, signed in."""

    def __init__(self, server: Server, name: str) -> None:
        self._api = f"{server.url}/api/v1"
        account = {"username": name, "password": PASSWORD}
        requests.post(f"{self._api}/auth/register", json=account, timeout=PATIENCE)
        tokens = requests.post(f"{self._api}/auth/login", json=account, timeout=PATIENCE).json()
        self._headers = {"Authorization": f"Bearer {tokens['access_token']}"}

    def call(self, method: str, path: str, **body: Any) -> Any:
        answer = requests.request(method, self._api + path, json=body or None, headers=self._headers, timeout=PATIENCE)
        assert answer.ok, answer.text
        return answer.json()

    def webhook(self, receiver: Receiver, *events: str) -> dict[str, Any]:
        made: dict[str, Any] = self.call("POST", "/webhooks", url=receiver.url, events=[*events] or ["session.ended"])
        return made

    def end_a_session(self) -> str:
        uid: str = self.call("POST", "/sessions", title="=1+1")["uid"]
        self.call("POST", f"/sessions/{uid}/end")
        return uid


SETTINGS = {
    "WEBHOOK_PRIVATE_TARGETS": "true",
    "WEBHOOK_TIMEOUT_SECONDS": "1",
    "RATE_LIMIT": "",
    "SESSIONS_PER_MINUTE": "0",
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def servers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, Server]]:
    """Two servers on one database, the second on threads."""
    folder = tmp_path_factory.mktemp(request.param)
    url = f"sqlite:///{folder / 'shared.sqlite3'}"
    if request.param == "postgresql":
        cluster: Cluster = request.getfixturevalue("cluster")
        url = cluster.new_database()
    settings = {**SETTINGS, "DATABASE_URL": url}
    first = start_server(folder / "first", **settings)
    second = start_server(folder / "second", ASYNC_MODE="threading", **settings)
    yield first, second
    assert first.stop() == 0
    assert second.stop() == 0
    for server in (first, second):
        assert "Traceback" not in server.log.read_text()


def verdict(webhook: dict[str, Any], receiver: Receiver, number: int = 0, **headers: str) -> Any:
    """What the standard's package for JavaScript says of a request."""
    request = receiver.requests[number]
    asked = {"secret": webhook["secret"], "body": request.body.decode(), "headers": {**request.headers, **headers}}
    return answer_of(SCRIPT, asked)


def test_each_event_comes_once_signed_and_whichever_server_sends_it(servers: tuple[Server, Server]) -> None:
    owner = Owner(servers[0], "once")
    with receiving() as receiver:
        webhook = owner.webhook(receiver)
        ended = [owner.end_a_session() for _ in range(12)]
        address = f"/webhooks/{webhook['id']}/deliveries?limit=100"

        def delivered() -> bool:
            found = owner.call("GET", address)["deliveries"]
            return len(found) == len(ended) and {one["status"] for one in found} == {"delivered"}

        assert eventually(delivered, PATIENCE), owner.call("GET", address)
        told = [verdict(webhook, receiver, number)["payload"] for number in range(2)]
    assert len(receiver.requests) == len(set(receiver.ids)) == len(ended)
    assert all(one["type"] == "session.ended" and one["data"]["session"]["uid"] in ended for one in told)
    assert told[0]["data"]["session"]["title"] == "=1+1"
    assert verdict(webhook, receiver, 0, **{"webhook-timestamp": "1700000000"}) == {
        "refused": "Message timestamp too old"
    }
    assert verdict({"secret": owner.webhook(receiver)["secret"]}, receiver) == {
        "refused": "No matching signature found"
    }


def test_a_receiver_that_hangs_delays_nobody(servers: tuple[Server, Server]) -> None:
    bad, good = Owner(servers[0], "hanging"), Owner(servers[1], "quick")
    with receiving(receivers.hang) as hanging, receiving() as quick:
        hooks = bad.webhook(hanging), good.webhook(quick)
        for _ in range(10):
            bad.call("POST", f"/webhooks/{hooks[0]['id']}/test")
        assert eventually(lambda: hanging.connections, PATIENCE)
        good.call("POST", f"/webhooks/{hooks[1]['id']}/test")
        assert eventually(lambda: quick.requests, PATIENCE)
        listed = bad.call("GET", f"/webhooks/{hooks[0]['id']}/deliveries")["deliveries"]
        assert any(one["status"] == "pending" for one in listed)
        assert eventually(lambda: bad.call("GET", f"/webhooks/{hooks[0]['id']}")["failures"], PATIENCE)
        bad.call("PATCH", f"/webhooks/{hooks[0]['id']}", active=False)


def test_what_was_committed_before_the_kill_comes_after_it(tmp_path: Path) -> None:
    server = start_server(tmp_path, **SETTINGS)
    owner = Owner(server, "killed")
    with receiving(receivers.hang) as receiver:
        owner.webhook(receiver)
        ended = {owner.end_a_session() for _ in range(6)}
        server.kill()
        receiver.answer = lambda connection: connection.sendall(receivers.OK)
        cut = len(receiver.requests)
        server = start_server(tmp_path, port=server.port, **SETTINGS)
        assert eventually(lambda: len(set(receiver.ids[cut:])) == len(ended), PATIENCE)
        assert {request.body.decode().split('"uid":"')[1][:36] for request in receiver.requests} == ended
        assert server.stop() == 0
