"""`/stream` of a real server, with the Python client, with and without acknowledgements."""

from __future__ import annotations

import base64
from typing import Any
from uuid import uuid4

import pytest
import socketio
from socketio.exceptions import ConnectionError as Refused

from tests.support.images import face_jpeg
from tests.support.servers import Server, environment_of, flask
from tests.support.waiting import eventually

from .conftest import NAMESPACE, Connect, get, post, sign_in


def test_a_client_is_greeted_with_the_limits(connect: Connect) -> None:
    client = connect()
    greeting = client.wait_for("connection")[0]
    assert (greeting["type"], greeting["status"], greeting["user"]) == ("connection", "connected", None)
    assert greeting["limits"] == {"max_frame_bytes": 4 * 1024 * 1024, "max_pixels": 64_000_000, "max_fps": 30}


@pytest.mark.parametrize(
    "payload",
    [
        lambda jpeg: jpeg,
        lambda jpeg: {"image": jpeg},
        lambda jpeg: {"image": base64.b64encode(jpeg).decode()},
        lambda jpeg: {"image": "data:image/jpeg;base64," + base64.b64encode(jpeg).decode()},
    ],
    ids=["bare bytes", "bytes", "base64", "data URL"],
)
def test_a_picture_is_read_however_it_is_wrapped(connect: Connect, payload: Any) -> None:
    answer = connect().call("predict", payload(face_jpeg()))
    assert (answer["status"], answer["emotion_name"], len(answer["faces"])) == ("success", "happy", 1)
    assert answer["id"] is None
    assert answer["recorded"] is True


def test_an_answer_is_an_event_where_no_acknowledgement_is_asked_for(connect: Connect) -> None:
    client = connect()
    client.emit("predict", {"image": face_jpeg(), "seq": 5})
    answer = client.wait_for("prediction")[0]
    assert (answer["seq"], answer["status"]) == (5, "success")


def test_an_acknowledged_answer_is_not_sent_as_an_event_too(connect: Connect) -> None:
    client = connect()
    client.call("predict", face_jpeg())
    client.call("emotions")
    assert {event for event, _ in client.events} <= {"connection"}


@pytest.mark.parametrize("event", ["emotions", "model_info", "health", "nonsense"])
def test_every_event_is_answered_exactly_once(connect: Connect, event: str) -> None:
    client = connect()
    client.emit(event)
    client.emit("emotions")
    client.wait_for("emotions", 2 if event == "emotions" else 1)
    answers = [name for name, _ in client.events if name != "connection"]
    assert len(answers) == 2
    assert client.call(event)["type"] == ("error" if event == "nonsense" else event)


def test_the_track_of_a_face_stays_over_frames(connect: Connect) -> None:
    client = connect()
    tracks = {client.call("predict", face_jpeg())["faces"][0]["track_id"] for _ in range(5)}
    assert len(tracks) == 1


