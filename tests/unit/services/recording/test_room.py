"""What the spool takes of its disk."""

from __future__ import annotations

import shutil
from pathlib import Path

from visionai.services.recording.room import room_of


def test_all_files_count_those_set_aside_too(tmp_path: Path) -> None:
    (tmp_path / "a.rows").write_bytes(b"x" * 10)
    (tmp_path / "b.unreadable").write_bytes(b"x" * 5)
    assert room_of(tmp_path).used == 15


def test_a_spool_that_was_never_needed_takes_nothing_of_the_disk_of_its_folder(tmp_path: Path) -> None:
    room = room_of(tmp_path / "spool")
    assert room.used == 0
    assert 0 < room.free <= shutil.disk_usage(tmp_path).total
