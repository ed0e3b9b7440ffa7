from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask

from tests.unit.services.conftest import make_user
from tests.unit.services.sessions.conftest import an_identity
from visionai.errors import NotFound
from visionai.services.sessions import access, runs

pytestmark = pytest.mark.databases


def test_the_owner_finds_it(user_id: int) -> None:
    session = runs.start(an_identity(user_id)).session
    assert access.find(session.uid, an_identity(user_id), None).session_id == session.session_id


def test_an_administrator_finds_it(user_id: int) -> None:
    session = runs.start(an_identity(user_id)).session
    assert access.find(session.uid, an_identity(make_user("admin"), "admin"), None).session_id == session.session_id


def test_whoever_shows_the_receipt_finds_it_with_an_account_or_without(user_id: int) -> None:
    started = runs.start(None)
    for identity in (None, an_identity(user_id)):
        assert access.find(started.session.uid, identity, started.receipt).session_id == started.session.session_id


@pytest.mark.parametrize("owned", [True, False], ids=["of an account", "of a receipt"])
@pytest.mark.parametrize("receipt", [None, "", "guessed", "\ud800", "x" * 100_000])
def test_nobody_else_does(user_id: int, owned: bool, receipt: str | None) -> None:
    session = runs.start(an_identity(user_id) if owned else None).session
    for identity in (None, an_identity(make_user("otra"))):
        with pytest.raises(NotFound):
            access.find(session.uid, identity, receipt)


def test_the_receipt_of_another_session_opens_nothing(app: Flask) -> None:
    first, second = runs.start(None), runs.start(None)
    with pytest.raises(NotFound):
        access.find(first.session.uid, None, second.receipt)


def test_what_is_kept_of_a_receipt_is_none(app: Flask) -> None:
    session = runs.start(None).session
    with pytest.raises(NotFound):
        access.find(session.uid, None, session.receipt_sha256)


def test_one_of_several_receipts_is_enough(app: Flask) -> None:
    first, second = runs.start(None), runs.start(None)
    receipts = [str(started.receipt) for started in (first, second)]
    assert access.find_with_any(second.session.uid, None, receipts).session_id == second.session.session_id


def test_an_unknown_uid_is_not_found(user_id: int) -> None:
    with pytest.raises(NotFound):
        access.find(uuid4(), an_identity(user_id, "admin"), None)
