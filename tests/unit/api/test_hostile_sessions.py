"""What strangers and attackers send to recorded sessions."""

from __future__ import annotations

import json
import logging
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from tests.support.readings import Reading, record
from tests.unit.api.conftest import Login
from tests.unit.api.test_sessions import SESSIONS, Start, of, receipt
from tests.unit.api.test_sessions import start as start
from tests.unit.api.test_sessions import unlimited as unlimited
from visionai.contract.session_fields import MAX_OFFSET_MS
from visionai.services.sessions import runs
from visionai.web.cors import RECEIPT_HEADER

pytestmark = pytest.mark.databases

CALLS: list[tuple[str, str, dict[str, Any] | None]] = [
    ("GET", "", None),
    ("PATCH", "", {"title": "mine now"}),
    ("DELETE", "", None),
    ("POST", "/end", None),
    ("GET", "/timeline", None),
    ("GET", "/export", None),
    ("POST", "/markers", {"offset_ms": 0, "label": "here"}),
    ("DELETE", "/markers/1", None),
]
NAMES = [f"{method} {path or '/'}" for method, path, _ in CALLS]

LONG, MARKUP, FORMULA = "x" * 10_001, "<img src=x onerror=alert(1)>", '=HYPERLINK("http://evil")'
UNSTORABLE = ["a\0b", "\ud800"]


def as_json(body: Any) -> dict[str, Any]:
    """A body in ASCII, in which half a surrogate pair can be written."""
    return {"data": json.dumps(body), "content_type": "application/json"}


def told(answer: Any) -> tuple[int, str]:
    """Status and code; the answer has no other trace of what is there."""
    return answer.status_code, answer.json["error"]["code"]


# Who may not see it --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "path", "body"), CALLS, ids=NAMES)
def test_to_others_a_session_is_as_if_it_were_not_there(
    client: FlaskClient, start: Start, login: Login, method: str, path: str, body: dict[str, Any] | None
) -> None:
    mine, other, ended, deleted = start(login()), start(), start(), start()
    client.post(f"{SESSIONS}/{ended['uid']}/end", headers=receipt(ended))
    client.delete(f"{SESSIONS}/{deleted['uid']}", headers=receipt(deleted))
    answers = {
        client.open(f"{SESSIONS}/{uid}{path}", method=method, json=body, headers=headers).data
        for uid, headers in [
            (mine["uid"], {}),
            (mine["uid"], login("otra")),
            (mine["uid"], receipt(other)),
            (other["uid"], login()),
            (other["uid"], receipt(ended)),
            (ended["uid"], {RECEIPT_HEADER: "guessed"}),
            (deleted["uid"], receipt(deleted)),
            (str(uuid4()), login()),
            (str(uuid4()), {}),
        ]
    }
    assert len(answers) == 1
    last = client.open(f"{SESSIONS}/{uuid4()}{path}", method=method, json=body)
    assert told(last) == (404, "not_found")
    assert client.get(f"{SESSIONS}/{mine['uid']}", headers=login()).json["title"] is None


@pytest.mark.parametrize("uid", ["1", "nonsense", "00000000", "../auth/users/me", "%00", "x" * 4000, "'; --"])
def test_what_is_no_uuid_is_not_found(client: FlaskClient, login: Login, uid: str) -> None:
    assert client.get(f"{SESSIONS}/{uid}/timeline", headers=login("jefa", role="admin")).status_code == 404


def test_an_administrator_sees_every_session(client: FlaskClient, start: Start, login: Login) -> None:
    admin = login("jefa", role="admin")
    for uid in (start(login())["uid"], start()["uid"]):
        assert client.get(f"{SESSIONS}/{uid}", headers=admin).status_code == 200
        assert client.delete(f"{SESSIONS}/{uid}", headers=admin).status_code == 204


@pytest.mark.parametrize("field", ["receipt", RECEIPT_HEADER, "session", "token"])
def test_a_receipt_in_the_query_opens_nothing(client: FlaskClient, start: Start, field: str) -> None:
    started = start()
    path = f"{SESSIONS}/{started['uid']}?{field}={started['receipt']}"
    assert told(client.get(path)) == (404, "not_found")


