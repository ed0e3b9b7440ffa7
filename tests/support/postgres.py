"""A PostgreSQL of a test run's own: made in a temporary folder, reached on a free port, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg2
import pytest

# Tests throw their data away, so nothing is forced to the disk.
SETTINGS = """
listen_addresses = '127.0.0.1'
fsync = off
full_page_writes = off
max_connections = 200
shared_buffers = 128MB
timezone = 'America/Lima'
"""

_SERVICE_USERS = ("postgres", "nobody")


class Cluster:
    """A PostgreSQL server that can be stopped under a test's feet and started again."""

    def __init__(self, binaries: Path, folder: Path, settings: str = SETTINGS) -> None:
        self._binaries = binaries
        self._folder = folder
        self._settings = settings
        self._data = folder / "data"
        self._numbers = count(1)
        self.port = free_port()

    def create(self) -> None:
        """Make the cluster and start it."""
        if owner := service_user():
            shutil.chown(self._folder, owner)
        self._run("initdb", "--pgdata", self._data, "--username=visionai", "--auth=trust", "--encoding=UTF8")
        settings = f"{self._settings}port = {self.port}\nunix_socket_directories = '{self._folder}'\n"
        with (self._data / "postgresql.conf").open("a") as file:
            file.write(settings)
        self.start()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        log = self._folder / "server.log"
        self._run("pg_ctl", "start", "--pgdata", self._data, "--wait", "--log", log, "--silent")

    def stop(self, mode: str = "immediate") -> None:
        """Stop the server; "immediate" is as if its machine had lost power, "fast" says good-bye."""
        self._run("pg_ctl", "stop", "--pgdata", self._data, "--wait", "--mode", mode, "--silent")

    @property
    def is_running(self) -> bool:
        """Whether the server was started and not stopped since."""
        return (self._data / "postmaster.pid").exists()

    def new_url(self) -> str:
        """Return the URL of a database that is yet to be made."""
        return self.url(f"test_{os.getpid()}_{next(self._numbers)}")

    def new_database(self) -> str:
        """Return the URL of an empty database."""
        url = self.new_url()
        self._execute(f"CREATE DATABASE {_name(url)}")
        return url

    def copy_database(self, template: str, url: str) -> None:
        """Make the database of `url` a copy of another one, which nobody may be connected to."""
        self._execute(
            f"DROP DATABASE IF EXISTS {_name(url)}", f"CREATE DATABASE {_name(url)} TEMPLATE {_name(template)}"
        )

    def drop_database(self, url: str) -> None:
        """Remove the database of `url`, whoever is connected to it."""
        self._execute(f"DROP DATABASE IF EXISTS {_name(url)} WITH (FORCE)")

    def back_up(self, url: str, file: Path) -> Path:
        """Write what the database of `url` holds to a file, in PostgreSQL's own way, and return it."""
        command = self._of("pg_dump", "--format=custom", f"--dbname={url}")
        file.write_bytes(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
        return file

    def restore(self, url: str, file: Path) -> None:
        """Put a backup in the place of the database of `url`, whoever is connected to it."""
        self.drop_database(url)
        self._execute(f"CREATE DATABASE {_name(url)}")
        with file.open("rb") as backup:
            subprocess.run(self._of("pg_restore", "--exit-on-error", f"--dbname={url}"), stdin=backup, check=True)

    def _of(self, program: str, *arguments: str) -> list[str]:
        return [str(self._binaries / program), *arguments]

    def _execute(self, *statements: str) -> None:
        connection = psycopg2.connect(self.url("postgres"))
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
        finally:
            connection.close()

    def url(self, database: str, port: int | None = None) -> str:
        """Return the URL of a database, over another port where something stands in between."""
        return f"postgresql://visionai@127.0.0.1:{port or self.port}/{database}"

    def _run(self, program: str, *arguments: object) -> None:
        command = as_service_user([str(self._binaries / program), *map(str, arguments)])
        # Output goes to a file: the server keeps what pg_ctl hands on open, and a pipe would never end.
        with (self._folder / f"{program}.out").open("w+b") as output:
            done = subprocess.run(
                command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd=self._folder, check=False
            )
            output.seek(0)
            assert done.returncode == 0, output.read().decode()


def cluster_or_skip() -> Iterator[Cluster]:
    """Yield a running cluster and remove it; skip the test where the machine has no PostgreSQL server."""
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("No PostgreSQL server on this machine (apt-get install postgresql): tests on it are skipped.")
    folder = Path(tempfile.mkdtemp(prefix="visionai-pg-"))
    cluster = Cluster(binaries, folder)
    try:
        cluster.create()
        yield cluster
        if cluster.is_running:
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find_binaries() -> Path | None:
    """Return the folder of the newest PostgreSQL server there is, None where there is none."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    if told := shutil.which("pg_config"):
        named = subprocess.run([told, "--bindir"], capture_output=True, text=True, check=True).stdout.strip()
        candidates.append(Path(named))
    return next((path for path in reversed(candidates) if (path / "initdb").exists()), None)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def as_service_user(command: list[str]) -> list[str]:
    """Return a command that runs `command` as another user where we are root."""
    if owner := service_user():
        return ["setpriv", f"--reuid={owner}", "--init-groups", f"--regid={_group_of(owner)}", *command]
    return command


def service_user() -> str | None:
    """Return whom to run as where we are root, which PostgreSQL and PgBouncer refuse."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in _SERVICE_USERS if name in known)


def _name(url: str) -> str:
    return url.rpartition("/")[2]


def _group_of(user: str) -> int:
    return pwd.getpwnam(user).pw_gid
