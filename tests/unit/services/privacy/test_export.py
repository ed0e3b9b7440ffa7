from __future__ import annotations

import json

import pytest
from flask import Flask

from tests.unit.services.conftest import Log
from visionai.errors import NotFound
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
