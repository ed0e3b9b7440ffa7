"""The one place that knows greenlets from threads.

A server process runs on plain threads until `patch` is called, and on eventlet's greenlets from then on. Everybody
else writes what suits both: `spawn`, `sleep`, `Lock`, `Event`, and native threads for what would stop the hub.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import sys
import threading
import time
import warnings
import weakref
from _queue import SimpleQueue  # C, so it makes an OS thread wait; `queue.SimpleQueue` becomes a green one when patched
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from .errors import Busy

logger = logging.getLogger(__name__)

Done = Callable[[Any, BaseException | None], None]
"""Takes a result and None, or None and what was raised. It must not wait for anything."""

JOIN_SECONDS = 5.0


class _Threads:
    """Every task is a thread; what a native thread found may as well be handled on it."""

    name = "threading"
    threading: Any = threading

    def guard(self) -> AbstractContextManager[Any]:
        return threading.Lock()

    def spawn(self, function: Callable[..., object], *args: Any) -> None:
        threading.Thread(target=function, args=args, daemon=True).start()

    def post(self, call: Callable[[], None]) -> None:
        call()


class _Greenlets(_Threads):
    """Tasks are greenlets of one thread; native threads hand results over in a deque and wake the hub by a byte."""

    name = "eventlet"

    def __init__(self, eventlet: Any) -> None:
        self.threading = eventlet.patcher.original("threading")
        self._eventlet = eventlet
        self._calls: deque[Callable[[], None]] = deque()
        original_socket = eventlet.patcher.original("socket")
        self._wakeups, self._bell = original_socket.socketpair()
        self._wakeups.setblocking(False)
        self._bell.setblocking(False)
        eventlet.spawn(self._deliver)

    def guard(self) -> AbstractContextManager[Any]:
        return _no_guard

    def spawn(self, function: Callable[..., object], *args: Any) -> None:
        self._eventlet.spawn(function, *args)

    def post(self, call: Callable[[], None]) -> None:
        self._calls.append(call)
        # Where the bell is full of bytes the hub has yet to come round to them, and will find this call then.
        with contextlib.suppress(BlockingIOError):
            self._bell.send(b"\0")

    def _deliver(self) -> None:
        """Run what was posted, in order. Bytes are not counted: each wake-up empties the deque."""
        while True:
            self._eventlet.hubs.trampoline(self._wakeups, read=True)
            self._wakeups.recv(4096)
            while self._calls:
                _supervised(self._calls.popleft())


_no_guard = contextlib.nullcontext()
_mode = _Threads()


def patch() -> None:
    """Turn this process to greenlets. Call it before anything else is imported, and never before a fork."""
    global _mode  # noqa: PLW0603
    eventlet = _import_eventlet()
    eventlet.hubs.use_hub()
    eventlet.monkey_patch()
    _mode = _Greenlets(eventlet)
    # Native threads log too, and a green lock cannot be waited for outside of the hub's thread. Handlers write to
    # files, which never switch greenlets, so real locks do no harm.
    logging.threading = _mode.threading  # type: ignore[attr-defined]
    logging._lock = _mode.threading.RLock()  # type: ignore[attr-defined]
    for handler in logging.root.handlers:
        handler.createLock()


def _import_eventlet() -> Any:
    with warnings.catch_warnings():
        # It announces its own retirement at every import; the other mode stands ready.
        warnings.simplefilter("ignore")
        import eventlet
        import eventlet.hubs
        import eventlet.patcher

        return eventlet


def mode() -> str:
    """Return the name by which Socket.IO knows how this process runs: "eventlet" or "threading"."""
    return _mode.name


def spawn(function: Callable[..., object], *args: Any) -> None:
    """Run `function` beside the caller; what it raises is logged."""
    _mode.spawn(_supervised, function, *args)


def sleep(seconds: float) -> None:
    """Let others run for `seconds`."""
    time.sleep(seconds)


def Lock() -> threading.Lock:
    """Make a lock for tasks; not for native threads."""
    return threading.Lock()


def Guard() -> AbstractContextManager[Any]:
    """Make what keeps other tasks out of a section in which nothing waits; under greenlets that is nothing at all."""
    return _mode.guard()


Event = threading.Event


def NativeLock() -> threading.Lock:
    """Make a lock for native threads; a task that waits for it stops every other."""
    lock: threading.Lock = _mode.threading.Lock()
    return lock


# Below Python's and eventlet's sockets, both of which wait until they can send; kept before anything is patched.
_write = os.write


def send_now(sock: Any, data: bytes) -> int:
    """Send what the kernel takes of `data` at once and return how many bytes that was, maybe none.

    `sock` has a timeout. Raises OSError where the connection is gone.
    """
    if sys.platform == "win32" or hasattr(sock, "pending"):
        return 0  # Not for sockets there, nor with TLS: what is sent waits for a task that may wait.
    try:
        return _write(sock.fileno(), data)
    except BlockingIOError:
        return 0


def _supervised(function: Callable[..., object], *args: Any) -> None:
    try:
        function(*args)
    except Exception:
        logger.exception("A background task failed")


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
            threads = [
                _mode.threading.Thread(target=self._work, name=f"{self._name}-{index}", daemon=True)
                for index in range(self._count)
            ]
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
            _mode.post(_Call(on_done, result, error))
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


_at_stop: list[Callable[[], object]] = []


def at_stop(function: Callable[[], object]) -> None:
    """Have `function` called when the server begins to stop, before its connections are cut."""
    _at_stop.append(function)


def stop() -> None:
    """Call what was registered, in that order; once."""
    while _at_stop:
        _supervised(_at_stop.pop(0))


@atexit.register
def _join() -> None:
    for threads in list(_to_join):
        threads.close()
