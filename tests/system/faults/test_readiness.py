"""Readiness of a real server: its schema is the code's, and a database that is away for a moment does not matter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.support.images import face_jpeg
from tests.support.postgres import Cluster, cluster_or_skip
from tests.support.servers import Server, environment_of, flask, start_server
from tests.support.waiting import eventually
from visionai.database import revisions

WANTED = revisions.known()[0]
WAIT_SECONDS = 30.0


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL of this file's own: it is stopped under the server."""
    yield from cluster_or_skip()


@pytest.fixture(scope="module")
def database(cluster: Cluster) -> str:
    return cluster.new_database()


@pytest.fixture(scope="module")
def server(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that was started before the tables of its database were made."""
    folder = tmp_path_factory.mktemp("readiness")
    server = start_server(folder, migrated=False, DATABASE_URL=database, PRELOAD_MODEL="true")
    yield server
    assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


def ready(server: Server) -> requests.Response:
    return requests.get(f"{server.url}/api/v1/health/ready", headers={"Accept-Language": "en"}, timeout=30)


def refusal(server: Server) -> tuple[int, str, dict[str, Any]]:
    answer = ready(server)
    error = answer.json()["error"]
    return answer.status_code, error["code"], error["details"]


def upgrade(server: Server, database: str, *revision: str) -> None:
    flask(environment_of(server.folder, DATABASE_URL=database), "db", "upgrade", *revision)


def test_a_server_is_not_ready_until_the_schema_is_its_own_and_says_what_it_is(server: Server, database: str) -> None:
    assert refusal(server) == (503, "database_outdated", {"revision": None, "wanted": WANTED})
    assert eventually(lambda: "The database has no tables yet" in server.log.read_text())
    upgrade(server, database, "0002")
    assert refusal(server) == (503, "database_outdated", {"revision": "0002", "wanted": WANTED})
    assert f"revision 0002, and this server needs {WANTED}" in ready(server).json()["error"]["message"]
    upgrade(server, database)
    assert ready(server).json() == {"status": "ready", "revision": WANTED}


def test_while_the_database_is_away_it_is_ready_and_reads_pictures(
    server: Server, database: str, cluster: Cluster
) -> None:
    upgrade(server, database)
    assert ready(server).status_code == 200
    cluster.stop()
    try:
        assert ready(server).status_code == 200
        answer = requests.post(
            f"{server.url}/api/v1/predict", face_jpeg(), headers={"Content-Type": "image/jpeg"}, timeout=60
        )
        assert (answer.status_code, answer.json()["recorded"], answer.json()["id"]) == (200, True, None)
        assert requests.get(f"{server.url}/api/v1/health", timeout=30).json()["database"] == "unavailable"
        assert ready(server).status_code == 200
    finally:
        cluster.start()
    health = f"{server.url}/api/v1/health"
    assert eventually(lambda: requests.get(health, timeout=30).json()["status"] == "healthy", WAIT_SECONDS)
