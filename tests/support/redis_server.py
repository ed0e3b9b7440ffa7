"""A Redis of a test's own: on a free port, without a disk, stopped and started as the test likes."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from .postgres import free_port


class RedisServer:
    """Debian's `redis-server` in a process of its own."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    @property
    def url(self) -> str:
        """What REDIS_URL takes."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder)]
        self._process = subprocess.Popen([self._program, *options], stdout=subprocess.DEVNULL)
        with Redis(port=self.port) as client:
            for _ in range(100):
                try:
                    client.ping()
                except RedisError:
                    time.sleep(0.05)
                else:
                    return
        raise AssertionError("Redis did not start.")

    def fill(self) -> None:
        """Leave no memory for anything more: it goes on to answer, and takes no writes."""
        with Redis(port=self.port) as client:
            client.config_set("maxmemory-policy", "noeviction")
            client.config_set("maxmemory", 1)

    def stop(self) -> None:
        """Stop it as a machine stops that loses its power."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def redis_or_skip(folder: Path) -> Iterator[RedisServer]:
    """Yield a running Redis and stop it; skip the test where the machine has none."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("No Redis on this machine (apt-get install redis-server): tests on it are skipped.")
    server = RedisServer(program, folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
