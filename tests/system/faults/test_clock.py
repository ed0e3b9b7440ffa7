"""The machine's clock is set back an hour under a server, as after a wrong one was corrected."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import requests

from tests.support.clock import WallClock, wall_clock_or_skip
from tests.support.images import face_jpeg
from tests.support.servers import Server, environment_of, flask, start_server
from tests.system.streaming.conftest import Client, post, sign_in

from .rows import predict

HOUR = 3600
PASSWORD = "una frase larga"


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> WallClock:
    return wall_clock_or_skip(tmp_path_factory.mktemp("clock"))


@pytest.fixture(scope="module")
def server(clock: WallClock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a clock of its own."""
    server = start_server(tmp_path_factory.mktemp("server"), PRELOAD_MODEL="true", **clock.settings)
    yield server
    assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


@pytest.fixture
def back(clock: WallClock) -> Iterator[Any]:
    """Set the clock back an hour, and right again after the test."""
    yield lambda: clock.set(-HOUR)
    clock.set(0)


def call(server: Server, method: str, path: str, token: str | None = None, **options: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.request(method, f"{server.url}/api/v1{path}", headers=headers, timeout=60, **options)


def log_in(server: Server, username: str, password: str = PASSWORD) -> requests.Response:
    return call(server, "POST", "/auth/login", json={"username": username, "password": password})


def test_the_server_has_the_clock_of_the_test(server: Server, back: Any) -> None:
    before = datetime.fromisoformat(predict(server).json()["timestamp"])
    back()
    after = datetime.fromisoformat(predict(server).json()["timestamp"])
    assert 3500 < (before - after).total_seconds() < 3600


def test_logins_of_before_stay_and_new_ones_begin(server: Server, back: Any) -> None:
    access = sign_in(server, "before")
    refresh = log_in(server, "before").json()["refresh_token"]
    ended = log_in(server, "before").json()["access_token"]
    assert call(server, "POST", "/auth/logout", ended).status_code == 204
    back()
    assert call(server, "GET", "/auth/verify", access).status_code == 200
    assert call(server, "POST", "/auth/refresh", refresh).status_code == 200
    assert call(server, "GET", "/auth/verify", ended).status_code == 401
    assert call(server, "GET", "/auth/verify", sign_in(server, "after")).status_code == 200


def test_who_was_throttled_waits_no_hour(server: Server, clock: WallClock, back: Any) -> None:
    sign_in(server, "forgetful")
    tries = [log_in(server, "forgetful", "adivinando").status_code for _ in range(6)]
    assert tries == [401] * 5 + [429]
    back()
    clock.set(61 - HOUR)
    assert log_in(server, "forgetful").status_code == 200


def test_a_stream_counts_its_seconds_on_and_marks_them(server: Server, back: Any) -> None:
    client = Client(server.url)
    client.call("session_start")
    frames = stream(client, 2.2)
    back()
    frames += stream(client, 2.2)
    assert client.call("marker", {"label": "after"})["status"] == "success"
    summary = client.call("session_end")
    client.close()
    assert summary["frames"] == frames
    assert summary["seconds"] >= 4
    assert [person["last_offset_ms"] // 1000 >= 3 for person in summary["people"]] == [True]
    assert [marker["offset_ms"] // 1000 >= 3 for marker in summary["markers"]] == [True]
    assert datetime.fromisoformat(summary["ended_at"]) >= datetime.fromisoformat(summary["started_at"])
    assert summary["gaps"] == []


def test_pictures_of_a_session_go_on_and_it_ends(server: Server, back: Any) -> None:
    session = post(f"{server.url}/api/v1/sessions", {})
    owner = {"X-Session-Receipt": session["receipt"]}
    url = f"{server.url}/api/v1/sessions/{session['uid']}"
    back()
    answer = requests.post(
        f"{server.url}/api/v1/predict?session={session['uid']}",
        face_jpeg(),
        headers={**owner, "Content-Type": "image/jpeg"},
        timeout=30,
    )
    assert answer.status_code == 200
    ended = requests.post(f"{url}/end", headers=owner, timeout=30)
    assert (ended.status_code, ended.json()["status"], ended.json()["frames"]) == (200, "ended", 1)


def test_the_counters_are_right(server: Server, back: Any) -> None:
    predict(server)
    back()
    assert predict(server).json()["id"] is not None
    flask(environment_of(server.folder), "stats", "rebuild", "--check")


def stream(client: Client, seconds: float) -> int:
    """Send frames for so long and return how many were counted into readings."""
    counted, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        counted += client.call("predict", face_jpeg())["recorded"]
        time.sleep(0.05)
    return counted
