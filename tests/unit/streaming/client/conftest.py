"""A client's session, with the native thread in the hands of the test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.support.hand_engine import HandEngine
from visionai.streaming.client.client import Client
from visionai.streaming.clients import Clients

Answers = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def engine(app: Flask) -> HandEngine:
    engine = HandEngine()
    app.extensions["inference"] = engine
    return engine


@pytest.fixture
def clients(app: Flask, engine: HandEngine) -> Clients:
    return app.extensions["clients"]


@pytest.fixture
def pushed() -> Answers:
    """The events that the client did not ask for."""
    return []


@pytest.fixture
def session(clients: Clients, pushed: Answers) -> Client:
    return Client(clients.shared, "ws", "10.1.2.3", "en", lambda *answer: pushed.append(answer), None)


@pytest.fixture
def answered() -> Answers:
    """The answers in the order in which they went out."""
    return []


@pytest.fixture
def send(session: Client, answered: Answers) -> Callable[..., None]:
    """Send a command, by default a frame."""

    def send(payload: Any, command: Any = "predict") -> None:
        session.receive(command, payload, lambda *answer: answered.append(answer))

    return send
