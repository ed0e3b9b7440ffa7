"""The spool: a queue of rows on disk while the database is away, in order and forced to the disk.

Each process writes a file of its own and holds a lock on it as long as it lives. A file whose lock is free belongs to
a process that died, and whoever gets the lock writes its rows. Nothing is marked as written: a row that is written
twice is one row, by its uid.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import sys
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from ... import private_files
from .room import free_of
from .row import Row, from_line, to_line

logger = logging.getLogger(__name__)

MAX_BYTES = 1 << 30
"""How much one process puts on the disk: about seven million rows, eight hours of a busy server."""

ROOM_BYTES = 16 << 20
"""How much must be left of that, and free on the disk: a hundred thousand rows, minutes of a busy server."""

PATTERN = "*.rows"

if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _lock(file: BinaryIO) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class Spool:
    """The rows of this process on the disk, and those of dead processes that it took over.

    None of it may be called from two threads at once, and all of it waits for the disk.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own: _File | None = None
        self._adopted: _File | None = None
        self._given_up: set[Path] = set()
        self.set_aside_count = 0
        """How many lines and files could not be read so far, and are on the disk under another name."""

    @property
    def waiting(self) -> int:
        """How many rows are on the disk and still to be written to the database."""
        return sum(file.waiting for file in (self._own, self._adopted) if file)

    @property
    def has_room(self) -> bool:
        """Whether the disk, and the share of this process, would take rows for some minutes."""
        used = self._own.size if self._own else 0
        try:
            return used + ROOM_BYTES <= MAX_BYTES and free_of(self._folder) >= ROOM_BYTES
        except OSError:
            return False

    def append(self, rows: Sequence[Row]) -> None:
        """Put rows on the disk, and return when they are safe there; raises OSError where the disk does not take them.

        Either all of them are appended or none.
        """
        if self._own is None:
            self._own = _File.create(self._folder)
        self._own.append(rows)

    def read(self, limit: int) -> list[Row]:
        """Return the next rows, at most `limit`, those of dead processes first; the same again until `done`."""
        file = self._adopted or self._own
        return file.read(limit) if file else []

    def done(self) -> None:
        """Let go of what was read last: it is in the database."""
        file = self._adopted or self._own
        if file is None:
            return
        damaged = file.damaged
        if file.done():
            self._forget()
        self.set_aside_count += damaged

    def set_aside(self) -> None:
        """Leave the file that is read under another name, which nobody takes up, and go on with what there is else."""
        if file := self._adopted or self._own:
            self._given_up.add(file.path)
            self.set_aside_count += 1
            self._forget()
            file.set_aside()

    def _forget(self) -> None:
        """Let go of the file that is read."""
        if self._adopted:
            self._adopted = None
        else:
            self._own = None

    def adopt(self) -> bool:
        """Take over a file of a dead process, unless there is one in hand already; tell whether there is one now."""
        if self._adopted is None and self._folder.is_dir():
            mine = self._own.path if self._own else None
            candidates = (path for path in sorted(self._folder.glob(PATTERN)) if path not in {mine, *self._given_up})
            self._adopted = next(filter(None, map(self._take_over, candidates)), None)
        return self._adopted is not None

    def _take_over(self, path: Path) -> _File | None:
        try:
            return _File.take_over(path)
        except FileNotFoundError:
            return None  # Another process was faster.
        except OSError as error:
            self._given_up.add(path)
            self.set_aside_count += 1
            logger.error("Rows that a process left behind cannot be opened: %s", error.strerror)
            return None

    def close(self) -> None:
        """Let go of the locks; the files stay for the next process."""
        for file in (self._own, self._adopted):
            if file:
                file.close()
        self._own = self._adopted = None


class _File:
    """A file of rows, locked by us, `size` bytes long; `_position` is up to where its rows are in the database."""

    def __init__(self, path: Path, handle: BinaryIO) -> None:
        self.path = path
        self.waiting = 0
        self._handle = handle
        self.size = os.fstat(handle.fileno()).st_size
        self._position = 0
        self._read: tuple[int, int] = (0, 0)
        self._damaged: list[bytes] = []
        self._told = False

    @classmethod
    def create(cls, folder: Path) -> _File:
        """Make a file that nobody else has."""
        private_files.make_folder(folder)
        while True:
            path = folder / f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}{PATTERN[1:]}"
            handle = private_files.create(path)
            # In between, another process may have found it without a lock, and taken it for a dead one's.
            if _lock(handle) and os.fstat(handle.fileno()).st_nlink:
                _sync_folder(folder)
                return cls(path, handle)
            handle.close()

    @classmethod
    def take_over(cls, path: Path) -> _File | None:
        """Open the file of a dead process; None where its process lives, or another took it first.

        Raises OSError where it cannot be opened.
        """
        handle = path.open("r+b", buffering=0)
        if not _lock(handle) or not os.fstat(handle.fileno()).st_nlink:
            handle.close()
            return None
        file = cls(path, handle)
        with path.open("rb") as lines:
            file.waiting = sum(1 for _ in lines)
        logger.info("Taking over %d rows that a process left behind", file.waiting)
        return file

    def append(self, rows: Sequence[Row]) -> None:
        data = b"".join(map(to_line, rows))
        if self.size + len(data) > MAX_BYTES:
            raise OSError("The rows that wait for the database have filled their share of the disk.")
        self._handle.seek(self.size)
        try:
            written = self._handle.write(data)
            os.fsync(self._handle.fileno())
            if written != len(data):
                raise OSError("The disk did not take all of the rows.")
        except OSError:
            self._handle.truncate(self.size)
            raise
        self.size += len(data)
        self.waiting += len(rows)

    def read(self, limit: int) -> list[Row]:
        with self.path.open("rb") as file:
            file.seek(self._position)
            lines = list(islice(file, limit))
        self._read = (len(lines), sum(map(len, lines)))
        rows = [(line, _row_or_none(line)) for line in lines]
        # The last line of a process that was killed may be torn, and nobody was told that it was safe.
        self._damaged = [line for line, row in rows if row is None and line.endswith(b"\n")]
        return [row for _, row in rows if row]

    @property
    def damaged(self) -> int:
        """How many of the lines that were read last are whole and cannot be read."""
        return len(self._damaged)

    def done(self) -> bool:
        """Move past what was read last; delete the file and return True where that was the end of it."""
        self._keep_damaged()
        lines, length = self._read
        self._read = (0, 0)
        self._position += length
        self.waiting -= lines
        if self._position < self.size:
            return False
        self.path.unlink()
        self.close()
        return True

    def set_aside(self) -> None:
        with contextlib.suppress(OSError):
            self.path.rename(self.path.with_suffix(".unreadable"))
        self.close()

    def close(self) -> None:
        self._handle.close()

    def _keep_damaged(self) -> None:
        """Append the damaged lines that were read last to a file beside, for somebody to look at."""
        if not self._damaged:
            return
        with open(self.path.with_suffix(".damaged"), "ab", opener=private_files.opener) as file:
            file.writelines(self._damaged)
        self._damaged = []
        if not self._told:
            self._told = True
            logger.error("Lines among the rows that waited for the database are damaged and are set aside")


def _row_or_none(line: bytes) -> Row | None:
    try:
        return from_line(line)
    except ValueError:
        return None


def _sync_folder(folder: Path) -> None:
    """Force the name of a new file to the disk; Windows has no such call and needs none."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
