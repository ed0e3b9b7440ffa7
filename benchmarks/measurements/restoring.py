"""A backup of a log of many rows with their sessions and counters, made, verified and restored into another database.

All on PostgreSQL, each by one run of `flask backup`, its start included; what is restored is checked against its
counters, which is a part of the time.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from tests.support.servers import environment_of, flask

from ..bench import Bench
from ..database.filled_log import fill
from ..results import Row, judged, readable

TITLE = "Restore"
MEGABYTE = 1_000_000


def measure(bench: Bench) -> list[Row]:
    """Return how long each command took, and how large the backup was."""
    rows = bench.scale.rows[0]
    folder = Path(tempfile.mkdtemp(prefix="visionai-bench-"))
    try:
        source, target = (_installation(folder / name, bench) for name in ("source", "target"))
        flask(source, "db", "upgrade")
        fill(source["DATABASE_URL"], rows)
        archive = folder / "visionai.tar"
        created = _seconds(source, "create", archive)
        verified = _seconds(source, "verify", archive)
        restored = _seconds(target, "restore", archive)
        size = archive.stat().st_size
    finally:
        shutil.rmtree(folder)
    return [
        judged(f"Restoring {rows:,} rows", restored, "s", 60, 20),
        Row("Backing them up", readable(created, "s")),
        Row("Verifying that", readable(verified, "s")),
        Row("Size of the backup", readable(size / MEGABYTE, "MB")),
    ]


def _installation(folder: Path, bench: Bench) -> dict[str, str]:
    """Return the environment of an installation on a database of its own."""
    folder.mkdir()
    return environment_of(folder, DATABASE_URL=bench.cluster.new_database())


def _seconds(environment: dict[str, str], command: str, archive: Path) -> float:
    begun = time.perf_counter()
    flask(environment, "backup", command, str(archive))
    return time.perf_counter() - begun
