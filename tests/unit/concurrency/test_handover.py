"""A stream that outlives its request: who goes on with it, in which context, and what is done when it is over."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context, ContextVar
from types import SimpleNamespace
from typing import Any

import pytest

from visionai.concurrency import KEEP, Serve, hand_over, until_gone

WHO: ContextVar[str] = ContextVar("who", default="nobody")


class Worker:
    """A web server that hands connections over."""

    def __init__(self) -> None:
        self.kept: list[tuple[Serve, Context]] = []
        self.released = False
        self.environ: dict[str, Any] = {"gunicorn.socket": SimpleNamespace(**{KEEP: self._keep})}

    def _keep(self, go_on: Serve, context: Context) -> None:
        self.kept.append((go_on, context))

    def go_on(self) -> None:
        [(go_on, context)] = self.kept
        context.run(go_on, "the socket", self._release)

    def _release(self) -> None:
        self.released = True


def test_what_is_to_be_done_at_the_end_waits_for_a_stream_that_was_handed_over() -> None:
    worker, done = Worker(), []
    ends: list[Callable[[], object]] = []

    def begin(sock: Any, over: Callable[[], object]) -> None:
        done.append(sock)
        ends.append(over)

    with until_gone(worker.environ, lambda: done.append("outer")):
        # A layer in between may copy what it hands on.
        inner = dict(worker.environ)
        with until_gone(inner, lambda: done.append("inner")):
            assert hand_over(inner, begin)
    assert done == []
    worker.go_on()
    assert (done, worker.released) == (["the socket"], False)
    [over] = ends
    over()
    assert (done, worker.released) == (["the socket", "inner", "outer"], True)


def test_the_connection_is_let_go_where_what_is_to_be_done_fails() -> None:
    worker, done = Worker(), []

    def fail() -> None:
        raise ZeroDivisionError

    with until_gone(worker.environ, lambda: done.append("end")), until_gone(worker.environ, fail):
        hand_over(worker.environ, lambda _, over: over())
    with pytest.raises(ZeroDivisionError):
        worker.go_on()
    assert (done, worker.released) == (["end"], True)


def test_it_is_done_with_the_request_where_nothing_was_handed_over() -> None:
    done: list[str] = []
    with until_gone({}, lambda: done.append("end")):
        assert not hand_over({"gunicorn.socket": SimpleNamespace()}, lambda *_: done.append("served"))
        assert done == []
    assert done == ["end"]


def test_a_stream_goes_on_in_the_context_of_its_request() -> None:
    worker, seen = Worker(), []
    token = WHO.set("ana")
    hand_over(worker.environ, lambda *_: seen.append(WHO.get()))
    WHO.reset(token)
    worker.go_on()
    assert seen == ["ana"]
