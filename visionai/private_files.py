"""Files and folders with private modes (0600, 0700): rows, names, password hashes and the secret are in them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from io import FileIO
from pathlib import Path
from uuid import uuid4

FILE_MODE, FOLDER_MODE = 0o600, 0o700
_OTHERS = 0o077


def make_folder(folder: Path) -> None:
    """Make a folder that is ours alone; one that is there stays as it is."""
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)


def opener(path: str, flags: int) -> int:
    """Open a file for the built-in `open`; a new one is ours alone."""
    return os.open(path, flags, FILE_MODE)


def create(path: Path) -> FileIO:
    """Make a file that is ours alone and open it, to read and write; raises FileExistsError where there is one."""
    binary = getattr(os, "O_BINARY", 0)  # Windows would turn line ends.
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | binary, FILE_MODE), "r+b", buffering=0)


def write(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file that is ours alone: it appears whole, and safe on the disk, or not at all if `parts` raise."""
    make_folder(path.parent)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{uuid4().hex[:8]}")
    try:
        with create(draft) as file:
            for part in parts:
                rest = memoryview(part)
                while rest:
                    rest = rest[file.write(rest) :]
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def make_file(path: str) -> None:
    """Make an empty file that is ours alone, where there is none; where none can be, whoever needs it finds out."""
    with contextlib.suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE))


def tighten(folder: Path, holding: Path | None = None) -> None:
    """Take a folder and all in it away from other users, as far as it is ours; links are not followed.

    A folder that has `holding` in it, such as the program itself, is nobody's instance folder and stays as it is.
    """
    if not hasattr(os, "geteuid") or (holding is not None and holding.is_relative_to(folder)):
        return  # Windows has no such modes: there a user's files are the user's.
    for parent, _, files in os.walk(folder):
        for path in (Path(parent), *(Path(parent, name) for name in files)):
            # Somebody else's, or gone meanwhile.
            with contextlib.suppress(OSError):
                _tighten(path)


def _tighten(path: Path) -> None:
    found = path.lstat()
    if not path.is_symlink() and found.st_mode & _OTHERS and found.st_uid == os.geteuid():
        path.chmod(found.st_mode & ~_OTHERS & 0o7777)