def test_of_many_receipts_only_as_many_as_are_compared_are_read(client: FlaskClient, start: Start) -> None:
    started = start()
    headers = {RECEIPT_HEADER: ",".join(["guessed"] * 8 + [started["receipt"]])}
    assert told(client.get(f"{SESSIONS}/{started['uid']}", headers=headers)) == (404, "not_found")


def test_a_token_that_is_not_valid_is_refused_receipt_or_not(client: FlaskClient, start: Start) -> None:
    started = start()
    headers = receipt(started) | {"Authorization": "Bearer x"}
    assert told(client.get(f"{SESSIONS}/{started['uid']}", headers=headers)) == (401, "invalid_token")


def test_the_list_needs_a_token_and_takes_no_receipt(client: FlaskClient, start: Start) -> None:
    assert told(client.get(SESSIONS, headers=receipt(start()))) == (401, "invalid_token")


@pytest.mark.parametrize("name", ["otra", "nobody", "a\0b", ""])
def test_whose_sessions_there_are_is_not_told_to_users(client: FlaskClient, login: Login, name: str) -> None:
    login("otra")
    answer = client.get(SESSIONS, query_string={"user": name}, headers=login())
    assert answer.status_code == (422 if "\0" in name else 403)


def test_an_administrator_is_told_that_there_is_no_such_user(client: FlaskClient, login: Login) -> None:
    answer = client.get(f"{SESSIONS}?user=nobody", headers=login("jefa", role="admin"))
    assert told(answer) == (404, "not_found")


def test_neither_uid_nor_receipt_reaches_a_log_line(
    client: FlaskClient, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        started = start()
        uid, shown = started["uid"], started["receipt"]
        for method, path, body in CALLS:
            client.open(f"{SESSIONS}/{uid}{path}?receipt={shown}", method=method, json=body, headers=receipt(started))
            client.open(f"{SESSIONS}/{uid}{path}", method=method, json=body, headers={RECEIPT_HEADER: f"{shown}x"})
        client.get(f"{SESSIONS}/compare?uid={uid}&uid={uuid4()}", headers=receipt(started))
    lines = "\n".join(
        f"{record.getMessage()} {vars(record).get('fields')} {record.exc_text}" for record in caplog.records
    )
    assert "/api/v1/sessions/<uuid:uid>/timeline" in lines
    assert uid not in lines
    assert shown not in lines


# What does not fit ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": "x" * 201}, "title"),
        ({"title": LONG}, "title"),
        ({"participant": "x" * 101}, "participant"),
        ({"notes": LONG}, "notes"),
        ({"title": 7}, "title"),
        ({"title": ["a"]}, "title"),
        ({"source": "microphone"}, "source"),
        ({"source": None}, "source"),
        *(({"title": text}, "title") for text in UNSTORABLE),
        *(({"notes": text}, "notes") for text in UNSTORABLE),
    ],
)
def test_a_start_that_does_not_fit_is_refused(client: FlaskClient, body: dict[str, Any], field: str) -> None:
    answer = client.post(SESSIONS, **as_json(body))
    assert told(answer) == (422, "validation_failed")
    assert list(answer.json["error"]["details"]) == [field]


@pytest.mark.parametrize("text", [MARKUP, FORMULA, "x" * 200, "😀" * 200, "\u202eright to left", "a\tb\rc\nd"])
def test_texts_of_any_kind_come_back_as_they_were(start: Start, text: str) -> None:
    assert start(title=text)["title"] == text


