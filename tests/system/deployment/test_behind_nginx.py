"""Two servers behind the nginx of deploy/: sockets, bodies, addresses, figures."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import requests
import socketio
import websocket

from tests.support.images import face_jpeg
from tests.support.nginx import Nginx, nginx_or_skip

from .conftest import Start

SECONDS = 30
TOKEN = "only for tests"


@pytest.fixture(scope="module")
def nginx(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    servers = [start(name, METRICS_TOKEN=TOKEN, SOURCE_IP="full") for name in ("first", "second")]
    nginx = nginx_or_skip(tmp_path_factory.mktemp("nginx"), (servers[0].port, servers[1].port))
    with nginx.running():
        yield nginx


@pytest.fixture
def address(nginx: Nginx) -> str:
    """Where nginx listens: host and port."""
    return f"127.0.0.1:{nginx.port}"


def test_socket_io_needs_no_sticky_session(address: str) -> None:
    for _ in range(6):
        with socketio.SimpleClient() as client:
            client.connect(f"http://{address}", namespace="/stream", transports=["websocket"])
            assert client.call("predict", face_jpeg(), timeout=SECONDS)["status"] == "success"


@pytest.mark.parametrize("path", ["/ws", "/"])
def test_a_plain_websocket_passes(address: str, path: str) -> None:
    client = websocket.create_connection(f"ws://{address}{path}", timeout=SECONDS)
    assert json.loads(client.recv())["type"] == "connection"
    client.send_binary(face_jpeg())
    assert json.loads(client.recv())["emotion_name"] == "happy"
    client.close()


def test_a_request_keeps_its_id_and_is_answered(address: str) -> None:
    answer = requests.post(
        f"http://{address}/api/v1/predict", face_jpeg(), headers={"Content-Type": "image/jpeg"}, timeout=SECONDS
    )
    assert answer.json()["emotion_name"] == "happy"
    assert len(answer.headers["X-Request-ID"]) == 32


def test_a_request_keeps_the_trace_of_its_caller(address: str) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
    answer = requests.get(f"http://{address}/api/v1/emotions", headers=headers, timeout=SECONDS)
    assert answer.headers["traceresponse"].startswith(f"00-{trace}-")


def test_text_comes_compressed_and_a_token_does_not(address: str) -> None:
    headers = {"Accept-Encoding": "gzip"}
    page = requests.get(f"http://{address}/model", headers={**headers, "Accept": "text/html"}, timeout=SECONDS)
    assert page.headers["Content-Encoding"] == "gzip"
    account = {"username": "eva", "password": "a good long one"}
    requests.post(f"http://{address}/api/v1/auth/register", json=account, timeout=SECONDS)
    login = requests.post(f"http://{address}/api/v1/auth/login", json=account, headers=headers, timeout=SECONDS)
    assert len(login.content) > 400
    assert "Content-Encoding" not in login.headers


def test_a_batch_of_many_megabytes_passes(address: str) -> None:
    padded = face_jpeg() + bytes(1024 * 1024)
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


def test_a_client_cannot_choose_its_address(address: str) -> None:
    base = f"http://{address}/api/v1"
    account = {"username": "ana", "password": "a good long one"}
    requests.post(f"{base}/auth/register", json=account, timeout=SECONDS)
    token = requests.post(f"{base}/auth/login", json=account, timeout=SECONDS).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "image/jpeg", "X-Forwarded-For": "203.0.113.7"}
    assert requests.post(f"{base}/predict", face_jpeg(), headers=headers, timeout=SECONDS).status_code == 200
    (row,) = requests.get(f"{base}/dashboard/recent?user=me", headers=headers, timeout=SECONDS).json()["predictions"]
    assert row["source_ip"] == "127.0.0.1"


def test_it_listens_on_ipv6_too(nginx: Nginx) -> None:
    answer = requests.get(f"http://[::1]:{nginx.port}/api/v1/emotions", timeout=SECONDS)
    assert len(answer.json()["emotions"]) == 7


def test_a_client_cannot_choose_the_path_of_the_links(address: str) -> None:
    page = requests.get(f"http://{address}/", headers={"X-Forwarded-Prefix": "/elsewhere"}, timeout=SECONDS)
    assert page.status_code == 200
    assert "/elsewhere" not in page.text
