"""Recorded sessions over REST, as their owners use them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.support.readings import Reading, record
from tests.unit.api.conftest import Login
from visionai.database.sessions import reading
from visionai.extensions import limiter
from visionai.models import RecordedSession
from visionai.services.sessions import export, runs
from visionai.web.cors import RECEIPT_HEADER

pytestmark = pytest.mark.databases

SESSIONS = "/api/v1/sessions"


@pytest.fixture(autouse=True)
def unlimited(app: Flask) -> Iterator[None]:
    limiter.reset()
    yield
    limiter.reset()


Start = Callable[..., Any]


@pytest.fixture
def start(client: FlaskClient) -> Start:
    """Start a session and return what is answered."""

    def call(headers: dict[str, str] | None = None, **body: Any) -> Any:
        answer = client.post(SESSIONS, json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        return answer.json

    return call


def of(uid: str) -> RecordedSession:
    with reading() as session:
        return session.scalars(select(RecordedSession).where(RecordedSession.uid == UUID(uid))).one()


def receipt(*started: Any) -> dict[str, str]:
    return {RECEIPT_HEADER: ", ".join(one["receipt"] for one in started)}


# Start and end -------------------------------------------------------------------------------------------------------


def test_anyone_may_start_a_session_and_gets_its_receipt(client: FlaskClient) -> None:
    answer = client.post(SESSIONS)
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"{SESSIONS}/{answer.json['uid']}"
    assert answer.headers["Cache-Control"] == "no-store"
    assert {name: answer.json[name] for name in ("user", "source", "status", "ended_at", "people")} == {
        "user": None,
        "source": "camera",
        "status": "open",
        "ended_at": None,
        "people": [],
    }
    assert len(answer.json["receipt"]) >= 43


def test_with_a_token_it_is_the_users_and_there_is_no_receipt(start: Start, login: Login) -> None:
    started = start(login(), title=" Interview 7 ", participant="P-07", notes="a\nb", source="api")
    assert "receipt" not in started
    said = {name: started[name] for name in ("user", "title", "participant", "notes", "source")}
    assert said == {
        "user": "usuario",
        "title": "Interview 7",
        "participant": "P-07",
        "notes": "a\nb",
        "source": "api",
    }


def test_the_receipt_is_shown_once(client: FlaskClient, start: Start) -> None:
    started = start()
    shown = client.get(f"{SESSIONS}/{started['uid']}", headers=receipt(started))
    assert shown.status_code == 200
    assert started["receipt"] not in shown.text
    assert "receipt" not in shown.json


def test_a_session_is_ended_once(client: FlaskClient, start: Start) -> None:
    started = start()
    path = f"{SESSIONS}/{started['uid']}/end"
    ended = client.post(path, headers=receipt(started)).json
    assert ended["status"] == "ended"
    assert client.post(path, headers=receipt(started)).json["ended_at"] == ended["ended_at"]


def test_an_account_has_a_hundred_open_at_most(
    client: FlaskClient, start: Start, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "MOST_OPEN", 1)
    start(login())
    answer = client.post(SESSIONS, headers=login() | {"Accept-Language": "en"})
    assert (answer.status_code, answer.json["error"]["code"]) == (429, "rate_limited")
    assert answer.json["error"]["message"].startswith("You have 1 sessions open")
    assert 0 < int(answer.headers["Retry-After"]) <= 60


class TestWithALimit:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"SESSIONS_PER_MINUTE": "2"}

    def test_so_many_are_started_a_minute_by_a_network_and_a_user(self, client: FlaskClient, login: Login) -> None:
        for headers in (None, login(), login("otra")):
            codes = [client.post(SESSIONS, headers=headers).status_code for _ in range(3)]
            assert codes == [201, 201, 429]
        elsewhere = client.post(SESSIONS, environ_base={"REMOTE_ADDR": "198.51.100.7"})
        assert elsewhere.status_code == 201

    def test_it_says_when_to_come_back(self, client: FlaskClient) -> None:
        answer = [client.post(SESSIONS) for _ in range(3)][-1]
        assert answer.json["error"]["code"] == "rate_limited"
        assert 0 < int(answer.headers["Retry-After"]) <= 60

    def test_other_calls_are_not_counted(self, client: FlaskClient, login: Login) -> None:
        assert {client.get(SESSIONS, headers=login()).status_code for _ in range(4)} == {200}

    def test_a_token_that_is_not_valid_is_refused_for_that(self, client: FlaskClient) -> None:
        answer = client.post(SESSIONS, headers={"Authorization": "Bearer x"})
        assert (answer.status_code, answer.json["error"]["code"]) == (401, "invalid_token")


class TestWithoutALimit:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"SESSIONS_PER_MINUTE": "0"}

    def test_any_number_is_started(self, client: FlaskClient) -> None:
        assert {client.post(SESSIONS).status_code for _ in range(70)} == {201}


class TestWithALimitOfTheServers:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"RATE_LIMIT": "2/minute"}

    def test_that_one_holds_as_well(self, client: FlaskClient) -> None:
        assert [client.post(SESSIONS).status_code for _ in range(3)] == [201, 201, 429]


# What it is ----------------------------------------------------------------------------------------------------------


def test_a_session_shows_its_people_and_what_was_written(client: FlaskClient, start: Start, login: Login) -> None:
    uid = start(login(), title="T")["uid"]
    record(of(uid), [Reading(0), Reading(1000, emotion="sad"), Reading(1000, 2, share=0.4)])
    edited = client.patch(
        f"{SESSIONS}/{uid}", headers=login(), json={"notes": "N", "people": [{"person": 2, "label": "Ana"}]}
    )
    assert edited.status_code == 200
    shown = client.get(f"{SESSIONS}/{uid}", headers=login()).json
    assert shown == edited.json
    assert (shown["title"], shown["notes"], shown["seconds"], shown["people_count"]) == ("T", "N", 3, 2)
    assert shown["uncertain_share"] == 0.3333
    first, second = shown["people"]
    assert (first["person"], first["seconds"], first["shares"]["happy"], first["shares"]["sad"]) == (1, 2, 0.5, 0.5)
    assert (second["persons"], second["label"], second["uncertain_share"]) == ([2], "Ana", 1)
    assert shown["model_versions"] == ["v1.0.0"]


def test_null_and_blanks_clear_a_text_and_what_is_not_given_stays(client: FlaskClient, start: Start) -> None:
    started = start(title="T", participant="P", notes="N")
    path, headers = f"{SESSIONS}/{started['uid']}", receipt(started)
    shown = client.patch(path, headers=headers, json={"title": None, "participant": "  "}).json
    assert (shown["title"], shown["participant"], shown["notes"]) == (None, None, "N")


def test_texts_that_look_alike_are_alike(client: FlaskClient, start: Start) -> None:
    started = start(title="Jose\u0301")
    assert started["title"] == "Jos\u00e9"


def test_a_timeline_has_its_points_at_the_step_that_is_asked_for(client: FlaskClient, start: Start) -> None:
    started = start()
    record(of(started["uid"]), [Reading(0), Reading(61_000, 2)])
    path = f"{SESSIONS}/{started['uid']}/timeline"
    for step, seconds in (("1s", 1), ("10s", 10), ("1m", 60), ("auto", 1)):
        shown = client.get(f"{path}?step={step}", headers=receipt(started)).json
        assert shown["step_seconds"] == seconds
        assert [series["points"][0]["offset_ms"] for series in shown["people"]] == [
            0,
            61_000 // 1000 // seconds * seconds * 1000,
        ]
    (one,) = client.get(f"{path}?person=2", headers=receipt(started)).json["people"]
    assert one["points"][0]["emotion_name"] == "happy"


def test_a_timeline_may_be_of_a_stretch(client: FlaskClient, start: Start) -> None:
    started = start()
    record(of(started["uid"]), [Reading(second * 1000) for second in range(30)])
    path = f"{SESSIONS}/{started['uid']}/timeline?step=10s"
    for stretch, offsets in (("since_ms=10000", [10_000, 20_000]), ("until_ms=10000", [0]), ("since_ms=90000", [])):
        (one,) = client.get(f"{path}&{stretch}", headers=receipt(started)).json["people"]
        assert [point["offset_ms"] for point in one["points"]] == offsets


@pytest.mark.parametrize(
    ("stretch", "field"),
    [("since_ms=5&until_ms=5", "until_ms"), ("since_ms=-1", "since_ms"), ("until_ms=x", "until_ms")],
)
def test_a_stretch_that_is_none_is_refused_by_its_field(
    client: FlaskClient, start: Start, stretch: str, field: str
) -> None:
    started = start()
    answer = client.get(f"{SESSIONS}/{started['uid']}/timeline?{stretch}", headers=receipt(started))
    assert answer.status_code == 422
    assert [*answer.json["error"]["details"]] == [field]


def test_markers_are_added_and_deleted(client: FlaskClient, start: Start) -> None:
    started = start()
    path, headers = f"{SESSIONS}/{started['uid']}", receipt(started)
    first = client.post(f"{path}/markers", headers=headers, json={"offset_ms": 0, "label": "a"})
    second = client.post(f"{path}/markers", headers=headers, json={"at": started["started_at"], "label": "b"})
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json == {"id": second.json["id"], "offset_ms": 0, "label": "b"}
    assert client.delete(f"{path}/markers/{first.json['id']}", headers=headers).status_code == 204
    assert client.get(path, headers=headers).json["markers"] == [second.json]


def test_sessions_are_compared_by_several_receipts(client: FlaskClient, start: Start) -> None:
    both = [start(title=title) for title in ("a", "b")]
    for one in both:
        record(of(one["uid"]), [Reading()])
        client.post(
            f"{SESSIONS}/{one['uid']}/markers", headers=receipt(one), json={"offset_ms": 0, "label": "question"}
        )
    query = "&".join(f"uid={one['uid']}" for one in both)
    answer = client.get(f"{SESSIONS}/compare?{query}&align=marker:question&step=10s", headers=receipt(*both))
    assert answer.status_code == 200, answer.text
    assert [one["title"] for one in answer.json["sessions"]] == ["a", "b"]
    assert (answer.json["step_seconds"], answer.json["align"]) == (10, "marker:question")


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_an_export_has_the_columns_of_the_dictionary(client: FlaskClient, start: Start, kind: str) -> None:
    started = start(participant="=1+1")
    record(of(started["uid"]), [Reading(0), Reading(1000)])
    answer = client.get(f"{SESSIONS}/{started['uid']}/export?format={kind}", headers=receipt(started))
    assert answer.headers["Content-Disposition"] == f"attachment; filename=visionai-session-{started['uid']}.{kind}"
    rows = answer.json if kind == "json" else [*csv.DictReader(io.StringIO(answer.text))]
    assert [list(row) for row in rows] == [list(export.COLUMNS)] * 2
    assert rows[0]["participant"] == ("'=1+1" if kind == "csv" else "=1+1")


def test_a_deleted_session_is_gone_with_its_share_of_the_figures(client: FlaskClient, start: Start) -> None:
    started, other = start(), start()
    record(of(started["uid"]), [Reading(0), Reading(1000, 2)])
    record(of(other["uid"]), [Reading(0, emotion="sad")])
    path = f"{SESSIONS}/{started['uid']}"
    assert client.delete(path, headers=receipt(started)).status_code == 204
    assert client.get(path, headers=receipt(started)).status_code == 404
    stats = client.get("/api/v1/dashboard/stats").json
    assert (stats["total_predictions"], stats["predictions_by_emotion"]["sad"]) == (1, 1)


# The list ------------------------------------------------------------------------------------------------------------


def titles(client: FlaskClient, headers: dict[str, str], query: str = "") -> list[str]:
    answer = client.get(f"{SESSIONS}?{query}", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.json["count"] == len(answer.json["sessions"])
    return [one["title"] for one in answer.json["sessions"]]


def test_a_user_lists_their_own_newest_first(client: FlaskClient, start: Start, login: Login) -> None:
    for title in ("a", "b", "c"):
        start(login(), title=title)
    start(login("otra"), title="another's")
    start(title="a receipt's")
    assert titles(client, login()) == ["c", "b", "a"]
    assert titles(client, login(), "user=USUARIO") == ["c", "b", "a"]


def test_pages_follow_one_another(client: FlaskClient, start: Start, login: Login) -> None:
    for title in ("a", "b", "c"):
        start(login(), title=title)
    first = client.get(f"{SESSIONS}?limit=2", headers=login()).json
    assert titles(client, login(), f"limit=2&cursor={first['next_cursor']}") == ["a"]


def test_an_administrator_sees_all_or_those_of_a_user(client: FlaskClient, start: Start, login: Login) -> None:
    admin = login("jefa", role="admin")
    start(admin, title="own")
    start(login(), title="a user's")
    start(title="a receipt's")
    assert titles(client, admin) == ["a receipt's", "a user's", "own"]
    assert titles(client, admin, "user=usuario") == ["a user's"]
    assert titles(client, admin, "user=jefa") == ["own"]


def test_the_list_is_narrowed(client: FlaskClient, start: Start, login: Login) -> None:
    start(login(), title="Interview", participant="P-07")
    since = start(login(), title="Lunch", participant="P-7")["started_at"].replace("+", "%2B")
    assert titles(client, login(), "q=VIEW") == ["Interview"]
    assert titles(client, login(), "q=p-7") == ["Lunch"]
    assert titles(client, login(), "participant=P-07") == ["Interview"]
    assert titles(client, login(), f"since={since}") == ["Lunch"]
    assert titles(client, login(), f"until={since}") == ["Interview"]


class TestWithAPrivateDashboard:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"DASHBOARD_PUBLIC": "false"}

    def test_sessions_are_what_they_were(self, client: FlaskClient, start: Start) -> None:
        started = start()
        path = f"{SESSIONS}/{started['uid']}"
        assert client.get(path, headers=receipt(started)).status_code == 200
        assert client.get(path).status_code == 404