@pytest.mark.parametrize(
    "people",
    [
        [{"person": 2, "label": "Ana"}],
        [{"person": 0, "label": "Ana"}],
        [{"person": 2**31, "label": "Ana"}],
        [{"person": 2**63, "label": "Ana"}],
        [{"person": 1.5, "label": "Ana"}],
        [{"person": 1, "label": "x" * 101}],
        [{"person": 1, "label": LONG}],
        [{"person": 1, "label": "a\0b"}],
        [{"person": 1, "label": "\ud800"}],
        [{"person": 1}],
        [{"label": "Ana"}],
        [{"person": 1, "label": "Ana"}] * 2,
        [{"person": 1, "label": None}] * 501,
        ["Ana"],
        "Ana",
        None,
    ],
)
def test_labels_that_do_not_fit_are_refused(client: FlaskClient, start: Start, people: Any) -> None:
    started = start()
    record(of(started["uid"]), [Reading()])
    answer = client.patch(f"{SESSIONS}/{started['uid']}", headers=receipt(started), **as_json({"people": people}))
    assert told(answer) == (422, "validation_failed")
    assert list(answer.json["error"]["details"]) == ["people"]


@pytest.mark.parametrize("nothing", ["", "  ", None])
def test_people_without_a_label_are_not_one(client: FlaskClient, start: Start, nothing: str | None) -> None:
    started = start()
    record(of(started["uid"]), [Reading(0, 1), Reading(0, 2)])
    people = [{"person": number, "label": nothing} for number in (1, 2)]
    answer = client.patch(f"{SESSIONS}/{started['uid']}", headers=receipt(started), json={"people": people})
    assert [person["persons"] for person in answer.json["people"]] == [[1], [2]]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"label": "here"}, "offset_ms"),
        ({"label": "here", "offset_ms": 0, "at": "2026-01-01"}, "offset_ms"),
        ({"label": "here", "offset_ms": -1}, "offset_ms"),
        ({"label": "here", "offset_ms": 10**9}, "offset_ms"),
        ({"label": "here", "offset_ms": 2**53}, "offset_ms"),
        ({"label": "here", "offset_ms": 2**63}, "offset_ms"),
        ({"label": "here", "offset_ms": 1.5}, "offset_ms"),
        ({"label": "here", "offset_ms": "NaN"}, "offset_ms"),
        ({"label": "here", "offset_ms": None}, "offset_ms"),
        ({"label": "here", "at": "1970-01-01"}, "at"),
        ({"label": "here", "at": "2999-01-01"}, "at"),
        ({"label": "here", "at": "yesterday"}, "at"),
        ({"label": "", "offset_ms": 0}, "label"),
        ({"label": "  ", "offset_ms": 0}, "label"),
        ({"label": None, "offset_ms": 0}, "label"),
        ({"label": "x" * 201, "offset_ms": 0}, "label"),
        ({"label": LONG, "offset_ms": 0}, "label"),
        ({"label": "a\0b", "offset_ms": 0}, "label"),
        ({"label": "\ud800", "offset_ms": 0}, "label"),
        ({"offset_ms": 0}, "label"),
    ],
)
def test_a_marker_that_does_not_fit_is_refused(
    client: FlaskClient, start: Start, body: dict[str, Any], field: str
) -> None:
    started = start()
    answer = client.post(f"{SESSIONS}/{started['uid']}/markers", headers=receipt(started), **as_json(body))
    assert told(answer) == (422, "validation_failed")
    assert list(answer.json["error"]["details"]) == [field]


@pytest.mark.parametrize("marker_id", ["0", "7", str(2**63), "9" * 300, "-1", "x"])
def test_an_unknown_marker_is_not_found(client: FlaskClient, start: Start, marker_id: str) -> None:
    started = start()
    path = f"{SESSIONS}/{started['uid']}/markers/{marker_id}"
    assert told(client.delete(path, headers=receipt(started))) == (404, "not_found")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("step=2s", "step"),
        ("step=", "step"),
        ("person=9", "person"),
        ("person=" + "x" * 101, "person"),
        ("person=%00", "person"),
    ],
)
def test_a_timeline_that_does_not_fit_is_refused(client: FlaskClient, start: Start, query: str, field: str) -> None:
    started = start()
    record(of(started["uid"]), [Reading()])
    answer = client.get(f"{SESSIONS}/{started['uid']}/timeline?{query}", headers=receipt(started))
    assert told(answer) == (422, "validation_failed")
    assert list(answer.json["error"]["details"]) == [field]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("cursor=nonsense", "cursor"),
        ("cursor=%00", "cursor"),
        ("q=" + "x" * 10_000, "q"),
        ("q=%00", "q"),
        ("participant=" + "x" * 101, "participant"),
        ("since=yesterday", "since"),
        ("since=2026-02-01&until=2026-01-01", "until"),
    ],
)
def test_a_list_that_does_not_fit_is_refused(client: FlaskClient, login: Login, query: str, field: str) -> None:
    answer = client.get(f"{SESSIONS}?{query}", headers=login())
    assert told(answer) == (422, "validation_failed")
    assert list(answer.json["error"]["details"]) == [field]


