"""A client's session, with the native thread in the hands of the test."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.support.hand_engine import HandEngine
from visionai import signals
from visionai.errors import InvalidToken, TokenExpired, WeightsError
from visionai.services.accounts.identity import Identity
from visionai.streaming import clients as clients_module
from visionai.streaming.client import credentials
from visionai.streaming.client.client import Client
from visionai.streaming.client.shared import Shared
from visionai.streaming.clients import BEAT_SECONDS, Clients

from .conftest import Answers


def statuses(answered: Answers) -> list[tuple[Any, str]]:
    return [(body.get("seq"), body["status"]) for _, body in answered]


def test_a_frame_is_answered_with_its_number_its_age_and_its_tracks(
    send: Callable[..., None], engine: HandEngine, answered: Answers
) -> None:
    send({"image": b"jpeg", "seq": 7})
    engine.work()
    event, body = answered[0]
    assert (event, body["type"], body["status"], body["seq"]) == ("prediction", "prediction", "success", 7)
    assert body["age_ms"] >= 0
    assert body["emotion_name"] == body["faces"][0]["smoothed"]["emotion_name"] == "happy"
    assert body["faces"][0]["track_id"] == 1
    assert body["recorded"] is True


def test_the_newest_frame_takes_the_place_of_the_one_that_waits(
    send: Callable[..., None], engine: HandEngine, answered: Answers
) -> None:
    for number in range(4):
        send({"image": b"jpeg %d" % number, "seq": number})
    engine.work()
    assert statuses(answered) == [(0, "dropped"), (1, "dropped"), (2, "dropped"), (3, "success")]
    assert engine.analyzer.pictures == [b"jpeg 3"]


def test_a_dropped_frame_says_nothing_of_emotions(send: Callable[..., None], answered: Answers) -> None:
    send({"image": b"one", "seq": 1})
    send({"image": b"two", "seq": 2})
    _, body = answered[0]
    assert (body["emotion_name"], body["confidence"], body["faces"], body["recorded"]) == (None, None, [], False)


def test_a_full_server_is_busy_at_once_and_says_when_to_come_again(
    send: Callable[..., None], engine: HandEngine, answered: Answers
) -> None:
    engine.full = True
    send({"image": b"jpeg", "seq": 1})
    assert statuses(answered) == [(1, "busy")]
    assert answered[0][1]["retry_after_ms"] > 0
    engine.full = False
    send({"image": b"jpeg", "seq": 2})
    engine.work()
    assert statuses(answered)[1:] == [(2, "success")]


def test_a_frame_without_a_face_is_no_face_and_leaves_no_row(
    send: Callable[..., None], engine: HandEngine, answered: Answers
) -> None:
    send(b"blank")
    engine.work()
    assert (answered[0][1]["status"], answered[0][1]["recorded"]) == ("no_face", False)


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (None, "missing_image"),
        ({}, "missing_image"),
        (b"", "missing_image"),
        ({"image": ""}, "missing_image"),
        ({"image": 5}, "validation_failed"),
        ([1, 2], "validation_failed"),
        (5, "validation_failed"),
        ({"image": b"jpeg", "detect": "no"}, "validation_failed"),
        ({"image": b"jpeg", "record": 1}, "validation_failed"),
        ({"image": b"jpeg", "token": 5}, "validation_failed"),
        ({"image": b"jpeg", "token": "wrong"}, "invalid_token"),
        ({"image": "no base64!"}, "invalid_base64"),
        ({"image": b"small"}, "image_too_small"),
        ({"image": b"broken inside"}, "internal_error"),
    ],
    ids=repr,
)
def test_a_bad_frame_is_answered_by_one_error_and_the_next_one_well(
    send: Callable[..., None], engine: HandEngine, answered: Answers, payload: Any, code: str
) -> None:
    send(payload)
    engine.work()
    send({"image": b"jpeg", "seq": 2})
    engine.work()
    assert [event for event, _ in answered] == ["error", "prediction"]
    assert answered[0][1]["error"]["code"] == code
    assert answered[0][1]["message"] == answered[0][1]["error"]["message"]


@pytest.mark.parametrize("seq", [float("nan"), "x" * 1000, True, {}, 1e300], ids=repr)
def test_a_number_that_cannot_be_given_back_is_left_out(
    send: Callable[..., None], engine: HandEngine, answered: Answers, seq: Any
) -> None:
    send({"image": b"jpeg", "seq": seq})
    engine.work()
    assert statuses(answered) == [(None, "success")]


@pytest.mark.parametrize("command", ["nothing", None, 5, ["predict"], "run", "__class__"], ids=repr)
def test_an_unknown_command_lists_those_there_are(send: Callable[..., None], answered: Answers, command: Any) -> None:
    send({"command": command}, command)
    assert answered[0][1]["error"]["code"] == "unknown_command"
    assert answered[0][1]["available_commands"][0] == "predict"


def test_weights_that_cannot_be_loaded_are_an_error_of_the_frame(
    send: Callable[..., None], engine: HandEngine, answered: Answers
) -> None:
    engine.failure = WeightsError("weights.tflite: expected this file, found none")
    send({"image": b"jpeg", "seq": 1})
    engine.work()
    assert statuses(answered) == [(1, "error")]
    assert "tflite" not in answered[0][1]["message"]


def test_the_frames_of_a_second_are_all_recorded_and_leave_one_row(
    app: Flask, send: Callable[..., None], engine: HandEngine, answered: Answers, session: Client
) -> None:
    for _ in range(3):
        send(b"jpeg")
        engine.work()
    assert [body["recorded"] for _, body in answered] == [True, True, True]
    session.leave()
    assert app.extensions["recorder"].backlog == 1


def test_what_was_still_being_read_when_the_client_left_is_written_too(
    app: Flask, send: Callable[..., None], engine: HandEngine, session: Client
) -> None:
    send(b"jpeg")
    session.leave()
    engine.work()
    assert app.extensions["recorder"].backlog == 1


def test_a_reading_that_nothing_follows_is_written_after_a_moment(
    app: Flask, send: Callable[..., None], engine: HandEngine, session: Client
) -> None:
    send(b"jpeg")
    engine.work()
    session.look_after(time.monotonic())
    assert app.extensions["recorder"].backlog == 0
    session.look_after(time.monotonic() + 3)
    assert app.extensions["recorder"].backlog == 1


@pytest.mark.parametrize("settings", [{"STREAM_LOG_INTERVAL_MS": "0"}])
def test_with_no_interval_every_face_of_every_frame_is_a_row(
    app: Flask, send: Callable[..., None], engine: HandEngine
) -> None:
    for _ in range(3):
        send(b"jpeg")
        engine.work()
    assert app.extensions["recorder"].backlog == 3


def test_a_frame_that_is_not_to_be_recorded_is_not(
    send: Callable[..., None], engine: HandEngine, answered: Answers
) -> None:
    send({"image": b"jpeg", "record": False})
    engine.work()
    assert answered[0][1]["recorded"] is False


def test_the_prior_of_a_frame_holds_for_that_frame(
    send: Callable[..., None], engine: HandEngine, answered: Answers
) -> None:
    for payload in (b"jpeg", {"image": b"jpeg", "prior": "even"}, {"image": b"jpeg", "prior": None}):
        send(payload)
        engine.work()
    assert [body["prior"] for _, body in answered] == ["typical", "even", "typical"]
    assert [body["emotion_name"] for _, body in answered] == ["happy", "sad", "happy"]


def test_a_frame_at_another_prior_keeps_its_track_and_is_smoothed_apart(
    send: Callable[..., None], engine: HandEngine, answered: Answers
) -> None:
    for prior in ("typical", "even", "typical"):
        send({"image": b"jpeg", "prior": prior})
        engine.work()
    faces = [body["faces"][0] for _, body in answered]
    assert [face["track_id"] for face in faces] == [1, 1, 1]
    assert [face["smoothed"]["emotion_name"] for face in faces] == ["happy", "sad", "happy"]
    assert [face["smoothed"]["scores"] for face in faces] == [face["scores"] for face in faces]


def test_two_clients_do_not_share_a_prior(
    send: Callable[..., None], clients: Clients, engine: HandEngine, answered: Answers
) -> None:
    other = Client(clients.shared, "socketio", None, "en", lambda *answer: None, None)
    send({"image": b"jpeg", "prior": "even"})
    other.receive("predict", b"jpeg", lambda *answer: answered.append(answer))
    engine.work()
    assert [body["prior"] for _, body in answered] == ["even", "typical"]


def test_the_setting_chooses_the_prior_of_frames_that_name_none(
    app: Flask, engine: HandEngine, pushed: Answers, answered: Answers
) -> None:
    app.config["PRIOR"] = "even"
    session = Client(Shared(app), "ws", None, "en", lambda *answer: pushed.append(answer), None)
    session.receive("predict", b"jpeg", lambda *answer: answered.append(answer))
    engine.work()
    assert answered[0][1]["prior"] == "even"


@pytest.mark.parametrize(
    "prior", ["", "odd", "EVEN", "e" * 100_000, 0, True, False, 1.5, [], ["even"], {"even": 1}, b"even"], ids=repr
)
def test_a_prior_that_does_not_exist_is_an_error_that_names_those_that_do(
    send: Callable[..., None], answered: Answers, prior: Any
) -> None:
    send({"image": b"jpeg", "seq": 3, "prior": prior})
    event, body = answered[0]
    assert (event, body["seq"], body["error"]["code"]) == ("error", 3, "validation_failed")
    assert body["error"]["details"] == {"prior": ["The operating points are “even” and “typical”."]}


def test_a_frame_that_was_not_read_tells_the_prior_it_was_to_be_read_at(
    send: Callable[..., None], answered: Answers
) -> None:
    send({"image": b"one", "prior": "even"})
    send({"image": b"two"})
    assert (answered[0][1]["status"], answered[0][1]["prior"]) == ("dropped", "even")


def test_the_token_of_a_frame_holds_for_that_frame(
    send: Callable[..., None], engine: HandEngine, answered: Answers, clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients.shared, "identify", lambda token: somebody())
    send({"image": b"jpeg", "token": "ana's"})
    engine.work()
    send({"image": b"jpeg"})
    engine.work()
    assert [body["user"] for _, body in answered] == ["ana", None]


def somebody() -> Identity:
    return Identity(user_id=1, username="ana", role="user", is_active=True, session_id=None)  # type: ignore[arg-type]


@pytest.mark.parametrize(("error", "status"), [(TokenExpired(), "expired"), (InvalidToken(), "revoked")])
def test_a_token_that_no_longer_holds_makes_the_client_anonymous_and_says_so(
    clients: Clients, pushed: Answers, monkeypatch: pytest.MonkeyPatch, error: Exception, status: str
) -> None:
    tokens: list[Exception | Identity] = [error, somebody(), somebody()]

    def identify(token: str) -> Identity:
        found = tokens.pop()
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(clients.shared, "identify", identify)
    session = Client(clients.shared, "ws", None, "en", lambda *answer: pushed.append(answer), "a token")
    now = session._credentials._check_at
    session.check_token(now)
    assert (session.identity, pushed) == (somebody(), [])
    session.check_token(now + credentials.CHECK_SECONDS)
    assert session.identity is None
    assert pushed == [("auth", {"type": "auth", "status": status})]


def test_what_is_revoked_is_lost_within_twenty_seconds_the_beat_of_those_who_look_included() -> None:
    assert credentials.CHECK_SECONDS + BEAT_SECONDS < 20


def test_a_frame_that_was_not_read_names_the_weights_and_their_calibration(
    send: Callable[..., None], answered: Answers
) -> None:
    send({"image": b"one"})
    send({"image": b"two"})
    ((_, body),) = answered
    assert (body["status"], body["model_version_tag"]) == ("dropped", "v1.0.0+office")


def test_a_server_that_stops_takes_no_more_frames(
    send: Callable[..., None], clients: Clients, answered: Answers
) -> None:
    clients.drain()
    send({"image": b"jpeg", "seq": 1})
    assert statuses(answered) == [(1, "busy")]


def test_what_nobody_began_to_read_is_busy_once_a_stop_has_waited_long_enough(
    clients: Clients, engine: HandEngine, answered: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients_module, "DRAIN_SECONDS", 0.05)
    monkeypatch.setattr(clients_module, "LAST_FRAMES_SECONDS", 0.05)
    client = Client(clients.shared, "ws", None, "en", lambda *answer: None, None)
    clients.enter(client)
    client.receive("predict", {"image": b"one", "seq": 1}, lambda *answer: answered.append(answer))
    clients.drain()
    assert statuses(answered) == [(1, "busy")]
    engine.work()
    assert statuses(answered) == [(1, "busy")]
    clients.leave(client)


def test_everybody_who_wants_to_know_hears_of_every_answer(send: Callable[..., None], engine: HandEngine) -> None:
    heard: list[tuple[str, str]] = []

    def hear(transport: str, *, status: str, age_ms: float) -> None:
        assert age_ms >= 0
        heard.append((transport, status))

    with signals.image_answered.connected_to(hear):
        send({"image": b"one"})
        send({"image": b"two"})
        send(None)
        engine.work()
    assert heard == [("ws", "dropped"), ("ws", "error"), ("ws", "success")]


def test_the_code_of_a_frame_that_could_not_be_read_is_told(send: Callable[..., None], engine: HandEngine) -> None:
    heard: list[tuple[str, str]] = []

    def hear(transport: str, *, code: str) -> None:
        heard.append((transport, code))

    with signals.image_failed.connected_to(hear):
        for image in (b"broken inside", b"small", b"jpeg"):
            send({"image": image})
            engine.work()
    assert heard == [("ws", "internal_error"), ("ws", "image_too_small")]


def test_a_private_dashboard_is_for_who_is_signed_in(
    app: Flask, engine: HandEngine, pushed: Answers, answered: Answers
) -> None:
    app.config["DASHBOARD_PUBLIC"] = False
    session = Client(Shared(app), "ws", None, "en", lambda *answer: pushed.append(answer), None)
    session.receive("subscribe", {"topic": "dashboard"}, lambda *answer: answered.append(answer))
    assert answered[0][1]["error"]["code"] == "invalid_token"


@pytest.mark.parametrize("payload", [None, {}, {"topic": "weather"}, "dashboard"], ids=repr)
def test_there_is_one_topic(send: Callable[..., None], answered: Answers, payload: Any) -> None:
    send(payload, "subscribe")
    assert answered[0][1]["error"]["details"].keys() == {"topic"}
