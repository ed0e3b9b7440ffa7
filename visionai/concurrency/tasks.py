"""Tasks: threads, or once the process is monkey-patched, eventlet's greenlets."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import sys
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from contextvars import Context
from typing import Any

logger = logging.getLogger(__name__)


class _Threads:
    """Every task is a thread; what a native thread found may as well be handled on it."""

    name = "threading"
    threading: Any = threading
    socket: Any = socket

    def guard(self) -> AbstractContextManager[Any]:
        return threading.Lock()

    def spawn(self, function: Callable[..., object], *args: Any) -> None:
        threading.Thread(target=function, args=args, daemon=True).start()

    def post(self, call: Callable[[], None]) -> None:
        _supervised(call)


class _Greenlets(_Threads):
    """Tasks are greenlets of one thread; native threads hand results over in a deque and wake the hub by a byte."""

    name = "eventlet"

    def __init__(self, eventlet: Any) -> None:
        self.threading = eventlet.patcher.original("threading")
        self._eventlet = eventlet
        self._calls: deque[Callable[[], None]] = deque()
        self.socket = eventlet.patcher.original("socket")
        self._wakeups, self._bell = self.socket.socketpair()
        self._wakeups.setblocking(False)
        self._bell.setblocking(False)
        eventlet.spawn(self._deliver)

    def guard(self) -> AbstractContextManager[Any]:
        return _no_guard

    def spawn(self, function: Callable[..., object], *args: Any) -> None:
        self._eventlet.spawn_n(function, *args)

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


def post(call: Callable[[], None]) -> None:
    """Have `call` run as a task's, from a native thread; calls keep their order."""
    _mode.post(call)


def native_thread(function: Callable[[], object], name: str) -> threading.Thread:
    """Make a thread of the operating system, not yet started."""
    thread: threading.Thread = _mode.threading.Thread(target=function, name=name, daemon=True)
    return thread


def spawn(function: Callable[..., object], *args: Any) -> None:
    """Run `function` beside the caller; what it raises is logged."""
    _mode.spawn(_supervised, function, *args)


def spawn_within(context: Context, function: Callable[..., object], *args: Any) -> None:
    """As `spawn`, under greenlets, with the context variables of `context`."""
    import eventlet

    eventlet.spawn_n(_supervised, function, *args).gr_context = context


def spawn_until(function: Callable[..., object], *args: Any) -> Callable[[], None]:
    """Run `function` beside the caller under greenlets, and return what ends it where it waits.

    A socket must not be closed under a greenlet that waits for it: the hub would keep it waiting for the number, and
    refuse the next file that gets that number to whoever waits for it.
    """
    import eventlet

    greenlet = eventlet.spawn(_supervised, function, *args)
    end: Callable[[], None] = greenlet.kill
    return end


def sleep(seconds: float) -> None:
    """Let others run for `seconds`."""
    time.sleep(seconds)


def time_limit(seconds: float) -> AbstractContextManager[Any]:
    """Make a limit for a block under greenlets, which ends without a word after `seconds`."""
    import eventlet

    limit: AbstractContextManager[Any] = eventlet.Timeout(seconds, False)
    return limit


def green_listener(sock: Any) -> Any:
    """Return a listening socket that was made before the process was patched as one that lets other greenlets run."""
    import eventlet.greenio
    import eventlet.patcher

    original = eventlet.patcher.original("socket").socket
    return eventlet.greenio.GreenSocket(original(sock.family, sock.type, fileno=sock.detach()))


def Lock() -> threading.Lock:
    """Make a lock for tasks; not for native threads."""
    return threading.Lock()


def Guard() -> AbstractContextManager[Any]:
    """Make a lock under threads, a no-op under greenlets: it keeps tasks out of a section in which nothing waits."""
    return _mode.guard()


Event = threading.Event
Semaphore = threading.BoundedSemaphore


def NativeLock() -> threading.Lock:
    """Make a lock for native threads; a task that waits for it stops every other."""
    lock: threading.Lock = _mode.threading.Lock()
    return lock


def native_condition() -> threading.Condition:
    """Make a condition of native threads; a task may notify, and only a native thread may wait."""
    condition: threading.Condition = _mode.threading.Condition(_mode.threading.Lock())
    return condition


def native_connection(address: tuple[str, int], seconds: float) -> socket.socket:
    """Connect a socket for a native thread, which waits for it up to `seconds` at a time; raises OSError.

    A green socket would bring that thread a hub of its own, and with TLS or names to look up share state with tasks.
    """
    connection: socket.socket = _mode.socket.create_connection(address, seconds)
    return connection


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


_at_stop: list[Callable[[], object]] = []


def at_stop(function: Callable[[], object]) -> None:
    """Have `function` called when the server begins to stop, before its connections are cut."""
    _at_stop.append(function)


def stop() -> None:
    """Call what was registered, in that order; once."""
    while _at_stop:
        _supervised(_at_stop.pop(0))
