"""The disk of the instance folder without room, or read-only: what is answered, what waits, and what is lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.support.images import face_jpeg
from tests.support.postgres import Cluster, cluster_or_skip
from tests.support.servers import ROOT, Server, environment_of, start_server
from tests.support.small_disk import SmallDisk, small_disk_or_skip
from tests.support.waiting import eventually
from tests.system.streaming.conftest import RawClient

from .rows import health, predict

FULL_AFTER = 300
"""Rows for which the log that was there had room, at most."""


@pytest.fixture
def disk(tmp_path: Path) -> SmallDisk:
    return small_disk_or_skip(tmp_path / "visionai")


@pytest.fixture
def server(tmp_path: Path, disk: SmallDisk) -> Iterator[Server]:
    """A server whose instance folder, its SQLite in it, is a disk of 5 MB."""
    settings = {"INSTANCE_PATH": str(disk.folder), "PRELOAD_MODEL": "true", "STREAM_LOG_INTERVAL_MS": "0"}
    server = start_server(tmp_path, within=disk.within, **settings)
    disk.of(server)
    yield server
    assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


def total(server: Server) -> int:
    """Return how many rows the figures count."""
    found: int = requests.get(f"{server.url}/api/v1/dashboard/stats", timeout=30).json()["total_predictions"]
    return found


def until_refused(server: Server) -> tuple[int, requests.Response]:
    """Send pictures until one is refused, and return how many were not, and the refusal."""
    for number in range(FULL_AFTER):
        answer = predict(server)
        if answer.status_code != 200:
            return number, answer
    raise AssertionError("The disk is not full.")


def test_a_full_disk_refuses_pictures_keeps_frames_in_memory_and_writes_them_when_there_is_room(
    server: Server, disk: SmallDisk
) -> None:
    disk.fill()
    written, answer = until_refused(server)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "database_unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert predict(server, record="false").status_code == 200
    assert health(server)["recorder"] == "degraded"
    assert requests.get(f"{server.url}/api/v1/health/live", timeout=30).status_code == 200
    client = RawClient(server.websocket_url + "/ws")
    answers = [client.ask(face_jpeg()) for _ in range(5)]
    assert [(body["status"], body["recorded"]) for body in answers] == [("success", True)] * 5
    client.close()
    disk.free()
    assert eventually(lambda: health(server)["status"] == "healthy")
    assert total(server) == written + 5
    assert predict(server).json()["id"] is not None


def test_a_server_that_stops_on_a_full_disk_says_how_many_rows_are_lost(server: Server, disk: SmallDisk) -> None:
    disk.fill()
    until_refused(server)
    client = RawClient(server.websocket_url + "/ws")
    assert client.ask(face_jpeg())["recorded"] is True
    client.close()
    assert server.stop() == 0
    assert "Rows are lost, since neither the database nor the disk took them: 1\n" in server.log.read_text()


class TestReadOnly:
    @pytest.fixture
    def cluster(self) -> Iterator[Cluster]:
        """A PostgreSQL of this test's own: it is stopped under it."""
        yield from cluster_or_skip()

    @pytest.fixture
    def server(self, tmp_path: Path, disk: SmallDisk, cluster: Cluster) -> Iterator[Server]:
        """A server whose rows go to PostgreSQL, and to the disk only while that is away."""
        settings = {"INSTANCE_PATH": str(disk.folder), "DATABASE_URL": cluster.new_database()}
        server = start_server(tmp_path, within=disk.within, PRELOAD_MODEL="true", **settings)
        disk.of(server).remount("ro")
        yield server
        assert server.stop() == 0
        assert "Traceback" not in server.log.read_text()

    def test_nothing_is_missing_while_the_database_is_there_and_frames_wait_in_memory_while_it_is_away(
        self, server: Server, cluster: Cluster, disk: SmallDisk
    ) -> None:
        assert predict(server).json()["id"] is not None
        cluster.stop()
        answer = predict(server)
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "database_unavailable")
        client = RawClient(server.websocket_url + "/ws")
        assert client.ask(face_jpeg())["recorded"] is True
        client.close()
        cluster.start()
        assert eventually(lambda: health(server)["recorder"] == "ok", 30)
        assert total(server) == 2

    def test_once_it_is_writable_rows_wait_there_again(self, server: Server, cluster: Cluster, disk: SmallDisk) -> None:
        cluster.stop()
        assert predict(server).status_code == 503
        disk.remount("rw")
        assert (predict(server).status_code, health(server)["recorder"]) == (200, "degraded")
        cluster.start()
        assert eventually(lambda: health(server)["recorder"] == "ok", 30)


def test_a_server_does_not_start_on_a_folder_that_it_cannot_write_to(tmp_path: Path, disk: SmallDisk) -> None:
    read_only = ["sh", "-c", 'mount -o remount,ro "$1" && shift && exec "$@"', "sh", str(disk.folder)]
    command = [*disk.within, *read_only, sys.executable, "-m", "visionai"]
    environment = environment_of(disk.folder)
    ended = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert "INSTANCE_PATH takes a folder that this user may write to" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
