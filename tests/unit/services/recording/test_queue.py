"""The rows that wait in memory for a commit."""

from __future__ import annotations

import time

import pytest

from tests.support.rows import a_row
from visionai.errors import Busy, DatabaseUnavailable
from visionai.services.recording.queue import Pending, Queue


def pending(waited_for: bool = False) -> Pending:
    return Pending(a_row(), waited_for)


@pytest.fixture
def queue() -> Queue:
    return Queue(capacity=3)


def test_rows_leave_in_the_order_in_which_they_came(queue: Queue) -> None:
    rows = [pending() for _ in range(3)]
    assert all(map(queue.put, rows))
    assert queue.take(2) == rows[:2]
    assert queue.take() == rows[2:]
    assert len(queue) == 0


def test_a_full_queue_takes_no_more(queue: Queue) -> None:
    assert [queue.put(pending()) for _ in range(4)] == [True] * 3 + [False]


def test_rows_that_are_put_back_come_first_even_beyond_the_capacity(queue: Queue) -> None:
    accepted = [pending() for _ in range(2)]
    later = [pending() for _ in range(3)]
    for row in later:
        queue.put(row)
    queue.put_back(accepted)
    assert queue.take() == accepted + later


def test_who_waits_for_a_row_is_told_and_the_row_not_kept_when_it_is_put_back(queue: Queue) -> None:
    row = pending(waited_for=True)
    queue.put_back([row])
    assert len(queue) == 0
    with pytest.raises(DatabaseUnavailable):
        row.wait(0)


def test_only_the_first_outcome_of_a_row_counts() -> None:
    row = pending(waited_for=True)
    row.settle(7)
    row.settle(error=Busy())
    assert row.wait(0) == 7


def test_who_waits_too_long_is_told_that_the_database_is_away() -> None:
    with pytest.raises(DatabaseUnavailable):
        pending(waited_for=True).wait(0.01)


@pytest.mark.parametrize(("waited_for", "least", "most"), [(False, 0.2, 5), (True, 0, 0.2)])
def test_rows_gather_unless_somebody_waits_for_one(queue: Queue, waited_for: bool, least: float, most: float) -> None:
    queue.put(pending(waited_for))
    begun = time.monotonic()
    queue.gather(idle_seconds=5, gather_seconds=0.2)
    assert least <= time.monotonic() - begun < most
