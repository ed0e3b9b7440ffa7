"""A pool of native threads for blocking work that would stop the event loop."""

from __future__ import annotations

import atexit
import contextlib
import logging
import time
import weakref

# C, so it makes an OS thread wait; `queue.SimpleQueue` becomes a green one when patched.
from _queue import Empty, SimpleQueue
from collections import deque
from collections.abc import Callable
from contextvars import ContextVar
from functools import partial
from typing import Any

from ..errors import Busy, TookTooLong
from .process import replace_process
from .tasks import NativeLock, native_thread, post
from .work import Call, Done, Reply, Task, Worker

logger = logging.getLogger(__name__)

JOIN_SECONDS = 5.0
MAX_LOST_PER_THREAD = 2
"""How many threads may be stuck for each that there should be; then the process is replaced."""

WATCH_SECONDS = 0.5
"""How often threads are looked after."""

# The worker that the current thread is. A context is a native thread's own, patched or not.
_current: ContextVar[Worker | None] = ContextVar("worker", default=None)


class NativeThreads:
    """Threads of the operating system for work that would stop the hub, behind a bounded queue.

    With `make_state` each thread makes itself a state first and hands it to every function as its first argument.
    The threads start at the first need, and are joined at exit: a thread killed inside native code aborts the process.

    `spare` is how many threads may be aside at once: busy with something long, with others in their place. With
    `patience`, in seconds, a thread that takes longer over a function that called `start_clock` is given up: whoever
    waits gets TookTooLong, and another thread takes its place. It cannot be killed; when twice `count` are lost like
    that, the process is replaced.
    """

    def __init__(
        self,
        count: int,
        waiting: int,
        name: str,
        make_state: Callable[[], Any] | None = None,
        *,
        spare: int = 0,
        patience: float | None = None,
    ) -> None:
        self._count = count
        self._waiting = waiting
        self._name = name
        self._make_state = make_state
        self._spare = spare
        self._patience = patience
        self._tasks: SimpleQueue[Task | None] = SimpleQueue()
        self._arrivals: deque[float] = deque()
        self._workers: set[Worker] = set()
        self._free_states: list[Any] = []
        self._started = self._lost = 0
        self._changing = NativeLock()
        self._watch_ends: SimpleQueue[None] = SimpleQueue()
        self._closed = False
        _pools.add(self)

    @property
    def name(self) -> str:
        """What these threads are for."""
        return self._name

    @property
    def count(self) -> int:
        """How many threads there should be."""
        return self._count

    @property
    def waiting(self) -> int:
        """How many tasks wait for a thread."""
        return self._tasks.qsize()

    @property
    def busy(self) -> int:
        """How many threads work on a task, those that were given up included."""
        return self._lost + sum(worker.task is not None for worker in tuple(self._workers))

    @property
    def lost(self) -> int:
        """How many threads were given up and have not come back."""
        return self._lost

    @property
    def oldest_seconds(self) -> float:
        """How long ago the oldest task came that is not finished or given up; 0 where there is none."""
        arrivals = [task.arrived for worker in tuple(self._workers) if (task := worker.task) is not None]
        with contextlib.suppress(IndexError):
            arrivals.append(self._arrivals[0])
        return time.monotonic() - min(arrivals) if arrivals else 0.0

    def run(self, function: Callable[..., Any], *args: Any) -> Any:
        """Run `function` on a native thread and return its result while other tasks go on; raises Busy when full."""
        reply = Reply()
        self.submit(function, *args, on_done=reply.give)
        return reply.wait()

    def submit(self, function: Callable[..., Any], *args: Any, on_done: Done) -> None:
        """Queue `function` and call `on_done` with what became of it; raises Busy when full or closed."""
        if self._closed or self._tasks.qsize() >= self._waiting:
            raise Busy
        if not self._started:
            self._start()
        task = Task(function, args, on_done)
        self._arrivals.append(task.arrived)
        self._tasks.put(task)

    def step_aside(self) -> None:
        """Let another thread take the place of the calling one until its task is done; raises Busy for too many.

        Changes nothing outside of these threads, or where none may be aside.
        """
        worker = _current.get()
        if worker is None or worker.aside or not self._spare:
            return
        with self._changing:
            if sum(other.aside for other in self._workers) >= self._spare:
                raise Busy
            worker.aside = True
        self._start_worker()

    def start_clock(self) -> None:
        """Begin to measure, or begin again, how long the calling thread takes over its task."""
        if worker := _current.get():
            worker.began = time.monotonic()

    def at_end(self, function: Callable[[], object]) -> None:
        """Have `function` called when the task of the calling thread is done or given up; at once outside of these."""
        if worker := _current.get():
            worker.at_end.append(function)
        else:
            function()

    def close(self) -> None:
        """Finish what is queued and join the threads; safe to call twice."""
        with self._changing:
            self._closed = True
            workers = tuple(self._workers)
        for _ in workers:
            self._tasks.put(None)
        for worker in workers:
            worker.thread.join(JOIN_SECONDS)
        self._watch_ends.put(None)

    def _start(self) -> None:
        with self._changing:
            if self._started:
                return
            self._started = 1
        for _ in range(self._count):
            self._start_worker()
        if self._patience is not None:
            native_thread(self._watch, f"{self._name}-watch").start()

    def _start_worker(self) -> None:
        worker = Worker()
        worker.thread = native_thread(partial(self._work, worker), f"{self._name}-{self._started}")
        with self._changing:
            if self._closed:
                return
            self._started += 1
            self._workers.add(worker)
            worker.thread.start()

    def _work(self, worker: Worker) -> None:
        _current.set(worker)
        state = self._take_state()
        while not worker.leaves and (task := self._next_task()):
            self._do(task, worker, state)
            del task  # A frame must not live until the next one comes.
        with self._changing:
            if worker.given_up:
                self._lost -= 1
            self._workers.discard(worker)
            self._free_states += state

    def _take_state(self) -> tuple[Any, ...]:
        """Return the state of a thread that has ended, or a new one; an empty tuple where there are none."""
        if self._make_state is None:
            return ()
        with self._changing:
            if self._free_states:
                return (self._free_states.pop(),)
        return (self._make_state(),)

    def _next_task(self) -> Task | None:
        task = self._tasks.get()
        if task is not None:
            self._arrivals.popleft()
        return task

    def _do(self, task: Task, worker: Worker, state: tuple[Any, ...]) -> None:
        worker.task = task
        result: Any = None
        error: BaseException | None = None
        try:
            result = task.function(*state, *task.args)
        except Exception as raised:  # noqa: BLE001 - it is handed to whoever waits for the result
            error = raised
        try:
            if self._end(worker, given_up=False):
                post(Call(task.on_done, result, error))
        finally:
            # An error knows this frame by its traceback: in a circle it and the image would wait for the collector.
            del result, error

    def _end(self, worker: Worker, *, given_up: bool) -> bool:
        """Take a worker's task from it, done or given up, whichever is first; return whether that was this call."""
        with self._changing:
            if worker.task is None:
                return False
            worker.task = worker.began = None
            worker.leaves = worker.aside or given_up
            worker.given_up = given_up
            if given_up:
                self._lost += 1
                self._workers.discard(worker)
            ends, worker.at_end = worker.at_end, []
        for function in ends:
            function()
        return True

    def _watch(self) -> None:
        """Look after threads that take too long, until these are closed."""
        while True:
            with contextlib.suppress(Empty):
                self._watch_ends.get(timeout=WATCH_SECONDS)
                return
            self._give_up_late(time.monotonic() - (self._patience or 0.0))

    def _give_up_late(self, since: float) -> None:
        """Give up the threads whose clock was started before `since`."""
        for worker in tuple(self._workers):
            task, began, aside = worker.task, worker.began, worker.aside
            if task is None or began is None or began > since or not self._end(worker, given_up=True):
                continue
            logger.error("Thread %s is stuck in its task and was given up", worker.thread.name)
            post(Call(task.on_done, None, TookTooLong()))
            if self._lost >= MAX_LOST_PER_THREAD * self._count:
                self._give_up_all()
            elif not aside:
                self._start_worker()

    def _give_up_all(self) -> None:
        """Refuse what waits and what comes, and have the process replaced: too many threads are stuck."""
        if self._closed:
            return
        self._closed = True
        with contextlib.suppress(Empty):
            while True:
                task = self._tasks.get_nowait()
                if task is not None:
                    post(Call(task.on_done, None, Busy()))
        self._arrivals.clear()
        replace_process(f"{self._lost} threads of {self._name} are stuck")


_pools: weakref.WeakSet[NativeThreads] = weakref.WeakSet()
_small_pool = NativeThreads(2, waiting=32, name="native")


def call_native(function: Callable[..., Any], *args: Any) -> Any:
    """Run something that is slow and no database's, such as hashing, on one of two native threads; raises Busy."""
    return _small_pool.run(function, *args)


def pools() -> list[NativeThreads]:
    """Return the native threads of this process, started or not, that were not closed."""
    return [threads for threads in list(_pools) if not threads._closed]


@atexit.register
def _join() -> None:
    for threads in list(_pools):
        threads.close()
