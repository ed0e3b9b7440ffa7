"""The recorder's work, with a database that can be told to be away, to hang or to lose its answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.exc import OperationalError

from tests.support.rows import a_row
from tests.support.waiting import eventually
from visionai.errors import Busy, DatabaseUnavailable
from visionai.services.recording import recorder as module
from visionai.services.recording.recorder import Recorder
from visionai.services.recording.row import Row
from visionai.services.recording.spool import Spool
from visionai.signals import rows_committed


class FakeLedger:
    """Keeps rows in a dictionary; `fault`, if set, is called before a commit, and `after` when it is done."""

    def __init__(self) -> None:
        self.rows: dict[UUID, int] = {}
        self.batches: list[int] = []
        self.fault: Callable[[], None] | None = None
        self.after: Callable[[], None] | None = None

    def record(self, rows: Sequence[Row]) -> dict[UUID, int]:
        if self.fault:
            self.fault()
        for row in rows:
            self.rows.setdefault(row.uid, len(self.rows) + 1)
        self.batches.append(len(rows))
        if self.after:
            self.after()
        return {row.uid: self.rows[row.uid] for row in rows}


def away() -> None:
    raise OperationalError("COMMIT", {}, Exception("server closed the connection unexpectedly"))


def once(fault: Callable[[], None]) -> Callable[[], None]:
    """Do `fault` the first time only."""
    left = [fault]

    def faulty() -> None:
        if left:
            left.pop()()

    return faulty


@pytest.fixture
def ledger() -> FakeLedger:
    return FakeLedger()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.05)
    monkeypatch.setattr(module, "ADOPT_SECONDS", 0.05)
    monkeypatch.setattr(module, "CLOSE_SECONDS", 0.3)


@pytest.fixture
def recorder(ledger: FakeLedger, folder: Path) -> Iterator[Recorder]:
    recorder = Recorder(ledger, folder, buffer=100, flush_seconds=0.01)  # type: ignore[arg-type]
    yield recorder
    ledger.fault = None
    recorder.close()


def test_who_writes_gets_the_id_of_the_committed_row(recorder: Recorder, ledger: FakeLedger) -> None:
    row = a_row()
    assert recorder.write(row, None) == ledger.rows[row.uid] == 1


def test_an_offered_row_is_committed_a_moment_later(recorder: Recorder, ledger: FakeLedger) -> None:
    assert recorder.offer(a_row())
    assert eventually(lambda: len(ledger.rows) == 1)
    assert recorder.backlog == 0


def test_rows_that_gather_are_committed_together(ledger: FakeLedger, folder: Path) -> None:
    recorder = Recorder(ledger, folder, buffer=100, flush_seconds=0.2)  # type: ignore[arg-type]
    for _ in range(50):
        recorder.offer(a_row())
    assert eventually(lambda: len(ledger.rows) == 50)
    assert len(ledger.batches) == 1
    recorder.close()


def test_a_commit_is_told(recorder: Recorder) -> None:
    told = threading.Event()
    rows_committed.connect(lambda _: told.set(), sender=recorder, weak=False)
    recorder.offer(a_row())
    assert told.wait(10)


def test_a_broken_connection_is_tried_again_at_once(recorder: Recorder, ledger: FakeLedger) -> None:
    ledger.fault = once(away)
    assert recorder.write(a_row(), None) == 1
    assert recorder.state == "ok"


def test_a_commit_whose_answer_is_lost_is_one_row(recorder: Recorder, ledger: FakeLedger) -> None:
    ledger.after = once(away)
    assert recorder.write(a_row(), None) == 1
    assert len(ledger.rows) == 1


def test_while_the_database_is_away_rows_are_safe_on_the_disk(
    recorder: Recorder, ledger: FakeLedger, folder: Path
) -> None:
    ledger.fault = away
    assert recorder.write(a_row(), None) is None
    assert recorder.state == "degraded"
    assert recorder.backlog == 1
    assert len(list(folder.iterdir())) == 1


def test_a_file_that_cannot_be_written_is_set_aside_and_the_rest_goes_on(
    recorder: Recorder, ledger: FakeLedger, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    poison, good = a_row(), a_row()
    dead = Spool(folder)
    dead.append([poison])
    dead.close()
    record = ledger.record

    def refuse(rows: Sequence[Row]) -> dict[UUID, int]:
        if poison in rows:
            raise TypeError("this row again")
        return record(rows)

    ledger.record = refuse  # type: ignore[method-assign]
    recorder.start()
    assert eventually(lambda: recorder.set_aside == 1)
    assert recorder.state == "ok"
    assert recorder.write(good, None) == 1
    assert [path.suffix for path in folder.iterdir()] == [".unreadable"]
    assert sum("set aside" in line.message for line in caplog.records) == 1


def test_a_file_that_vanished_is_given_up(recorder: Recorder, ledger: FakeLedger, folder: Path) -> None:
    ledger.fault = away
    recorder.write(a_row(), None)
    (file,) = folder.iterdir()
    file.unlink()
    ledger.fault = None
    assert eventually(lambda: recorder.state == "ok")
    assert recorder.set_aside == 1
    assert recorder.write(a_row(), None) == 1


def test_when_it_is_back_rows_are_committed_in_order(recorder: Recorder, ledger: FakeLedger, folder: Path) -> None:
    ledger.fault = away
    rows = [a_row() for _ in range(20)]
    for row in rows:
        recorder.offer(row)
    assert eventually(lambda: recorder.state == "degraded")
    ledger.fault = None
    assert eventually(lambda: recorder.state == "ok")
    assert list(ledger.rows) == [row.uid for row in rows]
    assert list(folder.iterdir()) == []


def test_the_state_recovers_with_nothing_to_write(recorder: Recorder, ledger: FakeLedger) -> None:
    ledger.fault = away
    recorder.write(a_row(), None)
    ledger.fault = None
    assert eventually(lambda: recorder.state == "ok" and recorder.backlog == 0)


def test_rows_whose_commit_hangs_are_put_on_the_disk_beside(recorder: Recorder, ledger: FakeLedger) -> None:
    go_on = threading.Event()
    ledger.fault = once(lambda: go_on.wait(10))  # type: ignore[arg-type, return-value]
    first, second = a_row(), a_row()
    assert recorder.write(first, None) is None
    assert recorder.write(second, None) is None
    go_on.set()
    assert eventually(lambda: recorder.backlog == 0)
    assert sorted(ledger.rows) == sorted([first.uid, second.uid])


def test_where_commits_take_long_anyway_rows_are_not_written_twice(
    recorder: Recorder, ledger: FakeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.05)
    ledger.fault = lambda: time.sleep(0.4)
    assert recorder.write(a_row(), None) is None
    assert eventually(lambda: recorder.backlog == 0)
    assert recorder.write(a_row(), None) is not None


def test_a_full_queue_refuses_rows(recorder: Recorder, ledger: FakeLedger) -> None:
    with recorder._lock:
        accepted = [recorder.offer(a_row()) for _ in range(150)]
        with pytest.raises(Busy):
            recorder.write(a_row(), None)
    assert accepted == [True] * 100 + [False] * 50


class TestWithAFullDisk:
    @pytest.fixture(autouse=True)
    def _full(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Spool, "append", refuse)

    def test_who_waits_is_told_that_the_row_is_not_recorded(self, recorder: Recorder, ledger: FakeLedger) -> None:
        ledger.fault = away
        with pytest.raises(DatabaseUnavailable):
            recorder.write(a_row(), None)

    def test_rows_nobody_waits_for_stay_in_memory(self, recorder: Recorder, ledger: FakeLedger) -> None:
        ledger.fault = away
        row = a_row()
        recorder.offer(row)
        assert eventually(lambda: recorder.state == "degraded")
        ledger.fault = None
        assert eventually(lambda: row.uid in ledger.rows)


def test_closing_commits_what_waits(ledger: FakeLedger, folder: Path) -> None:
    recorder = Recorder(ledger, folder, buffer=100, flush_seconds=60)  # type: ignore[arg-type]
    for _ in range(10):
        recorder.offer(a_row())
    recorder.close()
    assert len(ledger.rows) == 10
    assert not recorder.offer(a_row())


def test_closing_while_the_database_is_away_leaves_rows_for_the_next_process(ledger: FakeLedger, folder: Path) -> None:
    ledger.fault = away
    recorder = Recorder(ledger, folder, buffer=100, flush_seconds=60)  # type: ignore[arg-type]
    row = a_row()
    recorder.offer(row)
    recorder.close()
    following = FakeLedger()
    next_one = Recorder(following, folder, buffer=100, flush_seconds=0.01)  # type: ignore[arg-type]
    next_one.start()
    assert eventually(lambda: list(following.rows) == [row.uid])
    next_one.close()


def test_closing_while_a_commit_hangs_leaves_its_rows_on_the_disk(ledger: FakeLedger, folder: Path) -> None:
    go_on = threading.Event()
    ledger.fault = once(lambda: go_on.wait(10))  # type: ignore[arg-type, return-value]
    recorder = Recorder(ledger, folder, buffer=100, flush_seconds=0.01)  # type: ignore[arg-type]
    row = a_row()
    recorder.offer(row)
    assert eventually(lambda: bool(recorder._in_commit))
    recorder.close()
    spool = Spool(folder)
    assert spool.adopt()
    assert spool.read(10) == [row]
    spool.close()
    go_on.set()


def test_a_fault_of_ours_is_told_to_who_waits_and_does_not_stop_the_recorder(
    recorder: Recorder, ledger: FakeLedger, caplog: pytest.LogCaptureFixture
) -> None:
    def bug() -> None:
        raise ZeroDivisionError

    ledger.fault = once(bug)
    with pytest.raises(Exception, match="Something went wrong"):
        recorder.write(a_row(), None)
    assert recorder.write(a_row(), None) is not None
    assert "The recorder failed and goes on" in caplog.text
