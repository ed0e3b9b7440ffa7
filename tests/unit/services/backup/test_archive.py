"""The archive of a backup: what is not exactly one is refused before anything is written outside of its folder."""

from __future__ import annotations

import io
import json
import stat
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from visionai.errors import SetupError
from visionai.services.backup import archive
from visionai.services.backup.archive import DamagedBackup

FACTS = {
    "created_at": "2026-01-01T00:00:00+00:00",
    "database": {"dialect": "sqlite", "revision": "0001", "tables": {"users": 1}},
}
CONTENT = b"a database" * 1000


@pytest.fixture
def members(tmp_path: Path) -> dict[str, Path]:
    folder = tmp_path / "members"
    folder.mkdir()
    (folder / "database").write_bytes(CONTENT)
    (folder / "rows").write_bytes(b"")
    return {"database.sqlite3": folder / "database", "spool/host-1.rows": folder / "rows"}


@pytest.fixture
def packed(tmp_path: Path, members: dict[str, Path]) -> Path:
    archive.pack(tmp_path / "backup.tar", FACTS, members)
    return tmp_path / "backup.tar"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where archives are unpacked; nothing may appear beside it."""
    folder = tmp_path / "deep" / "unpacked"
    folder.mkdir(parents=True)
    return folder


def test_what_was_packed_is_unpacked(packed: Path, folder: Path) -> None:
    manifest = archive.unpack(packed, folder)
    assert manifest["database"] == FACTS["database"]
    assert (folder / "database.sqlite3").read_bytes() == CONTENT
    assert (folder / "spool/host-1.rows").read_bytes() == b""


def test_other_programs_can_read_it(packed: Path) -> None:
    with tarfile.open(packed) as tar:
        assert tar.getnames() == ["manifest.json", "database.sqlite3", "spool/host-1.rows"]


def test_only_its_owner_may_read_it(packed: Path, folder: Path) -> None:
    archive.unpack(packed, folder)
    for file in (packed, folder / "database.sqlite3"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_no_file_is_written_over(packed: Path, members: dict[str, Path]) -> None:
    before = packed.read_bytes()
    with pytest.raises(SetupError, match="already"):
        archive.pack(packed, FACTS, members)
    assert packed.read_bytes() == before
    assert list(packed.parent.glob(".*")) == []


@pytest.mark.parametrize("length", [0, 100, 512, 700, 1024, 5000, -1024, -1])
def test_an_archive_that_ends_too_early_is_refused(packed: Path, folder: Path, length: int) -> None:
    whole = packed.read_bytes().rstrip(b"\0")
    packed.write_bytes(whole[:length])
    with pytest.raises(DamagedBackup):
        archive.unpack(packed, folder)


def test_a_byte_that_changed_is_seen(packed: Path, folder: Path) -> None:
    data = bytearray(packed.read_bytes())
    data[data.index(CONTENT) + 5000] ^= 1
    packed.write_bytes(data)
    with pytest.raises(DamagedBackup, match=r"database\.sqlite3"):
        archive.unpack(packed, folder)


Change = Callable[[dict[str, Any]], object]


def forged(path: Path, change: Change = lambda _: None, extra: Iterator[tarfile.TarInfo] | None = None) -> Path:
    """Write an archive as somebody else might: with another manifest, and other members behind it."""
    sha256 = archive.sha256_of(path.parent / "members/database")
    manifest: dict[str, Any] = {
        "format": 1,
        **json.loads(json.dumps(FACTS)),
        "members": {"database.sqlite3": {"size": len(CONTENT), "sha256": sha256}},
    }
    change(manifest)
    text = json.dumps(manifest).encode()
    target = path.parent / "forged.tar"
    with tarfile.open(target, "w", format=tarfile.GNU_FORMAT) as tar:
        for name, content in (("manifest.json", text), ("database.sqlite3", CONTENT)):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
        for info in extra or ():
            tar.addfile(info, io.BytesIO(bytes(info.size)))
    return target


def test_the_forger_can_write_a_good_one(packed: Path, folder: Path) -> None:
    assert archive.unpack(forged(packed), folder)["format"] == 1


def an_entry(name: str, kind: bytes = tarfile.REGTYPE, link: str = "", size: int = 0) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, link, size
    return info


@pytest.mark.parametrize(
    "entry",
    [
        an_entry("../outside"),
        an_entry("/tmp/outside"),
        an_entry("spool/../../outside"),
        an_entry("weights/link", tarfile.SYMTYPE, "/etc/passwd"),
        an_entry("weights/link", tarfile.LNKTYPE, "../../outside"),
        an_entry("device", tarfile.CHRTYPE),
        an_entry("folder", tarfile.DIRTYPE),
        an_entry("n" * 200),
        an_entry("database.sqlite3"),
        an_entry("another", size=100_000),
    ],
    ids=lambda entry: f"{entry.type!r} {entry.name[:20]}",
)
def test_a_member_that_the_manifest_does_not_name_is_refused(
    packed: Path, folder: Path, entry: tarfile.TarInfo
) -> None:
    with pytest.raises(DamagedBackup):
        archive.unpack(forged(packed, extra=iter([entry])), folder)
    assert list(folder.parent.iterdir()) == [folder]


def test_a_sparse_file_is_refused(packed: Path, folder: Path) -> None:
    entry = an_entry("database.sqlite3", tarfile.GNUTYPE_SPARSE)
    with pytest.raises(DamagedBackup, match="plain files"):
        archive.unpack(forged(packed, extra=iter([entry])), folder)


@pytest.mark.parametrize(
    "name", ["../outside", "/etc/cron.d/x", "spool/../x", "spool/.hidden", "weights/x", "secret_key", "database.dump"]
)
def test_a_manifest_that_names_other_files_is_refused(packed: Path, folder: Path, name: str) -> None:
    with pytest.raises(DamagedBackup):
        archive.unpack(
            forged(packed, lambda one: one["members"].update({name: {"size": 0, "sha256": "0" * 64}})), folder
        )


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.pop("members"),
        lambda one: one.pop("database"),
        lambda one: one.update(members=[]),
        lambda one: one.update(database={"dialect": "sqlite", "revision": 1, "tables": {}}),
        lambda one: one["members"].clear(),
        lambda one: one["members"]["database.sqlite3"].update(size="10"),
        lambda one: one["members"]["database.sqlite3"].update(size=1 << 60),
        lambda one: one["members"]["database.sqlite3"].update(path="/etc/passwd"),
    ],
)
def test_a_manifest_of_another_form_is_refused(packed: Path, folder: Path, change: Change) -> None:
    with pytest.raises(DamagedBackup):
        archive.unpack(forged(packed, change), folder)


def test_a_backup_of_a_later_form_is_said_to_be_one(packed: Path, folder: Path) -> None:
    with pytest.raises(SetupError, match="another form"):
        archive.unpack(forged(packed, lambda one: one.update(format=2)), folder)


def test_a_member_that_is_missing_is_named(packed: Path, folder: Path) -> None:
    entry = {"secrets.json": {"size": 0, "sha256": "0" * 64}}
    with pytest.raises(DamagedBackup, match=r"secrets\.json is missing"):
        archive.unpack(forged(packed, lambda one: one["members"].update(entry)), folder)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x1f\x8b\x08" + bytes(5000), b"x" * 5000])
def test_what_is_no_archive_is_refused(tmp_path: Path, folder: Path, content: bytes) -> None:
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(DamagedBackup):
        archive.unpack(tmp_path / "other", folder)


def test_a_file_that_is_not_there_is_said(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(SetupError, match=r"none\.tar"):
        archive.unpack(tmp_path / "none.tar", folder)
