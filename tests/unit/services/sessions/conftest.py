"""A clock to be set, sessions and who asks for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from visionai.database.types import utc_now
from visionai.services.accounts.identity import Identity
from visionai.services.sessions import runs


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
