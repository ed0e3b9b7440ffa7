"""Pictures over REST that belong to a recorded session."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from tests.unit.api.conftest import Login
from tests.unit.api.images import form, png
from visionai.contract.session_fields import SessionSource
from visionai.extensions import db
from visionai.models import PredictionLog, RecordedSession
from visionai.services.sessions import runs

pytestmark = pytest.mark.databases

PREDICT = "/api/v1/predict"
PICTURE: dict[str, Any] = {"data": png(64, 48), "content_type": "image/png"}


@pytest.fixture
def started(client: FlaskClient) -> runs.Started:
    return runs.start(None, source=SessionSource.API)


def receipt_of(started: runs.Started) -> dict[str, Any]:
    return {"headers": {"X-Session-Receipt": started.receipt}}


def rows() -> list[PredictionLog]:
    db.session.rollback()
    return db.session.query(PredictionLog).order_by(PredictionLog.predic_id).all()


def test_a_picture_of_a_session_is_a_reading_of_its_first_person(client: FlaskClient, started: runs.Started) -> None:
    uid = started.session.uid
    for _ in range(2):
        assert client.post(f"{PREDICT}?session={uid}", **PICTURE, **receipt_of(started)).status_code == 200
    assert [(row.session_id, row.person, row.frames) for row in rows()] == [(started.session.session_id, 1, 1)] * 2
    assert rows()[0].scores == pytest.approx((0.01, 0.0, 0.01, 0.9234, 0.04, 0.01, 0.0066))
    assert rows()[0].uncertain is False
    counted = db.session.query(RecordedSession).one()
    assert (counted.people, counted.frames) == (1, 2)


def test_a_picture_may_say_when_it_was(client: FlaskClient, started: runs.Started) -> None:
    for offset_ms in (0, 61_500):
        query = f"?session={started.session.uid}&offset_ms={offset_ms}"
        assert client.post(PREDICT + query, **PICTURE, **receipt_of(started)).status_code == 200
    assert [row.offset_ms for row in rows()] == [0, 61_500]


def test_a_batch_may_belong_to_a_session(client: FlaskClient, started: runs.Started) -> None:
    files = form(("files", "a.png", png(64, 48)), ("files", "b.png", png(48, 64)))
    answer = client.post(f"{PREDICT}/batch?session={started.session.uid}", **files, **receipt_of(started))
    assert [result["status"] for result in answer.json["results"]] == [200, 200]
    assert {row.session_id for row in rows()} == {started.session.session_id}


def test_an_account_adds_to_its_own_session_and_to_nobody_elses(client: FlaskClient, login: Login) -> None:
    headers = login("ana")
    uid = client.post("/api/v1/sessions", json={"source": "api"}, headers=headers).json["uid"]
    assert client.post(f"{PREDICT}?session={uid}", **PICTURE, headers=headers).status_code == 200
    assert client.post(f"{PREDICT}?session={uid}", **PICTURE, headers=login("eva")).status_code == 404


@pytest.mark.parametrize("receipt", [None, "guessed"])
def test_a_session_of_others_is_not_found_and_leaves_no_row(
    client: FlaskClient, started: runs.Started, receipt: str | None
) -> None:
    headers = {} if receipt is None else {"X-Session-Receipt": receipt}
    for uid in (started.session.uid, uuid4()):
        answer = client.post(f"{PREDICT}?session={uid}", **PICTURE, headers=headers)
        assert (answer.status_code, answer.json["error"]["code"]) == (404, "not_found")
    assert rows() == []


def test_a_session_that_ended_takes_no_picture(client: FlaskClient, started: runs.Started) -> None:
    runs.end(started.session.session_id)
    answer = client.post(f"{PREDICT}?session={started.session.uid}", **PICTURE, **receipt_of(started))
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "session_ended")


@pytest.mark.parametrize(
    "query", ["session=none", "session=", "offset_ms=-1", "offset_ms=x", "offset_ms=9999999999999999"]
)
def test_what_is_no_session_or_no_offset_is_refused(client: FlaskClient, query: str) -> None:
    answer = client.post(f"{PREDICT}?{query}", **PICTURE)
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "validation_failed")


def test_record_false_leaves_nothing_in_the_session(client: FlaskClient, started: runs.Started) -> None:
    query = f"?session={started.session.uid}&record=false"
    assert client.post(PREDICT + query, **PICTURE, **receipt_of(started)).json["recorded"] is False
    assert rows() == []