def test_a_client_that_piles_frames_has_all_of_them_answered_the_older_as_dropped(connect: Connect) -> None:
    client = connect()
    client.call("predict", face_jpeg())
    for number in range(20):
        client.emit("predict", {"image": face_jpeg(), "seq": number})
    answers = client.wait_for("prediction", 20)
    by_number = {answer["seq"]: answer["status"] for answer in answers}
    assert by_number.keys() == set(range(20))
    assert by_number[19] == "success"
    assert set(by_number.values()) == {"success", "dropped"}


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (None, "missing_image"),
        ({"image": "not base64!"}, "invalid_base64"),
        ({"image": {"a": [1]}}, "validation_failed"),
        ({"image": b"GIF without more"}, "unsupported_format"),
        ({"image": b"\xff\xd8\xff\xe0 broken"}, "broken_image"),
        ({"image": b"x", "token": "wrong"}, "invalid_token"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_bad_frame_is_one_error_and_the_connection_stays(connect: Connect, payload: Any, code: str) -> None:
    client = connect()
    assert client.call("predict", payload)["error"]["code"] == code
    client.emit("predict", payload)
    assert client.wait_for("error")[0]["error"]["code"] == code
    assert client.call("predict", face_jpeg())["status"] == "success"


def test_errors_are_in_the_language_of_the_handshake(connect: Connect) -> None:
    english = connect(headers={"Accept-Language": "en"}).call("predict")
    assert english["message"].startswith("No picture was sent")
    emotions = connect().call("emotions")["emotions"]
    assert emotions[3] == {"id": 4, "name": "happy", "description": "Felicidad o alegría"}


def test_a_signed_in_client_predicts_as_its_user(server: Server, connect: Connect) -> None:
    name = f"ana-{uuid4().hex[:8]}"
    client = connect(auth={"token": sign_in(server, name)})
    assert client.wait_for("connection")[0]["user"] == name
    assert client.call("predict", face_jpeg())["user"] == name


def test_a_token_in_a_frame_holds_for_that_frame(server: Server, connect: Connect) -> None:
    name = f"eva-{uuid4().hex[:8]}"
    client = connect()
    assert client.call("predict", {"image": face_jpeg(), "token": sign_in(server, name)})["user"] == name
    assert client.call("predict", face_jpeg())["user"] is None


def test_a_wrong_token_refuses_the_connection_and_says_why(server: Server) -> None:
    client, reasons = socketio.Client(reconnection=False), []
    client.on("connect_error", reasons.append, namespace=NAMESPACE)
    with pytest.raises(Refused):
        client.connect(server.url, namespaces=[NAMESPACE], transports=["websocket"], auth={"token": "wrong"})
    client.disconnect()
    assert reasons[0]["data"]["error"]["code"] == "invalid_token"


def test_a_login_that_is_ended_makes_the_stream_anonymous_within_a_minute(server: Server, connect: Connect) -> None:
    keeper, signs_out, demoted, deactivated = (f"luz-{uuid4().hex[:8]}" for _ in range(4))
    sign_in(server, keeper)
    tokens = {name: sign_in(server, name) for name in (signs_out, demoted, deactivated)}
    environment = environment_of(server.folder)
    for name in (keeper, demoted):
        flask(environment, "users", "promote", name)
    clients = {name: connect(auth={"token": token}) for name, token in tokens.items()}
    assert [client.call("predict", face_jpeg())["user"] for client in clients.values()] == list(clients)

    post(f"{server.url}/api/v1/auth/logout", {}, {"Authorization": f"Bearer {tokens[signs_out]}"})
    flask(environment, "users", "demote", demoted)
    flask(environment, "users", "deactivate", deactivated)
    for client in clients.values():
        assert client.wait_for("auth", seconds=60)[0] == {"type": "auth", "status": "revoked"}
        assert client.call("predict", face_jpeg())["user"] is None


def test_subscribers_get_the_figures_as_predictions_are_recorded(server: Server, connect: Connect) -> None:
    subscriber = connect()
    assert subscriber.call("subscribe", {"topic": "dashboard"})["type"] == "subscribed"
    before = get(f"{server.url}/api/v1/dashboard/stats")["total_predictions"]
    connect().call("predict", face_jpeg())
    # Rows of other tests that are committed only now are pushed too, perhaps before.
    pushed = eventually(lambda: [one for one in subscriber.wait_for("stats") if one["total_predictions"] > before])
    assert pushed, subscriber.events
    figures = pushed[-1]
    assert figures["type"] == "stats"
    assert figures["predictions_by_emotion"].keys() >= {"happy", "sad"}
    assert subscriber.call("unsubscribe", {"topic": "dashboard"})["type"] == "unsubscribed"


def test_health_counts_the_clients_of_both_transports(server: Server, connect: Connect, connect_raw: Any) -> None:
    client = connect()
    connect_raw()
    over_socket = client.call("health")["clients_connected"]
    assert over_socket >= 2
    assert get(f"{server.url}/api/v1/health")["clients_connected"] == over_socket


@pytest.mark.parametrize("transports", [["polling"], ["polling", "websocket"]], ids=str)
def test_long_polling_works_and_turns_into_a_websocket(connect: Connect, transports: list[str]) -> None:
    client = connect(transports=transports)
    for _ in range(3):
        assert client.call("predict", {"image": face_jpeg()})["status"] == "success"
    assert client.sio.transport() == transports[-1]


@pytest.mark.parametrize("transport", ["polling", "websocket"])
def test_a_page_of_a_foreign_origin_is_refused(server: Server, transport: str) -> None:
    origin = "https://evil.example"
    client = socketio.Client(reconnection=False, websocket_extra_options={"origin": origin})
    headers = {"Origin": origin} if transport == "polling" else {}
    with pytest.raises(Refused):
        client.connect(server.url, transports=[transport], headers=headers)
    client.disconnect()


def test_our_own_pages_are_let_in(connect: Connect) -> None:
    # The client library says that it comes from a page of the address it connects to.
    assert connect(transports=["websocket"]).call("emotions")["status"] == "success"


def test_another_namespace_does_not_exist(server: Server) -> None:
    client = socketio.Client(reconnection=False)
    with pytest.raises(Refused):
        client.connect(server.url, namespaces=["/other"], transports=["websocket"])
    client.disconnect()
