"""The AsyncAPI document and the code that reads and answers messages agree."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.support.documents import fault
from tests.support.messages import DOCUMENT, answer_fault, command_fault
from visionai.errors import VisionAIError
from visionai.streaming.client import commands
from visionai.streaming.client.payload import flag_of, image_of, offset_of, prior_of, seq_of, token_of
from visionai.streaming.client.recorded_sessions import _MARKER, _START, _fields
from visionai.vision.priors import Prior

URL = "/api/v1/asyncapi.json"


def test_the_document_has_every_command_that_streams_know() -> None:
    named = [key.partition(".")[2] for key, one in DOCUMENT["operations"].items() if one["action"] == "receive"]
    assert named == [*commands.AVAILABLE, *commands.AVAILABLE], "Add the command to contract/asyncapi/messages.py."


def test_every_message_has_an_example_that_its_schema_allows() -> None:
    for key, message in DOCUMENT["components"]["messages"].items():
        for example in message.get("examples", ()):
            assert fault(DOCUMENT, message["payload"], example["payload"]) is None, key


def test_every_answer_example_is_one_of_its_event() -> None:
    for message in DOCUMENT["components"]["messages"].values():
        if "type" in message.get("examples", [{"payload": {}}])[0]["payload"]:
            assert answer_fault(None, message["examples"][0]["payload"]) is None


def test_an_answer_with_a_field_that_nobody_documented_is_told() -> None:
    lost = {"type": "auth", "status": "revoked"}
    assert answer_fault("auth", lost) is None
    assert "'since' was unexpected" in (answer_fault("auth", lost | {"since": 1}) or "")
    assert "asyncapi/messages.py" in (answer_fault("news", {"type": "news"}) or "")


def read_by_hand(payload: Any) -> None:
    """Read a frame's fields as a client's frames are read."""
    image_of(payload)
    token_of(payload)
    for name in ("detect", "record"):
        flag_of(payload, name)
    prior_of(payload, Prior.EVEN)
    offset_of(payload)


def accepts(read: Any, payload: Any) -> bool:
    with suppress(VisionAIError):
        read(payload)
        return True
    return False


IMAGE = {"image": "aGFsbG8="}
FRAMES = [
    IMAGE,
    b"bytes alone",
    {"image": b"bytes"},
    {},
    {"image": ""},
    {"image": 5},
    {"image": None},
    *({**IMAGE, name: value} for name in ("detect", "record") for value in (True, False, None, 1, "true")),
    *({**IMAGE, "token": value} for value in ("a", None, 5)),
    *({**IMAGE, "prior": value} for value in ("even", "typical", None, "odd", 1)),
    *({**IMAGE, "offset_ms": value} for value in (0, 1.5, None, -1, 1e15, True, "1")),
]


@pytest.mark.parametrize("payload", FRAMES, ids=str)
def test_a_frame_is_read_where_the_document_allows_it_and_refused_where_not(payload: Any) -> None:
    assert accepts(read_by_hand, payload) == (command_fault("stream", "predict", payload) is None)


@pytest.mark.parametrize("seq", [1, -1.5, "a", None])
def test_a_number_that_the_document_allows_comes_back(seq: Any) -> None:
    payload = {**IMAGE, "seq": seq}
    assert command_fault("stream", "predict", payload) is None
    assert seq_of(payload) == seq


STARTS = [
    {},
    {"title": "Interview 7", "participant": None, "source": "video", "token": None},
    {"source": "api"},
    {"title": 5},
    {"title": "a" * 201},
    {"session": "0b9c6a4e-3f0d-4c55-9a57-6f3f6f1f2b11", "receipt": "x"},
]


@pytest.mark.parametrize("payload", STARTS, ids=lambda payload: str(payload)[:40])
def test_a_start_is_read_where_the_document_allows_it_and_refused_where_not(payload: Any) -> None:
    assert accepts(lambda one: _fields(_START, one), payload) == (
        command_fault("stream", "session_start", payload) is None
    )


@pytest.mark.parametrize("payload", [{"label": "a"}, {}, {"label": 5}, {"label": "a", "offset_ms": -1}], ids=str)
def test_a_marker_is_read_where_the_document_allows_it_and_refused_where_not(payload: Any) -> None:
    assert accepts(lambda one: _fields(_MARKER, one), payload) == (command_fault("stream", "marker", payload) is None)


@pytest.mark.parametrize("payload", [{"topic": "dashboard"}, {}, {"topic": "weather"}], ids=str)
def test_a_topic_is_known_where_the_document_has_it(payload: Any) -> None:
    assert accepts(commands._check_topic, payload) == (command_fault("stream", "subscribe", payload) is None)


def test_the_document_names_the_server_that_was_asked(client: FlaskClient) -> None:
    servers = client.get(URL, base_url="https://localhost:8443").json["servers"]
    assert {one["host"] for one in servers.values()} == {"localhost:8443"}
    assert {one["protocol"] for one in servers.values()} == {"wss"}


class TestBelowAPath:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"SCRIPT_NAME": "/faces"}

    def test_the_document_names_that_path(self, client: FlaskClient) -> None:
        paths = {one["pathname"] for one in client.get(f"/faces{URL}").json["servers"].values()}
        assert paths == {"/faces/socket.io", "/faces/"}
