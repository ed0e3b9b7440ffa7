"""Keys of a user: made, told from what is shown, revoked, and gone with what they stand on."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from visionai.contract.scopes import Scope
from visionai.database.types import utc_now
from visionai.errors import (
    AdministratorsOnly,
    InvalidKey,
    KeyExpired,
    NotFound,
    TooManyKeys,
    UserNotFound,
    ValidationFailed,
)
from visionai.extensions import db
from visionai.models import ApiKey, AuditEntry, Role
from visionai.services.accounts import accounts
from visionai.services.keys import callers, keys
from visionai.services.keys.keys import Issued, NewKey
from visionai.services.keys.meter import key_meter
from visionai.services.privacy import erasure
from visionai.services.privacy.export import export_user

PASSWORD = "una frase larga"

Make = Callable[..., Issued]


@pytest.fixture
def user_id(app: Flask) -> int:
    return accounts.create_user("ana", PASSWORD).user_id


@pytest.fixture
def make(user_id: int) -> Make:
    """Make a key of the user's that may predict, unless it is said otherwise."""

    def made(*scopes: Scope, **also: object) -> Issued:
        return keys.create(user_id, NewKey("lab", scopes or (Scope.PREDICT,), **also))  # type: ignore[arg-type]

    return made


def audited() -> list[tuple[str, str | None, dict[str, object]]]:
    """The rows of the audit log on keys."""
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.target == "key").order_by(AuditEntry.audit_id))
    return [(row.action, row.target_id, row.details) for row in rows]


def test_a_key_says_whose_it_is_and_what_it_may_do(make: Make, user_id: int) -> None:
    made = make(Scope.STREAM, Scope.PREDICT, rate=60, daily_quota=1000)
    who = callers.identify(made.text)
    assert (who.user_id, who.username, who.role, who.session_id) == (user_id, "ana", "user", None)
    assert who.key is not None
    assert who.key.scopes == {Scope.PREDICT, Scope.STREAM}
    assert (who.key.rate, who.key.daily_quota) == (60, 1000)


def test_only_the_hash_of_a_secret_is_kept_and_nothing_of_it_is_audited(make: Make) -> None:
    made = make()
    secret = made.text.rpartition("_")[2]
    row = db.session.get_one(ApiKey, made.key.key_id)
    assert len(row.secret_sha256) == 64
    assert secret not in repr(vars(row))
    assert audited() == [("key.created", row.key_id, {"scopes": "predict"})]


def test_a_secret_is_compared_in_constant_time_whether_or_not_the_key_exists(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[str, str]] = []

    def compare(one: str, other: str) -> bool:
        compared.append((one, other))
        return one == other

    monkeypatch.setattr(hmac, "compare_digest", compare)
    made = make()
    callers.identify(made.text)
    for wrong in (made.text[:-1] + ("a" if made.text[-1] != "a" else "b"), f"vai_{'0' * 12}_{'0' * 43}"):
        with pytest.raises(InvalidKey):
            callers.identify(wrong)
    assert len(compared) == 3
    assert {len(one) for pair in compared for one in pair} == {64}


@pytest.mark.parametrize("token", ["vai_", "vai_x_y", "vai_" + "a" * 500])
def test_what_is_not_written_as_a_key_is_refused_without_a_query(app: Flask, token: str) -> None:
    db.engine.dispose()
    with pytest.raises(InvalidKey):
        callers.identify(token)
    assert db.engine.pool.checkedin() == 0  # type: ignore[attr-defined]


