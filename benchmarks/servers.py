"""The server that is measured: gunicorn as `make run` starts it, on a PostgreSQL that forces its rows to the disk."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil

from tests.support.postgres import Cluster, find_binaries
from tests.support.servers import ROOT as ROOT
from tests.support.servers import environment_of, flask, free_port

START_SECONDS, STOP_SECONDS = 60.0, 45.0
SETTINGS = """
listen_addresses = '127.0.0.1'
max_connections = 200
shared_buffers = 256MB
max_wal_size = 4GB
"""


@contextmanager
def postgresql() -> Iterator[Cluster]:
    """Yield a running PostgreSQL with its own defaults of durability; raises RuntimeError where there is none."""
    binaries = find_binaries()
    if binaries is None:
        raise RuntimeError("There is no PostgreSQL server on this machine: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="visionai-bench-"))
    cluster = Cluster(binaries, folder, settings=SETTINGS)
    try:
        cluster.create()
        yield cluster
        cluster.stop("fast")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Server:
    """A running server, and what it takes of the machine; with `loaded`, its network is loaded too.

    `root` is the tree whose code it runs.
    """

    def __init__(self, database_url: str, loaded: bool = True, root: Path = ROOT, **settings: str) -> None:
        self._loaded = loaded
        self._root = root
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="visionai-bench-"))
        self.start_seconds = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        self.environment = environment_of(
            self.folder, DATABASE_URL=database_url, HOST="127.0.0.1", PORT=str(self.port), **settings
        )

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Server:
        self.flask("db", "upgrade")
        begun = time.perf_counter()
        command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"]
        with (self.folder / "server.log").open("wb") as log:
            self._process = subprocess.Popen(command, cwd=self._root, env=self.environment, stdout=log, stderr=log)
        self._wait_for("/api/v1/health/live")
        self.start_seconds = time.perf_counter() - begun
        if self._loaded:
            self._wait_for("/api/v1/health/ready")
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        self.terminate()
        try:
            self.wait()
        except subprocess.TimeoutExpired:
            self._process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def terminate(self) -> None:
        """Tell it to stop."""
        assert self._process is not None
        self._process.terminate()

    def wait(self) -> None:
        """Wait until it has stopped; raises TimeoutExpired."""
        assert self._process is not None
        self._process.wait(STOP_SECONDS)

    def flask(self, *words: str) -> None:
        """Run a command of the command line on the server's database."""
        flask(self.environment, *words, root=self._root)

    def processor_seconds(self) -> float:
        """Return the processor time that the server's processes took until now."""
        return sum(sum(process.cpu_times()[:2]) for process in self._processes())

    def memory_mb(self) -> float:
        """Return the memory of all its processes in MB (10^6 bytes), shared pages counted once."""
        return sum(process.memory_full_info().pss for process in self._processes()) / 1e6

    def log(self) -> str:
        """Return what it logged."""
        return (self.folder / "server.log").read_text(errors="replace")

    def _processes(self) -> list[psutil.Process]:
        assert self._process is not None
        master = psutil.Process(self._process.pid)
        return [master, *master.children(recursive=True)]

    def _wait_for(self, path: str) -> None:
        assert self._process is not None
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            try:
                with urlopen(self.url + path, timeout=5):
                    return
            except (URLError, OSError):
                time.sleep(0.02)
        raise RuntimeError(f"The server did not answer {path}:\n{self.log()[-4000:]}")
