"""Native threads behind a bounded queue, on plain threads here and on greenlets in a process of their own."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from visionai import concurrency
from visionai.concurrency import NativeThreads
from visionai.errors import Busy


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


def test_what_was_registered_is_called_once_at_the_stop() -> None:
    called: list[str] = []
    concurrency.at_stop(lambda: called.append("first"))
    concurrency.at_stop(lambda: called.append("second"))
    concurrency.stop()
    concurrency.stop()
    assert called == ["first", "second"]
