"""What the server writes is its own user's alone, whatever the umask of whoever starts it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

import config as configuration
from tests.support.rows import a_row
from visionai import create_app
from visionai.extensions import db
from visionai.private_files import tighten
from visionai.services.recording.spool import Spool


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    """A user who shares everything by default."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def open_to_others(folder: Path) -> list[str]:
    """Return what in a folder, itself included, somebody else could read or write."""
    return [str(path.relative_to(folder)) for path in [folder, *folder.rglob("*")] if mode(path) & 0o077]


def test_everything_in_a_new_instance_folder_is_private(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    app = create_app(configuration.Development({"INSTANCE_PATH": str(folder)}))
    spool = Spool(folder / "spool")
    with app.app_context():
        db.create_all()
        with db.engine.connect():
            spool.append([a_row()])
            names = {path.name for path in folder.iterdir()}
            assert names == {
                "secret_key",
                "spool",
                "visionai.sqlite3",
                "visionai.sqlite3-wal",
                "visionai.sqlite3-shm",
            }
            assert open_to_others(folder) == []
        spool.close()
        db.engine.dispose()


def test_a_database_elsewhere_is_private_and_its_folder_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "data" / "my.sqlite3"
    file.parent.mkdir()
    app = create_app(configuration.Testing(tmp_path / "instance", DATABASE_URL=f"sqlite:///{file}"))
    with app.app_context():
        db.create_all()
        db.engine.dispose()
    assert (mode(file), mode(file.parent)) == (0o600, 0o777)


def test_what_was_open_before_is_private_from_the_start_on(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    (folder / "spool").mkdir(parents=True)
    for name in ("secret_key", "visionai.sqlite3", "visionai.sqlite3-wal", "abc.tflite", "spool/a.rows"):
        (folder / name).write_bytes(b"x" * 40)
    create_app(configuration.Testing(folder))
    assert open_to_others(folder) == []


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "instance", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    (elsewhere / "file").touch()
    (folder / "file").symlink_to(elsewhere / "file")
    (folder / "folder").symlink_to(elsewhere)
    tighten(folder)
    assert (mode(elsewhere), mode(elsewhere / "file")) == (0o777, 0o666)


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root can give files away.")
def test_what_belongs_to_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "theirs").touch()
    os.chown(tmp_path / "theirs", 65534, 65534)
    tighten(tmp_path)
    assert mode(tmp_path / "theirs") == 0o666


def test_a_folder_that_holds_the_program_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    before = mode(tmp_path)
    tighten(tmp_path, holding=tmp_path / "project")
    assert mode(tmp_path) == before
