"""Who talks over a WebSocket, under threads and, in a process of its own, under greenlets."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from visionai.streaming.websocket.conversation import Conversation
from visionai.streaming.websocket.protocol import WebSocket, WireLimits

from .client import close, closed, frames_until_end, ping, text

LIMITS = WireLimits(text=100, binary=100)


class Talker:
    """Notes what it is asked to do, and repeats what it is told."""

    def __init__(self) -> None:
        self.called: list[str | bytes] = []
        self.websocket: WebSocket | None = None

    def begin(self, websocket: WebSocket) -> None:
        self.called.append("begin")
        self.websocket = websocket

    def take(self, message: str | bytes) -> None:
        if message == "fail":
            raise LookupError
        self.called.append(message)

    def gone(self) -> None:
        self.called.append("gone")

    def over(self) -> None:
        self.called.append("over")


@pytest.fixture
def line() -> Iterator[tuple[socket.socket, socket.socket]]:
    client, server_end = socket.socketpair()
    client.settimeout(10)
    with client, server_end:
        yield client, server_end


@pytest.mark.parametrize("rests", [True, False])
def test_under_threads_a_conversation_goes_on_until_the_client_has_gone(
    line: tuple[socket.socket, socket.socket], rests: bool
) -> None:
    client, server_end = line
    client.sendall(text("one") + ping() + text("two") + close())
    client.shutdown(socket.SHUT_WR)
    talker = Talker()
    Conversation(server_end, LIMITS, talker, talker.over, rests=rests).go_on()
    assert talker.called == ["begin", "one", "two", "gone", "over"]
    assert frames_until_end(client)[-1] == closed()


def test_what_a_talker_raises_goes_on_after_the_end(line: tuple[socket.socket, socket.socket]) -> None:
    client, server_end = line
    client.sendall(text("one") + text("fail") + text("two"))
    client.shutdown(socket.SHUT_WR)
    talker = Talker()
    with pytest.raises(LookupError):
        Conversation(server_end, LIMITS, talker, talker.over, rests=False).go_on()
    assert talker.called == ["begin", "one", "gone", "over"]
    assert frames_until_end(client) == [closed()]


# Under greenlets ----------------------------------------------------------------------------------------------------

PROGRAM = """
from visionai import concurrency
concurrency.patch()
import gc, greenlet, json, socket, sys
from tests.unit.streaming.websocket.client import close, ping, pong, text
from tests.unit.streaming.websocket.test_conversation import LIMITS, Talker
from visionai.streaming.websocket import conversation
from visionai.streaming.websocket.conversation import Conversation

def tasks():
    return sum(1 for task in gc.get_objects() if isinstance(task, greenlet.greenlet) and task.gr_frame)

client, server_end = socket.socketpair()
talker = Talker()
concurrency.sleep(0.05)
before, held = tasks(), []

def let_run(seconds=0.05):
    concurrency.sleep(seconds)
    held.append(tasks() - before)

conversation.LIVELY_SECONDS = {lively}
concurrency.spawn(Conversation(server_end, LIMITS, talker, talker.over, rests=True).go_on)
{steps}
print(json.dumps([talker.called, held]))
"""


def program(steps: str, lively: float = 0.0) -> list[str]:
    """Return a command that takes `steps` with a client who is lively for so many seconds."""
    return [sys.executable, "-c", PROGRAM.replace("{steps}", steps).replace("{lively}", str(lively))]


RESTS: dict[str, tuple[str, list[Any]]] = {
    "between messages": (
        'client.send(text("one") + text("two")); let_run(); client.send(text("three")); let_run()',
        [["begin", "one", "two", "three"], [0, 0]],
    ),
    "after a pong or a ping alone": (
        'client.send(text("one")); let_run(); client.send(pong()); let_run(); client.send(ping()); let_run()',
        [["begin", "one"], [0, 0, 0]],
    ),
    "not in the middle of a message": (
        'client.send(text("one")); let_run(); client.send(text("two")[:4]); let_run(); client.send(text("two")[4:]);'
        "let_run()",
        [["begin", "one", "two"], [0, 1, 0]],
    ),
    "until the client says goodbye": (
        'client.send(text("one")); let_run(); client.send(close()); client.close(); let_run()',
        [["begin", "one", "gone", "over"], [0, 0]],
    ),
    "until the client is cut off": (
        'client.send(text("one")); let_run(); talker.websocket.abort(); let_run()',
        [["begin", "one", "gone", "over"], [0, 0]],
    ),
    "until the server says goodbye to a client that never does": (
        'client.send(text("one")); let_run(); talker.websocket.close(); let_run(); let_run(2.5)',
        [["begin", "one", "gone", "over"], [0, 1, 0]],
    ),
    "until the talker fails": (
        'client.send(text("one")); let_run(); client.send(text("fail") + text("two")); client.close(); let_run()',
        [["begin", "one", "gone", "over"], [0, 0]],
    ),
}


@pytest.mark.parametrize(("steps", "printed"), RESTS.values(), ids=RESTS)
def test_under_greenlets_no_task_is_held_while_a_client_rests(steps: str, printed: list[Any]) -> None:
    done = subprocess.run(program(steps), capture_output=True, text=True, timeout=60, check=False)
    assert json.loads(done.stdout or "null") == printed, done.stderr
    assert ("LookupError" in done.stderr) == ("fail" in steps)


LIVELY: dict[str, tuple[str, list[Any]]] = {
    "for a moment": (
        'client.send(text("one")); let_run(); client.send(text("two")); let_run(); let_run(1.5);'
        'client.send(text("three")); let_run()',
        [["begin", "one", "two", "three"], [0, 1, 0, 0]],
    ),
    "until it goes": (
        'client.send(text("one")); let_run(); client.send(text("two")); let_run(); client.close(); let_run()',
        [["begin", "one", "two", "gone", "over"], [0, 1, 0]],
    ),
    "until it is cut off": (
        'client.send(text("one")); let_run(); client.send(text("two")); let_run(); talker.websocket.abort(); let_run()',
        [["begin", "one", "two", "gone", "over"], [0, 1, 0]],
    ),
}


@pytest.mark.parametrize(("steps", "printed"), LIVELY.values(), ids=LIVELY)
def test_a_task_waits_for_one_who_speaks_again_and_again(steps: str, printed: list[Any]) -> None:
    done = subprocess.run(program(steps, lively=1.0), capture_output=True, text=True, timeout=60, check=False)
    assert json.loads(done.stdout or "null") == printed, done.stderr
