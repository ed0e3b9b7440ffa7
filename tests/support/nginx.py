"""The nginx of deploy/, on ports of a test's own, in front of servers of a test's own."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.postgres import free_port
from tests.support.waiting import eventually
from visionai import ROOT

SOURCE = ROOT / "deploy" / "nginx"
CERTIFICATE = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]

STOP_SECONDS = 30
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


class Nginx:
    """A copy of the configuration, with what is of the container's world replaced: names, ports, paths."""

    def __init__(self, program: str, folder: Path, servers: tuple[int, int]) -> None:
        self._program = program
        self.folder = folder
        self.port, self.tls_port = free_port(), free_port()
        for file in SOURCE.glob("*.conf"):
            shutil.copy(file, folder)
        shutil.copy("/etc/nginx/mime.types", folder)
        for name in ("nginx.conf", "tls.conf", "prefix.conf"):
            for address in ("127.0.0.1", "[::1]"):
                outside = "" if address == "127.0.0.1" else "[::]:"
                self._replace(name, f"listen {outside}80;", f"listen {address}:{self.port};")
                self._replace(name, f"listen {outside}443 ssl;", f"listen {address}:{self.tls_port} ssl;")
        # Its usual folders are root's; a test may be anybody's.
        folders = "".join(f"{use}_temp_path {folder / use};" for use in TEMPORARY)
        self._replace("nginx.conf", "server_tokens off;", folders)
        self._replace("nginx.conf", "/dev/stdout", str(folder / "access.log"))
        self._replace("nginx.conf", "/dev/stderr", str(folder / "error.log"))
        self._replace("nginx.conf", "visionai-1:8000", f"127.0.0.1:{servers[0]}")
        self._replace("nginx.conf", "visionai-2:8000", f"127.0.0.1:{servers[1]}")

    def use_tls(self) -> None:
        """Put tls.conf in the place of the server block, with a certificate of its own."""
        files = ["-keyout", "privkey.pem", "-out", "fullchain.pem", "-days", "1"]
        names = ["-subj", "/CN=visionai.example.org", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
        subprocess.run([*CERTIFICATE, *files, *names], cwd=self.folder, check=True, capture_output=True)
        self._replace("tls.conf", "/etc/nginx/tls", str(self.folder))
        self.use("tls.conf")

    def use(self, name: str) -> None:
        """Put another file of deploy/nginx in the place of the server block, as its head says."""
        main = (self.folder / "nginx.conf").read_text()
        block = main[main.index("    server {") : main.rindex("}")]
        (self.folder / "nginx.conf").write_text(main.replace(block, f"    include {name};\n"))

    def leave_prefix(self) -> None:
        """Have prefix.conf pass paths on as they are, and say nothing, as a proxy does that nobody told of it."""
        self._replace("prefix.conf", "rewrite ^/vision(/.*)$ $1;", "")
        self._replace("prefix.conf", "set $path_prefix /vision;", 'set $path_prefix "";')

    def check(self) -> str:
        """Return what `nginx -t` says; raises CalledProcessError where it does not like it."""
        done = subprocess.run([*self._command(), "-t"], capture_output=True, text=True, check=True)
        return done.stderr

    @contextmanager
    def running(self) -> Iterator[None]:
        """Have it run, in the foreground of a process of its own."""
        process = subprocess.Popen([*self._command("daemon off;")], stderr=subprocess.DEVNULL)
        try:
            assert eventually(self._listens), (self.folder / "error.log").read_text()
            yield
        finally:
            process.terminate()
            process.wait(STOP_SECONDS)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _command(self, more: str = "") -> list[str]:
        directives = f"pid {self.folder / 'nginx.pid'}; {more}"
        return [self._program, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-g", directives]

    def _replace(self, name: str, old: str, new: str) -> None:
        file = self.folder / name
        file.write_text(file.read_text().replace(old, new))


def nginx_or_skip(folder: Path, servers: tuple[int, int] = (1, 2)) -> Nginx:
    """Return an nginx in `folder` before servers on two ports; skips where the machine has none."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    return (
        Nginx(program, folder, servers)
        if program
        else pytest.skip("nginx is not installed here (apt-get install nginx)")
    )
