"""A call that waits for a socket without a task: greenlets, so each is a process of its own."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from visionai import concurrency

PRELUDE = """
from visionai import concurrency
concurrency.patch()
import eventlet, gc, greenlet, socket
from contextvars import ContextVar

def tasks():
    return [task for task in gc.get_objects() if isinstance(task, greenlet.greenlet) and task.gr_frame]

here, there = socket.socketpair()
called = []
"""

CASES = {
    "it is made once something comes, with no task until then": (
        """
concurrency.sleep(0.05)
before = len(tasks())
eventlet.spawn_n(concurrency.on_readable, here, lambda: called.append(here.recv(10)))
concurrency.sleep(0.05)
print(called, len(tasks()) - before)
there.send(b"x")
concurrency.sleep(0.05)
there.send(b"y")
concurrency.sleep(0.05)
print(called)
""",
        "[] 0\n[b'x']\n",
    ),
    "it is made at the end of the connection": (
        """
concurrency.on_readable(here, lambda: called.append(here.recv(10)))
there.close()
concurrency.sleep(0.05)
print(called)
""",
        "[b'']\n",
    ),
    "it is made where the other end was cut here": (
        """
concurrency.on_readable(here, lambda: called.append(here.recv(10)))
here.shutdown(socket.SHUT_RDWR)
concurrency.sleep(0.05)
print(called)
""",
        "[b'']\n",
    ),
    "it is made at once, and once, where it is called for": (
        """
ready = concurrency.on_readable(here, lambda: called.append("now"))
there.send(b"x")
ready.call()
ready.call()
concurrency.sleep(0.05)
print(called)
""",
        "['now']\n",
    ),
    "it is made in the context that it was asked for in": (
        """
who = ContextVar("who", default="nobody")
def ask():
    who.set("ana")
    concurrency.on_readable(here, lambda: called.append(who.get()))
eventlet.spawn_n(ask)
concurrency.sleep(0.05)
there.send(b"x")
concurrency.sleep(0.05)
print(called)
""",
        "['ana']\n",
    ),
    "a task waits for it, for so long": (
        """
print(concurrency.readable_within(here, 0.01))
eventlet.spawn_after(0.01, there.send, b"x")
print(concurrency.readable_within(here, 20.0), concurrency.readable_within(here, 20.0))
here.recv(10)
eventlet.spawn_after(0.01, there.close)
print(concurrency.readable_within(here, 20.0))
""",
        "False\nTrue True\nTrue\n",
    ),
    "it can be asked for again from within": (
        """
def take():
    called.append(here.recv(1))
    concurrency.on_readable(here, take)
concurrency.on_readable(here, take)
there.send(b"abc")
concurrency.sleep(0.05)
print(called)
""",
        "[b'a', b'b', b'c']\n",
    ),
}


@pytest.mark.parametrize(("program", "printed"), CASES.values(), ids=CASES)
def test_a_call_that_waits_for_a_socket(program: str, printed: str) -> None:
    command = [sys.executable, "-c", PRELUDE + program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.returncode) == (printed, 0), done.stderr


def test_under_threads_a_task_has_to_wait() -> None:
    here, there = socket.socketpair()
    with here, there:
        assert concurrency.on_readable(here, lambda: pytest.fail("called")) is None
        assert concurrency.readable_within(here, 0.0)