def test_an_export_of_another_kind_is_refused(client: FlaskClient, start: Start) -> None:
    started = start()
    answer = client.get(f"{SESSIONS}/{started['uid']}/export?format=xlsx", headers=receipt(started))
    assert told(answer) == (422, "validation_failed")


# Comparisons ---------------------------------------------------------------------------------------------------------


def compared(client: FlaskClient, started: list[Any], more: str = "") -> Any:
    query = "&".join(f"uid={one['uid']}" for one in started)
    return client.get(f"{SESSIONS}/compare?{query}{more}", headers=receipt(*started))


@pytest.mark.parametrize("count", [0, 1, 9])
def test_fewer_than_two_or_more_than_eight_are_refused(client: FlaskClient, start: Start, count: int) -> None:
    answer = compared(client, [start() for _ in range(count)])
    assert told(answer) == (422, "validation_failed")
    assert list(answer.json["error"]["details"]) == ["uid"]


def test_a_session_with_itself_is_refused(client: FlaskClient, start: Start) -> None:
    answer = compared(client, [start()] * 2)
    assert told(answer) == (422, "validation_failed")


def test_one_that_the_caller_may_not_see_is_not_found(client: FlaskClient, start: Start, login: Login) -> None:
    first, mine, deleted = start(), start(login()), start()
    client.delete(f"{SESSIONS}/{deleted['uid']}", headers=receipt(deleted))
    for other in (mine["uid"], deleted["uid"], str(uuid4())):
        answer = client.get(f"{SESSIONS}/compare?uid={first['uid']}&uid={other}", headers=receipt(first))
        assert told(answer) == (404, "not_found")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ("&uid=nonsense", "uid"),
        ("&align=end", "align"),
        ("&align=", "align"),
        ("&align=marker:nowhere", "align"),
        ("&align=marker:%00", "align"),
        ("&align=" + "x" * 10_000, "align"),
        ("&step=1h", "step"),
    ],
)
def test_a_comparison_that_does_not_fit_is_refused(client: FlaskClient, start: Start, more: str, field: str) -> None:
    answer = compared(client, [start(), start()], more)
    assert told(answer) == (422, "validation_failed")
    assert list(answer.json["error"]["details"]) == [field]


def test_a_huge_offset_of_a_frame_is_no_failure(client: FlaskClient, start: Start) -> None:
    started, other = start(), start()
    record(of(started["uid"]), [Reading(0), Reading(MAX_OFFSET_MS)])
    path, headers = f"{SESSIONS}/{started['uid']}", receipt(started)
    client.post(f"{path}/markers", headers=headers, json={"offset_ms": MAX_OFFSET_MS - 1, "label": "far"})
    client.post(f"{SESSIONS}/{other['uid']}/markers", headers=receipt(other), json={"offset_ms": 0, "label": "far"})
    for step in ("1s", "10s", "1m", "auto"):
        assert len(client.get(f"{path}/timeline?step={step}", headers=headers).json["people"][0]["points"]) == 2
    assert client.get(path, headers=headers).json["people"][0]["seconds"] == 2
    assert client.get(f"{path}/export", headers=headers).text.count("\n") == 3
    assert compared(client, [started, other], "&align=marker:far").status_code == 200


def test_sessions_that_end_by_themselves_can_still_be_seen(
    client: FlaskClient, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = start()
    record(of(started["uid"]), [Reading()])
    monkeypatch.setattr(runs, "PATIENCE", -runs.PATIENCE)
    runs.sweep()
    assert client.get(f"{SESSIONS}/{started['uid']}", headers=receipt(started)).json["status"] == "lost"
