"""A PgBouncer of a test's own in transaction mode, set up as Debian's is out of the box."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest

from tests.support.postgres import as_service_user, free_port, service_user
from tests.support.waiting import eventually

STOP_SECONDS = 30
SETTINGS = """
[databases]
* = host=127.0.0.1 port={server_port}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
logfile = {folder}/pgbouncer.log
pool_mode = transaction
default_pool_size = 4
"""


class PgBouncer:
    """Hands transactions of any number of clients on to a few connections of the PostgreSQL on `server_port`."""

    def __init__(self, program: str, folder: Path, server_port: int) -> None:
        self._program = program
        self._folder = folder
        self.port = free_port()
        (folder / "users").write_text('"visionai" ""\n')
        settings = SETTINGS.format(server_port=server_port, port=self.port, folder=folder)
        (folder / "pgbouncer.ini").write_text(settings)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Have it run, in the foreground of a process of its own."""
        if owner := service_user():
            shutil.chown(self._folder, owner)
        command = as_service_user([self._program, "--quiet", str(self._folder / "pgbouncer.ini")])
        process = subprocess.Popen(command, cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            assert eventually(self._answers), (self._folder / "pgbouncer.log").read_text()
            yield
        finally:
            process.terminate()
            process.wait(STOP_SECONDS)

    def _answers(self) -> bool:
        try:
            psycopg2.connect(f"postgresql://visionai@127.0.0.1:{self.port}/postgres").close()
        except psycopg2.OperationalError:
            return False
        return True


def pgbouncer_or_skip(server_port: int) -> Iterator[PgBouncer]:
    """Yield a running PgBouncer before the PostgreSQL on a port; skip the test where the machine has none."""
    program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if program is None:
        pytest.skip("PgBouncer is not installed here (apt-get install pgbouncer)")
    # Not below pytest's own folder, which nobody else may enter.
    folder = Path(tempfile.mkdtemp(prefix="visionai-pgbouncer-"))
    try:
        bouncer = PgBouncer(program, folder, server_port)
        with bouncer.running():
            yield bouncer
    finally:
        shutil.rmtree(folder, ignore_errors=True)