def test_a_key_ends_when_it_expires(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    end = utc_now() + timedelta(hours=1)
    made = make(expires_at=end)
    callers.identify(made.text)
    monkeypatch.setattr(keys, "utc_now", lambda: end)
    with pytest.raises(KeyExpired):
        callers.identify(made.text)


def test_a_key_that_would_have_ended_already_is_not_made(make: Make) -> None:
    with pytest.raises(ValidationFailed):
        make(expires_at=utc_now() - timedelta(seconds=1))


def test_a_revoked_key_is_no_key_and_revoking_it_twice_changes_nothing(make: Make, user_id: int) -> None:
    made = make()
    keys.revoke(made.key.key_id, user_id)
    keys.revoke(made.key.key_id, user_id)
    with pytest.raises(InvalidKey):
        callers.identify(made.text)
    assert [action for action, _, _ in audited()] == ["key.created", "key.revoked"]


def test_nobody_revokes_the_key_of_another_user(make: Make) -> None:
    other = accounts.create_user("bea", PASSWORD)
    made = make()
    with pytest.raises(NotFound):
        keys.revoke(made.key.key_id, other.user_id)
    with pytest.raises(NotFound):
        keys.revoke("000000000000")
    callers.identify(made.text)


def test_keys_end_with_the_deactivation_of_their_user_and_do_not_come_back(make: Make) -> None:
    made = make()
    accounts.deactivate("ana")
    accounts.activate("ana")
    with pytest.raises(InvalidKey):
        callers.identify(made.text)


def test_keys_are_gone_with_their_user(make: Make, user_id: int) -> None:
    made = make()
    erasure.delete_user(user_id)
    assert db.session.scalars(select(ApiKey)).all() == []
    with pytest.raises(InvalidKey):
        callers.identify(made.text)
    with pytest.raises(UserNotFound):
        keys.create(user_id, NewKey("lab", (Scope.PREDICT,)))


def test_keys_outlive_a_change_of_the_password(make: Make) -> None:
    made = make()
    accounts.reset_password("ana", "otra frase larga")
    callers.identify(made.text)


def test_only_an_administrator_makes_a_key_that_administers(make: Make) -> None:
    with pytest.raises(AdministratorsOnly):
        make(Scope.ADMIN)


def test_a_key_administers_while_its_user_does(app: Flask) -> None:
    root = accounts.create_user("root", PASSWORD, Role.ADMIN)
    accounts.create_user("other", PASSWORD, Role.ADMIN)
    made = keys.create(root.user_id, NewKey("ops", (Scope.ADMIN, Scope.PREDICT)))
    assert callers.identify(made.text).role == "admin"
    accounts.set_role("root", Role.USER)
    who = callers.identify(made.text)
    assert who.role == "user"
    assert who.key is not None
    assert who.key.scopes == {Scope.PREDICT}


def test_a_key_of_an_administrator_without_that_scope_sees_what_a_user_sees(app: Flask) -> None:
    root = accounts.create_user("root", PASSWORD, Role.ADMIN)
    assert callers.identify(keys.create(root.user_id, NewKey("ops", (Scope.DASHBOARD,))).text).role == "user"


def test_a_scope_that_this_version_does_not_know_is_none(make: Make) -> None:
    made = make()
    db.session.get_one(ApiKey, made.key.key_id).scopes = ["predict", "fly"]
    db.session.commit()
    who = callers.identify(made.text)
    assert who.key is not None
    assert who.key.scopes == {Scope.PREDICT}


def test_a_user_has_so_many_keys_and_no_more(make: Make, user_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "MOST_KEYS", 2)
    first, _ = make(), make()
    with pytest.raises(TooManyKeys):
        make()
    keys.revoke(first.key.key_id, user_id)
    make()
    assert len(keys.keys_of(user_id)) == 3


def test_revoked_keys_are_remembered_up_to_a_number(make: Make, user_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "MOST_KEYS", 2)
    for _ in range(5):
        keys.revoke(make().key.key_id, user_id)
    make()
    found = keys.keys_of(user_id)
    assert len(found) == 3
    assert found[0].revoked_at is None


def test_when_a_key_was_last_used_is_written_beside_the_call_and_once_a_minute(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, now = make(), datetime(2026, 1, 1, 12, tzinfo=UTC)

    def used(at: datetime) -> datetime | None:
        monkeypatch.setattr("visionai.services.keys.meter.utc_now", lambda: at)
        callers.identify(made.text)
        key_meter.flush()
        db.session.rollback()
        return db.session.get_one(ApiKey, made.key.key_id).last_used_at

    assert used(now) == now
    assert used(now + timedelta(seconds=59)) == now
    assert used(now + timedelta(seconds=60)) == now + timedelta(seconds=60)


def test_the_export_of_a_user_tells_of_keys_and_not_of_their_hashes(make: Make, user_id: int) -> None:
    made = make(rate=5)
    told = export_user(user_id)["keys"]
    assert [(key["id"], key["name"], key["scopes"], key["rate"]) for key in told] == [
        (made.key.key_id, "lab", ["predict"], 5)
    ]
    assert made.key.secret_sha256 not in repr(told)
