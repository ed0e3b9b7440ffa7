"""Files of the instance folder that are damaged under a server, or before its start: the spool, the SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest
import requests

from tests.support.rows import a_row
from tests.support.servers import environment_of, flask, start_server
from tests.support.waiting import eventually
from visionai.services.recording.row import to_line

from .rows import health, predict, uids_in

PAGE = 4096
GARBAGE = [b"\xff\xfe not a row\n", b"00000000 []\n", b"\n", b'{"a": 1}\n', bytes(100_000) + b"\n"]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "visionai.sqlite3"


def damage(file: Path) -> None:
    """Overwrite all of a file but its first page, as a disk that is broken does."""
    with file.open("r+b") as handle:
        handle.seek(PAGE)
        handle.write(b"\xff" * (file.stat().st_size - PAGE))


def test_damaged_lines_of_the_spool_are_set_aside_and_the_others_are_written(tmp_path: Path, database: Path) -> None:
    rows = [a_row() for _ in range(3)]
    spool = tmp_path / "spool"
    spool.mkdir()
    whole = [to_line(row) for row in rows]
    torn = to_line(a_row())[:-20]
    (spool / "gone-1-0.rows").write_bytes(b"".join([whole[0], *GARBAGE, whole[1], whole[2], torn]))
    server = start_server(tmp_path)
    assert eventually(lambda: uids_in(database) == {row.uid for row in rows}, 30)
    assert eventually(lambda: health(server)["recorder"] == "ok", 30)
    assert predict(server).json()["id"] is not None
    assert (spool / "gone-1-0.damaged").read_bytes() == b"".join(GARBAGE)
    assert list(spool.glob("*.rows")) == []
    metrics = requests.get(f"{server.url}/metrics", timeout=30).text
    assert f"visionai_recorder_set_aside_total {float(len(GARBAGE))}" in metrics
    assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


class TestSQLite:
    @pytest.fixture
    def backup(self, tmp_path: Path, database: Path) -> Iterator[Path]:
        """A backup of an SQLite that was damaged since, while its server ran."""
        server = start_server(tmp_path, PRELOAD_MODEL="true")
        assert predict(server).json()["id"] is not None
        copy = tmp_path / "backup.sqlite3"
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        damage(database)
        assert [predict(server).status_code for _ in range(5)] == [200] * 5
        assert server.stop() == 0
        assert "Traceback" not in server.log.read_text()
        return copy

    def test_a_server_goes_on_with_a_damaged_one_and_its_rows_are_in_the_restored_one(
        self, tmp_path: Path, database: Path, backup: Path
    ) -> None:
        server = start_server(tmp_path)
        assert (health(server)["status"], health(server)["database"]) == ("degraded", "unavailable")
        answers = [predict(server).json() for _ in range(3)]
        assert {(body["id"], body["recorded"]) for body in answers} == {(None, True)}
        figures = requests.get(f"{server.url}/api/v1/dashboard/stats", timeout=30)
        assert (figures.status_code, figures.json()["error"]["code"]) == (503, "database_unavailable")
        assert server.stop() == 0
        restore(backup, database)
        server = start_server(tmp_path)
        promised = {UUID(body["uid"]) for body in answers}
        assert eventually(lambda: promised <= uids_in(database), 30)
        assert eventually(lambda: health(server)["status"] == "healthy", 30)
        flask(environment_of(tmp_path), "stats", "rebuild", "--check")
        assert server.stop() == 0
        assert "Traceback" not in server.log.read_text()


def restore(backup: Path, database: Path) -> None:
    """Put a backup in the place of a database whose server is stopped, and take away what belongs to the old one."""
    for suffix in ("-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    backup.replace(database)
