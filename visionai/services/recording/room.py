"""Disk usage of the spool: what rows take there, and what is free."""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes that the spool's files take, those set aside among them, and bytes that are free on their disk."""

    used: int
    free: int


def room_of(folder: Path) -> Room:
    """Return the room of the spool in `folder`, which may not have been made yet; raises OSError without a disk."""
    used = 0
    # Another process may take a file over, and delete it, while we look.
    with contextlib.suppress(FileNotFoundError):
        for file in folder.iterdir():
            with contextlib.suppress(FileNotFoundError):
                used += file.stat().st_size
    there = folder if folder.is_dir() else folder.parent
    return Room(used, shutil.disk_usage(there).free)
