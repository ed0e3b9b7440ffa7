from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete, text
from sqlalchemy.exc import IntegrityError

from visionai.extensions import db
from visionai.models import ModelVersion, Role, User, VersionStatus

pytestmark = pytest.mark.databases


def a_user(name: str) -> User:
    return User(username=name, hashed_password="x")


def test_names_are_unique_whatever_their_case(app: Flask) -> None:
    db.session.add_all([a_user("Usuario"), a_user("usuario")])
    with pytest.raises(IntegrityError):
        db.session.commit()


def test_a_role_is_one_of_two(app: Flask) -> None:
    db.session.add(User(username="usuario", hashed_password="x", role="root"))
    with pytest.raises(IntegrityError):
        db.session.commit()


def test_a_user_is_active_and_no_administrator_at_first(app: Flask) -> None:
    db.session.execute(
        text("INSERT INTO users (username, hashed_password, created_at, updated_at) VALUES ('a', 'x', :now, :now)"),
        {"now": "2026-01-01 00:00:00.000000"},
    )
    user = db.session.query(User).one()
    assert (user.role, user.is_active) == (Role.USER, True)


def test_the_id_of_a_deleted_user_is_never_given_again(app: Flask) -> None:
    first = a_user("usuario")
    db.session.add(first)
    db.session.commit()
    db.session.execute(delete(User))
    second = a_user("otra")
    db.session.add(second)
    db.session.commit()
    assert second.user_id > first.user_id


def test_at_most_one_version_is_active(app: Flask) -> None:
    db.session.add_all(
        ModelVersion(model_version_tag=tag, model_status=VersionStatus.ACTIVE) for tag in ("v1.0.0", "v1.1.0")
    )
    with pytest.raises(IntegrityError):
        db.session.commit()
