"""Keys on streams: what each command takes, what is counted, and that the connection stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.hand_engine import HandEngine
from visionai.contract.scopes import COMMANDS, Scope
from visionai.errors import OutOfScope
from visionai.extensions import db
from visionai.models import AuditEntry, RecordedSession
from visionai.services.accounts import accounts
from visionai.services.keys import keys, meter
from visionai.services.keys.keys import Issued, NewKey
from visionai.streaming.client.client import Client
from visionai.streaming.client.commands import AVAILABLE
from visionai.streaming.client.shared import Reply
from visionai.streaming.clients import Clients

from .conftest import Answers

ALL = frozenset(Scope) - {Scope.ADMIN}
JPEG = {"image": b"jpeg"}
PAYLOADS: dict[str, dict[str, Any]] = {"predict": JPEG, "subscribe": {"topic": "dashboard"}, "marker": {"label": "m"}}
SCOPED = [(command, need) for command, need in COMMANDS.items() if isinstance(need, Scope)]

MakeKey = Callable[..., Issued]


@pytest.fixture
def make(clients: Clients) -> MakeKey:
    user = accounts.create_user("ana", "una frase larga")

    def made(*allowed: Scope, **limits: Any) -> Issued:
        return keys.create(user.user_id, NewKey("camera", allowed or tuple(ALL), **limits))

    return made


@pytest.fixture
def connect(clients: Clients, pushed: Answers) -> Callable[[Issued | None], Client]:
    def connected(key: Issued | None) -> Client:
        token = key.text if key else None
        return Client(clients.shared, "ws", "10.1.2.3", "en", lambda *answer: pushed.append(answer), token)

    return connected


Connect = Callable[[Issued | None], Client]


def collect(answers: Answers) -> Reply:
    return lambda *answer: answers.append(answer)


def codes(answers: Answers) -> list[str]:
    return [body["error"]["code"] if event == "error" else event for event, body in answers]


def test_every_command_says_what_it_needs() -> None:
    assert COMMANDS.keys() == set(AVAILABLE)


@pytest.mark.parametrize("where", ["connection", "payload"])
def test_a_key_without_the_scope_of_a_command_changes_nothing(
    connect: Connect, make: MakeKey, engine: HandEngine, where: str
) -> None:
    for command, need in SCOPED:
        key, answers = make(*(ALL - {need})), []  # type: Issued, Answers
        client = connect(key if where == "connection" else None)
        token = {} if where == "connection" else {"token": key.text}
        client.receive(command, {**PAYLOADS.get(command, {}), **token}, collect(answers))
        engine.work()
        assert codes(answers) == ["forbidden"], command
        assert client.run is None
    assert db.session.scalars(select(RecordedSession)).all() == []
    refused = {
        row.details["operation"] for row in db.session.scalars(select(AuditEntry)) if row.action == "key.refused"
    }
    assert refused == {f"stream.{command}" for command, _ in SCOPED}


def test_a_frame_of_a_key_is_its_users(connect: Connect, make: MakeKey, engine: HandEngine) -> None:
    answers: Answers = []
    connect(make(Scope.STREAM)).receive("predict", JPEG, collect(answers))
    engine.work()
    assert [(event, body["user"]) for event, body in answers] == [("prediction", "ana")]


def test_a_key_that_no_command_takes_opens_no_stream(connect: Connect, make: MakeKey) -> None:
    with pytest.raises(OutOfScope):
        connect(make(Scope.PREDICT))


def test_a_frame_over_the_limit_is_an_error_and_the_connection_stays(
    connect: Connect, make: MakeKey, engine: HandEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meter, "utc_now", lambda: datetime(2026, 1, 1, 12, tzinfo=UTC))
    answers: Answers = []
    client = connect(make(Scope.STREAM, daily_quota=2))
    for _ in range(3):
        client.receive("predict", JPEG, collect(answers))
        engine.work()
    client.receive("emotions", None, collect(answers))
    assert codes(answers) == ["prediction", "prediction", "quota_exceeded", "emotions"]
    monkeypatch.setattr(meter, "utc_now", lambda: datetime(2026, 1, 2, tzinfo=UTC))
    client.receive("predict", JPEG, collect(answers))
    engine.work()
    assert codes(answers)[-1] == "prediction"


@pytest.mark.parametrize("end", ["revoked", "expired"])
def test_a_key_that_ends_takes_its_streams_with_it(
    connect: Connect, make: MakeKey, pushed: Answers, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    key = make(Scope.STREAM, expires_at=datetime(2100, 1, 1, tzinfo=UTC))
    client = connect(key)
    client.check_token(float("inf"))
    assert client.identity is not None
    if end == "revoked":
        keys.revoke(key.key.key_id)
    else:
        monkeypatch.setattr(keys, "utc_now", lambda: datetime(2100, 1, 1, tzinfo=UTC))
    client._credentials._check_at = 0.0
    client.check_token(1.0)
    assert client.identity is None
    assert pushed == [("auth", {"type": "auth", "status": end})]
