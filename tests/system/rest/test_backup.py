"""Backups of a server that goes on recording, on both databases, and the machine that is restored from one."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.support.images import face_jpeg
from tests.support.servers import ROOT, Server, environment_of, flask, start_server
from tests.support.waiting import eventually

PATIENCE_SECONDS = 60.0
ACCOUNT = {"username": "usuario", "password": "una frase larga"}


class Recording(threading.Thread):
    """A client whose pictures are recorded one after the other; `ids` are those of committed rows."""

    def __init__(self, server: Server) -> None:
        super().__init__(daemon=True)
        self.ids: list[int] = []
        self.failures: list[str] = []
        self._url = f"{server.url}/api/v1/predict"
        self._stopped = threading.Event()

    def run(self) -> None:
        while not self._stopped.is_set():
            answer = requests.post(self._url, data=face_jpeg(), headers={"Content-Type": "image/jpeg"}, timeout=60)
            if answer.status_code == 200 and answer.json()["recorded"]:
                self.ids.append(answer.json()["id"])
            else:
                self.failures.append(answer.text)

    def stop(self) -> None:
        self._stopped.set()
        self.join(PATIENCE_SECONDS)


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[dict[str, str], dict[str, str]]:
    """The settings of a machine, and of the empty one that takes its place."""
    if request.param == "sqlite":
        return {}, {}
    cluster = request.getfixturevalue("cluster")
    # A password that must be seen by nobody; the cluster takes any.
    urls = [cluster.new_database().replace("visionai@", "visionai:secreto@") for _ in range(2)]
    return {"DATABASE_URL": urls[0]}, {"DATABASE_URL": urls[1]}


@pytest.fixture
def server(databases: tuple[dict[str, str], dict[str, str]], tmp_path: Path) -> Iterator[Server]:
    server = start_server(tmp_path / "one", **databases[0])
    yield server
    server.stop()


def command_lines_of(process: subprocess.Popen[bytes]) -> set[str]:
    """Watch a process and its children until it ends, and return the arguments that anybody could have seen."""
    seen = set()
    while process.poll() is None:
        listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
        seen |= set(listed.splitlines())
    return seen


def test_what_was_recorded_before_a_backup_is_in_it_and_a_restored_machine_goes_on(
    server: Server, databases: tuple[dict[str, str], dict[str, str]], tmp_path: Path
) -> None:
    requests.post(f"{server.url}/api/v1/auth/register", json=ACCOUNT, timeout=30)
    login = requests.post(f"{server.url}/api/v1/auth/login", json=ACCOUNT, timeout=30).json()
    recording = Recording(server)
    recording.start()
    assert eventually(lambda: len(recording.ids) > 5, PATIENCE_SECONDS), recording.failures
    before = set(recording.ids)
    archive = tmp_path / "backup.tar"
    words = [sys.executable, "-m", "flask", "backup", "create", str(archive)]
    with subprocess.Popen(words, cwd=ROOT, env=environment_of(server.folder, **databases[0])) as process:
        seen = command_lines_of(process)
    assert process.returncode == 0
    assert not any("secreto" in line for line in seen)
    during = len(recording.ids)
    assert eventually(lambda: len(recording.ids) > during, PATIENCE_SECONDS)
    recording.stop()
    assert recording.failures == []
    server.process.send_signal(signal.SIGTERM)

    operator = environment_of(tmp_path / "two", **databases[1])
    (tmp_path / "two").mkdir()
    flask(operator, "backup", "restore", str(archive))
    flask(operator, "stats", "rebuild", "--check")
    assert before <= ids_of(flask(operator, "predictions", "export"))
    restored = start_server(tmp_path / "two", **databases[1])
    bearer = {"Authorization": f"Bearer {login['access_token']}"}
    assert requests.get(f"{restored.url}/api/v1/auth/users/me", headers=bearer, timeout=30).json()["username"]
    answer = requests.post(
        f"{restored.url}/api/v1/predict", data=face_jpeg(), headers={"Content-Type": "image/jpeg"}, timeout=60
    )
    assert answer.json()["id"] > max(before)
    assert restored.stop() == 0


def ids_of(export: str) -> set[int]:
    """The ids of rows in a CSV."""
    header, *lines = export.splitlines()
    assert header.startswith("id,")
    return {int(line.partition(",")[0]) for line in lines}
