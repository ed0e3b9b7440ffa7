"""The archive of a backup: a plain tar, its manifest in front, which names each member with its size and SHA-256.

Nothing is compressed here, so that nothing can unpack to more than is there (PostgreSQL's dump is compressed as it
comes). Headers are read one by one, by the format alone (POSIX.1-1988 ustar, with GNU's sizes beyond 8 GiB), and
anything but a plain file that the manifest names is refused: no links, no paths, no sparse files, no extensions.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from ... import private_files
from ...errors import SetupError

MANIFEST, FORMAT = "manifest.json", 1
MOST_MANIFEST_BYTES = 16 << 20

_BLOCK = tarfile.BLOCKSIZE
_PIECE = 1 << 20
_NAME = re.compile(r"database\.(sqlite3|dump)|secrets\.json|weights/[0-9a-f]{64}|spool/[A-Za-z0-9][A-Za-z0-9._-]{0,90}")


class DamagedBackup(SetupError):
    """A file is not the backup, or not the whole backup, that it should be."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a backup: its size in bytes, and the SHA-256 of its content."""

    size: int
    sha256: str


def pack(target: Path, facts: Mapping[str, Any], members: Mapping[str, Path]) -> None:
    """Write an archive that only we may read; it appears whole or not at all, and takes no other file's place."""
    described = {name: Member(path.stat().st_size, sha256_of(path)) for name, path in members.items()}
    entries = {name: asdict(member) for name, member in described.items()}
    manifest = json.dumps({"format": FORMAT, **facts, "members": entries}, indent=2).encode()
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with private_files.create(draft) as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT) as tar:
                tar.addfile(_info(MANIFEST, len(manifest)), io.BytesIO(manifest))
                for name, path in members.items():
                    with path.open("rb") as content:
                        tar.addfile(_info(name, described[name].size), content)
            os.fsync(file.fileno())
        if target.exists():
            raise SetupError(f"{target.name}: there is such a file already; name another one")
        draft.replace(target)
    except OSError as err:
        raise SetupError(f"{target.name}: cannot be written: {err.strerror or err}") from err
    finally:
        draft.unlink(missing_ok=True)


def unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Write the members of an archive into `folder` and return its manifest.

    Raises DamagedBackup for anything that is not exactly what the manifest says; nothing outside of `folder` changes.
    """
    try:
        with source.open("rb") as file:
            manifest = _manifest(file, source.name)
            expected = {name: Member(**entry) for name, entry in manifest["members"].items()}
            for name, size in _headers(file, source.name):
                member = expected.pop(name, None)
                if member is None or member.size != size:
                    raise _damaged(source.name, f"it holds a file {name!r} that its manifest does not name so")
                if _write(file, folder / name, size) != member.sha256:
                    raise _damaged(source.name, f"the content of {name} is not what it was")
            if expected:
                raise _damaged(source.name, f"{next(iter(expected))} is missing")
            return manifest
    except OSError as err:
        raise SetupError(f"{source.name}: {err.strerror or err}") from err


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _info(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, private_files.FILE_MODE
    return info


def _manifest(file: BinaryIO, archive: str) -> dict[str, Any]:
    """Read the manifest, which is the first member, and check its form."""
    name, size = next(_headers(file, archive), ("", 0))
    if name != MANIFEST or size > MOST_MANIFEST_BYTES:
        raise _damaged(archive, "it does not begin with a manifest")
    try:
        manifest = json.loads(_exactly(file, size, archive))
        _exactly(file, -size % _BLOCK, archive)
        if manifest["format"] != FORMAT:
            raise SetupError(f"{archive}: a backup of another form; take the version of VisionAI that made it")
        members = [Member(**entry) for name, entry in manifest["members"].items() if _NAME.fullmatch(name)]
        whole = all(isinstance(one.size, int) and isinstance(one.sha256, str) for one in members)
        if not whole or len(members) != len(manifest["members"]) or not _has_facts(manifest):
            raise _damaged(archive, "its manifest is not one of a backup")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as err:
        raise _damaged(archive, "its manifest cannot be read") from err
    return dict(manifest)


def _has_facts(manifest: Mapping[str, Any]) -> bool:
    """Tell whether a manifest says of the database what it has to, and names its one file."""
    database = manifest["database"]
    kinds = {"dialect": str, "revision": str, "tables": dict}
    return (
        isinstance(manifest["created_at"], str)
        and all(isinstance(database[name], kind) for name, kind in kinds.items())
        and sum(name.startswith("database.") for name in manifest["members"]) == 1
    )


def _headers(file: BinaryIO, archive: str) -> Iterator[tuple[str, int]]:
    """Yield name and size of each plain file; whoever takes one reads its content before the next."""
    while (block := _exactly(file, _BLOCK, archive)) != bytes(_BLOCK):
        try:
            info = tarfile.TarInfo.frombuf(block, "ascii", "strict")
        except (tarfile.TarError, ValueError) as err:
            raise _damaged(archive, "it is no tar, or a damaged one") from err
        if info.type != tarfile.REGTYPE or info.size < 0:
            raise _damaged(archive, "it holds something else than plain files")
        yield info.name, info.size


def _write(file: BinaryIO, target: Path, size: int) -> str:
    """Write the next `size` bytes into a new file and return their SHA-256."""
    private_files.make_folder(target.parent)
    digest, left = hashlib.sha256(), size
    with private_files.create(target) as copy:
        while left:
            piece = _exactly(file, min(left, _PIECE), target.name)
            digest.update(piece)
            copy.write(piece)
            left -= len(piece)
    _exactly(file, -size % _BLOCK, target.name)
    return digest.hexdigest()


def _exactly(file: BinaryIO, size: int, archive: str) -> bytes:
    data = file.read(size)
    if len(data) != size:
        raise _damaged(archive, "it ends too early")
    return data


def _damaged(archive: str, why: str) -> DamagedBackup:
    return DamagedBackup(f"{archive}: not a whole backup of VisionAI: {why}")
