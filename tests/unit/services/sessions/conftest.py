"""A clock to be set, sessions and who asks for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask

from visionai.database.sessions import writing
from visionai.database.types import utc_now
from visionai.models import RecordedSession
from visionai.services.accounts.identity import Identity
from visionai.services.sessions import editing, runs


class Clock:
    """What the services read as the present; it stands still until it is moved on."""

    def __init__(self) -> None:
        self.now = utc_now()

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(runs, "utc_now", clock)
    return clock


def an_identity(user_id: int, role: str = "user") -> Identity:
    return Identity(user_id, f"usuario{user_id}", role, True, uuid4())


@pytest.fixture
def recorded(app: Flask) -> RecordedSession:
    """A session of nobody in particular that began an hour ago and goes on."""
    session = runs.start(None).session
    return set_times(session, started_at=utc_now() - timedelta(hours=1))


def set_times(session: RecordedSession, **times: datetime) -> RecordedSession:
    with writing() as changes:
        kept = changes.get_one(RecordedSession, session.session_id)
        for name, moment in times.items():
            setattr(kept, name, moment)
    return kept


def label(session: RecordedSession, **labels: str) -> None:
    """Label people: `p1="Ana"` is person 1."""
    editing.edit(session, {}, {int(name[1:]): text for name, text in labels.items()})
