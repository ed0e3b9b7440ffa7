"""What is written into the audit log by what is done, and by whom."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

import config as configuration
from tests.support.rows import a_row
from visionai import ROOT
from visionai.database.sessions import reading
from visionai.database.types import utc_now
from visionai.errors import BadCredentials, LastAdministrator, RateLimited
from visionai.extensions import db
from visionai.models import ActorKind, AuditEntry, RecordedSession, Role, User
from visionai.services.accounts import accounts
from visionai.services.administration.versions import activate
from visionai.services.audit import acting
from visionai.services.audit.acting import Actor
from visionai.services.audit.start import StartNote
from visionai.services.log import retention
from visionai.services.privacy import erasure, export
from visionai.services.recording.recorder import recorder
from visionai.services.weights import activation

pytestmark = pytest.mark.databases

PASSWORD = "una frase larga"
BOSS = Actor(ActorKind.USER, 77, "boss", "203.0.113.0")


@pytest.fixture
def ana(app: Flask) -> User:
    return accounts.create_user("ana", PASSWORD)


def rows() -> list[AuditEntry]:
    with reading() as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.audit_id)))


def newest() -> AuditEntry:
    return rows()[-1]


CHANGES: dict[str, Callable[[User], object]] = {
    "user.created": lambda user: None,
    "user.role": lambda user: accounts.set_role("ana", Role.ADMIN),
    "user.deactivated": lambda user: accounts.deactivate("ana"),
    "user.password_reset": lambda user: accounts.reset_password("ana", "otra frase larga"),
    "user.exported": lambda user: export.export_user(user.user_id),
    "readings.erased": lambda user: erasure.delete_predictions(user.user_id),
}


@pytest.mark.parametrize("action", CHANGES)
def test_a_change_says_who_did_it_on_whom_and_from_where(app: Flask, action: str) -> None:
    with acting.acting(BOSS):
        user = accounts.create_user("ana", PASSWORD)
        CHANGES[action](user)
    row = newest()
    assert (row.action, row.actor, row.actor_id, row.actor_name) == (action, "user", 77, "boss")
    assert (row.target, row.target_id, row.target_name) == ("user", str(user.user_id), "ana")
    assert row.source_ip == "203.0.113.0"
    assert PASSWORD not in json.dumps(row.details)


def test_what_changes_nothing_leaves_no_row(ana: User) -> None:
    accounts.set_role("ana", Role.USER)
    accounts.activate("ana")
    assert [row.action for row in rows()] == ["user.created"]


def test_a_login_is_of_who_signs_in_and_its_end_of_who_acts(ana: User) -> None:
    acting.begin_anonymous("203.0.113.0")
    login = accounts.login("ana", PASSWORD, "203.0.113.9")
    acting.identify(ana.user_id, "ana")
    accounts.logout(login.session_id)
    accounts.logout(login.session_id)
    acting.end()
    assert [(row.action, row.actor_name, row.source_ip) for row in rows()[1:]] == [
        ("auth.login", "ana", "203.0.113.0"),
        ("auth.logout", "ana", "203.0.113.0"),
    ]


def test_a_wrong_password_is_nobodys_and_names_whom_it_was_tried_on(ana: User) -> None:
    with acting.acting(Actor(ActorKind.NOBODY, address="203.0.113.0")), pytest.raises(BadCredentials):
        accounts.login("ANA", "wrong", "203.0.113.9")
    row = newest()
    assert (row.action, row.actor, row.actor_id, row.target_name) == ("auth.login_failed", "nobody", None, "ana")


def test_a_name_that_nobody_has_is_not_kept_for_it_may_be_a_password(ana: User) -> None:
    with pytest.raises(BadCredentials):
        accounts.login("my secret password", "x", "203.0.113.9")
    row = newest()
    assert (row.action, row.target, row.target_name, row.details) == ("auth.login_failed", None, None, {})


def test_attempts_beyond_the_throttle_leave_no_row(ana: User) -> None:
    for _ in range(8):
        with pytest.raises((BadCredentials, RateLimited)):
            accounts.login("ana", "wrong", "203.0.113.9")
    assert [row.action for row in rows()].count("auth.login_failed") == 5


def test_an_erased_user_is_in_no_row_by_name_or_address(ana: User) -> None:
    with acting.acting(Actor(ActorKind.USER, ana.user_id, "ana", "203.0.113.0")):
        accounts.set_role("ana", Role.ADMIN)
        accounts.create_user("other", PASSWORD, Role.ADMIN)
        erasure.delete_user(ana.user_id)
    kept = rows()
    assert [row.action for row in kept] == ["user.created", "user.role", "user.created", "user.erased"]
    assert {row.actor_name for row in kept} == {None}
    assert {row.source_ip for row in kept} == {None}
    assert [row.target_name for row in kept] == [None, None, "other", None]
    assert kept[-1].target_id == str(ana.user_id)
    assert kept[-1].actor_id == ana.user_id


def test_a_deleted_session_is_named_by_its_uid(app: Flask) -> None:
    recorded = RecordedSession(uid=uuid4(), title="secret", source="camera", started_at=utc_now(), gaps=[])
    db.session.add(recorded)
    db.session.commit()
    erasure.delete_session(recorded)
    erasure.delete_session(recorded)
    assert [(row.action, row.target_id, row.details) for row in rows()] == [("session.deleted", str(recorded.uid), {})]


def test_an_export_tells_the_user_their_own_rows_and_not_who_else_acted(ana: User) -> None:
    accounts.create_user("other", PASSWORD)
    with acting.acting(BOSS):
        accounts.reset_password("ana", "otra frase larga")
    with acting.acting(Actor(ActorKind.USER, ana.user_id, "ana", "198.51.100.0")):
        export.export_user(ana.user_id)
        told = export.export_user(ana.user_id)["audit"]
    assert [(one["action"], one["by_yourself"], one["source_ip"]) for one in told] == [
        ("user.created", False, None),
        ("user.password_reset", False, None),
        ("user.exported", True, "198.51.100.0"),
    ]
    assert "boss" not in json.dumps(told)


@pytest.mark.parametrize(
    "change",
    [
        lambda user: accounts.set_role("boss", Role.USER),
        lambda user: accounts.deactivate("boss"),
        lambda user: erasure.delete_user(user.user_id),
    ],
    ids=["demoted", "deactivated", "erased"],
)
def test_the_last_active_administrator_stays(app: Flask, change: Callable[[User], object]) -> None:
    boss = accounts.create_user("boss", PASSWORD, Role.ADMIN)
    accounts.create_user("other", PASSWORD, Role.ADMIN)
    accounts.deactivate("other")
    with pytest.raises(LastAdministrator):
        change(boss)
    assert accounts.login("boss", PASSWORD, None).user.role == "admin"
    accounts.activate("other")
    change(boss)
    assert [one.username for one in accounts.list_users() if one.role == "admin" and one.is_active] == ["other"]


def copy_of_the_weights(folder: Path) -> Path:
    """The weights that are shipped, in a folder of their own as version v9.9.9: their manifest."""
    for file in (ROOT / "ml_models").glob("modelo_emociones.*"):
        (folder / file.name).symlink_to(file)
    manifest = folder / "modelo_emociones.json"
    told = json.loads(manifest.read_text()) | {"model_version_tag": "v9.9.9"}
    manifest.unlink()
    manifest.write_text(json.dumps(told))
    return manifest


def test_weights_that_are_registered_are_one_row_by_who_did_it(app: Flask, tmp_path: Path) -> None:
    with acting.acting(acting.COMMAND_LINE):
        version = activation.register(copy_of_the_weights(tmp_path))
        activation.register(tmp_path / "modelo_emociones.json")
    (row,) = rows()
    assert (row.action, row.actor) == ("model.registered", "command_line")
    assert (row.target, row.target_id, row.details) == ("version", "v9.9.9", {"sha256": version.sha256})


def test_weights_that_change_under_their_tag_are_registered_again(app: Flask, tmp_path: Path) -> None:
    manifest = copy_of_the_weights(tmp_path)
    activation.register(manifest)
    told = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(told | {"metrics": {**told["metrics"], "accuracy": 0.5}}))
    activation.register(manifest)
    assert [(row.action, row.target_id) for row in rows()] == [("model.registered", "v9.9.9")] * 2


def test_an_administrator_who_activates_what_is_shipped_registers_it_first(app: Flask) -> None:
    tag = activation.shipped_tag()
    with acting.acting(BOSS):
        activate(tag)
    assert [(row.action, row.actor_name, row.target_id) for row in rows()] == [
        ("model.registered", "boss", tag),
        ("model.activated", "boss", tag),
    ]


def test_the_hourly_pruning_is_one_row_of_the_servers_where_it_deleted_anything(app: Flask) -> None:
    app.config["RETENTION_DAYS"] = 1
    assert retention.prune_expired() == 0
    assert rows() == []
    old = utc_now() - timedelta(days=3)
    recorder.write(a_row(timestamp=old))
    recorder.write(a_row(timestamp=old))
    assert retention.prune_expired() == 2
    assert retention.prune_expired() == 0
    (row,) = rows()
    assert (row.action, row.actor, row.target) == ("readings.pruned", "server", None)
    assert (row.details["rows"], row.details["sessions"]) == (2, 0)
    assert datetime.fromisoformat(row.details["before"]) <= utc_now() - timedelta(days=1)


def test_sessions_that_are_pruned_without_readings_are_told_of_too(app: Flask) -> None:
    old = utc_now() - timedelta(days=3)
    times = {"started_at": old, "seen_at": old, "ended_at": old}
    db.session.add(RecordedSession(uid=uuid4(), source="camera", status="ended", gaps=[], **times))
    db.session.commit()
    with acting.acting(acting.COMMAND_LINE):
        retention.prune(utc_now())
    (row,) = rows()
    assert (row.action, row.actor) == ("readings.pruned", "command_line")
    assert (row.details["rows"], row.details["sessions"]) == (0, 1)


def test_the_start_of_a_process_is_one_row_with_what_differs_from_the_defaults(app: Flask) -> None:
    settings = configuration.changed_settings({**app.config, "REGISTRATION": "closed"})
    note = StartNote(settings)
    note.write()
    note.write()
    (row,) = rows()
    assert (row.action, row.actor) == ("settings.start", "server")
    assert row.details["REGISTRATION"] == "closed"
    assert row.details["process"] > 0


def test_no_secret_is_among_the_settings_that_are_noted(app: Flask) -> None:
    secrets = {
        "SECRET_KEY": "marker " * 9,
        "DATABASE_URL": "postgresql://u:marker@host/name",
        "REDIS_URL": "redis://:marker@host",
        "METRICS_TOKEN": "marker",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "https://u:marker@host",
        "OTEL_EXPORTER_OTLP_HEADERS": "api-key=marker",
        "RATE_LIMIT": "7/minute",
        "ALLOWED_HOSTS": "example.org",
    }
    settings = configuration.Config({**secrets, "INSTANCE_PATH": app.instance_path})
    noted = configuration.changed_settings(vars(settings))
    assert "marker" not in json.dumps(noted)
    assert noted["RATE_LIMIT"] == "7/minute"
    assert noted["ALLOWED_HOSTS"] == "['example.org']"
