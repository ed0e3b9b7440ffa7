"""Every line that a server process writes, gunicorn's own ones too, has one form and one clock."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from tests.support.servers import ROOT, environment_of, migrate, start_server
from tests.system.streaming.conftest import MODES

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
