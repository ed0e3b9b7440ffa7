"""The audit log as the database guards it, tried with SQL as somebody with the server's own role would."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from visionai.database.sessions import reading, writing
from visionai.database.types import utc_now
from visionai.extensions import db
from visionai.models import ActorKind, AuditAction, AuditEntry, AuditRetention, User
from visionai.services.audit import acting, retention, trail
from visionai.services.audit.acting import Actor
from visionai.services.audit.trail import Target

pytestmark = pytest.mark.databases


@pytest.fixture
def ana(app: Flask) -> User:
    """A user who has done something."""
    user = User(username="ana", hashed_password="x")
    db.session.add(user)
    db.session.commit()
    with acting.acting(Actor(ActorKind.USER, user.user_id, "ana", "203.0.113.0")):
        trail.note(AuditAction.LOGIN, Target.of_user(user), {"role": "user"})
    return user


def rows() -> list[AuditEntry]:
    with reading() as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.audit_id)))


def execute(sql: str, **values: object) -> None:
    with writing() as session:
        session.execute(text(sql), values)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM audit_log",
        "UPDATE audit_log SET action = 'auth.logout'",
        "UPDATE audit_log SET actor_id = NULL",
        "UPDATE audit_log SET target_id = '7'",
        "UPDATE audit_log SET details = '{}'",
        "UPDATE audit_log SET timestamp = '2020-01-01 00:00:00.000000'",
        "UPDATE audit_log SET actor_name = 'eve'",
        "UPDATE audit_log SET actor_name = NULL",
        "UPDATE audit_log SET target_name = NULL",
        "UPDATE audit_log SET source_ip = NULL",
    ],
)
def test_a_row_is_neither_changed_nor_deleted(ana: User, sql: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"):
        execute(sql)
    (row,) = rows()
    assert (row.action, row.actor_name, row.target_name) == ("auth.login", "ana", "ana")
    assert row.source_ip == "203.0.113.0"


def test_the_log_is_not_emptied_at_once(ana: User) -> None:
    if db.engine.dialect.name != "postgresql":
        return  # SQLite has no TRUNCATE.
    with pytest.raises(IntegrityError, match="append-only"):
        execute("TRUNCATE audit_log")


def test_names_and_addresses_of_a_user_who_is_gone_are_blanked_and_nothing_else(ana: User) -> None:
    execute("UPDATE users SET deletion_requested_at = :now", now=utc_now().replace(tzinfo=None))
    with writing() as session:
        trail.blank_names(session, ana.user_id)
    (row,) = rows()
    assert (row.actor_name, row.target_name, row.source_ip) == (None, None, None)
    assert (row.action, row.actor_id, row.target_id) == ("auth.login", ana.user_id, str(ana.user_id))
    assert row.details == {"role": "user"}
    with pytest.raises(IntegrityError, match="append-only"):
        execute("UPDATE audit_log SET action = 'auth.logout'")


def test_the_address_of_somebody_without_an_account_stays(app: Flask) -> None:
    with acting.acting(Actor(ActorKind.NOBODY, address="203.0.113.0")):
        trail.note(AuditAction.LOGIN_FAILED)
    with pytest.raises(IntegrityError, match="append-only"):
        execute("UPDATE audit_log SET source_ip = NULL")


def test_what_is_older_than_the_mark_is_pruned_and_a_row_says_so(ana: User) -> None:
    old = utc_now() - timedelta(days=40)
    db.session.add(AuditEntry(timestamp=old, action="auth.login", actor="nobody", details={}))
    db.session.commit()
    assert retention.prune(utc_now() - timedelta(days=30)) == 1
    assert [row.action for row in rows()] == ["auth.login", "audit.pruned"]
    assert rows()[1].details["rows"] == 1
    assert rows()[1].actor == "server"


def test_a_mark_does_not_go_back(ana: User) -> None:
    latest = utc_now() - timedelta(days=1)
    retention.prune(latest)
    retention.prune(latest - timedelta(days=30))
    with reading() as session:
        assert session.scalar(select(AuditRetention.pruned_before)) == latest


class TestWithARetention:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"AUDIT_RETENTION_DAYS": "30"}

    def test_old_rows_go_by_themselves(self, ana: User) -> None:
        db.session.add(
            AuditEntry(timestamp=utc_now() - timedelta(days=31), action="auth.login", actor="nobody", details={})
        )
        db.session.commit()
        assert retention.prune_expired() == 1


def test_rows_are_kept_for_ever_by_default(ana: User) -> None:
    db.session.add(
        AuditEntry(timestamp=utc_now() - timedelta(days=9000), action="auth.login", actor="nobody", details={})
    )
    db.session.commit()
    assert retention.prune_expired() == 0
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 2


def test_a_row_that_fails_takes_its_cause_back_with_it(app: Flask) -> None:
    def fail() -> None:
        with writing() as session:
            trail.record(session, AuditAction.LOGIN)
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert rows() == []


def test_texts_of_details_are_bounded(app: Flask) -> None:
    trail.note(AuditAction.MODEL_ACTIVATED, Target.of_version("v" * 500), {"before": "w" * 500})
    assert len(rows()[0].target_id or "") == len(rows()[0].details["before"]) == 200
