"""A wall clock of a server's own, which a test sets back or forward; its other clocks stay true."""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("wall_clock.c")


class WallClock:
    """The clock of the servers that are started with `settings`."""

    def __init__(self, compiler: str, folder: Path) -> None:
        self._file = folder / "wall_clock"
        library = folder / "wall_clock.so"
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE)], check=True)
        self.settings = {"LD_PRELOAD": str(library), "WALL_CLOCK": str(self._file)}
        self.set(0)

    def set(self, seconds: int) -> None:
        """Let it be so many seconds before (negative) or after the true time."""
        with self._file.open("r+b" if self._file.exists() else "w+b", buffering=0) as file:
            file.write(struct.pack("=q", seconds))


def wall_clock_or_skip(folder: Path) -> WallClock:
    """Return a clock; skip the test where the machine has no C compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("No C compiler on this machine (apt-get install gcc libc6-dev): tests of clocks are skipped.")
    return WallClock(compiler, folder)
