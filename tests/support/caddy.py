"""The Caddy of deploy/, on ports of a test's own, in front of servers of a test's own."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.postgres import free_port
from tests.support.waiting import eventually
from visionai import ROOT

SOURCE = ROOT / "deploy" / "caddy" / "Caddyfile"
SECONDS = 30


class Caddy:
    """A copy of the configuration, with what is of the container's world replaced: names and ports."""

    def __init__(self, program: str, folder: Path, servers: tuple[int, ...]) -> None:
        self._program = program
        self._folder = folder
        self._file = folder / "Caddyfile"
        self.port, self.tls_port = free_port(), free_port()
        written = SOURCE.read_text().replace(
            "\tadmin off\n", f"\tadmin off\n\thttp_port {self.port}\n\thttps_port {self.tls_port}\n"
        )
        for number, port in enumerate(servers, 1):
            written = written.replace(f"visionai-{number}:8000", f"127.0.0.1:{port}")
        self._file.write_text(written)

    @property
    def certificate(self) -> Path:
        """The root that its own certificates come from."""
        return self._folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"

    def check(self) -> str:
        """Return what `caddy validate` says; raises CalledProcessError where it does not like it."""
        command = [self._program, "validate", "--config", str(self._file)]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=True)
        return done.stdout + done.stderr

    @contextmanager
    def running(self) -> Iterator[None]:
        """Have it run until it is no longer needed."""
        log = self._folder / "caddy.log"
        command = [self._program, "run", "--config", str(self._file)]
        with log.open("wb") as output:
            process = subprocess.Popen(command, env=self._environment, stdout=output, stderr=output)
        try:
            assert eventually(self._is_trusted, SECONDS), log.read_text()
            yield
        finally:
            process.terminate()
            process.wait(SECONDS)

    @property
    def _environment(self) -> dict[str, str]:
        folder = str(self._folder)
        return {"PATH": os.environ["PATH"], "HOME": folder, "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder}

    def _is_trusted(self) -> bool:
        """Tell whether it has its certificate, which it makes while it starts: until then it breaks handshakes off."""
        try:
            context = ssl.create_default_context(cafile=self.certificate)
            with socket.create_connection(("127.0.0.1", self.tls_port), SECONDS) as line:
                context.wrap_socket(line, server_hostname="localhost").close()
        except OSError:
            return False
        return True


def caddy_or_skip(folder: Path, servers: tuple[int, ...] = (1, 2)) -> Caddy:
    """Return a Caddy in `folder` before servers on two ports; skips where the machine has none."""
    program = shutil.which("caddy")
    return Caddy(program, folder, servers) if program else pytest.skip("Caddy is not installed (apt-get install caddy)")
