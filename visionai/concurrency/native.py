"""Threads of the operating system for what would stop every other task."""

from __future__ import annotations

import atexit
import threading
import weakref
from _queue import SimpleQueue  # C, so it makes an OS thread wait; `queue.SimpleQueue` becomes a green one when patched
from collections.abc import Callable
from typing import Any

from ..errors import Busy
from .tasks import Event, native_thread, post

Done = Callable[[Any, BaseException | None], None]
"""Takes a result and None, or None and what was raised. It must not wait for anything."""

JOIN_SECONDS = 5.0


class NativeThreads:
    """Threads of the operating system for work that would stop the hub, behind a bounded queue.

    With `make_state` each thread makes itself a state first and hands it to every function as its first argument.
    The threads start at the first need, and are joined at exit: a thread killed inside native code aborts the process.
    """

    def __init__(self, count: int, waiting: int, name: str, make_state: Callable[[], Any] | None = None) -> None:
        self._count = count
        self._waiting = waiting
        self._name = name
        self._make_state = make_state
        self._tasks: SimpleQueue[tuple[Callable[..., Any], tuple[Any, ...], Done] | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._starting = threading.Lock()
        self._closed = False

    @property
    def waiting(self) -> int:
        """How many tasks wait for a thread."""
        return self._tasks.qsize()

    def run(self, function: Callable[..., Any], *args: Any) -> Any:
        """Run `function` on a native thread and return its result while other tasks go on; raises Busy when full."""
        reply = _Reply()
        self.submit(function, *args, on_done=reply.give)
        return reply.wait()

    def submit(self, function: Callable[..., Any], *args: Any, on_done: Done) -> None:
        """Queue `function` and call `on_done` with what became of it; raises Busy when full or closed."""
        if self._closed or self._tasks.qsize() >= self._waiting:
            raise Busy
        if not self._threads:
            self._start()
        self._tasks.put((function, args, on_done))

    def close(self) -> None:
        """Finish what is queued and join the threads; safe to call twice."""
        self._closed = True
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join(JOIN_SECONDS)
        self._threads = []

    def _start(self) -> None:
        with self._starting:
            if self._threads:
                return
            _to_join.add(self)
            threads = [native_thread(self._work, f"{self._name}-{index}") for index in range(self._count)]
            for thread in threads:
                thread.start()
            self._threads = threads

    def _work(self) -> None:
        state = () if self._make_state is None else (self._make_state(),)
        while task := self._tasks.get():
            function, args, on_done = task
            try:
                result, error = function(*state, *args), None
            except Exception as raised:  # noqa: BLE001 - it is handed to whoever waits for the result
                result, error = None, raised
            post(_Call(on_done, result, error))
            del task, function, args, on_done, result, error  # A frame must not live until the next one comes.


class _Call:
    """A bound call without the weight of a closure over the loop's variables."""

    __slots__ = ("_error", "_function", "_result")

    def __init__(self, function: Done, result: Any, error: BaseException | None) -> None:
        self._function, self._result, self._error = function, result, error

    def __call__(self) -> None:
        self._function(self._result, self._error)


class _Reply:
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
        if self._error is not None:
            raise self._error
        return self._result


_to_join: weakref.WeakSet[NativeThreads] = weakref.WeakSet()
_small_pool = NativeThreads(2, waiting=32, name="native")


def call_native(function: Callable[..., Any], *args: Any) -> Any:
    """Run something that is slow and no database's, such as hashing, on one of two native threads; raises Busy."""
    return _small_pool.run(function, *args)


@atexit.register
def _join() -> None:
    for threads in list(_to_join):
        threads.close()
