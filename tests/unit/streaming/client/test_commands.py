from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from visionai.contract.schemas.system import EmotionsSchema, HealthSchema, ModelInfoSchema
from visionai.errors import InvalidToken, UnknownCommand, ValidationFailed
from visionai.services.accounts.identity import Identity
from visionai.streaming.client.commands import AVAILABLE, run
from visionai.streaming.client.shared import Shared

ANA = Identity(1, "ana", "user", True, uuid4())


class Caller:
    """A connected client that speaks for `identity`."""

    def __init__(self, shared: Shared, identity: Identity | None = None, language: str = "en") -> None:
        self.shared, self.identity, self.language = shared, identity, language
        self.pushed: list[tuple[str, dict[str, Any]]] = []

    def push(self, event: str, body: dict[str, Any], /) -> None:
        self.pushed.append((event, body))

    def who(self, _: Any) -> Identity | None:
        return self.identity


@pytest.fixture
def shared(app: Flask) -> Shared:
    return Shared(app)


@pytest.mark.parametrize("command", ["", "Emotions", "predict ", None, 7, ["emotions"], {}])
def test_what_is_no_command_is_refused(shared: Shared, command: Any) -> None:
    with pytest.raises(UnknownCommand):
        run(Caller(shared), command, {})


def test_predict_is_listed_with_the_commands_that_are_answered_at_once() -> None:
    others = ("emotions", "model_info", "health", "subscribe", "unsubscribe", "session_start", "session_end", "marker")
    assert ("predict", *others) == AVAILABLE


@pytest.mark.parametrize("language", ["en", "es"])
def test_emotions_are_described_in_the_language_of_the_connection(shared: Shared, language: str) -> None:
    event, body = run(Caller(shared, language=language), "emotions", None)
    assert (event, body["type"], body["status"]) == ("emotions", "emotions", "success")
    assert [emotion["id"] for emotion in body["emotions"]] == list(range(1, 8))
    texts = {emotion["name"]: emotion["description"] for emotion in body["emotions"]}
    assert texts["sad"] == {"en": "Sadness", "es": "Tristeza"}[language]


@pytest.mark.parametrize(
    ("command", "schema", "key"),
    [("emotions", EmotionsSchema(), None), ("model_info", ModelInfoSchema(), "info")],
)
def test_an_answer_has_the_fields_of_its_schema_in_their_order(
    shared: Shared, command: str, schema: Any, key: str | None
) -> None:
    _, body = run(Caller(shared), command, None)
    fields = body[key] if key else {name: body[name] for name in body if name not in ("type", "status")}
    assert list(fields) == list(schema.fields)


def test_health_says_less_than_over_rest_and_nothing_else(shared: Shared) -> None:
    _, body = run(Caller(shared), "health", None)
    assert set(body) - {"type", "timestamp"} == {"status", "service", "clients_connected"} < set(HealthSchema().fields)


@pytest.mark.parametrize("command", ["subscribe", "unsubscribe"])
@pytest.mark.parametrize("payload", [None, "dashboard", {}, {"topic": None}, {"topic": "Dashboard"}, ["dashboard"]])
def test_there_is_one_topic(shared: Shared, command: str, payload: Any) -> None:
    with pytest.raises(ValidationFailed) as caught:
        run(Caller(shared), command, payload)
    assert "topic" in caught.value.details


@pytest.mark.parametrize(("public", "identity"), [("true", None), ("true", ANA), ("false", ANA)])
def test_who_may_read_the_dashboard_may_subscribe(app: Flask, public: str, identity: Identity | None) -> None:
    app.config["DASHBOARD_PUBLIC"] = public == "true"
    caller = Caller(Shared(app), identity)
    assert run(caller, "subscribe", {"topic": "dashboard"})[1]["status"] == "success"
    caller.shared.dashboard._push()
    ((event, body),) = caller.pushed
    assert (event, body["type"], body["total_predictions"]) == ("stats", "stats", 0)
    assert run(caller, "unsubscribe", {"topic": "dashboard"})[1]["status"] == "success"
    caller.shared.dashboard._push()
    assert len(caller.pushed) == 1


def test_a_stranger_is_told_to_sign_in_where_the_dashboard_is_private(app: Flask) -> None:
    app.config["DASHBOARD_PUBLIC"] = False
    with pytest.raises(InvalidToken):
        run(Caller(Shared(app)), "subscribe", {"topic": "dashboard"})
