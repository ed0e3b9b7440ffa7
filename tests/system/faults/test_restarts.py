"""PostgreSQL restarted again and again, and restored from an older backup, under a server that goes on."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg2
import pytest
import requests

from tests.support.images import face_jpeg
from tests.support.postgres import Cluster, cluster_or_skip
from tests.support.servers import Server, environment_of, flask, start_server
from tests.support.waiting import eventually
from tests.system.streaming.conftest import Client, get, sign_in

from .rows import health, predict

RESTARTS = 20
PATIENCE_SECONDS = 30.0


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL of this file's own: it is stopped under it."""
    yield from cluster_or_skip()


@pytest.fixture(scope="module")
def database(cluster: Cluster) -> str:
    return cluster.new_database()


@pytest.fixture(scope="module")
def server(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = start_server(tmp_path_factory.mktemp("server"), DATABASE_URL=database, PRELOAD_MODEL="true")
    yield server
    assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


class Load:
    """Clients that send pictures and frames as long as `going` lasts, and what they were promised."""

    def __init__(self, server: Server) -> None:
        self.pictures: list[UUID] = []
        self.frames = 0
        self.failures: list[Any] = []
        self._server = server
        self._over = threading.Event()

    @contextmanager
    def going(self) -> Iterator[None]:
        threads = [threading.Thread(target=work) for work in (self._send_pictures, self._send_frames)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._over.set()
            for thread in threads:
                thread.join(PATIENCE_SECONDS)

    def _send_pictures(self) -> None:
        while not self._over.wait(0.02):
            answer = predict(self._server)
            if answer.status_code == 200:
                self.pictures.append(UUID(answer.json()["uid"]))
            else:
                self.failures.append(answer.text)

    def _send_frames(self) -> None:
        client = Client(self._server.url)
        while not self._over.wait(0.02):
            answer = client.call("predict", face_jpeg())
            self.frames += answer["recorded"]
            if answer["status"] != "success":
                self.failures.append(answer)
        client.close()


def selected(database: str, query: str) -> list[tuple[Any, ...]]:
    with closing(psycopg2.connect(database)) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def check(server: Server, database: str) -> None:
    """Wait until nothing waits for the database, and see that the counters are those of the log."""
    assert eventually(lambda: health(server)["status"] == "healthy", PATIENCE_SECONDS)
    flask(environment_of(server.folder, DATABASE_URL=database), "stats", "rebuild", "--check")


def test_nothing_is_lost_while_it_is_restarted_twenty_times(server: Server, cluster: Cluster, database: str) -> None:
    load = Load(server)
    with load.going():
        for number in range(RESTARTS):
            cluster.stop("immediate" if number % 2 else "fast")
            cluster.start()
    check(server, database)
    assert load.failures == []
    logged = [UUID(uid) for (uid,) in selected(database, "SELECT uid FROM predictions_log")]
    assert set(load.pictures) <= set(logged)
    assert len(logged) == len(set(logged))
    frames = "SELECT sum(frames) FROM predictions_log"
    assert eventually(lambda: selected(database, frames)[0][0] == len(load.pictures) + load.frames, PATIENCE_SECONDS)


def test_after_an_older_backup_is_restored_the_server_goes_on_and_what_came_since_is_gone(
    server: Server, cluster: Cluster, database: str, tmp_path: Path
) -> None:
    kept = sign_in(server, "before")
    backup = cluster.back_up(database, tmp_path / "backup")
    before = total(server)
    gone = sign_in(server, "since")
    since = {predict(server).json()["uid"] for _ in range(3)}
    load = Load(server)
    with load.going():
        time.sleep(0.5)
        cluster.restore(database, backup)
        time.sleep(1.5)
    assert load.failures == []
    check(server, database)
    there = {uid for (uid,) in selected(database, "SELECT uid::text FROM predictions_log")}
    assert there & since == set()
    assert total(server) >= before
    assert get(f"{server.url}/api/v1/auth/verify", bearer(kept))["username"] == "before"
    assert requests.get(f"{server.url}/api/v1/auth/verify", headers=bearer(gone), timeout=30).status_code == 401
    assert predict(server).json()["id"] is not None


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def total(server: Server) -> int:
    found: int = get(f"{server.url}/api/v1/dashboard/stats")["total_predictions"]
    return found
