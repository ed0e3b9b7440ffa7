"""Readings of a real server that is stopped, killed, or loses its database: what was counted is written."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.images import face_jpeg
from tests.support.postgres import Cluster, cluster_or_skip
from tests.support.servers import Server, start_server
from tests.support.waiting import eventually
from tests.system.streaming.conftest import Client


@pytest.fixture(params=["eventlet", "threading"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    server = start_server(tmp_path, ASYNC_MODE=request.param, PRELOAD_MODEL="true")
    yield server
    server.stop()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "visionai.sqlite3"


def frames_in(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT coalesce(sum(frames), 0) FROM predictions_log").fetchone()[0]


def seconds_in(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT count(*) FROM predictions_log").fetchone()[0]


def stream(client: Client, seconds: float) -> int:
    """Send frames for so long and return how many the server said it recorded."""
    counted, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        counted += client.call("predict", face_jpeg())["recorded"]
    return counted


def test_a_server_that_is_told_to_stop_writes_every_frame_it_counted(server: Server, file: Path) -> None:
    client = Client(server.url)
    counted = stream(client, 2.5)
    assert server.stop() == 0
    client.close()
    assert frames_in(file) == counted > 0


def test_a_server_that_is_killed_loses_at_most_the_open_second(server: Server, file: Path) -> None:
    client = Client(server.url)
    assert stream(client, 4.5) > 0
    server.kill()
    client.close()
    # At least three of its seconds were over, and written within a quarter of a second.
    assert seconds_in(file) >= 3


def test_a_client_that_leaves_has_its_last_second_written(server: Server, file: Path) -> None:
    client = Client(server.url)
    counted = stream(client, 0.5)
    client.close()
    eventually(lambda: frames_in(file) == counted)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL of this test's own: it is stopped under it."""
    yield from cluster_or_skip()


def test_while_the_database_is_away_readings_of_a_session_wait_and_none_is_lost(
    cluster: Cluster, tmp_path: Path
) -> None:
    server = start_server(tmp_path, DATABASE_URL=cluster.new_database(), PRELOAD_MODEL="true")
    client = Client(server.url)
    try:
        begun = client.call("session_start")
        counted = stream(client, 2.0)
        cluster.stop()
        counted += stream(client, 20.0)
        cluster.start()
        counted += stream(client, 2.0)
        summary = eventually(lambda: ended(client))
    finally:
        client.close()
        server.stop()
    assert summary["uid"] == begun["uid"]
    assert summary["frames"] == counted
    assert summary["seconds"] >= 20


def ended(client: Client) -> dict[str, Any] | None:
    """Return the summary of the session, None while the database cannot end it."""
    answer: dict[str, Any] = client.call("session_end")
    return answer if answer["type"] == "session" else None
