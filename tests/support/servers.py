"""Real servers for tests: gunicorn in a process of its own, as `make run` starts it, on a free port."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil

from visionai import ROOT

START_SECONDS, STOP_SECONDS = 60.0, 40.0
PROGRAM = ("-m", "visionai")
SECRET = "a secret of tests and of nothing else"


@dataclass
class Server:
    """A running server. `url` has no slash at its end; `folder` is its instance folder."""

    url: str
    process: subprocess.Popen[bytes]
    folder: Path
    log: Path

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    @property
    def websocket_url(self) -> str:
        return self.url.replace("http://", "ws://")

    @property
    def workers(self) -> list[psutil.Process]:
        """The processes that answer, gunicorn's own left out."""
        return psutil.Process(self.process.pid).children()

    @property
    def memory(self) -> int:
        """Resident bytes of all its processes."""
        return sum(process.memory_info().rss for process in [psutil.Process(self.process.pid), *self.workers])

    def stop(self) -> int:
        """Ask it to stop, wait until it has, and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)

    def kill(self) -> None:
        """Kill every process of it at once, as a power cut would."""
        victims = [*self.workers, psutil.Process(self.process.pid)]
        for victim in victims:
            victim.kill()
        self.process.wait(STOP_SECONDS)
        psutil.wait_procs(victims, STOP_SECONDS)


def start_server(
    folder: Path,
    port: int | None = None,
    host: str = "127.0.0.1",
    program: Sequence[str] = PROGRAM,
    within: Sequence[str] = (),
    migrated: bool = True,
    **settings: str,
) -> Server:
    """Start a server whose instance folder is `folder`, on a `migrated` database, and wait until it answers.

    `settings` are environment variables; nothing else of this machine's settings reaches the server. Without
    DATABASE_URL it is on SQLite. `within` is a command that becomes the server's, such as one of `SmallDisk`.
    """
    port = port or free_port()
    environment = environment_of(folder, **{"HOST": host, "PORT": str(port), **settings})
    if migrated:
        migrate(folder, environment)
    log = folder / "server.log"
    command = [*within, sys.executable, *program]
    with log.open("ab") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    server = Server(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}", process, folder, log)
    _wait_until_it_answers(server)
    return server


def environment_of(folder: Path, **settings: str) -> dict[str, str]:
    """Return an environment with `settings` and none of the machine's own.

    `CI` is left out too: it turns off OpenVINO's telemetry, and would hide that we do.
    """
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "FLASK_APP": "visionai", "SECRET_KEY": SECRET, "INSTANCE_PATH": str(folder), **settings}


def migrate(folder: Path, environment: dict[str, str]) -> None:
    """Bring the database of `environment` up to date; an SQLite is copied from one that was made before."""
    folder.mkdir(parents=True, exist_ok=True)
    if "DATABASE_URL" in environment:
        flask(environment, "db", "upgrade")
    elif not (database := folder / "visionai.sqlite3").exists():
        shutil.copy(_migrated_sqlite(), database)


def flask(environment: dict[str, str], *arguments: str, root: Path = ROOT) -> str:
    """Run the command line of the tree `root` in `environment` and return what it prints."""
    command = [sys.executable, "-m", "flask", *arguments]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@cache
def _migrated_sqlite() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="visionai-tests-"))
    flask(environment_of(folder), "db", "upgrade")
    return folder / "visionai.sqlite3"


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _wait_until_it_answers(server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert server.process.poll() is None, server.log.read_text()
        try:
            with urlopen(f"{server.url}/api/v1/health/live", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError("the server did not answer:\n" + server.log.read_text())
