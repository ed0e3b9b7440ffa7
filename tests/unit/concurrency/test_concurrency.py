"""Native threads behind a bounded queue, on plain threads here and on greenlets in a process of their own."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator
from queue import SimpleQueue

import pytest

from tests.support.waiting import eventually
from visionai import concurrency
from visionai.concurrency import Budget, NativeThreads, Share, native, pools, process
from visionai.errors import Busy, TookTooLong


@pytest.fixture
def threads() -> Iterator[NativeThreads]:
    threads = NativeThreads(1, waiting=1, name="test")
    yield threads
    threads.close()


def ignore(result: object, error: BaseException | None) -> None:
    """Want nothing of the result."""


def test_a_result_comes_back_from_another_thread(threads: NativeThreads) -> None:
    assert threads.run(threading.get_ident) != threading.get_ident()


def test_what_is_raised_comes_back(threads: NativeThreads) -> None:
    with pytest.raises(ZeroDivisionError):
        threads.run(lambda: 1 / 0)


def test_native_threads_are_known_until_they_are_closed() -> None:
    threads = NativeThreads(3, waiting=1, name="counted")
    assert [(pool.name, pool.count) for pool in pools() if pool is threads] == [("counted", 3)]
    threads.close()
    assert threads not in pools()


def test_a_full_queue_is_busy_at_once(threads: NativeThreads) -> None:
    begun, release = threading.Event(), threading.Event()
    threads.submit(lambda: (begun.set(), release.wait()), on_done=ignore)
    begun.wait()
    threads.submit(release.wait, on_done=ignore)
    assert threads.waiting == 1
    with pytest.raises(Busy):
        threads.submit(release.wait, on_done=ignore)
    release.set()


def test_every_thread_hands_its_own_state_to_the_function() -> None:
    threads = NativeThreads(2, waiting=8, name="test", make_state=threading.get_ident)
    assert all(threads.run(lambda state: state == threading.get_ident()) for _ in range(8))
    threads.close()


def test_a_callback_that_fails_is_logged_and_the_thread_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    threads = NativeThreads(1, waiting=8, name="test")

    def fail(result: object, error: BaseException | None) -> None:
        raise ZeroDivisionError

    threads.submit(lambda: None, on_done=fail)
    assert threads.run(lambda: "well") == "well"
    threads.close()
    assert "ZeroDivisionError" in caplog.text


def test_closing_finishes_what_is_queued_and_takes_no_more(threads: NativeThreads) -> None:
    results: list[object] = []
    threads.submit(lambda: "done", on_done=lambda result, error: results.append(result))
    threads.close()
    assert results == ["done"]
    with pytest.raises(Busy):
        threads.run(lambda: None)


def test_a_failing_background_task_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    failed = threading.Event()

    def fail() -> None:
        failed.set()
        raise ZeroDivisionError

    before = set(threading.enumerate())
    concurrency.spawn(fail)
    failed.wait()
    for thread in set(threading.enumerate()) - before:
        thread.join()
    assert "ZeroDivisionError" in caplog.text


GREENLETS = """
from visionai import concurrency
concurrency.patch()
import logging, time
from visionai.concurrency import NativeThreads, spawn, sleep, Event

threads = NativeThreads(2, waiting=1000, name="test")
beats, finished, done = [], [], Event()

def beat():
    while not done.is_set():
        beats.append(1)
        sleep(0.005)

def ask():
    finished.append(threads.run(sum, (1, 2)))
    if len(finished) == 500:
        done.set()

def original_sleep(seconds):
    lock = concurrency.NativeLock()
    lock.acquire()
    lock.acquire(timeout=seconds)
    logging.warning("from a native thread")
    return seconds

spawn(beat)
assert threads.run(original_sleep, 0.2) == 0.2
assert len(beats) > 10, len(beats)
for _ in range(500):
    spawn(ask)
done.wait()
assert set(finished) == {3}
assert concurrency.mode() == "eventlet"
print("well")
"""


def test_greenlets_go_on_while_native_threads_work() -> None:
    done = subprocess.run([sys.executable, "-c", GREENLETS], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.returncode) == ("well\n", 0), done.stderr
    assert "from a native thread" in done.stderr


CLOSED_UNDER_A_GREENLET = """
from visionai import concurrency
import socket
blocking = socket.create_server(("127.0.0.1", 0))
concurrency.patch()
import os, eventlet

