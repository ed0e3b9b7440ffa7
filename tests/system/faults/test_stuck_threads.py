"""Threads that stick in native code: their requests are answered, they are replaced, and in the end the process is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.support.images import face_jpeg
from tests.support.servers import Server, start_server
from tests.system.streaming.conftest import MODES, RawClient

# As in `stuck_app`, which only a server may import.
STUCK = b"\xff\xd8\xff stuck"


@pytest.fixture(params=MODES)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """A server of one thread for pictures."""
    server = start_server(
        tmp_path,
        program=("-m", "gunicorn", "--config", "gunicorn.conf.py", "tests.support.stuck_app:app"),
        ASYNC_MODE=request.param,
        INFERENCE_THREADS="1",
        PRELOAD_MODEL="true",
    )
    assert predict(server, face_jpeg()).status_code == 200
    yield server
    server.kill()


def predict(server: Server, data: bytes) -> requests.Response:
    return requests.post(f"{server.url}/api/v1/predict", data=data, headers={"Content-Type": "image/jpeg"}, timeout=30)


def metrics(server: Server) -> str:
    return requests.get(f"{server.url}/metrics", timeout=30).text


def test_a_stuck_request_is_answered_and_others_go_on(server: Server) -> None:
    answer = predict(server, STUCK)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "broken_image")
    assert predict(server, face_jpeg()).status_code == 200
    assert "visionai_inference_lost_threads 1.0" in metrics(server)
    assert "visionai_inference_busy_threads 1.0" in metrics(server)
    assert requests.get(f"{server.url}/api/v1/health/live", timeout=30).status_code == 200


def test_a_stuck_frame_is_answered_and_its_client_goes_on(server: Server) -> None:
    client = RawClient(server.websocket_url + "/ws")
    assert client.ask(STUCK)["error"]["code"] == "broken_image"
    assert client.ask(face_jpeg())["status"] == "success"
    client.close()


def test_a_process_whose_threads_are_stuck_is_replaced_and_nothing_is_refused(server: Server) -> None:
    before = [worker.pid for worker in server.workers]
    assert [predict(server, STUCK).status_code for _ in range(2)] == [422, 422]
    deadline = time.monotonic() + 60
    while [worker.pid for worker in server.workers] == before or not server.workers:
        assert time.monotonic() < deadline, server.log.read_text()
        time.sleep(0.1)
    assert predict(server, face_jpeg()).status_code == 200
    assert "This process drains and is replaced" in server.log.read_text()
