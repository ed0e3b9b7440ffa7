"""Weights files by their content (SHA-256): in the database, or in the folder of MODEL_STORE.

Every server finds there what another one activated, whatever folders they share.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import BinaryIO, Protocol

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from ... import concurrency, private_files
from ...database.sessions import reading, unhurried, writing
from ...errors import WeightsError
from ...models import WeightsPart
from ...vision.weights import WeightsFile

PART_BYTES = 1 << 20
"""How much of a file is in memory at a time, and in one row."""


class Store(Protocol):
    """Files by the SHA-256 of their content; what is kept once never changes."""

    def has(self, sha256: str) -> bool:
        """Tell whether the file is kept."""

    def put(self, path: Path, sha256: str) -> None:
        """Keep a file, all of it or nothing; one that is kept stays as it is."""

    def parts(self, sha256: str) -> Iterator[bytes]:
        """Yield the content of a file that is kept."""

    def kept(self) -> set[str]:
        """Return what is kept."""

    def drop(self, sha256: str) -> None:
        """Let go of a file."""


class DatabaseStore:
    """The table `weights_files`."""

    def has(self, sha256: str) -> bool:
        """Tell whether the file is kept."""
        with reading() as session:
            return session.scalar(select(WeightsPart.part).where(WeightsPart.sha256 == sha256).limit(1)) is not None

    def put(self, path: Path, sha256: str) -> None:
        """Keep a file, all of it or nothing; one that another process keeps at the same time is the same."""
        with writing() as session, path.open("rb") as file:
            connection = session.connection()
            unhurried(connection, wait_for_locks=True)
            dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
            insert = dialect.insert(WeightsPart).on_conflict_do_nothing()
            for number, content in enumerate(_pieces(file)):
                connection.execute(insert, {"sha256": sha256, "part": number, "content": content})

    def parts(self, sha256: str) -> Iterator[bytes]:
        """Yield the content of a file, a row at a time: a connection is held for one and not for all."""
        for number in count():
            of_file = select(WeightsPart.content).where(WeightsPart.sha256 == sha256, WeightsPart.part == number)
            with reading() as session:
                content = session.scalar(of_file)
            if content is None:
                return
            yield content

    def kept(self) -> set[str]:
        """Return what is kept."""
        with reading() as session:
            return set(session.scalars(select(WeightsPart.sha256).distinct()))

    def drop(self, sha256: str) -> None:
        """Let go of a file."""
        with writing() as session:
            unhurried(session.connection())
            session.execute(delete(WeightsPart).where(WeightsPart.sha256 == sha256))


class FolderStore:
    """A folder, which all servers share, with a file for each SHA-256."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def has(self, sha256: str) -> bool:
        """Tell whether the file is kept."""
        return (self._folder / sha256).is_file()

    def put(self, path: Path, sha256: str) -> None:
        """Keep a file, whole or not at all."""
        if not self.has(sha256):
            with path.open("rb") as file:
                private_files.write(self._folder / sha256, _pieces(file))

    def parts(self, sha256: str) -> Iterator[bytes]:
        """Yield the content of a file that is kept."""
        with (self._folder / sha256).open("rb") as file:
            yield from _pieces(file)

    def kept(self) -> set[str]:
        """Return what is kept."""
        return (
            {path.name for path in self._folder.iterdir() if len(path.name) == 64} if self._folder.is_dir() else set()
        )

    def drop(self, sha256: str) -> None:
        """Let go of a file."""
        (self._folder / sha256).unlink(missing_ok=True)


def stores() -> list[Store]:
    """Return where weights are kept: the first takes them, all are looked into."""
    folder = current_app.config["MODEL_STORE"]
    database: Store = DatabaseStore()
    return [FolderStore(folder), database] if folder else [database]


def keep(file: WeightsFile) -> None:
    """Keep a file that is what its manifest says; raises WeightsError where it is not, or cannot be kept."""
    path = concurrency.call_native(file.verified)
    if any(store.has(file.sha256) for store in stores()):
        return
    try:
        stores()[0].put(path, file.sha256)
    except OSError as err:
        raise WeightsError(f"{file.path.name}: cannot be kept in MODEL_STORE: {err.strerror}") from err


def fetch(file: WeightsFile) -> None:
    """Write a kept file where `file` says; raises WeightsError where it is not kept, or not what it was."""
    for store in stores():
        if store.has(file.sha256):
            try:
                private_files.write(file.path, _checked(file, store.parts(file.sha256)))
            except OSError as err:
                raise WeightsError(f"{file.path.name}: cannot be read or written: {err.strerror}") from err
            return
    raise WeightsError(f"{file.path.name}: expected its content in the database or in MODEL_STORE, found none")


def forget_all_but(needed: Iterable[str]) -> int:
    """Let go of files that nobody needs, and return how many those were."""
    spare = [(store, sha256) for store in stores() for sha256 in store.kept() - set(needed)]
    for store, sha256 in spare:
        store.drop(sha256)
    return len(spare)


def _checked(file: WeightsFile, parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the parts on; raises WeightsError behind the last where together they are not the file."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
        yield part
    if digest.hexdigest() != file.sha256:
        raise WeightsError(f"{file.path.name}: expected the sha256 {file.sha256}; what was kept is damaged")


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(PART_BYTES), b"")
