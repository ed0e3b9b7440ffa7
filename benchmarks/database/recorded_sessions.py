"""Fill a server's database with recorded sessions, and print a token and what to ask for, as JSON.

One session is of an hour and three people, who are seen in every second; 100,000 others are empty, of the same user,
the newer half of one participant among fifty.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, text

from visionai import create_app
from visionai.contract.predictions import rounded
from visionai.database.sessions import writing
from visionai.database.types import utc_now
from visionai.extensions import db
from visionai.models import RecordedSession
from visionai.services.accounts import accounts, tokens
from visionai.services.accounts.accounts import Login
from visionai.services.recording.ledger import Ledger
from visionai.services.recording.row import Row
from visionai.services.sessions import runs
from visionai.vision.emotions import EMOTIONS

SECONDS, PEOPLE, OTHERS, BATCH = 3600, 3, 100_000, 1800
NAME, PASSWORD = "researcher", "a password of a benchmark"


def fill() -> dict[str, str]:
    """Make the sessions and return the token of their user and the uid of the one with people."""
    accounts.create_user(NAME, PASSWORD)
    login = accounts.login(NAME, PASSWORD, None)
    identity = accounts.identity(login.user.user_id, login.session_id)
    recorded = runs.start(identity, title="One hour", participant="P-1").session
    began = utc_now() - timedelta(seconds=SECONDS)
    with writing() as session:
        session.get_one(RecordedSession, recorded.session_id).started_at = began
        session.execute(insert(RecordedSession), [*_others(login, began)])
    rows = [*_rows(recorded.session_id, login.user.user_id, began)]
    ledger = Ledger(db.engine)
    for start in range(0, len(rows), BATCH):
        ledger.record(rows[start : start + BATCH])
    runs.end(recorded.session_id)
    with writing() as session:
        session.execute(text("ANALYZE"))
    return {"token": tokens.issue(login).access_token, "uid": str(recorded.uid)}


def _others(login: Login, began: datetime) -> Iterator[dict[str, Any]]:
    for number in range(OTHERS):
        moment = began - timedelta(minutes=number)
        yield {
            "uid": uuid4(),
            "user_id": login.user.user_id,
            "title": f"Session {number}",
            "participant": f"P-{number % 50}" if number < OTHERS // 2 else None,
            "source": "camera",
            "status": "ended",
            "started_at": moment,
            "ended_at": moment,
            "seen_at": moment,
            "gaps": [],
        }


def _rows(session_id: int, user_id: int, began: datetime) -> Iterator[Row]:
    chance = random.Random(7)  # The same rows each time.
    for second in range(SECONDS):
        for person in range(1, PEOPLE + 1):
            weights = [chance.random() ** 4 for _ in EMOTIONS]
            scores = tuple(rounded(weight / sum(weights)) for weight in weights)
            yield Row(
                uid=uuid4(),
                emotion_id=EMOTIONS[scores.index(max(scores))].id,
                confidence=max(scores),
                model_version_tag="v0",
                processing_time_ms=7,
                source_ip=None,
                user_id=user_id,
                timestamp=began + timedelta(seconds=second),
                scores=scores,
                uncertain=max(scores) < 0.5,
                frames=10,
                session_id=session_id,
                person=person,
                offset_ms=second * 1000,
            )


if __name__ == "__main__":
    with create_app().app_context():
        print(json.dumps(fill()))
