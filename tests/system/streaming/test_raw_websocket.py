"""`/ws` and `/` of a real server, with a plain WebSocket client."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen
from uuid import uuid4

import pytest
import websocket

from tests.support.images import face_jpeg
from tests.support.servers import Server

from .conftest import RawConnect, sign_in


@pytest.mark.parametrize("path", ["/ws", "/"])
def test_a_client_is_greeted_first(connect_raw: RawConnect, path: str) -> None:
    greeting = connect_raw(path).greeting
    assert (greeting["type"], greeting["status"]) == ("connection", "connected")
    assert greeting["limits"]["max_fps"] == 30


def test_the_home_page_is_still_a_page(server: Server) -> None:
    with urlopen(server.url + "/", timeout=30) as response:
        assert response.status == 200


def test_a_binary_message_is_a_frame(connect_raw: RawConnect) -> None:
    answer = connect_raw().ask(face_jpeg())
    assert (answer["type"], answer["status"], answer["emotion_name"]) == ("prediction", "success", "happy")


@pytest.mark.parametrize("head", ["", "data:image/jpeg;base64,"], ids=["base64", "data URL"])
def test_a_command_with_a_picture_is_a_frame(connect_raw: RawConnect, head: str) -> None:
    image = head + base64.b64encode(face_jpeg()).decode()
    answer = connect_raw().ask({"command": "predict", "image": image, "seq": 9, "record": False})
    assert (answer["seq"], answer["status"], answer["recorded"]) == (9, "success", False)


@pytest.mark.parametrize("command", ["emotions", "model_info", "health"])
def test_every_command_is_answered(connect_raw: RawConnect, command: str) -> None:
    assert connect_raw().ask({"command": command})["type"] == command


def test_a_client_may_subscribe(connect_raw: RawConnect) -> None:
    subscriber = connect_raw()
    assert subscriber.ask({"command": "subscribe", "topic": "dashboard"})["type"] == "subscribed"
    connect_raw().ask(face_jpeg())
    assert subscriber.receive()["type"] == "stats"


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("", "invalid_json"),
        ("{", "invalid_json"),
        ("[]", "invalid_json"),
        ("[" * 50_000, "invalid_json"),
        ('{"command": "predict", "image": ' + "[" * 30_000, "invalid_json"),
        ("[" + "{}," * 100_000 + "{}]", "invalid_json"),
        ({"command": "dance"}, "unknown_command"),
        ({"order": "predict"}, "unknown_command"),
        ({"command": {"predict": 1}}, "unknown_command"),
        ({"command": "predict"}, "missing_image"),
        ({"command": "predict", "image": 5}, "validation_failed"),
        ({"command": "predict", "image": "/etc/passwd"}, "invalid_base64"),
        ({"command": "predict", "image": "http://localhost/a.jpg"}, "invalid_base64"),
        ({"command": "predict", "image": "aaaa", "token": "wrong"}, "invalid_token"),
        ({"command": "subscribe", "topic": "weather"}, "validation_failed"),
        (b"no picture", "unsupported_format"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_bad_message_is_one_error_and_the_connection_stays(connect_raw: RawConnect, message: Any, code: str) -> None:
    client = connect_raw()
    answer = client.ask(message)
    assert (answer["type"], answer["status"], answer["error"]["code"]) == ("error", "error", code)
    assert client.ask({"command": "emotions"})["status"] == "success"


def test_an_unknown_command_lists_those_there_are(connect_raw: RawConnect) -> None:
    answer = connect_raw().ask({"command": "dance"})
    others = ["emotions", "model_info", "health", "subscribe", "unsubscribe", "session_start", "session_end", "marker"]
    assert answer["available_commands"] == ["predict", *others]


def test_a_token_may_come_in_the_header_or_in_a_message(server: Server, connect_raw: RawConnect) -> None:
    name = f"ana-{uuid4().hex[:8]}"
    token = sign_in(server, name)
    assert connect_raw(header={"Authorization": f"Bearer {token}"}).greeting["user"] == name
    image = base64.b64encode(face_jpeg()).decode()
    assert connect_raw().ask({"command": "predict", "image": image, "token": token})["user"] == name


REFUSED = {
    "a token in the query": ("/ws?token=abc", {}, 401, "invalid_token"),
    "a wrong token": ("/ws", {"header": {"Authorization": "Bearer wrong"}}, 401, "invalid_token"),
    "another scheme": ("/ws", {"header": {"Authorization": "Basic YTpi"}}, 401, "invalid_token"),
    "a foreign origin": ("/ws", {"origin": "https://evil.example"}, 403, "forbidden"),
    "a foreign origin at the root": ("/", {"origin": "https://evil.example"}, 403, "forbidden"),
}


@pytest.mark.parametrize(("path", "options", "status", "code"), REFUSED.values(), ids=REFUSED)
def test_a_handshake_is_refused_with_a_reason(
    server: Server, path: str, options: dict[str, Any], status: int, code: str
) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as refusal:
        websocket.create_connection(server.websocket_url + path, timeout=30, **options)
    assert refusal.value.status_code == status
    assert json.loads(refusal.value.resp_body)["error"]["code"] == code


def test_a_request_that_asks_for_no_websocket_is_told_to(server: Server) -> None:
    with pytest.raises(HTTPError) as refusal:
        urlopen(server.url + "/ws", timeout=30)
    with refusal.value as answer:
        assert answer.code == 426


def test_deflate_is_not_agreed_to(connect_raw: RawConnect) -> None:
    client = connect_raw(header={"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"})
    assert "sec-websocket-extensions" not in client.socket.getheaders()
