"""Who asks most does not get most."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from visionai.concurrency import FairSlots
from visionai.errors import Busy


class Crowd:
    """Tasks that want a slot, one after another; `served` are their names in the order in which they got one."""

    def __init__(self, slots: FairSlots) -> None:
        self.served: list[str] = []
        self.refused: list[str] = []
        self._slots = slots
        self._threads: list[threading.Thread] = []

    def ask(self, key: str, name: str) -> None:
        """Begin to wait; returns when the task stands in its line or was refused."""
        waiting = self._slots._waiting
        thread = threading.Thread(target=self._wait, args=(key, name))
        thread.start()
        self._threads.append(thread)
        while thread.is_alive() and self._slots._waiting == waiting and name not in self.refused:
            thread.join(0.001)

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def _wait(self, key: str, name: str) -> None:
        try:
            with self._slots.taken(key):
                self.served.append(name)
        except Busy:
            self.refused.append(name)


def slots(waiting: int = 100, waiting_per_key: int = 100, patience: float = 30.0) -> FairSlots:
    return FairSlots(1, waiting=waiting, waiting_per_key=waiting_per_key, patience=patience)


@pytest.fixture
def held() -> Iterator[ExitStack]:
    """What holds the only slot until it is closed."""
    with ExitStack() as stack:
        yield stack


def test_one_who_comes_alone_is_served_after_one_of_a_crowd(held: ExitStack) -> None:
    shared = slots()
    held.enter_context(shared.taken("held"))
    crowd = Crowd(shared)
    for number in range(60):
        crowd.ask("crowd", f"crowd {number}")
    crowd.ask("alone", "alone")
    held.close()
    crowd.join()
    assert crowd.served[:3] == ["crowd 0", "alone", "crowd 1"]
    assert len(crowd.served) == 61


def test_a_line_is_served_in_the_order_in_which_it_came(held: ExitStack) -> None:
    shared = slots()
    held.enter_context(shared.taken("held"))
    crowd = Crowd(shared)
    for number in range(5):
        crowd.ask("crowd", str(number))
    held.close()
    crowd.join()
    assert crowd.served == ["0", "1", "2", "3", "4"]


def test_a_line_that_is_too_long_takes_nobody(held: ExitStack) -> None:
    shared = slots(waiting_per_key=2)
    held.enter_context(shared.taken("held"))
    crowd = Crowd(shared)
    for number in range(3):
        crowd.ask("crowd", str(number))
    assert crowd.refused == ["2"]
    held.close()
    crowd.join()


def test_where_all_are_full_the_longest_line_makes_room(held: ExitStack) -> None:
    shared = slots(waiting=3)
    held.enter_context(shared.taken("held"))
    crowd = Crowd(shared)
    for number in range(3):
        crowd.ask("crowd", str(number))
    thread = threading.Thread(target=crowd._wait, args=("alone", "alone"))
    thread.start()
    while not crowd.refused:
        thread.join(0.001)
    held.close()
    crowd.join()
    thread.join()
    assert crowd.refused == ["2"]
    assert "alone" in crowd.served


def test_nobody_waits_for_ever(held: ExitStack) -> None:
    shared = slots(patience=0.05)
    held.enter_context(shared.taken("held"))
    with pytest.raises(Busy), shared.taken("late"):
        pass
    held.close()
    with shared.taken("later"):
        assert shared._waiting == 0


def test_a_task_that_fails_hands_its_slot_on() -> None:
    shared = slots()
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), shared.taken("key"):
            raise ZeroDivisionError
