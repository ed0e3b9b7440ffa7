"""Two servers behind the nginx of deploy/: sockets, bodies, addresses, figures."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
import requests
import socketio
import websocket
from PIL import Image
from skimage import data

from tests.support.nginx import nginx_or_skip
from tests.support.postgres import Cluster
from tests.support.redis_server import redis_or_skip
from tests.support.servers import start_server

SECONDS = 30
TOKEN = "only for tests"


@pytest.fixture(scope="module")
def address(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where nginx listens: host and port."""
    folder = tmp_path_factory.mktemp("behind-nginx")
    redis = redis_or_skip(folder)
    settings = {
        "DATABASE_URL": cluster.new_database(),
        "REDIS_URL": next(redis).url,
        "TRUSTED_PROXIES": "1",
        "METRICS_TOKEN": TOKEN,
        "SOURCE_IP": "full",
    }
    servers = [start_server(folder / name, **settings) for name in ("first", "second")]
    nginx = nginx_or_skip(folder, (servers[0].port, servers[1].port))
    process = nginx.start()
    yield f"127.0.0.1:{nginx.port}"
    process.terminate()
    process.wait(SECONDS)
    for server in servers:
        server.stop()
    redis.close()


@pytest.fixture(scope="module")
def picture() -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(data.astronaut()).save(buffer, "JPEG")
    return buffer.getvalue()


def test_socket_io_needs_no_sticky_session(address: str, picture: bytes) -> None:
    for _ in range(6):
        with socketio.SimpleClient() as client:
            client.connect(f"http://{address}", namespace="/stream", transports=["websocket"])
            assert client.call("predict", picture, timeout=SECONDS)["status"] == "success"


@pytest.mark.parametrize("path", ["/ws", "/"])
def test_a_plain_websocket_passes(address: str, picture: bytes, path: str) -> None:
    client = websocket.create_connection(f"ws://{address}{path}", timeout=SECONDS)
    assert json.loads(client.recv())["type"] == "connection"
    client.send_binary(picture)
    assert json.loads(client.recv())["emotion_name"] == "happy"
    client.close()


def test_a_request_keeps_its_id_and_is_answered(address: str, picture: bytes) -> None:
    answer = requests.post(
        f"http://{address}/api/v1/predict", picture, headers={"Content-Type": "image/jpeg"}, timeout=SECONDS
    )
    assert answer.json()["emotion_name"] == "happy"
    assert len(answer.headers["X-Request-ID"]) == 32


def test_text_comes_compressed_and_a_token_does_not(address: str) -> None:
    headers = {"Accept-Encoding": "gzip"}
    page = requests.get(f"http://{address}/model", headers={**headers, "Accept": "text/html"}, timeout=SECONDS)
    assert page.headers["Content-Encoding"] == "gzip"
    account = {"username": "eva", "password": "a good long one"}
    requests.post(f"http://{address}/api/v1/auth/register", json=account, timeout=SECONDS)
    login = requests.post(f"http://{address}/api/v1/auth/login", json=account, headers=headers, timeout=SECONDS)
    assert len(login.content) > 400
    assert "Content-Encoding" not in login.headers


def test_a_batch_of_many_megabytes_passes(address: str, picture: bytes) -> None:
    padded = picture + bytes(1024 * 1024)
    files = [("files", (f"{number}.jpg", padded)) for number in range(20)]
    answer = requests.post(f"http://{address}/api/v1/predict/batch", files=files, timeout=SECONDS)
    assert [result["status"] for result in answer.json()["results"]] == [200] * 20


def test_a_body_over_the_limit_is_refused_by_its_head(address: str) -> None:
    headers = {"Content-Type": "image/jpeg", "Content-Length": str(60 * 1024 * 1024)}
    request = requests.Request("POST", f"http://{address}/api/v1/predict", headers=headers).prepare()
    request.headers["Content-Length"] = headers["Content-Length"]
    assert requests.Session().send(request, timeout=SECONDS).status_code == 413


@pytest.mark.parametrize("headers", [{}, {"Authorization": f"Bearer {TOKEN}"}])
def test_figures_do_not_pass(address: str, headers: dict[str, str]) -> None:
    assert requests.get(f"http://{address}/metrics", headers=headers, timeout=SECONDS).status_code == 404


def test_a_client_cannot_choose_its_address(address: str, picture: bytes) -> None:
    base = f"http://{address}/api/v1"
    account = {"username": "ana", "password": "a good long one"}
    requests.post(f"{base}/auth/register", json=account, timeout=SECONDS)
    token = requests.post(f"{base}/auth/login", json=account, timeout=SECONDS).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "image/jpeg", "X-Forwarded-For": "203.0.113.7"}
    assert requests.post(f"{base}/predict", picture, headers=headers, timeout=SECONDS).status_code == 200
    (row,) = requests.get(f"{base}/dashboard/recent?user=me", headers=headers, timeout=SECONDS).json()["predictions"]
    assert row["source_ip"] == "127.0.0.1"
