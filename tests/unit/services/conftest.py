"""What tests of the services share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.support.rows import a_row
from visionai.extensions import db
from visionai.models import User
from visionai.services.recording.ledger import Ledger
from visionai.services.recording.row import Row

Log = Callable[..., Row]


@pytest.fixture
def log(app: Flask) -> Log:
    """Commit a row and its figures, and return it."""
    ledger = Ledger(db.engine)

    def write(emotion: str = "happy", **changes: object) -> Row:
        row = a_row(emotion, **changes)
        ledger.record([row])
        return row

    return write


@pytest.fixture
def user_id(app: Flask) -> int:
    """The id of a user named "usuario"."""
    return make_user("usuario")


def make_user(name: str) -> int:
    user = User(username=name, hashed_password="x")
    db.session.add(user)
    db.session.commit()
    return user.user_id
