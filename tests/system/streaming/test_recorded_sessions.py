"""Recorded sessions of a real server, over Socket.IO and `/ws`."""

from __future__ import annotations

import json
from urllib.error import HTTPError

import pytest
import websocket

from tests.support.images import face_jpeg
from tests.support.servers import Server

from .conftest import Connect, RawConnect, get, sign_in


def test_a_session_is_started_marked_ended_and_read_over_rest(server: Server, connect: Connect) -> None:
    client = connect()
    client.call("predict", face_jpeg())  # Has the weights loaded, which may take longer than a face is waited for.
    begun = client.call("session_start", {"title": "Interview", "participant": "P-07"})
    assert (begun["type"], begun["status"]) == ("session", "open")
    for _ in range(3):
        answer = client.call("predict", face_jpeg())
        assert (answer["recorded"], answer["faces"][0]["person"]) == (True, 1)
    assert client.call("marker", {"label": "question 3"})["type"] == "marker"
    summary = client.call("session_end")
    assert (summary["status"], summary["title"], summary["people"][0]["person"]) == ("ended", "Interview", 1)
    kept = get(f"{server.url}/api/v1/sessions/{begun['uid']}", {"X-Session-Receipt": begun["receipt"]})
    assert kept["seconds"] == summary["seconds"] >= 1
    assert [marker["label"] for marker in kept["markers"]] == ["question 3"]
    with pytest.raises(HTTPError, match="404"):
        get(f"{server.url}/api/v1/sessions/{begun['uid']}")


def test_the_same_commands_are_spoken_over_ws(connect_raw: RawConnect) -> None:
    client = connect_raw()
    begun = client.ask({"command": "session_start", "source": "video"})
    assert (begun["type"], begun["status"], begun["source"]) == ("session", "open", "video")
    client.ask(face_jpeg())
    assert client.ask({"command": "marker", "label": "a", "offset_ms": 0})["offset_ms"] == 0
    assert client.ask({"command": "session_end"})["status"] == "ended"
    assert client.ask({"command": "session_end"})["error"]["code"] == "no_session"


def test_who_reconnects_with_the_session_in_auth_goes_on(connect: Connect) -> None:
    first = connect()
    begun = first.call("session_start")
    first.call("predict", face_jpeg())
    first.close()
    again = connect(auth={"session": begun["uid"], "receipt": begun["receipt"]})
    resumed = again.wait_for("session")[0]
    assert (resumed["uid"], resumed["status"], resumed["resumed"]) == (begun["uid"], "open", True)
    assert again.call("predict", face_jpeg())["faces"][0]["person"] == 2


def test_who_goes_on_with_a_session_is_greeted_first(server: Server, connect: Connect) -> None:
    """By hand: the client of the other tests has each message handled by a thread of its own, in any order."""
    begun = connect().call("session_start")
    auth = json.dumps({"session": begun["uid"], "receipt": begun["receipt"]})
    line = websocket.create_connection(f"{server.websocket_url}/socket.io/?EIO=4&transport=websocket", timeout=30)
    line.recv()
    line.send(f"40/stream,{auth}")
    line.recv()
    greeting, session = (json.loads(line.recv().removeprefix("42/stream,")) for _ in range(2))
    line.close()
    assert (greeting[0], session[0], session[1]["uid"]) == ("connection", "session", begun["uid"])


@pytest.mark.parametrize("session", ["no uid", 5, [], "00000000-0000-0000-0000-000000000000"])
def test_who_names_a_session_that_is_none_is_told_and_stays_connected(connect: Connect, session: object) -> None:
    client = connect(auth={"session": session})
    code = client.wait_for("error")[0]["error"]["code"]
    assert code == ("not_found" if isinstance(session, str) and "-" in session else "validation_failed")
    assert client.call("predict", face_jpeg())["status"] == "success"


def test_over_ws_a_start_that_names_a_session_goes_on(connect_raw: RawConnect) -> None:
    first = connect_raw()
    begun = first.ask({"command": "session_start"})
    first.close()
    again = connect_raw()
    resumed = again.ask({"command": "session_start", "session": begun["uid"], "receipt": begun["receipt"]})
    assert (resumed["uid"], resumed["resumed"]) == (begun["uid"], True)


def test_of_two_connections_the_older_is_told_that_the_session_moved(connect: Connect) -> None:
    older, newer = connect(), connect()
    begun = older.call("session_start")
    newer.call("session_start", {"session": begun["uid"], "receipt": begun["receipt"]})
    assert older.wait_for("session")[0]["status"] == "moved"


def test_two_users_at_once_have_sessions_of_their_own(server: Server, connect: Connect) -> None:
    tokens = [sign_in(server, name) for name in ("ana-sessions", "eva-sessions")]
    clients = [connect(auth={"token": token}) for token in tokens]
    uids = [client.call("session_start")["uid"] for client in clients]
    for client in clients:
        assert client.call("predict", face_jpeg())["recorded"] is True
        assert client.call("session_end")["seconds"] == 1
    for token, own, other in zip(tokens, uids, reversed(uids), strict=True):
        headers = {"Authorization": f"Bearer {token}"}
        listed = get(f"{server.url}/api/v1/sessions", headers)
        assert [session["uid"] for session in listed["sessions"]] == [own]
        with pytest.raises(HTTPError, match="404"):
            get(f"{server.url}/api/v1/sessions/{other}", headers)
