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
    return Room(used, free_of(folder))


def free_of(folder: Path) -> int:
    """Return the bytes that are free where `folder` is, or will be made; raises OSError without a disk."""
    return shutil.disk_usage(folder if folder.is_dir() else folder.parent).free
