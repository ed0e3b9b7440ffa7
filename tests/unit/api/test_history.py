"""The history of a user over REST."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.support.readings import Reading, record
from tests.unit.api.conftest import Login
from tests.unit.api.test_sessions import of

pytestmark = pytest.mark.databases

HISTORY = "/api/v1/history"


def test_a_history_is_of_the_user_alone_and_has_a_session_or_a_picture_an_entry(
    client: FlaskClient, login: Login
) -> None:
    started = client.post("/api/v1/sessions", json={"title": "Mine"}, headers=login()).json
    record(of(started["uid"]), [Reading(0)])
    client.post("/api/v1/sessions", json={"title": "Theirs"}, headers=login("otra"))
    page = client.get(HISTORY, headers=login()).json
    (entry,) = page["entries"]
    assert (page["count"], page["next_cursor"]) == (1, None)
    assert (entry["session"]["title"], entry["session"]["seconds"], entry["picture"]) == ("Mine", 1, None)


def test_pages_are_found_by_their_cursor(client: FlaskClient, login: Login) -> None:
    for number in range(3):
        client.post("/api/v1/sessions", json={"title": str(number)}, headers=login())
    first = client.get(f"{HISTORY}?limit=2", headers=login()).json
    last = client.get(f"{HISTORY}?limit=2&cursor={first['next_cursor']}", headers=login()).json
    assert [entry["session"]["title"] for page in (first, last) for entry in page["entries"]] == ["2", "1", "0"]
    assert last["next_cursor"] is None


def test_without_a_token_there_is_none(client: FlaskClient) -> None:
    assert client.get(HISTORY).status_code == 401
