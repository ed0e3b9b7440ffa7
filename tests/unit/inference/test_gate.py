"""The gate: memory within a budget, small pictures at once, large ones in turn."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from visionai.concurrency import NativeThreads
from visionai.errors import Busy, ImageTooLarge
from visionai.inference import gate as module
from visionai.inference.gate import Gate
from visionai.vision.images.admission import Need

MEGABYTE = 1 << 20
SMALL = Need(2 * MEGABYTE, 500_000, 1000, 500)
LARGE = Need(60 * MEGABYTE, 15_000_000, 5000, 3000)


@pytest.fixture
def gate() -> Iterator[Gate]:
    """A gate of one thread and 128 MB, 96 of them for large pictures."""
    gate = Gate(1, 128 * MEGABYTE)
    gate.threads = NativeThreads(1, waiting=64, name="gate", spare=gate.stand_ins, patience=30)
    yield gate
    gate.threads.close()


class Held:
    """Large pictures that are being decoded until they are let."""

    def __init__(self, gate: Gate) -> None:
        self.gate, self.release = gate, threading.Event()
        self.admitted = threading.Semaphore(0)
        self.errors: list[BaseException | None] = []

    def submit(self, need: Need) -> None:
        def work() -> None:
            self.gate(need)
            self.admitted.release()
            self.release.wait()

        assert self.gate.threads is not None
        self.gate.threads.submit(work, on_done=lambda _, error: self.errors.append(error))


@pytest.fixture
def held(gate: Gate) -> Iterator[Held]:
    held = Held(gate)
    yield held
    held.release.set()


def test_a_small_picture_is_read_while_a_large_one_is(gate: Gate, held: Held) -> None:
    held.submit(LARGE)
    assert held.admitted.acquire(timeout=10)
    assert gate.threads is not None
    assert gate.threads.run(gate, SMALL) is None


def test_a_large_picture_waits_for_the_one_before_it(gate: Gate, held: Held) -> None:
    held.submit(LARGE)
    held.submit(LARGE)
    assert held.admitted.acquire(timeout=10)
    assert not held.admitted.acquire(timeout=0.3)
    held.release.set()
    assert held.admitted.acquire(timeout=10)


def test_a_large_picture_that_waited_in_vain_is_answered_busy(
    gate: Gate, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.05)
    held.submit(LARGE)
    assert held.admitted.acquire(timeout=10)
    assert gate.threads is not None
    with pytest.raises(Busy):
        gate.threads.run(gate, LARGE)


def test_more_large_pictures_than_may_wait_are_answered_busy_at_once(gate: Gate, held: Held) -> None:
    for _ in range(gate.stand_ins):
        held.submit(LARGE)
    assert gate.threads is not None
    with pytest.raises(Busy):
        gate.threads.run(gate, LARGE)


def test_a_picture_that_takes_more_than_there_is_is_too_large_and_told_what_would_fit(gate: Gate) -> None:
    assert gate.threads is not None
    with pytest.raises(ImageTooLarge) as refused:
        gate.threads.run(gate, Need(192 * MEGABYTE, 15_000_000, 5000, 3000))
    assert refused.value.details["limit"] == 7_500_000


def test_many_small_pictures_at_once_stay_within_a_quarter_of_the_memory() -> None:
    gate = Gate(64, 128 * MEGABYTE)
    with pytest.raises(ImageTooLarge):
        gate(Need(97 * MEGABYTE, 1, 100, 100))
    assert gate(Need(MEGABYTE // 2, 1, 100, 100)) is None
