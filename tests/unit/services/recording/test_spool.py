from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pytest

from tests.support.rows import a_row
from visionai.services.recording import spool as module
from visionai.services.recording.row import Row, to_line
from visionai.services.recording.spool import Spool


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@pytest.fixture
def spool(folder: Path) -> Iterator[Spool]:
    spool = Spool(folder)
    yield spool
    spool.close()


def rows(count: int) -> list[Row]:
    return [a_row() for _ in range(count)]


def read_all(spool: Spool, limit: int = 2) -> list[Row]:
    found: list[Row] = []
    while spool.waiting:
        found += spool.read(limit)
        spool.done()
    return found


def test_rows_come_back_in_order(spool: Spool) -> None:
    first, second = rows(3), rows(2)
    spool.append(first)
    spool.append(second)
    assert spool.waiting == 5
    assert read_all(spool) == first + second


def test_rows_are_read_again_until_they_are_done(spool: Spool) -> None:
    spool.append(rows(3))
    assert spool.read(2) == spool.read(2)


def test_rows_may_be_appended_between_reading_and_done(spool: Spool) -> None:
    first, second = rows(1), rows(1)
    spool.append(first)
    assert spool.read(10) == first
    spool.append(second)
    spool.done()
    assert spool.read(10) == second


def test_the_file_is_gone_when_all_is_done(spool: Spool, folder: Path) -> None:
    spool.append(rows(1))
    read_all(spool)
    assert list(folder.iterdir()) == []
    assert spool.waiting == 0


def test_a_file_of_a_living_process_is_left_alone(spool: Spool, folder: Path) -> None:
    spool.append(rows(1))
    other = Spool(folder)
    assert not other.adopt()


def test_the_file_of_a_dead_process_is_taken_over_by_one(spool: Spool, folder: Path) -> None:
    dead, left = Spool(folder), rows(3)
    dead.append(left)
    dead.close()
    assert spool.adopt()
    assert not Spool(folder).adopt()
    assert read_all(spool) == left


def test_what_was_left_behind_comes_before_what_is_new(spool: Spool, folder: Path) -> None:
    dead, left, new = Spool(folder), rows(1), rows(1)
    dead.append(left)
    dead.close()
    spool.append(new)
    spool.adopt()
    assert read_all(spool) == left + new


def test_a_torn_last_line_is_passed_over(spool: Spool, folder: Path) -> None:
    folder.mkdir()
    whole, torn = a_row(), a_row()
    (folder / "dead.rows").write_bytes(to_line(whole) + to_line(torn)[:30])
    assert spool.adopt()
    assert read_all(spool) == [whole]
    assert list(folder.iterdir()) == []


def poison() -> bytes:
    """Return a whole line, with a right checksum, that is no row."""
    return b"%08x %b\n" % (crc32(b"[5]"), b"[5]")


def test_a_whole_line_that_cannot_be_read_is_set_aside_and_the_rest_goes_on(
    spool: Spool, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder.mkdir()
    first, last = a_row(), a_row()
    (folder / "dead.rows").write_bytes(to_line(first) + poison() * 3 + to_line(last))
    assert spool.adopt()
    assert read_all(spool) == [first, last]
    assert (folder / "dead.damaged").read_bytes() == poison() * 3
    assert (spool.waiting, spool.set_aside_count) == (0, 3)
    assert sum("set aside" in record.message for record in caplog.records) == 1
    assert not Spool(folder).adopt()


def test_lines_that_are_read_again_are_set_aside_once(spool: Spool, folder: Path) -> None:
    folder.mkdir()
    (folder / "dead.rows").write_bytes(poison())
    spool.adopt()
    for _ in range(3):
        assert spool.read(10) == []
    spool.done()
    assert (folder / "dead.damaged").read_bytes() == poison()


def test_a_file_that_is_set_aside_is_nobodys_any_more(spool: Spool, folder: Path) -> None:
    spool.append(rows(2))
    spool.set_aside()
    assert (spool.waiting, spool.set_aside_count) == (0, 1)
    assert [path.suffix for path in folder.iterdir()] == [".unreadable"]
    assert not spool.adopt()
    new = rows(1)
    spool.append(new)
    assert read_all(spool) == new


def test_a_file_that_cannot_even_be_renamed_is_not_taken_up_again(
    spool: Spool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.mkdir()
    (folder / "dead.rows").write_bytes(to_line(a_row()))
    spool.adopt()

    def fail(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "rename", fail)
    spool.set_aside()
    assert not spool.adopt()


def test_what_cannot_be_opened_is_passed_over_and_told_once(
    spool: Spool, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "a.rows").mkdir(parents=True)
    row = a_row()
    (folder / "b.rows").write_bytes(to_line(row))
    assert spool.adopt()
    assert read_all(spool) == [row]
    assert not spool.adopt()
    assert spool.set_aside_count == 1
    assert sum("cannot be opened" in record.message for record in caplog.records) == 1


def test_a_full_spool_refuses_rows_and_keeps_those_it_has(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = rows(2)
    spool.append(kept)
    monkeypatch.setattr(module, "MAX_BYTES", 100)
    with pytest.raises(OSError, match="share of the disk"):
        spool.append(rows(1))
    assert read_all(spool) == kept


def test_a_write_that_fails_half_way_leaves_nothing(
    spool: Spool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = rows(1)
    spool.append(kept)

    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(module.os, "fsync", fail)
        with pytest.raises(OSError, match="No space"):
            spool.append(rows(5))
    assert read_all(spool) == kept


def test_there_is_room_before_and_after_rows_wait(spool: Spool) -> None:
    assert spool.has_room
    spool.append(rows(1))
    assert spool.has_room


def test_there_is_no_room_on_a_full_disk(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 1 << 62)
    monkeypatch.setattr(module, "ROOM_BYTES", 1 << 61)
    assert not spool.has_room


def test_there_is_no_room_where_the_share_of_the_disk_is_used_up(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    spool.append(rows(1))
    monkeypatch.setattr(module, "MAX_BYTES", module.ROOM_BYTES)
    assert not spool.has_room


def test_there_is_no_room_without_a_folder_to_make_the_spool_in(tmp_path: Path) -> None:
    assert not Spool(tmp_path / "gone" / "spool").has_room


def test_nothing_is_made_where_nothing_waits(spool: Spool, folder: Path) -> None:
    assert not spool.adopt()
    assert spool.read(10) == []
    assert not folder.exists()
