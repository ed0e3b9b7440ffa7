"""Two servers and a Redis: what one records the other's subscribers see, and without Redis nothing else is missing."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests
import socketio
from PIL import Image
from skimage import data
from socketio.exceptions import TimeoutError as NothingCame

from tests.support.postgres import Cluster
from tests.support.redis_server import RedisServer, redis_or_skip
from tests.support.servers import Server, start_server

PATIENCE_SECONDS = 15.0
SILENCE_SECONDS = 4.0
"""Longer than a push takes where there is one to come."""


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    yield from redis_or_skip(tmp_path)


@pytest.fixture
def servers(cluster: Cluster, redis: RedisServer, tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    """Two servers on one database and one Redis."""
    settings = {"DATABASE_URL": cluster.new_database(), "REDIS_URL": redis.url, "PRELOAD_MODEL": "true"}
    first, second = (start_server(tmp_path / name, **settings) for name in ("first", "second"))
    yield first, second
    first.stop()
    second.stop()


@pytest.fixture
def connect() -> Iterator[Callable[[Server], socketio.SimpleClient]]:
    """A client of a server's stream, for as long as the test runs."""
    with ExitStack() as stack:

        def connected(server: Server) -> socketio.SimpleClient:
            client = stack.enter_context(socketio.SimpleClient())
            client.connect(server.url, namespace="/stream", transports=["websocket"])
            return client

        yield connected


@pytest.fixture(scope="module")
def picture() -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(data.astronaut()).save(buffer, "JPEG")
    return buffer.getvalue()


def predict(server: Server, picture: bytes) -> None:
    answer = requests.post(f"{server.url}/api/v1/predict", picture, headers={"Content-Type": "image/jpeg"}, timeout=30)
    assert answer.status_code == 200, answer.text


def subscribe(client: socketio.SimpleClient) -> None:
    assert client.call("subscribe", {"topic": "dashboard"}, timeout=PATIENCE_SECONDS)["status"] == "success"


def total_pushed(client: socketio.SimpleClient, at_least: int) -> int:
    """The total of the first push that says `at_least` so many."""
    while True:
        event, body = client.receive(timeout=PATIENCE_SECONDS)
        if event == "stats" and body["total_predictions"] >= at_least:
            return body["total_predictions"]


def drain(client: socketio.SimpleClient) -> None:
    """Read what was pushed until nothing more comes."""
    try:
        while True:
            client.receive(timeout=SILENCE_SECONDS)
    except NothingCame:
        pass


def test_a_prediction_made_on_one_server_arrives_at_a_subscriber_of_the_other(servers, connect, picture) -> None:
    first, second = servers
    subscriber = connect(second)
    subscribe(subscriber)
    predict(first, picture)
    assert total_pushed(subscriber, at_least=1) == 1


def test_health_counts_the_clients_of_both_servers(servers, connect) -> None:
    clients = [connect(server) for server in servers]
    counted = 0
    for _ in range(100):
        counted = requests.get(f"{servers[0].url}/api/v1/health", timeout=10).json()["clients_connected"]
        if counted == len(clients):
            break
        time.sleep(0.1)
    assert counted == len(clients)


def test_without_redis_streams_go_on_and_pushes_between_the_servers_come_back_with_it(
    servers, connect, picture, redis: RedisServer
) -> None:
    first, second = servers
    near, far = connect(first), connect(second)
    subscribe(near)
    subscribe(far)
    predict(first, picture)
    total_pushed(far, at_least=1)
    drain(near)
    redis.stop()

    answer = near.call("predict", {"image": picture, "seq": 1}, timeout=PATIENCE_SECONDS)
    assert answer["status"] == "success"
    assert requests.get(f"{first.url}/api/v1/health", timeout=PATIENCE_SECONDS).json()["status"] == "healthy"
    assert total_pushed(near, at_least=2) == 2
    with pytest.raises(NothingCame):
        far.receive(timeout=SILENCE_SECONDS)

    redis.start()
    predict(first, picture)
    assert total_pushed(far, at_least=3) == 3


def guess(server: Server, times: int) -> list[int]:
    """Try a wrong password so many times and return how that was answered."""
    url = f"{server.url}/api/v1/auth/login"
    wrong = {"username": "ana", "password": "not the right one"}
    return [requests.post(url, json=wrong, timeout=PATIENCE_SECONDS).status_code for _ in range(times)]


def test_a_login_is_limited_and_not_broken_while_redis_is_away_or_full(servers, redis: RedisServer) -> None:
    first, second = servers
    redis.fill()
    assert guess(first, 7) == [401] * 5 + [429] * 2
    redis.stop()
    assert guess(second, 7) == [401] * 5 + [429] * 2


def test_with_a_full_redis_streams_go_on_and_the_servers_hear_each_other(
    servers, connect, picture, redis: RedisServer
) -> None:
    first, second = servers
    redis.fill()
    near, far = connect(first), connect(second)
    subscribe(far)
    assert near.call("predict", {"image": picture, "seq": 1}, timeout=PATIENCE_SECONDS)["status"] == "success"
    predict(first, picture)
    assert total_pushed(far, at_least=2) == 2
    assert requests.get(f"{first.url}/api/v1/health", timeout=PATIENCE_SECONDS).json()["status"] == "healthy"
