"""What observers of frames are told, and where."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

import pytest

from tests.support.hand_engine import HandEngine
from visionai import signals

from .conftest import Answers

connection: ContextVar[str | None] = ContextVar("connection", default=None)
Heard = list[tuple[str | None, dict[str, Any]]]


@pytest.fixture
def heard() -> Iterator[Heard]:
    """What was told of frames, with the connection in whose context that was."""
    heard: Heard = []

    def hear(_: str, **told: Any) -> None:
        heard.append((connection.get(), told))

    with signals.frame_answered.connected_to(hear):
        yield heard


@pytest.fixture
def send_over_connection(send: Callable[..., None]) -> Callable[..., None]:
    """Send a frame in the context of a connection, which is another's when the frame is answered."""

    def send_over(payload: Any) -> None:
        token = connection.set("theirs")
        send(payload)
        connection.reset(token)

    return send_over


def test_a_frame_is_told_of_in_the_context_in_which_it_came(
    send_over_connection: Callable[..., None], engine: HandEngine, heard: Heard
) -> None:
    send_over_connection({"image": b"jpeg"})
    engine.work()
    ((where, told),) = heard
    assert where == "theirs"
    assert (told["status"], told["code"], len(told["analysis"].faces)) == ("success", None, 1)
    assert told["arrived"] <= told["recording"][0] <= told["recording"][1]


def test_a_frame_that_is_not_recorded_has_no_time_of_that(
    send: Callable[..., None], engine: HandEngine, heard: Heard
) -> None:
    send({"image": b"jpeg", "record": False})
    engine.work()
    assert heard[0][1]["recording"] is None


def test_a_frame_that_was_not_read_is_told_of_too(send: Callable[..., None], engine: HandEngine, heard: Heard) -> None:
    send({"image": b"older"})
    send({"image": b"newer"})
    engine.full = True
    send({"image": b"newest"})
    engine.work()
    assert [(told["status"], told["analysis"] is None) for _, told in heard] == [
        ("dropped", True),
        ("dropped", True),
        ("success", False),
    ]


def test_a_fault_of_ours_is_logged_and_told_of_where_its_frame_came(
    send_over_connection: Callable[..., None],
    engine: HandEngine,
    heard: Heard,
    answered: Answers,
    caplog: pytest.LogCaptureFixture,
) -> None:
    logged: list[str | None] = []
    caplog.handler.addFilter(lambda record: logged.append(connection.get()) or True)
    with caplog.at_level(logging.ERROR):
        send_over_connection({"image": b"broken inside"})
        engine.work()
    assert logged == ["theirs"]
    assert (heard[0][0], heard[0][1]["code"]) == ("theirs", "internal_error")
    assert answered[0][0] == "error"
