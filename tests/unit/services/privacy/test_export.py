from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from flask import Flask

from tests.unit.services.conftest import Log
from visionai.contract.session_fields import SessionSource
from visionai.errors import NotFound
from visionai.extensions import db
from visionai.models import RecordedSession, SessionMarker, SessionPerson
from visionai.services.accounts import accounts
from visionai.services.privacy import export

pytestmark = pytest.mark.databases

PASSWORD = "una frase larga"


def test_a_user_is_told_everything_that_is_held_and_no_secret(log: Log) -> None:
    user = accounts.register("usuario", PASSWORD)
    accounts.login("usuario", PASSWORD, None)
    row = log("sad", user_id=user.user_id, when="2026-01-01T10:30:00")
    log("happy")
    held = export.export_user(user.user_id)
    assert held["user"]["username"] == "usuario"
    assert len(held["sessions"]) == 1
    assert [one["uid"] for one in held["predictions"]] == [str(row.uid)]
    assert held["hourly_figures"] == [
        {"hour": "2026-01-01T10:00:00+00:00", "emotion_name": "sad", "count": 1, "confidence_sum": 0.8}
    ]
    assert user.hashed_password not in json.dumps(held)


def test_nothing_is_held_on_nobody(app: Flask) -> None:
    with pytest.raises(NotFound):
        export.export_user(1)


def test_recorded_sessions_are_told_with_their_people_and_markers_and_nobody_elses(log: Log) -> None:
    user, other = (accounts.register(name, PASSWORD) for name in ("usuario", "otra"))
    began = datetime(2026, 1, 1, 10, 30, tzinfo=UTC)
    sessions = [
        RecordedSession(uid=uuid4(), user_id=whose, source=SessionSource.VIDEO, started_at=began, seen_at=began)
        for whose in (user.user_id, other.user_id, None)
    ]
    own = sessions[0]
    own.title, own.participant, own.notes, own.gaps, own.receipt_sha256 = "prueba", "P7", "notas", [[5, 9]], "f" * 64
    db.session.add_all(sessions)
    db.session.flush()
    db.session.add_all(
        [
            SessionPerson(
                session_id=own.session_id,
                person=1,
                label="ella",
                first_offset_ms=0,
                last_offset_ms=900,
                seconds=1,
                frames=3,
            ),
            SessionMarker(session_id=own.session_id, offset_ms=400, label="risa"),
        ]
    )
    db.session.commit()
    held = export.export_user(user.user_id)
    assert held["sessions"] == []
    assert held["recorded_sessions"] == [
        {
            "uid": str(own.uid),
            "title": "prueba",
            "participant": "P7",
            "notes": "notas",
            "source": "video",
            "status": "open",
            "started_at": began.isoformat(),
            "ended_at": None,
            "seen_at": began.isoformat(),
            "seconds": 0,
            "frames": 0,
            "gaps": [[5, 9]],
            "people": [{"person": 1, "label": "ella", "seconds": 1, "first_offset_ms": 0, "last_offset_ms": 900}],
            "markers": [{"offset_ms": 400, "label": "risa"}],
        }
    ]


def test_a_reading_is_told_in_full(log: Log) -> None:
    user = accounts.register("usuario", PASSWORD)
    session = RecordedSession(uid=uuid4(), user_id=user.user_id, source=SessionSource.CAMERA)
    db.session.add(session)
    db.session.commit()
    scores = (0.25, 0.0, 0.0, 0.5, 0.25, 0.0, 0.0)
    reading = {"session_id": session.session_id, "person": 2, "frames": 4, "offset_ms": 1500}
    log(user_id=user.user_id, scores=scores, uncertain=True, **reading)
    (told,) = export.export_user(user.user_id)["predictions"]
    assert list(told["scores"].values()) == list(scores)
    assert told["scores"]["happy"] == 0.5
    assert (told["session"], told["person"], told["frames"], told["offset_ms"], told["uncertain"]) == (
        str(session.uid),
        2,
        4,
        1500,
        True,
    )
