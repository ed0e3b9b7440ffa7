"""PostgreSQL stopped, cut off and lost under the recorder, and its process killed: every row is there once."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

import config as configuration
from tests.support.postgres import Cluster, cluster_or_skip
from tests.support.rows import a_row
from tests.support.waiting import eventually
from visionai import create_app
from visionai.extensions import db
from visionai.models import PredictionLog
from visionai.services import lifecycle
from visionai.services.recording.recorder import recorder
from visionai.services.statistics import rebuild

WAIT_SECONDS = 30.0
COMMIT = b"COMMIT"


class CuttingProxy:
    """Stands between the recorder and PostgreSQL; cuts a connection right after it passed a COMMIT on."""

    def __init__(self, port: int) -> None:
        self._upstream = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.cuts_left = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._upstream))
            threading.Thread(target=self._forward, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self._forward, args=(server, client, False), daemon=True).start()

    def _forward(self, source: socket.socket, target: socket.socket, requests: bool) -> None:
        with source, target:
            while data := _received(source):
                if requests and COMMIT in data and self.cuts_left:
                    self.cuts_left -= 1
                    # No answer reaches the client any more, while the server commits.
                    source.shutdown(socket.SHUT_RDWR)
                    target.sendall(data)
                    time.sleep(0.2)
                    return
                try:
                    target.sendall(data)
                except OSError:
                    return


def _received(source: socket.socket) -> bytes:
    try:
        return source.recv(65536)
    except OSError:
        return b""


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL of this test's own: it is stopped under it."""
    yield from cluster_or_skip()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[str], Flask]]:
    """Make an application on a database, with its tables, and enter its context."""
    opened: list[tuple[Flask, object]] = []

    def make(url: str) -> Flask:
        app = create_app(configuration.Testing(tmp_path, DATABASE_URL=url))
        context = app.app_context()
        context.push()
        upgrade()
        opened.append((app, context))
        return app

    yield make
    for app, context in reversed(opened):
        lifecycle.stop(app)
        db.session.remove()
        db.engine.dispose()
        context.pop()  # type: ignore[attr-defined]


def logged() -> list[UUID]:
    with db.engine.connect() as connection:
        return list(connection.scalars(select(PredictionLog.uid)))


def settled() -> bool:
    return recorder.state == "ok" and recorder.backlog == 0


def test_while_postgresql_is_stopped_and_started_again_every_accepted_row_is_written_once(
    cluster: Cluster, serve: Callable[[str], Flask]
) -> None:
    app = serve(cluster.new_database())
    accepted: list[UUID] = []
    states: set[str] = set()
    stopping = threading.Event()

    def stream() -> None:
        with app.app_context():
            while not stopping.is_set():
                row = a_row()
                if recorder.offer(row):
                    accepted.append(row.uid)
                states.add(recorder.state)
                time.sleep(0.002)

    def ask() -> None:
        with app.app_context():
            while not stopping.is_set():
                row = a_row()
                recorder.write(row)
                accepted.append(row.uid)

    tasks = [threading.Thread(target=task) for task in (stream, ask, ask)]
    for task in tasks:
        task.start()
    time.sleep(1)
    cluster.stop("immediate")
    time.sleep(3)
    cluster.start()
    time.sleep(1)
    stopping.set()
    for task in tasks:
        task.join()
    assert eventually(settled, WAIT_SECONDS)
    assert "degraded" in states
    assert sorted(logged()) == sorted(accepted)
    assert rebuild.check() == []


@pytest.mark.parametrize("cuts", [1, 4])
def test_a_commit_whose_answer_is_lost_makes_no_row_twice(
    cluster: Cluster, serve: Callable[[str], Flask], cuts: int
) -> None:
    proxy = CuttingProxy(cluster.port)
    name = cluster.new_database().rpartition("/")[2]
    serve(cluster.url(name, proxy.port))
    recorder.write(a_row())
    proxy.cuts_left = cuts
    rows = [a_row() for _ in range(20)]
    for row in rows:
        recorder.write(row)
    assert eventually(settled, WAIT_SECONDS)
    assert proxy.cuts_left == 0
    assert len(logged()) == 21
    assert set(logged()) >= {row.uid for row in rows}
    assert rebuild.check() == []
    proxy.close()


# Writes rows while the database is away, says when they are safe, and waits to be killed.
DYING = """
import sys, time
from pathlib import Path
import config
from tests.support.rows import a_row
from visionai import create_app
from visionai.services.recording.recorder import recorder

app = create_app(config.Testing(Path(sys.argv[1]), DATABASE_URL=sys.argv[2]))
with app.app_context():
    for _ in range(30):
        row = a_row()
        assert recorder.write(row) is None
        print(row.uid, flush=True)
    print("done", flush=True)
    time.sleep(60)
"""


def test_the_rows_of_a_killed_process_are_written_by_the_next(
    cluster: Cluster, serve: Callable[[str], Flask], tmp_path: Path
) -> None:
    url = cluster.new_database()
    cluster.stop()
    dying = subprocess.Popen(
        [sys.executable, "-c", DYING, str(tmp_path), url],
        stdout=subprocess.PIPE,
        text=True,
        cwd=configuration.ROOT,
        env={**os.environ, "PYTHONPATH": str(configuration.ROOT)},
    )
    with dying:
        assert dying.stdout is not None
        promised = [UUID(line.strip()) for line in iter(dying.stdout.readline, "done\n")]
        dying.send_signal(signal.SIGKILL)
    assert len(promised) == 30
    cluster.start()
    serve(url)
    recorder.start()
    assert eventually(lambda: sorted(logged()) == sorted(promised), WAIT_SECONDS)
    assert eventually(settled, WAIT_SECONDS)
    assert list((tmp_path / "spool").iterdir()) == []
    assert rebuild.check() == []
