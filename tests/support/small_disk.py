"""A disk of a server's own under its instance folder: small enough to fill, and it can be made read-only.

It is a tmpfs in a mount namespace of the server's, which root may make, and users where the system lets them.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.servers import Server

NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount")
MOUNT = 'mkdir -p "$1" && mount -t tmpfs -o size=5m,mode=0700 tmpfs "$1"'
BEGIN = f'{MOUNT} && {{ test ! -e "$1.sqlite3" || cp "$1.sqlite3" "$1/visionai.sqlite3"; }} && shift && exec "$@"'
FILLER = "filler"


class SmallDisk:
    """5 MB at `folder`, which only a server started `within` it sees there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.within: Sequence[str] = (*NAMESPACE, "sh", "-c", BEGIN, "sh", str(folder))
        self._pid = 0

    def of(self, server: Server) -> SmallDisk:
        """Look at the disk from outside, as this server has it."""
        self._pid = server.process.pid
        return self

    @property
    def seen(self) -> Path:
        """Where this process reaches the disk."""
        return Path(f"/proc/{self._pid}/root{self.folder}")

    def fill(self) -> None:
        """Leave not a byte."""
        with suppress(OSError), (self.seen / FILLER).open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))

    def free(self) -> None:
        """Give back what `fill` took."""
        (self.seen / FILLER).unlink()

    def remount(self, mode: str) -> None:
        """Make it read-only ("ro") or writable ("rw"); nothing on it may be open to be written."""
        enter = ["nsenter", f"--target={self._pid}", "--user", "--preserve-credentials", "--mount"]
        subprocess.run([*enter, "mount", "-o", f"remount,{mode}", str(self.folder)], check=True, capture_output=True)


def small_disk_or_skip(folder: Path) -> SmallDisk:
    """Return a small disk; skip the test where neither this user nor the system allows a namespace."""
    tried = subprocess.run([*NAMESPACE, "sh", "-c", MOUNT, "sh", str(folder)], capture_output=True, check=False)
    if tried.returncode != 0:
        pytest.skip("No mount namespaces for this user (unshare --user --mount): tests of full disks are skipped.")
    return SmallDisk(folder)