listener = concurrency.green_listener(blocking)
end = concurrency.spawn_until(listener.accept)
concurrency.sleep(0)
number = listener.fileno()
end()
listener.close()
reading, writing = os.pipe()
assert reading == number, (reading, number)
eventlet.spawn(os.write, writing, b"well")
eventlet.hubs.trampoline(reading, read=True, timeout=10)
print(os.read(reading, 10).decode())
"""


def test_who_waits_for_the_next_file_of_a_number_is_not_taken_for_who_waited_for_the_one_that_was_closed() -> None:
    command = [sys.executable, "-c", CLOSED_UNDER_A_GREENLET]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.returncode) == ("well\n", 0), done.stderr


def test_what_was_registered_is_called_once_at_the_stop() -> None:
    called: list[str] = []
    concurrency.at_stop(lambda: called.append("first"))
    concurrency.at_stop(lambda: called.append("second"))
    concurrency.stop()
    concurrency.stop()
    assert called == ["first", "second"]


# Stuck and long tasks -----------------------------------------------------------------------------------------------


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[NativeThreads]:
    """One thread, one that may stand in for it, and little patience."""
    monkeypatch.setattr(native, "WATCH_SECONDS", 0.02)
    threads = NativeThreads(1, waiting=4, name="watched", spare=1, patience=0.2)
    yield threads
    threads.close()


class Stuck:
    """A function that never gives the native thread back until it is let."""

    def __init__(self, threads: NativeThreads) -> None:
        self.threads = threads
        self.begun, self.release = threading.Event(), threading.Event()
        self.errors: SimpleQueue[BaseException | None] = SimpleQueue()

    def __call__(self) -> str:
        self.threads.start_clock()
        self.begun.set()
        self.release.wait()
        return "too late"

    def submit(self) -> None:
        self.threads.submit(self, on_done=lambda _, error: self.errors.put(error))
        self.begun.wait(10)


@pytest.fixture
def stuck(watched: NativeThreads) -> Iterator[Stuck]:
    stuck = Stuck(watched)
    yield stuck
    stuck.release.set()


def test_a_stuck_task_is_answered_and_its_thread_replaced(watched: NativeThreads, stuck: Stuck) -> None:
    stuck.submit()
    assert isinstance(stuck.errors.get(timeout=10), TookTooLong)
    assert watched.run(lambda: "well") == "well"
    assert (watched.lost, watched.busy) == (1, 1)


def test_a_task_that_was_given_up_is_not_answered_again_and_its_thread_comes_back(
    watched: NativeThreads, stuck: Stuck
) -> None:
    stuck.submit()
    stuck.errors.get(timeout=10)
    stuck.release.set()
    assert eventually(lambda: watched.lost == 0)
    assert watched.run(lambda: "well") == "well"
    assert stuck.errors.empty()


def test_what_a_task_took_is_given_back_when_it_is_given_up(watched: NativeThreads) -> None:
    budget = Budget(10)
    stuck = Stuck(watched)

    def take() -> str:
        budget.take(10)
        watched.at_end(lambda: budget.give(10))
        return stuck()

    watched.submit(take, on_done=lambda _, error: stuck.errors.put(error))
    stuck.errors.get(timeout=10)
    assert budget.used == 0
    stuck.release.set()


def test_a_task_without_a_clock_may_take_its_time(watched: NativeThreads) -> None:
    assert watched.run(lambda: threading.Event().wait(0.5)) is False
    assert watched.lost == 0


def test_the_age_of_the_oldest_task_is_known(watched: NativeThreads, stuck: Stuck) -> None:
    assert watched.oldest_seconds == 0.0
    stuck.submit()
    assert eventually(lambda: watched.oldest_seconds > 0.05)
    stuck.errors.get(timeout=10)
    assert eventually(lambda: watched.oldest_seconds == 0.0)


def test_when_too_many_threads_are_stuck_the_process_is_replaced_and_nobody_waits(
    watched: NativeThreads, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced = threading.Event()
    monkeypatch.setattr(process, "_replacement", replaced.set)
    several = [Stuck(watched) for _ in range(3)]
    for one in several[:2]:
        watched.submit(one, on_done=lambda _, error: several[0].errors.put(error))
    answers = [several[0].errors.get(timeout=10) for _ in range(2)]
    assert all(isinstance(answer, TookTooLong) for answer in answers)
    assert replaced.wait(10)
    with pytest.raises(Busy):
        watched.run(lambda: None)
    for one in several:
        one.release.set()


def test_a_process_that_nobody_replaces_says_so(caplog: pytest.LogCaptureFixture) -> None:
    concurrency.replace_process("Everything is stuck")
    assert "restart the server" in caplog.text


def test_another_thread_stands_in_for_one_that_is_aside(watched: NativeThreads) -> None:
    begun, release = threading.Event(), threading.Event()

    def long() -> None:
        watched.step_aside()
        begun.set()
        release.wait()

    watched.submit(long, on_done=ignore)
    begun.wait()
    assert watched.run(lambda: "well") == "well"
    with pytest.raises(Busy):
        watched.run(watched.step_aside)
    release.set()


def test_a_thread_that_was_aside_leaves_so_that_there_are_no_more_than_before(watched: NativeThreads) -> None:
    for _ in range(5):
        watched.run(watched.step_aside)
        assert watched.run(lambda: "well") == "well"
    assert eventually(lambda: sum(thread.name.startswith("watched-") for thread in threading.enumerate()) <= 3)


def test_a_budget_is_given_out_once_and_waited_for() -> None:
    budget = Budget(10)
    assert budget.take(8)
    assert not budget.take(3)
    threading.Timer(0.05, budget.give, (8,)).start()
    assert budget.take(3, wait_seconds=10)
    assert budget.used == 3


def test_a_part_of_a_budget_may_have_to_stay_free() -> None:
    budget = Budget(10)
    assert not budget.take(8, leave=3)
    assert budget.take(7, leave=3)


def test_a_share_goes_back_once_however_it_ends() -> None:
    budget = Budget(10)
    assert budget.take(4)
    share = Share(budget, 4)
    share.close()
    del share
    assert budget.used == 0


def test_a_failure_leaves_nothing_to_the_garbage_collector(threads: NativeThreads) -> None:
    class Bytes:
        """Something large that a task was given."""

    def fail(_: Bytes) -> None:
        raise ZeroDivisionError

    large = Bytes()
    alive = weakref.ref(large)
    gc.disable()
    try:
        with pytest.raises(ZeroDivisionError):
            threads.run(fail, large)
        del large
        assert eventually(lambda: alive() is None)
    finally:
        gc.enable()
