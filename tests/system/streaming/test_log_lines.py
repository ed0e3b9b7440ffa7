"""Every line that a server process writes, gunicorn's own ones too, has one form and one clock."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from tests.support.servers import ROOT, environment_of, migrate, start_server
from tests.support.waiting import eventually
from tests.system.streaming.conftest import MODES, Client, RawClient

FAR_AWAY = {"TZ": "Pacific/Auckland", "PYTHONWARNINGS": "always"}
LINE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)Z (DEBUG|INFO|WARNING|ERROR|CRITICAL) [\w.]+: ")


def times_of(kind: str, lines: list[str]) -> list[datetime]:
    """The moment of each line; fails for one that is of another form."""
    if kind == "json":
        return [datetime.fromisoformat(json.loads(line)["time"]) for line in lines]
    found = [LINE.match(line) for line in lines]
    assert [line for line, match in zip(lines, found, strict=True) if not match] == []
    return [datetime.fromisoformat(match[1]).replace(tzinfo=UTC) for match in found if match]


def are_now(times: list[datetime]) -> bool:
    return all(abs((datetime.now(UTC) - time).total_seconds()) < 600 for time in times)


@pytest.mark.parametrize("kind", ["json", "text"])
@pytest.mark.parametrize("mode", MODES)
def test_from_start_to_stop_every_line_has_the_form_and_is_utc(mode: str, kind: str, tmp_path: Path) -> None:
    server = start_server(tmp_path, ASYNC_MODE=mode, LOG_FORMAT=kind, **FAR_AWAY)
    requests.get(server.url, timeout=10)
    assert server.stop() == 0
    lines = server.log.read_text().splitlines()
    assert are_now(times_of(kind, lines))
    assert [
        word
        for word in ("Listening", "route=/" if kind == "text" else '"route": "/"', "Shutting down")
        if not any(word in line for line in lines)
    ] == []


def test_the_development_server_writes_json_as_well(tmp_path: Path) -> None:
    server = start_server(tmp_path, program=["wsgi.py"], LOG_FORMAT="json", TZ=FAR_AWAY["TZ"])
    requests.get(server.url, timeout=10)
    server.stop()
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    assert {line["message"] for line in lines} >= {"request", f"VisionAI on {server.url}"}


def test_the_line_of_a_request_names_its_user_by_id(tmp_path: Path) -> None:
    server = start_server(tmp_path, ASYNC_MODE="threading", LOG_FORMAT="json")
    ana = {"username": "ana", "password": "a long enough one"}
    auth = f"{server.url}/api/v1/auth"
    user_id = requests.post(f"{auth}/register", json=ana, timeout=10).json()["user_id"]
    token = requests.post(f"{auth}/login", json=ana, timeout=10).json()["access_token"]
    assert requests.get(f"{auth}/verify", headers={"Authorization": f"Bearer {token}"}, timeout=10).status_code == 200
    requests.get(f"{server.url}/api/v1/emotions", timeout=10)
    assert server.stop() == 0
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    users = {line["route"]: line.get("user_id") for line in lines if line["message"] == "request"}
    assert (users["/api/v1/auth/verify"], users["/api/v1/emotions"]) == (user_id, None)


@pytest.mark.parametrize("kind", ["json", "text"])
def test_a_start_that_fails_has_the_form_too(kind: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        environment = environment_of(tmp_path, LOG_FORMAT=kind, PORT=str(taken.getsockname()[1]), **FAR_AWAY)
        migrate(tmp_path, environment)
        ended = subprocess.run(
            [sys.executable, "-m", "visionai"], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60
        )
    assert ended.returncode != 0
    lines = ended.stderr.splitlines()
    assert any("in use" in line for line in lines)
    assert are_now(times_of(kind, lines))


NOISE = [
    "printed to stdout",
    "in two lines",
    "printed to stderr",
    "begun and ended",
    "printed by a native thread",
    "warned of something",
    "a library's line",
    "a library's exception",
    "Uncaught exception in a thread",
    "An exception could not be raised",
    "A request failed: GET /noise",
]


@pytest.mark.parametrize("mode", MODES)
def test_whatever_makes_noise_every_line_is_json(mode: str, tmp_path: Path) -> None:
    program = ("-m", "gunicorn", "--config", "gunicorn.conf.py", "tests.support.noisy_app:app")
    server = start_server(tmp_path, program=program, ASYNC_MODE=mode, LOG_FORMAT="json", TZ=FAR_AWAY["TZ"])
    assert requests.get(f"{server.url}/noise", timeout=30).status_code == 500
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(b"no HTTP\r\n\r\n")
        connection.recv(100)
    server.process.send_signal(signal.SIGHUP)
    eventually(lambda: server.log.read_text().count("Booting worker") == 2)
    requests.get(f"{server.url}/noise", timeout=30)
    assert server.stop() == 0
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    assert are_now([datetime.fromisoformat(line["time"]) for line in lines])
    said = "\n".join(line["message"] for line in lines)
    assert [noise for noise in [*NOISE, "A request could not be read", "Hang up"] if noise not in said] == []
    assert "ValueError: noise that is raised" in {line["message"] for line in lines if line["logger"] == "stderr"}


def test_migrations_and_what_stops_them_are_json_too(tmp_path: Path) -> None:
    environment = environment_of(tmp_path, LOG_FORMAT="json", **FAR_AWAY)
    upgraded = run_flask(environment, "db", "upgrade")
    assert (upgraded.returncode, upgraded.stdout) == (0, "")
    assert any("Running upgrade" in message for message in messages(upgraded.stderr))
    lost = run_flask(environment | {"DATABASE_URL": "postgresql://127.0.0.1:9/none"}, "db", "upgrade")
    assert (lost.returncode, lost.stdout) == (1, "")
    assert messages(lost.stderr)[-1] == "Uncaught exception"
    wrong = run_flask(environment | {"PORT": "8000", "RETENTION_DAYS": "many"}, "db", "upgrade")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "RETENTION_DAYS" in messages(wrong.stderr)[0]


def run_flask(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flask", *words]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60)


def messages(written: str) -> list[str]:
    """The messages of lines, each of which is JSON."""
    return [json.loads(line)["message"] for line in written.splitlines()]


def test_a_log_that_is_cut_where_it_is_written_to_goes_on_from_its_start(tmp_path: Path) -> None:
    """As logrotate does with `copytruncate`."""
    server = start_server(tmp_path, ASYNC_MODE="threading", LOG_FORMAT="json")
    requests.get(f"{server.url}/api/v1/emotions", timeout=10)
    with server.log.open("r+b") as log:
        log.truncate(0)
    requests.get(f"{server.url}/dashboard", timeout=10)
    assert server.stop() == 0
    lines = [json.loads(line) for line in server.log.read_bytes().splitlines()]
    routes = {line.get("route") for line in lines}
    assert "/dashboard" in routes
    assert "/api/v1/emotions" not in routes


@pytest.mark.parametrize("mode", MODES)
def test_a_request_and_a_stream_are_found_by_the_trace_of_their_caller(mode: str, tmp_path: Path) -> None:
    server = start_server(tmp_path, ASYNC_MODE=mode, LOG_FORMAT="json")
    traces = {path: f"{number:032x}" for number, path in enumerate(("/api/v1/emotions", "/ws", "/socket.io"), 1)}
    sent = {path: {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"} for path, trace in traces.items()}
    answered = requests.get(f"{server.url}/api/v1/emotions", headers=sent["/api/v1/emotions"], timeout=10)
    assert answered.headers["traceresponse"].startswith(f"00-{traces['/api/v1/emotions']}-")
    RawClient(f"{server.websocket_url}/ws", header=sent["/ws"]).close()
    Client(server.url, headers=sent["/socket.io"]).close()
    assert server.stop() == 0
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    found = {(line["route"], line["trace_id"]) for line in lines if "trace_id" in line}
    assert traces.items() <= found
    ended = [line for line in lines if line["message"] == "stream ends"]
    assert [(line["route"], line["status"]) for line in ended] == [("/ws", 101), ("/socket.io", 101)]
