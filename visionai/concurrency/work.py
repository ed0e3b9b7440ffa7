"""Work items of a thread pool: tasks, who does them, and how a result gets back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from .tasks import Event

Done = Callable[[Any, BaseException | None], None]
"""Takes a result and None, or None and what was raised. It must not wait for anything."""


class Task:
    """A function that waits for a thread, or is run by one. `arrived` is seconds of the monotonic clock."""

    __slots__ = ("args", "arrived", "function", "on_done")

    def __init__(self, function: Callable[..., Any], args: tuple[Any, ...], on_done: Done) -> None:
        self.function, self.args, self.on_done = function, args, on_done
        self.arrived = time.monotonic()


class Worker:
    """A thread of ours and what it does: its task, since when the clock runs, and what is to be called at the end."""

    thread: threading.Thread

    def __init__(self) -> None:
        self.task: Task | None = None
        self.began: float | None = None
        self.at_end: list[Callable[[], object]] = []
        self.aside = self.given_up = self.leaves = False


class Call:
    """A bound call without the weight of a closure over the loop's variables."""

    __slots__ = ("_error", "_function", "_result")

    def __init__(self, function: Done, result: Any, error: BaseException | None) -> None:
        self._function, self._result, self._error = function, result, error

    def __call__(self) -> None:
        self._function(self._result, self._error)


class Reply:
    """A result that a task waits for."""

    def __init__(self) -> None:
        self._given = Event()
        self._result: Any = None
        self._error: BaseException | None = None

    def give(self, result: Any, error: BaseException | None) -> None:
        self._result, self._error = result, error
        self._given.set()

    def wait(self) -> Any:
        self._given.wait()
        error, self._error = self._error, None
        if error is None:
            return self._result
        try:
            raise error
        finally:
            del error  # Its traceback knows this frame: in a circle both would wait for the collector, with the image.
